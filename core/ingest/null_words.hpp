#pragma once

#include "ingest/mapping.hpp"

#include <string>
#include <vector>

namespace mulligan::ingest
{

/// Texts of a table that stand for no value ("n/a", "-", "None"), in its own spelling: those that occur in a column of
/// otherwise numbers or times. Elsewhere such a word may mean something. `columns`: values by column, empty where there
/// is none.
[[nodiscard]] std::vector<std::string> nullWordsOf(const std::vector<std::vector<std::string>> &columns);

} // namespace mulligan::ingest

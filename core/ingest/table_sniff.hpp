#pragma once

#include "ingest/mapping.hpp"

#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Settles format, records and dialect of a mapping by the beginning of a text. False when it has the form of no table
/// at all.
bool sniffTable(const std::string &text, std::string_view path, Mapping &mapping);

} // namespace mulligan::ingest

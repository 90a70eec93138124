#pragma once

#include <string_view>

namespace mulligan::ingest
{

/// Whether the lines are laid out as log records and several of them are Spark's own. Prose with a piece of a log in it
/// is not: most lines must be records or what stands below them.
[[nodiscard]] bool hasSparkRecords(std::string_view head);

} // namespace mulligan::ingest

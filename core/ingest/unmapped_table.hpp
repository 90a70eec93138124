#pragma once

#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Why a table without the native columns is not imported, which of its columns were recognised all the same, and how a
/// profile is made; empty when the head is no table.
[[nodiscard]] std::string unmappedTable(std::string_view path, std::string_view head);

} // namespace mulligan::ingest

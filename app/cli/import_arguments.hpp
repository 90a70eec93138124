#pragma once

#include "pipeline/import_sources.hpp"

#include <string>

namespace mulligan::cli
{

/// ", 2 files rejected, 1 skipped" for the end of an import's summary; empty when every file was taken.
[[nodiscard]] std::string notTaken(const pipeline::ImportReport &report);

} // namespace mulligan::cli

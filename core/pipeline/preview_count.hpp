#pragma once

#include "pipeline/preview_units.hpp"
#include "pipeline/rule_preview.hpp"

namespace mulligan::pipeline
{

/// Counts what an edit changes over the units that it touches. Configurations are read from the workspace where scopes
/// of changed rules look at them. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<PackPreview> countEffects(const PreviewUnits &units, std::span<const TouchedUnit> touched,
                                                     const RuleEdit &edit, const std::string &workspacePath,
                                                     std::size_t examples, const std::stop_token &stop);

} // namespace mulligan::pipeline

#pragma once

#include "text/portability.hpp"

namespace mulligan::text
{

/// Writes a pattern that Boost takes for another engine; see `patternFor`. For Boost itself it only puts the options
/// into flags.
[[nodiscard]] EnginePattern translate(Engine engine, const Pattern &pattern);

} // namespace mulligan::text

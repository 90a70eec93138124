#pragma once

#include "formats/json.hpp"
#include "model/attempt.hpp"

#include <string>
#include <string_view>

namespace mulligan::store
{

// Enumerations are stored as these numbers; the schema's partial indices name them, so they never change.
[[nodiscard]] constexpr int stored(model::Outcome outcome)
{
    return static_cast<int>(outcome);
}
[[nodiscard]] constexpr int stored(model::Trigger trigger)
{
    return static_cast<int>(trigger);
}
[[nodiscard]] constexpr int stored(model::CostSource source)
{
    return static_cast<int>(source);
}
static_assert(stored(model::Outcome::Failed) == 1 && stored(model::Outcome::Killed) == 2);

/// Canonical JSON of a configuration, and back.
[[nodiscard]] std::string configText(const model::Config &config);
[[nodiscard]] model::Config configFromText(std::string_view text);
/// Canonical JSON of metrics, and back.
[[nodiscard]] std::string metricsText(const model::Metrics &metrics);
[[nodiscard]] model::Metrics metricsFromText(std::string_view text);

} // namespace mulligan::store

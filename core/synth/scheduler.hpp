#pragma once

#include "synth/run.hpp"

#include <array>
#include <string_view>

namespace mulligan::synth
{

/// The scheduler's own settings, as resources/incumbent.yaml writes them down: whatever failed is retried unchanged
/// until its domain's limit is reached, after 60 s · 2^k and at most 600 s (user) or 3,600 s (platform, timeout).
inline constexpr std::array<int, model::kDomainCount> kRetryLimit{2, 10, 0};
[[nodiscard]] double backoffSeconds(model::Domain domain, int retriesUsed);

/// What the scheduler does after a failure.
struct Choice {
    std::string_view action; ///< "retry", "retry_with_config" or "stop"
    double probability = 1.0;
    Resources resources;   ///< of the retry
    bool explored = false; ///< drawn at random, and other than the scheduler's own
};

/// Chooses after a failure of `kind` with `retriesUsed` retries made in its domain. `explore`: the chance to draw the
/// retry's configuration at random, among ×1.5, ×2 and ×3 of the setting that a memory kind needs.
[[nodiscard]] Choice choose(const Kind &kind, const Resources &resources, int retriesUsed, double explore, Draw &draw);

/// `resources` with the setting that a memory kind needs multiplied: in steps of 64 MiB (Kryo 8 MiB), and no further
/// than the largest container.
[[nodiscard]] Resources multiplied(const Resources &resources, const Kind &kind, double factor);

/// Configurations whose potential outcomes the truth tells after a failure of `kind`; the first is unchanged.
[[nodiscard]] std::vector<Resources> truthGrid(const Kind &kind, const Resources &resources);

/// When somebody takes a failure up: in working hours (Monday to Friday, 08:00 to 18:00 UTC), now and then at once.
[[nodiscard]] base::Instant takenUp(base::Instant failed, Draw &draw);

} // namespace mulligan::synth

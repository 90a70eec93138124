#pragma once

#include "base/instant.hpp"
#include "model/attempt.hpp"
#include "policy/policy.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>

namespace mulligan::deploy
{

/// A configuration to retry one failed attempt with.
struct Recommendation {
    std::string id; ///< names the failure; unique
    std::string job;
    std::string run;
    int attempt = 1; ///< the attempt that failed
    std::string errorClass;
    model::Config patch; ///< properties to change; never empty here
    policy::Scope scope = policy::Scope::NextRetry;
    base::Instant expiresAt;
    std::optional<double> success; ///< P(the retry succeeds)
    bool supported = true;         ///< false: history has no retry like it, nothing is promised

    bool operator==(const Recommendation &) const = default;
};

/// A property a recommendation may set, with its bounds.
struct Tunable {
    std::string name;
    std::string unit; ///< "bytes" or "count"
    double minimum = 0.0;
    double maximum = 0.0;
    double initial = 0.0; ///< what Spark takes where nothing is set

    bool operator==(const Tunable &) const = default;
};

inline constexpr int kSparkTargetVersion = 1;

/// Files of the `spark` target by path: `targets/spark/tuning.json` (all recommendations, with unit, minimum, maximum
/// and default of every property), `targets/spark/submit.txt` (`--conf` arguments, quoted for a POSIX shell, one
/// recommendation a line) and, for the first 1,000, `targets/spark/conf/<job>-<hash>.conf` in the form of
/// spark-defaults.conf ("key value"), for `--properties-file`. Properties that Spark ignores since 4.1
/// (`spark.*.blacklist.*`) and names or values that would break a line are left out.
[[nodiscard]] std::map<std::string, std::string> sparkTarget(std::span<const Recommendation> recommendations,
                                                             std::span<const Tunable> tunables);

} // namespace mulligan::deploy

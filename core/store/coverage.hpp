#pragma once

#include "base/instant.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::store
{

/// Attempts of one source on one cluster that started on one day.
struct DayCount {
    std::int64_t source = 0; ///< row id
    std::int64_t day = 0;    ///< days since 1970-01-01, UTC
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0; ///< failed or killed among them
    std::int64_t cluster = 0;   ///< by `Coverage::clusters`; 0: none is known

    bool operator==(const DayCount &) const = default;
};

/// A stretch in which no attempt ran, anywhere or on one cluster.
struct Silence {
    base::Instant from;       ///< end of all that began before
    base::Instant to;         ///< the next start
    std::int64_t cluster = 0; ///< by `Coverage::clusters`; 0: anywhere

    bool operator==(const Silence &) const = default;
};

inline constexpr double kUsualPauseQuantile = 0.95;
inline constexpr double kGapFactor = 3.0;
inline constexpr double kLeastGapSeconds = 86400.0;
/// Attempts from which on a cluster's own pauses are looked at: many clusters live for one run.
inline constexpr std::size_t kLeastAttemptsOfCluster = 20;

/// What a workspace covers. A pause is the time from the end of all that began before an attempt to its start, none
/// where they overlap. The usual pause is the 95th percentile of all of them; a gap is a pause longer than three times
/// that and than a day. Where there are several clusters, each that has at least kLeastAttemptsOfCluster attempts is
/// looked at by itself as well, by its own usual pause: one that fell silent is not seen in the whole.
struct Coverage {
    std::vector<DayCount> days; ///< by source, cluster, then day
    base::Instant from;         ///< earliest start and latest end; zero when there is no attempt
    base::Instant to;
    std::uint64_t attempts = 0; ///< those that say when they started; others are not counted
    double usualPauseSeconds = 0.0;
    double gapSeconds = kLeastGapSeconds; ///< what a gap is longer than
    std::vector<Silence> gaps;            ///< of the whole by time, then of clusters that are not gaps of the whole
    std::map<std::int64_t, std::string> clusters; ///< names
};

/// One pass over all attempts and one sort of their starts. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<Coverage> coverage(Workspace &workspace, const std::stop_token &stop);

} // namespace mulligan::store

#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "model/attempt.hpp"
#include "model/history.hpp"
#include "model/verdict.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::predict
{

/// What a job's (or an owner's) attempts showed before a moment; only attempts that *ended* before it count.
struct PastCounts {
    double attempts = 0.0;
    double failures = 0.0;
    double retries = 0.0;        ///< automatic retries
    double retrySuccesses = 0.0; ///< of them
    double successSeconds = 0.0; ///< summed run time of successful attempts
    double successes = 0.0;
    double successCostUsd = 0.0; ///< summed
    double peakHeapBytes = 0.0;  ///< largest seen, 0: never collected

    bool operator==(const PastCounts &) const = default;
};

/// Pasts of all jobs and owners at any moment of a history. Immutable; shared between threads.
class PastIndex
{
public:
    [[nodiscard]] static PastIndex build(const model::History &history);
    [[nodiscard]] PastCounts job(std::string_view job, base::Instant before) const;
    [[nodiscard]] PastCounts owner(std::string_view owner, base::Instant before) const;
    /// The state at `asOf` as JSON Lines (the bundle's history.jsonl; first line carries the as-of time), and back: an
    /// index read from it answers with that state for every later moment.
    [[nodiscard]] std::string snapshot(base::Instant asOf) const;
    [[nodiscard]] static base::Result<PastIndex> fromSnapshot(std::string_view jsonLines);

    PastIndex();
    ~PastIndex();
    PastIndex(PastIndex &&) noexcept;
    PastIndex &operator=(PastIndex &&) noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Everything a model may know at a decision point; strictly nothing from after it.
struct RetryContext {
    std::string job;
    std::string owner;
    std::string cluster;
    std::string errorClass;
    std::string rule;
    model::Domain domain = model::Domain::User;
    bool transient = false;
    int attempt = 1; ///< number of the attempt that failed
    model::Trigger trigger =
        model::Trigger::AutoRetry;          ///< of the retry to be scored; candidates are scored as auto retries
    std::map<std::string, double> captures; ///< captured quantities, base units
    std::string exceptionClass;
    std::uint64_t templateHash = 0;
    model::Config config;             ///< of the attempt that failed (after a modelled retry: that retry's)
    model::Metrics metrics;           ///< of the last attempt that was really observed
    std::vector<model::Config> tried; ///< configurations that failed before `config` in this run, oldest first
    double seconds = 0.0;             ///< run time of the failed attempt
    double costUsd = 0.0;             ///< cost of the failed attempt
    base::Instant endedAt;
    PastCounts jobPast; ///< before this run began
    PastCounts ownerPast;

    bool operator==(const RetryContext &) const = default;
};

/// The context at a failed attempt of a history (index into History::attempts).
[[nodiscard]] RetryContext contextAt(const model::History &history, const PastIndex &past, std::uint32_t attemptIndex);
/// The context at a failure in production: the record, its verdict, and the run's earlier attempts, oldest first.
[[nodiscard]] RetryContext contextOf(const model::Attempt &attempt, const model::Verdict &verdict,
                                     std::string_view exceptionClass, std::uint64_t templateHash,
                                     std::span<const model::Attempt> earlier, const PastIndex &past);
/// The context after a modelled retry with `config` failed too: attempt + 1, same cause and metrics, `config` tried.
[[nodiscard]] RetryContext afterFailedRetry(const RetryContext &context, const model::Config &config);

} // namespace mulligan::predict

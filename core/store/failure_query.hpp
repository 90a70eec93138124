#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "model/attempt.hpp"
#include "model/verdict.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::store
{

/// Which failures are wanted; an empty member fits any.
struct FailureFilter {
    std::string text;       ///< words of the failure text, all of them, the last one as a beginning (FTS5)
    std::string errorClass; ///< a class or a group
    std::string rule;       ///< id of the winning rule
    std::string job;        ///< part of the job's name, letters of any case
    std::string owner;      ///< exactly
    std::string team;
    std::string cluster;
    std::optional<model::Outcome> outcome; ///< Failed or Killed
    std::optional<base::Instant> from;     ///< started at or after
    std::optional<base::Instant> to;       ///< started before

    bool operator==(const FailureFilter &) const = default;
};

enum class FailureColumn {
    Started,
    Job,
    Run, ///< by job, then run, then attempt
    Attempt,
    Outcome,
    ErrorClass,
    Rule,
    Owner,
    Team,
    Cluster,
    ExitCode,
    Duration,
    Cost,
    Cause
};
inline constexpr size_t kFailureColumnCount = 14;

/// Rows of equal value come newest first; rows without a value come last either way.
struct FailureSort {
    FailureColumn column = FailureColumn::Started;
    bool descending = true;

    bool operator==(const FailureSort &) const = default;
};

/// What a table shows of one failure.
struct FailureRow {
    std::int64_t id = 0; ///< row id of the attempt
    std::string job;
    std::string run;
    int attempt = 1;
    model::Outcome outcome = model::Outcome::Failed;
    base::Instant startedAt;
    base::Instant endedAt;
    std::string owner;
    std::string team;
    std::string cluster;
    std::optional<int> exitCode;
    std::optional<double> costUsd;
    std::string errorClass; ///< empty before classification
    std::string rule;
    std::string cause; ///< root cause, its first line

    bool operator==(const FailureRow &) const = default;
};

/// Row ids of the failures that fit, in order. One pass over an index, whatever is asked, and one radix sort: about
/// 0.2 s for a million. Errors: Cancelled (the stop token interrupts the query at once), Io, Corrupt.
[[nodiscard]] base::Result<std::vector<std::int64_t>>
findFailures(Workspace &workspace, const FailureFilter &filter, const FailureSort &sort, const std::stop_token &stop);

/// The rows of some ids, in their order; ids that are gone are left out.
[[nodiscard]] base::Result<std::vector<FailureRow>> failureRows(Workspace &workspace,
                                                                std::span<const std::int64_t> ids);

struct Choice {
    std::string value;
    std::uint64_t failures = 0;

    bool operator==(const Choice &) const = default;
};

/// What there is to filter by, the most frequent first.
struct FailureChoices {
    std::vector<Choice> classes;
    std::vector<Choice> rules;
    std::vector<Choice> owners;
    std::vector<Choice> teams;
    std::vector<Choice> clusters;
};
[[nodiscard]] base::Result<FailureChoices> failureChoices(Workspace &workspace, const std::stop_token &stop);

/// How often a rule matched failures: as the winner, or shadowed by another; what those it won cost, and how many
/// successful attempts it matched.
struct RuleHits {
    std::string rule;
    std::uint64_t wins = 0;
    std::uint64_t shadowed = 0;
    double winsCostUsd = 0.0;
    std::uint64_t successes = 0;

    bool operator==(const RuleHits &) const = default;
};
/// By rule id; rules that never matched are left out.
[[nodiscard]] base::Result<std::vector<RuleHits>> ruleHits(Workspace &workspace, const std::stop_token &stop);

/// One failure with the whole chain of its run.
struct FailureDetail {
    std::vector<model::Attempt> chain;     ///< by attempt number, texts included
    std::vector<std::int64_t> ids;         ///< row ids of the chain
    std::vector<std::string> classes;      ///< class of each, empty where it did not fail
    size_t selected = 0;                   ///< index of the one asked for
    std::optional<model::Verdict> verdict; ///< with its matches, winner first; absent before classification
    std::string source;                    ///< path of the file it came from
};
/// Errors: NotFound, Corrupt, Io.
[[nodiscard]] base::Result<FailureDetail> failureDetail(Workspace &workspace, std::int64_t attemptId);

} // namespace mulligan::store

#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::store
{

/// What somebody said of a failure's text.
struct AuditAnswer {
    std::string errorClass; ///< class of the cause that the text names; empty: the text names none
    std::string rule;       ///< rule that should have won, where it was named
    std::string who;
    base::Instant when;

    [[nodiscard]] bool noCause() const { return errorClass.empty(); }
    bool operator==(const AuditAnswer &) const = default;
};

/// One failure drawn to be looked at, with its verdict at that time and now.
struct AuditItem {
    std::int64_t id = 0; ///< number of the item in this workspace; what answers name
    std::int64_t attemptId = 0;
    std::string textHash; ///< 64 hexadecimal digits: answers stay with the text
    std::string drawnClass;
    std::string drawnRule; ///< empty: unclassified
    std::string classNow;  ///< empty: the failure is gone, or has no verdict now
    std::string ruleNow;
    std::string job;
    std::string run;
    int attempt = 1;
    std::optional<AuditAnswer> answer; ///< the latest one given for its text

    bool operator==(const AuditItem &) const = default;
};

/// How many failures a class had when the sample was drawn, and how many of them were drawn.
struct AuditStratum {
    std::string errorClass;
    std::uint64_t population = 0;
    std::uint64_t sampled = 0;

    bool operator==(const AuditStratum &) const = default;
};

/// A sample of the workspace's failures, drawn once and kept.
struct AuditSample {
    std::int64_t id = 0; ///< 0: none was drawn yet
    std::uint64_t seed = 0;
    std::uint64_t size = 0;    ///< asked for
    std::uint64_t minimum = 0; ///< asked for in each class
    base::Instant drawn;
    std::uint64_t withoutText = 0; ///< failures that have no text and were not drawn from
    std::vector<AuditStratum> strata;
    std::vector<AuditItem> items; ///< by id

    bool operator==(const AuditSample &) const = default;
};

/// One failure to draw from.
struct AuditCandidate {
    std::int64_t attemptId = 0;
    std::string errorClass;
};

/// Failures with a text and a verdict, in a stable order (class, then identity: job, run, attempt), so that a seed
/// draws the same ones whatever order they were imported in.
[[nodiscard]] base::Result<std::vector<AuditCandidate>> auditCandidates(Workspace &workspace,
                                                                        const std::stop_token &stop);
/// Failures without a text.
[[nodiscard]] base::Result<std::uint64_t> failuresWithoutText(Workspace &workspace);

/// Stores a sample of `attempts` (in the order they shall be shown in) and gives its id. `sample`'s id and items are
/// not used.
[[nodiscard]] base::Result<std::int64_t> storeAuditSample(Workspace &workspace, const AuditSample &sample,
                                                          const std::vector<std::int64_t> &attempts);
/// The sample of an id; 0: the latest. A sample with id 0 when there is none.
[[nodiscard]] base::Result<AuditSample> loadAuditSample(Workspace &workspace, std::int64_t id = 0);
/// The latest sample of that seed, size and minimum; id 0 when there is none.
[[nodiscard]] base::Result<AuditSample> findAuditSample(Workspace &workspace, std::uint64_t seed, std::uint64_t size,
                                                        std::uint64_t minimum);

/// The sample that an item belongs to; 0 when there is no such item.
[[nodiscard]] base::Result<std::int64_t> auditSampleOf(Workspace &workspace, std::int64_t itemId);

/// Stores the answers for items' texts in one transaction; an older answer for the same text gives way. Errors:
/// NotFound for an item that does not exist (then nothing is stored).
[[nodiscard]] base::Result<void> storeAuditAnswers(Workspace &workspace,
                                                   const std::vector<std::pair<std::int64_t, AuditAnswer>> &answers);
/// Takes the answer of an item's text back (undo). Nothing happens when there is none.
[[nodiscard]] base::Result<void> removeAuditAnswer(Workspace &workspace, std::int64_t itemId);

} // namespace mulligan::store

#pragma once

#include "base/result.hpp"
#include "model/history.hpp"
#include "store/verdict_store.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::store
{

/// A stored verdict, as far as an overview needs it.
struct VerdictRow {
    std::int64_t id = 0;
    VerdictSubject subject;
    std::uint32_t failures = 0;   ///< that have it
    std::uint32_t errorClass = 0; ///< index into VerdictOverview::names
    std::uint32_t rule = 0;       ///< likewise; the empty name when unclassified
    bool undetermined = false;    ///< some rule's step budget ran out
};

/// All stored verdicts and how many failures have each.
struct VerdictOverview {
    std::vector<VerdictRow> rows;     ///< those that failures have, by subject
    std::vector<std::int64_t> unused; ///< those that none has any more
    std::uint64_t unjudged = 0;       ///< failures without a verdict
    bool subjectsKnown = true;        ///< false: of some row it is not known what it speaks of
    model::StringTable names;
};
/// Cost: one pass over an index of the failures and one over the verdicts. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<VerdictOverview> verdictOverview(Workspace &workspace, const std::stop_token &stop);

/// A stored match of one of several rules.
struct KnownMatch {
    std::int64_t verdictId = 0;
    std::uint32_t rule = 0; ///< which of the rules, in their order
    int pattern = 0;        ///< these as in model::RuleMatch
    int line = 0;
    size_t begin = 0;
    size_t end = 0;
    model::Evidence evidence = model::Evidence::Failure;
};
/// All matches of the rules, by verdict. Cost: one pass over all matches. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<std::vector<KnownMatch>>
matchesOf(Workspace &workspace, const std::set<std::string, std::less<>> &rules, const std::stop_token &stop);

/// An attempt as scopes see it.
struct ScopedAttempt {
    std::int64_t id = 0;
    std::int64_t jobId = 0;
    std::int64_t configId = 0;
};

/// Reads single verdicts.
class VerdictReader
{
public:
    [[nodiscard]] static base::Result<VerdictReader> prepare(const sqlite::Connection &connection);
    /// With its matches. Errors: NotFound, Io, Corrupt.
    [[nodiscard]] base::Result<model::Verdict> verdict(std::int64_t id);
    /// The failures that have it, at most `limit`; negative: all.
    [[nodiscard]] base::Result<std::vector<ScopedAttempt>> attempts(std::int64_t id, std::int64_t limit = -1);

private:
    sqlite::Statement m_verdict;
    sqlite::Statement m_matches;
    sqlite::Statement m_attempts;
};

/// A successful attempt that has a text.
struct SuccessRow {
    std::int64_t id = 0;
    VerdictSubject subject;
    std::int64_t jobId = 0;
    std::int64_t configId = 0;
    bool tried = false; ///< rules were matched with it, and nothing of it has changed since
};
/// All of them, by subject. What is known of attempts that are no such any more, or have changed, is removed on the
/// way, so the caller must be writing. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<std::vector<SuccessRow>> successesWithText(Workspace &workspace,
                                                                      const std::stop_token &stop);

} // namespace mulligan::store

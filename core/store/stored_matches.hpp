#pragma once

#include "base/result.hpp"
#include "model/history.hpp"
#include "model/verdict.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mulligan::store
{

/// Which rules match each failure, and with what evidence: what is needed to say which of them wins when some are
/// switched off. Where they match stays in the workspace. About 40 bytes a failure.
class StoredMatches
{
public:
    /// Those of the stored verdicts. Errors: Io, Corrupt.
    [[nodiscard]] static base::Result<StoredMatches> load(Workspace &workspace);

    /// In order of precedence, the winner first; rule and evidence only. None for an attempt that has no verdict.
    [[nodiscard]] std::vector<model::RuleMatch> of(std::int64_t attemptId) const;
    /// Puts the matches of other verdicts in the place of those that some attempts had: row id → index into `verdicts`.
    void replace(std::span<const model::Verdict> verdicts,
                 std::span<const std::pair<std::int64_t, std::uint32_t>> byAttempt);

private:
    struct Match {
        std::uint32_t rule = 0;
        model::Evidence evidence = model::Evidence::Failure;
    };
    /// The first is `m_matches[m_begin[verdict]]`, the end `m_begin[verdict + 1]`.
    [[nodiscard]] std::span<const Match> ofVerdict(std::uint32_t verdict) const;

    model::StringTable m_rules;
    std::vector<Match> m_matches;
    std::vector<std::uint32_t> m_begin{0};                           ///< one more than verdicts
    std::vector<std::pair<std::int64_t, std::uint32_t>> m_byAttempt; ///< row id → verdict, ascending
};

} // namespace mulligan::store

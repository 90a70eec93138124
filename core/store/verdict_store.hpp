#pragma once

#include "base/result.hpp"
#include "model/attempt.hpp"
#include "model/verdict.hpp"
#include "store/rule_hits.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::store
{

/// An attempt with its text, as classification reads it. Views live until the next row.
struct TextRow {
    std::int64_t attemptId = 0;
    std::int64_t textId = 0; ///< 0: it has no text
    std::string_view text;
    std::string_view rootCause;
    std::string_view job;
    const model::Config *config = nullptr; ///< of the properties asked for, those it sets
    std::optional<int> exitCode;
    std::int64_t causeId = 0;  ///< 0: no root cause is stored
    std::int64_t configId = 0; ///< 0: none is stored
    std::int64_t jobId = 0;
};
using VisitText = std::function<base::Result<void>(const TextRow &)>;

/// Visits failed and killed attempts ordered by text, each distinct text decompressed once. Rows carry the `properties`
/// of their configurations.
[[nodiscard]] base::Result<void> forEachFailureText(Workspace &workspace, const std::set<std::string> &properties,
                                                    const VisitText &visit, std::stop_token stop);
/// Likewise those that have no verdict yet.
[[nodiscard]] base::Result<void> forEachUnjudgedText(Workspace &workspace, const std::set<std::string> &properties,
                                                     const VisitText &visit, std::stop_token stop);
/// Visits successful attempts that have a text, likewise.
[[nodiscard]] base::Result<void> forEachSuccessText(Workspace &workspace, const std::set<std::string> &properties,
                                                    const VisitText &visit, std::stop_token stop);

enum class OldVerdicts { Replace, Keep };

/// What a verdict speaks of: equal subjects, but for the scopes of rules, have equal verdicts.
struct VerdictSubject {
    std::int64_t textId = 0;  ///< 0: no text
    std::int64_t causeId = 0; ///< 0: no root cause

    auto operator<=>(const VerdictSubject &) const = default;
};

struct SuccessRow;

/// Writes verdicts in one transaction, in place of all old ones or beside them; not committed, nothing changes.
class VerdictWriter
{
public:
    [[nodiscard]] static base::Result<VerdictWriter> begin(Workspace &workspace,
                                                           OldVerdicts old = OldVerdicts::Replace);
    VerdictWriter(VerdictWriter &&) noexcept;
    ~VerdictWriter();
    /// Stores a verdict with its matches and returns its id. Without a subject no later pack can be brought to it.
    [[nodiscard]] base::Result<std::int64_t> addVerdict(const model::Verdict &verdict,
                                                        const std::optional<VerdictSubject> &subject = std::nullopt);
    [[nodiscard]] base::Result<void> assign(std::int64_t attemptId, std::int64_t verdictId);
    /// Puts another verdict in the place of a stored one, of all attempts that have it.
    [[nodiscard]] base::Result<void> replaceVerdict(std::int64_t verdictId, const model::Verdict &before,
                                                    const model::Verdict &after);
    /// Takes the match of a rule that does not decide it from a verdict.
    [[nodiscard]] base::Result<void> removeMatch(std::int64_t verdictId, std::string_view rule);
    /// Forgets a verdict that no attempt has.
    [[nodiscard]] base::Result<void> removeVerdict(std::int64_t verdictId);
    /// A successful attempt that nothing was known of was matched, with these rules matching.
    [[nodiscard]] base::Result<void> noteSuccess(const SuccessRow &attempt,
                                                 const std::vector<model::RuleMatch> &matches);
    /// A rule matches a successful attempt that was noted before.
    [[nodiscard]] base::Result<void> addSuccessHit(std::int64_t attemptId, std::string_view rule);
    /// Forgets which successes a rule matches.
    [[nodiscard]] base::Result<void> dropSuccessHits(std::string_view rule);
    /// Says which pack the verdicts come from.
    [[nodiscard]] base::Result<void> setRules(const std::vector<ClassifiedRule> &rules);
    [[nodiscard]] base::Result<void> commit();

private:
    struct State;
    explicit VerdictWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::store

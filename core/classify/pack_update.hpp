#pragma once

#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "classify/pack_change.hpp"
#include "model/verdict.hpp"
#include "text/pattern_set.hpp"

#include <memory>
#include <string_view>

namespace mulligan::classify
{

/// Brings verdicts of one pack to another without matching again what cannot have changed: only rules that match
/// otherwise than before are run, and what is stored of all others is kept. Immutable; shared between threads, each
/// with its own scratch.
class PackUpdate
{
public:
    /// What to do about one subject.
    enum class Next {
        Same,    ///< its verdict stays as it is
        Known,   ///< it gets `verdict`
        Rematch, ///< it must be classified in full: a rule now wins whose captures nobody kept, or a budget ran out
        ByScope, ///< a changed rule matches that looks at some subjects only: each attempt must be asked
    };
    struct Answer {
        Next next = Next::Same;
        model::Verdict verdict;
    };

    /// `change` leads to the pack of `now`. `was`: the rule as it was, where one alone changed and that is known; then
    /// patterns that lead its list as before are not tried again. Errors: those of Classifier::make.
    [[nodiscard]] static base::Result<std::shared_ptr<const PackUpdate>> make(std::shared_ptr<const Classifier> now,
                                                                              PackChange change,
                                                                              const Rule *was = nullptr,
                                                                              const ClassifierOptions &options = {});

    [[nodiscard]] const PackChange &change() const { return m_change; }
    [[nodiscard]] const Classifier &now() const { return *m_now; }
    /// Whether texts must be looked at; otherwise stored matches say all.
    [[nodiscard]] bool needsTexts() const { return m_part != nullptr; }
    /// Whether a changed rule looks at root causes; otherwise they matter only where there is no text.
    [[nodiscard]] bool looksAtCauses() const { return m_causes; }
    /// What one thread needs for `hits` and for classifying by `now`.
    [[nodiscard]] text::Scratch makeScratch() const;
    /// False: no changed rule can match a subject of this root cause, whatever its text is. Spares reading the text.
    [[nodiscard]] bool mayHit(std::string_view rootCause, text::Scratch &scratch) const;
    /// What the changed rules alone say of a subject, their scopes disregarded.
    [[nodiscard]] model::Verdict hits(const Subject &subject, text::Scratch &scratch) const;
    /// Whether one rule was rewritten that takes precedence over the same rules as before: a verdict in which it
    /// matches the same again changes in nothing but captures.
    [[nodiscard]] bool ranksAsBefore() const { return m_ranksAsBefore; }
    /// Whether a stored match of the changed rule by this pattern is one of the new rule too. `hits` does not tell it.
    [[nodiscard]] bool keeps(int pattern, model::Evidence evidence) const
    {
        return (m_left > 0 || evidence == model::Evidence::Failure) && static_cast<std::size_t>(pattern) < m_kept;
    }
    /// What `resolve` says, of a verdict with such a match.
    [[nodiscard]] Answer resolveKept(const model::Verdict &stored) const;
    /// The verdict under the new pack of a subject whose verdict under the old one is `stored`.
    [[nodiscard]] Answer resolve(const model::Verdict &stored, const model::Verdict &hits) const;

private:
    PackUpdate(std::shared_ptr<const Classifier> now, PackChange change)
        : m_now(std::move(now)), m_change(std::move(change))
    {
    }
    std::shared_ptr<const Classifier> m_now;
    PackChange m_change;
    std::shared_ptr<const Classifier> m_part; ///< changed rules, without their scopes; null: none
    std::size_t m_kept = 0;                   ///< leading patterns of the only changed rule that are as they were
    std::size_t m_left = 0;                   ///< of these, those that `m_part` leaves out
    bool m_ranksAsBefore = false;
    bool m_causes = false;
    std::shared_ptr<const text::PatternSet> m_screen; ///< their patterns, where all look at root causes; else null
};

} // namespace mulligan::classify

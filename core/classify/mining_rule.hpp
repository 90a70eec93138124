#pragma once

#include "base/result.hpp"
#include "classify/mining.hpp"
#include "classify/mining_pattern.hpp"
#include "classify/rule.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// What a draft is made from.
struct DraftSubject {
    MinedTemplate cluster;
    std::vector<std::string> members; ///< root causes of the cluster, distinct; the most frequent first
    std::string date;                 ///< "2026-01-02", for `created`
};

/// How a candidate for a draft was made; each is narrower than the one before.
enum class DraftForm {
    Plain,       ///< the pattern of the line
    WholeLine,   ///< nothing may follow it
    WithFrame,   ///< a frame of the stack trace must match too
    Alternatives ///< few values are listed instead of generalised
};
[[nodiscard]] std::string_view name(DraftForm form);

struct DraftCandidate {
    DraftForm form = DraftForm::Plain;
    Rule rule; ///< status draft, class "unclassified", no samples yet
};

/// Candidates for a cluster's rule, the most general first; none when its lines have nothing in common. Each pattern
/// passes text::checkPattern and has no backtracking risk.
[[nodiscard]] std::vector<DraftCandidate> draftCandidates(const DraftSubject &subject);

/// What a draft does beside what it should.
struct DraftChecks {
    std::uint64_t members = 0; ///< distinct root causes of the cluster
    std::uint64_t membersMatched = 0;
    std::uint64_t otherCauses = 0;          ///< distinct root causes of other clusters that match as well
    std::vector<std::string> otherClusters; ///< their clusters' ids, at most 20
    std::uint64_t successes = 0;            ///< successful attempts whose text matches
    std::uint64_t undetermined = 0;         ///< texts on which the step budget ran out
    std::uint64_t samplesLeftOut = 0;       ///< texts that would not have done as samples what samples must
    std::string backtracking;               ///< why it may be slow; "" it is not

    /// It does what a rule should, and nothing else.
    [[nodiscard]] bool clean() const
    {
        return members > 0 && membersMatched == members && otherCauses == 0 && successes == 0 && undetermined == 0
               && backtracking.empty();
    }
    bool operator==(const DraftChecks &) const = default;
};

/// What accepting a draft would change.
struct DraftPreview {
    std::uint64_t failures = 0;             ///< that it matches
    double costUsd = 0.0;                   ///< of them
    std::uint64_t unclassifiedFailures = 0; ///< of them, those without a rule today: what it would classify
    double unclassifiedCostUsd = 0.0;
    std::uint64_t jobs = 0;                         ///< of the unclassified ones
    std::map<std::string, std::uint64_t> fromRules; ///< failures that a rule classifies today, by that rule

    bool operator==(const DraftPreview &) const = default;
};

/// A class proposed for a draft: that of the nearest classified cluster. A proposal and no more; the rule itself stays
/// "unclassified" until a person chooses.
struct ClassProposal {
    std::string errorClass; ///< "" there is no neighbour
    std::string rule;       ///< that classifies the neighbour
    std::string cluster;    ///< the neighbour
    double similarity = 0.0;

    bool operator==(const ClassProposal &) const = default;
};

/// Chooses samples for a rule and puts in those that do what they should: up to three members as positive ones, of
/// `nearMisses` up to three as negative ones. Returns how many were left out because they did not.
[[nodiscard]] base::Result<std::uint64_t> addSamples(Rule &rule, std::span<const std::string> members,
                                                     std::span<const std::string> nearMisses);

} // namespace mulligan::classify

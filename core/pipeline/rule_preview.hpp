#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace mulligan::pipeline
{

struct PreviewOptions {
    /// Bytes of distinct texts kept in memory; what does not fit is read from the workspace at each preview, slower.
    std::size_t textBytes = 400u << 20;
    std::size_t threads = 0;  ///< 0: as many as the machine has
    std::size_t examples = 5; ///< attempts named of each kind
};

/// Failures that one rule, or none, decided before and another decides now, or the same with another meaning.
struct RuleMove {
    std::string fromRule; ///< empty: unclassified
    std::string toRule;
    std::string fromClass;
    std::string toClass;
    model::RuleAction fromAction = model::RuleAction::AskModel;
    model::RuleAction toAction = model::RuleAction::AskModel;
    std::uint64_t failures = 0;
    double costUsd = 0.0;               ///< what those attempts cost
    std::vector<std::int64_t> examples; ///< row ids of some of them
};

/// What a changed rule does to the workspace, before and after the change.
struct RuleEffect {
    std::string rule;
    std::uint64_t hits = 0; ///< failures it matches, as the winner or not
    std::uint64_t hitsBefore = 0;
    std::uint64_t wins = 0; ///< failures it decides
    std::uint64_t winsBefore = 0;
    double winsCostUsd = 0.0;
    double winsCostBeforeUsd = 0.0;
    std::uint64_t hitsOnSuccesses = 0; ///< successful attempts it matches
    std::uint64_t hitsOnSuccessesBefore = 0;
    std::uint64_t undetermined = 0;            ///< failures on which its step budget runs out
    std::vector<std::int64_t> examples;        ///< failures it matches now, row ids
    std::vector<std::int64_t> successExamples; ///< successful attempts it matches now
};

/// What an edited pack would change.
struct PackPreview {
    std::uint64_t failures = 0; ///< in the workspace
    std::uint64_t changed = 0;  ///< whose rule, class, domain, transience or action changes
    double changedCostUsd = 0.0;
    std::uint64_t changedClass = 0;
    std::uint64_t changedAction = 0;
    std::uint64_t newlyClassified = 0;
    double newlyClassifiedCostUsd = 0.0;
    std::uint64_t newlyUnclassified = 0;
    double newlyUnclassifiedCostUsd = 0.0;
    std::uint64_t undetermined = 0;  ///< failures on which a changed rule's step budget runs out: left out of the above
    std::vector<RuleEffect> rules;   ///< those that the edit touches, by id
    std::vector<RuleMove> moves;     ///< most failures first, then by rules
    std::uint64_t textsFromFile = 0; ///< texts that had to be read from the workspace
    double seconds = 0.0;
};

/// The texts of a workspace and what a pack makes of them, in memory: says at once what an edit of the pack would
/// change, exactly as classifying under both would. Immutable once loaded; previews may run on several threads, one
/// after another on the workers. Texts are kept up to PreviewOptions::textBytes, root causes whole; beside them about
/// 40 bytes an attempt and 64 a distinct text.
class RulePreview
{
public:
    /// Reads the workspace and classifies what it holds under `base` (about 1 s for 400 MB of distinct texts on two
    /// cores). Errors: Cancelled, Io, Corrupt.
    [[nodiscard]] static base::Result<std::shared_ptr<const RulePreview>>
    load(store::Workspace &workspace, std::shared_ptr<const classify::Classifier> base, const PreviewOptions &options,
         std::stop_token stop, base::Progress &progress);

    /// What changes when the pack becomes `edited`. Only rules that match otherwise than before are run. Newest request
    /// wins: ask the older one to stop, it ends within a text. Errors: Cancelled; InvalidArgument for a pattern that
    /// does not compile, or an id used twice.
    [[nodiscard]] base::Result<PackPreview> preview(const classify::RulePack &edited, std::stop_token stop) const;
    /// Likewise when one rule is put in the place of the one of the same id, or added.
    [[nodiscard]] base::Result<PackPreview> preview(const classify::Rule &edited, std::stop_token stop) const;

    /// Verdicts under `edited` of all failures whose verdict may differ from the base pack's in anything, by attempt.
    struct Verdicts {
        std::vector<model::Verdict> verdicts;
        std::vector<std::pair<std::int64_t, std::uint32_t>> byAttempt; ///< row id → index, ascending
    };
    [[nodiscard]] base::Result<Verdicts> changedVerdicts(const classify::Classifier &edited,
                                                         std::stop_token stop) const;
    /// Verdicts of all failures under the pack it was loaded with.
    [[nodiscard]] base::Result<Verdicts> baseVerdicts(std::stop_token stop) const;

    /// Successful attempts that each rule of the base pack matches; rules that match none are left out.
    [[nodiscard]] std::map<std::string, std::uint64_t> successHits() const;

    [[nodiscard]] const classify::Classifier &base() const;
    [[nodiscard]] std::uint64_t failures() const;
    [[nodiscard]] std::uint64_t distinctTexts() const;
    /// How many distinct texts did not fit and stay in the workspace.
    [[nodiscard]] std::uint64_t textsNotKept() const;
    /// Memory it takes, in bytes, without the compiled pack.
    [[nodiscard]] std::size_t memoryBytes() const;

    ~RulePreview();
    RulePreview(const RulePreview &) = delete;
    RulePreview &operator=(const RulePreview &) = delete;

private:
    struct State;
    explicit RulePreview(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::pipeline

#pragma once

#include "formats/json.hpp"
#include "model/savings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::evaluate
{

/// Which episodes a figure is over.
enum class Scope { MemoryConfig, All };
[[nodiscard]] std::string_view name(Scope scope);

/// Figures of one policy over the held-out episodes. Shares are over the episodes whose truth is known.
struct PolicyFigures {
    std::string policy; ///< "policy", "keep", "x2", "ladder", "ceiling", "oracle", "history"
    Scope scope = Scope::All;
    std::uint64_t episodes = 0; ///< with a known truth
    double unknownShare = 0.0;  ///< episodes left out since the truth does not hold what the policy asked for
    std::uint64_t fixable = 0;  ///< of `episodes`: some configuration in the space succeeds
    model::Figure fixedFirst;   ///< of the fixable: by the first retry
    model::Figure fixedInTwo;   ///< …by the first or the second
    model::Figure remediated;   ///< of all
    model::Figure failed;       ///< F, dollars
    model::Figure dearer;       ///< X, dollars
    model::Figure retryCost;    ///< F + X, dollars
    model::Figure labour;       ///< L, dollars
    model::Figure total;        ///< F + X + L, dollars
    /// total − the policy's total, dollars, over the episodes known for both
    model::Figure totalAbovePolicy;
    double wronglyStopped = 0.0;        ///< expected number of successes given up
    double retries = 0.0;               ///< expected number
    double unsupportedShare = 0.0;      ///< of the retries
    std::optional<double> regretMedian; ///< over the successes: (failed retries before + C_s) ÷ cheapest success − 1
    std::optional<double> regretP90;

    bool operator==(const PolicyFigures &) const = default;
};

/// The policy's promise beside what the truth keeps, over the same episodes.
struct Promise {
    Scope scope = Scope::All;
    std::string workflow; ///< or job or team, as left out; empty: all of them
    std::uint64_t episodes = 0;
    std::uint64_t fixable = 0;
    double fixableFixedFirst = 0.0;    ///< share of the fixable, realised
    double fixableFixedInTwo = 0.0;    ///< share of the fixable, realised
    model::Figure fixedFirstPredicted; ///< of all: who predicts does not know which are fixable
    model::Figure fixedFirst;          ///< of all
    model::Figure remediatedPredicted; ///< of all
    model::Figure remediated;
    model::Figure retryCostPredicted;
    model::Figure retryCost;
    model::Figure grossPredicted; ///< of every retry, failing or completing: F + C_s, dollars
    model::Figure gross;
    model::Figure totalPredicted;
    model::Figure total;
    double oracleRetryCost = 0.0;
    double unsupportedShare = 0.0;
    double unknownShare = 0.0;

    bool operator==(const Promise &) const = default;
};

/// First fixes when less is known: models fitted on a part of the other workflows.
struct CurvePoint {
    double share = 1.0;         ///< of the other workflows
    std::uint64_t rows = 0;     ///< training rows, mean over the folds
    double fallbackShare = 0.0; ///< folds where class rates stood in
    model::Figure fixedFirst;   ///< of the fixable memory_config episodes
    model::Figure remediated;   ///< of memory_config

    bool operator==(const CurvePoint &) const = default;
};

/// One bar and whether it is held.
/// When a bar is held: value ≥ bar, value ≤ bar, value > bar (a tie is no gain).
enum class BarKind { AtLeast, AtMost, Above };
[[nodiscard]] std::string_view name(BarKind kind);

struct Bar {
    std::string name;
    std::string meaning;
    double value = 0.0;
    double bar = 0.0;
    BarKind kind = BarKind::AtLeast;
    bool held = false;

    bool operator==(const Bar &) const = default;
};

struct TruthReport {
    std::string leftOut = "workflow"; ///< workflow, job or team
    std::uint64_t units = 0;          ///< distinct ones
    std::uint64_t folds = 0;
    std::uint64_t fallbackFolds = 0; ///< where class rates stood in for a model
    std::uint64_t seed = 1;
    std::uint64_t truthRows = 0;
    std::uint64_t truthCells = 0;
    std::uint64_t episodes = 0;             ///< walked
    std::uint64_t memoryConfigEpisodes = 0; ///< of them
    std::uint64_t withoutTruth = 0;         ///< left out: the truth holds nothing of them
    double byDominance = 0.0;               ///< share of the policy's retries answered by dominance
    std::vector<PolicyFigures> policies;    ///< memory_config first, then all
    std::vector<Promise> promises;          ///< memory_config, then all
    std::vector<Promise> byWorkflow;        ///< …and for each that was left out
    std::vector<CurvePoint> curve;
    std::vector<Bar> bars;

    bool operator==(const TruthReport &) const = default;
};

/// What is asked of a policy on held-out memory failures, from the report's figures. Bars without a figure (no history
/// to compare with, nothing fixed) are left out.
[[nodiscard]] std::vector<Bar> barsOf(const TruthReport &report);

/// `truth{}` of `mulligan evaluate`. Dollars are not rounded: runs of a laboratory cost fractions of a cent.
[[nodiscard]] formats::Json truthToJson(const TruthReport &report);
/// For a terminal.
[[nodiscard]] std::string truthToText(const TruthReport &report);
/// The same as Markdown tables.
[[nodiscard]] std::string truthToMarkdown(const TruthReport &report);

} // namespace mulligan::evaluate

#pragma once

#include "pipeline/preview_texts.hpp"
#include "pipeline/rule_edit.hpp"
#include "pipeline/worker_pool.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace mulligan::pipeline
{

/// Attempts that the base pack cannot tell apart: of equal text, root cause and scopes, all failures or all successes.
struct PreviewUnit {
    std::uint32_t begin = 0; ///< of its attempts
    std::uint32_t end = 0;
    std::uint32_t firstMatch = 0; ///< of its matches, in order of precedence, so the winner comes first
    std::uint32_t lastMatch = 0;
    bool success = false;
    bool endsWell = false;                            ///< its text says so, and no rule has a say
    bool noSuccess = false;                           ///< classify::Subject
    model::Evidence cause = model::Evidence::Failure; ///< of the root cause

    [[nodiscard]] std::uint32_t size() const { return end - begin; }
};

/// A base rule, by its rank, that matches a unit.
struct PreviewMatch {
    std::uint32_t rank : 24 = 0;
    std::uint32_t evidence : 8 = 0; ///< a model::Evidence
};

/// A workspace as a base pack sees it.
struct PreviewUnits {
    std::vector<PreviewAttempt> attempts;
    std::vector<PreviewUnit> units;
    std::vector<PreviewMatch> matches;
    std::vector<const classify::Rule *> rules; ///< active ones of the base pack, by rank

    [[nodiscard]] std::span<const PreviewMatch> matchesOf(const PreviewUnit &unit) const
    {
        return std::span(matches).subspan(unit.firstMatch, unit.lastMatch - unit.firstMatch);
    }
    [[nodiscard]] std::span<const PreviewAttempt> attemptsOf(const PreviewUnit &unit) const
    {
        return std::span(attempts).subspan(unit.begin, unit.size());
    }
};

/// Splits attempts into units and classifies each under the base pack, on all workers. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<PreviewUnits> makeUnits(const sqlite::Connection &connection,
                                                   std::vector<PreviewAttempt> attempts, const PreviewTexts &texts,
                                                   const classify::Classifier &base, WorkerPool &workers,
                                                   const std::stop_token &stop, base::Progress &progress);

/// A unit whose verdict an edit may change.
struct TouchedUnit {
    std::uint32_t unit = 0;
    std::vector<classify::Claim> hits; ///< rules of RuleEdit::matched that match, scopes disregarded
    std::vector<const classify::Rule *> undetermined;
};
struct TouchedUnits {
    std::vector<TouchedUnit> units; ///< ascending
    std::uint64_t textsFromFile = 0;
};

/// Units in whose matches a rule of the edit occurs, or that one of its rules now matches. Errors: Cancelled, Io,
/// Corrupt.
[[nodiscard]] base::Result<TouchedUnits> touchedUnits(const PreviewUnits &units, const PreviewTexts &texts,
                                                      const RuleEdit &edit, WorkerPool &workers,
                                                      const std::stop_token &stop);

} // namespace mulligan::pipeline

#pragma once

#include "desktop/models/rows_model.hpp"
#include "pipeline/compare_packs.hpp"
#include "store/failure_query.hpp"

#include <QString>

#include <vector>

namespace mulligan::desktop
{

/// What becomes of failures that another rule decides.
enum class MoveKind { Classified, Unclassified, OtherClass, OtherAction, OtherRule };
[[nodiscard]] MoveKind moveKind(const pipeline::RuleMove &move);
[[nodiscard]] QString moveKindName(MoveKind kind);
enum MoveColumn { kMoveKind, kMoveFrom, kMoveFromClass, kMoveTo, kMoveToClass, kMoveAction, kMoveFailures, kMoveCost };
[[nodiscard]] std::vector<RowsModel<pipeline::RuleMove>::Column> moveColumns();

/// A rule that matches successful attempts in one of the packs.
struct SuccessLine {
    std::string rule;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
};
/// Most gained first.
[[nodiscard]] std::vector<SuccessLine> successLines(const pipeline::PackComparison &comparison);
[[nodiscard]] std::vector<RowsModel<SuccessLine>::Column> successColumns();
[[nodiscard]] std::vector<RowsModel<store::FailureRow>::Column> exampleColumns();

/// How a comparison ends, for a person: is the second pack as good as the first?
enum class CompareVerdict { Same, Better, Mixed, Worse };
[[nodiscard]] CompareVerdict compareVerdict(const pipeline::PackComparison &comparison);
/// A few words for a verdict.
[[nodiscard]] QString verdictHeading(const pipeline::PackComparison &comparison);
/// The same with its figures, in sentences.
[[nodiscard]] QString verdictText(const pipeline::PackComparison &comparison, const QString &a, const QString &b);

} // namespace mulligan::desktop

#pragma once

#include "desktop/charts/share_chart.hpp"
#include "desktop/models/rows_model.hpp"
#include "pipeline/rule_health.hpp"

#include <QString>
#include <QStringList>
#include <QVector>

#include <string_view>
#include <vector>

namespace mulligan::desktop
{

/// Weeks that a trend shows at most.
inline constexpr int kTrendWeeks = 26;

/// A rule as the table of health shows it.
struct HealthLine {
    pipeline::RuleHealth health;
    QVector<double> weeks; ///< hits of the last weeks of the data, the oldest first
};
/// A class likewise.
struct ClassLine {
    pipeline::ClassHealth health;
    QVector<double> weeks;
};

[[nodiscard]] std::vector<HealthLine> healthLines(const pipeline::HealthReport &report);
[[nodiscard]] std::vector<ClassLine> classLines(const pipeline::HealthReport &report);
[[nodiscard]] QVector<SharePoint> sharePoints(const pipeline::UnclassifiedHealth &health);

enum HealthColumn {
    kHealthRule,
    kHealthConcern,
    kHealthHits,
    kHealthWins,
    kHealthTrend,
    kHealthLast,
    kHealthSuccesses,
    kHealthPrecision,
    kHealthTime,
    kHealthAge,
    kHealthExpires,
    kHealthOwner,
    kHealthClass
};
[[nodiscard]] std::vector<RowsModel<HealthLine>::Column> healthColumns();
enum ClassColumn {
    kClassName,
    kClassFailures,
    kClassTrend,
    kClassRecent,
    kClassPrevious,
    kClassGrowth,
    kClassInterval
};
[[nodiscard]] std::vector<RowsModel<ClassLine>::Column> classColumns();
enum UnclassifiedColumn { kShareName, kShareFailures, kShareUnclassified, kShareShare, kShareInterval };
/// `what` is the title of the first column.
[[nodiscard]] std::vector<RowsModel<pipeline::UnclassifiedHealth>::Column> unclassifiedColumns(const QString &what);

/// Concerns as the core names them, the most serious first.
[[nodiscard]] QString concernName(std::string_view concern);
[[nodiscard]] QStringList concernKeys();
/// "92.3 % (85.0 to 96.2)"; empty without an estimate that saw anything.
[[nodiscard]] QString estimateText(const std::optional<stats::Estimate> &estimate);

} // namespace mulligan::desktop

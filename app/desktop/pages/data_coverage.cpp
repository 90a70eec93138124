#include "desktop/pages/data_coverage.hpp"

#include "desktop/widgets/format.hpp"
#include "model/history.hpp"

#include <QFileInfo>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace mulligan::desktop
{

namespace
{

double dayOf(base::Instant instant)
{
    return static_cast<double>(instant.ms) / static_cast<double>(base::kMsPerDay);
}

/// Formats by the names they go by among people; the native one is called "attempts", which is what all lanes show.
QString formatName(const std::string &format)
{
    static const std::map<std::string_view, QString> kNames{{"attempts", QObject::tr("JSON Lines")},
                                                            {"csv", QObject::tr("CSV")},
                                                            {"spark-eventlog", QObject::tr("Spark event log")},
                                                            {"spark-log", QObject::tr("Spark log")},
                                                            {"yarn-log", QObject::tr("YARN log")},
                                                            {"airflow", QObject::tr("Airflow")}};
    const auto known = kNames.find(format);
    return known != kNames.end() ? known->second : text(format);
}

QString laneOf(const store::SourceRow &source, CoverageBy by)
{
    if (by == CoverageBy::Format)
        return formatName(source.format);
    const QString path = text(source.path);
    const qsizetype slash = path.lastIndexOf(QLatin1Char('/'));
    return slash > 0 ? path.left(slash) : path;
}

QString clusterName(const store::Coverage &coverage, std::int64_t cluster)
{
    const auto known = coverage.clusters.find(cluster);
    return known != coverage.clusters.end() ? text(known->second) : QObject::tr("no cluster");
}

double attemptsOf(const CoverageLane &lane)
{
    double sum = 0.0;
    for (const auto &[day, count] : lane.days)
        sum += count.attempts;
    return sum;
}

void addDays(CoverageLane &to, const CoverageLane &from)
{
    for (const auto &[day, count] : from.days) {
        to.days[day].attempts += count.attempts;
        to.days[day].failures += count.failures;
    }
}

/// The ones with most attempts, and one for all the others.
QVector<CoverageLane> ordered(QVector<CoverageLane> lanes)
{
    std::stable_sort(lanes.begin(), lanes.end(),
                     [](const CoverageLane &a, const CoverageLane &b) { return attemptsOf(a) > attemptsOf(b); });
    if (lanes.size() <= kMostLanes)
        return lanes;
    CoverageLane others{QObject::tr("%1 others").arg(lanes.size() - kMostLanes + 1), {}, {}};
    for (qsizetype i = kMostLanes - 1; i < lanes.size(); ++i)
        addDays(others, lanes[i]);
    lanes.resize(kMostLanes - 1);
    lanes.append(std::move(others));
    return lanes;
}

} // namespace

double censoredDays()
{
    return model::EpisodeOptions{}.censorSeconds / 86400.0;
}

CoverageTimeline timelineOf(const store::Coverage &coverage, const std::vector<store::SourceRow> &sources,
                            CoverageBy by)
{
    std::unordered_map<std::int64_t, QString> names;
    for (const auto &source : sources)
        names.emplace(source.id, laneOf(source, by));
    std::map<QString, CoverageLane> lanes;
    for (const auto &count : coverage.days) {
        QString name = names.count(count.source) > 0 ? names[count.source] : QObject::tr("unknown");
        if (by == CoverageBy::Cluster)
            name = clusterName(coverage, count.cluster);
        CoverageDay &day = lanes.try_emplace(name, CoverageLane{name, {}, {}}).first->second.days[count.day];
        day.attempts += static_cast<double>(count.attempts);
        day.failures += static_cast<double>(count.failures);
    }
    CoverageTimeline timeline;
    for (const auto &gap : coverage.gaps) {
        const CoverageSpan span{dayOf(gap.from), dayOf(gap.to)};
        if (gap.cluster == 0)
            timeline.gaps.append(span);
        else if (const auto lane = lanes.find(clusterName(coverage, gap.cluster));
                 by == CoverageBy::Cluster && lane != lanes.end())
            lane->second.gaps.append(span);
    }
    QVector<CoverageLane> all;
    for (auto &[name, lane] : lanes)
        all.append(std::move(lane));
    timeline.lanes = ordered(std::move(all));
    timeline.covered = {dayOf(coverage.from), dayOf(coverage.to)};
    timeline.censoredFrom = timeline.covered.to - censoredDays();
    return timeline;
}

std::vector<GapRow> gapRows(const store::Coverage &coverage)
{
    std::vector<GapRow> rows;
    for (const auto &gap : coverage.gaps)
        rows.push_back({gap, gap.cluster == 0 ? QObject::tr("everywhere") : clusterName(coverage, gap.cluster)});
    return rows;
}

std::vector<RowsModel<GapRow>::Column> gapColumns()
{
    using Row = GapRow;
    const auto length = [](const Row &row) { return base::secondsBetween(row.gap.from, row.gap.to); };
    return {
        {QObject::tr("No attempt from (UTC)"),
         [](const Row &row) { return instantText(row.gap.from); },
         {},
         false,
         {},
         {}},
        {QObject::tr("To (UTC)"), [](const Row &row) { return instantText(row.gap.to); }, {}, false, {}, {}},
        {QObject::tr("Length"),
         [length](const Row &row) { return durationText(length(row)); },
         [length](const Row &row) { return QVariant(length(row)); },
         true,
         {},
         {}},
        {QObject::tr("Where"), [](const Row &row) { return row.where; }, {}, false, {}, {}},
    };
}

QString coverageText(const store::Coverage &coverage)
{
    if (coverage.attempts == 0)
        return QObject::tr("No attempt says when it ran.");
    // Counted by day, as the bars are: of the day in which the censored end begins, all of it.
    const double censoredFrom = dayOf(coverage.to) - censoredDays();
    double failures = 0.0;
    for (const auto &count : coverage.days) {
        if (static_cast<double>(count.day) + 1.0 > censoredFrom)
            failures += static_cast<double>(count.failures);
    }
    const QString usual = coverage.usualPauseSeconds > 0.0
                              ? QObject::tr("95 % of the pauses between attempts are no longer than %1")
                                    .arg(durationText(coverage.usualPauseSeconds))
                              : QObject::tr("95 % of the attempts begin while another runs");
    const auto everywhere =
        std::count_if(coverage.gaps.begin(), coverage.gaps.end(), [](const auto &gap) { return gap.cluster == 0; });
    const auto elsewhere = static_cast<std::ptrdiff_t>(coverage.gaps.size()) - everywhere;
    const QString clusters = elsewhere == 0 ? QString()
                                            : QObject::tr(" Gaps of single clusters, by their own usual pauses: %1.")
                                                  .arg(countText(static_cast<double>(elsewhere)));
    return QObject::tr(
               "%1 to %2 UTC. Gaps: %3, stretches without an attempt longer than %4 (%5; a gap is longer than "
               "three times that, and than a day). The last %6 days are censored: a chain that begins there may "
               "go on after the data end (failures on these days: %7).")
               .arg(instantText(coverage.from), instantText(coverage.to), countText(static_cast<double>(everywhere)),
                    durationText(coverage.gapSeconds), usual, countText(censoredDays()), countText(failures))
           + clusters;
}

} // namespace mulligan::desktop

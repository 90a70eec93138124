#include "desktop/pages/rules_health_columns.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <QObject>

#include <algorithm>
#include <limits>

namespace mulligan::desktop
{

namespace
{

constexpr std::int64_t kWeekMs = 7 * base::kMsPerDay;

/// The last weeks of the data as counts; weeks without an entry count 0.
template <typename Count>
QVector<double> lastWeeks(const pipeline::HealthReport &report, const std::map<base::Instant, Count> &byWeek,
                          double (*amount)(const Count &))
{
    if (report.to.ms == 0)
        return {};
    const base::Instant last = store::weekOf(report.to);
    const std::int64_t span = (last.ms - store::weekOf(report.from).ms) / kWeekMs + 1;
    const auto shown = std::min<std::int64_t>(span, kTrendWeeks);
    QVector<double> counts(static_cast<qsizetype>(shown), 0.0);
    for (const auto &[week, count] : byWeek) {
        const std::int64_t place = shown - 1 - (last.ms - week.ms) / kWeekMs;
        if (place >= 0 && place < shown)
            counts[static_cast<qsizetype>(place)] = amount(count);
    }
    return counts;
}

QString countsText(const QVector<double> &counts)
{
    QStringList words;
    for (const double count : counts)
        words << countText(count);
    return words.join(QLatin1Char(' '));
}

QString trendHelp(const QVector<double> &counts)
{
    return QObject::tr("By week, the last on the right: %1").arg(countsText(counts));
}

/// The last four weeks less the four before.
double growth(const QVector<double> &counts)
{
    double sum = 0.0;
    for (qsizetype i = 0; i < counts.size(); ++i) {
        const qsizetype back = counts.size() - 1 - i;
        sum += back < 4 ? counts[i] : back < 8 ? -counts[i] : 0.0;
    }
    return sum;
}

QString number(std::uint64_t value)
{
    return countText(static_cast<double>(value));
}

QString daysText(const std::optional<int> &days)
{
    return days ? QObject::tr("%1 d").arg(countText(*days)) : QString(QChar(0x2013));
}

QString factorText(double factor)
{
    const QString change = shareText(factor - 1.0);
    return factor >= 1.0 ? QLatin1Char('+') + change : change;
}

QString growthText(const pipeline::ClassHealth &health)
{
    if (!health.trend)
        return QString(QChar(0x2013));
    return QObject::tr("%1 (%2 to %3)")
        .arg(factorText(health.trend->perPeriod), factorText(health.trend->low), factorText(health.trend->high));
}

QColor concernColour(const HealthLine &line)
{
    if (line.health.concerns.empty())
        return {};
    return line.health.concerns.front() == "never_hit" ? Theme::current().mutedText : Theme::current().loss;
}

QString concernsText(const pipeline::RuleHealth &health)
{
    QStringList names;
    for (const auto &concern : health.concerns)
        names << concernName(concern);
    return names.join(QStringLiteral(", "));
}

QString successText(const pipeline::RuleHealth &health)
{
    return health.use.hitsOnSuccesses == 0
               ? QStringLiteral("0")
               : QObject::tr("%1 (%2)").arg(number(health.use.hitsOnSuccesses), shareText(health.use.successShare()));
}

QString expiryText(const pipeline::RuleHealth &health)
{
    if (!health.expiresInDays)
        return text(health.rule.expires);
    return *health.expiresInDays < 0 ? QObject::tr("%1, expired").arg(text(health.rule.expires))
                                     : text(health.rule.expires);
}

} // namespace

QStringList concernKeys()
{
    return {QStringLiteral("fires_on_successes"), QStringLiteral("imprecise"), QStringLiteral("expired"),
            QStringLiteral("expires_soon"), QStringLiteral("never_hit")};
}

QString concernName(std::string_view concern)
{
    if (concern == "never_hit")
        return QObject::tr("never hit");
    if (concern == "expired")
        return QObject::tr("expired");
    if (concern == "expires_soon")
        return QObject::tr("expires soon");
    if (concern == "fires_on_successes")
        return QObject::tr("fires on successes");
    if (concern == "imprecise")
        return QObject::tr("imprecise");
    return text(concern).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString estimateText(const std::optional<stats::Estimate> &estimate)
{
    if (!estimate || estimate->sampled == 0)
        return {};
    return QObject::tr("%1 (%2 to %3)")
        .arg(shareText(estimate->value), shareText(estimate->low), shareText(estimate->high));
}

std::vector<HealthLine> healthLines(const pipeline::HealthReport &report)
{
    std::vector<HealthLine> lines;
    for (const auto &rule : report.rules)
        lines.push_back(
            {rule, lastWeeks<store::WeekHits>(report, rule.activity.byWeek, [](const store::WeekHits &hits) {
                 return static_cast<double>(hits.hits);
             })});
    return lines;
}

std::vector<ClassLine> classLines(const pipeline::HealthReport &report)
{
    std::vector<ClassLine> lines;
    for (const auto &each : report.classes)
        lines.push_back({each, lastWeeks<std::uint64_t>(report, each.byWeek, [](const std::uint64_t &count) {
                             return static_cast<double>(count);
                         })});
    return lines;
}

QVector<SharePoint> sharePoints(const pipeline::UnclassifiedHealth &health)
{
    QVector<SharePoint> points;
    for (const auto &[week, count] : health.byWeek) {
        if (count.failures == 0)
            continue;
        const auto part = static_cast<double>(count.unclassified);
        const auto whole = static_cast<double>(count.failures);
        const stats::Bounds bounds = stats::wilson(part, whole);
        points.push_back({week, part / whole, bounds.low, bounds.high, part, whole});
    }
    return points;
}

std::vector<RowsModel<HealthLine>::Column> healthColumns()
{
    using Line = HealthLine;
    constexpr double kNever = std::numeric_limits<double>::max();
    const auto precision = [](const Line &l) {
        return l.health.precision && l.health.precision->sampled > 0 ? l.health.precision->value : -1.0;
    };
    return {
        {QObject::tr("Rule"),
         [](const Line &l) { return text(l.health.rule.id); },
         {},
         false,
         [](const Line &l) { return text(l.health.rule.title); },
         {}},
        {QObject::tr("Concern"), [](const Line &l) { return concernsText(l.health); }, {}, false, {}, concernColour},
        {QObject::tr("Hits"),
         [](const Line &l) { return number(l.health.use.hits); },
         [](const Line &l) { return static_cast<double>(l.health.use.hits); },
         true,
         [](const Line &) { return QObject::tr("Failures that it matched"); },
         {}},
        {QObject::tr("Wins"),
         [](const Line &l) { return number(l.health.use.wins); },
         [](const Line &l) { return static_cast<double>(l.health.use.wins); },
         true,
         [](const Line &) { return QObject::tr("Failures that it decided"); },
         {}},
        {QObject::tr("By week"),
         [](const Line &l) { return countsText(l.weeks); },
         [](const Line &l) { return growth(l.weeks); },
         false,
         [](const Line &l) { return trendHelp(l.weeks); },
         {}},
        {QObject::tr("Last hit"),
         [](const Line &l) { return l.health.use.lastHit ? dateText(*l.health.use.lastHit) : QObject::tr("never"); },
         [](const Line &l) { return static_cast<double>(l.health.use.lastHit ? l.health.use.lastHit->ms : 0); },
         false,
         {},
         {}},
        {QObject::tr("On successes"), [](const Line &l) { return successText(l.health); },
         [](const Line &l) { return l.health.use.successShare(); }, true,
         [](const Line &) { return QObject::tr("Successful attempts that it matched, as a share of all it matched"); },
         [](const Line &l) { return l.health.use.successShare() > 0.1 ? Theme::current().loss : QColor(); }},
        {QObject::tr("Audited precision"),
         [](const Line &l) { return estimateText(l.health.precision); },
         precision,
         true,
         [](const Line &l) {
             return l.health.precision
                        ? QObject::tr("%1 right of %2 looked at; 95 % interval in brackets")
                              .arg(number(l.health.precision->right), number(l.health.precision->sampled))
                        : QObject::tr("No failure of it was audited");
         },
         {}},
        {QObject::tr("Time"),
         [](const Line &l) {
             return l.health.seconds ? QObject::tr("%1 ms").arg(*l.health.seconds * 1000.0, 0, 'f', 1) : QString();
         },
         [](const Line &l) { return l.health.seconds.value_or(-1.0); },
         true,
         [](const Line &) { return QObject::tr("Matching it alone over the measured texts"); },
         {}},
        {QObject::tr("Age"),
         [](const Line &l) { return daysText(l.health.ageDays); },
         [](const Line &l) { return static_cast<double>(l.health.ageDays.value_or(-1)); },
         true,
         [](const Line &l) {
             return QObject::tr("Created %1, modified %2")
                 .arg(text(l.health.rule.created), text(l.health.rule.modified));
         },
         {}},
        {QObject::tr("Expires"),
         [](const Line &l) { return expiryText(l.health); },
         [](const Line &l) { return l.health.expiresInDays ? static_cast<double>(*l.health.expiresInDays) : kNever; },
         false,
         {},
         [](const Line &l) { return l.health.expiresInDays.value_or(1) < 0 ? Theme::current().loss : QColor(); }},
        {QObject::tr("Owner"), [](const Line &l) { return text(l.health.rule.owner); }, {}, false, {}, {}},
        {QObject::tr("Class"), [](const Line &l) { return text(l.health.rule.errorClass); }, {}, false, {}, {}},
    };
}

std::vector<RowsModel<ClassLine>::Column> classColumns()
{
    using Line = ClassLine;
    return {
        {QObject::tr("Class"), [](const Line &l) { return text(l.health.errorClass); }, {}, false, {}, {}},
        {QObject::tr("Failures"),
         [](const Line &l) { return number(l.health.failures); },
         [](const Line &l) { return static_cast<double>(l.health.failures); },
         true,
         {},
         {}},
        {QObject::tr("By week"),
         [](const Line &l) { return countsText(l.weeks); },
         [](const Line &l) { return growth(l.weeks); },
         false,
         [](const Line &l) { return trendHelp(l.weeks); },
         {}},
        {QObject::tr("4 weeks"),
         [](const Line &l) { return number(l.health.recent); },
         [](const Line &l) { return static_cast<double>(l.health.recent); },
         true,
         [](const Line &) { return QObject::tr("Failures in the last four whole weeks of the data"); },
         {},
         QObject::tr("Failures in the last four whole weeks of the data")},
        {QObject::tr("Before"),
         [](const Line &l) { return number(l.health.previous); },
         [](const Line &l) { return static_cast<double>(l.health.previous); },
         true,
         [](const Line &) { return QObject::tr("Failures in the four weeks before those"); },
         {}},
        {QObject::tr("Growth"),
         [](const Line &l) { return l.health.trend ? factorText(l.health.trend->perPeriod) : QString(QChar(0x2013)); },
         [](const Line &l) { return l.health.trend ? l.health.trend->low : -1.0; }, true,
         [](const Line &l) {
             return growthText(l.health) + QLatin1Char('\n')
                    + QObject::tr("Change of the count from week to week, with its 95 % interval; the order is that of "
                                  "its lower end");
         },
         [](const Line &l) { return l.health.trend && l.health.trend->low > 1.0 ? Theme::current().loss : QColor(); },
         QObject::tr(
             "Change of the count from week to week. Ordered by the lower end of its 95 % interval: growth that "
             "is sure stands before growth that a few failures could have made.")},
        {QObject::tr("95 %"),
         [](const Line &l) {
             return l.health.trend
                        ? QObject::tr("%1 to %2").arg(factorText(l.health.trend->low), factorText(l.health.trend->high))
                        : QString(QChar(0x2013));
         },
         [](const Line &l) { return l.health.trend ? l.health.trend->low : -1.0; },
         true,
         [](const Line &) { return QObject::tr("Interval of the growth from week to week"); },
         {}},
    };
}

std::vector<RowsModel<pipeline::UnclassifiedHealth>::Column> unclassifiedColumns(const QString &what)
{
    using Line = pipeline::UnclassifiedHealth;
    return {
        {what, [](const Line &l) { return l.name.empty() ? QObject::tr("(none)") : text(l.name); }, {}, false, {}, {}},
        {QObject::tr("Failures"),
         [](const Line &l) { return number(l.failures); },
         [](const Line &l) { return static_cast<double>(l.failures); },
         true,
         {},
         {}},
        {QObject::tr("Unclassified"),
         [](const Line &l) { return number(l.unclassified); },
         [](const Line &l) { return static_cast<double>(l.unclassified); },
         true,
         {},
         {}},
        {QObject::tr("Share"),
         [](const Line &l) { return shareText(l.share()); },
         [](const Line &l) { return l.share(); },
         true,
         [](const Line &l) {
             return QObject::tr("%1 of %2 failures: %3; 95 % interval %4 to %5")
                 .arg(number(l.unclassified), number(l.failures), shareText(l.share()), shareText(l.interval.low),
                      shareText(l.interval.high));
         },
         {},
         QObject::tr(
             "Ordered by the lower end of its 95 % interval: what is surely bad stands before what few failures "
             "only make look bad.")},
        {QObject::tr("95 %"),
         [](const Line &l) {
             return QObject::tr("%1 to %2").arg(shareText(l.interval.low), shareText(l.interval.high));
         },
         [](const Line &l) { return l.interval.low; },
         true,
         [](const Line &) { return QObject::tr("Interval of the share; worst is what is high even at its lower end"); },
         {}},
    };
}

} // namespace mulligan::desktop

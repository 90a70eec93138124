#include "desktop/pages/rules_mining_columns.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <QObject>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

QString number(std::uint64_t value)
{
    return countText(static_cast<double>(value));
}

QString namesText(const std::vector<pipeline::NamedCount> &names, std::uint64_t all)
{
    QStringList words;
    for (const auto &each : names)
        words << QObject::tr("%1 (%2)").arg(each.name.empty() ? QObject::tr("none") : text(each.name),
                                            number(each.failures));
    if (all > names.size())
        words << QObject::tr("%1 more").arg(number(all - names.size()));
    return words.join(QStringLiteral(", "));
}

} // namespace

std::vector<RowsModel<pipeline::MinedCluster>::Column> clusterColumns()
{
    using Line = pipeline::MinedCluster;
    return {
        {QObject::tr("Template"), [](const Line &l) { return text(l.cluster.text); }, {}, false, {}, {}},
        {QObject::tr("Failures"),
         [](const Line &l) { return number(l.failures); },
         [](const Line &l) { return static_cast<double>(l.failures); },
         true,
         {},
         {}},
        {QObject::tr("Share"),
         [](const Line &l) { return shareText(l.share); },
         [](const Line &l) { return l.share; },
         true,
         [](const Line &) { return QObject::tr("Of all failures that were mined"); },
         {}},
        {QObject::tr("Cost"),
         [](const Line &l) { return moneyText(l.costUsd); },
         [](const Line &l) { return l.costUsd; },
         true,
         {},
         {}},
        {QObject::tr("Jobs"),
         [](const Line &l) { return number(l.jobCount); },
         [](const Line &l) { return static_cast<double>(l.jobCount); },
         true,
         [](const Line &l) { return namesText(l.jobs, l.jobCount); },
         {}},
        {QObject::tr("First seen"),
         [](const Line &l) { return dateText(l.firstSeen); },
         [](const Line &l) { return static_cast<double>(l.firstSeen.ms); },
         false,
         {},
         {}},
        {QObject::tr("Last seen"),
         [](const Line &l) { return dateText(l.lastSeen); },
         [](const Line &l) { return static_cast<double>(l.lastSeen.ms); },
         false,
         {},
         {}},
        {QObject::tr("Exception"),
         [](const Line &l) { return text(l.cluster.exceptionClass).section(QLatin1Char('.'), -1); },
         {},
         false,
         [](const Line &l) { return text(l.cluster.exceptionClass); },
         {}},
        {QObject::tr("Cluster"), [](const Line &l) { return text(l.cluster.id); }, {}, false, {}, {}},
    };
}

std::vector<RowsModel<pipeline::ClusterNeighbour>::Column> neighbourColumns()
{
    using Line = pipeline::ClusterNeighbour;
    return {
        {QObject::tr("Alike"),
         [](const Line &l) { return shareText(l.similarity); },
         [](const Line &l) { return l.similarity; },
         true,
         {},
         {}},
        {QObject::tr("Looks like"),
         [](const Line &l) { return l.rule.empty() ? QObject::tr("unclassified") : text(l.rule); },
         {},
         false,
         [](const Line &l) { return text(l.errorClass); },
         [](const Line &l) { return l.rule.empty() ? Theme::current().mutedText : QColor(); }},
        {QObject::tr("Template"), [](const Line &l) { return text(l.text); }, {}, false, {}, {}},
        {QObject::tr("Failures"),
         [](const Line &l) { return number(l.failures); },
         [](const Line &l) { return static_cast<double>(l.failures); },
         true,
         {},
         {}},
    };
}

QString templateHtml(std::string_view templateText)
{
    const Theme &theme = Theme::current();
    QString html;
    const QString all = text(templateText);
    qsizetype from = 0;
    while (from < all.size()) {
        const qsizetype open = all.indexOf(QLatin1Char('<'), from);
        const qsizetype close = open < 0 ? -1 : all.indexOf(QLatin1Char('>'), open);
        const bool variable =
            close > open && close - open <= 16
            && std::all_of(all.begin() + open + 1, all.begin() + close, [](QChar letter) {
                   return letter.isLower() || letter == QLatin1Char('*') || letter == QLatin1Char('_');
               });
        if (open < 0) {
            html += all.mid(from).toHtmlEscaped();
            break;
        }
        html += all.mid(from, open - from).toHtmlEscaped();
        if (variable) {
            html +=
                QStringLiteral("<span style='background-color:%1; color:%2'>%3</span>")
                    .arg(theme.highlight.name(), theme.text.name(), all.mid(open, close - open + 1).toHtmlEscaped());
            from = close + 1;
        } else {
            html += QStringLiteral("&lt;");
            from = open + 1;
        }
    }
    return html;
}

QString clusterText(const pipeline::MinedCluster &cluster)
{
    QStringList lines;
    lines << QObject::tr("%1 failures, %2, seen %3 to %4")
                 .arg(number(cluster.failures), moneyText(cluster.costUsd), dateText(cluster.firstSeen),
                      dateText(cluster.lastSeen));
    if (!cluster.jobs.empty())
        lines << QObject::tr("Jobs: %1").arg(namesText(cluster.jobs, cluster.jobCount));
    if (!cluster.owners.empty())
        lines << QObject::tr("Owners: %1").arg(namesText(cluster.owners, cluster.ownerCount));
    if (!cluster.cluster.exceptionClass.empty())
        lines << text(cluster.cluster.exceptionClass);
    if (!cluster.cluster.frames.empty())
        lines << QObject::tr("at %1").arg(
            text(cluster.cluster.frames).replace(QLatin1Char('\n'), QStringLiteral(" ← ")));
    return lines.join(QLatin1Char('\n'));
}

std::vector<DraftCheckLine> checkLines(const pipeline::RuleDraft &draft)
{
    const auto &checks = draft.checks;
    std::vector<DraftCheckLine> lines;
    lines.push_back({checks.members > 0 && checks.membersMatched == checks.members,
                     QObject::tr("matches %1 of the %2 distinct texts of the cluster")
                         .arg(number(checks.membersMatched), number(checks.members))});
    lines.push_back({checks.otherCauses == 0,
                     checks.otherCauses == 0
                         ? QObject::tr("matches no other cluster")
                         : QObject::tr("matches %1 texts of other clusters").arg(number(checks.otherCauses))});
    lines.push_back(
        {checks.successes == 0, checks.successes == 0
                                    ? QObject::tr("matches no successful attempt")
                                    : QObject::tr("matches %1 successful attempts").arg(number(checks.successes))});
    if (checks.undetermined > 0)
        lines.push_back({false, QObject::tr("undetermined on %1 texts").arg(number(checks.undetermined))});
    if (!checks.backtracking.empty())
        lines.push_back({false, QObject::tr("may be slow: %1").arg(text(checks.backtracking))});
    return lines;
}

QString effectText(const pipeline::RuleDraft &draft)
{
    const auto &preview = draft.preview;
    QString effect =
        QObject::tr("Classifies %1 failures (%2) of %3 jobs that no rule knows today.")
            .arg(number(preview.unclassifiedFailures), moneyText(preview.unclassifiedCostUsd), number(preview.jobs));
    if (preview.fromRules.empty())
        return effect;
    QStringList rules;
    for (const auto &[rule, failures] : preview.fromRules)
        rules << QObject::tr("%1 (%2)").arg(text(rule), number(failures));
    return effect + QLatin1Char(' ')
           + QObject::tr("Also matches failures that have a rule: %1; which wins is a matter of priority.")
                 .arg(rules.join(QStringLiteral(", ")));
}

} // namespace mulligan::desktop

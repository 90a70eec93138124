#include "desktop/pages/rules_compare_columns.hpp"

#include "desktop/pages/rules_columns.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <QObject>

#include <algorithm>
#include <set>

namespace mulligan::desktop
{

namespace
{

// Less than this is rounding, not savings.
constexpr double kCent = 0.005;

QString number(std::uint64_t value)
{
    return countText(static_cast<double>(value));
}

QString ruleName(const std::string &rule)
{
    return rule.empty() ? QObject::tr("no rule") : text(rule);
}

QString signedMoney(double usd)
{
    return usd >= 0.0 ? QLatin1Char('+') + moneyText(usd) : moneyText(usd);
}

std::uint64_t sum(const std::map<std::string, std::uint64_t> &hits)
{
    std::uint64_t all = 0;
    for (const auto &each : hits)
        all += each.second;
    return all;
}

} // namespace

MoveKind moveKind(const pipeline::RuleMove &move)
{
    if (move.fromRule.empty() != move.toRule.empty())
        return move.fromRule.empty() ? MoveKind::Classified : MoveKind::Unclassified;
    if (move.fromClass != move.toClass)
        return MoveKind::OtherClass;
    return move.fromAction != move.toAction ? MoveKind::OtherAction : MoveKind::OtherRule;
}

QString moveKindName(MoveKind kind)
{
    switch (kind) {
    case MoveKind::Classified: return QObject::tr("newly classified");
    case MoveKind::Unclassified: return QObject::tr("no longer classified");
    case MoveKind::OtherClass: return QObject::tr("another class");
    case MoveKind::OtherAction: return QObject::tr("another action");
    case MoveKind::OtherRule: return QObject::tr("another rule, same class");
    }
    return {};
}

std::vector<RowsModel<pipeline::RuleMove>::Column> moveColumns()
{
    using Line = pipeline::RuleMove;
    const auto colour = [](const Line &l) {
        return moveKind(l) == MoveKind::Unclassified ? Theme::current().loss
               : moveKind(l) == MoveKind::Classified ? Theme::current().gain
                                                     : QColor();
    };
    const auto action = [](const Line &l) {
        return l.fromAction == l.toAction
                   ? actionName(l.toAction)
                   : QObject::tr("%1 → %2").arg(actionName(l.fromAction), actionName(l.toAction));
    };
    const auto withClass = [](const std::string &rule, const std::string &errorClass) {
        return errorClass.empty() ? ruleName(rule) : ruleName(rule) + QLatin1Char('\n') + text(errorClass);
    };
    return {
        {QObject::tr("What changes"), [](const Line &l) { return moveKindName(moveKind(l)); }, {}, false, {}, colour},
        {QObject::tr("From rule"),
         [](const Line &l) { return ruleName(l.fromRule); },
         {},
         false,
         [withClass](const Line &l) { return withClass(l.fromRule, l.fromClass); },
         {}},
        {QObject::tr("From class"), [](const Line &l) { return text(l.fromClass); }, {}, false, {}, {}},
        {QObject::tr("To rule"),
         [](const Line &l) { return ruleName(l.toRule); },
         {},
         false,
         [withClass](const Line &l) { return withClass(l.toRule, l.toClass); },
         {}},
        {QObject::tr("To class"), [](const Line &l) { return text(l.toClass); }, {}, false, {}, {}},
        {QObject::tr("Action"), action, {}, false, {}, {}},
        {QObject::tr("Failures"),
         [](const Line &l) { return number(l.failures); },
         [](const Line &l) { return static_cast<double>(l.failures); },
         true,
         {},
         {}},
        {QObject::tr("Cost"),
         [](const Line &l) { return moneyText(l.costUsd); },
         [](const Line &l) { return l.costUsd; },
         true,
         [](const Line &) { return QObject::tr("What those attempts cost"); },
         {}},
    };
}

std::vector<SuccessLine> successLines(const pipeline::PackComparison &comparison)
{
    std::map<std::string, SuccessLine> lines;
    for (const auto &[rule, hits] : comparison.onSuccessesA)
        lines[rule].before = hits;
    for (const auto &[rule, hits] : comparison.onSuccessesB)
        lines[rule].after = hits;
    std::vector<SuccessLine> out;
    for (auto &[rule, line] : lines) {
        line.rule = rule;
        out.push_back(line);
    }
    const auto gained = [](const SuccessLine &l) {
        return static_cast<std::int64_t>(l.after) - static_cast<std::int64_t>(l.before);
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const SuccessLine &a, const SuccessLine &b) { return gained(a) > gained(b); });
    return out;
}

std::vector<RowsModel<SuccessLine>::Column> successColumns()
{
    using Line = SuccessLine;
    return {
        {QObject::tr("Rule"),
         [](const Line &l) { return text(l.rule); },
         {},
         false,
         {},
         [](const Line &l) { return l.after > l.before ? Theme::current().loss : QColor(); }},
        {QObject::tr("Before"),
         [](const Line &l) { return number(l.before); },
         [](const Line &l) { return static_cast<double>(l.before); },
         true,
         {},
         {}},
        {QObject::tr("After"),
         [](const Line &l) { return number(l.after); },
         [](const Line &l) { return static_cast<double>(l.after); },
         true,
         {},
         {}},
    };
}

std::vector<RowsModel<store::FailureRow>::Column> exampleColumns()
{
    using Line = store::FailureRow;
    return {
        {QObject::tr("Job"), [](const Line &l) { return text(l.job); }, {}, false, {}, {}},
        {QObject::tr("Run"), [](const Line &l) { return text(l.run); }, {}, false, {}, {}},
        {QObject::tr("Started (UTC)"),
         [](const Line &l) { return instantText(l.startedAt); },
         [](const Line &l) { return static_cast<double>(l.startedAt.ms); },
         false,
         {},
         {}},
        {QObject::tr("Cause"), [](const Line &l) { return text(l.cause); }, {}, false, {}, {}},
    };
}

CompareVerdict compareVerdict(const pipeline::PackComparison &comparison)
{
    const auto &change = comparison.change;
    const double net = comparison.savings ? comparison.savings->netGain() : 0.0;
    const std::uint64_t before = sum(comparison.onSuccessesA);
    const std::uint64_t after = sum(comparison.onSuccessesB);
    const bool gains = change.newlyClassified > 0 || after < before || net > kCent;
    const bool losses = change.newlyUnclassified > 0 || after > before || net < -kCent;
    if (gains && losses)
        return CompareVerdict::Mixed;
    if (losses)
        return CompareVerdict::Worse;
    // Other classes alone are neither: only an audit tells which are right.
    return gains ? CompareVerdict::Better : change.changed > 0 ? CompareVerdict::Mixed : CompareVerdict::Same;
}

QString verdictHeading(const pipeline::PackComparison &comparison)
{
    switch (compareVerdict(comparison)) {
    case CompareVerdict::Same: return QObject::tr("= No verdict changes");
    case CompareVerdict::Better: return QObject::tr("✓ Nothing is lost");
    case CompareVerdict::Mixed: return QObject::tr("± Some verdicts change: look at the moves");
    case CompareVerdict::Worse: return QObject::tr("✕ Something is lost");
    }
    return {};
}

QString verdictText(const pipeline::PackComparison &comparison, const QString &a, const QString &b)
{
    const auto &change = comparison.change;
    QStringList said;
    const double share =
        change.failures > 0 ? static_cast<double>(change.changed) / static_cast<double>(change.failures) : 0.0;
    said << QObject::tr("With %1 in place of %2, %3 of %4 failures (%5, %6) are judged otherwise.")
                .arg(b, a, number(change.changed), number(change.failures), shareText(share),
                     moneyText(change.changedCostUsd));
    if (change.changed > 0)
        said << QObject::tr("%1 are newly classified (%2), %3 no longer (%4); %5 are in another class, for %6 another "
                            "action is taken.")
                    .arg(number(change.newlyClassified), moneyText(change.newlyClassifiedCostUsd),
                         number(change.newlyUnclassified), moneyText(change.newlyUnclassifiedCostUsd),
                         number(change.changedClass), number(change.changedAction));
    said << QObject::tr("Successful attempts matched: %1 before, %2 after.")
                .arg(number(sum(comparison.onSuccessesA)), number(sum(comparison.onSuccessesB)));
    if (change.undetermined > 0)
        said << QObject::tr("On %1 failures a rule ran out of its step budget; they are left out.")
                    .arg(number(change.undetermined));
    if (comparison.savings)
        said << QObject::tr("Net savings under the policy in force: %1 before, %2 after (%3).")
                    .arg(moneyText(comparison.savings->before.savings.net.value),
                         moneyText(comparison.savings->after.savings.net.value),
                         signedMoney(comparison.savings->netGain()));
    if (comparison.savings && comparison.savings->after.modelFallback)
        said << text(comparison.savings->after.modelCaveat);
    if (!comparison.savings && !comparison.withoutSavings.empty())
        said << QObject::tr("No savings: %1").arg(text(comparison.withoutSavings));
    return said.join(QLatin1Char(' '));
}

} // namespace mulligan::desktop

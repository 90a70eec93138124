#include "desktop/pages/rules_columns.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

namespace mulligan::desktop
{

QString actionName(model::RuleAction action)
{
    switch (action) {
    case model::RuleAction::Retry: return QObject::tr("retry");
    case model::RuleAction::Stop: return QObject::tr("stop");
    case model::RuleAction::AskModel: return QObject::tr("ask the model");
    }
    return {};
}

QString statusName(classify::RuleStatus status)
{
    switch (status) {
    case classify::RuleStatus::Draft: return QObject::tr("draft");
    case classify::RuleStatus::Active: return QObject::tr("active");
    case classify::RuleStatus::Retired: return QObject::tr("retired");
    }
    return {};
}

namespace
{

QString placeName(const classify::Rule &rule)
{
    switch (rule.where) {
    case classify::MatchWhere::RootCause: return QObject::tr("the root cause");
    case classify::MatchWhere::Message: return QObject::tr("the message");
    case classify::MatchWhere::WholeLog: return QObject::tr("the whole log");
    case classify::MatchWhere::LastLines: return QObject::tr("the last %1 lines").arg(rule.lastLines);
    }
    return {};
}

} // namespace

QString whereName(const classify::Rule &rule)
{
    const QString place = placeName(rule);
    switch (rule.leastLevel) {
    case classify::LeastLevel::Any: break;
    case classify::LeastLevel::Warn: return QObject::tr("%1, in lines of WARN and above or unmarked ones").arg(place);
    case classify::LeastLevel::Error: return QObject::tr("%1, in lines of ERROR and above or unmarked ones").arg(place);
    }
    return place;
}

namespace
{

/// What must be seen without colour comes with the title.
QString titleOf(const RuleLine &line)
{
    QString title = text(line.rule.title);
    if (line.rule.status != classify::RuleStatus::Active)
        title += QStringLiteral(" (%1)").arg(statusName(line.rule.status));
    if (line.faulty)
        title.prepend(QStringLiteral("⚠ "));
    else if (line.unsaved)
        title.prepend(QStringLiteral("• "));
    return title;
}

} // namespace

QString ruleSecondLine(const RuleLine &line)
{
    return text(line.rule.id) + QStringLiteral(" · ") + text(line.rule.errorClass);
}

std::vector<RowsModel<RuleLine>::Column> ruleColumns()
{
    using Line = RuleLine;
    const auto faded = [](const Line &l) {
        if (l.faulty)
            return Theme::current().loss;
        const bool decides = l.enabled && l.rule.status == classify::RuleStatus::Active;
        return decides ? QColor() : Theme::current().mutedText;
    };
    return {
        {QObject::tr("Rule"), [](const Line &l) { return titleOf(l); },
         [](const Line &l) { return text(l.rule.title); }, false,
         [](const Line &l) { return text(l.rule.title) + QLatin1Char('\n') + ruleSecondLine(l); }, faded},
        {QObject::tr("Class"), [](const Line &l) { return text(l.rule.errorClass); }, {}, false, {}, faded},
        {QObject::tr("Domain"), [](const Line &l) { return text(name(l.rule.domain)); }, {}, false, {}, faded},
        {QObject::tr("Action"),
         [](const Line &l) {
             if (!l.enabled)
                 return QObject::tr("switched off");
             return l.otherAction ? QObject::tr("%1 (edited)").arg(actionName(*l.otherAction))
                                  : actionName(l.rule.action);
         },
         {},
         false,
         {},
         [](const Line &l) { return !l.enabled || l.otherAction ? Theme::current().accent : QColor(); }},
        {QObject::tr("Wins"), [](const Line &l) { return countText(static_cast<double>(l.hits.wins)); },
         [](const Line &l) { return QVariant::fromValue<qulonglong>(l.hits.wins); }, true,
         [](const Line &) { return QObject::tr("Failures it classifies"); }, faded},
        {QObject::tr("Shadowed"), [](const Line &l) { return countText(static_cast<double>(l.hits.shadowed)); },
         [](const Line &l) { return QVariant::fromValue<qulonglong>(l.hits.shadowed); }, true,
         [](const Line &) { return QObject::tr("Failures it matches, but another rule wins"); }, faded},
        {QObject::tr("Share"), [](const Line &l) { return shareText(l.share); }, [](const Line &l) { return l.share; },
         true, [](const Line &) { return QObject::tr("Of all failures"); }, faded},
        {QObject::tr("Priority"), [](const Line &l) { return QString::number(l.rule.priority); },
         [](const Line &l) { return l.rule.priority; }, true,
         [](const Line &) { return QObject::tr("Of several rules that match, the highest wins"); }, faded},
        {QObject::tr("Order"), [](const Line &l) { return QString::number(l.order); },
         [](const Line &l) { return l.order; }, true,
         [](const Line &l) { return QObject::tr("Place in the files: %1").arg(text(l.rule.file)); }, faded},
        {QObject::tr("Status"), [](const Line &l) { return statusName(l.rule.status); }, {}, false, {}, faded},
    };
}

QString problemKindName(const std::string &kind)
{
    if (kind == "no_samples") // of one sort, mostly: what it says is which
        return QObject::tr("missing sample");
    return text(kind).replace(QLatin1Char('_'), QLatin1Char(' '));
}

std::vector<RowsModel<PackProblem>::Column> problemColumns()
{
    using Line = PackProblem;
    const auto colour = [](const Line &l) {
        return l.severity == classify::Severity::Error ? Theme::current().loss : QColor();
    };
    return {
        {QObject::tr("Rule"),
         [](const Line &l) { return text(l.rule); },
         {},
         false,
         [](const Line &l) { return text(l.rule); },
         {}},
        {QObject::tr("Kind"), [](const Line &l) { return problemKindName(l.kind); }, {}, false, {}, colour},
        {QObject::tr("File"),
         [](const Line &l) { return text(l.file).section(QLatin1Char('/'), -1); },
         {},
         false,
         [](const Line &l) { return text(l.file); },
         {}},
        {QObject::tr("Line"),
         [](const Line &l) { return l.line > 0 ? QString::number(l.line) : QString(); },
         [](const Line &l) { return l.line; },
         true,
         {},
         {}},
        {QObject::tr("What is wrong"),
         [](const Line &l) { return text(l.message).simplified(); },
         {},
         false,
         [](const Line &l) {
             return text(l.message) + QLatin1Char('\n') + text(l.rule) + QStringLiteral(" · ")
                    + problemKindName(l.kind);
         },
         colour},
    };
}

} // namespace mulligan::desktop

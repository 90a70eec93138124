#include "classify/classifier.hpp"
#include "desktop/pages/lab_controller.hpp"
#include "desktop/pages/lab_knobs.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/knob_entries.hpp"
#include "desktop/widgets/knob_group.hpp"
#include "desktop/widgets/knob_row.hpp"

#include <QVBoxLayout>

// The list-shaped knobs of the lab: each reads rows from, and writes rows to, one member of the policy or economics.
namespace mulligan::desktop
{

namespace
{

using policy::Economics;
using policy::Policy;
using Rows = QVector<QStringList>;

QString utf8(const std::string &value)
{
    return QString::fromStdString(value);
}

QString plain(double value)
{
    return QString::number(value, 'g', 12);
}

EntryField numberField(const QString &title, double high, int decimals, const QString &unit, const QString &initial)
{
    EntryField field;
    field.title = title;
    field.kind = EntryField::Kind::Number;
    field.high = high;
    field.decimals = decimals;
    field.unit = unit;
    field.initial = initial;
    return field;
}

EntryField textField(const QString &title)
{
    EntryField field;
    field.title = title;
    return field;
}

EntryField choiceField(const QString &title, QVector<std::pair<QString, QString>> choices)
{
    EntryField field;
    field.title = title;
    field.kind = EntryField::Kind::Choice;
    field.initial = choices.front().first;
    field.choices = std::move(choices);
    return field;
}

policy::OverrideAction overrideAction(const QString &value)
{
    for (const auto action : {policy::OverrideAction::AlwaysRetry, policy::OverrideAction::NeverRetry,
                              policy::OverrideAction::NeverAskModel})
        if (value == text(policy::name(action)))
            return action;
    return policy::OverrideAction::NeverRetry;
}

Rows overrideRows(const Policy &policy)
{
    Rows rows;
    for (const policy::Override &o : policy.overrides)
        rows << QStringList{utf8(o.jobGlob), utf8(o.rule), text(policy::name(o.action))};
    return rows;
}

void setOverrides(Policy &policy, const Rows &rows)
{
    policy.overrides.clear();
    for (const QStringList &row : rows)
        if (!row[0].isEmpty() || !row[1].isEmpty()) // one that fits everything is no escape hatch but another policy
            policy.overrides.push_back({row[0].toStdString(), row[1].toStdString(), overrideAction(row[2])});
}

} // namespace

void LabKnobs::addList(KnobGroup *group, BoundList list, const QString &label, const QString &help)
{
    list.group = m_groups.size() - 1;
    list.row = new KnobRow(label, help, list.entries, true);
    group->body()->addWidget(list.row);
    const auto set = list.set;
    const auto putBack = [this, set, get = list.get, label](const Values &to) {
        policy::Policy policy = m_controller.session().policy();
        policy::Economics economics = m_controller.session().economics();
        set(policy, economics, get(to.policy, to.economics));
        m_controller.session().setPolicy(policy, tr("%1 put back").arg(label));
        m_controller.session().setEconomics(economics, tr("%1 put back").arg(label));
    };
    connect(list.row, &KnobRow::resetToSavedRequested, this, [this, putBack] { putBack(m_saved); });
    connect(list.row, &KnobRow::resetToShippedRequested, this, [this, putBack] { putBack(m_shipped); });
    connect(list.entries, &KnobEntries::edited, this, [this, set, label](const Rows &rows) {
        policy::Policy policy = m_controller.session().policy();
        policy::Economics economics = m_controller.session().economics();
        set(policy, economics, rows);
        m_controller.session().setPolicy(policy, label);
        m_controller.session().setEconomics(economics, label);
    });
    m_lists << std::move(list);
}

void LabKnobs::addModelClasses(KnobGroup *group)
{
    BoundList list;
    list.key = QStringLiteral("ask_model");
    list.entries = new KnobEntries({textField(tr("Class or group"))}, tr("Add a class"));
    list.get = [](const Policy &p, const Economics &) {
        Rows rows;
        for (const std::string &selector : p.askModel)
            rows << QStringList{utf8(selector)};
        return rows;
    };
    list.set = [](Policy &p, Economics &, const Rows &rows) {
        p.askModel.clear();
        for (const QStringList &row : rows)
            p.askModel.push_back(row[0].toStdString());
    };
    addList(group, list, tr("The model is asked for"),
            tr("Groups or classes for which the model decides, whatever the rule says."));
}

void LabKnobs::addOverrides(KnobGroup *group)
{
    BoundList list;
    list.key = QStringLiteral("overrides");
    list.entries = new KnobEntries({textField(tr("Job (glob)")), textField(tr("Rule")),
                                    choiceField(tr("Action"), {{QStringLiteral("never_retry"), tr("never retry")},
                                                               {QStringLiteral("always_retry"), tr("always retry")},
                                                               {QStringLiteral("never_ask_model"), tr("no model")}})},
                                   tr("Add an override"));
    list.get = [](const Policy &p, const Economics &) { return overrideRows(p); };
    list.set = [](Policy &p, Economics &, const Rows &rows) { setOverrides(p, rows); };
    addList(group, list, tr("Overrides"),
            tr("The escape hatch, by job or rule; the first that fits wins. Retry limits still bind."));
}

void LabKnobs::addRuleLists(KnobGroup *group)
{
    BoundList actions;
    actions.key = QStringLiteral("rule_actions");
    actions.entries = new KnobEntries(
        {textField(tr("Rule")), choiceField(tr("Action"), {{QStringLiteral("retry"), tr("retry")},
                                                           {QStringLiteral("stop"), tr("stop")},
                                                           {QStringLiteral("ask_model"), tr("ask model")}})},
        tr("Give a rule another action"));
    actions.get = [](const Policy &p, const Economics &) {
        Rows rows;
        for (const auto &[rule, action] : p.ruleActions)
            rows << QStringList{utf8(rule), text(model::name(action))};
        return rows;
    };
    actions.set = [](Policy &p, Economics &, const Rows &rows) {
        p.ruleActions.clear();
        for (const QStringList &row : rows)
            if (const auto action = model::ruleActionFromName(row[1].toStdString()))
                p.ruleActions[row[0].toStdString()] = *action;
    };
    addList(group, actions, tr("Rules with another action"), tr("Stands above the rule's own action."));

    BoundList disabled;
    disabled.key = QStringLiteral("disabled_rules");
    disabled.entries = new KnobEntries({textField(tr("Rule"))}, tr("Switch a rule off"));
    disabled.get = [](const Policy &p, const Economics &) {
        Rows rows;
        for (const std::string &rule : p.disabledRules)
            rows << QStringList{utf8(rule)};
        return rows;
    };
    disabled.set = [](Policy &p, Economics &, const Rows &rows) {
        p.disabledRules.clear();
        for (const QStringList &row : rows)
            p.disabledRules.insert(row[0].toStdString());
    };
    addList(group, disabled, tr("Rules switched off"), tr("What they matched falls to the next rule that matches."));
}

void LabKnobs::addMinutes(KnobGroup *group)
{
    BoundList list;
    list.key = QStringLiteral("minutes");
    list.entries = new KnobEntries(
        {textField(tr("Class or group")), numberField(tr("Minutes"), 1e5, 1, tr("min"), QStringLiteral("30"))},
        tr("Add minutes for a class"));
    list.get = [](const Policy &, const Economics &e) {
        Rows rows;
        for (const auto &[selector, minutes] : e.minutes)
            rows << QStringList{utf8(selector), plain(minutes)};
        return rows;
    };
    list.set = [](Policy &, Economics &e, const Rows &rows) {
        e.minutes.clear();
        for (const QStringList &row : rows)
            e.minutes[row[0].toStdString()] = row[1].toDouble();
    };
    addList(group, list, tr("Minutes by class"), tr("Of a person's time, where the data do not log it; assumed."));
}

void LabKnobs::addPrices(KnobGroup *group)
{
    BoundList list;
    list.key = QStringLiteral("prices");
    list.entries = new KnobEntries({textField(tr("Cluster")),
                                    numberField(tr("Per virtual core and hour"), 1e6, 4, {}, QStringLiteral("0.05")),
                                    numberField(tr("Per GiB and hour"), 1e6, 4, {}, QStringLiteral("0.006"))},
                                   tr("Add prices of a cluster"));
    list.get = [](const Policy &, const Economics &e) {
        Rows rows;
        for (const auto &[cluster, price] : e.prices)
            rows << QStringList{utf8(cluster), plain(price.vcoreHour), plain(price.gibHour)};
        return rows;
    };
    list.set = [](Policy &, Economics &e, const Rows &rows) {
        e.prices.clear();
        for (const QStringList &row : rows)
            e.prices[row[0].toStdString()] = {row[1].toDouble(), row[2].toDouble()};
    };
    addList(group, list, tr("Price book by cluster"), tr("Per virtual core and hour, and per GiB and hour."));
}

void LabKnobs::suggest()
{
    QStringList rules;
    if (const auto classifier = m_controller.session().rules())
        for (const auto &rule : classifier->pack().rules)
            rules << utf8(rule.id);
    const QStringList selectors = m_controller.selectors();
    for (const BoundList &list : std::as_const(m_lists)) {
        if (list.key == QLatin1String("ask_model") || list.key == QLatin1String("minutes"))
            list.entries->setSuggestions(0, selectors);
        else if (list.key == QLatin1String("prices"))
            list.entries->setSuggestions(0, m_controller.clusters());
        else
            list.entries->setSuggestions(list.key == QLatin1String("overrides") ? 1 : 0, rules);
    }
}

} // namespace mulligan::desktop

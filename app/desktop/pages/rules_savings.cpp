#include "desktop/pages/rules_savings.hpp"

#include "desktop/session/session.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"

#include <utility>

namespace mulligan::desktop
{

RulesSavings::RulesSavings(Session &session, QWidget *parent) : ElidedLabel(parent), m_session(session)
{
    refresh();
}

void RulesSavings::forget()
{
    m_baseline.reset();
}

void RulesSavings::noteBaseline()
{
    const auto &policy = m_session.policy();
    if (m_session.stale() || !m_session.replay() || !policy.disabledRules.empty() || !policy.ruleActions.empty())
        return;
    m_baseline = Baseline{m_session.replay()->report.savings.net.value, policy, m_session.economics()};
}

std::optional<double> RulesSavings::netBefore() const
{
    if (!m_baseline || m_baseline->economics != m_session.economics())
        return std::nullopt;
    // Only the rules may differ: what another knob changed is not their effect.
    policy::Policy rest = m_session.policy();
    rest.disabledRules.clear();
    rest.ruleActions.clear();
    return rest == m_baseline->policy ? std::optional(m_baseline->net) : std::nullopt;
}

void RulesSavings::refresh()
{
    noteBaseline();
    const auto &policy = m_session.policy();
    const bool edited = !policy.disabledRules.empty() || !policy.ruleActions.empty();
    setRole(this, "muted");
    setToolTip(QObject::tr("Of the policy, with the rules it switches off or gives another action"));
    if (!m_session.replay()) {
        clear();
        return;
    }
    if (m_session.stale()) {
        setText(QObject::tr("Replaying…"));
        return;
    }
    const double after = m_session.replay()->report.savings.net.value;
    const auto before = netBefore();
    if (!edited || !before) {
        setText(edited ? QObject::tr("Net savings %1 with the edited rules").arg(moneyText(after))
                       : QObject::tr("Net savings %1").arg(moneyText(after)));
    } else {
        const double change = after - *before;
        setText(QObject::tr("Net savings %1 → %2 (%3%4)")
                    .arg(moneyText(*before), moneyText(after), change >= 0 ? QStringLiteral("+") : QString(),
                         moneyText(change)));
        if (change != 0.0)
            setRole(this, change > 0 ? "gain" : "loss");
    }
    sayOlderRules();
    cautionWithoutModel();
}

void RulesSavings::setOlderRules(bool older)
{
    if (std::exchange(m_olderRules, older) != older)
        refresh();
}

void RulesSavings::sayOlderRules()
{
    if (!m_olderRules)
        return;
    setText(QObject::tr("%1, as last classified").arg(this->text()));
    setToolTip(QObject::tr("Of the verdicts that are stored, which are not those of the rules in force: classify again "
                           "to see what these save"));
}

void RulesSavings::cautionWithoutModel()
{
    const model::SavingsReport &report = m_session.replay()->report;
    if (!report.modelFallback)
        return;
    setRole(this, "caution");
    setText(QObject::tr("%1 · %2").arg(this->text(), withoutModelText(report)));
    setToolTip(desktop::text(report.modelCaveat));
}

} // namespace mulligan::desktop

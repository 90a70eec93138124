#include "desktop/pages/rules_tab.hpp"

#include "desktop/pages/rules_audit_panel.hpp"
#include "desktop/pages/rules_compare_panel.hpp"
#include "desktop/pages/rules_health_panel.hpp"
#include "desktop/pages/rules_mining_panel.hpp"

#include <QCoreApplication>

namespace mulligan::desktop
{

namespace
{

QString said(const char *source)
{
    return QCoreApplication::translate("RulesTab", source);
}

template <typename Panel> Page *made(Session &session, QWidget *parent)
{
    return new Panel(session, parent);
}

} // namespace

std::vector<RulesTab> rulesTabs()
{
    return {
        {QStringLiteral("health"), said("Health"),
         said("What every rule does: hits over time, successes hit, audited precision, age; what no rule knows"),
         &made<RulesHealthPanel>},
        {QStringLiteral("audit"), said("Audit"),
         said("A random sample of verdicts to confirm or correct by keyboard: precision and coverage"),
         &made<RulesAuditPanel>},
        {QStringLiteral("mining"), said("Mining"),
         said("Groups among the failures that no rule knows, and draft rules"), &made<RulesMiningPanel>},
        {QStringLiteral("compare"), said("Compare"),
         said("Two packs on the same history: what changes class, in counts and money"), &made<RulesComparePanel>},
    };
}

} // namespace mulligan::desktop

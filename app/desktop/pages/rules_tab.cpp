#include "desktop/pages/rules_tab.hpp"

namespace mulligan::desktop
{

std::vector<RulesTab> rulesTabs()
{
    return {};
}

} // namespace mulligan::desktop

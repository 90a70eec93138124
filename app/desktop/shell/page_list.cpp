#include "desktop/shell/page_list.hpp"

#include "desktop/pages/data_page.hpp"
#include "desktop/pages/deploy_page.hpp"
#include "desktop/pages/failures_page.hpp"
#include "desktop/pages/lab_page.hpp"
#include "desktop/pages/model_page.hpp"
#include "desktop/pages/report_page.hpp"
#include "desktop/pages/rules_page.hpp"
#include "desktop/pages/start_page.hpp"

namespace mulligan::desktop
{

Page *makePage(const QString &name, Session &session)
{
    if (name == QLatin1String("start"))
        return new StartPage(session);
    if (name == QLatin1String("data"))
        return new DataPage(session);
    if (name == QLatin1String("failures"))
        return new FailuresPage(session);
    if (name == QLatin1String("rules"))
        return new RulesPage(session);
    if (name == QLatin1String("model"))
        return new ModelPage(session);
    if (name == QLatin1String("lab"))
        return new LabPage(session);
    if (name == QLatin1String("report"))
        return new ReportPage(session);
    if (name == QLatin1String("deploy"))
        return new DeployPage(session);
    return nullptr;
}

} // namespace mulligan::desktop

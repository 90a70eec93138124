#include "desktop/shell/page_list.hpp"

#if __has_include("desktop/pages/data_page.hpp")
#include "desktop/pages/data_page.hpp"
#define MULLIGAN_DATA_PAGE
#endif
#if __has_include("desktop/pages/failures_page.hpp")
#include "desktop/pages/failures_page.hpp"
#define MULLIGAN_FAILURES_PAGE
#endif
#if __has_include("desktop/pages/rules_page.hpp")
#include "desktop/pages/rules_page.hpp"
#define MULLIGAN_RULES_PAGE
#endif
#if __has_include("desktop/pages/start_page.hpp")
#include "desktop/pages/start_page.hpp"
#define MULLIGAN_START_PAGE
#endif
#if __has_include("desktop/pages/model_page.hpp")
#include "desktop/pages/model_page.hpp"
#define MULLIGAN_MODEL_PAGE
#endif
#if __has_include("desktop/pages/lab_page.hpp")
#include "desktop/pages/lab_page.hpp"
#define MULLIGAN_LAB_PAGE
#endif
#if __has_include("desktop/pages/report_page.hpp")
#include "desktop/pages/report_page.hpp"
#define MULLIGAN_REPORT_PAGE
#endif
#if __has_include("desktop/pages/deploy_page.hpp")
#include "desktop/pages/deploy_page.hpp"
#define MULLIGAN_DEPLOY_PAGE
#endif

namespace mulligan::desktop
{

Page *makePage(const QString &name, [[maybe_unused]] Session &session)
{
#ifdef MULLIGAN_START_PAGE
    if (name == QLatin1String("start"))
        return new StartPage(session);
#endif
#ifdef MULLIGAN_DATA_PAGE
    if (name == QLatin1String("data"))
        return new DataPage(session);
#endif
#ifdef MULLIGAN_FAILURES_PAGE
    if (name == QLatin1String("failures"))
        return new FailuresPage(session);
#endif
#ifdef MULLIGAN_RULES_PAGE
    if (name == QLatin1String("rules"))
        return new RulesPage(session);
#endif
#ifdef MULLIGAN_MODEL_PAGE
    if (name == QLatin1String("model"))
        return new ModelPage(session);
#endif
#ifdef MULLIGAN_LAB_PAGE
    if (name == QLatin1String("lab"))
        return new LabPage(session);
#endif
#ifdef MULLIGAN_REPORT_PAGE
    if (name == QLatin1String("report"))
        return new ReportPage(session);
#endif
#ifdef MULLIGAN_DEPLOY_PAGE
    if (name == QLatin1String("deploy"))
        return new DeployPage(session);
#endif
    return nullptr;
}

} // namespace mulligan::desktop

#include "desktop/charts/baseline_name.hpp"

#include "desktop/widgets/format.hpp"

#include <QCoreApplication>

namespace mulligan::desktop
{

namespace
{

QString tr(const char *source)
{
    return QCoreApplication::translate("ModelPage", source);
}

} // namespace

QString baselineName(const std::string &name)
{
    if (name == "overall_rate")
        return tr("Overall success rate");
    if (name == "class_rate")
        return tr("Success rate by class");
    if (name == "job_rate")
        return tr("Success rate by job");
    return text(name);
}

} // namespace mulligan::desktop

#include "desktop/session/session_state.hpp"
#include "formats/json.hpp"

#include <QFileInfo>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr const char *kWatchSetting = "watch";

std::string settingOf(const FolderWatch &watch)
{
    return watch.active() ? formats::writeJson(formats::Json()
                                                   .set("folder", watch.folder().toStdString())
                                                   .set("minutes", std::int64_t{watch.minutes()}))
                          : std::string();
}

/// Whether anything that a page shows differs from before.
bool anythingNew(const pipeline::RefreshReport &report)
{
    // Files that hold nothing readable are met anew every time.
    const auto counts = [](const auto &source) { return source.status != pipeline::SourceStatus::Skipped; };
    return std::any_of(report.import.sources.begin(), report.import.sources.end(), counts) || report.classified > 0
           || report.made > 0 || report.withdrawn > 0;
}

} // namespace

const FolderWatch &Session::watch() const
{
    return m_state->watch;
}

FolderWatch &Session::watch()
{
    return m_state->watch;
}

bool Session::refreshing() const
{
    return m_state->refreshing;
}

const std::optional<base::Error> &Session::refreshError() const
{
    return m_state->refreshError;
}

const std::optional<pipeline::RefreshReport> &Session::lastRefresh() const
{
    return m_state->lastRefresh;
}

const std::optional<pipeline::Freshness> &Session::freshness() const
{
    return m_state->freshness;
}

void Session::watchFolder(const QString &folder, int minutes)
{
    if (!isOpen()) {
        mayStart(); // says what is missing
        return;
    }
    m_state->refreshError.reset();
    m_state->watch.start(QFileInfo(folder).absoluteFilePath(), minutes);
    const auto stored = m_state->workspace->setSetting(kWatchSetting, settingOf(m_state->watch));
    if (!stored)
        Q_EMIT errorOccurred(stored.error());
}

void Session::stopWatching()
{
    m_state->watch.stop();
    m_state->refreshError.reset();
    if (m_state->refreshing && m_state->job)
        m_state->job->cancel();
    if (isOpen()) {
        const auto stored = m_state->workspace->setSetting(kWatchSetting, settingOf(m_state->watch));
        if (!stored)
            Q_EMIT errorOccurred(stored.error());
    }
    Q_EMIT watchChanged();
}

void Session::resumeWatching()
{
    const auto stored = m_state->workspace->setting(kWatchSetting);
    if (!stored || !stored.value().has_value() || stored.value()->empty())
        return;
    const auto watch = formats::parseJson(*stored.value());
    if (!watch)
        return;
    const QString folder = QString::fromStdString((*watch)["folder"].string());
    if (folder.isEmpty())
        return;
    // When it was looked at last is known once the workspace is counted; the next look is set by that.
    m_state->watch.start(folder, static_cast<int>((*watch)["minutes"].integer(kWatchMinutes)), clockNow());
    m_state->watchResumed = true;
    Q_EMIT watchResumed();
}

void Session::refreshWhenDue()
{
    // Half an hour's work must not be refused to a person because a look was due, nor the other way round.
    if (!isOpen() || m_state->job) {
        m_state->watch.postpone();
        return;
    }
    startRefresh();
}

void Session::refreshNow()
{
    if (!mayStart())
        return;
    if (!m_state->watch.active()) {
        Q_EMIT errorOccurred(base::makeError(base::ErrorCode::InvalidArgument, "No folder is watched",
                                             "Choose one with File, Watch a folder."));
        return;
    }
    m_state->refreshError.reset(); // who asks is answered, even with the same error
    startRefresh();
}

void Session::startRefresh()
{
    auto work = [path = m_state->path.toStdString(), folder = m_state->watch.folder(), rules = m_state->settledRules(),
                 resources = m_state->resources, rulePaths = rulePaths()](
                    std::stop_token stop, base::Progress &progress) -> base::Result<pipeline::RefreshReport> {
        // An import would report the folder as a source that cannot be read; here there is nothing else to look at.
        if (!QFileInfo(folder).isDir() || !QFileInfo(folder).isReadable())
            return base::makeError(base::ErrorCode::NotFound,
                                   "The watched folder cannot be read: " + folder.toStdString(),
                                   "Check that it is there and may be read; it is looked at again in its turn.");
        MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadWrite));
        pipeline::RefreshOptions options;
        MULLIGAN_TRY(options.rules, rulesForJob(rules, resources, rulePaths));
        // What is being edited in the lab is not in force before it is saved.
        MULLIGAN_TRY(options.policy, pipeline::workspacePolicy(workspace, resources));
        MULLIGAN_TRY(options.economics, pipeline::workspaceEconomics(workspace, resources));
        options.import.economics = options.economics;
        const std::vector<std::string> paths{folder.toStdString()};
        return pipeline::refresh(workspace, paths, options, resources, stop, progress);
    };
    adoptJob(
        startJob<pipeline::RefreshReport>(this, tr("Refreshing"), work,
                                          [this](pipeline::RefreshReport report) { adoptRefresh(std::move(report)); }),
        true);
}

void Session::adoptRefresh(pipeline::RefreshReport report)
{
    m_state->refreshError.reset();
    m_state->freshness = report.freshness;
    m_state->broughtNews = anythingNew(report);
    if (m_state->broughtNews)
        m_state->lastImport = report.import;
    m_state->lastRefresh = std::move(report);
}

void Session::refreshFailed(const base::Error &error)
{
    const bool told = m_state->refreshError.has_value() && m_state->refreshError->text() == error.text();
    m_state->refreshError = error;
    // The same failure as last time has left the workspace as it was then.
    m_state->broughtNews = !told;
    if (!told)
        Q_EMIT errorOccurred(error);
}

} // namespace mulligan::desktop

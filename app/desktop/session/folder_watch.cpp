#include "desktop/session/folder_watch.hpp"

#include <QDateTime>

#include <algorithm>

namespace mulligan::desktop
{

base::Instant clockNow()
{
    return {QDateTime::currentMSecsSinceEpoch()};
}

FolderWatch::FolderWatch(QObject *parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &FolderWatch::tick);
}

void FolderWatch::start(const QString &folder, int minutes, base::Instant last)
{
    m_folder = folder;
    m_minutes = std::clamp(minutes, kLeastWatchMinutes, kMostWatchMinutes);
    schedule(last.ms == 0 ? clockNow() : base::Instant{last.ms + std::int64_t{m_minutes} * m_minuteMs});
}

void FolderWatch::stop()
{
    m_timer.stop();
    if (!active())
        return;
    m_folder.clear();
    m_next = {};
    Q_EMIT changed();
}

void FolderWatch::refreshed()
{
    if (active())
        schedule({clockNow().ms + std::int64_t{m_minutes} * m_minuteMs});
}

void FolderWatch::postpone()
{
    if (active())
        schedule({clockNow().ms + m_minuteMs});
}

void FolderWatch::setMinute(int milliseconds)
{
    m_minuteMs = std::max(1, milliseconds);
}

void FolderWatch::schedule(base::Instant next)
{
    m_next = next;
    // In short steps: a timer over hours stands still while the machine sleeps.
    const std::int64_t left = std::clamp<std::int64_t>(next.ms - clockNow().ms, 0, m_minuteMs);
    m_timer.start(static_cast<int>(left));
    Q_EMIT changed();
}

void FolderWatch::tick()
{
    if (!active())
        return;
    const std::int64_t left = m_next.ms - clockNow().ms;
    if (left > 0)
        m_timer.start(static_cast<int>(std::min<std::int64_t>(left, m_minuteMs)));
    else if (m_held)
        m_timer.start(m_minuteMs);
    else
        Q_EMIT due();
}

} // namespace mulligan::desktop

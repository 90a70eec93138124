#include "desktop/pages/data_watch_strip.hpp"

#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace mulligan::desktop
{

namespace
{

QString outcomeOf(const Session &session)
{
    const auto number = [](std::uint64_t value) { return countText(static_cast<double>(value)); };
    if (session.refreshing())
        return DataWatchStrip::tr("looking now");
    if (session.refreshError().has_value())
        return DataWatchStrip::tr("⚠ the last look failed: %1").arg(text(session.refreshError()->message));
    const auto &last = session.lastRefresh();
    if (!last.has_value())
        return {};
    if (last->import.attempts == 0 && last->grown == 0 && last->import.rejectedRows == 0)
        return DataWatchStrip::tr("nothing new at the last look");
    return DataWatchStrip::tr("the last look brought %1 attempts, %2 of %3 sources had grown")
        .arg(number(last->import.attempts), number(last->grown), number(last->import.sources.size()));
}

} // namespace

DataWatchStrip::DataWatchStrip(Session &session, QWidget *parent) : QWidget(parent), m_session(session)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGapSmall);
    m_text = makeLabel({}, nullptr, this);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    row->addWidget(m_text, 1);
    m_now = new QPushButton(icon(QStringLiteral("retry")), tr("Refresh now"), this);
    connect(m_now, &QPushButton::clicked, &session, &Session::refreshNow);
    row->addWidget(m_now);
    auto *change = new QPushButton(tr("Change…"), this);
    change->setAccessibleName(tr("Change the watched folder"));
    connect(change, &QPushButton::clicked, this, &DataWatchStrip::changeRequested);
    row->addWidget(change);
    auto *stop = new QPushButton(icon(QStringLiteral("stop")), tr("Stop watching"), this);
    connect(stop, &QPushButton::clicked, &session, &Session::stopWatching);
    row->addWidget(stop);
    connect(&session, &Session::watchChanged, this, &DataWatchStrip::refresh);
    connect(&session, &Session::jobStarted, this, &DataWatchStrip::refresh);
    connect(&session, &Session::jobEnded, this, &DataWatchStrip::refresh);
    refresh();
}

void DataWatchStrip::refresh()
{
    const FolderWatch &watch = m_session.watch();
    setVisible(watch.active());
    if (!watch.active())
        return;
    m_now->setEnabled(m_session.currentJob() == nullptr);
    QStringList parts{tr("Watching %1 every %2 min").arg(watch.folder()).arg(watch.minutes())};
    if (const QString outcome = outcomeOf(m_session); !outcome.isEmpty())
        parts << outcome;
    m_text->setText(parts.join(QStringLiteral(" · ")));
    setRole(m_text, m_session.refreshError().has_value() ? "loss" : "muted");
}

} // namespace mulligan::desktop

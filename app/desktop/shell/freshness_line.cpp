#include "desktop/shell/freshness_line.hpp"

#include "desktop/session/session.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"

#include <QStringList>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kMinuteMs = 60'000;

double daysBetween(base::Instant from, base::Instant to)
{
    return base::secondsBetween(from, to) / 86400.0;
}

QString agoText(base::Instant then, base::Instant now)
{
    const double seconds = std::max(0.0, base::secondsBetween(then, now));
    return seconds < 60.0 ? FreshnessLine::tr("refreshed just now")
                          : FreshnessLine::tr("refreshed %1 ago").arg(durationText(seconds));
}

QString nextText(const Session &session, base::Instant now)
{
    if (session.refreshing())
        return FreshnessLine::tr("refreshing");
    const double seconds = base::secondsBetween(now, session.watch().nextAt());
    return seconds < 60.0 ? FreshnessLine::tr("next within a minute")
                          : FreshnessLine::tr("next in %1").arg(durationText(seconds));
}

QStringList warningsOf(const Session &session, const pipeline::Freshness &freshness)
{
    QStringList warnings;
    if (session.refreshError().has_value())
        warnings << FreshnessLine::tr("⚠ the last refresh failed");
    const double days = daysBetween(freshness.modelTo, freshness.dataUntil);
    if (!freshness.modelId.empty() && days > kModelAgeDays)
        warnings << FreshnessLine::tr("⚠ the model is %1 older than the data").arg(durationText(days * 86400.0));
    return warnings;
}

} // namespace

FreshnessText freshnessText(const Session &session, base::Instant now)
{
    FreshnessText out;
    if (!session.freshness().has_value())
        return out;
    const pipeline::Freshness &freshness = *session.freshness();
    QStringList parts = warningsOf(session, freshness);
    out.warning = !parts.isEmpty();
    if (freshness.dataUntil.ms > 0)
        parts << FreshnessLine::tr("Data until %1").arg(instantText(freshness.dataUntil));
    if (!freshness.modelId.empty())
        parts << FreshnessLine::tr("model of %1").arg(dateText(freshness.modelTo));
    if (freshness.refreshedAt.ms > 0)
        parts << agoText(freshness.refreshedAt, now);
    if (session.watch().active())
        parts << nextText(session, now);
    out.text = parts.join(QStringLiteral(" · "));
    QStringList lines{out.text,
                      FreshnessLine::tr("Times are UTC. The model's date is that of the newest attempt it was "
                                        "trained on.")};
    if (session.watch().active())
        lines << FreshnessLine::tr("Watching %1 every %2 min.")
                     .arg(session.watch().folder())
                     .arg(session.watch().minutes());
    if (session.refreshError().has_value())
        lines << text(session.refreshError()->text());
    out.explanation = lines.join(QLatin1Char('\n'));
    return out;
}

FreshnessLine::FreshnessLine(Session &session, QWidget *parent) : QLabel(parent), m_session(session)
{
    setAccessibleName(tr("How fresh the data are"));
    setTextFormat(Qt::PlainText);
    connect(&session, &Session::watchChanged, this, &FreshnessLine::refresh);
    connect(&session, &Session::workspaceChanged, this, &FreshnessLine::refresh);
    connect(&session, &Session::dataChanged, this, &FreshnessLine::refresh);
    connect(&session, &Session::jobStarted, this, &FreshnessLine::refresh);
    connect(&session, &Session::jobEnded, this, &FreshnessLine::refresh);
    m_minute.setInterval(kMinuteMs);
    connect(&m_minute, &QTimer::timeout, this, &FreshnessLine::refresh);
    m_minute.start();
    refresh();
}

void FreshnessLine::refresh()
{
    const FreshnessText now = freshnessText(m_session, clockNow());
    m_text = now.text;
    setToolTip(now.explanation);
    setAccessibleDescription(now.text);
    setRole(this, now.warning ? "loss" : nullptr);
    setVisible(!m_text.isEmpty());
    elide();
}

QSize FreshnessLine::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 16, QLabel::minimumSizeHint().height()};
}

void FreshnessLine::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    elide();
}

void FreshnessLine::elide()
{
    ensurePolished(); // the role may have made it bold
    const int room = width() - contentsMargins().left() - contentsMargins().right();
    setText(fontMetrics().elidedText(m_text, Qt::ElideRight, room));
}

} // namespace mulligan::desktop

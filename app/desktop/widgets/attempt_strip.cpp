#include "desktop/widgets/attempt_strip.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

constexpr int kHeight = 46;
constexpr double kBarHeight = 20.0;
constexpr double kLeastWidth = 18.0;
constexpr double kLeastGap = 6.0;

QColor colourOf(model::Outcome outcome)
{
    const Theme &theme = Theme::current();
    switch (outcome) {
    case model::Outcome::Succeeded: return theme.gain;
    case model::Outcome::Failed: return theme.loss;
    case model::Outcome::Killed: return theme.modelled;
    case model::Outcome::Unknown: return theme.neutral;
    }
    return theme.neutral;
}

QString signOf(model::Outcome outcome)
{
    switch (outcome) {
    case model::Outcome::Succeeded: return QStringLiteral("✓");
    case model::Outcome::Failed: return QStringLiteral("✕");
    case model::Outcome::Killed: return QStringLiteral("■");
    case model::Outcome::Unknown: return QStringLiteral("?");
    }
    return {};
}

} // namespace

AttemptStrip::AttemptStrip(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Attempts of the run in time"));
}

void AttemptStrip::setBars(std::vector<Bar> bars, int selected)
{
    m_bars = std::move(bars);
    m_selected = selected;
    update();
}

QSize AttemptStrip::sizeHint() const
{
    return {240, kHeight};
}

QSize AttemptStrip::minimumSizeHint() const
{
    return {120, kHeight};
}

std::vector<QRectF> AttemptStrip::layOut() const
{
    // Square roots of the lengths: a run of seconds stays visible beside one of hours, and longer is still longer.
    std::vector<double> lengths;
    double sum = 0.0;
    for (size_t i = 0; i < m_bars.size(); ++i) {
        const double wait = i == 0 ? 0.0 : std::max(0.0, base::secondsBetween(m_bars[i - 1].to, m_bars[i].from));
        const double length = std::max(0.0, base::secondsBetween(m_bars[i].from, m_bars[i].to));
        lengths.push_back(std::sqrt(wait));
        lengths.push_back(std::sqrt(length));
        sum += lengths[2 * i] + lengths[2 * i + 1];
    }
    const double fixed = static_cast<double>(m_bars.size()) * (kLeastWidth + kLeastGap);
    const double scale = sum > 0.0 ? std::max(0.0, width() - 2.0 - fixed) / sum : 0.0;
    std::vector<QRectF> places;
    double x = 1.0;
    for (size_t i = 0; i < m_bars.size(); ++i) {
        if (i > 0)
            x += kLeastGap + lengths[2 * i] * scale;
        const double w = kLeastWidth + lengths[2 * i + 1] * scale;
        places.emplace_back(x, 2.0, w, kBarHeight);
        x += w;
    }
    return places;
}

void AttemptStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = Theme::current();
    const auto places = layOut();
    for (size_t i = 0; i < places.size(); ++i) {
        const QRectF &place = places[i];
        if (i > 0) {
            painter.setPen(QPen(theme.border, 1.5, Qt::DotLine));
            painter.drawLine(QPointF(places[i - 1].right() + 2, place.center().y()),
                             QPointF(place.left() - 2, place.center().y()));
        }
        painter.setPen(static_cast<int>(i) == m_selected ? QPen(theme.text, 2.0) : QPen(Qt::NoPen));
        painter.setBrush(colourOf(m_bars[i].outcome));
        painter.drawRoundedRect(place, 4, 4);
        painter.setPen(theme.mode == ThemeMode::Light ? QColor(Qt::white) : theme.window);
        painter.drawText(place, Qt::AlignCenter, signOf(m_bars[i].outcome));
        painter.setPen(theme.mutedText);
        const QString label = durationText(base::secondsBetween(m_bars[i].from, m_bars[i].to));
        const double needed = fontMetrics().horizontalAdvance(label);
        const double room = (i + 1 < places.size() ? places[i + 1].left() : width()) - place.left();
        if (needed <= room)
            painter.drawText(QRectF(place.left(), place.bottom() + 3, needed + 2, kHeight - kBarHeight - 5),
                             Qt::AlignLeft | Qt::AlignTop, label);
    }
}

void AttemptStrip::mousePressEvent(QMouseEvent *event)
{
    const auto places = layOut();
    for (size_t i = 0; i < places.size(); ++i) {
        if (places[i].adjusted(-2, -2, 2, 2).contains(event->position()))
            Q_EMIT barClicked(static_cast<int>(i));
    }
}

} // namespace mulligan::desktop

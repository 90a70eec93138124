#include "desktop/charts/painted_chart.hpp"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace mulligan::desktop
{

PaintedChart::PaintedChart(const QString &title, QWidget *parent) : QWidget(parent), m_title(title)
{
    setAccessibleName(title);
    setFocusPolicy(Qt::TabFocus); // so that the keyboard reaches the export menu
    setMouseTracking(true);
}

void PaintedChart::setTitle(const QString &title)
{
    m_title = title;
    setAccessibleName(title);
}

ChartPicture PaintedChart::picture() const
{
    return {m_title, size(),
            [this](QPainter &p, const QRectF &area, const ChartStyle &style) { paintChart(p, area, style); },
            ChartStyle::current(font())};
}

void PaintedChart::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    update();
}

QString PaintedChart::tooltipAt(const QPointF &) const
{
    return {};
}

void PaintedChart::describe(const QString &summary)
{
    setAccessibleDescription(summary);
    update();
}

bool PaintedChart::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString text = tooltipAt(help->pos());
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

void PaintedChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_stale)
        painter.setOpacity(0.45);
    painter.setFont(font());
    paintChart(painter, rect(), ChartStyle::current(font()));
    if (hasFocus()) {
        painter.setOpacity(1.0);
        painter.setPen(QPen(Theme::current().accent, 1.0, Qt::DotLine));
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void PaintedChart::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        update();
    QWidget::changeEvent(event);
}

void PaintedChart::contextMenuEvent(QContextMenuEvent *event)
{
    showChartMenu(this, event->globalPos(), picture());
}

} // namespace mulligan::desktop

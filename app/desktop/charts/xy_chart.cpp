#include "desktop/charts/xy_chart.hpp"

#include "desktop/charts/axis.hpp"

#include <QAreaSeries>
#include <QChart>
#include <QChartView>
#include <QContextMenuEvent>
#include <QGraphicsLayout>
#include <QHelpEvent>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QLocale>
#include <QScatterSeries>
#include <QToolTip>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

struct XyChart::State {
    QChart *chart = nullptr;
    QChartView *view = nullptr;
    QValueAxis *x = nullptr;
    QValueAxis *y = nullptr;
    std::vector<QLineSeries *> lines;
    QAreaSeries *band = nullptr;
    QLineSeries *bandLower = nullptr;
    QLineSeries *bandUpper = nullptr;
    QLineSeries *marker = nullptr;
    QScatterSeries *dot = nullptr;
};

namespace
{

/// y of a line at x, by straight lines between its points; nothing outside of it.
std::optional<double> valueAt(const QVector<QPointF> &points, double x)
{
    if (points.isEmpty() || x < points.front().x() || x > points.back().x())
        return std::nullopt;
    const auto after =
        std::lower_bound(points.begin(), points.end(), x, [](const QPointF &p, double value) { return p.x() < value; });
    if (after == points.begin() || after->x() == x)
        return after->y();
    const QPointF before = *(after - 1);
    return before.y() + (after->y() - before.y()) * (x - before.x()) / (after->x() - before.x());
}

QColor colourOf(const Theme &theme, LineRole role)
{
    switch (role) {
    case LineRole::Accent: return theme.accent;
    case LineRole::History: return theme.history;
    case LineRole::Neutral: return theme.mutedText;
    }
    return theme.text;
}

Qt::PenStyle dashOf(LineRole role)
{
    return role == LineRole::Accent ? Qt::SolidLine : role == LineRole::History ? Qt::DashLine : Qt::DotLine;
}

} // namespace

XyChart::XyChart(const QString &title, XyAxis x, XyAxis y, QWidget *parent)
    : QWidget(parent), m_title(title), m_x(std::move(x)), m_y(std::move(y)), m_state(std::make_unique<State>())
{
    State &s = *m_state;
    s.chart = new QChart;
    s.chart->setMargins(QMargins(0, 0, 0, 0));
    s.chart->layout()->setContentsMargins(0, 0, 0, 0);
    s.chart->setBackgroundRoundness(0);
    s.chart->legend()->setAlignment(Qt::AlignTop);
    s.x = new QValueAxis;
    s.y = new QValueAxis;
    s.chart->addAxis(s.x, Qt::AlignBottom);
    s.chart->addAxis(s.y, Qt::AlignLeft);
    s.view = new QChartView(s.chart, this);
    s.view->setRenderHint(QPainter::Antialiasing);
    s.view->setFrameShape(QFrame::NoFrame);
    s.view->setFocusPolicy(Qt::TabFocus);
    s.view->setAccessibleName(title);
    s.view->installEventFilter(this);
    s.view->viewport()->installEventFilter(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(s.view);
    setAccessibleName(title);
    applyTheme();
}

XyChart::~XyChart() = default;

void XyChart::replace(const XyContent &content)
{
    State &s = *m_state;
    m_content = content;
    const int pixels = std::max(200, width());
    const auto attach = [&](QAbstractSeries *series) {
        s.chart->addSeries(series);
        series->attachAxis(s.x);
        series->attachAxis(s.y);
    };
    if (content.band && s.band == nullptr) {
        s.bandLower = new QLineSeries(this);
        s.bandUpper = new QLineSeries(this);
        s.band = new QAreaSeries(s.bandUpper, s.bandLower);
        attach(s.band);
        s.band->setName(tr("95 % interval"));
    }
    while (s.lines.size() < content.lines.size()) {
        s.lines.push_back(new QLineSeries);
        attach(s.lines.back());
    }
    if (content.marker && s.marker == nullptr) {
        s.marker = new QLineSeries;
        s.dot = new QScatterSeries;
        attach(s.marker);
        attach(s.dot);
    }
    if (content.band) {
        s.bandLower->replace(decimated(content.band->lower, pixels));
        s.bandUpper->replace(decimated(content.band->upper, pixels));
    }
    for (size_t i = 0; i < s.lines.size(); ++i) {
        const bool used = i < content.lines.size();
        s.lines[i]->setName(used ? content.lines[i].name : QString());
        s.lines[i]->setPointsVisible(used && content.lines[i].pointsMarked);
        s.lines[i]->replace(used ? decimated(content.lines[i].points, pixels) : QVector<QPointF>());
    }
    applyAxes();
    placeMarker();
    applyTheme();
    QStringList words;
    for (const XyLine &line : content.lines)
        if (!line.points.isEmpty())
            words << tr("%1 from %2 to %3")
                         .arg(line.name.isEmpty() ? m_title : line.name)
                         .arg(line.points.front().y())
                         .arg(line.points.back().y());
    s.view->setAccessibleDescription(words.join(QStringLiteral("; ")));
}

void XyChart::setMarker(std::optional<double> x, const QString &label)
{
    m_content.marker = x;
    m_content.markerLabel = label;
    placeMarker();
}

void XyChart::placeMarker()
{
    State &s = *m_state;
    if (s.marker == nullptr)
        return;
    if (!m_content.marker || m_content.lines.empty()) {
        s.marker->replace(QVector<QPointF>());
        s.dot->replace(QVector<QPointF>());
        return;
    }
    const double x = *m_content.marker;
    s.marker->replace(QVector<QPointF>{{x, s.y->min()}, {x, s.y->max()}});
    const auto y = valueAt(m_content.lines.front().points, x);
    s.dot->replace(y ? QVector<QPointF>{{x, *y}} : QVector<QPointF>());
    s.marker->setName(m_content.markerLabel);
}

void XyChart::applyAxes()
{
    double lowX = INFINITY, highX = -INFINITY, lowY = INFINITY, highY = -INFINITY;
    const auto take = [&](const QVector<QPointF> &points) {
        for (const QPointF &p : points) {
            lowX = std::min(lowX, p.x());
            highX = std::max(highX, p.x());
            lowY = std::min(lowY, p.y());
            highY = std::max(highY, p.y());
        }
    };
    for (const XyLine &line : m_content.lines)
        take(line.points);
    if (m_content.band) {
        take(m_content.band->lower);
        take(m_content.band->upper);
    }
    const auto set = [](QValueAxis *axis, const XyAxis &wanted, double low, double high) {
        const AxisTicks ticks = niceTicks(wanted.low.value_or(low), wanted.high.value_or(high), 5);
        axis->setRange(ticks.low, ticks.high);
        axis->setTickType(QValueAxis::TicksFixed);
        axis->setTickCount(static_cast<int>(ticks.values().size()));
        axis->setLabelFormat(QStringLiteral("%.%1f").arg(ticks.decimals()));
        axis->setTitleText(wanted.title);
    };
    m_state->chart->setLocalizeNumbers(true);
    m_state->chart->setLocale(locale());
    set(m_state->x, m_x, lowX, highX);
    set(m_state->y, m_y, lowY, highY);
}

void XyChart::setYAxisTitle(const QString &title)
{
    m_y.title = title;
    m_state->y->setTitleText(title);
}

void XyChart::setStale(bool stale)
{
    m_state->chart->setOpacity(stale ? 0.45 : 1.0);
}

void XyChart::applyTheme()
{
    State &s = *m_state;
    const Theme &theme = Theme::current();
    s.chart->setBackgroundBrush(Qt::NoBrush);
    s.chart->setPlotAreaBackgroundVisible(false);
    s.view->setStyleSheet(QStringLiteral("background: transparent"));
    QFont titleFont = font();
    for (QValueAxis *axis : {s.x, s.y}) {
        axis->setLabelsFont(font());
        axis->setTitleFont(titleFont);
        axis->setLabelsColor(theme.mutedText);
        axis->setTitleBrush(theme.mutedText);
        axis->setLinePen(QPen(theme.border, 1.0));
        axis->setGridLinePen(QPen(theme.grid, 1.0));
    }
    s.chart->legend()->setLabelColor(theme.text);
    s.chart->legend()->setFont(font());
    if (s.band != nullptr) {
        QColor fill = theme.accent;
        fill.setAlphaF(0.18F);
        s.band->setBrush(fill);
        s.band->setPen(Qt::NoPen);
    }
    bool named = false;
    for (size_t i = 0; i < s.lines.size() && i < m_content.lines.size(); ++i) {
        const LineRole role = m_content.lines[i].role;
        s.lines[i]->setPen(QPen(colourOf(theme, role), 2.0, dashOf(role)));
        named = named || !m_content.lines[i].name.isEmpty();
    }
    if (s.marker != nullptr) {
        s.marker->setPen(QPen(theme.text, 1.4, Qt::DashLine));
        s.dot->setMarkerSize(10.0);
        s.dot->setColor(theme.text);
        s.dot->setBorderColor(theme.surface);
    }
    s.chart->legend()->setVisible(named);
    const auto markers = s.chart->legend()->markers();
    for (QLegendMarker *marker : markers)
        marker->setVisible(!marker->series()->name().isEmpty() && marker->series() != s.dot);
}

ChartPicture XyChart::picture() const
{
    QChartView *view = m_state->view;
    return {m_title, size(),
            [view](QPainter &painter, const QRectF &area, const ChartStyle &) {
                view->render(&painter, area, view->viewport()->rect(), Qt::KeepAspectRatio);
            },
            ChartStyle::current(font())};
}

void XyChart::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
    QWidget::changeEvent(event);
}

QString XyChart::tooltipAt(const QPointF &position) const
{
    if (!m_state->chart->plotArea().contains(position))
        return {};
    const double x = m_state->chart->mapToValue(position).x();
    const auto text = [](const XyAxis &axis, double value) {
        return axis.format ? axis.format(value) : QLocale().toString(value, 'g', 4);
    };
    QStringList lines{m_x.title + QStringLiteral(": ") + text(m_x, x)};
    for (const XyLine &line : m_content.lines)
        if (const auto y = valueAt(line.points, x))
            lines << (line.name.isEmpty() ? m_y.title : line.name) + QStringLiteral(": ") + text(m_y, *y);
    if (m_content.band) {
        const auto low = valueAt(m_content.band->lower, x);
        const auto high = valueAt(m_content.band->upper, x);
        if (low && high)
            lines << tr("95 %: %1 to %2").arg(text(m_y, *low), text(m_y, *high));
    }
    return lines.join(QLatin1Char('\n'));
}

bool XyChart::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ContextMenu) {
        showChartMenu(this, static_cast<QContextMenuEvent *>(event)->globalPos(), picture());
        return true;
    }
    if (watched == m_state->view->viewport() && event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), tooltipAt(help->pos()), this);
        return true;
    }
    if (watched == m_state->view->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() == Qt::LeftButton && m_state->chart->plotArea().contains(mouse->position()))
            Q_EMIT clicked(m_state->chart->mapToValue(mouse->position()).x());
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace mulligan::desktop

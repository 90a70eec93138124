#pragma once

#include "desktop/charts/chart_export.hpp"

#include <QPointF>
#include <QString>
#include <QVector>
#include <QWidget>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QChart;
class QValueAxis;

namespace mulligan::desktop
{

/// Which of the theme's colours a line has; lines differ by dash as well.
enum class LineRole { Accent, History, Neutral };

struct XyLine {
    QString name; ///< shown in the legend; empty: not listed
    QVector<QPointF> points;
    LineRole role = LineRole::Accent;
    bool pointsMarked = false;
};

/// The area between two lines of equal length: an interval along x.
struct XyBand {
    QVector<QPointF> lower;
    QVector<QPointF> upper;
};

struct XyAxis {
    QString title; ///< with its unit
    std::optional<double> low;
    std::optional<double> high;
    std::function<QString(double)> format; ///< of a value in tooltips
};

struct XyContent {
    std::vector<XyLine> lines;
    std::optional<XyBand> band;
    std::optional<double> marker; ///< vertical line at x, and a dot where it meets the first line
    QString markerLabel;
};

/// Lines over an axis, by Qt Charts: decimated to two points a pixel and replaced, never appended to.
class XyChart : public QWidget
{
    Q_OBJECT

public:
    XyChart(const QString &title, XyAxis x, XyAxis y, QWidget *parent = nullptr);
    ~XyChart() override;
    void replace(const XyContent &content);
    /// Moves the marker alone; cheap enough for every move of a slider.
    void setMarker(std::optional<double> x, const QString &label);
    void setYAxisTitle(const QString &title);
    void setStale(bool stale);
    [[nodiscard]] ChartPicture picture() const;
    [[nodiscard]] QSize sizeHint() const override { return {420, 280}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {280, 220}; }

Q_SIGNALS:
    void clicked(double x); ///< in the axis' unit

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct State;
    void applyTheme();
    void applyAxes();
    void placeMarker();
    [[nodiscard]] QString tooltipAt(const QPointF &position) const;

    QString m_title;
    XyAxis m_x;
    XyAxis m_y;
    XyContent m_content;
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::desktop

#pragma once

#include "base/instant.hpp"
#include "desktop/charts/painted_chart.hpp"

#include <QVector>

namespace mulligan::desktop
{

/// A share in one week.
struct SharePoint {
    base::Instant week; ///< its Monday
    double share = 0.0;
    double low = 0.0; ///< 95 % interval
    double high = 1.0;
    double part = 0.0; ///< what the share is of: part / whole
    double whole = 0.0;
};

/// A share over weeks with its interval; with a second one to compare with, dashed.
class ShareChart : public PaintedChart
{
    Q_OBJECT

public:
    ShareChart(const QString &title, const QString &axisTitle, QWidget *parent = nullptr);
    /// Weeks ascend; weeks without anything are left out. `name`: of the first line; `other` may be empty.
    void replace(const QString &name, const QVector<SharePoint> &points, const QString &otherName = {},
                 const QVector<SharePoint> &other = {});
    void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const override;
    [[nodiscard]] QSize sizeHint() const override { return {420, 220}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {260, 140}; }

protected:
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;

private:
    struct Layout;
    [[nodiscard]] Layout layoutOf(const QRectF &area, const QFont &font) const;
    void paintAxes(QPainter &painter, const QRectF &area, const Layout &l, const ChartStyle &style) const;
    void paintNames(QPainter &painter, const Layout &l, const ChartStyle &style) const;

    QString m_axisTitle;
    QString m_name;
    QString m_otherName;
    QVector<SharePoint> m_points;
    QVector<SharePoint> m_other;
};

} // namespace mulligan::desktop

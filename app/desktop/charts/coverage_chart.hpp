#pragma once

#include "desktop/charts/painted_chart.hpp"

#include <QVector>

#include <cstdint>
#include <map>

namespace mulligan::desktop
{

/// Attempts of one day; failures are among them.
struct CoverageDay {
    double attempts = 0.0;
    double failures = 0.0;
};

/// A stretch of time, in days since 1970-01-01 and parts of a day.
struct CoverageSpan {
    double from = 0.0;
    double to = 0.0;
};

/// One lane: a format, a folder of sources, or a cluster.
struct CoverageLane {
    QString name;
    std::map<std::int64_t, CoverageDay> days; ///< by day since 1970-01-01, UTC; days without an attempt are left out
    QVector<CoverageSpan> gaps;               ///< of this lane alone
};

struct CoverageTimeline {
    QVector<CoverageLane> lanes;
    CoverageSpan covered;
    QVector<CoverageSpan> gaps;
    double censoredFrom = 0.0; ///< chains that begin after this may go on after the end of the data

    [[nodiscard]] bool isEmpty() const { return lanes.isEmpty() || covered.to <= covered.from; }
};

/// Days that share a bar when `days` of them are `width` pixels wide: 1, 2, 7, 14, 28 or more weeks.
[[nodiscard]] int daysOfBar(double days, double width);

/// What a history covers: one lane a source kind, bars of attempts with the failures in them hatched, gaps marked
/// in their lane or through all lanes, the censored end shaded. Every lane has a scale of its own, since one format may
/// bring a thousand times what another does.
class CoverageChart : public PaintedChart
{
    Q_OBJECT

public:
    explicit CoverageChart(const QString &title, QWidget *parent = nullptr);
    void replace(CoverageTimeline timeline);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const override;

protected:
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;

private:
    CoverageTimeline m_timeline;
};

} // namespace mulligan::desktop

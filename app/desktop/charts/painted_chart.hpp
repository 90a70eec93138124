#pragma once

#include "desktop/charts/chart_export.hpp"

#include <QWidget>

namespace mulligan::desktop
{

/// Base of the charts that paint themselves: theme, tooltips, the export menu and the description for screen readers.
/// Window, pictures and paper share one `paintChart`.
class PaintedChart : public QWidget
{
    Q_OBJECT

public:
    explicit PaintedChart(const QString &title, QWidget *parent = nullptr);

    virtual void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const = 0;
    [[nodiscard]] ChartPicture picture() const;
    [[nodiscard]] const QString &title() const { return m_title; }
    void setTitle(const QString &title);
    /// Dims the chart while newer figures are on their way.
    void setStale(bool stale);

protected:
    /// Text for a place in the chart; empty for none.
    [[nodiscard]] virtual QString tooltipAt(const QPointF &position) const;
    /// The figures in words; called when they change.
    void describe(const QString &summary);

    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    QString m_title;
    bool m_stale = false;
};

} // namespace mulligan::desktop

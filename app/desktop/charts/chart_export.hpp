#pragma once

#include "base/result.hpp"
#include "desktop/shell/theme.hpp"

#include <QFont>
#include <QRectF>
#include <QSize>
#include <QString>

#include <functional>

class QPainter;
class QPoint;
class QWidget;

namespace mulligan::desktop
{

/// How a chart is drawn: the window uses its theme and font, paper the light theme and a font of its own.
struct ChartStyle {
    const Theme *theme = &Theme::light();
    QFont font;

    /// Of the application now.
    [[nodiscard]] static ChartStyle current(const QFont &font);
};

using ChartPainter = std::function<void(QPainter &, const QRectF &, const ChartStyle &)>;

/// A chart as it leaves the window.
struct ChartPicture {
    QString title;
    QSize size; ///< logical pixels, without the title
    ChartPainter paint;
    ChartStyle style;
};

/// Writes a picture at twice the logical size. Errors: Io, naming the path.
[[nodiscard]] base::Result<void> saveChartPng(const ChartPicture &picture, const QString &path);
/// Writes a vector picture. Errors: Io, naming the path.
[[nodiscard]] base::Result<void> saveChartSvg(const ChartPicture &picture, const QString &path);
/// The menu of every chart: save as PNG, save as SVG, copy.
void showChartMenu(QWidget *chart, const QPoint &globalPosition, const ChartPicture &picture);

} // namespace mulligan::desktop

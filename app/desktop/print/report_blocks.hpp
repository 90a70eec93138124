#pragma once

#include "desktop/charts/chart_export.hpp"

#include <QFont>
#include <QRectF>
#include <QString>
#include <QStringList>
#include <QVector>

#include <functional>
#include <memory>
#include <vector>

class QPainter;

namespace mulligan::desktop
{

/// Sizes in points; pages are A4.
inline constexpr double kPageWidth = 595.0;
inline constexpr double kPageHeight = 842.0;
inline constexpr double kPageMargin = 48.0;
inline constexpr double kContentWidth = kPageWidth - 2.0 * kPageMargin;

enum class PrintFont { Title, Heading, Figure, Body, BodyBold, Small, SmallBold };
/// Sized in points of the page, without hinting, so that lines break alike on screen and on paper.
[[nodiscard]] QFont printFont(PrintFont font);
/// Light colours and the small font.
[[nodiscard]] ChartStyle printStyle();

/// A piece of a report that is never split. `header` is drawn again where the piece begins a page: a table's heading.
struct ReportBlock {
    double height = 0.0;
    std::function<void(QPainter &, const QRectF &)> paint;
    bool keepWithNext = false;
    std::shared_ptr<const ReportBlock> header;
};

using ReportBlocks = std::vector<ReportBlock>;

/// One column of a printed table.
struct PrintColumn {
    QString title;
    double share = 1.0; ///< of the width; shares need not add up to 1
    bool right = false; ///< numbers
};

[[nodiscard]] ReportBlock spaceBlock(double height);
/// Text broken over the content's width.
[[nodiscard]] ReportBlock textBlock(const QString &text, PrintFont font, const QColor &colour, double spaceAfter);
[[nodiscard]] ReportBlock headingBlock(const QString &text);
/// A drawing of a given height.
[[nodiscard]] ReportBlock drawingBlock(double height, std::function<void(QPainter &, const QRectF &)> paint);
/// A table: one block a row, the heading repeated on every page. The last row is set bold with `boldLast`.
[[nodiscard]] ReportBlocks tableBlocks(const QVector<PrintColumn> &columns, const QVector<QStringList> &rows,
                                       bool boldLast = false);

/// Blocks by page, first to last: a block that keeps with the next is moved along with it.
struct PlacedBlock {
    const ReportBlock *block = nullptr;
    double top = 0.0; ///< from the page's top
};
[[nodiscard]] std::vector<std::vector<PlacedBlock>> paginate(const ReportBlocks &blocks, double top, double bottom);

} // namespace mulligan::desktop

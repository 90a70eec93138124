#include "desktop/print/report_blocks.hpp"

#include <QApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr double kCellPad = 4.0;
constexpr double kRowPad = 3.0;

QVector<double> widthsOf(const QVector<PrintColumn> &columns)
{
    double all = 0.0;
    for (const PrintColumn &column : columns)
        all += column.share;
    QVector<double> widths;
    for (const PrintColumn &column : columns)
        widths << kContentWidth * column.share / all;
    return widths;
}

int flagsOf(const PrintColumn &column)
{
    return static_cast<int>((column.right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop) | Qt::TextWordWrap;
}

double heightOf(const QStringList &cells, const QVector<PrintColumn> &columns, const QVector<double> &widths,
                const QFont &font)
{
    const QFontMetricsF metrics(font);
    double height = metrics.height();
    for (qsizetype i = 0; i < columns.size(); ++i) {
        const QRectF room(0, 0, widths[i] - 2.0 * kCellPad, 10000.0);
        height = std::max(height, metrics.boundingRect(room, flagsOf(columns[i]), cells.value(i)).height());
    }
    return height + 2.0 * kRowPad;
}

ReportBlock rowBlock(const QStringList &cells, const QVector<PrintColumn> &columns, PrintFont font, bool heading)
{
    const QVector<double> widths = widthsOf(columns);
    ReportBlock block;
    block.height = heightOf(cells, columns, widths, printFont(font));
    block.keepWithNext = heading;
    block.paint = [=](QPainter &painter, const QRectF &area) {
        const Theme &theme = Theme::light();
        painter.setFont(printFont(font));
        double x = area.left();
        for (qsizetype i = 0; i < columns.size(); ++i) {
            painter.setPen(heading ? theme.mutedText : theme.text);
            painter.drawText(QRectF(x + (i == 0 ? 0.0 : kCellPad), area.top() + kRowPad,
                                    widths[i] - (i == 0 || i + 1 == columns.size() ? kCellPad : 2.0 * kCellPad),
                                    area.height()),
                             flagsOf(columns[i]), cells.value(i));
            x += widths[i];
        }
        painter.setPen(QPen(heading ? theme.mutedText : theme.border, heading ? 0.8 : 0.5));
        painter.drawLine(area.bottomLeft(), area.bottomRight());
    };
    return block;
}

} // namespace

QFont printFont(PrintFont font)
{
    QFont made = QApplication::font();
    const bool bold = font == PrintFont::Title || font == PrintFont::Heading || font == PrintFont::Figure
                      || font == PrintFont::BodyBold || font == PrintFont::SmallBold;
    int pixels = 9;
    switch (font) {
    case PrintFont::Title: pixels = 22; break;
    case PrintFont::Heading: pixels = 13; break;
    case PrintFont::Figure: pixels = 30; break;
    case PrintFont::Body:
    case PrintFont::BodyBold: pixels = 9; break;
    case PrintFont::Small:
    case PrintFont::SmallBold: pixels = 8; break;
    }
    made.setPixelSize(pixels);
    made.setBold(bold);
    made.setHintingPreference(QFont::PreferNoHinting);
    return made;
}

ChartStyle printStyle()
{
    return {&Theme::light(), printFont(PrintFont::Small)};
}

ReportBlock spaceBlock(double height)
{
    ReportBlock block;
    block.height = height;
    return block;
}

ReportBlock textBlock(const QString &text, PrintFont font, const QColor &colour, double spaceAfter)
{
    const QFont made = printFont(font);
    const int flags = static_cast<int>(Qt::AlignLeft | Qt::AlignTop) | Qt::TextWordWrap;
    ReportBlock block;
    block.height =
        QFontMetricsF(made).boundingRect(QRectF(0, 0, kContentWidth, 10000.0), flags, text).height() + spaceAfter;
    block.paint = [=](QPainter &painter, const QRectF &area) {
        painter.setFont(made);
        painter.setPen(colour);
        painter.drawText(area, flags, text);
    };
    return block;
}

ReportBlock headingBlock(const QString &text)
{
    constexpr double kBefore = 16.0;
    constexpr double kAfter = 6.0;
    const QFont font = printFont(PrintFont::Heading);
    ReportBlock block;
    block.height = kBefore + QFontMetricsF(font).height() + kAfter;
    block.keepWithNext = true;
    block.paint = [=](QPainter &painter, const QRectF &area) {
        painter.setFont(font);
        painter.setPen(Theme::light().text);
        painter.drawText(area.adjusted(0, kBefore, 0, 0), Qt::AlignLeft | Qt::AlignTop, text);
    };
    return block;
}

ReportBlock drawingBlock(double height, std::function<void(QPainter &, const QRectF &)> paint)
{
    ReportBlock block;
    block.height = height;
    block.paint = std::move(paint);
    return block;
}

ReportBlocks tableBlocks(const QVector<PrintColumn> &columns, const QVector<QStringList> &rows, bool boldLast)
{
    QStringList titles;
    for (const PrintColumn &column : columns)
        titles << column.title;
    ReportBlocks blocks;
    const auto header = std::make_shared<const ReportBlock>(rowBlock(titles, columns, PrintFont::SmallBold, true));
    blocks.push_back(*header);
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const bool bold = boldLast && i + 1 == rows.size();
        blocks.push_back(rowBlock(rows[i], columns, bold ? PrintFont::SmallBold : PrintFont::Small, false));
        if (i > 0)
            blocks.back().header = header;
    }
    return blocks;
}

std::vector<std::vector<PlacedBlock>> paginate(const ReportBlocks &blocks, double top, double bottom)
{
    std::vector<std::vector<PlacedBlock>> pages(1);
    double y = top;
    for (size_t i = 0; i < blocks.size();) {
        size_t end = i;
        double height = blocks[i].height;
        while (blocks[end].keepWithNext && end + 1 < blocks.size())
            height += blocks[++end].height;
        if (y + height > bottom && !pages.back().empty()) {
            pages.emplace_back();
            y = top;
            if (blocks[i].header) {
                pages.back().push_back({blocks[i].header.get(), y});
                y += blocks[i].header->height;
            }
        }
        for (; i <= end; ++i) {
            if (blocks[i].paint || !pages.back().empty()) { // a page does not begin with space
                pages.back().push_back({&blocks[i], y});
                y += blocks[i].height;
            }
        }
    }
    return pages;
}

} // namespace mulligan::desktop

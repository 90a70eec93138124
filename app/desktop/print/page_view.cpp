#include "desktop/print/page_view.hpp"

#include "desktop/print/report_document.hpp"
#include "desktop/shell/theme.hpp"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kSheetGap = 18;
constexpr double kLeastZoom = 0.4;
constexpr double kMostZoom = 4.0;
constexpr double kFitAtMost = 1.6; ///< wider than this, lines are hard to follow

} // namespace

class PageView::Sheets : public QWidget
{
public:
    std::shared_ptr<const ReportDocument> document;
    double zoom = 1.0;

    [[nodiscard]] QRectF sheet(int page) const
    {
        const double width = kPageWidth * zoom;
        const double height = kPageHeight * zoom;
        return {(this->width() - width) / 2.0, kSheetGap + page * (height + kSheetGap), width, height};
    }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        if (!document)
            return;
        const Theme &theme = Theme::current();
        QPainter painter(this);
        for (int page = 0; page < document->pageCount(); ++page) {
            const QRectF paper = sheet(page);
            if (!paper.adjusted(-4, -4, 4, 8).intersects(event->rect()))
                continue;
            for (int i = 4; i > 0; --i) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(QColor(0, 0, 0, theme.mode == ThemeMode::Dark ? 50 : 10));
                painter.drawRoundedRect(paper.adjusted(-i, -i + 2, i, i + 2), 3.0, 3.0);
            }
            painter.fillRect(paper, Qt::white);
            painter.save();
            painter.setClipRect(paper);
            painter.translate(paper.topLeft());
            painter.scale(zoom, zoom);
            document->paintPage(painter, page);
            painter.restore();
        }
    }
};

PageView::PageView(QWidget *parent) : QScrollArea(parent), m_sheets(new Sheets)
{
    setWidget(m_sheets);
    setWidgetResizable(false);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Report preview"));
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] { Q_EMIT pageChanged(currentPage()); });
}

void PageView::setDocument(std::shared_ptr<const ReportDocument> document)
{
    m_document = std::move(document);
    m_sheets->document = m_document;
    layOut();
    m_sheets->update();
    Q_EMIT pageChanged(currentPage());
}

double PageView::effectiveZoom() const
{
    if (m_zoom > 0.0)
        return m_zoom;
    return std::clamp((viewport()->width() - 2.0 * kSheetGap) / kPageWidth, kLeastZoom, kFitAtMost);
}

void PageView::setZoom(double zoom)
{
    m_zoom = zoom > 0.0 ? std::clamp(zoom, kLeastZoom, kMostZoom) : 0.0;
    layOut();
    Q_EMIT zoomChanged();
}

void PageView::layOut()
{
    const int pages = m_document ? m_document->pageCount() : 0;
    const double before = m_sheets->zoom;
    m_sheets->zoom = effectiveZoom();
    const double height = pages * (kPageHeight * m_sheets->zoom + kSheetGap) + kSheetGap;
    const double width = kPageWidth * m_sheets->zoom + 2.0 * kSheetGap;
    const double at = verticalScrollBar()->value();
    m_sheets->resize(std::max(viewport()->width(), static_cast<int>(width)), static_cast<int>(height));
    if (before != m_sheets->zoom)
        verticalScrollBar()->setValue(static_cast<int>(at * m_sheets->zoom / before));
    m_sheets->update();
}

int PageView::currentPage() const
{
    if (!m_document)
        return 0;
    const double middle = verticalScrollBar()->value() + viewport()->height() / 2.0;
    const double sheet = kPageHeight * effectiveZoom() + kSheetGap;
    return std::clamp(static_cast<int>(middle / sheet), 0, m_document->pageCount() - 1);
}

void PageView::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    layOut();
}

void PageView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        setZoom(effectiveZoom() * (event->angleDelta().y() > 0 ? 1.1 : 1.0 / 1.1));
        event->accept();
        return;
    }
    QScrollArea::wheelEvent(event);
}

} // namespace mulligan::desktop

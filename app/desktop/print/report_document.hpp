#pragma once

#include "desktop/print/report_blocks.hpp"
#include "report/report.hpp"

namespace mulligan::desktop
{

/// The savings report laid out on A4 pages: what the preview shows, the printer prints and the PDF holds. Immutable.
class ReportDocument
{
public:
    explicit ReportDocument(const report::ReportInput &input);
    [[nodiscard]] int pageCount() const { return static_cast<int>(m_pages.size()); }
    /// Draws a page (0-based) in points, from (0, 0) to (kPageWidth, kPageHeight).
    void paintPage(QPainter &painter, int page) const;
    [[nodiscard]] const QString &title() const { return m_title; }

private:
    void paintFrame(QPainter &painter, int page) const;

    QString m_title;
    QString m_footer;
    ReportBlocks m_blocks;
    std::vector<std::vector<PlacedBlock>> m_pages;
};

} // namespace mulligan::desktop

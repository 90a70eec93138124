#include "desktop/print/report_document.hpp"

#include "desktop/print/report_sections.hpp"
#include "desktop/widgets/format.hpp"

#include <QCoreApplication>
#include <QPainter>

namespace mulligan::desktop
{

namespace
{

constexpr double kTop = 52.0;
constexpr double kBottom = kPageHeight - 56.0;

} // namespace

ReportDocument::ReportDocument(const report::ReportInput &input)
    : m_title(QCoreApplication::translate("PrintedReport", "Savings report: %1").arg(text(input.savings.policyName)))
{
    const model::SavingsReport &savings = input.savings;
    m_footer = QCoreApplication::translate("PrintedReport", "Mulligan %1 · policy %2, version %3 · economics %4%5")
                   .arg(QStringLiteral(MULLIGAN_VERSION), text(savings.policyName), text(savings.policyVersion),
                        text(savings.economicsHash),
                        savings.modelId.empty() ? QString() : QStringLiteral(" · ") + text(savings.modelId));
    for (auto *section : {&headlineSection, &savingsSection, &worldsSection, &provenanceSection, &breakdownSection,
                          &monthsSection, &modelSection, &notesSection, &settingsSection}) {
        ReportBlocks blocks = section(input);
        std::move(blocks.begin(), blocks.end(), std::back_inserter(m_blocks));
    }
    m_pages = paginate(m_blocks, kTop, kBottom);
}

void ReportDocument::paintFrame(QPainter &painter, int page) const
{
    const Theme &theme = Theme::light();
    const QFont font = printFont(PrintFont::Small);
    const double y = kPageHeight - 40.0;
    painter.setFont(font);
    painter.setPen(QPen(theme.border, 0.5));
    painter.drawLine(QPointF(kPageMargin, y - 6.0), QPointF(kPageWidth - kPageMargin, y - 6.0));
    painter.setPen(theme.mutedText);
    const QString number = QCoreApplication::translate("PrintedReport", "Page %1 of %2").arg(page + 1).arg(pageCount());
    const double room = kContentWidth - QFontMetricsF(font).horizontalAdvance(number) - 12.0;
    painter.drawText(QRectF(kPageMargin, y, room, 14.0), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetricsF(font).elidedText(m_footer, Qt::ElideRight, room));
    painter.drawText(QRectF(kPageMargin, y, kContentWidth, 14.0), Qt::AlignRight | Qt::AlignVCenter, number);
}

void ReportDocument::paintPage(QPainter &painter, int page) const
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    for (const PlacedBlock &placed : m_pages[static_cast<size_t>(page)]) {
        if (!placed.block->paint)
            continue;
        painter.save();
        placed.block->paint(painter, QRectF(kPageMargin, placed.top, kContentWidth, placed.block->height));
        painter.restore();
    }
    paintFrame(painter, page);
    painter.restore();
}

} // namespace mulligan::desktop

#include "desktop/pages/report_page.hpp"

#include "desktop/pages/report_controller.hpp"
#include "desktop/print/page_view.hpp"
#include "desktop/print/report_document.hpp"
#include "desktop/print/report_pdf.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/empty_state.hpp"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPageLayout>
#include <QPainter>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

ReportPage::ReportPage(Session &session, QWidget *parent)
    : Page(parent), m_session(session), m_controller(new ReportController(session, this)), m_view(new PageView)
{
    m_empty = new EmptyState(QStringLiteral("report"), {}, {});
    m_emptyAction = m_empty->addButton({});
    connect(m_emptyAction, &QPushButton::clicked, this, [this] {
        Q_EMIT navigationRequested(m_session.isOpen() ? QStringLiteral("data") : QStringLiteral("start"), {});
    });
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    m_bar = buildBar();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    layout->addWidget(m_bar);
    layout->addWidget(m_stack, 1);
    connect(m_controller, &ReportController::documentChanged, this, [this] {
        if (isVisible())
            m_controller->update();
        m_view->setDocument(m_controller->document());
        refresh();
    });
    connect(&session, &Session::replayChanged, this, [this] {
        // Layout waits until somebody looks, so that a moved slider does not pay for it.
        if (isVisible())
            m_controller->update();
        refresh();
    });
    connect(&session, &Session::workspaceChanged, this, &ReportPage::refresh);
    connect(m_view, &PageView::pageChanged, this, &ReportPage::refresh);
    refresh();
}

QWidget *ReportPage::buildBar()
{
    auto *bar = new QWidget;
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    const auto button = [&](const QString &label, const QString &help, auto &&clicked) {
        auto *made = new QPushButton(label);
        made->setToolTip(help);
        connect(made, &QPushButton::clicked, this, clicked);
        layout->addWidget(made);
        return made;
    };
    QPushButton *pdf = button(tr("Save as PDF…"), tr("The pages below, as they are"),
                              [this] { saveAs(QStringLiteral("pdf"), tr("PDF (*.pdf)")); });
    pdf->setProperty("role", QStringLiteral("primary"));
    button(tr("HTML…"), tr("One self-contained page"), [this] { saveAs(QStringLiteral("html"), tr("HTML (*.html)")); });
    button(tr("Excel…"), tr("A workbook, one sheet a table"),
           [this] { saveAs(QStringLiteral("xlsx"), tr("Excel workbook (*.xlsx)")); });
    button(tr("CSV…"), tr("All tables in one file"), [this] { saveAs(QStringLiteral("csv"), tr("CSV (*.csv)")); });
    button(tr("Print…"), tr("On a printer, A4"), [this] { print(); });
    m_status = makeLabel({}, "muted");
    layout->addWidget(m_status);
    layout->addStretch(1);
    m_where = makeLabel({}, "muted");
    layout->addWidget(m_where);
    const auto zoom = [&](const QString &label, const QString &help, double factor) {
        auto *made = new QToolButton;
        made->setObjectName(QStringLiteral("boxed"));
        made->setText(label);
        made->setToolTip(help);
        made->setAccessibleName(help);
        connect(made, &QToolButton::clicked, this,
                [this, factor] { m_view->setZoom(factor > 0.0 ? m_view->effectiveZoom() * factor : 0.0); });
        layout->addWidget(made);
    };
    zoom(QString(QChar(0x2212)), tr("Smaller"), 1.0 / 1.2);
    zoom(tr("Fit"), tr("Fit the width"), 0.0);
    zoom(QStringLiteral("+"), tr("Larger"), 1.2);
    return bar;
}

void ReportPage::activate()
{
    m_controller->update();
    refresh();
}

void ReportPage::saveAs(const QString &ending, const QString &filter)
{
    m_controller->update();
    QString path = QFileDialog::getSaveFileName(this, tr("Save the report"),
                                                m_controller->suggestedName() + QLatin1Char('.') + ending, filter);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().compare(ending, Qt::CaseInsensitive) != 0)
        path += QLatin1Char('.') + ending;
    if (const auto written = m_controller->write(path); !written)
        Q_EMIT m_session.errorOccurred(written.error());
    else
        m_status->setText(tr("Saved as %1").arg(QFileInfo(path).fileName()));
}

void ReportPage::print()
{
    m_controller->update();
    const auto document = m_controller->document();
    if (!document)
        return;
    QPrinter printer(QPrinter::HighResolution);
    printer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait, QMarginsF()));
    printer.setFullPage(true);
    printer.setDocName(document->title());
    QPrintDialog dialog(&printer, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    QPainter painter(&printer);
    paintPages(*document, printer, painter, printer.resolution());
}

void ReportPage::refresh()
{
    const auto document = m_controller->document();
    const bool ready = document != nullptr || m_session.replay() != nullptr;
    m_bar->setVisible(ready);
    m_stack->setCurrentIndex(ready ? 1 : 0);
    if (ready) {
        m_where->setText(document ? tr("Page %1 of %2").arg(m_view->currentPage() + 1).arg(document->pageCount())
                                  : QString());
        if (m_controller->stale())
            m_status->setText(tr("updating…"));
        else if (m_status->text() == tr("updating…"))
            m_status->clear();
        return;
    }
    m_emptyAction->setVisible(true);
    if (!m_session.isOpen()) {
        m_empty->setSentence(tr("No workspace, no report"), tr("Open a workspace, or make one, on the Start page."));
        m_emptyAction->setText(tr("Go to Start"));
    } else if (m_session.stale()) {
        m_empty->setSentence(tr("Replaying history…"), tr("The report appears as soon as the replay is done."));
        m_emptyAction->setVisible(false);
    } else if (const auto &lacking = m_session.lacking()) {
        m_empty->setSentence(QString::fromStdString(lacking->message), QString::fromStdString(lacking->hint));
        m_emptyAction->setText(tr("Import data"));
    } else {
        m_empty->setSentence(tr("Nothing to report on yet"),
                             tr("A report needs a history of failures whose episodes have ended."));
        m_emptyAction->setText(tr("Import data"));
    }
}

} // namespace mulligan::desktop

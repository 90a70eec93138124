#include "desktop/pages/deploy_page.hpp"

#include "desktop/charts/figure_table.hpp"
#include "desktop/pages/deploy_controller.hpp"
#include "desktop/pages/deploy_figures.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"

#include <QCheckBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kLeftWidth = 400;
constexpr int kBesideFrom = 960; ///< width from which the tables have room beside the cards
constexpr int kMostFiles = 12;
constexpr int kPatchColumn = 3;

QString droppedBundle(const QMimeData *mime)
{
    const QList<QUrl> urls = mime->urls();
    if (urls.size() != 1 || !urls.front().isLocalFile())
        return {};
    const QString path = urls.front().toLocalFile();
    return path.endsWith(QLatin1String(".zip"), Qt::CaseInsensitive) ? path : QString();
}

} // namespace

DeployPage::DeployPage(Session &session, QWidget *parent)
    : Page(parent), m_session(session), m_controller(new DeployController(session, this))
{
    setAcceptDrops(true);
    auto *content = new QWidget;
    content->setObjectName(QStringLiteral("scrolled"));
    m_columns = new QBoxLayout(QBoxLayout::LeftToRight, content);
    m_columns->setContentsMargins(0, 0, kGapSmall, kGap);
    m_columns->setSpacing(kGap);
    auto *left = new QVBoxLayout;
    left->setSpacing(kGap);
    m_cards = {buildChecks(), buildExport(), buildVerify()};
    for (Card *card : std::as_const(m_cards))
        left->addWidget(card);
    left->addStretch(1);
    auto *right = new QVBoxLayout;
    right->setSpacing(kGap);
    right->addWidget(buildPreview(), 1);
    right->addWidget(buildResult());
    m_columns->addLayout(left);
    m_columns->addLayout(right, 1);
    arrange();
    auto *area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(content);
    m_empty = new EmptyState(QStringLiteral("deploy"), {}, {});
    m_emptyAction = m_empty->addButton({});
    connect(m_emptyAction, &QPushButton::clicked, this, [this] {
        Q_EMIT navigationRequested(m_session.isOpen() ? QStringLiteral("data") : QStringLiteral("start"), {});
    });
    QPushButton *verify = m_empty->addButton(tr("Verify a bundle…"));
    connect(verify, &QPushButton::clicked, this, &DeployPage::chooseVerify);
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_empty);
    m_stack->addWidget(area);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    m_tick.setInterval(100);
    connect(&m_tick, &QTimer::timeout, this, &DeployPage::refreshJob);
    connect(m_controller, &DeployController::checksChanged, this, &DeployPage::refresh);
    connect(m_controller, &DeployController::jobChanged, this, &DeployPage::refreshJob);
    connect(m_controller, &DeployController::previewChanged, this, &DeployPage::showPreview);
    connect(m_controller, &DeployController::exportDone, this, &DeployPage::showExported);
    connect(m_controller, &DeployController::verifyDone, this, &DeployPage::showVerified);
    showExported();
    refresh();
}

void DeployPage::arrange()
{
    const bool beside = width() >= kBesideFrom;
    m_columns->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    for (Card *card : std::as_const(m_cards)) {
        card->setMinimumWidth(beside ? kLeftWidth : 0);
        card->setMaximumWidth(beside ? kLeftWidth : QWIDGETSIZE_MAX);
    }
}

void DeployPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    arrange();
}

Card *DeployPage::buildChecks()
{
    auto *card = new Card(tr("What goes into the bundle"));
    m_checks = new QVBoxLayout;
    m_checks->setSpacing(kGapSmall + 2);
    card->body()->addLayout(m_checks);
    return card;
}

Card *DeployPage::buildExport()
{
    auto *card = new Card(tr("Export"));
    card->setSubtitle(tr("One zip with rules, policy, economics, models and recommendations, which "
                         "`mulligan decide` runs in production."));
    m_approver = new QLineEdit;
    m_approver->setPlaceholderText(tr("Who approves it"));
    m_approver->setAccessibleName(tr("Approver"));
    card->body()->addWidget(m_approver);
    const QStringList targets = DeployController::targets();
    for (const QString &target : targets) {
        auto *box = new QCheckBox(target == QLatin1String("spark") ? tr("Spark: configuration files for spark-submit")
                                                                   : target);
        box->setProperty("target", target);
        box->setChecked(true);
        m_targets << box;
        card->body()->addWidget(box);
    }
    m_export = new QPushButton(tr("Export bundle…"));
    m_export->setProperty("role", QStringLiteral("primary"));
    connect(m_export, &QPushButton::clicked, this, &DeployPage::exportBundle);
    card->body()->addWidget(m_export);
    m_progressRow = new QWidget;
    auto *row = new QHBoxLayout(m_progressRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGapSmall);
    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    auto *cancel = new QPushButton(tr("Cancel"));
    connect(cancel, &QPushButton::clicked, this, [this] {
        if (Job *job = m_controller->job())
            job->cancel();
    });
    row->addWidget(m_progress, 1);
    row->addWidget(cancel);
    m_stage = makeLabel({}, "muted");
    m_stage->setWordWrap(true);
    card->body()->addWidget(m_progressRow);
    card->body()->addWidget(m_stage);
    return card;
}

Card *DeployPage::buildVerify()
{
    auto *card = new Card(tr("Verify a bundle"));
    card->setSubtitle(tr("Checks every hash and decides its golden failures again. Drop a zip anywhere on this page."));
    auto *choose = new QPushButton(tr("Choose a bundle…"));
    connect(choose, &QPushButton::clicked, this, &DeployPage::chooseVerify);
    card->body()->addWidget(choose);
    m_verdict = makeLabel({});
    m_verdict->setWordWrap(true);
    m_verdict->hide();
    m_problems = makeLabel({}, "muted");
    m_problems->setWordWrap(true);
    m_problems->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problems->hide();
    card->body()->addWidget(m_verdict);
    card->body()->addWidget(m_problems);
    return card;
}

Card *DeployPage::buildPreview()
{
    m_previewCard = new Card(tr("What it recommends now"));
    m_preview = new FigureTable(tr("Recommendations"), {tr("Job"), tr("Class"), tr("Decision"), tr("Configuration"),
                                                        tr("Chance"), tr("Cost"), tr("Wait")});
    m_preview->setNumbersCompact(true);
    m_preview->setMinimumHeight(220);
    connect(m_preview, &QTableWidget::cellDoubleClicked, this, [this](int row, int) {
        const QString id = m_preview->item(row, 0)->data(Qt::UserRole).toString();
        if (!id.isEmpty())
            Q_EMIT navigationRequested(QStringLiteral("failures"), QStringLiteral("attempt:") + id);
    });
    m_previewCard->body()->addWidget(m_preview, 1);
    return m_previewCard;
}

Card *DeployPage::buildResult()
{
    m_resultCard = new Card(tr("The bundle"));
    m_rolling = new QLabel;
    m_rolling->setWordWrap(true);
    m_files = new FigureTable(tr("Files of the bundle"), {tr("File"), tr("Size"), tr("SHA-256")});
    m_resultCard->body()->addWidget(m_rolling);
    m_resultCard->body()->addWidget(m_files);
    return m_resultCard;
}

void DeployPage::activate()
{
    if (m_previewWanted && m_session.replaySession()) {
        m_previewWanted = false;
        m_controller->startPreview();
    }
}

void DeployPage::exportBundle()
{
    QString path = QFileDialog::getSaveFileName(this, tr("Export the bundle"), QStringLiteral("mulligan-bundle.zip"),
                                                tr("Bundles (*.zip)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".zip");
    QStringList targets;
    for (const QCheckBox *box : std::as_const(m_targets))
        if (box->isChecked())
            targets << box->property("target").toString();
    m_controller->startExport(path, m_approver->text(), targets);
}

void DeployPage::chooseVerify()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Verify a bundle"), {}, tr("Bundles (*.zip)"));
    if (!path.isEmpty())
        m_controller->startVerify(path);
}

void DeployPage::refresh()
{
    const bool loaded = m_session.replaySession() != nullptr;
    m_stack->setCurrentIndex(loaded || m_controller->verified() ? 1 : 0);
    m_emptyAction->setText(m_session.isOpen() ? tr("Import data") : tr("Go to Start"));
    if (!m_session.isOpen())
        m_empty->setSentence(tr("Nothing to deploy yet"),
                             tr("Open a workspace, tune a policy, then export it from here."));
    else if (m_session.stale())
        m_empty->setSentence(tr("Loading the history…"), tr("The bundle can be made as soon as it is there."));
    else
        m_empty->setSentence(tr("Nothing to deploy yet"), tr("Import a history with failures, tune a policy, then "
                                                             "export it from here."));
    refreshChecks();
    refreshJob();
    // The decisions depend on all of it; they are made again when somebody looks.
    m_previewWanted = true;
    if (isVisible() && !m_session.stale())
        activate();
}

void DeployPage::refreshChecks()
{
    while (QLayoutItem *item = m_checks->takeAt(0)) {
        if (item->widget() != nullptr)
            item->widget()->deleteLater();
        delete item;
    }
    const Theme &theme = Theme::current();
    const auto checks = m_controller->checks();
    for (const DeployCheck &check : checks) {
        auto *row = new QWidget;
        auto *layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(kGapSmall);
        const bool good = check.state == DeployCheck::State::Ready;
        auto *mark = new QLabel;
        mark->setPixmap(iconPixmap(good ? QStringLiteral("check") : QStringLiteral("warning"),
                                   good                                         ? theme.gain
                                   : check.state == DeployCheck::State::Missing ? theme.loss
                                                                                : theme.modelled,
                                   18, devicePixelRatioF()));
        mark->setAccessibleName(good ? tr("ready") : tr("needs attention"));
        mark->setFixedWidth(22);
        auto *title = new QLabel(check.title);
        title->setFixedWidth(118);
        auto *detail = makeLabel(check.detail, "muted");
        detail->setWordWrap(true);
        layout->addWidget(mark, 0, Qt::AlignTop);
        layout->addWidget(title, 0, Qt::AlignTop);
        layout->addWidget(detail, 1);
        m_checks->addWidget(row);
    }
}

void DeployPage::refreshJob()
{
    const Job *job = m_controller->job();
    m_progressRow->setVisible(job != nullptr);
    m_stage->setVisible(job != nullptr);
    m_export->setEnabled(m_controller->ready());
    if (job == nullptr) {
        m_tick.stop();
        return;
    }
    if (!m_tick.isActive())
        m_tick.start();
    const auto sample = job->progress();
    m_progress->setMaximum(static_cast<int>(std::min<std::uint64_t>(sample.total, 1'000'000)));
    m_progress->setValue(static_cast<int>(std::min<std::uint64_t>(sample.done, 1'000'000)));
    m_stage->setText(sample.stage.empty() ? job->title() : text(sample.stage));
}

void DeployPage::showPreview()
{
    const auto &preview = m_controller->preview();
    if (!preview) {
        m_previewCard->setSubtitle(tr("Deciding the failures whose chain is still open at the end of the data…"));
        m_preview->replace({});
        return;
    }
    m_previewCard->setSubtitle(previewSentence(*preview));
    m_preview->replace(previewRows(*preview, text(m_session.economics().currency)));
    const bool patches = std::any_of(preview->rows.begin(), preview->rows.end(),
                                     [](const RecommendationRow &row) { return !row.decision.patch.empty(); });
    m_preview->setColumnHidden(kPatchColumn, !patches);
    for (int row = 0; row < m_preview->rowCount(); ++row)
        m_preview->item(row, 0)->setData(Qt::UserRole,
                                         QString::number(preview->rows[static_cast<size_t>(row)].attemptId));
}

void DeployPage::showExported()
{
    const auto &report = m_controller->exported();
    m_resultCard->setVisible(report.has_value());
    if (!report)
        return;
    m_resultCard->setSubtitle(tr("Written to %1").arg(text(report->out)));
    m_rolling->setText(exportSentences(*report).join(QLatin1Char('\n')));
    m_files->replace(fileRows(*report));
    m_files->fitRows(kMostFiles);
}

void DeployPage::showVerified()
{
    const auto &report = m_controller->verified();
    if (!report)
        return;
    m_verdict->show();
    m_verdict->setText(verifySentence(*report, QFileInfo(m_controller->verifiedPath()).fileName()));
    setRole(m_verdict, report->ok ? "gain" : "loss");
    QStringList problems;
    for (const std::string &problem : report->problems)
        problems << QStringLiteral("• ") + text(problem);
    m_problems->setText(problems.join(QLatin1Char('\n')));
    m_problems->setVisible(!problems.isEmpty());
    m_stack->setCurrentIndex(1);
}

void DeployPage::changeEvent(QEvent *event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshChecks(); // its marks are pictures
}

void DeployPage::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedBundle(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void DeployPage::dropEvent(QDropEvent *event)
{
    const QString path = droppedBundle(event->mimeData());
    if (path.isEmpty())
        return;
    event->acceptProposedAction();
    m_controller->startVerify(path);
}

} // namespace mulligan::desktop

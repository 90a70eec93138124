#include "desktop/pages/rules_audit_panel.hpp"

#include "desktop/pages/rules_audit_controller.hpp"
#include "desktop/pages/rules_audit_item.hpp"
#include "desktop/pages/rules_pack_access.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elastic_column.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/table_view.hpp"
#include "pipeline/audit_correction.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kLeastRight = 250;
constexpr int kProgressWidth = 60;
constexpr int kNumberWidth = 76;

} // namespace

RulesAuditPanel::RulesAuditPanel(Session &session, QWidget *parent)
    : RulesPanel(session, parent), m_audit(new RulesAuditController(session, this))
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    layout->addWidget(buildTools());
    auto *split = new QSplitter(Qt::Horizontal, content);
    split->setChildrenCollapsible(false);
    auto *card = new Card({}, split);
    m_item = new RulesAuditItem(*m_audit, this, card);
    card->body()->addWidget(m_item, 1);
    split->addWidget(card);
    auto *right = new QSplitter(Qt::Vertical, split);
    right->setChildrenCollapsible(false);
    right->setMinimumWidth(kLeastRight);
    right->addWidget(buildFigures());
    right->addWidget(buildCorrections());
    right->setSizes({420, 200});
    split->addWidget(right);
    split->setSizes({760, 460});
    split->setStretchFactor(0, 1);
    layout->addWidget(split, 1);
    setContent(content);
    m_item->setRulesOfClass([this](const QString &errorClass) {
        QStringList names;
        if (const auto rules = this->session().rules())
            for (const auto &rule : pipeline::rulesOfClass(rules->pack(), errorClass.toStdString()))
                names << text(rule);
        return names;
    });
    connect(m_item, &RulesAuditItem::failureRequested, this, [this](qint64 attempt) {
        Q_EMIT navigationRequested(QStringLiteral("failures"), QStringLiteral("attempt:%1").arg(attempt));
    });
    connect(m_item, &RulesAuditItem::samplesRequested, this, [this](qint64 item) { makeSamples({item}); });
    connect(m_audit, &RulesAuditController::jobStarted, this, &RulesAuditPanel::follow);
    // Before the answer, not after it: what goes wrong on the way to the next failure is to be read.
    connect(m_audit, &RulesAuditController::answering, this, &RulesAuditPanel::settle);
    connect(m_audit, &RulesAuditController::changed, this, &RulesAuditPanel::showSample);
    connect(m_audit, &RulesAuditController::failed, this, [this](const base::Error &error) {
        if (m_audit->loaded())
            tell(error);
        else
            showFailure(error);
    });
}

QWidget *RulesAuditPanel::buildTools()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    const auto number = [&](const QString &name, const QString &help, int low, int high, int value) {
        auto *label = makeLabel(name, "muted", row);
        auto *box = new QSpinBox(row);
        box->setRange(low, high);
        box->setValue(value);
        box->setToolTip(help);
        box->setAccessibleName(name);
        box->setMaximumWidth(kNumberWidth); // the largest seed asks for more than anybody types
        label->setBuddy(box);
        layout->addWidget(label);
        layout->addWidget(box);
        return box;
    };
    const pipeline::AuditOptions usual;
    m_size = number(tr("Failures"), tr("Failures to look at"), 1, 100000, static_cast<int>(usual.size));
    m_minimum = number(tr("Per class"), tr("At least so many of each class, rare ones too"), 0, 1000,
                       static_cast<int>(usual.minimum));
    m_seed =
        number(tr("Seed"), tr("The same seed draws the same failures"), 0, 1'000'000'000, static_cast<int>(usual.seed));
    auto *draw = new QPushButton(tr("Draw"), row);
    draw->setAccessibleName(tr("Draw a sample"));
    draw->setToolTip(tr("Draws a sample; one that was drawn with these numbers before is taken up where it was left"));
    connect(draw, &QPushButton::clicked, this, &RulesAuditPanel::draw);
    layout->addWidget(draw);
    layout->addStretch(1);
    m_progressText = new ElidedLabel({}, "muted", row);
    layout->addWidget(m_progressText);
    m_progress = new QProgressBar(row);
    m_progress->setFixedSize(kProgressWidth, 8);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Answered"));
    layout->addWidget(m_progress);
    const auto tool = [&](const QString &iconName, const QString &what, QKeySequence::StandardKey key,
                          void (QUndoStack::*step)()) {
        auto *button = new QToolButton(row);
        button->setIcon(icon(iconName));
        button->setToolTip(tr("%1 (%2)").arg(what, QKeySequence(key).toString(QKeySequence::NativeText)));
        button->setAccessibleName(what);
        connect(button, &QToolButton::clicked, m_audit->undoStack(), step);
        layout->addWidget(button);
        return button;
    };
    m_undo = tool(QStringLiteral("undo"), tr("Take the last answer back"), QKeySequence::Undo, &QUndoStack::undo);
    m_redo = tool(QStringLiteral("redo"), tr("Give the answer again"), QKeySequence::Redo, &QUndoStack::redo);
    connect(m_audit->undoStack(), &QUndoStack::canUndoChanged, m_undo, &QWidget::setEnabled);
    connect(m_audit->undoStack(), &QUndoStack::canRedoChanged, m_redo, &QWidget::setEnabled);
    m_undo->setEnabled(false);
    m_redo->setEnabled(false);
    m_export = new QToolButton(row);
    m_export->setObjectName(QStringLiteral("boxed"));
    m_export->setIcon(icon(QStringLiteral("export")));
    m_export->setText(QStringLiteral("▾")); // a word would leave what is answered no room in a small window
    m_export->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_export->setPopupMode(QToolButton::InstantPopup);
    m_export->setToolTip(tr("Exports the sample, the figures or the corrections"));
    m_export->setAccessibleName(tr("Export"));
    auto *menu = new QMenu(m_export);
    menu->addAction(tr("The sample with its answers, as JSON Lines…"), this, &RulesAuditPanel::exportSheet);
    menu->addAction(tr("The figures, as JSON…"), this, &RulesAuditPanel::exportFigures);
    menu->addAction(tr("The table of figures, as CSV…"), this, [this] { m_figures->chooseExport(tr("audit.csv")); });
    menu->addAction(tr("The corrections, as CSV…"), this,
                    [this] { m_corrections->chooseExport(tr("corrections.csv")); });
    m_export->setMenu(menu);
    layout->addWidget(m_export);
    return row;
}

QWidget *RulesAuditPanel::buildFigures()
{
    auto *card = new Card(tr("So far"), this);
    m_by = new QComboBox(card);
    m_by->setAccessibleName(tr("What precision is split by"));
    m_by->addItems({tr("By class"), tr("By rule")});
    auto *save = new QPushButton(icon(QStringLiteral("export")), tr("Chart…"), card);
    save->setAccessibleName(tr("Export the chart as a picture"));
    connect(save, &QPushButton::clicked, this,
            [this, save] { showChartMenu(m_chart, save->mapToGlobal(save->rect().bottomLeft()), m_chart->picture()); });
    card->addHeaderWidget(m_by);
    card->addHeaderWidget(save);
    m_chart = new IntervalChart(tr("Audit of the verdicts"), card);
    card->body()->addWidget(m_chart);
    m_figures = new TableView(card);
    m_figures->setAccessibleName(tr("Precision by class or rule"));
    m_figureModel = new RowsModel<pipeline::AuditFigure>(figureColumns(tr("Class or rule")), this);
    m_figures->setModel(m_figureModel);
    (new ElasticColumn(m_figures, {146, 76, 134, 80}, 0, 96))->letGo({3, 2});
    m_figures->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_figures->setSortingEnabled(true);
    card->body()->addWidget(m_figures, 1);
    connect(m_by, &QComboBox::currentIndexChanged, this, &RulesAuditPanel::showFigures);
    connect(m_figures, &QTableView::activated, this, [this](const QModelIndex &index) {
        const QString name = text(m_figureModel->row(index.row()).name);
        if (m_by->currentIndex() == 1)
            Q_EMIT navigationRequested(QStringLiteral("rules"), QStringLiteral("rule:") + name);
        else
            Q_EMIT navigationRequested(QStringLiteral("failures"), QStringLiteral("class:") + name);
    });
    return card;
}

QWidget *RulesAuditPanel::buildCorrections()
{
    auto *card = m_wrong = new Card(tr("Found wrong"), this);
    m_samples = new QPushButton(tr("Make samples…"), card);
    m_samples->setToolTip(tr("Adds the texts as samples to the rules that should have won and to those that should not "
                             "have, after a preview; of the selected rows, or of all"));
    card->addHeaderWidget(m_samples);
    m_corrections = new TableView(card);
    m_corrections->setAccessibleName(tr("Verdicts found wrong"));
    m_correctionModel = new RowsModel<CorrectionLine>(correctionColumns(), this);
    m_corrections->setModel(m_correctionModel);
    new ElasticColumn(m_corrections, {190, 110}, 0, 90);
    card->body()->addWidget(m_corrections, 1);
    connect(m_samples, &QPushButton::clicked, this, [this] {
        std::vector<std::int64_t> items;
        const auto selected = m_corrections->selectionModel()->selectedRows();
        for (const QModelIndex &index : selected)
            items.push_back(m_correctionModel->row(index.row()).item);
        makeSamples(items);
    });
    connect(m_corrections, &QTableView::activated, this, [this](const QModelIndex &index) {
        const auto &items = m_audit->sample().items;
        for (size_t i = 0; i < items.size(); ++i)
            if (items[i].id == m_correctionModel->row(index.row()).item)
                m_audit->goTo(static_cast<int>(i));
    });
    return card;
}

void RulesAuditPanel::load()
{
    if (!m_audit->loaded())
        showNothing(tr("Reading the audit…"), {});
    m_audit->load();
}

void RulesAuditPanel::reveal(const QString &argument)
{
    if (argument == QLatin1String("draw"))
        draw();
}

void RulesAuditPanel::act()
{
    if (m_audit->loaded())
        draw();
    else
        invalidate();
}

void RulesAuditPanel::draw()
{
    settle();
    pipeline::AuditOptions options;
    options.size = static_cast<std::uint64_t>(m_size->value());
    options.minimum = static_cast<std::uint64_t>(m_minimum->value());
    options.seed = static_cast<std::uint64_t>(m_seed->value());
    options.now = base::systemNow();
    m_audit->draw(options);
}

void RulesAuditPanel::showSample()
{
    if (!m_audit->loaded())
        return;
    const auto &sample = m_audit->sample();
    if (sample.id == 0) {
        showNothing(
            tr("No sample was drawn yet"),
            tr("A random sample of failures, some of every class, to look at one after another: is the verdict "
               "right? The answers give precision and coverage with their intervals, and what was wrong becomes "
               "samples of the rules. About five seconds a failure, by keyboard alone."),
            tr("Draw a sample of %1").arg(m_size->value()));
        return;
    }
    const auto &figures = m_audit->figures();
    QString done =
        tr("%1 of %2 answered")
            .arg(countText(static_cast<double>(figures.answered)), countText(static_cast<double>(figures.items)));
    if (m_audit->complete())
        done = tr("All %1 answered").arg(countText(static_cast<double>(figures.answered)));
    m_progressText->setText(done);
    m_progressText->setToolTip(tr("Seed %1, drawn %2 (UTC); %3 failures have no text and were not drawn from; %4 drawn "
                                  "ones are gone")
                                   .arg(sample.seed)
                                   .arg(instantText(sample.drawn), countText(static_cast<double>(sample.withoutText)),
                                        countText(static_cast<double>(figures.gone))));
    m_progress->setRange(0, std::max(1, static_cast<int>(figures.items)));
    m_progress->setValue(static_cast<int>(figures.answered));
    showFigures();
    showContent();
    if (std::exchange(m_shownSample, sample.id) != sample.id) {
        m_made.reset();
        m_wrong->setSubtitle({});
        m_item->focusText();
    }
}

void RulesAuditPanel::showFigures()
{
    const auto &figures = m_audit->figures();
    m_chart->replace(overallRows(figures));
    m_figureModel->setRows(m_by->currentIndex() == 0 ? figures.byClass : figures.byRule);
    auto corrections = correctionLines(m_audit->sample());
    m_samples->setEnabled(!corrections.empty());
    if (static_cast<int>(corrections.size()) != m_correctionModel->rowCount())
        m_correctionModel->setRows(std::move(corrections));
}

void RulesAuditPanel::makeSamples(const std::vector<std::int64_t> &items)
{
    settle();
    const auto documents = pack() != nullptr ? pack()->documents() : std::nullopt;
    if (!documents) {
        tell(base::makeError(base::ErrorCode::InvalidArgument, "The rule files are not open for editing",
                             "See the editor's tab for the reason."));
        return;
    }
    std::vector<CorrectionLine> chosen;
    for (const auto &line : correctionLines(m_audit->sample()))
        if (items.empty() || std::find(items.begin(), items.end(), line.item) != items.end())
            chosen.push_back(line);
    delete m_exportJob.data();
    m_exportJob = startJob<CorrectionSamples>(
        this, tr("Making samples"),
        [path = session().path().toStdString(), documents = *documents,
         chosen](std::stop_token stop, base::Progress &) -> base::Result<CorrectionSamples> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            return correctionSamples(workspace, documents, chosen, stop);
        },
        [this](const CorrectionSamples &made) {
            if (!made.refused.empty())
                tell(made.refused.front());
            if (!made.rule.empty())
                offerEdit(made.before, made.after, made.rule, tr("samples from the audit"), [this, made] {
                    m_made = made;
                    packChanged();
                });
            else if (made.refused.empty())
                tell(base::makeError(base::ErrorCode::Conflict,
                                     "No sample was made: they are in the pack already, or "
                                     "it is not clear which rule of the class should have won",
                                     "Answer again and name the rule beside the class, or "
                                     "make a rule of that class in the editor first."));
        });
    connect(m_exportJob, &Job::failed, this, &RulesAuditPanel::tell);
    follow(m_exportJob);
}

void RulesAuditPanel::packChanged()
{
    if (!m_made)
        return;
    const auto documents = pack() != nullptr ? pack()->documents() : std::nullopt;
    if (!documents || !holdsSamples(*documents, *m_made))
        m_wrong->setSubtitle({}); // taken back, or another pack; redo brings them again
    else
        m_wrong->setSubtitle(pack()->dirty() ? tr("The samples are in the rules; the editor's tab saves them.")
                                             : tr("The samples are in the rules and saved."));
}

bool RulesAuditPanel::event(QEvent *event)
{
    // While the audit is looked at, undo takes answers back; the window's own undo is of policy and rules.
    if (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        const bool undo = key->matches(QKeySequence::Undo) && m_audit->undoStack()->canUndo();
        const bool redo = key->matches(QKeySequence::Redo) && m_audit->undoStack()->canRedo();
        if (undo || redo) {
            if (event->type() == QEvent::KeyPress)
                undo ? m_audit->undoStack()->undo() : m_audit->undoStack()->redo();
            event->accept();
            return true;
        }
    }
    return RulesPanel::event(event);
}

} // namespace mulligan::desktop

#include "desktop/pages/rules_compare_panel.hpp"

#include "desktop/pages/rules_compare_controller.hpp"
#include "desktop/pages/rules_pack_access.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elastic_column.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/stat_row.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kLeastTableHeight = 56; ///< its header and a row, where a message takes the room

enum Stat { kChanged, kClassified, kUnclassified, kSuccesses, kNet };

PackChoice choiceOf(const QString &word)
{
    using Source = PackChoice::Source;
    for (const auto &[name, source] :
         {std::pair("in-force", Source::InForce), std::pair("edited", Source::Edited),
          std::pair("classified", Source::Classified), std::pair("shipped", Source::Shipped)})
        if (word == QLatin1String(name))
            return {source, {}};
    return {word.endsWith(QLatin1String(".zip")) ? Source::Bundle : Source::Path, word.toStdString()};
}

} // namespace

RulesComparePanel::RulesComparePanel(Session &session, QWidget *parent)
    : RulesPanel(session, parent), m_controller(new RulesCompareController(session, this))
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    layout->addWidget(buildTools());
    m_stack = new QStackedWidget(content);
    m_nothing = new EmptyState(QStringLiteral("rules"), {}, {}, m_stack);
    m_cancel = m_nothing->addButton(tr("Cancel"));
    setRole(m_cancel, "");
    m_stack->addWidget(m_nothing);
    m_stack->addWidget(buildResult());
    layout->addWidget(m_stack, 1);
    setContent(content);
    showIdle();
    connect(m_controller, &RulesCompareController::jobStarted, this, &RulesComparePanel::showRunning);
    connect(m_controller, &RulesCompareController::changed, this, &RulesComparePanel::showComparison);
    connect(m_controller, &RulesCompareController::failed, this, &RulesComparePanel::tell);
}

QWidget *RulesComparePanel::buildTools()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    layout->addWidget(makeLabel(tr("From"), "muted", row));
    m_a = new PackChooser(tr("Pack to compare from"), PackChoice::Source::Shipped, row);
    layout->addWidget(m_a);
    layout->addWidget(makeLabel(tr("to"), "muted", row));
    m_b = new PackChooser(tr("Pack to compare with"), PackChoice::Source::InForce, row);
    layout->addWidget(m_b);
    m_savings = new QCheckBox(tr("With savings"), row);
    m_savings->setChecked(true);
    m_savings->setToolTip(tr("Replays the history under the verdicts of both packs, which takes longer"));
    layout->addWidget(m_savings);
    m_run = new QPushButton(tr("Compare"), row);
    setRole(m_run, "primary");
    connect(m_run, &QPushButton::clicked, this, &RulesComparePanel::compare);
    layout->addWidget(m_run);
    layout->addStretch(1);
    m_save = buildExport(row);
    layout->addWidget(m_save);
    return row;
}

QToolButton *RulesComparePanel::buildExport(QWidget *row)
{
    auto *save = new QToolButton(row);
    save->setObjectName(QStringLiteral("boxed"));
    save->setText(tr("Export ▾"));
    save->setAccessibleName(tr("Export the comparison"));
    save->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(save);
    menu->addAction(tr("The moves, as CSV…"), this, [this] { m_moves->chooseExport(tr("moves.csv")); });
    menu->addAction(tr("The whole comparison, as JSON…"), this, &RulesComparePanel::exportJson);
    save->setMenu(menu);
    return save;
}

void RulesComparePanel::offerExport()
{
    const bool compared = m_controller->comparison().has_value();
    m_save->setEnabled(compared);
    m_save->setToolTip(compared ? tr("Writes the moves or the whole comparison into a file")
                                : tr("Compare two packs first: what is written is the comparison"));
}

QWidget *RulesComparePanel::buildResult()
{
    auto *result = new QWidget(this);
    auto *layout = new QVBoxLayout(result);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    auto *card = new Card({}, result);
    m_heading = makeLabel({}, "heading", card);
    m_verdict = makeLabel({}, nullptr, card);
    for (QLabel *label : {m_heading, m_verdict}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        card->body()->addWidget(label);
    }
    layout->addWidget(card);
    m_stats = new StatRow(result);
    for (const QString &name : {tr("Judged otherwise"), tr("Newly classified"), tr("No longer classified"),
                                tr("Hits on successes"), tr("Net savings")})
        m_stats->add(name);
    layout->addWidget(m_stats);
    auto *split = new QSplitter(Qt::Vertical, result);
    split->setChildrenCollapsible(false);
    split->addWidget(buildMoves());
    auto *lower = new QSplitter(Qt::Horizontal, split);
    lower->setChildrenCollapsible(false);
    lower->addWidget(buildExamples());
    lower->addWidget(buildSuccesses());
    lower->setSizes({800, 420});
    split->addWidget(lower);
    split->setSizes({320, 200});
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    layout->addWidget(split, 1);
    return result;
}

QWidget *RulesComparePanel::buildMoves()
{
    auto *card = new Card(tr("Moves"), this);
    m_kind = new QComboBox(card);
    m_kind->setAccessibleName(tr("Which moves are listed"));
    m_kind->addItem(tr("All moves"), -1);
    for (const auto kind : {MoveKind::Classified, MoveKind::Unclassified, MoveKind::OtherClass, MoveKind::OtherAction,
                            MoveKind::OtherRule})
        m_kind->addItem(moveKindName(kind), static_cast<int>(kind));
    connect(m_kind, &QComboBox::currentIndexChanged, this, &RulesComparePanel::filterMoves);
    card->addHeaderWidget(m_kind);
    m_moves = new TableView(card);
    m_moves->setAccessibleName(tr("Failures that are judged otherwise"));
    m_moveModel = new RowsModel<pipeline::RuleMove>(moveColumns(), this);
    m_moves->setModel(m_moveModel);
    m_moves->setSelectionMode(QAbstractItemView::SingleSelection);
    // How many and how much stand first, where no width hides them; classes, which the rules' tool tips name, give way.
    for (const int column : {kMoveCost, kMoveFailures})
        m_moves->horizontalHeader()->moveSection(m_moves->horizontalHeader()->visualIndex(column), 1);
    auto *widths = new ElasticColumn(m_moves, {150, 180, 130, 170, 136, 152, 70, 66}, kMoveFrom, 110);
    widths->letGo({kMoveFromClass, kMoveToClass});
    m_moves->horizontalHeader()->setSortIndicator(kMoveFailures, Qt::DescendingOrder);
    m_moves->setSortingEnabled(true);
    m_moves->setMinimumHeight(kLeastTableHeight);
    card->body()->addWidget(m_moves);
    connect(m_moves->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RulesComparePanel::showExamples);
    connect(m_moves, &QTableView::activated, this, [this](const QModelIndex &index) {
        const auto &move = m_moveModel->row(index.row());
        const std::string &rule = move.toRule.empty() ? move.fromRule : move.toRule;
        Q_EMIT navigationRequested(QStringLiteral("rules"), QStringLiteral("rule:") + text(rule));
    });
    return card;
}

QWidget *RulesComparePanel::buildExamples()
{
    auto *card = new Card(tr("Examples of the selected move"), this);
    m_examples = new TableView(card);
    m_examples->setAccessibleName(tr("Examples of the selected move"));
    m_exampleModel = new RowsModel<store::FailureRow>(exampleColumns(), this);
    m_examples->setModel(m_exampleModel);
    (new ElasticColumn(m_examples, {150, 110, 126, 160}, 0, 90))->letGo({1}); // run ids say least
    m_examples->setMinimumHeight(kLeastTableHeight);
    card->body()->addWidget(m_examples);
    connect(m_examples, &QTableView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT navigationRequested(QStringLiteral("failures"),
                                   QStringLiteral("attempt:%1").arg(m_exampleModel->row(index.row()).id));
    });
    return card;
}

QWidget *RulesComparePanel::buildSuccesses()
{
    auto *card = new Card(tr("Hits on successes"), this); // as the figure above says it
    m_successes = new TableView(card);
    m_successes->setAccessibleName(tr("Rules that match successful attempts"));
    m_successModel = new RowsModel<SuccessLine>(successColumns(), this);
    m_successes->setModel(m_successModel);
    new ElasticColumn(m_successes, {230, 70, 64}, 0, 110);
    m_successes->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_successes->setSortingEnabled(true);
    m_successes->setMinimumHeight(kLeastTableHeight);
    card->body()->addWidget(m_successes);
    connect(m_successes, &QTableView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT navigationRequested(QStringLiteral("rules"),
                                   QStringLiteral("rule:") + text(m_successModel->row(index.row()).rule));
    });
    return card;
}

void RulesComparePanel::load()
{
    // Nothing is compared unasked: it takes a while.
    showContent();
    if (std::exchange(m_wanted, false))
        compare();
    else if (m_controller->comparison())
        m_heading->setText(tr("%1 (compared before the last change)").arg(verdictHeading(*m_controller->comparison())));
    if (!m_controller->running())
        showIdle();
}

void RulesComparePanel::reveal(const QString &argument)
{
    const QStringList words = argument.split(QLatin1Char('|'));
    if (words.size() != 2)
        return;
    m_a->choose(choiceOf(words[0]));
    m_b->choose(choiceOf(words[1]));
    m_wanted = true;
    invalidate();
}

void RulesComparePanel::compare()
{
    m_controller->compare(m_a->choice(), m_b->choice(), pack() != nullptr ? pack()->documents() : std::nullopt,
                          m_savings->isChecked());
}

void RulesComparePanel::showRunning(Job *job)
{
    settle();
    follow(job);
    m_run->setEnabled(false);
    m_nothing->setSentence(tr("Comparing %1 with %2…").arg(choiceName(m_a->choice()), choiceName(m_b->choice())),
                           tr("The packs are compiled first, which takes a large one some seconds. The line at the "
                              "bottom tells how far it is."));
    m_cancel->setEnabled(true);
    m_cancel->show();
    m_stack->setCurrentIndex(0);
    connect(m_cancel, &QPushButton::clicked, job, [this, job] {
        m_cancel->setEnabled(false);
        job->cancel();
    });
    connect(job, &Job::failed, this, &RulesComparePanel::showIdle);
    connect(job, &Job::cancelled, this, &RulesComparePanel::showIdle);
    connect(job, &QObject::destroyed, m_run, [this] { m_run->setEnabled(true); });
}

void RulesComparePanel::showIdle()
{
    m_nothing->setSentence(tr("Choose two packs above and compare them"),
                           tr("Every failure is judged by both: what changes class, what is newly classified or no "
                              "longer, which successful attempts are matched, and what becomes of the savings. A test "
                              "before new rules go into production."));
    m_cancel->hide();
    m_stack->setCurrentIndex(m_controller->comparison() ? 1 : 0);
    offerExport();
}

void RulesComparePanel::showComparison()
{
    const auto &comparison = *m_controller->comparison();
    m_heading->setText(verdictHeading(comparison));
    const CompareVerdict verdict = compareVerdict(comparison);
    setRole(m_heading, verdict == CompareVerdict::Worse    ? "loss"
                       : verdict == CompareVerdict::Better ? "gain"
                                                           : "heading");
    m_verdict->setText(verdictText(comparison, choiceName(m_controller->a()), choiceName(m_controller->b())));
    showFigures();
    m_moveModel->setRows(comparison.change.moves);
    filterMoves();
    m_successModel->setRows(successLines(comparison));
    m_stack->setCurrentIndex(1);
    offerExport();
    if (m_moveModel->rowCount() > 0)
        m_moves->setCurrentIndex(m_moveModel->index(0, 0));
    showExamples();
}

void RulesComparePanel::showFigures()
{
    const auto &comparison = *m_controller->comparison();
    const auto &change = comparison.change;
    const auto number = [](std::uint64_t count) { return countText(static_cast<double>(count)); };
    m_stats->set(kChanged, number(change.changed), moneyText(change.changedCostUsd));
    m_stats->set(kClassified, number(change.newlyClassified), moneyText(change.newlyClassifiedCostUsd));
    m_stats->set(kUnclassified, number(change.newlyUnclassified), moneyText(change.newlyUnclassifiedCostUsd));
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    for (const auto &line : successLines(comparison)) {
        before += line.before;
        after += line.after;
    }
    m_stats->set(kSuccesses, before == after ? number(after) : tr("%1 → %2").arg(number(before), number(after)));
    if (comparison.savings) {
        const double gain = comparison.savings->netGain();
        const QString net = (gain > 0.0 ? QStringLiteral("+") : QString()) + moneyText(gain);
        m_stats->set(kNet, comparison.savings->after.modelFallback ? tr("%1 (no model)").arg(net) : net,
                     tr("%1 before, %2 after")
                         .arg(moneyText(comparison.savings->before.savings.net.value),
                              moneyText(comparison.savings->after.savings.net.value)));
    } else {
        m_stats->set(kNet, QString(QChar(0x2013)), text(comparison.withoutSavings));
    }
}

void RulesComparePanel::filterMoves()
{
    const int kind = m_kind->currentData().toInt();
    m_moveModel->setFilter(
        [kind](const pipeline::RuleMove &move) { return kind < 0 || static_cast<int>(moveKind(move)) == kind; });
    showExamples();
}

void RulesComparePanel::showExamples()
{
    std::vector<store::FailureRow> rows;
    const QModelIndex index = m_moves->currentIndex();
    auto *workspace = session().workspace();
    if (index.isValid() && workspace != nullptr) {
        auto found = store::failureRows(*workspace, m_moveModel->row(index.row()).examples);
        if (found)
            rows = std::move(found).value();
        else
            Q_EMIT session().errorOccurred(found.error());
    }
    m_exampleModel->setRows(std::move(rows));
}

void RulesComparePanel::exportJson()
{
    const QString path =
        QFileDialog::getSaveFileName(window(), tr("Export the comparison"), tr("comparison.json"), tr("JSON (*.json)"));
    if (path.isEmpty())
        return;
    const auto bytes =
        QByteArray::fromStdString(formats::writeJsonIndented(pipeline::comparisonToJson(*m_controller->comparison())));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        Q_EMIT session().errorOccurred(base::makeError(
            base::ErrorCode::Io, "Cannot write '" + path.toStdString() + "': " + file.errorString().toStdString(),
            "Choose a folder that may be written, with room left."));
}

} // namespace mulligan::desktop

#include "desktop/pages/failures_page.hpp"

#include "desktop/models/failure_search.hpp"
#include "desktop/models/failures_model.hpp"
#include "desktop/pages/failures_decision_panel.hpp"
#include "desktop/pages/failures_export.hpp"
#include "desktop/pages/failures_filter_bar.hpp"
#include "desktop/pages/failures_run_panel.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/log_view.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

using store::FailureColumn;

FailuresPage::FailuresPage(Session &session, QWidget *parent) : Page(parent), m_session(session)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    layout->addWidget(m_stack);
    m_search = new FailureSearch(this);
    m_search->setPath(m_session.path());
    buildEmptyState();
    m_stack->addWidget(buildContent());
    connect(m_search, &FailureSearch::found, this, &FailuresPage::showIds);
    connect(m_search, &FailureSearch::failed, &m_session, &Session::errorOccurred);
    connect(m_search, &FailureSearch::started, this, [this] { m_count->setText(tr("Searching…")); });
    auto *find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, m_filters, &FailuresFilterBar::focusSearch);
    connectSession();
}

FailuresPage::~FailuresPage()
{
    delete m_choicesJob.data();
    delete m_decisionJob.data();
}

void FailuresPage::buildEmptyState()
{
    auto *empty =
        new EmptyState(QStringLiteral("failures"), tr("No failures to show yet"),
                       tr("Import a history of attempts: every one that failed or was killed is listed here."), this);
    connect(empty->addButton(tr("Import files…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:import-files"), {}); });
    connect(empty->addButton(tr("Import a folder…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:import-folder"), {}); });
    m_stack->addWidget(empty);
}

QWidget *FailuresPage::buildContent()
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_filters = new FailuresFilterBar(content);
    layout->addWidget(m_filters);
    m_table = new TableView(content);
    m_table->setAccessibleName(tr("Failures"));
    m_model = new FailuresModel(
        [this](std::span<const std::int64_t> ids) {
            auto *workspace = m_session.workspace();
            if (workspace == nullptr)
                return std::vector<store::FailureRow>{};
            return store::failureRows(*workspace, ids).value_or(std::vector<store::FailureRow>{});
        },
        this);
    m_table->setModel(m_model);
    m_table->setCustomExport(true);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->horizontalHeader()->setSortIndicator(0, Qt::DescendingOrder);
    m_table->setSortingEnabled(true);
    // The last one, the root cause, takes what is left.
    const int widths[] = {128, 180, 150, 66, 74, 184, 190, 92, 84, 90, 80, 76, 70};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_table->setColumnWidth(column, widths[column]);
    for (const FailureColumn hidden : {FailureColumn::Run, FailureColumn::Rule, FailureColumn::Owner,
                                       FailureColumn::Cluster, FailureColumn::ExitCode})
        m_table->setColumnHidden(static_cast<int>(hidden), true);
    auto *split = new QSplitter(Qt::Vertical, content);
    split->setChildrenCollapsible(false);
    split->addWidget(m_table);
    split->addWidget(buildDetail());
    split->setStretchFactor(0, 5);
    split->setStretchFactor(1, 6);
    split->setSizes({300, 360});
    layout->addWidget(split, 1);
    auto *columns = new QToolButton(content);
    columns->setObjectName(QStringLiteral("boxed"));
    columns->setText(tr("Columns"));
    columns->setPopupMode(QToolButton::InstantPopup);
    columns->setMenu(m_table->makeColumnMenu(columns));
    m_filters->addTrailing(columns);
    auto *save = new QPushButton(tr("Export…"), content);
    connect(save, &QPushButton::clicked, this, &FailuresPage::exportRows);
    connect(m_table, &TableView::exportRequested, this, &FailuresPage::exportRows);
    m_filters->addTrailing(save);
    m_count = makeLabel({}, "muted", content);
    layout->addWidget(m_count);
    return content;
}

QWidget *FailuresPage::buildDetail()
{
    auto *detail = new QSplitter(Qt::Horizontal, this);
    detail->setChildrenCollapsible(false);
    auto *runCard = new Card(tr("Run and cause"), detail);
    m_run = new FailuresRunPanel(runCard);
    runCard->body()->addWidget(m_run);
    auto *logCard = new Card(tr("Log"), detail);
    m_log = new LogView(logCard);
    logCard->body()->addWidget(m_log);
    logCard->addHeaderWidget(buildRuleButton());
    auto *decisionCard = new Card(tr("Decision under the policy"), detail);
    m_decision = new FailuresDecisionPanel(decisionCard);
    decisionCard->body()->addWidget(m_decision);
    for (Card *card : {runCard, logCard, decisionCard}) {
        card->setMinimumWidth(220);
        detail->addWidget(card);
    }
    detail->setSizes({400, 380, 330});
    connect(m_run, &FailuresRunPanel::attemptChosen, this, [this](qint64 id) {
        if (id != m_selected)
            showDetail(id);
    });
    connect(m_run, &FailuresRunPanel::matchChosen, this, [this](const ByteSpan &span) { m_log->setSpans({span}); });
    connect(m_run, &FailuresRunPanel::ruleActivated, this, [this](const QString &rule) {
        Q_EMIT navigationRequested(QStringLiteral("rules"), QStringLiteral("rule:") + rule);
    });
    return detail;
}

QWidget *FailuresPage::buildRuleButton()
{
    auto *button = new QToolButton(this);
    button->setObjectName(QStringLiteral("boxed"));
    button->setText(tr("Rules"));
    button->setToolTip(tr("Takes this failure to the rule editor"));
    button->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(button);
    const auto ask = [this](const QString &what) {
        if (m_selected != 0)
            Q_EMIT navigationRequested(QStringLiteral("rules"), QStringLiteral("%1:%2").arg(what).arg(m_selected));
    };
    menu->addAction(tr("New rule from it"), this, [ask] { ask(QStringLiteral("new-from")); });
    menu->addAction(tr("Sample of the selected rule"), this, [ask] { ask(QStringLiteral("sample")); });
    menu->addAction(tr("Try the rules on it"), this, [ask] { ask(QStringLiteral("failure")); });
    button->setMenu(menu);
    return button;
}

void FailuresPage::connectSession()
{
    connect(m_filters, &FailuresFilterBar::filterChanged, this, &FailuresPage::runQuery);
    connect(m_model, &FailuresModel::sortRequested, this, [this](store::FailureSort sort) {
        m_sort = sort;
        runQuery();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &index) {
        if (index.isValid())
            showDetail(m_model->idAt(index.row()));
    });
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        m_search->setPath(m_session.path());
        m_selected = 0;
        m_model->setIds({});
        m_dirty = true;
        refresh();
    });
    connect(&m_session, &Session::dataChanged, this, [this] {
        m_search->setPath(m_session.path());
        m_dirty = true;
        refresh();
    });
    connect(&m_session, &Session::sessionLoaded, this, &FailuresPage::askDecision);
    connect(&m_session, &Session::policyChanged, this, &FailuresPage::askDecision);
    connect(&m_session, &Session::economicsChanged, this, &FailuresPage::askDecision);
    refresh();
}

void FailuresPage::activate()
{
    refresh();
}

void FailuresPage::refresh()
{
    const bool any = m_session.isOpen() && m_session.info().failures > 0;
    m_stack->setCurrentIndex(any ? 1 : 0);
    if (!any || !m_dirty || !isVisible())
        return;
    m_dirty = false;
    if (m_session.info().to.ms > 0)
        m_filters->setWindow(m_session.info().from, m_session.info().to);
    runQuery();
    loadChoices();
}

void FailuresPage::runQuery()
{
    if (m_session.isOpen())
        m_search->request(m_filters->filter(), m_sort);
}

void FailuresPage::loadChoices()
{
    delete m_choicesJob.data();
    m_choicesJob = startJob<store::FailureChoices>(
        this, tr("Counting"),
        [path = m_session.path().toStdString()](std::stop_token stop,
                                                base::Progress &) -> base::Result<store::FailureChoices> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            return store::failureChoices(workspace, stop);
        },
        [this](const store::FailureChoices &choices) { m_filters->setChoices(choices); });
}

void FailuresPage::showIds(const std::vector<std::int64_t> &ids)
{
    m_model->setIds(ids);
    const auto all = m_session.info().failures;
    m_count->setText(ids.size() == all
                         ? tr("%1 failures").arg(countText(static_cast<double>(all)))
                         : tr("%1 of %2 failures")
                               .arg(countText(static_cast<double>(ids.size())), countText(static_cast<double>(all))));
    const std::int64_t wanted = m_wanted != 0 ? m_wanted : m_selected;
    m_wanted = 0;
    const int row = wanted != 0 ? m_model->rowOf(wanted) : -1;
    if (row >= 0) {
        m_table->selectRow(row);
        m_table->scrollTo(m_model->index(row, 0), QAbstractItemView::PositionAtCenter);
    } else if (!ids.empty()) {
        m_table->selectRow(0);
    }
}

void FailuresPage::reveal(const QString &argument)
{
    store::FailureFilter filter;
    for (const QString &term : argument.split(QLatin1Char('\n'))) {
        const QString kind = term.section(QLatin1Char(':'), 0, 0);
        const QString value = term.section(QLatin1Char(':'), 1);
        if (kind == QLatin1String("class"))
            filter.errorClass = value.toStdString();
        else if (kind == QLatin1String("rule"))
            filter.rule = value.toStdString();
        else if (kind == QLatin1String("text"))
            filter.text = value.toStdString();
        else if (kind == QLatin1String("job"))
            filter.job = value.toStdString();
        else if (kind == QLatin1String("team"))
            filter.team = value.toStdString();
        else if (kind == QLatin1String("attempt"))
            m_wanted = value.toLongLong();
    }
    m_filters->setFilter(filter);
}

void FailuresPage::showDetail(std::int64_t attemptId)
{
    auto *workspace = m_session.workspace();
    if (workspace == nullptr)
        return;
    const auto detail = store::failureDetail(*workspace, attemptId);
    if (!detail) {
        Q_EMIT m_session.errorOccurred(detail.error());
        return;
    }
    m_selected = attemptId;
    m_run->setDetail(*detail);
    std::vector<ByteSpan> spans;
    if (detail->verdict.has_value()) {
        for (const auto &match : detail->verdict->matches)
            spans.push_back({match.begin, match.end});
    }
    const auto &chosen = detail->chain[detail->selected];
    m_log->setLog(chosen.errorText.empty() ? tr("This attempt has no log text.").toStdString() : chosen.errorText,
                  chosen.errorText.empty() ? std::vector<ByteSpan>{} : spans);
    if (chosen.outcome == model::Outcome::Failed || chosen.outcome == model::Outcome::Killed)
        askDecision();
    else
        m_decision->setMessage(tr("This attempt did not fail: nothing to decide."));
}

void FailuresPage::askDecision()
{
    if (m_selected == 0 || !isVisible())
        return;
    const auto replay = m_session.replaySession();
    if (!replay) {
        m_decision->setMessage(tr("The history is being loaded…"));
        return;
    }
    // Superseded questions are answered quickly; their answers are dropped by the row they were asked for.
    delete m_decisionJob.data();
    m_decisionJob = startJob<pipeline::DecisionDetail>(
        this, tr("Deciding"),
        [replay, id = m_selected, policy = m_session.policy(), economics = m_session.economics()](
            std::stop_token, base::Progress &) { return replay->decisionAt(id, policy, economics); },
        [this](const pipeline::DecisionDetail &detail) { m_decision->setDecision(detail); });
    connect(m_decisionJob, &Job::failed, this,
            [this](const base::Error &error) { m_decision->setMessage(text(error.message)); });
}

void FailuresPage::exportRows()
{
    const QString path =
        QFileDialog::getSaveFileName(window(), tr("Export failures"), tr("failures.csv"), tr("CSV (*.csv)"));
    if (path.isEmpty())
        return;
    auto *job = startJob<std::uint64_t>(
        this, tr("Exporting"),
        [workspace = m_session.path().toStdString(), ids = m_model->ids(), path](std::stop_token stop,
                                                                                 base::Progress &progress) {
            return exportFailures(workspace, ids, path, stop, progress);
        },
        [this](std::uint64_t rows) {
            m_count->setText(tr("%1 rows written").arg(countText(static_cast<double>(rows))));
        });
    connect(job, &Job::failed, &m_session, &Session::errorOccurred);
    m_count->setText(tr("Exporting…"));
}

} // namespace mulligan::desktop

#include "desktop/pages/rules_page.hpp"

#include "desktop/pages/rules_detail_panel.hpp"
#include "desktop/pages/rules_trial_panel.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

struct PackCheck {
    std::vector<PackProblem> problems;
    std::map<std::string, std::vector<classify::SampleFailure>> failedSamples;
};

PackCheck checked(const classify::Classifier &classifier)
{
    PackCheck check;
    const auto fileOf = [&](const std::string &rule) {
        const auto *found = classifier.find(rule);
        return found != nullptr ? found->file : std::string();
    };
    for (const auto &problem : classify::lintPack(classifier.pack()))
        check.problems.push_back({problem.rule, problem.kind, problem.message, fileOf(problem.rule), problem.line});
    // Which samples fail is among the problems; their rule's page marks them one by one.
    for (const auto &failure : classify::testPack(classifier).failed)
        check.failedSamples[failure.rule].push_back(failure);
    return check;
}

} // namespace

RulesPage::RulesPage(Session &session, QWidget *parent) : Page(parent), m_session(session)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    layout->addWidget(buildToolRow());
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setChildrenCollapsible(false);
    split->addWidget(buildList());
    split->addWidget(buildTabs());
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({670, 390});
    layout->addWidget(split, 1);
    connectSession();
    showPack();
    showEffect();
}

RulesPage::~RulesPage()
{
    delete m_hitsJob.data();
    delete m_checkJob.data();
}

QWidget *RulesPage::buildToolRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_search = new QLineEdit(row);
    m_search->setPlaceholderText(tr("Search rules, classes, actions"));
    m_search->setAccessibleName(tr("Search rules"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(300);
    layout->addWidget(m_search);
    m_pack = makeLabel({}, "muted", row);
    layout->addWidget(m_pack);
    layout->addStretch(1);
    m_effect = makeLabel({}, nullptr, row);
    layout->addWidget(m_effect);
    m_classify = new QPushButton(tr("Classify again"), row);
    m_classify->setToolTip(tr("Runs the rules in force over all failures of the workspace"));
    connect(m_classify, &QPushButton::clicked, this, [this] { m_session.classify(); });
    layout->addWidget(m_classify);
    auto *choose = new QToolButton(row);
    choose->setObjectName(QStringLiteral("boxed"));
    choose->setText(tr("Rule pack"));
    choose->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(choose);
    menu->addAction(tr("Choose a file…"), this, [this] {
        const QString path = QFileDialog::getOpenFileName(window(), tr("Rule pack"), {}, tr("Rules (*.yaml *.yml)"));
        if (!path.isEmpty())
            m_session.setRulePaths({path});
    });
    menu->addAction(tr("Choose a folder…"), this, [this] {
        const QString path = QFileDialog::getExistingDirectory(window(), tr("Rule pack"));
        if (!path.isEmpty())
            m_session.setRulePaths({path});
    });
    menu->addAction(tr("Use the shipped pack"), this, [this] { m_session.setRulePaths({}); });
    choose->setMenu(menu);
    layout->addWidget(choose);
    return row;
}

QWidget *RulesPage::buildList()
{
    m_table = new TableView(this);
    m_table->setAccessibleName(tr("Rules"));
    m_model = new RowsModel<RuleLine>(ruleColumns(), this);
    m_proxy = new QSortFilterProxyModel(this);
    m_proxy->setSourceModel(m_model);
    m_proxy->setSortRole(kSortRole);
    m_proxy->setFilterKeyColumn(-1);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(m_proxy);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(4, Qt::DescendingOrder);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    const int widths[] = {200, 138, 70, 104, 66, 88, 60};
    for (int column = 1; column < static_cast<int>(std::size(widths)); ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->setColumnHidden(2, true);
    m_table->setColumnHidden(5, true);
    connect(m_search, &QLineEdit::textChanged, m_proxy, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RulesPage::showSelected);
    return m_table;
}

QWidget *RulesPage::buildTabs()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_detail = new RuleDetailPanel(m_tabs);
    m_tabs->addTab(m_detail, tr("Rule"));
    m_problems = new TableView(m_tabs);
    m_problems->setAccessibleName(tr("Problems of the pack"));
    m_problemModel = new RowsModel<PackProblem>(problemColumns(), this);
    m_problems->setModel(m_problemModel);
    m_tabs->addTab(m_problems, tr("Problems"));
    m_trial = new RuleTrialPanel(m_tabs);
    m_tabs->addTab(m_trial, tr("Try a text"));
    connect(m_problems, &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        reveal(QStringLiteral("rule:") + text(m_problemModel->row(index.row()).rule));
    });
    connect(m_detail, &RuleDetailPanel::enabledChanged, this, [this](const QString &rule, bool enabled) {
        auto policy = m_session.policy();
        if (enabled)
            policy.disabledRules.erase(rule.toStdString());
        else
            policy.disabledRules.insert(rule.toStdString());
        m_session.setPolicy(policy, enabled ? tr("switch on %1").arg(rule) : tr("switch off %1").arg(rule));
    });
    connect(m_detail, &RuleDetailPanel::actionChanged, this, [this](const QString &rule, int action) {
        auto policy = m_session.policy();
        if (action < 0)
            policy.ruleActions.erase(rule.toStdString());
        else
            policy.ruleActions[rule.toStdString()] = static_cast<model::RuleAction>(action);
        m_session.setPolicy(policy, tr("action of %1").arg(rule));
    });
    connect(m_detail, &RuleDetailPanel::failuresRequested, this, [this](const QString &rule) {
        Q_EMIT navigationRequested(QStringLiteral("failures"), QStringLiteral("rule:") + rule);
    });
    return m_tabs;
}

void RulesPage::connectSession()
{
    connect(&m_session, &Session::rulesChanged, this, [this] {
        showPack();
        checkPack();
    });
    connect(&m_session, &Session::policyChanged, this, [this] {
        // A threshold being dragged changes nothing in the list.
        const auto &policy = m_session.policy();
        if (policy.disabledRules != m_shownDisabled || policy.ruleActions != m_shownActions)
            showPack();
    });
    connect(&m_session, &Session::replayChanged, this, &RulesPage::showEffect);
    const auto reload = [this] {
        m_dirty = true;
        m_baseline.reset();
        if (!m_session.isOpen()) {
            m_hits.clear();
            showPack();
        }
        activate();
    };
    connect(&m_session, &Session::dataChanged, this, reload);
    connect(&m_session, &Session::workspaceChanged, this, reload);
}

void RulesPage::activate()
{
    m_classify->setEnabled(m_session.isOpen() && m_session.info().failures > 0);
    if (!isVisible())
        return;
    if (m_problemModel->rowCount() == 0 && !m_checkJob && m_session.rules())
        checkPack();
    if (m_dirty && m_session.isOpen())
        loadHits();
}

void RulesPage::loadHits()
{
    m_dirty = false;
    delete m_hitsJob.data();
    m_hitsJob = startJob<std::vector<store::RuleHits>>(
        this, tr("Counting"),
        [path = m_session.path().toStdString()](std::stop_token stop,
                                                base::Progress &) -> base::Result<std::vector<store::RuleHits>> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            return store::ruleHits(workspace, stop);
        },
        [this](const std::vector<store::RuleHits> &hits) {
            const bool first = m_hits.empty();
            m_hits.clear();
            for (const auto &hit : hits)
                m_hits[hit.rule] = hit;
            showPack();
            // The list was in the order of the files; now the most frequent rule is the first.
            if (first && !m_asked)
                m_table->setCurrentIndex(m_proxy->index(0, 0));
            m_table->scrollTo(m_table->currentIndex());
        });
    connect(m_hitsJob, &Job::failed, &m_session, &Session::errorOccurred);
}

void RulesPage::showPack()
{
    const auto rules = m_session.rules();
    if (!rules) {
        m_pack->setText(m_session.rulesError() ? tr("No pack in force") : tr("Compiling the rules…"));
        return;
    }
    m_trial->setClassifier(rules);
    const QString selected = selectedRule();
    const auto failures = static_cast<double>(m_session.info().failures);
    const auto &policy = m_session.policy();
    m_shownDisabled = policy.disabledRules;
    m_shownActions = policy.ruleActions;
    std::vector<RuleLine> lines;
    for (const auto &rule : rules->pack().rules) {
        RuleLine line;
        line.rule = rule;
        if (const auto hits = m_hits.find(rule.id); hits != m_hits.end())
            line.hits = hits->second;
        line.share = failures > 0 ? static_cast<double>(line.hits.wins) / failures : 0.0;
        line.enabled = policy.disabledRules.find(rule.id) == policy.disabledRules.end();
        if (const auto action = policy.ruleActions.find(rule.id); action != policy.ruleActions.end())
            line.otherAction = action->second;
        lines.push_back(std::move(line));
    }
    const QString source =
        m_session.rulePaths().isEmpty() ? tr("shipped pack") : m_session.rulePaths().join(QStringLiteral(", "));
    const QString count =
        lines.size() == 1 ? tr("One rule") : tr("%1 rules").arg(countText(static_cast<double>(lines.size())));
    m_pack->setText(m_session.rulesError() ? tr("%1 still in force; the newest file does not compile").arg(count)
                                           : tr("%1, %2").arg(count, source));
    setRole(m_pack, m_session.rulesError() ? "loss" : "muted");
    m_model->setRows(std::move(lines));
    select(selected);
}

void RulesPage::checkPack()
{
    const auto rules = m_session.rules();
    if (!rules)
        return;
    delete m_checkJob.data();
    m_checkJob = startJob<PackCheck>(
        this, tr("Checking the rules"),
        [rules](std::stop_token, base::Progress &) -> base::Result<PackCheck> { return checked(*rules); },
        [this](PackCheck check) {
            m_sampleFailures = std::move(check.failedSamples);
            m_tabs->setTabText(1, check.problems.empty() ? tr("No problems")
                                                         : tr("Problems (%1)").arg(check.problems.size()));
            m_problemModel->setRows(std::move(check.problems));
            m_problems->resizeColumnsToContents();
            showSelected();
        });
}

QString RulesPage::selectedRule() const
{
    const QModelIndex index = m_proxy->mapToSource(m_table->currentIndex());
    return index.isValid() ? text(m_model->row(index.row()).rule.id) : QString();
}

void RulesPage::showSelected()
{
    const QModelIndex index = m_proxy->mapToSource(m_table->currentIndex());
    if (!index.isValid()) {
        m_detail->clear();
        return;
    }
    const auto &line = m_model->row(index.row());
    const auto failed = m_sampleFailures.find(line.rule.id);
    m_detail->setRule(line, failed == m_sampleFailures.end() ? std::vector<classify::SampleFailure>{} : failed->second);
}

void RulesPage::reveal(const QString &argument)
{
    m_asked = true;
    select(argument.section(QLatin1Char(':'), 1));
}

void RulesPage::select(const QString &id)
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (text(m_model->row(row).rule.id) != id)
            continue;
        QModelIndex index = m_proxy->mapFromSource(m_model->index(row, 0));
        if (!index.isValid()) {
            m_search->clear();
            index = m_proxy->mapFromSource(m_model->index(row, 0));
        }
        m_table->setCurrentIndex(index);
        m_table->scrollTo(index);
        return;
    }
    if (m_proxy->rowCount() > 0)
        m_table->setCurrentIndex(m_proxy->index(0, 0));
}

void RulesPage::noteBaseline()
{
    const auto &policy = m_session.policy();
    if (m_session.stale() || !m_session.replay() || !policy.disabledRules.empty() || !policy.ruleActions.empty())
        return;
    m_baseline = Baseline{m_session.replay()->report.savings.net.value, policy, m_session.economics()};
}

std::optional<double> RulesPage::netBefore() const
{
    if (!m_baseline || m_baseline->economics != m_session.economics())
        return std::nullopt;
    // Only the rules may differ: what another knob changed is not their effect.
    policy::Policy rest = m_session.policy();
    rest.disabledRules.clear();
    rest.ruleActions.clear();
    return rest == m_baseline->policy ? std::optional(m_baseline->net) : std::nullopt;
}

void RulesPage::showEffect()
{
    noteBaseline();
    const auto &policy = m_session.policy();
    const bool edited = !policy.disabledRules.empty() || !policy.ruleActions.empty();
    setRole(m_effect, "muted");
    if (!m_session.replay()) {
        m_effect->clear();
        return;
    }
    if (m_session.stale()) {
        m_effect->setText(tr("Replaying…"));
        return;
    }
    const double after = m_session.replay()->report.savings.net.value;
    const auto before = netBefore();
    if (!edited || !before) {
        m_effect->setText(edited ? tr("Net savings %1 with the edited rules").arg(moneyText(after))
                                 : tr("Net savings %1").arg(moneyText(after)));
        return;
    }
    const double change = after - *before;
    m_effect->setText(tr("Net savings %1 → %2 (%3%4)")
                          .arg(moneyText(*before), moneyText(after), change >= 0 ? QStringLiteral("+") : QString(),
                               moneyText(change)));
    if (change != 0.0)
        setRole(m_effect, change > 0 ? "gain" : "loss");
}

} // namespace mulligan::desktop

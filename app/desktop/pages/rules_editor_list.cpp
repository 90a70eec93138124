#include "desktop/pages/rules_editor_list.hpp"

#include "desktop/pages/rules_editor_problems.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/table_view.hpp"
#include "desktop/widgets/two_line_delegate.hpp"

#include <QAction>
#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kSearchBesideFrom = 300; ///< width from which the search has room beside the menus
constexpr int kTabPadding = 40;        ///< that a tab has around its words

/// Rules that have every word of a search somewhere in their id, title, class, action or file name.
class RuleFilter : public QSortFilterProxyModel
{
public:
    RuleFilter(RowsModel<RuleLine> *rules, QObject *parent) : QSortFilterProxyModel(parent), m_rules(rules)
    {
        setSourceModel(rules);
    }
    void setSearch(const QString &search)
    {
        m_words = search.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const RuleLine &line = m_rules->row(row);
        QStringList fields{text(line.rule.id), text(line.rule.file).section(QLatin1Char('/'), -1)};
        for (const int column : {kRuleTitle, kRuleClass, kRuleAction})
            fields << m_rules->index(row, column, parent).data().toString();
        return std::all_of(m_words.begin(), m_words.end(), [&](const QString &word) {
            return std::any_of(fields.begin(), fields.end(),
                               [&](const QString &field) { return field.contains(word, Qt::CaseInsensitive); });
        });
    }

private:
    RowsModel<RuleLine> *m_rules;
    QStringList m_words;
};

} // namespace

RulesListPanel::RulesListPanel(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_tools = new QBoxLayout(QBoxLayout::LeftToRight);
    m_tools->setSpacing(kGapSmall);
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(tr("Search ids, titles, classes"));
    m_search->setToolTip(tr("Search ids, titles, classes, actions and files; every word must be found (Ctrl+F)"));
    m_search->setAccessibleName(tr("Search rules"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_tools->addWidget(m_search, 1);
    m_menus = new QHBoxLayout;
    m_menus->setSpacing(kGapSmall);
    m_menus->addStretch(0);
    m_tools->addLayout(m_menus);
    layout->addLayout(m_tools);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildRules(), tr("Rules"));
    m_problems = new RuleProblemsPanel(this);
    m_tabs->addTab(m_problems, tr("Problems"));
    connect(m_problems, &RuleProblemsPanel::activated, this, &RulesListPanel::problemActivated);
    layout->addWidget(m_tabs, 1);
}

QWidget *RulesListPanel::buildRules()
{
    m_table = new TableView(this);
    m_table->setAccessibleName(tr("Rules"));
    m_model = new RowsModel<RuleLine>(ruleColumns(), this);
    auto *filter = new RuleFilter(m_model, this);
    m_proxy = filter;
    m_proxy->setSortRole(kSortRole);
    m_table->setModel(m_proxy);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(kRuleWins, Qt::DescendingOrder);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    auto *header = m_table->horizontalHeader();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(kRuleTitle, QHeaderView::Stretch);
    m_table->setItemDelegateForColumn(kRuleTitle,
                                      new TwoLineDelegate(
                                          [this](const QModelIndex &index) {
                                              return ruleSecondLine(m_model->row(m_proxy->mapToSource(index).row()));
                                          },
                                          m_table));
    m_table->verticalHeader()->setDefaultSectionSize(2 * m_table->fontMetrics().height() + 8);
    const std::pair<int, int> widths[] = {{kRuleClass, 140}, {kRuleAction, 90}, {kRuleWins, 60}, {kRulePriority, 66}};
    for (const auto &[column, width] : widths)
        m_table->setColumnWidth(column, width);
    for (const int column :
         {kRuleClass, kRuleDomain, kRuleAction, kRuleShadowed, kRuleShare, kRulePriority, kRuleOrder, kRuleStatus})
        m_table->setColumnHidden(column, true);
    connect(m_search, &QLineEdit::textChanged, this, [this, filter](const QString &search) {
        filter->setSearch(search);
        showCount();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        const std::string key = selectedKey();
        if (!m_setting && !key.empty())
            Q_EMIT ruleSelected(text(key));
    });
    auto *rules = new QWidget(this);
    auto *layout = new QVBoxLayout(rules);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    m_found = new QStackedWidget(rules);
    m_found->addWidget(m_table);
    m_nothing = new EmptyState(QStringLiteral("search"), {}, {}, m_found);
    connect(m_nothing->addButton(tr("Show all rules")), &QPushButton::clicked, m_search, &QLineEdit::clear);
    m_found->addWidget(m_nothing);
    layout->addWidget(m_found, 1);
    m_count = new ElidedLabel({}, "muted", rules);
    layout->addWidget(m_count);
    showCount();
    return rules;
}

void RulesListPanel::showCount()
{
    const int all = m_model->rowCount();
    const int found = m_proxy->rowCount();
    const auto number = [](int count) { return countText(static_cast<double>(count)); };
    m_count->setText(all == 0       ? tr("No rules")
                     : found == all ? all == 1 ? tr("1 rule") : tr("%1 rules").arg(number(all))
                                    : tr("%1 of %2 rules").arg(number(found), number(all)));
    const bool nothing = found == 0 && all > 0;
    if (nothing)
        m_nothing->setSentence(tr("No rule matches"), tr("None of %1 rules has every word of “%2” in its id, title, "
                                                         "class, action or file.")
                                                          .arg(number(all), m_search->text().simplified()));
    m_found->setCurrentIndex(nothing ? 1 : 0);
}

void RulesListPanel::setLines(std::vector<RuleLine> lines)
{
    const std::string key = selectedKey();
    m_setting = true;
    m_model->setRows(std::move(lines));
    showCount();
    select(key);
    m_setting = false;
}

void RulesListPanel::setProblems(std::vector<PackProblem> problems, bool checking)
{
    m_problems->setProblems(std::move(problems));
    m_checking = checking;
    m_checked = true;
    nameProblems();
}

void RulesListPanel::forgetProblems()
{
    setProblems({}, false);
    m_checked = false;
    nameProblems();
}

void RulesListPanel::nameProblems()
{
    // The most that there is room for beside the other tab.
    const auto names = m_checking  ? QStringList{tr("Checking…")}
                       : m_checked ? m_problems->names()
                                   : QStringList{tr("Problems")};
    const int room = width() - kTabPadding - m_tabs->tabBar()->tabRect(0).width();
    const auto fits = [&](const QString &name) { return m_tabs->fontMetrics().horizontalAdvance(name) <= room; };
    const auto name = std::find_if(names.begin(), names.end(), fits);
    m_tabs->setTabText(1, name == names.end() ? names.last() : *name);
    m_tabs->setTabToolTip(1, m_checking ? QString() : m_problems->summary());
}

void RulesListPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_tools->setDirection(width() < kSearchBesideFrom ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    nameProblems();
}

std::string RulesListPanel::selectedKey() const
{
    const QModelIndex index = m_proxy->mapToSource(m_table->currentIndex());
    return index.isValid() ? m_model->row(index.row()).key : std::string();
}

const RuleLine *RulesListPanel::line(const std::string &key) const
{
    for (const auto &each : m_model->rows()) {
        if (each.key == key)
            return &each;
    }
    return nullptr;
}

void RulesListPanel::select(const std::string &key, bool clearSearch)
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->row(row).key != key)
            continue;
        QModelIndex index = m_proxy->mapFromSource(m_model->index(row, 0));
        if (!index.isValid() && clearSearch) {
            m_search->clear();
            index = m_proxy->mapFromSource(m_model->index(row, 0));
        }
        if (!index.isValid())
            return;
        if (m_table->currentIndex().row() != index.row() || !m_table->currentIndex().isValid())
            m_table->setCurrentIndex(index);
        m_table->scrollTo(index);
        return;
    }
}

void RulesListPanel::showProblems()
{
    m_tabs->setCurrentIndex(1);
    m_problems->table()->setFocus();
}

void RulesListPanel::focusSearch()
{
    m_tabs->setCurrentIndex(0);
    m_search->setFocus();
    m_search->selectAll();
}

void RulesListPanel::nextProblem()
{
    if (m_problems->next())
        m_tabs->setCurrentIndex(1);
}

void RulesListPanel::addMenu(const QString &title, const QString &toolTip, const QList<QAction *> &actions)
{
    auto *button = new QToolButton(this);
    button->setObjectName(QStringLiteral("boxed"));
    button->setText(title + QStringLiteral(" ▾"));
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    button->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(button);
    menu->setToolTipsVisible(true);
    for (QAction *action : actions)
        if (action != nullptr)
            menu->addAction(action);
        else
            menu->addSeparator();
    button->setMenu(menu);
    m_menus->insertWidget(m_menus->count() - 1, button);
}

void RulesListPanel::sortByOrder()
{
    m_table->setColumnHidden(kRuleOrder, false);
    m_table->sortByColumn(kRuleOrder, Qt::AscendingOrder);
}

void RulesListPanel::selectFirst()
{
    if (m_proxy->rowCount() > 0)
        m_table->setCurrentIndex(m_proxy->index(0, 0));
}

} // namespace mulligan::desktop

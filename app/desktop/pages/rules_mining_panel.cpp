#include "desktop/pages/rules_mining_panel.hpp"

#include "desktop/pages/rules_mining_controller.hpp"
#include "desktop/pages/rules_mining_draft.hpp"
#include "desktop/pages/rules_pack_access.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elastic_column.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/log_view.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

namespace mulligan::desktop
{

RulesMiningPanel::RulesMiningPanel(Session &session, QWidget *parent)
    : RulesPanel(session, parent), m_controller(new RulesMiningController(session, this))
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    auto *tools = buildTools();
    auto *split = new QSplitter(Qt::Horizontal, content);
    split->setChildrenCollapsible(false);
    split->addWidget(buildList());
    split->addWidget(buildDetail());
    split->setSizes({640, 580});
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    layout->addWidget(tools);
    layout->addWidget(split, 1);
    setContent(content);
    connect(m_controller, &RulesMiningController::jobStarted, this, &RulesMiningPanel::follow);
    connect(m_controller, &RulesMiningController::changed, this, &RulesMiningPanel::showReport);
    connect(m_controller, &RulesMiningController::draftChanged, this, &RulesMiningPanel::showDraft);
    connect(m_controller, &RulesMiningController::failed, this, [this](const base::Error &error) {
        if (m_controller->report())
            tell(error);
        else
            showFailure(error);
    });
}

QWidget *RulesMiningPanel::buildDetail()
{
    auto *side = new QWidget(this);
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    auto *scroll = new QScrollArea(side);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *detail = new QWidget(scroll);
    detail->setObjectName(QStringLiteral("scrolled"));
    auto *column = new QVBoxLayout(detail);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGapSmall);
    column->addWidget(buildCluster(), 1);
    column->addWidget(buildDraft());
    scroll->setWidget(detail);
    layout->addWidget(scroll, 1);
    // Below what scrolls: what all of it leads to is in sight at any height.
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_draft->acceptButton());
    layout->addLayout(row);
    return side;
}

QWidget *RulesMiningPanel::buildTools()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_search = new QLineEdit(row);
    m_search->setPlaceholderText(tr("Search templates, exceptions, jobs"));
    m_search->setAccessibleName(tr("Search clusters"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(150);
    m_search->setMaximumWidth(300);
    layout->addWidget(m_search, 2);
    m_order = new QComboBox(row);
    m_order->setAccessibleName(tr("Order of the clusters"));
    m_order->addItem(tr("Dearest first"), static_cast<int>(pipeline::MineOrder::Cost));
    m_order->addItem(tr("Most frequent first"), static_cast<int>(pipeline::MineOrder::Count));
    layout->addWidget(m_order);
    m_all = new QCheckBox(tr("Classified ones too"), row);
    layout->addWidget(m_all);
    m_count = new ElidedLabel({}, "muted", row);
    layout->addWidget(m_count);
    layout->addStretch(1);
    m_failures = new QPushButton(tr("Show a failure"), row);
    m_failures->setEnabled(false);
    layout->addWidget(m_failures);
    m_table = new TableView(row);
    auto *save = new QPushButton(icon(QStringLiteral("export")), tr("Export…"), row);
    save->setAccessibleName(tr("Export the clusters as CSV"));
    connect(save, &QPushButton::clicked, this, [this] { m_table->chooseExport(tr("clusters.csv")); });
    layout->addWidget(save);
    connect(m_search, &QLineEdit::textChanged, this, &RulesMiningPanel::filter);
    connect(m_order, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_table->sortByColumn(index == 0 ? kClusterCost : kClusterFailures, Qt::DescendingOrder);
        mine(); // those listed are the first of that order
    });
    connect(m_all, &QCheckBox::toggled, this, &RulesMiningPanel::mine);
    connect(m_failures, &QPushButton::clicked, this, [this] {
        if (const auto *cluster = m_controller->cluster(); cluster != nullptr && !cluster->failureIds.empty())
            Q_EMIT navigationRequested(QStringLiteral("failures"),
                                       QStringLiteral("attempt:%1").arg(cluster->failureIds.front()));
    });
    return row;
}

QWidget *RulesMiningPanel::buildList()
{
    m_table->setAccessibleName(tr("Clusters of failures"));
    m_model = new RowsModel<pipeline::MinedCluster>(clusterColumns(), this);
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setStretchLastSection(false);
    // The template, which is what a cluster is, has all that the others leave.
    constexpr int kAllThatIsLeft = 4000;
    constexpr int kLeastTemplate = 200;
    auto *elastic = new ElasticColumn(m_table, {kAllThatIsLeft, 68, 62, 66, 50, 90, 90, 130, 110}, kClusterTemplate,
                                      kLeastTemplate);
    m_table->setColumnHidden(kClusterFirst, true);
    m_table->setColumnHidden(kClusterException, true);
    m_table->setColumnHidden(kClusterId, true);
    elastic->letGo({kClusterLast, kClusterShare, kClusterJobs});
    m_table->horizontalHeader()->setSortIndicator(kClusterCost, Qt::DescendingOrder);
    m_table->setSortingEnabled(true);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) {
        m_controller->select(now.isValid() ? m_model->row(now.row()).cluster.id : std::string());
        showCluster();
    });
    return m_table;
}

QWidget *RulesMiningPanel::buildCluster()
{
    auto *card = new Card(tr("Cluster"), this);
    m_template = makeLabel({}, nullptr, card);
    m_template->setFont(logFont());
    m_template->setTextFormat(Qt::RichText);
    m_template->setWordWrap(true);
    m_template->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_template->setAccessibleName(tr("Template of the cluster"));
    m_about = makeLabel({}, "muted", card);
    m_about->setWordWrap(true);
    m_about->setTextInteractionFlags(Qt::TextSelectableByMouse);
    card->body()->addWidget(m_template);
    card->body()->addWidget(m_about);
    m_examples = new LogView(card);
    m_examples->setAccessibleName(tr("Examples of the cluster"));
    m_examples->setFixedHeight(76);
    card->body()->addWidget(m_examples);
    m_alone = makeLabel({}, "muted", card);
    card->body()->addWidget(m_alone);
    m_neighbours = new TableView(card);
    m_neighbours->setAccessibleName(tr("Clusters with similar words"));
    m_neighbours->setFixedHeight(120);
    m_neighbourModel = new RowsModel<pipeline::ClusterNeighbour>(neighbourColumns(), this);
    m_neighbours->setModel(m_neighbourModel);
    m_neighbours->setColumnWidth(0, 62);
    m_neighbours->setColumnWidth(1, 170);
    m_neighbours->horizontalHeader()->setStretchLastSection(false);
    m_neighbours->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
    m_neighbours->setColumnWidth(3, 68);
    card->body()->addWidget(m_neighbours);
    card->body()->addStretch(1);
    connect(m_neighbours, &QTableView::activated, this, [this](const QModelIndex &index) {
        if (const auto &rule = m_neighbourModel->row(index.row()).rule; !rule.empty())
            Q_EMIT navigationRequested(QStringLiteral("rules"), QStringLiteral("rule:") + text(rule));
    });
    return card;
}

QWidget *RulesMiningPanel::buildDraft()
{
    auto *card = new Card(tr("Draft rule"), this);
    m_draft = new RulesMiningDraft(card);
    card->body()->addWidget(m_draft);
    connect(m_draft, &RulesMiningDraft::accepted, this, &RulesMiningPanel::accept);
    return card;
}

void RulesMiningPanel::load()
{
    if (m_controller->report())
        showContent();
    else
        showNothing(tr("Looking for groups among the failures that no rule knows…"), {});
    mine();
}

void RulesMiningPanel::mine()
{
    m_controller->mine(static_cast<pipeline::MineOrder>(m_order->currentData().toInt()), m_all->isChecked());
}

void RulesMiningPanel::showReport()
{
    settle();
    const auto &report = *m_controller->report();
    if (report.clusters.empty() && !m_all->isChecked()) {
        showNothing(
            tr("No failure with a text is unclassified"),
            tr("Every failure that says something has a rule. Whether it is the right one is what an audit tells."));
        return;
    }
    const std::string selected = m_controller->selected();
    m_model->setRows(report.clusters);
    filter();
    int row = 0;
    for (int i = 0; i < m_model->rowCount(); ++i)
        if (m_model->row(i).cluster.id == selected)
            row = i;
    showContent();
    if (m_model->rowCount() > 0)
        m_table->setCurrentIndex(m_model->index(row, 0));
    showCluster();
}

void RulesMiningPanel::filter()
{
    const QString words = m_search->text().trimmed();
    m_model->setFilter([words](const pipeline::MinedCluster &line) {
        if (words.isEmpty())
            return true;
        const auto holds = [&](const std::string &each) { return text(each).contains(words, Qt::CaseInsensitive); };
        return holds(line.cluster.text) || holds(line.cluster.exceptionClass) || holds(line.cluster.id)
               || std::any_of(line.jobs.begin(), line.jobs.end(), [&](const auto &job) { return holds(job.name); });
    });
    if (!m_controller->report())
        return;
    const auto &report = *m_controller->report();
    const auto number = [](auto count) { return countText(static_cast<double>(count)); };
    QString count = tr("%1 clusters of %2 failures").arg(number(report.clusterCount), number(report.failures));
    if (report.withoutText > 0)
        count += tr(", %1 without a text").arg(number(report.withoutText));
    if (report.clusters.size() < report.clusterCount)
        count += tr("; the first %1 are listed").arg(number(report.clusters.size()));
    m_count->setText(count);
}

void RulesMiningPanel::showCluster()
{
    const auto *cluster = m_controller->cluster();
    m_failures->setEnabled(cluster != nullptr && !cluster->failureIds.empty());
    m_template->setText(cluster != nullptr ? templateHtml(cluster->cluster.text) : tr("Select a cluster"));
    m_about->setText(cluster != nullptr ? clusterText(*cluster) : QString());
    m_neighbourModel->setRows(cluster != nullptr ? cluster->neighbours : std::vector<pipeline::ClusterNeighbour>{});
    m_alone->setText(m_neighbourModel->rowCount() > 0 ? tr("Similar words; Enter opens the rule")
                                                      : tr("No other cluster has similar words"));
    m_neighbours->setVisible(m_neighbourModel->rowCount() > 0);
    std::string examples;
    if (cluster != nullptr)
        for (const auto &example : cluster->examples)
            examples += (examples.empty() ? "" : "\n") + example;
    m_examples->setLog(examples, {});
    showDraft();
}

void RulesMiningPanel::showDraft()
{
    if (m_controller->selected().empty())
        m_draft->showSentence(tr("Select a cluster to see the rule that would know it."));
    else if (m_controller->draft())
        m_draft->setDraft(*m_controller->draft(), pack() != nullptr ? pack()->documents() : std::nullopt);
    else if (const auto &error = m_controller->draftError())
        m_draft->showSentence(text(error->text()));
    else
        m_draft->showSentence(tr("Drafting a rule and trying it on every failure…"));
}

void RulesMiningPanel::accept()
{
    const auto documents = pack() != nullptr ? pack()->documents() : std::nullopt;
    if (!documents)
        return;
    const classify::Rule rule = m_draft->rule();
    const auto edited = documents->withAdded(rule, m_draft->file());
    if (!edited) {
        tell(edited.error());
        return;
    }
    settle();
    offerEdit(*documents, *edited, rule.id, tr("new rule %1").arg(text(rule.id)), [this, id = text(rule.id)] {
        Q_EMIT navigationRequested(QStringLiteral("rules"), QStringLiteral("rule:") + id);
    });
}

void RulesMiningPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && m_template != nullptr)
        showCluster();
    RulesPanel::changeEvent(event);
}

} // namespace mulligan::desktop

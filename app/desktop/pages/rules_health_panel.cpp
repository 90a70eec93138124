#include "desktop/pages/rules_health_panel.hpp"

#include "desktop/pages/rules_health_controller.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elastic_column.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/sparkline.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

/// The first column, a name, gives way down to `least` so that the others are in sight, and then those of
/// `dispensable` go.
template <typename Row>
void prepare(TableView *table, RowsModel<Row> *model, const std::vector<int> &widths, int least,
             const std::vector<int> &dispensable)
{
    table->setModel(model);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->horizontalHeader()->setStretchLastSection(true);
    (new ElasticColumn(table, widths, 0, least))->letGo(dispensable);
    // The order of the report, most serious first, until somebody asks for another.
    table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    table->setSortingEnabled(true);
}

template <typename Row> void drawTrend(TableView *table, RowsModel<Row> *model, int column)
{
    table->setItemDelegateForColumn(
        column,
        new SparklineDelegate([model](const QModelIndex &index) { return model->row(index.row()).weeks; }, table));
}

/// Without a word on it: three cards beside each other have no room for one in a small window.
QPushButton *exportButton(const QString &says, QWidget *parent)
{
    auto *button = new QPushButton(icon(QStringLiteral("export")), {}, parent);
    button->setAccessibleName(says);
    button->setToolTip(says);
    return button;
}

QPushButton *exportButton(TableView *table, const QString &name, QWidget *parent)
{
    QPushButton *button = exportButton(QObject::tr("Export the table as CSV"), parent);
    QObject::connect(button, &QPushButton::clicked, table, [table, name] { table->chooseExport(name); });
    return button;
}

} // namespace

RulesHealthPanel::RulesHealthPanel(Session &session, QWidget *parent)
    : RulesPanel(session, parent), m_controller(new RulesHealthController(session, this))
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    auto *tools = buildTools();
    auto *split = new QSplitter(Qt::Vertical, content);
    split->setChildrenCollapsible(false);
    split->addWidget(buildRules());
    auto *lower = new QSplitter(Qt::Horizontal, split);
    lower->setChildrenCollapsible(false);
    for (QWidget *card : {buildClasses(), buildShare(), buildWorst()})
        lower->addWidget(card);
    lower->setSizes({480, 250, 400});
    split->addWidget(lower);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({400, 300});
    layout->addWidget(tools);
    layout->addWidget(buildOlder());
    layout->addWidget(split, 1);
    setContent(content);
    connect(m_controller, &RulesHealthController::jobStarted, this, &RulesHealthPanel::follow);
    connect(m_controller, &RulesHealthController::changed, this, &RulesHealthPanel::showReport);
    connect(m_controller, &RulesHealthController::failed, this, [this](const base::Error &error) {
        if (m_controller->report())
            tell(error);
        else
            showFailure(error);
    });
}

QWidget *RulesHealthPanel::buildTools()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_search = new QLineEdit(row);
    m_search->setPlaceholderText(tr("Search rules, classes, owners"));
    m_search->setAccessibleName(tr("Search rules"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(150);
    m_search->setMaximumWidth(300);
    layout->addWidget(m_search, 2);
    m_concern = new QComboBox(row);
    m_concern->setAccessibleName(tr("Which rules are listed"));
    m_concern->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    layout->addWidget(m_concern);
    m_count = new ElidedLabel({}, "muted", row);
    layout->addWidget(m_count);
    layout->addStretch(1);
    m_failures = new QPushButton(tr("Show its failures"), row);
    m_failures->setEnabled(false);
    layout->addWidget(m_failures);
    m_time = new QPushButton(tr("Measure time"), row);
    m_time->setToolTip(tr("Matches every rule by itself over the failure texts and shows how long each takes"));
    layout->addWidget(m_time);
    connect(m_search, &QLineEdit::textChanged, this, &RulesHealthPanel::filterRules);
    connect(m_concern, &QComboBox::currentIndexChanged, this, &RulesHealthPanel::filterRules);
    connect(m_failures, &QPushButton::clicked, this, &RulesHealthPanel::openFailures);
    connect(m_time, &QPushButton::clicked, m_controller, &RulesHealthController::measureTime);
    m_rules = new TableView(row);
    QPushButton *save = exportButton(m_rules, tr("rules-health.csv"), row);
    save->setText(tr("Export…"));
    layout->addWidget(save);
    return row;
}

QWidget *RulesHealthPanel::buildOlder()
{
    m_older = new QWidget(this);
    auto *layout = new QHBoxLayout(m_older);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_olderWords = new ElidedLabel({}, "caution", m_older);
    layout->addWidget(m_olderWords, 1);
    auto *classify = new QPushButton(tr("Classify again"), m_older);
    classify->setToolTip(tr("Runs the rules in force over the failures of the workspace, and counts anew"));
    connect(classify, &QPushButton::clicked, this, [this] { session().classify(); });
    layout->addWidget(classify);
    m_older->hide();
    return m_older;
}

QWidget *RulesHealthPanel::buildRules()
{
    m_rules->setAccessibleName(tr("Health of the rules"));
    m_ruleModel = new RowsModel<HealthLine>(healthColumns(), this);
    // The widest there is: all right, of few.
    const QString widest = estimateText(stats::Estimate{1.0, 0.511, 1.0, 1.0, 1, 1, 1.0});
    const int precision = m_rules->fontMetrics().horizontalAdvance(widest) + 3 * kGapSmall;
    prepare(m_rules, m_ruleModel, {200, 100, 62, 56, 90, 84, 106, precision, 66, 48, 84, 84, 150}, 150,
            {kHealthExpires, kHealthOwner, kHealthAge, kHealthLast, kHealthTrend});
    m_rules->setColumnHidden(kHealthClass, true); // so that all others fit; the header's menu brings it back
    drawTrend(m_rules, m_ruleModel, kHealthTrend);
    m_rules->sortByColumn(kHealthHits, Qt::DescendingOrder);
    m_rules->setToolTip(tr("Enter or a double click opens the rule"));
    connect(m_rules, &QTableView::activated, this, &RulesHealthPanel::openRule);
    connect(m_rules->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &now) { m_failures->setEnabled(now.isValid()); });
    connect(m_ruleModel, &QAbstractItemModel::modelReset, this, [this] { m_failures->setEnabled(false); });
    return m_rules;
}

QWidget *RulesHealthPanel::buildClasses()
{
    auto *card = new Card(tr("Classes by growth"), this);
    card->setSubtitle(tr("Surest growth first"));
    m_classes = new TableView(card);
    m_classes->setAccessibleName(tr("Classes and their trend"));
    m_classModel = new RowsModel<ClassLine>(classColumns(), this);
    prepare(m_classes, m_classModel, {150, 64, 72, 72, 60, 64, 150}, 84, {kClassRecent, kClassTrend});
    m_classes->setColumnHidden(kClassPrevious, true);
    m_classes->setColumnHidden(kClassInterval, true);            // the growth's tool tip has it
    m_classes->horizontalHeader()->moveSection(kClassGrowth, 1); // what the card is about, in the smallest window too
    drawTrend(m_classes, m_classModel, kClassTrend);
    card->addHeaderWidget(exportButton(m_classes, tr("classes-health.csv"), card));
    card->body()->addWidget(m_classes);
    connect(m_classes, &QTableView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT navigationRequested(QStringLiteral("failures"),
                                   QStringLiteral("class:") + text(m_classModel->row(index.row()).health.errorClass));
    });
    return card;
}

QWidget *RulesHealthPanel::buildShare()
{
    auto *card = new Card(tr("Unclassified by week"), this);
    m_chart = new ShareChart(tr("Unclassified share of failures by week"), tr("Share of failures"), card);
    QPushButton *save = exportButton(tr("Export the chart as a picture"), card);
    connect(save, &QPushButton::clicked, this,
            [this, save] { showChartMenu(m_chart, save->mapToGlobal(save->rect().bottomLeft()), m_chart->picture()); });
    card->addHeaderWidget(save);
    card->body()->addWidget(m_chart, 1);
    return card;
}

QWidget *RulesHealthPanel::buildWorst()
{
    auto *card = new Card(tr("Unclassified share"), this);
    card->setSubtitle(tr("Surely highest first"));
    m_by = new QComboBox(card);
    m_by->setAccessibleName(tr("What the share is split by"));
    m_by->addItems({tr("By job"), tr("By team")});
    card->addHeaderWidget(m_by);
    m_worst = new TableView(card);
    m_worst->setAccessibleName(tr("Unclassified share by job or team"));
    m_worstModel = new RowsModel<pipeline::UnclassifiedHealth>(unclassifiedColumns(tr("Name")), this);
    prepare(m_worst, m_worstModel, {120, 66, 98, 54, 90}, 84, {kShareUnclassified, kShareFailures});
    m_worst->setColumnHidden(m_worstModel->columnCount() - 1, true); // the interval; the share's tool tip has it
    card->addHeaderWidget(exportButton(m_worst, tr("unclassified.csv"), card));
    card->body()->addWidget(m_worst);
    connect(m_by, &QComboBox::currentIndexChanged, this, &RulesHealthPanel::showWorst);
    connect(m_worst->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RulesHealthPanel::showShare);
    connect(m_worst, &QTableView::activated, this, [this](const QModelIndex &index) {
        const QString kind = m_by->currentIndex() == 0 ? QStringLiteral("job:") : QStringLiteral("team:");
        Q_EMIT navigationRequested(QStringLiteral("failures"), kind + text(m_worstModel->row(index.row()).name)
                                                                   + QStringLiteral("\nclass:unclassified"));
    });
    return card;
}

void RulesHealthPanel::load()
{
    if (m_controller->report())
        showContent(); // with what is known until the newest is read
    else
        showNothing(tr("Reading the health of the rules…"), {});
    m_controller->load();
}

void RulesHealthPanel::reveal(const QString &argument)
{
    if (argument == QLatin1String("job") || argument == QLatin1String("team"))
        m_by->setCurrentIndex(argument == QLatin1String("job") ? 0 : 1);
    else if (const int concern = m_concern->findData(argument); concern >= 0)
        m_concern->setCurrentIndex(concern);
}

void RulesHealthPanel::showReport()
{
    settle();
    const auto &report = *m_controller->report();
    m_ruleModel->setRows(healthLines(report));
    m_classModel->setRows(classLines(report));
    showOlder();
    showConcerns();
    showWorst();
    filterRules();
    m_rules->setColumnHidden(kHealthTime, !m_controller->profile().has_value());
    if (const auto &profile = m_controller->profile())
        m_time->setToolTip(
            tr("Measured over %1 texts, %2")
                .arg(countText(static_cast<double>(profile->texts)), bytesText(static_cast<double>(profile->bytes))));
    showContent();
}

void RulesHealthPanel::showOlder()
{
    const auto &difference = m_controller->report()->pack;
    m_older->setVisible(!difference.none());
    m_olderWords->setText(difference.none() ? QString()
                                            : tr("Figures of older rules than those in force. Since then: %1.")
                                                  .arg(text(pipeline::differenceText(difference))));
}

void RulesHealthPanel::showConcerns()
{
    const QVariant chosen = m_concern->currentData();
    const QSignalBlocker quiet(m_concern);
    m_concern->clear();
    const auto &rules = m_controller->report()->rules;
    const auto number = [](auto count) { return countText(static_cast<double>(count)); };
    m_concern->addItem(tr("All rules (%1)").arg(number(rules.size())), QString());
    for (const QString &key : concernKeys()) {
        const auto count = std::count_if(rules.begin(), rules.end(), [&](const pipeline::RuleHealth &rule) {
            return std::find(rule.concerns.begin(), rule.concerns.end(), key.toStdString()) != rule.concerns.end();
        });
        m_concern->addItem(tr("%1 (%2)").arg(concernName(key.toStdString()), number(count)), key);
    }
    m_concern->setCurrentIndex(std::max(0, m_concern->findData(chosen)));
}

void RulesHealthPanel::filterRules()
{
    const std::string concern = m_concern->currentData().toString().toStdString();
    const QString words = m_search->text().trimmed();
    m_ruleModel->setFilter([concern, words](const HealthLine &line) {
        const auto &health = line.health;
        if (!concern.empty()
            && std::find(health.concerns.begin(), health.concerns.end(), concern) == health.concerns.end())
            return false;
        if (words.isEmpty())
            return true;
        for (const std::string *each :
             {&health.rule.id, &health.rule.title, &health.rule.errorClass, &health.rule.owner})
            if (text(*each).contains(words, Qt::CaseInsensitive))
                return true;
        return false;
    });
    const auto all = m_ruleModel->rows().size();
    const auto shown = static_cast<size_t>(m_ruleModel->rowCount());
    m_count->setText(
        shown == all
            ? QString()
            : tr("%1 of %2 rules").arg(countText(static_cast<double>(shown)), countText(static_cast<double>(all))));
}

void RulesHealthPanel::showWorst()
{
    if (!m_controller->report())
        return;
    const auto &report = *m_controller->report();
    m_worstModel->setRows(m_by->currentIndex() == 0 ? report.byJob : report.byTeam);
    showShare();
}

void RulesHealthPanel::showShare()
{
    if (!m_controller->report())
        return;
    const QModelIndex chosen = m_worst->currentIndex();
    const auto *other = chosen.isValid() ? &m_worstModel->row(chosen.row()) : nullptr;
    m_chart->replace(tr("All failures"), sharePoints(m_controller->report()->overall),
                     other != nullptr ? text(other->name) : QString(),
                     other != nullptr ? sharePoints(*other) : QVector<SharePoint>());
}

void RulesHealthPanel::openRule()
{
    const QModelIndex index = m_rules->currentIndex();
    if (index.isValid())
        Q_EMIT navigationRequested(QStringLiteral("rules"),
                                   QStringLiteral("rule:") + text(m_ruleModel->row(index.row()).health.rule.id));
}

void RulesHealthPanel::openFailures()
{
    const QModelIndex index = m_rules->currentIndex();
    if (index.isValid())
        Q_EMIT navigationRequested(QStringLiteral("failures"),
                                   QStringLiteral("rule:") + text(m_ruleModel->row(index.row()).health.rule.id));
}

} // namespace mulligan::desktop

#include "desktop/pages/failures_run_panel.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/attempt_strip.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace mulligan::desktop
{

namespace
{

QString shortProperty(const std::string &property)
{
    QString name = text(property);
    if (name.startsWith(QLatin1String("spark.")))
        name = name.mid(6);
    return name;
}

QString outcomeText(model::Outcome outcome)
{
    switch (outcome) {
    case model::Outcome::Succeeded: return QObject::tr("✓ succeeded");
    case model::Outcome::Failed: return QObject::tr("✕ failed");
    case model::Outcome::Killed: return QObject::tr("■ killed");
    case model::Outcome::Unknown: return QObject::tr("? unknown");
    }
    return {};
}

QColor outcomeColour(model::Outcome outcome)
{
    const Theme &theme = Theme::current();
    return outcome == model::Outcome::Succeeded ? theme.gain
           : outcome == model::Outcome::Unknown ? theme.mutedText
                                                : theme.loss;
}

QString triggerText(model::Trigger trigger)
{
    switch (trigger) {
    case model::Trigger::Scheduled: return QObject::tr("scheduled");
    case model::Trigger::AutoRetry: return QObject::tr("auto retry");
    case model::Trigger::Manual: return QObject::tr("a person");
    case model::Trigger::Unset: return QObject::tr("not said");
    }
    return {};
}

std::vector<RowsModel<ChainLine>::Column> chainColumns()
{
    using Line = ChainLine;
    return {
        {QStringLiteral("#"), [](const Line &l) { return QString::number(l.attempt.attempt); }, {}, true, {}, {}},
        {QObject::tr("Outcome"),
         [](const Line &l) { return outcomeText(l.attempt.outcome); },
         {},
         false,
         {},
         [](const Line &l) { return outcomeColour(l.attempt.outcome); }},
        {QObject::tr("Started by"), [](const Line &l) { return triggerText(l.attempt.trigger); }, {}, false, {}, {}},
        {QObject::tr("Waited"),
         [](const Line &l) { return l.attempt.attempt > 1 ? durationText(l.waited) : QString(); },
         {},
         true,
         {},
         {}},
        {QObject::tr("Ran"),
         [](const Line &l) { return durationText(base::secondsBetween(l.attempt.startedAt, l.attempt.endedAt)); },
         {},
         true,
         {},
         {}},
        {QObject::tr("Cost"),
         [](const Line &l) { return l.attempt.costUsd ? moneyText(*l.attempt.costUsd) : QString(); },
         {},
         true,
         [](const Line &l) { return QObject::tr("Cost from: %1").arg(text(name(l.attempt.costSource))); },
         {}},
        {QObject::tr("Configuration"), [](const Line &l) { return l.changes; }, {}, false, {}, {}},
    };
}

std::vector<RowsModel<model::RuleMatch>::Column> matchColumns()
{
    using Match = model::RuleMatch;
    return {
        {QObject::tr("Rule"), [](const Match &m) { return text(m.rule); }, {}, false, {}, {}},
        {QString(),
         [](const Match &m) {
             return m.winner                                 ? QObject::tr("wins")
                    : m.evidence != model::Evidence::Failure ? QObject::tr("waits")
                                                             : QObject::tr("shadowed");
         },
         {},
         false,
         [](const Match &m) {
             switch (m.evidence) {
             case model::Evidence::Information:
                 return QObject::tr("It matches information, which tells of a failure only where nothing else does.");
             case model::Evidence::Beside:
                 return QObject::tr("It matches what stands beside the failure: tried again, or met while shutting "
                                    "down.");
             case model::Evidence::Failure: break;
             }
             return QString();
         },
         [](const Match &m) { return m.winner ? Theme::current().gain : Theme::current().mutedText; }},
        {QObject::tr("Line"), [](const Match &m) { return QString::number(m.line); }, {}, true, {}, {}},
        {QObject::tr("Pattern"), [](const Match &m) { return QString::number(m.pattern + 1); }, {}, true, {}, {}},
    };
}

void fitHeight(TableView *view, int rows)
{
    const int row = view->verticalHeader()->defaultSectionSize();
    view->setFixedHeight(view->horizontalHeader()->sizeHint().height() + row * std::clamp(rows, 1, 6) + 6);
}

/// The style draws headings a sort mark further to the right than it measures them.
void fitColumns(QTableView &view)
{
    constexpr int kSortMark = 8;
    view.resizeColumnsToContents();
    for (int column = 0; column < view.model()->columnCount(); ++column)
        view.setColumnWidth(column, view.columnWidth(column) + kSortMark);
}

} // namespace

QStringList configChanges(const model::Config &before, const model::Config &after)
{
    std::set<std::string> properties;
    for (const auto *config : {&before, &after}) {
        for (const auto &[property, value] : *config)
            properties.insert(property);
    }
    QStringList changes;
    for (const auto &property : properties) {
        const auto was = before.find(property);
        const auto is = after.find(property);
        const QString from = was == before.end() ? QObject::tr("unset") : text(was->second);
        const QString to = is == after.end() ? QObject::tr("unset") : text(is->second);
        if (from != to)
            changes << QStringLiteral("%1 %2 → %3").arg(shortProperty(property), from, to);
    }
    return changes;
}

FailuresRunPanel::FailuresRunPanel(QWidget *parent) : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *content = new QWidget;
    content->setObjectName(QStringLiteral("scrolled"));
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, kGapSmall, 0);
    layout->setSpacing(kGapSmall);
    m_title = makeLabel({}, "heading", content);
    m_subtitle = makeLabel({}, "muted", content);
    m_strip = new AttemptStrip(content);
    m_attempts = new TableView(content);
    m_attempts->setAccessibleName(tr("Attempts of the run"));
    m_chain = new RowsModel<ChainLine>(chainColumns(), this);
    m_attempts->setModel(m_chain);
    m_class = makeLabel({}, "heading", content);
    m_summary = makeLabel({}, "muted", content);
    m_matches = new TableView(content);
    m_matches->setAccessibleName(tr("Rules that matched"));
    m_matchModel = new RowsModel<model::RuleMatch>(matchColumns(), this);
    m_matches->setModel(m_matchModel);
    for (QLabel *label : {m_title, m_subtitle, m_class, m_summary}) {
        label->setWordWrap(true);
        label->setMinimumWidth(1); // else the longest word would widen the panel
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_title, m_subtitle, m_strip, m_attempts, m_class, m_summary, m_matches})
        layout->addWidget(widget);
    layout->addStretch(1);
    setWidget(content);
    connect(m_strip, &AttemptStrip::barClicked, this,
            [this](int index) { Q_EMIT attemptChosen(m_ids[static_cast<size_t>(index)]); });
    connect(m_attempts, &QTableView::clicked, this,
            [this](const QModelIndex &index) { Q_EMIT attemptChosen(m_ids[static_cast<size_t>(index.row())]); });
    connect(m_matches->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &index) {
                if (index.isValid()) {
                    const auto &match = m_matchModel->row(index.row());
                    Q_EMIT matchChosen({match.begin, match.end});
                }
            });
    connect(m_matches, &QTableView::doubleClicked, this,
            [this](const QModelIndex &index) { Q_EMIT ruleActivated(text(m_matchModel->row(index.row()).rule)); });
}

void FailuresRunPanel::setDetail(const store::FailureDetail &detail)
{
    m_ids = detail.ids;
    showChain(detail);
    showVerdict(detail);
    verticalScrollBar()->setValue(0);
}

void FailuresRunPanel::showChain(const store::FailureDetail &detail)
{
    const auto &chosen = detail.chain[detail.selected];
    m_title->setText(text(chosen.job));
    const int attempts = static_cast<int>(detail.chain.size());
    QString run = text(chosen.run);
    // A place to break at: run ids are often longer than the panel is wide.
    run.replace(QLatin1Char('/'), QStringLiteral("/\u200b"));
    const QString source = text(detail.source).section(QLatin1Char('/'), -1);
    m_subtitle->setText(attempts == 1 ? tr("Run %1, one attempt, from %2").arg(run, source)
                                      : tr("Run %1, %2 attempts, from %3").arg(run, countText(attempts), source));
    std::vector<ChainLine> lines;
    std::vector<AttemptStrip::Bar> bars;
    for (size_t i = 0; i < detail.chain.size(); ++i) {
        const auto &attempt = detail.chain[i];
        ChainLine line{attempt, detail.classes[i], 0.0, {}};
        if (i > 0) {
            line.waited = base::secondsBetween(detail.chain[i - 1].endedAt, attempt.startedAt);
            const QStringList changes = configChanges(detail.chain[i - 1].config, attempt.config);
            line.changes = changes.isEmpty() ? tr("unchanged") : changes.join(QStringLiteral(", "));
        }
        lines.push_back(line);
        bars.push_back({attempt.startedAt, attempt.endedAt, attempt.outcome, attempt.attempt});
    }
    m_strip->setBars(std::move(bars), static_cast<int>(detail.selected));
    m_chain->setRows(std::move(lines));
    fitColumns(*m_attempts);
    m_attempts->selectRow(static_cast<int>(detail.selected));
    fitHeight(m_attempts, static_cast<int>(detail.chain.size()));
}

void FailuresRunPanel::showVerdict(const store::FailureDetail &detail)
{
    const bool classified = detail.verdict.has_value();
    m_matches->setVisible(classified && !detail.verdict->matches.empty());
    if (!classified) {
        m_class->setText(tr("Not classified yet"));
        m_summary->setText(tr("Classify on the Rules page."));
        return;
    }
    const auto &verdict = *detail.verdict;
    m_class->setText(verdict.rule.empty() ? tr("No rule matched: unclassified") : text(verdict.errorClass));
    QStringList lines;
    if (!verdict.rule.empty())
        lines << tr("%1. Domain %2, %3; the rule says %4.")
                     .arg(text(verdict.title), text(name(verdict.domain)),
                          verdict.transient ? tr("transient") : tr("not transient"), text(name(verdict.action)));
    if (!verdict.summary.empty())
        lines << text(verdict.summary);
    if (!verdict.advice.empty())
        lines << tr("Advice: %1").arg(text(verdict.advice));
    for (const auto &rule : verdict.undetermined)
        lines << tr("Rule %1 took too many steps on this text and was left out.").arg(text(rule));
    m_summary->setText(lines.join(QLatin1Char('\n')));
    m_summary->setVisible(!lines.isEmpty());
    {
        const QSignalBlocker blocker(m_matches->selectionModel());
        m_matchModel->setRows(verdict.matches);
    }
    fitColumns(*m_matches);
    fitHeight(m_matches, static_cast<int>(verdict.matches.size()));
}

} // namespace mulligan::desktop

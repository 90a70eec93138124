#include "desktop/pages/failures_filter_bar.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace mulligan::desktop
{

namespace
{

constexpr int kPauseMs = 200;
// Characters that a small window shows of a choice; a wide one gives more.
constexpr int kWideCombo = 7;
constexpr int kOutcomeCombo = 10;
constexpr int kNarrowCombo = 6;

QDateTime asDateTime(base::Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(instant.ms, Qt::UTC);
}

void fill(QComboBox *combo, const std::vector<store::Choice> &choices)
{
    const QString chosen = combo->currentData().toString();
    const QSignalBlocker blocker(combo);
    while (combo->count() > 1)
        combo->removeItem(1);
    for (const auto &choice : choices)
        combo->addItem(
            QStringLiteral("%1  (%2)").arg(text(choice.value), countText(static_cast<double>(choice.failures))),
            text(choice.value));
    const int at = combo->findData(chosen);
    combo->setCurrentIndex(at >= 0 ? at : 0);
}

void choose(QComboBox *combo, const std::string &value)
{
    const QString wanted = text(value);
    int at = combo->findData(wanted);
    // What another page asks for may not be among the choices yet: they are counted in the background.
    if (at < 0) {
        combo->addItem(wanted, wanted);
        at = combo->count() - 1;
    }
    combo->setCurrentIndex(wanted.isEmpty() ? 0 : at);
}

} // namespace

FailuresFilterBar::FailuresFilterBar(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    layout->addWidget(buildFirstRow());
    m_second = buildSecondRow();
    m_second->hide();
    layout->addWidget(m_second);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &FailuresFilterBar::filterChanged);
    connect(m_more, &QToolButton::toggled, m_second, &QWidget::setVisible);
}

QComboBox *FailuresFilterBar::makeCombo(const QString &any, const QString &name, int characters)
{
    auto *combo = new QComboBox(this);
    combo->addItem(any, QString());
    combo->setAccessibleName(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(characters);
    combo->setMaxVisibleItems(20);
    combo->view()->setMinimumWidth(320);
    connect(combo, &QComboBox::currentIndexChanged, this, &FailuresFilterBar::changed);
    return combo;
}

QWidget *FailuresFilterBar::buildFirstRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_text = new QLineEdit(row);
    m_text->setPlaceholderText(tr("Search the failure texts"));
    m_text->setAccessibleName(tr("Search the failure texts"));
    m_text->setClearButtonEnabled(true);
    m_text->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    connect(m_text, &QLineEdit::textChanged, this, [this] { m_pause.start(); });
    layout->addWidget(m_text, 3);
    m_class = makeCombo(tr("Any class"), tr("Class"), kWideCombo);
    m_rule = makeCombo(tr("Any rule"), tr("Rule"), kWideCombo);
    m_outcome = makeCombo(tr("Failed or killed"), tr("Outcome"), kOutcomeCombo);
    m_outcome->addItem(tr("Failed"), QStringLiteral("failed"));
    m_outcome->addItem(tr("Killed"), QStringLiteral("killed"));
    layout->addWidget(m_class, 2);
    layout->addWidget(m_rule, 2);
    layout->addWidget(m_outcome, 1);
    m_more = new QToolButton(row);
    m_more->setObjectName(QStringLiteral("boxed"));
    m_more->setText(tr("More filters"));
    m_more->setCheckable(true);
    layout->addWidget(m_more);
    return row;
}

QWidget *FailuresFilterBar::buildSecondRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_job = new QLineEdit(row);
    m_job->setPlaceholderText(tr("Part of the job's name"));
    m_job->setAccessibleName(tr("Job"));
    m_job->setClearButtonEnabled(true);
    connect(m_job, &QLineEdit::textChanged, this, [this] { m_pause.start(); });
    layout->addWidget(m_job, 2);
    m_owner = makeCombo(tr("Any owner"), tr("Owner"), kNarrowCombo);
    m_team = makeCombo(tr("Any team"), tr("Team"), kNarrowCombo);
    m_cluster = makeCombo(tr("Any cluster"), tr("Cluster"), kNarrowCombo);
    for (QComboBox *combo : {m_owner, m_team, m_cluster})
        layout->addWidget(combo, 1);
    m_limitTime = new QCheckBox(tr("Started from"), row);
    m_from = new QDateEdit(row);
    m_to = new QDateEdit(row);
    m_from->setAccessibleName(tr("From this day on"));
    m_to->setAccessibleName(tr("Up to and including this day"));
    layout->addWidget(m_limitTime);
    layout->addWidget(m_from);
    layout->addWidget(new QLabel(tr("to"), row));
    layout->addWidget(m_to);
    for (QDateEdit *edit : {m_from, m_to}) {
        edit->setTimeSpec(Qt::UTC);
        edit->setCalendarPopup(true);
        edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
        edit->setEnabled(false);
        connect(m_limitTime, &QCheckBox::toggled, edit, &QWidget::setEnabled);
        connect(edit, &QDateEdit::dateChanged, this, &FailuresFilterBar::changed);
    }
    connect(m_limitTime, &QCheckBox::toggled, this, &FailuresFilterBar::changed);
    auto *clear = new QPushButton(tr("Clear"), row);
    connect(clear, &QPushButton::clicked, this, [this] { setFilter({}); });
    layout->addWidget(clear);
    return row;
}

void FailuresFilterBar::changed()
{
    m_pause.stop();
    Q_EMIT filterChanged();
}

store::FailureFilter FailuresFilterBar::filter() const
{
    store::FailureFilter filter;
    filter.text = m_text->text().toStdString();
    filter.errorClass = m_class->currentData().toString().toStdString();
    filter.rule = m_rule->currentData().toString().toStdString();
    filter.job = m_job->text().toStdString();
    filter.owner = m_owner->currentData().toString().toStdString();
    filter.team = m_team->currentData().toString().toStdString();
    filter.cluster = m_cluster->currentData().toString().toStdString();
    const QString outcome = m_outcome->currentData().toString();
    if (outcome == QLatin1String("failed"))
        filter.outcome = model::Outcome::Failed;
    else if (outcome == QLatin1String("killed"))
        filter.outcome = model::Outcome::Killed;
    if (m_limitTime->isChecked()) {
        filter.from = base::Instant{QDateTime(m_from->date(), QTime(0, 0), Qt::UTC).toMSecsSinceEpoch()};
        filter.to = base::Instant{QDateTime(m_to->date().addDays(1), QTime(0, 0), Qt::UTC).toMSecsSinceEpoch()};
    }
    return filter;
}

void FailuresFilterBar::setFilter(const store::FailureFilter &filter)
{
    {
        const QSignalBlocker blocker(this);
        m_text->setText(text(filter.text));
        m_job->setText(text(filter.job));
        choose(m_class, filter.errorClass);
        choose(m_rule, filter.rule);
        choose(m_owner, filter.owner);
        choose(m_team, filter.team);
        choose(m_cluster, filter.cluster);
        m_outcome->setCurrentIndex(!filter.outcome ? 0 : *filter.outcome == model::Outcome::Failed ? 1 : 2);
        m_limitTime->setChecked(filter.from.has_value() || filter.to.has_value());
        if (filter.from.has_value())
            m_from->setDate(asDateTime(*filter.from).date());
        if (filter.to.has_value())
            m_to->setDate(asDateTime(base::Instant{filter.to->ms - 1}).date());
    }
    changed();
}

void FailuresFilterBar::setChoices(const store::FailureChoices &choices)
{
    // A class may be chosen by its group as well.
    std::vector<store::Choice> classes;
    std::map<std::string, store::Choice> groups;
    for (const auto &choice : choices.classes) {
        auto &group = groups[std::string(model::groupOf(choice.value))];
        group.value = model::groupOf(choice.value);
        group.failures += choice.failures;
    }
    classes.reserve(groups.size() + choices.classes.size());
    for (const auto &[name, group] : groups)
        classes.push_back(group);
    for (const auto &choice : choices.classes) {
        if (groups.find(choice.value) == groups.end())
            classes.push_back(choice);
    }
    std::sort(classes.begin(), classes.end(), [](const auto &a, const auto &b) { return a.value < b.value; });
    fill(m_class, classes);
    fill(m_rule, choices.rules);
    fill(m_owner, choices.owners);
    fill(m_team, choices.teams);
    fill(m_cluster, choices.clusters);
}

void FailuresFilterBar::setWindow(base::Instant from, base::Instant to)
{
    const QSignalBlocker blockFrom(m_from);
    const QSignalBlocker blockTo(m_to);
    m_from->setDate(asDateTime(from).date());
    m_to->setDate(asDateTime(to).date());
}

void FailuresFilterBar::focusSearch()
{
    m_text->setFocus();
    m_text->selectAll();
}

void FailuresFilterBar::addTrailing(QWidget *widget)
{
    static_cast<QHBoxLayout *>(m_text->parentWidget()->layout())->addWidget(widget);
}

} // namespace mulligan::desktop

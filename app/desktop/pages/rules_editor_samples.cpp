#include "desktop/pages/rules_editor_samples.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/stack_undo.hpp"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kShownCharacters = 200;

QString lineOf(bool positive, const std::string &sample)
{
    const QString shown = text(sample).simplified().left(kShownCharacters);
    return (positive ? QObject::tr("must win: %1") : QObject::tr("must not match: %1"))
        .arg(shown.isEmpty() ? QObject::tr("(empty)") : shown);
}

} // namespace

RuleSamplesForm::RuleSamplesForm(QWidget *parent) : RuleForm(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, kGapSmall, 0);
    layout->setSpacing(kGapSmall);
    m_count = makeLabel({}, "muted", this);
    m_count->setWordWrap(true);
    layout->addWidget(m_count);
    layout->addWidget(buildButtons());
    m_list = new QListWidget(this);
    m_list->setAccessibleName(tr("Samples of the rule"));
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMinimumHeight(110);
    layout->addWidget(m_list, 3);
    m_verdict = makeLabel({}, "muted", this);
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_verdict);
    m_text = new QPlainTextEdit(this);
    m_text->setFont(logFont());
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(90);
    m_text->setAccessibleName(tr("Text of the sample"));
    undoThroughStack(m_text);
    layout->addWidget(m_text, 2);
    connect(m_list, &QListWidget::currentRowChanged, this, &RuleSamplesForm::showChosen);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        const auto place = chosen();
        if (!place || m_filling)
            return;
        const std::string typed = m_text->toPlainText().toStdString();
        change(tr("sample"),
               [&](classify::Rule &rule) { (place->positive ? rule.positive : rule.negative)[place->index] = typed; });
    });
    onShown([this] { fill(); });
}

QWidget *RuleSamplesForm::buildButtons()
{
    auto *box = new QWidget(this);
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(kGapSmall);
    const auto make = [&](const QString &title, const QString &toolTip, int row, int column) {
        auto *button = new QPushButton(title, box);
        button->setToolTip(toolTip);
        button->setObjectName(QStringLiteral("narrow"));
        grid->addWidget(button, row, column);
        return button;
    };
    m_fromLog = make(tr("Log must match"), tr("Makes the log on the right a sample that this rule must win"), 0, 0);
    m_againstLog = make(tr("Log must not"), tr("Makes it one that this rule must not match"), 0, 1);
    m_add = make(tr("Write one"), tr("Adds an empty sample to be written or pasted"), 1, 0);
    m_try = make(tr("Show in the log"), tr("Shows the sample on the right, with what matches"), 1, 1);
    m_swap = make(tr("To the other kind"), tr("A sample to be won becomes one not to be matched, and back"), 2, 0);
    m_remove = make(tr("Remove"), tr("Removes the sample"), 2, 1);
    connect(m_fromLog, &QPushButton::clicked, this, [this] { Q_EMIT sampleFromLogRequested(true); });
    connect(m_againstLog, &QPushButton::clicked, this, [this] { Q_EMIT sampleFromLogRequested(false); });
    connect(m_add, &QPushButton::clicked, this, [this] { add(true); });
    connect(m_remove, &QPushButton::clicked, this, &RuleSamplesForm::removeChosen);
    connect(m_swap, &QPushButton::clicked, this, &RuleSamplesForm::swapChosen);
    connect(m_try, &QPushButton::clicked, this, [this] {
        const auto place = chosen();
        if (const auto *sample = place ? sampleAt(*place) : nullptr)
            Q_EMIT tryRequested(text(*sample));
    });
    return box;
}

void RuleSamplesForm::setFailures(const std::vector<classify::SampleFailure> &failures, Run run)
{
    m_failures = failures;
    m_run = run;
    fill();
}

void RuleSamplesForm::setLogShown(bool shown)
{
    m_logShown = shown;
    m_fromLog->setEnabled(shown && !readOnly());
    m_againstLog->setEnabled(shown && !readOnly());
}

const classify::SampleFailure *RuleSamplesForm::failureOf(const std::string &sample) const
{
    const auto at = std::find_if(m_failures.begin(), m_failures.end(),
                                 [&](const auto &failure) { return failure.sample == sample; });
    return at != m_failures.end() ? &*at : nullptr;
}

std::optional<RuleSamplesForm::Place> RuleSamplesForm::chosen() const
{
    const auto *item = m_list->currentItem();
    if (item == nullptr)
        return std::nullopt;
    return Place{item->data(Qt::UserRole).toBool(), static_cast<size_t>(item->data(Qt::UserRole + 1).toULongLong())};
}

const std::string *RuleSamplesForm::sampleAt(const Place &place) const
{
    const auto &list = place.positive ? rule().positive : rule().negative;
    return place.index < list.size() ? &list[place.index] : nullptr;
}

void RuleSamplesForm::fill()
{
    const auto before = chosen();
    const bool otherRule = std::exchange(m_shownRule, rule().id) != rule().id;
    m_filling = true;
    m_list->clear();
    size_t failed = 0;
    const auto put = [&](bool positive, const std::vector<std::string> &samples) {
        for (size_t i = 0; i < samples.size(); ++i) {
            const bool fails = failureOf(samples[i]) != nullptr;
            failed += fails ? 1 : 0;
            auto *item = new QListWidgetItem(lineOf(positive, samples[i]), m_list);
            const QColor colour = m_run == Run::Running ? Theme::current().mutedText
                                  : fails               ? Theme::current().loss
                                                        : Theme::current().gain;
            if (m_run == Run::Running || m_run == Run::Done)
                item->setIcon(QIcon(iconPixmap(fails ? QStringLiteral("close") : QStringLiteral("check"), colour, 16,
                                               devicePixelRatioF())));
            item->setData(Qt::UserRole, positive);
            item->setData(Qt::UserRole + 1, static_cast<qulonglong>(i));
            item->setData(Qt::AccessibleTextRole,
                          (m_run == Run::Done ? (fails ? tr("fails, ") : tr("passes, ")) : QString()) + item->text());
        }
    };
    put(true, rule().positive);
    put(false, rule().negative);
    m_filling = false;
    const size_t all = rule().positive.size() + rule().negative.size();
    if (all == 0)
        m_count->setText(tr("No samples yet: nothing shows when a change breaks this rule."));
    else if (m_run == Run::None)
        m_count->setText(tr("Not run yet: %1.").arg(all));
    else if (m_run == Run::NotRight)
        m_count->setText(tr("The rule is not right yet: its samples (%1) are run once it is.").arg(all));
    else if (m_run == Run::Running)
        m_count->setText(tr("Checking %1 against the whole pack…").arg(all));
    else
        m_count->setText(failed == 0 ? tr("%1 of %1 pass against the whole pack.").arg(all)
                                     : tr("%1 of %2 fail against the whole pack.").arg(failed).arg(all));
    setRole(m_count, failed > 0 && m_run == Run::Done ? "loss" : "muted");
    int row = m_list->count() > 0 ? 0 : -1;
    for (int i = 0; before && !otherRule && i < m_list->count(); ++i) {
        const auto *item = m_list->item(i);
        const Place place{item->data(Qt::UserRole).toBool(),
                          static_cast<size_t>(item->data(Qt::UserRole + 1).toULongLong())};
        if (place == *before)
            row = i;
    }
    m_list->setCurrentRow(row);
    showChosen();
    m_add->setEnabled(!readOnly());
    setLogShown(m_logShown);
}

void RuleSamplesForm::showChosen()
{
    if (m_filling)
        return;
    const auto place = chosen();
    const auto *sample = place ? sampleAt(*place) : nullptr;
    m_filling = true;
    showText(m_text, sample != nullptr ? text(*sample) : QString());
    m_filling = false;
    m_text->setReadOnly(readOnly() || sample == nullptr);
    for (QPushButton *button : {m_remove, m_swap})
        button->setEnabled(sample != nullptr && !readOnly());
    m_try->setEnabled(sample != nullptr);
    const auto *failure = sample != nullptr ? failureOf(*sample) : nullptr;
    m_verdict->setVisible(failure != nullptr && m_run == Run::Done);
    if (failure != nullptr)
        m_verdict->setText(tr("Fails: expected %1, got %2.").arg(text(failure->expected), text(failure->got)));
    setRole(m_verdict, failure != nullptr ? "loss" : "muted");
}

void RuleSamplesForm::add(bool positive)
{
    change(tr("new sample"), [&](classify::Rule &rule) { (positive ? rule.positive : rule.negative).emplace_back(); });
    m_list->setCurrentRow(static_cast<int>(rule().positive.size()) - 1);
    m_text->setFocus();
}

void RuleSamplesForm::removeChosen()
{
    const auto place = chosen();
    if (!place)
        return;
    change(tr("remove sample"), [&](classify::Rule &rule) {
        auto &list = place->positive ? rule.positive : rule.negative;
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(place->index));
    });
}

void RuleSamplesForm::swapChosen()
{
    const auto place = chosen();
    const auto *sample = place ? sampleAt(*place) : nullptr;
    if (sample == nullptr)
        return;
    change(tr("kind of sample"), [&, moved = *sample](classify::Rule &rule) {
        auto &from = place->positive ? rule.positive : rule.negative;
        auto &to = place->positive ? rule.negative : rule.positive;
        from.erase(from.begin() + static_cast<std::ptrdiff_t>(place->index));
        to.push_back(moved);
    });
}

void RuleSamplesForm::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        fill();
    RuleForm::changeEvent(event);
}

} // namespace mulligan::desktop

#include "desktop/pages/lab_knobs.hpp"

#include "desktop/pages/lab_controller.hpp"
#include "desktop/pages/lab_thresholds.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/knob_entries.hpp"
#include "desktop/widgets/knob_group.hpp"
#include "desktop/widgets/knob_row.hpp"
#include "desktop/widgets/knob_slider.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

QMap<QString, double> thresholdsOf(const policy::Policy &policy)
{
    QMap<QString, double> out{{QString(), policy.defaultThreshold}};
    for (const auto &[selector, value] : policy.thresholds)
        out[QString::fromStdString(selector)] = value;
    return out;
}

} // namespace

LabKnobs::LabKnobs(LabController &controller, QWidget *parent) : QWidget(parent), m_controller(controller)
{
    setObjectName(QStringLiteral("scrolled"));
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, 0, kGapSmall, kGap);
    m_layout->setSpacing(2);
    addThresholds();
    addSection(limitKnobs());
    addSection(backoffKnobs());
    KnobGroup *configuration = addSection(configurationKnobs());
    addModelClasses(configuration);
    KnobGroup *rules = addSection(ruleKnobs());
    addOverrides(rules);
    addRuleLists(rules);
    KnobGroup *recommendation = addSection(recommendationKnobs());
    auto *warning = makeLabel(tr("Savings are promised for the next retry only: what changing every run of a job does "
                                 "has not been simulated."),
                              "loss");
    warning->setWordWrap(true);
    recommendation->body()->insertWidget(1, warning);
    m_scopeWarning = warning;
    addMinutes(addSection(labourKnobs()));
    addPrices(addSection(priceKnobs()));
    m_layout->addStretch(1);
    connect(&controller, &LabController::knobsChanged, this, &LabKnobs::refresh);
    connect(&controller, &LabController::historyChanged, this, [this] {
        suggest();
        refresh();
    });
    readBaselines();
}

KnobGroup *LabKnobs::addGroup(const QString &title, bool open)
{
    auto *group = new KnobGroup(title, open);
    const qsizetype index = m_groups.size();
    m_groups << group;
    m_layout->addWidget(group);
    connect(group, &KnobGroup::resetToSavedRequested, this, [this, index] { resetGroup(index, m_saved); });
    connect(group, &KnobGroup::resetToShippedRequested, this, [this, index] { resetGroup(index, m_shipped); });
    return group;
}

KnobGroup *LabKnobs::addSection(const KnobSection &section)
{
    KnobGroup *group = addGroup(section.title, section.open);
    for (const Knob &knob : section.knobs)
        addKnob(group, knob);
    return group;
}

void LabKnobs::addThresholds()
{
    KnobGroup *group = addGroup(tr("Thresholds"), true);
    m_thresholdGroup = m_groups.size() - 1;
    m_thresholds = new LabThresholds(m_controller);
    group->body()->addWidget(m_thresholds);
}

QWidget *LabKnobs::makeEditor(const Knob &knob)
{
    const auto apply = [this, key = knob.key, label = knob.label](const QString &value) {
        m_controller.apply(key, value, label);
    };
    switch (knob.kind) {
    case Knob::Kind::Slider: {
        auto *slider = new KnobSlider(knob.low, knob.high, knob.step, knob.decimals);
        connect(slider, &KnobSlider::moved, this, [apply](double v) { apply(QString::number(v, 'g', 12)); });
        return slider;
    }
    case Knob::Kind::Whole:
    case Knob::Kind::Number: {
        auto *box = new QDoubleSpinBox;
        box->setRange(knob.low, knob.high);
        box->setSingleStep(knob.step);
        box->setDecimals(knob.decimals);
        box->setAlignment(Qt::AlignRight);
        box->setFont(numberFont());
        box->setKeyboardTracking(false);
        box->setSuffix(knob.unit.isEmpty() ? QString() : QChar(0x00A0) + knob.unit);
        box->setFixedWidth(118);
        box->setButtonSymbols(QAbstractSpinBox::NoButtons); // arrow keys and the wheel step
        connect(box, &QDoubleSpinBox::valueChanged, this, [apply](double v) { apply(QString::number(v, 'g', 12)); });
        return box;
    }
    case Knob::Kind::Choice: {
        auto *combo = new QComboBox;
        for (const auto &[value, label] : knob.choices)
            combo->addItem(label, value);
        combo->setFixedWidth(160);
        connect(combo, &QComboBox::activated, this, [apply, combo] { apply(combo->currentData().toString()); });
        return combo;
    }
    case Knob::Kind::Flag: {
        auto *box = new QCheckBox;
        connect(box, &QCheckBox::clicked, this,
                [apply](bool on) { apply(on ? QStringLiteral("true") : QStringLiteral("false")); });
        return box;
    }
    case Knob::Kind::Text: break;
    }
    auto *line = new QLineEdit;
    line->setFixedWidth(160);
    connect(line, &QLineEdit::editingFinished, this, [apply, line] { apply(line->text().trimmed()); });
    return line;
}

void LabKnobs::addKnob(KnobGroup *group, const Knob &knob)
{
    Bound bound;
    bound.knob = knob;
    bound.editor = makeEditor(knob);
    bound.row = new KnobRow(knob.label, knob.help, bound.editor, knob.kind == Knob::Kind::Slider);
    bound.group = m_groups.size() - 1;
    group->body()->addWidget(bound.row);
    const auto putBack = [this, knob](const Values &to) {
        m_controller.apply(knob.key, knob.get(to.policy, to.economics), tr("%1 put back").arg(knob.label));
    };
    connect(bound.row, &KnobRow::resetToSavedRequested, this, [this, putBack] { putBack(m_saved); });
    connect(bound.row, &KnobRow::resetToShippedRequested, this, [this, putBack] { putBack(m_shipped); });
    m_bound << bound;
}

void LabKnobs::show(const Bound &bound, const QString &value)
{
    const QSignalBlocker blocker(bound.editor);
    if (auto *slider = qobject_cast<KnobSlider *>(bound.editor))
        slider->setValue(value.toDouble());
    else if (auto *number = qobject_cast<QDoubleSpinBox *>(bound.editor))
        number->setValue(value.toDouble());
    else if (auto *combo = qobject_cast<QComboBox *>(bound.editor))
        combo->setCurrentIndex(combo->findData(value));
    else if (auto *flag = qobject_cast<QCheckBox *>(bound.editor))
        flag->setChecked(value == QLatin1String("true"));
    else if (auto *line = qobject_cast<QLineEdit *>(bound.editor); line != nullptr && line->text() != value)
        line->setText(value);
}

void LabKnobs::refresh()
{
    const policy::Policy &policy = m_controller.session().policy();
    const policy::Economics &economics = m_controller.session().economics();
    for (const Bound &bound : std::as_const(m_bound)) {
        const QString value = bound.knob.get(policy, economics);
        show(bound, value);
        const auto reset = [&](const Values &from) {
            const QString other = bound.knob.get(from.policy, from.economics);
            return other == value ? QString() : bound.knob.shown(other);
        };
        bound.row->setResets(reset(m_saved), reset(m_shipped));
    }
    for (const BoundList &list : std::as_const(m_lists)) {
        const auto rows = list.get(policy, economics);
        list.entries->setRows(rows);
        const auto reset = [&](const Values &from) {
            const auto other = list.get(from.policy, from.economics);
            return other == rows ? QString() : tr("%n entries", nullptr, static_cast<int>(other.size()));
        };
        list.row->setResets(reset(m_saved), reset(m_shipped));
    }
    m_thresholds->refresh(thresholdsOf(m_saved.policy), thresholdsOf(m_shipped.policy));
    m_scopeWarning->setVisible(policy.scope == policy::Scope::Job);
    for (qsizetype group = 0; group < m_groups.size(); ++group)
        m_groups[group]->setChangedCount(changedIn(group));
}

int LabKnobs::changedIn(qsizetype group) const
{
    const policy::Policy &policy = m_controller.session().policy();
    const policy::Economics &economics = m_controller.session().economics();
    int changed = 0;
    for (const Bound &bound : m_bound)
        if (bound.group == group
            && bound.knob.get(policy, economics) != bound.knob.get(m_saved.policy, m_saved.economics))
            ++changed;
    for (const BoundList &list : m_lists)
        if (list.group == group && list.get(policy, economics) != list.get(m_saved.policy, m_saved.economics))
            ++changed;
    if (group == m_thresholdGroup) {
        const auto now = thresholdsOf(policy);
        const auto saved = thresholdsOf(m_saved.policy);
        for (auto it = now.begin(); it != now.end(); ++it)
            changed += saved.contains(it.key()) && saved[it.key()] == it.value() ? 0 : 1;
        for (auto it = saved.begin(); it != saved.end(); ++it)
            changed += now.contains(it.key()) ? 0 : 1;
    }
    return changed;
}

void LabKnobs::readBaselines()
{
    if (auto policy = m_controller.shippedPolicy())
        m_shipped.policy = std::move(policy).value();
    if (auto economics = m_controller.shippedEconomics())
        m_shipped.economics = std::move(economics).value();
    m_saved = m_shipped;
    if (auto policy = m_controller.savedPolicy())
        m_saved.policy = std::move(policy).value();
    if (auto economics = m_controller.savedEconomics())
        m_saved.economics = std::move(economics).value();
    suggest();
    refresh();
}

void LabKnobs::resetGroup(qsizetype group, const Values &to)
{
    const QString what = tr("a group of knobs put back");
    policy::Policy policy = m_controller.session().policy();
    policy::Economics economics = m_controller.session().economics();
    if (group == m_thresholdGroup) {
        policy.thresholds = to.policy.thresholds;
        policy.defaultThreshold = to.policy.defaultThreshold;
    }
    for (const BoundList &list : std::as_const(m_lists))
        if (list.group == group)
            list.set(policy, economics, list.get(to.policy, to.economics));
    m_controller.session().setPolicy(policy, what);
    m_controller.session().setEconomics(economics, what);
    for (const Bound &bound : std::as_const(m_bound))
        if (bound.group == group)
            m_controller.apply(bound.knob.key, bound.knob.get(to.policy, to.economics), what);
}

QStringList LabKnobs::knobKeys() const
{
    QStringList keys{QStringLiteral("threshold"), QStringLiteral("thresholds")};
    for (const Bound &bound : m_bound)
        keys << bound.knob.key;
    for (const BoundList &list : m_lists)
        keys << list.key;
    return keys;
}

} // namespace mulligan::desktop

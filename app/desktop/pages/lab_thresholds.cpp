#include "desktop/pages/lab_thresholds.hpp"

#include "desktop/pages/lab_controller.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/knob_icon.hpp"
#include "desktop/widgets/knob_row.hpp"
#include "desktop/widgets/knob_slider.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace mulligan::desktop
{

namespace
{

QString shown(double threshold)
{
    return QLocale().toString(threshold, 'f', 2);
}

} // namespace

LabThresholds::LabThresholds(LabController &controller, QWidget *parent) : QWidget(parent), m_controller(controller)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap - 2);
    m_list = new QVBoxLayout;
    m_list->setSpacing(kGap - 2);
    layout->addLayout(m_list);
    m_add = new QComboBox;
    m_add->setAccessibleName(tr("Add a threshold for a class or group"));
    ignoreWheelUnlessFocused(m_add);
    layout->addWidget(m_add);
    connect(m_add, &QComboBox::activated, this, [this](int index) {
        const QString selector = m_add->itemData(index).toString();
        if (!selector.isEmpty())
            m_controller.setThreshold(selector, m_controller.threshold(selector));
        m_add->setCurrentIndex(0);
    });
    connect(&controller, &LabController::historyChanged, this, &LabThresholds::fillAddBox);
}

LabThresholds::Row LabThresholds::makeRow(const QString &selector)
{
    Row row;
    row.slider = new KnobSlider(0.0, 1.0, 0.005, 3);
    QWidget *editor = row.slider;
    if (!selector.isEmpty()) {
        editor = new QWidget;
        auto *line = new QHBoxLayout(editor);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(0);
        line->addWidget(row.slider, 1);
        auto *remove = new QToolButton;
        setThemedIcon(remove, QStringLiteral("close"));
        remove->setToolTip(tr("Take this threshold away: the group's or the default's holds"));
        remove->setAccessibleName(tr("Remove the threshold of %1").arg(selector));
        connect(remove, &QToolButton::clicked, this, [this, selector] { m_controller.removeThreshold(selector); });
        line->addWidget(remove);
        editor->setFocusProxy(row.slider);
    }
    row.row = new KnobRow(selector.isEmpty() ? tr("Default") : selector,
                          tr("Least chance of success that deserves a retry. The mark on the track is the break-even "
                             "chance p*."),
                          editor, true);
    connect(row.slider, &KnobSlider::moved, this, [this, selector](double value) {
        m_controller.setSweepSelector(selector);
        m_controller.setThreshold(selector, value);
    });
    connect(row.row, &KnobRow::resetToSavedRequested, this,
            [this, selector] { m_controller.setThreshold(selector, m_saved.value(selector)); });
    connect(row.row, &KnobRow::resetToShippedRequested, this,
            [this, selector] { m_controller.setThreshold(selector, m_shipped.value(selector)); });
    return row;
}

void LabThresholds::refresh(const QMap<QString, double> &saved, const QMap<QString, double> &shipped)
{
    m_saved = saved;
    m_shipped = shipped;
    QStringList wanted{QString()};
    for (const auto &[selector, value] : m_controller.session().policy().thresholds)
        wanted << QString::fromStdString(selector);
    const QStringList present = m_rows.keys();
    const bool same = present == wanted;
    for (const QString &selector : present) {
        if (!wanted.contains(selector))
            m_rows.take(selector).row->deleteLater();
    }
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const QString &selector = wanted[i];
        if (!m_rows.contains(selector)) {
            m_rows[selector] = makeRow(selector);
            m_list->insertWidget(static_cast<int>(i), m_rows[selector].row);
        }
        const Row &row = m_rows[selector];
        const double value = m_controller.threshold(selector);
        row.slider->setValue(value);
        const auto reset = [&](const QMap<QString, double> &from) {
            const bool differs = from.contains(selector) && std::abs(from[selector] - value) > 1e-9;
            return differs ? shown(from[selector]) : QString();
        };
        row.row->setResets(reset(saved), reset(shipped));
        const auto breakEven = m_controller.breakEven(selector);
        row.slider->setMark(breakEven.value_or(std::numeric_limits<double>::quiet_NaN()));
        row.row->setNote(breakEven ? tr("pays above p* ≈ %1").arg(QLocale().toString(*breakEven, 'g', 2)) : QString(),
                         tr("p* = C_f ÷ (C_f + L): mean cost of history's failed retries here, and what an "
                            "intervention costs."));
    }
    if (!same)
        fillAddBox();
}

void LabThresholds::fillAddBox()
{
    m_add->clear();
    m_add->addItem(tr("Add a class or group…"));
    const QStringList selectors = m_controller.selectors();
    for (const QString &selector : selectors)
        if (!m_rows.contains(selector))
            m_add->addItem(selector, selector);
    m_add->setEnabled(m_add->count() > 1);
}

} // namespace mulligan::desktop

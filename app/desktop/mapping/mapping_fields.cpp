#include "desktop/mapping/mapping_fields.hpp"

#include "desktop/mapping/value_map_dialog.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/icons.hpp"
#include "ingest/mapping_units.hpp"

#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

using State = MappingFieldState::State;

enum Column { kStateColumn, kFieldColumn, kSourceColumn, kReadingColumn, kRemarkColumn, kColumnCount };

QString stateName(State state)
{
    switch (state) {
    case State::Good: return MappingFields::tr("ok");
    case State::Open: return MappingFields::tr("open");
    case State::Wrong: return MappingFields::tr("wrong");
    case State::Unused: break;
    }
    return MappingFields::tr("not used");
}

QIcon stateIcon(State state, int size)
{
    const Theme &theme = Theme::current();
    switch (state) {
    case State::Good: return iconPixmap(QStringLiteral("check"), theme.gain, size);
    case State::Open: return iconPixmap(QStringLiteral("warning"), theme.modelled, size);
    case State::Wrong: return iconPixmap(QStringLiteral("error"), theme.loss, size);
    case State::Unused: break;
    }
    return {};
}

ingest::MappedField fieldOf(const MappingController &controller, const QString &target)
{
    if (const auto *field = controller.field(target))
        return *field;
    ingest::MappedField field;
    (void)ingest::setTarget(field, target.toStdString());
    return field;
}

} // namespace

MappingFields::MappingFields(MappingController &controller, QWidget *parent) : QWidget(parent), m_controller(controller)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_table = new QTableWidget(0, kColumnCount, this);
    m_table->setHorizontalHeaderLabels({tr("State"), tr("Field"), tr("Comes from"), tr("Read as"), tr("Remark")});
    m_table->setAccessibleName(tr("Fields of an attempt"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 14);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const int widths[] = {92, 168, 300, 230};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_table->setColumnWidth(column, widths[column]);
    layout->addWidget(m_table, 1);
    connect(&m_controller, &MappingController::mappingChanged, this, &MappingFields::rebuild);
    connect(&m_controller, &MappingController::previewChanged, this, [this] {
        refreshChoices();
        refreshStates();
    });
    rebuild();
}

void MappingFields::rebuild()
{
    m_table->setRowCount(0);
    m_targets = m_controller.targets();
    m_columns = m_controller.sourceChoices(QStringLiteral("job"));
    for (const QString &target : std::as_const(m_targets))
        addRow(target);
    refreshStates();
}

void MappingFields::addRow(const QString &target)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    for (const int column : {kStateColumn, kFieldColumn, kSourceColumn, kReadingColumn, kRemarkColumn})
        m_table->setItem(row, column, new QTableWidgetItem);
    m_table->item(row, kFieldColumn)->setText(target);
    m_table->item(row, kFieldColumn)->setToolTip(target);
    m_table->setCellWidget(row, kSourceColumn, makeSource(target));
    setReading(row);
}

QComboBox *MappingFields::makeSource(const QString &target)
{
    auto *combo = new QComboBox(m_table);
    combo->setEditable(true);
    combo->setInsertPolicy(QComboBox::NoInsert);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->addItems(m_controller.sourceChoices(target));
    combo->setEditText(m_controller.sourceText(target));
    combo->lineEdit()->setPlaceholderText(tr("column, {template} or = constant"));
    combo->lineEdit()->setCursorPosition(0);
    combo->setAccessibleName(tr("Source of %1").arg(target));
    combo->setToolTip(tr("A column; several as “a | b” (the first that is filled); a template such as {dag}.{task}; a "
                         "constant such as = main"));
    const auto take = [this, combo, target] {
        m_controller.setSourceText(target, combo->currentText());
        if (const qsizetype row = m_targets.indexOf(target); row >= 0)
            setReading(static_cast<int>(row));
        refreshStates();
    };
    connect(combo, &QComboBox::activated, this, take);
    connect(combo->lineEdit(), &QLineEdit::editingFinished, this, take);
    combo->setFocusPolicy(Qt::StrongFocus);
    return combo;
}

void MappingFields::setReading(int row)
{
    m_table->removeCellWidget(row, kReadingColumn);
    if (auto *widget = makeReading(m_targets[row]))
        m_table->setCellWidget(row, kReadingColumn, widget);
}

QWidget *MappingFields::makeReading(const QString &target)
{
    using ingest::Field;
    const auto *source = m_controller.field(target);
    if (source == nullptr)
        return nullptr;
    switch (source->field) {
    case Field::StartedAt:
    case Field::EndedAt: return source->duration.empty() ? makeTime(target) : makeUnit(target);
    case Field::Attempt: return makeAdd(target);
    case Field::Outcome:
    case Field::Trigger:
    case Field::Owner:
    case Field::Team:
    case Field::Cluster:
    case Field::Queue:
    case Field::Workflow: return makeValues(target);
    default: break;
    }
    return ingest::unitsOf(*source).empty() ? nullptr : makeUnit(target);
}

QWidget *MappingFields::makeTime(const QString &target)
{
    auto *combo = new QComboBox(m_table);
    combo->setEditable(true);
    combo->setInsertPolicy(QComboBox::NoInsert);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->addItems({QStringLiteral("rfc3339"), QStringLiteral("epoch_s"), QStringLiteral("epoch_ms"),
                     QStringLiteral("epoch_us"), QStringLiteral("epoch_ns"), QStringLiteral("excel"),
                     QStringLiteral("%d.%m.%Y %H:%M:%S"), QStringLiteral("%m/%d/%Y %I:%M:%S %p"),
                     QStringLiteral("%d/%m/%Y %H:%M:%S"), QStringLiteral("%Y/%m/%d %H:%M:%S"),
                     QStringLiteral("%Y%m%d%H%M%S")});
    const std::string time = fieldOf(m_controller, target).time;
    combo->setEditText(time.empty() ? QStringLiteral("rfc3339") : QString::fromStdString(time));
    combo->setAccessibleName(tr("Time format of %1").arg(target));
    combo->setFocusPolicy(Qt::StrongFocus);
    const auto take = [this, combo, target] {
        if (m_controller.field(target) != nullptr)
            m_controller.setTime(target, combo->currentText());
        refreshStates();
    };
    connect(combo, &QComboBox::activated, this, take);
    connect(combo->lineEdit(), &QLineEdit::editingFinished, this, take);
    return combo;
}

QWidget *MappingFields::makeUnit(const QString &target)
{
    auto *combo = new QComboBox(m_table);
    const auto field = fieldOf(m_controller, target);
    combo->addItem(field.field == ingest::Field::Config ? tr("as it is") : tr("its own unit"), QString());
    for (const auto unit : ingest::unitsOf(field)) {
        const QString name = QString::fromUtf8(unit.data(), static_cast<qsizetype>(unit.size()));
        combo->addItem(name, name);
    }
    combo->setCurrentIndex(std::max(0, combo->findData(QString::fromStdString(field.unit))));
    combo->setAccessibleName(tr("Unit of %1").arg(target));
    combo->setFocusPolicy(Qt::StrongFocus);
    connect(combo, &QComboBox::activated, this, [this, combo, target] {
        m_controller.setUnit(target, combo->currentData().toString());
        refreshStates();
    });
    return combo;
}

QWidget *MappingFields::makeAdd(const QString &target)
{
    auto *combo = new QComboBox(m_table);
    combo->addItem(tr("counted from 1"), 0);
    combo->addItem(tr("counted from 0"), 1);
    const int add = fieldOf(m_controller, target).add;
    if (combo->findData(add) < 0)
        combo->addItem(tr("%1 added").arg(add), add);
    combo->setCurrentIndex(combo->findData(add));
    combo->setAccessibleName(tr("Numbering of %1").arg(target));
    combo->setFocusPolicy(Qt::StrongFocus);
    connect(combo, &QComboBox::activated, this,
            [this, combo, target] { m_controller.setAdd(target, combo->currentData().toInt()); });
    return combo;
}

QWidget *MappingFields::makeValues(const QString &target)
{
    const auto field = fieldOf(m_controller, target);
    const int count = static_cast<int>(field.values.size()) + (field.otherwise ? 1 : 0);
    auto *button = new QPushButton(count == 0 ? tr("as it is…") : tr("values mapped: %1…").arg(count), m_table);
    button->setAccessibleName(tr("Value map of %1").arg(target));
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, this, [this, target] {
        auto *dialog = new ValueMapDialog(fieldOf(m_controller, target), m_controller.valuesOf(target), window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this, [this, dialog, target] {
            m_controller.setValues(target, dialog->values(), dialog->otherwise());
            if (const qsizetype row = m_targets.indexOf(target); row >= 0)
                setReading(static_cast<int>(row));
            refreshStates();
        });
        dialog->open();
    });
    return button;
}

void MappingFields::refreshChoices()
{
    const QStringList columns = m_controller.sourceChoices(QStringLiteral("job"));
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (const QString &target : std::as_const(m_targets)) {
        QComboBox *combo = sourceOf(target);
        const QString typed = combo->currentText();
        const QSignalBlocker quiet(combo);
        combo->clear();
        combo->addItems(m_controller.sourceChoices(target));
        combo->setEditText(typed);
    }
}

void MappingFields::refreshStates()
{
    const Theme &theme = Theme::current();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const MappingFieldState state = m_controller.state(m_targets[row]);
        QTableWidgetItem *first = m_table->item(row, kStateColumn);
        first->setText(stateName(state.state));
        first->setIcon(stateIcon(state.state, fontMetrics().height()));
        const bool unused = state.state == State::Unused;
        first->setForeground(unused ? theme.mutedText : theme.text);
        m_table->item(row, kFieldColumn)->setForeground(unused ? theme.mutedText : theme.text);
        QTableWidgetItem *remark = m_table->item(row, kRemarkColumn);
        remark->setText(state.remark);
        remark->setToolTip(state.remark);
        remark->setForeground(state.state == State::Wrong ? theme.loss : theme.mutedText);
    }
}

QComboBox *MappingFields::sourceOf(const QString &target) const
{
    const qsizetype row = m_targets.indexOf(target);
    return row < 0 ? nullptr : qobject_cast<QComboBox *>(m_table->cellWidget(static_cast<int>(row), kSourceColumn));
}

void MappingFields::addMember()
{
    bool taken = false;
    const QString target =
        QInputDialog::getText(window(), tr("Add a setting or metric"),
                              tr("Name, such as config.spark.executor.memory or metrics.input_bytes:"),
                              QLineEdit::Normal, QStringLiteral("metrics."), &taken);
    if (taken && m_controller.addTarget(target.trimmed())) {
        m_table->scrollToBottom();
        sourceOf(target.trimmed())->setFocus();
    }
}

void MappingFields::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_table != nullptr)
        refreshStates();
}

} // namespace mulligan::desktop

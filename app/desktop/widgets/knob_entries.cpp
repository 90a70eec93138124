#include "desktop/widgets/knob_entries.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/knob_icon.hpp"
#include "desktop/widgets/knob_row.hpp"

#include <QComboBox>
#include <QCompleter>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

KnobEntries::KnobEntries(QVector<EntryField> fields, const QString &addText, QWidget *parent)
    : QWidget(parent), m_fields(std::move(fields))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_list = new QVBoxLayout;
    m_list->setSpacing(kGapSmall);
    layout->addLayout(m_list);
    auto *add = new QPushButton(addText);
    layout->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, [this] {
        QStringList values;
        for (const EntryField &field : m_fields)
            values << field.initial;
        addRow(values);
        m_editors.back().front()->setFocus();
    });
}

QWidget *KnobEntries::makeEditor(const EntryField &field, const QString &value)
{
    QWidget *made = nullptr;
    if (field.kind == EntryField::Kind::Number) {
        auto *box = new QDoubleSpinBox;
        box->setRange(field.low, field.high);
        box->setDecimals(field.decimals);
        box->setSuffix(field.unit.isEmpty() ? QString() : QChar(0x00A0) + field.unit);
        box->setAlignment(Qt::AlignRight);
        box->setFont(numberFont());
        box->setKeyboardTracking(false);
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setValue(value.toDouble());
        connect(box, &QDoubleSpinBox::valueChanged, this, &KnobEntries::announce);
        made = box;
    } else if (field.kind == EntryField::Kind::Choice) {
        auto *combo = new QComboBox;
        for (const auto &[key, label] : field.choices)
            combo->addItem(label, key);
        combo->setCurrentIndex(combo->findData(value));
        connect(combo, &QComboBox::currentIndexChanged, this, &KnobEntries::announce);
        made = combo;
    } else {
        auto *line = new QLineEdit(value);
        line->setPlaceholderText(field.title);
        auto *completer = new QCompleter(field.suggestions, line);
        completer->setFilterMode(Qt::MatchContains);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        line->setCompleter(completer);
        connect(line, &QLineEdit::editingFinished, this, &KnobEntries::announce);
        made = line;
    }
    made->setToolTip(field.title);
    made->setAccessibleName(field.title);
    ignoreWheelUnlessFocused(made);
    made->setMinimumWidth(field.kind == EntryField::Kind::Text ? 70 : 60);
    return made;
}

QString KnobEntries::valueOf(const EntryField &field, QWidget *editor)
{
    switch (field.kind) {
    case EntryField::Kind::Number: return QString::number(static_cast<QDoubleSpinBox *>(editor)->value(), 'g', 12);
    case EntryField::Kind::Choice: return static_cast<QComboBox *>(editor)->currentData().toString();
    case EntryField::Kind::Text: return static_cast<QLineEdit *>(editor)->text().trimmed();
    }
    return {};
}

void KnobEntries::addRow(const QStringList &values)
{
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    QVector<QWidget *> editors;
    for (qsizetype i = 0; i < m_fields.size(); ++i) {
        editors << makeEditor(m_fields[i], values.value(i));
        layout->addWidget(editors.back(), m_fields[i].kind == EntryField::Kind::Text ? 3 : 2);
    }
    auto *remove = new QToolButton;
    setThemedIcon(remove, QStringLiteral("close"));
    remove->setToolTip(tr("Remove"));
    remove->setAccessibleName(tr("Remove %1").arg(values.value(0)));
    layout->addWidget(remove);
    connect(remove, &QToolButton::clicked, this, [this, row] {
        const qsizetype i = m_rows.indexOf(row);
        if (i < 0)
            return;
        m_rows.removeAt(i);
        m_editors.removeAt(i);
        row->deleteLater();
        announce();
    });
    m_list->addWidget(row);
    m_rows << row;
    m_editors << editors;
}

QVector<QStringList> KnobEntries::rows() const
{
    QVector<QStringList> out;
    for (const auto &editors : m_editors) {
        QStringList values;
        bool named = false;
        for (qsizetype i = 0; i < m_fields.size(); ++i) {
            values << valueOf(m_fields[i], editors[i]);
            named = named || (m_fields[i].kind == EntryField::Kind::Text && !values.back().isEmpty());
        }
        if (named)
            out << values;
    }
    return out;
}

void KnobEntries::setRows(const QVector<QStringList> &wanted)
{
    if (rows() == wanted)
        return;
    for (QWidget *row : std::as_const(m_rows))
        row->deleteLater();
    m_rows.clear();
    m_editors.clear();
    for (const QStringList &values : wanted)
        addRow(values);
}

void KnobEntries::setSuggestions(int field, const QStringList &suggestions)
{
    m_fields[field].suggestions = suggestions;
    for (const auto &editors : std::as_const(m_editors))
        if (auto *line = qobject_cast<QLineEdit *>(editors[field]))
            static_cast<QStringListModel *>(line->completer()->model())->setStringList(suggestions);
}

void KnobEntries::announce()
{
    Q_EMIT edited(rows());
}

} // namespace mulligan::desktop

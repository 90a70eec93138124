#include "desktop/mapping/value_map_dialog.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

ValueMapDialog::ValueMapDialog(const ingest::MappedField &field, const QStringList &seen, QWidget *parent)
    : QDialog(parent), m_field(field.field)
{
    setWindowTitle(tr("What the values of %1 mean").arg(QString::fromStdString(ingest::targetName(field))));
    resize(520, 460);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(kGapSmall);
    if (m_field == ingest::Field::Outcome) {
        auto *note = makeLabel(
            tr("Rows whose outcome is “skip” are passed over: they are no attempts yet, or never ran."), "muted", this);
        note->setWordWrap(true);
        layout->addWidget(note);
    }
    m_table = new QTableWidget(0, 2, this);
    m_table->setHorizontalHeaderLabels({tr("The source says"), tr("It means")});
    m_table->setAccessibleName(tr("Value map"));
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 18);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    layout->addWidget(m_table, 1);
    for (const auto &[from, to] : field.values)
        addRow(QString::fromStdString(from), QString::fromStdString(to));
    for (const QString &text : seen) {
        const bool known = std::any_of(field.values.begin(), field.values.end(), [&](const auto &each) {
            return QString::fromStdString(each.first).compare(text, Qt::CaseInsensitive) == 0;
        });
        if (!known)
            addRow(text, {});
    }
    auto *row = new QHBoxLayout;
    auto *add = new QPushButton(tr("Add a value"), this);
    connect(add, &QPushButton::clicked, this, [this] {
        addRow({}, {});
        m_table->setCurrentCell(m_table->rowCount() - 1, 0);
        m_table->editItem(m_table->currentItem());
    });
    row->addWidget(add);
    row->addStretch(1);
    auto *label = new QLabel(tr("&All other values mean"), this);
    row->addWidget(label);
    m_otherwise = makeMeaning(field.otherwise ? QString::fromStdString(*field.otherwise) : QString());
    m_otherwise->setAccessibleName(tr("Meaning of all other values"));
    label->setBuddy(m_otherwise);
    row->addWidget(m_otherwise);
    layout->addLayout(row);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

QComboBox *ValueMapDialog::makeMeaning(const QString &meaning)
{
    auto *combo = new QComboBox(this);
    combo->setEditable(true);
    combo->setInsertPolicy(QComboBox::NoInsert);
    combo->addItem(QString());
    if (m_field == ingest::Field::Outcome)
        combo->addItems({QStringLiteral("succeeded"), QStringLiteral("failed"), QStringLiteral("killed"),
                         QStringLiteral("unknown"), QStringLiteral("skip"), QStringLiteral("continues")});
    if (m_field == ingest::Field::Trigger)
        combo->addItems({QStringLiteral("scheduled"), QStringLiteral("auto_retry"), QStringLiteral("manual")});
    combo->lineEdit()->setPlaceholderText(tr("as it is"));
    combo->setEditText(meaning);
    combo->setFocusPolicy(Qt::StrongFocus);
    return combo;
}

void ValueMapDialog::addRow(const QString &from, const QString &to)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(from));
    auto *combo = makeMeaning(to);
    combo->setAccessibleName(from.isEmpty() ? tr("Meaning of an empty value") : tr("Meaning of %1").arg(from));
    m_table->setCellWidget(row, 1, combo);
}

std::vector<std::pair<QString, QString>> ValueMapDialog::values() const
{
    std::vector<std::pair<QString, QString>> out;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto *combo = qobject_cast<QComboBox *>(m_table->cellWidget(row, 1));
        const QString to = combo->currentText().trimmed();
        const QString from = m_table->item(row, 0)->text().trimmed();
        const bool known = std::any_of(out.begin(), out.end(), [&](const auto &each) { return each.first == from; });
        if (!to.isEmpty() && !known)
            out.emplace_back(from, to);
    }
    return out;
}

QString ValueMapDialog::otherwise() const
{
    const QString text = m_otherwise->currentText().trimmed();
    return text.isEmpty() ? QString() : text;
}

} // namespace mulligan::desktop

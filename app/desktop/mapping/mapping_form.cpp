#include "desktop/mapping/mapping_form.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "formats/local_time.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>

namespace mulligan::desktop
{

namespace
{

constexpr int kColumns = 6;

/// Characters that cannot be seen have names.
const std::vector<std::pair<QString, std::string>> &named()
{
    static const std::vector<std::pair<QString, std::string>> names{{MappingForm::tr("tab"), "\t"},
                                                                    {MappingForm::tr("space"), " "},
                                                                    {MappingForm::tr("Ctrl-A"), "\x01"},
                                                                    {MappingForm::tr("none"), ""}};
    return names;
}

QString nameOf(const std::string &character)
{
    for (const auto &[name, value] : named()) {
        if (value == character)
            return name;
    }
    return QString::fromStdString(character);
}

std::string characterOf(const QString &name)
{
    for (const auto &[known, value] : named()) {
        if (known == name)
            return value;
    }
    return name.toStdString();
}

} // namespace

MappingForm::MappingForm(MappingController &controller, QWidget *parent) : QWidget(parent), m_controller(controller)
{
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(kGap);
    m_grid->setVerticalSpacing(2);
    m_format = addCombo(tr("Format"), {QStringLiteral("csv"), QStringLiteral("jsonl"), QStringLiteral("json")}, false);
    m_encoding = addCombo(tr("Encoding"),
                          {QStringLiteral("UTF-8"), QStringLiteral("UTF-16LE"), QStringLiteral("UTF-16BE"),
                           QStringLiteral("ISO-8859-1"), QStringLiteral("WINDOWS-1252"), QStringLiteral("SHIFT_JIS"),
                           QStringLiteral("EUC-JP")},
                          true);
    m_delimiter =
        addCombo(tr("Delimiter"),
                 {QStringLiteral(","), QStringLiteral(";"), tr("tab"), QStringLiteral("|"), tr("Ctrl-A")}, true);
    m_quote = addCombo(tr("Quote"), {QStringLiteral("\""), QStringLiteral("'"), tr("none")}, true);
    m_escape = addCombo(tr("Quotes inside"), {tr("doubled"), tr("behind a backslash")}, false);
    m_header = new QCheckBox(tr("first row is a header"), this);
    addWidget(tr("Header"), m_header);
    m_skip = new QSpinBox(this);
    m_skip->setRange(0, 1'000'000);
    addWidget(tr("Lines to skip"), m_skip);
    m_comment = new QLineEdit(this);
    m_comment->setPlaceholderText(tr("none"));
    addWidget(tr("Comment lines begin with"), m_comment);
    m_decimal = addCombo(tr("Decimal sign"), {QStringLiteral("."), QStringLiteral(",")}, false);
    m_thousands =
        addCombo(tr("Thousands"),
                 {tr("none"), QStringLiteral(","), QStringLiteral("."), tr("space"), QStringLiteral("'")}, true);
    QStringList zones{QString()};
    for (const auto &zone : formats::timeZoneNames())
        zones << QString::fromStdString(zone);
    m_zone = addCombo(tr("Time zone of the source"), zones, true);
    m_zone->lineEdit()->setPlaceholderText(tr("in each time"));
    m_records = new QLineEdit(this);
    m_records->setPlaceholderText(tr("the document itself"));
    addWidget(tr("Records of JSON at"), m_records);
    connect(m_header, &QCheckBox::toggled, this, &MappingForm::takeMapping);
    connect(m_skip, &QSpinBox::valueChanged, this, &MappingForm::takeMapping);
    connect(m_comment, &QLineEdit::editingFinished, this, &MappingForm::takeMapping);
    connect(m_records, &QLineEdit::editingFinished, this, &MappingForm::takeMapping);
    connect(&m_controller, &MappingController::mappingChanged, this, &MappingForm::showMapping);
    showMapping();
}

void MappingForm::addWidget(const QString &label, QWidget *widget, int span)
{
    auto *name = makeLabel(label, "muted", this);
    name->setBuddy(widget);
    widget->setAccessibleName(label);
    const int row = m_place / kColumns * 2;
    const int column = m_place % kColumns;
    m_grid->addWidget(name, row, column, 1, span);
    m_grid->addWidget(widget, row + 1, column, 1, span);
    m_grid->setColumnStretch(column, 1);
    m_place += span;
}

QComboBox *MappingForm::addCombo(const QString &label, const QStringList &entries, bool editable)
{
    auto *combo = new QComboBox(this);
    combo->addItems(entries);
    combo->setEditable(editable);
    combo->setInsertPolicy(QComboBox::NoInsert);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    addWidget(label, combo);
    connect(combo, &QComboBox::activated, this, &MappingForm::takeMapping);
    if (editable)
        connect(combo->lineEdit(), &QLineEdit::editingFinished, this, &MappingForm::takeMapping);
    return combo;
}

void MappingForm::showMapping()
{
    m_showing = true;
    const ingest::Mapping &mapping = m_controller.mapping();
    const auto show = [](QComboBox *combo, const QString &text) {
        combo->isEditable() ? combo->setEditText(text) : combo->setCurrentIndex(combo->findText(text));
    };
    m_format->setCurrentIndex(static_cast<int>(mapping.format));
    show(m_encoding, QString::fromStdString(mapping.encoding));
    show(m_delimiter, nameOf(mapping.dialect.delimiter));
    show(m_quote, nameOf(mapping.dialect.quote));
    m_escape->setCurrentIndex(mapping.dialect.escape == formats::CsvEscape::Backslash ? 1 : 0);
    m_header->setChecked(mapping.dialect.header);
    m_skip->setValue(mapping.dialect.skipLines);
    m_comment->setText(QString::fromStdString(mapping.dialect.comment));
    show(m_decimal, QString::fromStdString(mapping.numbers.decimal));
    show(m_thousands, nameOf(mapping.numbers.thousands));
    show(m_zone, QString::fromStdString(mapping.zone));
    m_records->setText(QString::fromStdString(mapping.records));
    const bool csv = mapping.format == ingest::RowFormat::Csv;
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_delimiter, m_quote, m_escape, m_header, m_skip, m_comment})
        widget->setEnabled(csv);
    m_records->setEnabled(!csv);
    m_showing = false;
}

void MappingForm::takeMapping()
{
    if (m_showing)
        return;
    ingest::Mapping mapping = m_controller.mapping();
    mapping.format = static_cast<ingest::RowFormat>(m_format->currentIndex());
    mapping.encoding = m_encoding->currentText().trimmed().toStdString();
    mapping.dialect.delimiter = characterOf(m_delimiter->currentText());
    mapping.dialect.quote = characterOf(m_quote->currentText());
    mapping.dialect.escape =
        m_escape->currentIndex() == 1 ? formats::CsvEscape::Backslash : formats::CsvEscape::Doubled;
    mapping.dialect.header = m_header->isChecked();
    mapping.dialect.skipLines = m_skip->value();
    mapping.dialect.comment = m_comment->text().toStdString();
    mapping.numbers.decimal = m_decimal->currentText().toStdString();
    mapping.numbers.thousands = characterOf(m_thousands->currentText());
    mapping.zone = m_zone->currentText().trimmed().toStdString();
    mapping.records = m_records->text().trimmed().toStdString();
    if (mapping == m_controller.mapping())
        return;
    m_controller.setMapping(std::move(mapping));
    showMapping();
}

} // namespace mulligan::desktop

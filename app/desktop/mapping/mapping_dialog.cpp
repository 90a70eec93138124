#include "desktop/mapping/mapping_dialog.hpp"

#include "desktop/mapping/mapping_fields.hpp"
#include "desktop/mapping/mapping_form.hpp"
#include "desktop/mapping/mapping_tables.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace mulligan::desktop
{

MappingDialog::MappingDialog(const QString &path, QWidget *parent, const QString &workspace)
    : QDialog(parent), m_workspace(workspace)
{
    setWindowTitle(tr("Import with a mapping"));
    setSizeGripEnabled(true);
    resize(1240, 900);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(kGap);
    layout->addWidget(buildHeader());
    layout->addWidget(buildForm());
    layout->addWidget(buildTables(), 1);
    layout->addWidget(buildButtons());
    connect(&m_controller, &MappingController::previewChanged, this, &MappingDialog::refresh);
    connect(&m_controller, &MappingController::mappingChanged, this, &MappingDialog::refresh);
    connect(&m_controller, &MappingController::failed, this, &MappingDialog::showProblem);
    refresh();
    if (!path.isEmpty())
        m_controller.openFile(path, m_workspace);
}

QWidget *MappingDialog::buildHeader()
{
    auto *header = new QWidget(this);
    auto *layout = new QHBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *texts = new QVBoxLayout;
    m_file = makeLabel({}, "heading", header);
    texts->addWidget(m_file);
    m_notes = makeLabel({}, "muted", header);
    m_notes->setWordWrap(true);
    texts->addWidget(m_notes);
    layout->addLayout(texts, 1);
    auto *choose = new QPushButton(icon(QStringLiteral("open")), tr("Choose &file…"), header);
    connect(choose, &QPushButton::clicked, this, &MappingDialog::chooseFile);
    layout->addWidget(choose, 0, Qt::AlignTop);
    return header;
}

QWidget *MappingDialog::buildForm()
{
    auto *card = new Card({}, this);
    card->body()->addWidget(new MappingForm(m_controller, card));
    return card;
}

QWidget *MappingDialog::buildTables()
{
    auto *split = new QSplitter(Qt::Vertical, this);
    m_raw = new TableView(split);
    m_raw->setAccessibleName(tr("Rows of the file"));
    m_rawModel = new RawRowsModel(this);
    m_raw->setModel(m_rawModel);
    split->addWidget(m_raw);
    m_fields = new MappingFields(m_controller, split);
    split->addWidget(m_fields);
    m_result = new TableView(split);
    m_result->setAccessibleName(tr("What becomes of the rows"));
    m_resultModel = new RowsModel<ingest::PreviewRow>(previewColumns(), this);
    m_result->setModel(m_resultModel);
    const int widths[] = {56, 96, 360, 190, 150, 72, 90, 160, 160, 240, 90, 90, 80};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_result->setColumnWidth(column, widths[column]);
    split->addWidget(m_result);
    split->setChildrenCollapsible(false);
    split->setSizes({122, 380, 160});
    split->setStretchFactor(1, 1);
    return split;
}

QWidget *MappingDialog::buildButtons()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    auto *load = new QPushButton(icon(QStringLiteral("folder")), tr("&Load profile…"), bar);
    connect(load, &QPushButton::clicked, this, &MappingDialog::loadProfile);
    layout->addWidget(load);
    m_save = new QPushButton(icon(QStringLiteral("export")), tr("&Save profile…"), bar);
    connect(m_save, &QPushButton::clicked, this, &MappingDialog::saveProfile);
    layout->addWidget(m_save);
    auto *add = new QPushButton(tr("&Add a setting or metric…"), bar);
    connect(add, &QPushButton::clicked, m_fields, &MappingFields::addMember);
    layout->addWidget(add);
    layout->addSpacing(kGap);
    m_counts = makeLabel({}, "muted", bar);
    m_counts->setWordWrap(true);
    layout->addWidget(m_counts, 1);
    auto *cancel = new QPushButton(tr("Cancel"), bar);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    layout->addWidget(cancel);
    m_import = new QPushButton(tr("&Import"), bar);
    setRole(m_import, "primary");
    connect(m_import, &QPushButton::clicked, this, [this] {
        Q_EMIT importRequested(m_controller.path(), m_controller.mapping());
        accept();
    });
    layout->addWidget(m_import);
    // Enter in a field settles the field; it must not reach a button and import.
    for (QPushButton *button : findChildren<QPushButton *>())
        button->setAutoDefault(false);
    return bar;
}

void MappingDialog::refresh()
{
    const auto &preview = m_controller.preview();
    m_file->setText(m_controller.path().isEmpty() ? tr("No file is chosen")
                                                  : QFileInfo(m_controller.path()).fileName());
    m_file->setToolTip(m_controller.path());
    QStringList notes;
    if (m_controller.isOfEarlierImport())
        notes << tr("This is the profile that the file was read with before.");
    for (const auto &note :
         m_controller.isOfEarlierImport() ? std::vector<std::string>() : m_controller.proposal().notes) {
        QString sentence = QString::fromStdString(note);
        sentence[0] = sentence[0].toUpper();
        notes << sentence + QLatin1Char('.');
    }
    m_notes->setText(notes.join(QLatin1Char(' ')));
    m_notes->setVisible(!notes.isEmpty());
    const int before = m_rawModel->columnCount();
    m_rawModel->show(preview, m_controller.proposal().columns);
    if (m_rawModel->columnCount() != before && m_rawModel->columnCount() > 0) {
        m_raw->resizeColumnsToContents();
        for (int column = 0; column < m_rawModel->columnCount(); ++column)
            m_raw->setColumnWidth(column, std::min(240, m_raw->columnWidth(column) + kGap));
    }
    m_resultModel->setRows(preview.rows);
    const auto ready = m_controller.ready();
    m_import->setEnabled(ready.has_value());
    m_save->setEnabled(!m_controller.path().isEmpty());
    if (!ready.has_value() && !m_controller.path().isEmpty())
        return showProblem(ready.error());
    setRole(m_counts, preview.rejected > 0 ? "loss" : "muted");
    m_counts->setText(m_controller.path().isEmpty()
                          ? QString()
                          : tr("Of the first %1 rows %2 become attempts, %3 are rejected and %4 passed over.")
                                .arg(preview.rows.size())
                                .arg(preview.attempts)
                                .arg(preview.rejected)
                                .arg(preview.skipped));
}

void MappingDialog::showProblem(const base::Error &error)
{
    setRole(m_counts, "loss");
    m_counts->setText(QString::fromStdString(error.text()));
    m_import->setEnabled(false);
}

void MappingDialog::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Import with a mapping"), m_controller.path(),
        tr("Tables (*.csv *.tsv *.txt *.json *.jsonl *.ndjson *.gz *.zst);;All files (*)"));
    if (!path.isEmpty())
        m_controller.openFile(path, m_workspace);
}

void MappingDialog::saveProfile()
{
    QString path =
        QFileDialog::getSaveFileName(this, tr("Save the profile"), tr("profile.yaml"), tr("Profiles (*.yaml *.yml)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".yaml");
    if (const auto saved = m_controller.saveProfile(path); !saved)
        return showProblem(saved.error());
    setRole(m_counts, "muted");
    m_counts->setText(tr("Saved as %1").arg(QFileInfo(path).fileName()));
}

void MappingDialog::loadProfile()
{
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Load a profile"), {}, tr("Profiles (*.yaml *.yml);;All files (*)"));
    if (path.isEmpty())
        return;
    if (const auto loaded = m_controller.loadProfile(path); !loaded)
        showProblem(loaded.error());
}

} // namespace mulligan::desktop

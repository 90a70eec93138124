#pragma once

#include "desktop/mapping/mapping_controller.hpp"
#include "desktop/models/rows_model.hpp"

#include <QDialog>

class QLabel;
class QPushButton;

namespace mulligan::desktop
{

class MappingFields;
class RawRowsModel;
class TableView;

/// Importing a table of another system: the raw rows, where each field comes from, and what would become of the rows.
class MappingDialog : public QDialog
{
    Q_OBJECT

public:
    /// `workspace`: the path of the one that the file is to be imported into; empty: none is open.
    explicit MappingDialog(const QString &path, QWidget *parent = nullptr, const QString &workspace = {});

    [[nodiscard]] MappingController &controller() { return m_controller; }
    [[nodiscard]] MappingFields *fields() const { return m_fields; }

Q_SIGNALS:
    /// The person wants this; the dialog closes.
    void importRequested(const QString &path, const ingest::Mapping &mapping);

private:
    QWidget *buildHeader();
    QWidget *buildForm();
    QWidget *buildTables();
    QWidget *buildButtons();
    void chooseFile();
    void saveProfile();
    void loadProfile();
    void refresh();
    void showProblem(const base::Error &error);

    MappingController m_controller;
    QString m_workspace;
    QLabel *m_file = nullptr;
    QLabel *m_notes = nullptr;
    QLabel *m_counts = nullptr;
    MappingFields *m_fields = nullptr;
    TableView *m_raw = nullptr;
    RawRowsModel *m_rawModel = nullptr;
    TableView *m_result = nullptr;
    RowsModel<ingest::PreviewRow> *m_resultModel = nullptr;
    QPushButton *m_save = nullptr;
    QPushButton *m_import = nullptr;
};

} // namespace mulligan::desktop

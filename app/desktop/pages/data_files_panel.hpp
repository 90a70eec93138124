#pragma once

#include "desktop/pages/data_panel.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/data_files.hpp"
#endif

#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace mulligan::desktop
{

class TableView;

/// Every file ever met and what became of it.
class DataFilesPanel : public DataPanel
{
    Q_OBJECT

public:
    explicit DataFilesPanel(Session &session, QWidget *parent = nullptr);

protected:
    [[nodiscard]] Job *startLoading() override;

private:
    [[nodiscard]] QWidget *buildTools();
    void buildTable();
    void applyFilter();
    void showCount();

    QTimer m_pause;
    QLineEdit *m_words = nullptr;
    QComboBox *m_status = nullptr;
    QLabel *m_count = nullptr;
    TableView *m_table = nullptr;
    RowsModel<FileEntry> *m_model = nullptr;
    QPlainTextEdit *m_detail = nullptr;
};

} // namespace mulligan::desktop

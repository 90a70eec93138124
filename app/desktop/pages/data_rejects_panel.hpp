#pragma once

#include "desktop/pages/data_panel.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/data_columns.hpp"
#include "desktop/session/mending.hpp"
#endif

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace mulligan::desktop
{

class TableView;

/// Rows that could not be used: why, what they say, and a place to mend them.
class DataRejectsPanel : public DataPanel
{
    Q_OBJECT

public:
    explicit DataRejectsPanel(Session &session, QWidget *parent = nullptr);

protected:
    [[nodiscard]] Job *startLoading() override;

private:
    [[nodiscard]] QWidget *buildTools();
    [[nodiscard]] QWidget *buildTable();
    [[nodiscard]] QWidget *buildEditor();
    void showEntries(std::vector<RejectEntry> entries);
    void edit(const std::vector<const RejectEntry *> &entries);
    void editSelected();
    void editWholeSource();
    void discard();
    void importMended();
    void tellMended(const MendReport &report);
    void updateButtons();
    void exportRows();
    [[nodiscard]] const RejectEntry *selected() const;

    TableView *m_table = nullptr;
    RowsModel<RejectEntry> *m_model = nullptr;
    QLabel *m_count = nullptr;
    QLabel *m_what = nullptr;
    QLabel *m_outcome = nullptr;
    QPlainTextEdit *m_text = nullptr;
    QPushButton *m_whole = nullptr;
    QPushButton *m_map = nullptr;
    QPushButton *m_discard = nullptr;
    QPushButton *m_import = nullptr;
    MendRequest m_request; ///< what the text stands for
    std::string m_refusal; ///< why it cannot be imported
};

} // namespace mulligan::desktop

#pragma once

#include "desktop/pages/data_panel.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/data_columns.hpp"
#endif

#include <QTimer>

class QLabel;
class QLineEdit;

namespace mulligan::desktop
{

class TableView;

/// Where two sources say different things of one attempt, and which of them counts.
class DataConflictsPanel : public DataPanel
{
    Q_OBJECT

public:
    explicit DataConflictsPanel(Session &session, QWidget *parent = nullptr);

protected:
    [[nodiscard]] Job *startLoading() override;

private:
    [[nodiscard]] QWidget *buildTools();
    void applyFilter();
    void showCount();
    void openFailure(const QModelIndex &index);

    QTimer m_pause;
    QLineEdit *m_words = nullptr;
    QLabel *m_count = nullptr;
    QLabel *m_answer = nullptr;
    TableView *m_table = nullptr;
    RowsModel<store::ConflictRow> *m_model = nullptr;
};

} // namespace mulligan::desktop

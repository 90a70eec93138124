#pragma once

#include "desktop/jobs/job.hpp"
#include "desktop/models/rows_model.hpp"
#include "desktop/shell/page.hpp"
#include "pipeline/import_sources.hpp"
#include "store/workspace.hpp"

#include <QPointer>

#include <optional>

class QLabel;
class QSortFilterProxyModel;
class QStackedWidget;
class QTabWidget;

namespace mulligan::desktop
{

class StatRow;
class TableView;

/// What was imported, from where, and what could not be used.
class DataPage : public Page
{
    Q_OBJECT

public:
    explicit DataPage(Session &session, QWidget *parent = nullptr);
    ~DataPage() override;
    void activate() override { refresh(); }

private:
    QWidget *buildContent();
    QWidget *buildSources();
    QWidget *buildRejects();
    void buildEmptyState();
    void refresh();
    void refreshStats();
    void refreshSources();
    void loadRejects();
    void exportRejects();

    Session &m_session;
    QStackedWidget *m_stack = nullptr;
    StatRow *m_stats = nullptr;
    QLabel *m_result = nullptr;
    QTabWidget *m_tabs = nullptr;
    TableView *m_sources = nullptr;
    RowsModel<pipeline::ImportedSource> *m_sourceModel = nullptr;
    QLabel *m_sourceDetail = nullptr;
    TableView *m_rejects = nullptr;
    RowsModel<store::RejectRow> *m_rejectModel = nullptr;
    QLabel *m_rejectCount = nullptr;
    QPointer<Job> m_rejectJob;
    bool m_dirty = true;
};

} // namespace mulligan::desktop

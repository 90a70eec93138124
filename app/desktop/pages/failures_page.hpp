#pragma once

#include "desktop/jobs/job.hpp"
#include "desktop/shell/page.hpp"
#include "store/failure_query.hpp"

#include <QPointer>

#include <optional>

class QLabel;
class QStackedWidget;

namespace mulligan::desktop
{

class FailureSearch;
class FailuresDecisionPanel;
class FailuresFilterBar;
class FailuresModel;
class FailuresRunPanel;
class LogView;
class TableView;

/// Every failed attempt, filtered, sorted and paged in SQL, with a detail pane: chain, classification, log, decision.
class FailuresPage : public Page
{
    Q_OBJECT

public:
    explicit FailuresPage(Session &session, QWidget *parent = nullptr);
    ~FailuresPage() override;

    void activate() override;
    /// "class:…", "rule:…", "text:…", "job:…", "team:…" filter, several of them one a line; "attempt:ID" selects.
    void reveal(const QString &argument) override;

private:
    QWidget *buildContent();
    QWidget *buildDetail();
    QWidget *buildRuleButton();
    void buildEmptyState();
    void connectSession();
    void refresh();
    void runQuery();
    void loadChoices();
    void showIds(const std::vector<std::int64_t> &ids);
    void select(std::int64_t attemptId);
    void showDetail(std::int64_t attemptId);
    void askDecision();
    void exportRows();

    Session &m_session;
    QStackedWidget *m_stack = nullptr;
    FailuresFilterBar *m_filters = nullptr;
    QLabel *m_count = nullptr;
    TableView *m_table = nullptr;
    FailuresModel *m_model = nullptr;
    FailureSearch *m_search = nullptr;
    FailuresRunPanel *m_run = nullptr;
    LogView *m_log = nullptr;
    FailuresDecisionPanel *m_decision = nullptr;
    store::FailureSort m_sort;
    std::int64_t m_selected = 0;
    std::int64_t m_wanted = 0; ///< to be selected once the query has answered
    bool m_dirty = true;       ///< data changed while the page was hidden
    bool m_keepDetail = false;
    QPointer<Job> m_choicesJob;
    QPointer<Job> m_decisionJob;
};

} // namespace mulligan::desktop

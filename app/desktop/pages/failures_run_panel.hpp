#pragma once

#include "desktop/models/rows_model.hpp"
#include "desktop/widgets/log_view.hpp"
#include "store/failure_query.hpp"

#include <QScrollArea>

class QLabel;

namespace mulligan::desktop
{

class AttemptStrip;
class TableView;

/// One attempt of a chain as the panel lists it.
struct ChainLine {
    model::Attempt attempt;
    std::string errorClass;
    double waited = 0.0; ///< seconds since the attempt before it ended
    QString changes;     ///< settings that differ from the attempt before it
};

/// Settings that differ, each as "executor memory 4g → 8g".
[[nodiscard]] QStringList configChanges(const model::Config &before, const model::Config &after);

/// The run of a failure: its attempts in time, and what classification says of the failure.
class FailuresRunPanel : public QScrollArea
{
    Q_OBJECT

public:
    explicit FailuresRunPanel(QWidget *parent = nullptr);
    void setDetail(const store::FailureDetail &detail);

Q_SIGNALS:
    void attemptChosen(qint64 attemptId);
    /// A match was selected: show its span.
    void matchChosen(const mulligan::desktop::ByteSpan &span);
    void ruleActivated(const QString &rule);

private:
    void showChain(const store::FailureDetail &detail);
    void showVerdict(const store::FailureDetail &detail);

    QLabel *m_title = nullptr;
    QLabel *m_subtitle = nullptr;
    AttemptStrip *m_strip = nullptr;
    TableView *m_attempts = nullptr;
    RowsModel<ChainLine> *m_chain = nullptr;
    QLabel *m_class = nullptr;
    QLabel *m_summary = nullptr;
    TableView *m_matches = nullptr;
    RowsModel<model::RuleMatch> *m_matchModel = nullptr;
    std::vector<std::int64_t> m_ids;
};

} // namespace mulligan::desktop

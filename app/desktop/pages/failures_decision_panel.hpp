#pragma once

#include "desktop/models/rows_model.hpp"
#include "pipeline/replay_session.hpp"

#include <QScrollArea>

class QGridLayout;
class QLabel;

namespace mulligan::desktop
{

class ContributionBars;
class TableView;

/// What the policy decides at a failure: the action with its reason, the figures behind it, what else was possible, and
/// what the prediction is made of.
class FailuresDecisionPanel : public QScrollArea
{
    Q_OBJECT

public:
    explicit FailuresDecisionPanel(QWidget *parent = nullptr);
    void setDecision(const pipeline::DecisionDetail &detail);
    /// Instead of a decision: why there is none.
    void setMessage(const QString &message);

private:
    void addFigure(const QString &name, const QString &value, const QString &hint);

    QLabel *m_action = nullptr;
    QLabel *m_reason = nullptr;
    QWidget *m_details = nullptr;
    QGridLayout *m_figures = nullptr;
    QLabel *m_alternativesTitle = nullptr;
    TableView *m_alternatives = nullptr;
    RowsModel<policy::Alternative> *m_alternativeModel = nullptr;
    QLabel *m_contributionsTitle = nullptr;
    ContributionBars *m_contributions = nullptr;
};

} // namespace mulligan::desktop

#pragma once

#include "desktop/jobs/job.hpp"
#include "desktop/models/rows_model.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_columns.hpp"
#endif
#include "desktop/shell/page.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"

#include <QPointer>

#include <map>
#include <optional>
#include <set>
#include <string>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTabWidget;

namespace mulligan::desktop
{

class RuleDetailPanel;
class RuleTrialPanel;
class TableView;

/// The rules in force: what each says, how often it matched, what the pack's checks say; rules switched off or given
/// another action, with the effect on net savings.
class RulesPage : public Page
{
    Q_OBJECT

public:
    explicit RulesPage(Session &session, QWidget *parent = nullptr);
    ~RulesPage() override;
    void activate() override;
    /// "rule:ID" selects a rule.
    void reveal(const QString &argument) override;

private:
    /// The replay that edits of the rules are measured against.
    struct Baseline {
        double net = 0.0;
        policy::Policy policy; ///< without edits of the rules
        policy::Economics economics;
    };
    QWidget *buildToolRow();
    QWidget *buildList();
    QWidget *buildTabs();
    void connectSession();
    void showPack();
    void loadHits();
    void checkPack();
    void select(const QString &id);
    void showSelected();
    void showEffect();
    void noteBaseline();
    /// Net savings before the rules were edited; none where anything else has changed since.
    [[nodiscard]] std::optional<double> netBefore() const;
    [[nodiscard]] QString selectedRule() const;

    Session &m_session;
    QLineEdit *m_search = nullptr;
    QLabel *m_pack = nullptr;
    QLabel *m_effect = nullptr;
    QPushButton *m_classify = nullptr;
    TableView *m_table = nullptr;
    RowsModel<RuleLine> *m_model = nullptr;
    QSortFilterProxyModel *m_proxy = nullptr;
    QTabWidget *m_tabs = nullptr;
    RuleDetailPanel *m_detail = nullptr;
    TableView *m_problems = nullptr;
    RowsModel<PackProblem> *m_problemModel = nullptr;
    RuleTrialPanel *m_trial = nullptr;
    std::map<std::string, store::RuleHits> m_hits;
    std::map<std::string, std::vector<classify::SampleFailure>> m_sampleFailures;
    QPointer<Job> m_hitsJob;
    QPointer<Job> m_checkJob;
    std::set<std::string> m_shownDisabled;
    std::map<std::string, model::RuleAction> m_shownActions;
    std::optional<Baseline> m_baseline;
    bool m_asked = false; ///< another page asked for a rule
    bool m_dirty = true;
};

} // namespace mulligan::desktop

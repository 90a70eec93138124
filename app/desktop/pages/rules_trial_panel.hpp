#pragma once

#include "desktop/jobs/latest_job.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_editor_trial.hpp"
#endif

#include <QTimer>
#include <QWidget>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace mulligan::desktop
{

class Session;

/// A log of one's choice (pasted, from a file, or a failure of the workspace) with what the rule that is edited matches
/// in it, what it captures, and which rule of the pack wins.
class RuleTrialPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RuleTrialPanel(Session &session, QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] QString text() const;
    /// Shows a failure of the workspace (row id of the attempt).
    void showFailure(std::int64_t attemptId);
    /// Whose failures are offered, and whether it can be given samples.
    void setRule(const std::string &id, bool editable);
    /// What was found in the text; nothing while it is looked for (`why` says so). `older`: it is of the rules before
    /// an edit, and is shown in grey until the newer one comes. `otherRule`: why it is not of the rule as it is typed;
    /// said first, and what was found is grey. Empty where it is.
    void showTrial(const std::optional<RuleTrial> &trial, const QString &why, bool older,
                   const QString &otherRule = {});
    [[nodiscard]] QString answer() const;

Q_SIGNALS:
    void textChosen(const std::string &text); ///< another text, once typing rests
    void sampleRequested(bool positive);
    void newRuleRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    enum class Source { Typed, File, OfRule, Unclassified };
    void buildSources(QVBoxLayout *layout);
    void buildButtons(QVBoxLayout *layout);
    void choose();
    void chooseFile();
    /// `shown`: the one to stay at, if it is still among them.
    void listFailures(std::optional<std::int64_t> shown = {});
    void listAgain();
    void step(int by);
    void showPosition();
    void paint();
    [[nodiscard]] QString detailsOf(const RuleTrial &trial) const;

    Session &m_session;
    QTimer m_pause;
    QComboBox *m_source = nullptr;
    QToolButton *m_previous = nullptr;
    QToolButton *m_next = nullptr;
    QLabel *m_position = nullptr;
    QPlainTextEdit *m_input = nullptr;
    QLabel *m_answer = nullptr;
    QLabel *m_details = nullptr;
    QPushButton *m_positive = nullptr;
    QPushButton *m_negative = nullptr;
    QPushButton *m_newRule = nullptr;
    LatestJob m_listJob{this};
    std::vector<std::int64_t> m_failures;
    int m_at = 0;
    std::string m_rule;
    std::string m_shown; ///< the text in bytes
    std::optional<RuleTrial> m_trial;
    QString m_why;
    QString m_otherRule;
    bool m_older = false;
    bool m_editable = false;
    bool m_filling = false;
};

} // namespace mulligan::desktop

#pragma once

#include "desktop/pages/rules_editor_form.hpp"

#ifndef Q_MOC_RUN
#include "classify/rule_tests.hpp"
#endif

#include <optional>

class QLabel;
class QListWidget;
class QPlainTextEdit;
class QPushButton;

namespace mulligan::desktop
{

/// The samples of a rule: texts it must win and texts it must not match, each with whether it does.
class RuleSamplesForm : public RuleForm
{
    Q_OBJECT

public:
    explicit RuleSamplesForm(QWidget *parent = nullptr);
    /// Whether the samples were run against the whole pack; NotRight: what is typed cannot be run yet; Running: what is
    /// known is of the rules before an edit.
    enum class Run { None, NotRight, Running, Done };
    /// What the last run found wrong.
    void setFailures(const std::vector<classify::SampleFailure> &failures, Run run);
    /// Whether a log is shown from which samples can be taken.
    void setLogShown(bool shown);

Q_SIGNALS:
    /// The log that is shown is to become a sample.
    void sampleFromLogRequested(bool positive);
    void tryRequested(const QString &sample); ///< show this sample in the log

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Place {
        bool positive = true;
        size_t index = 0;

        bool operator==(const Place &) const = default;
    };
    QWidget *buildButtons();
    void fill();
    void showChosen();
    void add(bool positive);
    void removeChosen();
    void swapChosen();
    [[nodiscard]] std::optional<Place> chosen() const;
    [[nodiscard]] const std::string *sampleAt(const Place &place) const;
    [[nodiscard]] const classify::SampleFailure *failureOf(const std::string &sample) const;

    QListWidget *m_list = nullptr;
    QPlainTextEdit *m_text = nullptr;
    QLabel *m_verdict = nullptr;
    QLabel *m_count = nullptr;
    QPushButton *m_fromLog = nullptr;
    QPushButton *m_againstLog = nullptr;
    QPushButton *m_add = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_swap = nullptr;
    QPushButton *m_try = nullptr;
    std::vector<classify::SampleFailure> m_failures;
    Run m_run = Run::None;
    bool m_filling = false;
    bool m_logShown = false;
    std::string m_shownRule;
};

} // namespace mulligan::desktop

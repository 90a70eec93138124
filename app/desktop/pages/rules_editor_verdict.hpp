#pragma once

#include "desktop/pages/rules_editor_form.hpp"

#ifndef Q_MOC_RUN
#include "model/verdict.hpp"
#endif

#include <map>

class QFormLayout;
class QLabel;
class QStringListModel;

namespace mulligan::desktop
{

/// What a rule says of a failure it wins: class, domain, action, captures, summary and advice.
class RuleVerdictForm : public RuleForm
{
    Q_OBJECT

public:
    explicit RuleVerdictForm(QWidget *parent = nullptr);
    /// Offered while the class is typed.
    void setKnownClasses(const QStringList &classes);
    /// What was typed for the exit code and is no number; to be said before the rule is shown.
    void setUnreadExitCode(const QString &typed) { m_unreadExitCode = typed; }
    /// What the rule captured in the log that is tried: fills the previews of summary and advice.
    void setCaptures(const std::map<std::string, model::Capture> &captures);

Q_SIGNALS:
    /// As it stands in the field, which may be no number.
    void exitCodeTyped(const QString &typed);

private:
    void addDecision(QFormLayout *layout);
    void addExitCode(QFormLayout *layout);
    void addCaptures(QFormLayout *layout);
    void addTemplates(QFormLayout *layout);
    void preview();

    QStringListModel *m_classes = nullptr;
    QLabel *m_summary = nullptr;
    QLabel *m_advice = nullptr;
    QString m_unreadExitCode;
    std::map<std::string, model::Capture> m_captures;
};

} // namespace mulligan::desktop

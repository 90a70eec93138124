#pragma once

#include "desktop/pages/rules_editor_form.hpp"

class QLabel;
class QPlainTextEdit;

namespace mulligan::desktop
{

/// What a rule is called, whose it is, how long it holds, and how it stands in its file.
class RuleAboutForm : public RuleForm
{
    Q_OBJECT

public:
    explicit RuleAboutForm(QWidget *parent = nullptr);
    /// The rule's own lines of its file, comments included; `place` says where they are.
    void setSource(const QString &yaml, const QString &place);

private:
    QPlainTextEdit *m_yaml = nullptr;
    QLabel *m_place = nullptr;
};

} // namespace mulligan::desktop

#pragma once

#include "desktop/pages/rules_editor_form.hpp"

class QFormLayout;
class QVBoxLayout;

namespace mulligan::desktop
{

class PatternListEdit;

/// When a rule matches: its patterns, where they look, and which failures it is for.
class RuleMatchForm : public RuleForm
{
    Q_OBJECT

public:
    explicit RuleMatchForm(QWidget *parent = nullptr);
    void focusFirstPattern();

private:
    void addPatterns(QVBoxLayout *layout, const QString &title, const QString &toolTip, const QString &name,
                     std::vector<std::string> classify::Rule::*member);
    void addPlace(QFormLayout *layout);
    void addBlock(QFormLayout *layout);
    void addScope(QFormLayout *layout);

    PatternListEdit *m_any = nullptr;
};

} // namespace mulligan::desktop

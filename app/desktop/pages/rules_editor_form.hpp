#pragma once

// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "classify/rule.hpp"
#endif

#include <QWidget>

#include <functional>
#include <string>
#include <utility>
#include <vector>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace mulligan::desktop
{

/// A part of the form a rule is edited in: fields bound to members of the rule. Showing a rule leaves fields that do
/// not differ alone, so that the cursor stays while one types.
class RuleForm : public QWidget
{
    Q_OBJECT

public:
    explicit RuleForm(QWidget *parent = nullptr);
    void setRule(const classify::Rule &rule, bool readOnly);
    [[nodiscard]] const classify::Rule &rule() const { return m_rule; }

Q_SIGNALS:
    /// The user changed something; `what` names it, as a step to be undone.
    void edited(const mulligan::classify::Rule &rule, const QString &what);

protected:
    /// What a field is called, said to do, and is in the list of steps.
    struct Label {
        QString title;
        QString toolTip;
        QString what;
    };
    using Text = std::string classify::Rule::*;

    QLineEdit *addLine(QFormLayout *layout, const Label &label, Text member);
    QPlainTextEdit *addText(QFormLayout *layout, const Label &label, Text member, int lines);
    /// A text of several lines, each an entry.
    QPlainTextEdit *addLines(QFormLayout *layout, const Label &label, int lines,
                             std::function<QStringList(const classify::Rule &)> read,
                             std::function<void(classify::Rule &, const QStringList &)> write);
    QComboBox *addChoice(QFormLayout *layout, const Label &label, const std::vector<std::pair<QString, int>> &choices,
                         std::function<int(const classify::Rule &)> read,
                         std::function<void(classify::Rule &, int)> write);
    QCheckBox *addCheck(QFormLayout *layout, const Label &label, bool classify::Rule::*member);
    QSpinBox *addNumber(QFormLayout *layout, const Label &label, int least, int most,
                        std::function<int(const classify::Rule &)> read,
                        std::function<void(classify::Rule &, int)> write);

    /// Called after fields were shown anew.
    void onShown(std::function<void()> show) { m_shows.push_back(std::move(show)); }
    void change(const QString &what, const std::function<void(classify::Rule &)> &how);
    [[nodiscard]] bool readOnly() const { return m_readOnly; }

private:
    classify::Rule m_rule;
    std::vector<std::function<void()>> m_shows;
    bool m_readOnly = false;
    bool m_showing = false;
    bool m_otherRule = true; ///< another rule is shown than before
};

/// Shows a text in a line without moving the cursor when nothing differs.
void showText(QLineEdit *line, const QString &text);
void showText(QPlainTextEdit *field, const QString &text);
/// A mouse wheel over the field scrolls the form instead of changing the value, unless the field has the focus.
void ignoreStrayWheel(QWidget *field);

} // namespace mulligan::desktop

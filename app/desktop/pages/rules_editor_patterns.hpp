#pragma once

#include <QWidget>

#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace mulligan::desktop
{

class PatternEdit;

/// How the patterns of a rule are read.
struct PatternOptions {
    bool caseless = false;
    bool multiline = false;

    bool operator==(const PatternOptions &) const = default;
};

/// One of a rule's lists of patterns: a field each, with what is wrong with it and the engines it runs on.
class PatternListEdit : public QWidget
{
    Q_OBJECT

public:
    /// `title` heads the list; `name` is one of its patterns in accessible names and steps to be undone.
    PatternListEdit(const QString &title, const QString &toolTip, const QString &name, QWidget *parent = nullptr);
    void setPatterns(const std::vector<std::string> &patterns, const PatternOptions &options, bool readOnly);
    [[nodiscard]] const std::vector<std::string> &patterns() const { return m_patterns; }
    /// Puts the cursor into a pattern.
    void focusPattern(size_t index);

Q_SIGNALS:
    /// By the user; `what` names the step.
    void edited(const std::vector<std::string> &patterns, const QString &what);

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Row {
        QWidget *box = nullptr;
        PatternEdit *field = nullptr;
        QLabel *badges = nullptr;
        QToolButton *remove = nullptr;
        QLabel *fault = nullptr;
        std::string shown; ///< what the badges and the fault speak of
        PatternOptions options;
        bool judged = false;
    };

    Row makeRow();
    void change(size_t index, const QString &pattern);
    void add();
    void removeAt(size_t index);
    void judge(Row &row, const std::string &pattern);
    [[nodiscard]] size_t indexOf(const PatternEdit *field) const;

    QString m_name;
    QVBoxLayout *m_rowsLayout = nullptr;
    QPushButton *m_add = nullptr;
    QLabel *m_empty = nullptr;
    std::vector<std::string> m_patterns;
    std::vector<Row> m_rows;
    PatternOptions m_options;
    bool m_readOnly = false;
};

/// The engines a pattern runs on as rich text: "J Py R2", one that is impossible struck out, one that needs rewriting
/// with "~"; `toolTip` gets a line for each engine.
[[nodiscard]] QString portabilityBadges(const std::string &pattern, const PatternOptions &options, QString *toolTip);

} // namespace mulligan::desktop

#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

#include <functional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace mulligan::desktop
{

class LogView;
class RulesAuditController;

/// The failure of an audit that is looked at: its text with the match, the verdict, and the answers, each with a key of
/// its own: Y, N, U, S and Backspace. N asks for the class, completed while it is typed.
class RulesAuditItem : public QWidget
{
    Q_OBJECT

public:
    /// The keys of the answers work wherever the focus is within `keysIn`.
    RulesAuditItem(RulesAuditController &audit, QWidget *keysIn, QWidget *parent);
    /// Puts the focus on the text, from where every key is an answer.
    void focusText();

    /// Rules of a class, offered as the one that should have won.
    void setRulesOfClass(std::function<QStringList(const QString &)> rules) { m_rulesOf = std::move(rules); }

Q_SIGNALS:
    void failureRequested(qint64 attempt); ///< on the Failures page
    void samplesRequested(qint64 item);    ///< of the correction that was given just now

private:
    [[nodiscard]] QWidget *buildHeading();
    [[nodiscard]] QWidget *buildClassRow();
    [[nodiscard]] QWidget *buildAnswers();
    QPushButton *addAnswer(QWidget *row, const QString &label, const QKeySequence &key, const QString &keyName,
                           const std::function<void()> &act);
    void showItem();
    void showText();
    void askClass();
    void endAsking();
    void giveClass(bool withSamples);
    bool eventFilter(QObject *watched, QEvent *event) override;

    RulesAuditController &m_audit;
    QWidget *m_keysIn = nullptr;
    std::function<QStringList(const QString &)> m_rulesOf;
    QLabel *m_place = nullptr;
    QLabel *m_verdict = nullptr;
    QLabel *m_rule = nullptr;
    QLabel *m_given = nullptr;
    LogView *m_log = nullptr;
    QWidget *m_classRow = nullptr;
    QLineEdit *m_class = nullptr;
    QComboBox *m_rightRule = nullptr;
    QPushButton *m_correct = nullptr;
    QPushButton *m_back = nullptr;
    QList<QPushButton *> m_answers;
};

} // namespace mulligan::desktop

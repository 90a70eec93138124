#pragma once

#include "base/result.hpp"

#include <QFrame>
#include <QString>

#include <optional>

class QLabel;
class QPushButton;
class QToolButton;

namespace mulligan::desktop
{

class BoundedWords;

/// A line at the top of the window that says what went wrong, where, and what to do, without stopping the work.
class MessageBar : public QFrame
{
    Q_OBJECT

public:
    explicit MessageBar(QWidget *parent = nullptr);

    void showError(const base::Error &error);
    /// A notice that is no error; `action` is the text of a button, empty: none. `actionTriggered` follows its click.
    void showNotice(const QString &sentence, const QString &action = {});
    void dismiss();
    /// Dismisses it where it shows this error: what it told of is over.
    void dismissError(const base::Error &error);

Q_SIGNALS:
    void actionTriggered();

protected:
    void changeEvent(QEvent *event) override;

private:
    void paint();
    void reveal(bool error, const QString &what, const QString &where, const QString &remedy, const QString &action);

    bool m_isError = false;
    std::optional<base::Error> m_error; ///< that is shown
    QLabel *m_icon = nullptr;
    BoundedWords *m_what = nullptr;
    BoundedWords *m_details = nullptr;
    QPushButton *m_action = nullptr;
    QToolButton *m_close = nullptr;
};

} // namespace mulligan::desktop

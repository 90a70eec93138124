#pragma once

#include "base/result.hpp"

#include <QFrame>
#include <QString>

class QLabel;
class QPushButton;
class QToolButton;

namespace mulligan::desktop
{

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

Q_SIGNALS:
    void actionTriggered();

protected:
    void changeEvent(QEvent *event) override;

private:
    void paint();
    void reveal(bool error, const QString &what, const QString &where, const QString &remedy, const QString &action);

    bool m_isError = false;
    QLabel *m_icon = nullptr;
    QLabel *m_what = nullptr;
    QLabel *m_details = nullptr;
    QPushButton *m_action = nullptr;
    QToolButton *m_close = nullptr;
};

} // namespace mulligan::desktop

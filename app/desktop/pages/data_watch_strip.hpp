#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace mulligan::desktop
{

class Session;

/// A line that says which folder is watched and when it is looked at next, with buttons; hidden while none is.
class DataWatchStrip : public QWidget
{
    Q_OBJECT

public:
    explicit DataWatchStrip(Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void changeRequested();

private:
    void refresh();

    Session &m_session;
    QLabel *m_text = nullptr;
    QPushButton *m_now = nullptr;
};

} // namespace mulligan::desktop

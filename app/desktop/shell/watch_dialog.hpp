#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace mulligan::desktop
{

class Session;

/// Which folder to watch and how often; starts and stops it.
class WatchDialog : public QDialog
{
    Q_OBJECT

public:
    explicit WatchDialog(Session &session, QWidget *parent = nullptr);

private:
    [[nodiscard]] QWidget *buildChoice();
    [[nodiscard]] QWidget *buildButtons();
    void chooseFolder();
    void check();

    Session &m_session;
    QLineEdit *m_folder = nullptr;
    QSpinBox *m_minutes = nullptr;
    QLabel *m_problem = nullptr;
    QPushButton *m_start = nullptr;
};

} // namespace mulligan::desktop

#pragma once

#include "base/remaining_time.hpp"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace mulligan::desktop
{

class Job;

/// What is running, how far it has come, and a button to cancel it. Samples the job's progress ten times a second.
class JobIndicator : public QWidget
{
    Q_OBJECT

public:
    explicit JobIndicator(QWidget *parent = nullptr);
    void follow(Job *job); ///< null: nothing runs

protected:
    void changeEvent(QEvent *event) override;

private:
    void sample();

    QPointer<Job> m_job;
    QTimer m_timer;
    QElapsedTimer m_clock;
    base::RemainingTime m_remaining;
    QLabel *m_text = nullptr;
    QProgressBar *m_bar = nullptr;
    QToolButton *m_cancel = nullptr;
};

} // namespace mulligan::desktop

#pragma once

#include "desktop/jobs/job.hpp"

#include <QPointer>
#include <QString>
#include <QWidget>

namespace mulligan::desktop
{

class Session;

/// One tab of the Data page. It reads what it shows in the background, when it is looked at and something has changed.
class DataPanel : public QWidget
{
    Q_OBJECT

public:
    DataPanel(Session &session, QWidget *parent);
    ~DataPanel() override; ///< ends what it reads

    /// What it shows may differ now; it reads anew when it is looked at.
    void invalidate();

Q_SIGNALS:
    void navigationRequested(const QString &page, const QString &argument);

protected:
    /// Starts reading; the job is followed.
    [[nodiscard]] virtual Job *startLoading() = 0;
    void showEvent(QShowEvent *event) override;
    [[nodiscard]] Session &session() const { return m_session; }

private:
    void loadIfLookedAt();

    Session &m_session;
    QPointer<Job> m_job;
    bool m_dirty = true;
};

} // namespace mulligan::desktop

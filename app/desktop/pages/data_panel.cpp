#include "desktop/pages/data_panel.hpp"

#include "desktop/session/session.hpp"

#include <QShowEvent>

namespace mulligan::desktop
{

DataPanel::DataPanel(Session &session, QWidget *parent) : QWidget(parent), m_session(session)
{
}

DataPanel::~DataPanel()
{
    delete m_job.data();
}

void DataPanel::invalidate()
{
    m_dirty = true;
    loadIfLookedAt();
}

void DataPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    loadIfLookedAt();
}

void DataPanel::loadIfLookedAt()
{
    if (!m_dirty || !isVisible() || !m_session.isOpen())
        return;
    m_dirty = false;
    delete m_job.data(); // superseded
    m_job = startLoading();
    connect(m_job, &Job::failed, &m_session, &Session::errorOccurred);
}

} // namespace mulligan::desktop

#include "desktop/jobs/job.hpp"

#include "desktop/jobs/freed_memory.hpp"

#include <QMetaObject>

#include <exception>
#include <thread>

namespace mulligan::desktop
{

struct Job::State {
    std::stop_source stop;
    base::Progress progress;
    std::thread thread;
    bool ended = false;
};

namespace
{

base::Result<Job::Deliver> guarded(const Job::Work &work, const std::stop_token &stop, base::Progress &progress)
{
    // An exception is a bug of ours; it must neither end the program nor lose its text (style.md, measured 2).
    try {
        return work(stop, progress);
    } catch (const std::exception &exception) {
        return base::makeError(base::ErrorCode::Internal, std::string("Unexpected failure: ") + exception.what(),
                               "Please report this with what you did before it.");
    } catch (...) {
        return base::makeError(base::ErrorCode::Internal, "Unexpected failure of an unknown kind",
                               "Please report this with what you did before it.");
    }
}

} // namespace

Job::Job(QString title, QObject *parent)
    : QObject(parent), m_title(std::move(title)), m_state(std::make_unique<State>())
{
}

Job::~Job()
{
    m_state->stop.request_stop();
    if (m_state->thread.joinable())
        m_state->thread.join();
}

void Job::start(Work work)
{
    Q_ASSERT(!m_state->thread.joinable());
    m_state->thread = std::thread([this, work = std::move(work)] {
        auto result =
            std::make_shared<base::Result<Deliver>>(guarded(work, m_state->stop.get_token(), m_state->progress));
        // The destructor joins this thread, so `this` is alive here; a queued call dies with the object.
        QMetaObject::invokeMethod(
            this,
            [this, result] {
                if (std::exchange(m_state->ended, true))
                    return;
                m_state->thread.join();
                deleteLater();
                returnFreedMemory();
                if (!result->has_value()) {
                    if (result->error().code == base::ErrorCode::Cancelled)
                        Q_EMIT cancelled();
                    else
                        Q_EMIT failed(result->error());
                    return;
                }
                if (result->value())
                    result->value()();
                Q_EMIT finished();
            },
            Qt::QueuedConnection);
    });
}

void Job::cancel()
{
    m_state->stop.request_stop();
}

base::Progress::Sample Job::progress() const
{
    return m_state->progress.sample();
}

} // namespace mulligan::desktop

#pragma once

#include "desktop/jobs/job.hpp"

#include <QObject>
#include <QPointer>

#include <functional>
#include <utility>

namespace mulligan::desktop
{

/// Long work that is asked for again and again while it runs: one at a time, the newest request wins, and no request
/// waits for the one before it. What a superseded request answers is dropped.
class LatestJob
{
public:
    /// `parent` is the parent of the jobs and must outlive this.
    explicit LatestJob(QObject *parent) : m_parent(parent) {}
    ~LatestJob() { delete m_job.data(); }
    LatestJob(const LatestJob &) = delete;
    LatestJob &operator=(const LatestJob &) = delete;

    [[nodiscard]] bool running() const { return m_job != nullptr; }
    /// The job that runs, for its progress; null when none does.
    [[nodiscard]] Job *job() const { return m_job; }

    /// `onDone` or `onFailed` is called in this thread, unless a newer request came or it was cancelled.
    template <typename T>
    void request(const QString &title, std::function<base::Result<T>(std::stop_token, base::Progress &)> work,
                 std::function<void(T)> onDone, std::function<void(const base::Error &)> onFailed)
    {
        begin([this, title, work = std::move(work), onDone = std::move(onDone), onFailed = std::move(onFailed)] {
            auto *job = startJob<T>(m_parent, title, work, [this, onDone](T value) {
                if (current())
                    onDone(std::move(value));
            });
            QObject::connect(job, &Job::failed, m_parent, [this, onFailed](const base::Error &error) {
                if (current())
                    onFailed(error);
            });
            return job;
        });
    }
    /// Asks what runs to stop, and forgets what waits; nothing more is answered.
    void cancel()
    {
        m_next = nullptr;
        m_dropped = m_job != nullptr;
        if (m_job)
            m_job->cancel();
    }

private:
    [[nodiscard]] bool current() const { return !m_next && !m_dropped; }
    void begin(std::function<Job *()> start)
    {
        if (m_job) {
            m_next = std::move(start);
            m_job->cancel();
            return;
        }
        m_dropped = false;
        m_job = start();
        const auto ended = [this] {
            m_job = nullptr;
            if (auto next = std::exchange(m_next, nullptr))
                begin(std::move(next));
        };
        for (const auto signal : {&Job::finished, &Job::cancelled})
            QObject::connect(m_job, signal, m_parent, ended);
        QObject::connect(m_job, &Job::failed, m_parent, ended);
    }

    QObject *m_parent;
    QPointer<Job> m_job;
    std::function<Job *()> m_next;
    bool m_dropped = false;
};

} // namespace mulligan::desktop

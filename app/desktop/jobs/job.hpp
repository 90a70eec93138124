#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace mulligan::desktop
{

/// Long work on a thread of its own: the one bridge between core's stop token and progress and the window. Lives in the
/// thread that made it and deletes itself after exactly one of finished, failed and cancelled.
class Job : public QObject
{
    Q_OBJECT

public:
    /// The work runs on another thread and returns what to do with its result on this one.
    using Deliver = std::function<void()>;
    using Work = std::function<base::Result<Deliver>(std::stop_token, base::Progress &)>;

    Job(QString title, QObject *parent);
    ~Job() override; ///< asks the work to stop and waits for it
    void start(Work work);
    void cancel();

    [[nodiscard]] const QString &title() const { return m_title; }
    [[nodiscard]] base::Progress::Sample progress() const;

Q_SIGNALS:
    void finished();
    void failed(const base::Error &error);
    void cancelled();

private:
    struct State;
    QString m_title;
    std::unique_ptr<State> m_state;
};

/// Starts `work` on a thread; `onDone` is called with its value in this thread, unless `parent` is gone by then.
template <typename T>
Job *startJob(QObject *parent, const QString &title,
              std::function<base::Result<T>(std::stop_token, base::Progress &)> work, std::function<void(T)> onDone)
{
    auto *job = new Job(title, parent);
    job->start([work = std::move(work), onDone = std::move(onDone)](
                   std::stop_token stop, base::Progress &progress) -> base::Result<Job::Deliver> {
        auto result = work(stop, progress);
        if (!result)
            return std::move(result).error();
        auto value = std::make_shared<T>(std::move(result).value());
        return Job::Deliver([value, onDone] { onDone(std::move(*value)); });
    });
    return job;
}

} // namespace mulligan::desktop

#include "pipeline/subject_matching.hpp"

#include <algorithm>
#include <optional>
#include <thread>

namespace mulligan::pipeline
{

namespace
{

/// Subjects that a worker takes at a time: some milliseconds of work.
constexpr std::size_t kChunk = 256;

base::Error cancelled()
{
    return base::makeError(base::ErrorCode::Cancelled, "Matching was cancelled", "The verdicts of before are kept.");
}

classify::Subject subjectOf(const SubjectTask &task, const std::string &text, const std::string &cause)
{
    classify::Subject subject;
    subject.text = text;
    subject.rootCause = cause;
    if (task.job != nullptr)
        subject.job = *task.job;
    subject.config = task.config;
    return subject;
}

} // namespace

std::size_t matchingThreads()
{
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
}

base::Result<std::unique_ptr<SubjectMatching::Context>> SubjectMatching::take()
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            auto context = std::move(m_idle.back());
            m_idle.pop_back();
            return context;
        }
    }
    MULLIGAN_TRY(auto reader, store::TextReader::open(m_path));
    return std::make_unique<Context>(Context{std::move(reader), m_update->makeScratch()});
}

base::Result<void> SubjectMatching::runSome(std::span<const SubjectTask> tasks, std::span<model::Verdict> verdicts,
                                            const Work &work, const std::stop_token &stop)
{
    MULLIGAN_TRY(auto context, take());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (stop.stop_requested())
            return cancelled();
        MULLIGAN_TRY(verdicts[i], work(tasks[i], *context));
    }
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(std::move(context));
    return {};
}

base::Result<std::vector<model::Verdict>> SubjectMatching::run(std::span<const SubjectTask> tasks, const Work &work,
                                                               const std::stop_token &stop)
{
    std::vector<model::Verdict> verdicts(tasks.size());
    std::optional<base::Error> failed;
    m_workers->run((tasks.size() + kChunk - 1) / kChunk, [&](std::size_t chunk) {
        const std::size_t from = chunk * kChunk;
        const std::size_t count = std::min(kChunk, tasks.size() - from);
        auto done = runSome(tasks.subspan(from, count), std::span(verdicts).subspan(from, count), work, stop);
        if (done)
            return;
        const std::lock_guard lock(m_mutex);
        if (!failed)
            failed = std::move(done).error();
    });
    if (failed)
        return std::move(*failed);
    return verdicts;
}

base::Result<std::vector<model::Verdict>> SubjectMatching::hits(std::span<const SubjectTask> tasks,
                                                                const std::stop_token &stop)
{
    return run(
        tasks,
        [this](const SubjectTask &task, Context &context) -> base::Result<model::Verdict> {
            std::string cause;
            if (m_update->looksAtCauses()) {
                MULLIGAN_TRY(cause, context.reader.cause(task.subject.causeId));
            }
            if (m_update->looksAtCauses() && !m_update->mayHit(cause, context.scratch))
                return model::Verdict();
            MULLIGAN_TRY(const std::string text, context.reader.text(task.subject.textId));
            if (text.empty() && cause.empty()) {
                MULLIGAN_TRY(cause, context.reader.cause(task.subject.causeId));
            }
            return m_update->hits(subjectOf(task, text, cause), context.scratch);
        },
        stop);
}

base::Result<std::vector<model::Verdict>> SubjectMatching::classify(std::span<const SubjectTask> tasks,
                                                                    const std::stop_token &stop)
{
    return run(
        tasks,
        [this](const SubjectTask &task, Context &context) -> base::Result<model::Verdict> {
            MULLIGAN_TRY(const std::string cause, context.reader.cause(task.subject.causeId));
            MULLIGAN_TRY(const std::string text, context.reader.text(task.subject.textId));
            return m_update->now().classify(subjectOf(task, text, cause), context.scratch);
        },
        stop);
}

} // namespace mulligan::pipeline

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

/// Whether rules match what they are known to match.
bool areTheSame(const std::vector<model::RuleMatch> &hits, std::span<const store::KnownMatch> known,
                const std::vector<std::string_view> &rules)
{
    const auto isKnown = [&](const model::RuleMatch &hit) {
        return std::any_of(known.begin(), known.end(), [&](const store::KnownMatch &match) {
            return rules[match.rule] == hit.rule && match.pattern == hit.pattern && match.line == hit.line
                   && match.begin == hit.begin && match.end == hit.end && match.evidence == hit.evidence;
        });
    };
    return hits.size() == known.size() && std::all_of(hits.begin(), hits.end(), isKnown);
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
    MULLIGAN_TRY(auto verdicts, store::VerdictReader::prepare(reader.connection()));
    return std::make_unique<Context>(Context{std::move(reader), std::move(verdicts), m_update->makeScratch()});
}

base::Result<void> SubjectMatching::runSome(std::size_t from, std::size_t to, const Work &work,
                                            const std::stop_token &stop)
{
    if (stop.stop_requested()) // chunks that were not begun need no connection
        return cancelled();
    MULLIGAN_TRY(auto context, take());
    MULLIGAN_CHECK(context->reader.hold());
    for (std::size_t i = from; i < to; ++i) {
        if (stop.stop_requested())
            return cancelled(); // and the context goes, with what it holds
        MULLIGAN_CHECK(work(i, *context));
    }
    MULLIGAN_CHECK(context->reader.release());
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(std::move(context));
    return {};
}

base::Result<void> SubjectMatching::run(std::size_t count, const Work &work, const std::stop_token &stop)
{
    std::optional<base::Error> failed;
    m_workers->run((count + kChunk - 1) / kChunk, [&](std::size_t chunk) {
        auto done = runSome(chunk * kChunk, std::min(count, (chunk + 1) * kChunk), work, stop);
        if (done)
            return;
        const std::lock_guard lock(m_mutex);
        if (!failed)
            failed = std::move(done).error();
    });
    if (failed)
        return std::move(*failed);
    return {};
}

base::Result<model::Verdict> SubjectMatching::hitsOf(const SubjectTask &task, Context &context) const
{
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
}

base::Result<std::vector<model::Verdict>> SubjectMatching::hits(std::span<const SubjectTask> tasks,
                                                                const std::stop_token &stop)
{
    std::vector<model::Verdict> verdicts(tasks.size());
    const auto work = [&](std::size_t i, Context &context) -> base::Result<void> {
        MULLIGAN_TRY(verdicts[i], hitsOf(tasks[i], context));
        return {};
    };
    MULLIGAN_CHECK(run(tasks.size(), work, stop));
    return verdicts;
}

base::Result<std::vector<Settlement>> SubjectMatching::settle(std::span<const StoredVerdict> verdicts,
                                                              const std::vector<std::string_view> &rules,
                                                              const std::stop_token &stop)
{
    std::vector<Settlement> settled(verdicts.size());
    const auto work = [&](std::size_t i, Context &context) -> base::Result<void> {
        const StoredVerdict &verdict = verdicts[i];
        const bool kept = std::any_of(verdict.known.begin(), verdict.known.end(), [this](const auto &match) {
            return m_update->keeps(match.pattern, match.evidence);
        });
        if (kept && !verdict.suspect)
            return {};
        if (kept) {
            MULLIGAN_TRY(settled[i].stored, context.verdicts.verdict(verdict.id));
            settled[i].answer = m_update->resolveKept(settled[i].stored);
            return {};
        }
        model::Verdict hits;
        if (m_update->needsTexts()) {
            MULLIGAN_TRY(hits, hitsOf(verdict.task, context));
        }
        if (!verdict.suspect && hits.undetermined.empty() && areTheSame(hits.matches, verdict.known, rules))
            return {};
        MULLIGAN_TRY(settled[i].stored, context.verdicts.verdict(verdict.id));
        settled[i].answer = m_update->resolve(settled[i].stored, hits);
        return {};
    };
    MULLIGAN_CHECK(run(verdicts.size(), work, stop));
    return settled;
}

base::Result<std::vector<model::Verdict>> SubjectMatching::classify(std::span<const SubjectTask> tasks,
                                                                    const std::stop_token &stop)
{
    std::vector<model::Verdict> verdicts(tasks.size());
    const auto work = [&](std::size_t i, Context &context) -> base::Result<void> {
        MULLIGAN_TRY(const std::string cause, context.reader.cause(tasks[i].subject.causeId));
        MULLIGAN_TRY(const std::string text, context.reader.text(tasks[i].subject.textId));
        verdicts[i] = m_update->now().classify(subjectOf(tasks[i], text, cause), context.scratch);
        return {};
    };
    MULLIGAN_CHECK(run(tasks.size(), work, stop));
    return verdicts;
}

} // namespace mulligan::pipeline

#include "ingest/log_judgement.hpp"

#include "ingest/log_line.hpp"
#include "ingest/log_words.hpp"
#include "text/root_cause.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest
{

using model::Outcome;
using namespace words;

namespace
{

constexpr std::array<std::string_view, 7> kWrappers{
    "ExecutorLostFailure",      "FetchFailed",   "exited with status",   "finished with failed status",
    "Command exited with code", "Exit status: ", "exited with  exitCode"};

/// The last sign of life of the driver's jobs is a failure.
bool failedLast(const LogFacts &facts)
{
    return std::max(facts.uncaughtAt, facts.jobFailedAt) > facts.activityAt;
}

bool endedByHook(const LogFacts &facts)
{
    return has(facts.endReason, "Shutdown hook called before final status");
}

bool killedFromOutside(const LogFacts &facts)
{
    if (facts.pod != LogEnd::Succeeded && facts.kill.weight >= KillWeight::Signal && facts.end == LogEnd::Unsaid)
        return true;
    if (facts.limitAt != 0 && facts.stoppedAt == 0)
        return true;
    const bool endedBySignal = facts.ranWith == 137 || facts.ranWith == 143;
    if (endedBySignal && facts.stoppedAt == 0 && facts.end == LogEnd::Unsaid)
        return true;
    if (facts.signalAt == 0)
        return false;
    // Told to end: before it had ended by itself, or failed for a reason of its own.
    const bool ended = facts.stoppedAt != 0 && facts.stoppedAt < facts.signalAt;
    const bool said = facts.end != LogEnd::Unsaid && facts.endAt < facts.signalAt;
    const bool failed = facts.uncaughtAt != 0 && facts.uncaughtAt < facts.signalAt && failedLast(facts);
    return !ended && !said && !failed && (facts.end == LogEnd::Unsaid || endedByHook(facts));
}

/// From `begin` to the next record of the log: an exception with the stack below it.
std::string_view traceAt(std::string_view text, std::size_t begin)
{
    std::size_t end = std::min(text.find('\n', begin), text.size());
    while (end < text.size()) {
        const std::size_t next = std::min(text.find('\n', end + 1), text.size());
        if (scanLogLine(text.substr(end + 1, next - end - 1)).record)
            break;
        end = next;
    }
    return text.substr(begin, end - begin);
}

/// The trace that the log prints of an exception, the last one with a deeper cause, else the last one; empty where
/// there is none but in the final status itself.
std::string_view traceOf(std::string_view text, std::string_view exception)
{
    constexpr int kMostTraces = 20;
    std::string_view last;
    std::size_t at = text.size();
    for (int i = 0; i < kMostTraces && at > 0; ++i) {
        at = text.rfind(exception, at - 1);
        if (at == std::string_view::npos)
            break;
        const std::size_t newline = text.rfind('\n', at);
        const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
        if (has(text.substr(line, at - line), "(reason: "))
            continue;
        const std::string_view trace = traceAt(text, at);
        if (has(trace, "\nCaused by: "))
            return trace;
        last = last.empty() ? trace : last;
    }
    return last;
}

/// The cause that a final status leads to. It often names no more than the outermost exception, whose trace with its
/// deepest cause stands above; empty where only a wrapper is named, or the text as a whole tells more.
std::string causeByReason(const LogFacts &facts, std::string_view text)
{
    const std::string_view reason = withoutClosing(facts.endReason);
    const auto said = text::findRootCause(reason);
    if (isBareCause(said))
        return {};
    if (has(reason, "Caused by: "))
        return said.text;
    const std::string_view trace = traceOf(text, std::string_view(said.text).substr(0, said.text.find('\n')));
    if (trace.empty()) {
        const bool nameOnly = said.text == said.exceptionClass && !isBareCause(text::findRootCause(text));
        return nameOnly ? std::string() : said.text;
    }
    const auto deepest = text::findRootCause(trace);
    return isBareCause(deepest) ? std::string() : deepest.text;
}

/// The file's name without what follows its first dot but a leading one. A container's tells nothing of the job.
std::string jobOfPath(std::string_view path, bool mapReduce)
{
    const std::string_view name = path.substr(path.find_last_of('/') + 1);
    const std::string_view stem = name.substr(0, name.find('.', 1));
    if (stem.empty() || stem == "-" || stem == "syslog" || containerAt(stem))
        return mapReduce ? "mapreduce" : "spark";
    return std::string(stem);
}

/// A log that does not name its application is told by its job, its start and the mark that its driver leaves early, so
/// that the same log is the same run in another folder or archive and however far it has gone, and a log that was
/// written anew another. Where it names no job either, its first lines may be those of any, and the path is part of the
/// name. Without its begin, as when older parts were rolled away, what it starts with means nothing.
std::string runOf(const LogFacts &facts, std::string_view path)
{
    if (!facts.application.id.empty())
        return facts.application.id;
    if (!facts.begun && !facts.started)
        return std::string(path);
    const std::string start = base::formatInstant(facts.first.value_or(base::Instant()));
    if (facts.name.empty())
        return std::string(path) + ' ' + start;
    return facts.mark.empty() ? start : start + ' ' + facts.mark;
}

void setMetric(model::Metrics &metrics, std::string_view name, double value)
{
    if (value > 0)
        metrics[std::string(name)] = value;
}

} // namespace

bool isBareCause(const text::RootCause &cause)
{
    return cause.exceptionClass.empty()
           || std::any_of(kWrappers.begin(), kWrappers.end(),
                          [&](std::string_view wrapper) { return has(cause.text, wrapper); });
}

Outcome outcomeOf(const LogFacts &facts)
{
    const bool elsewhere = facts.launcher && facts.end == LogEnd::Unsaid;
    if ((facts.executor && !facts.driver) || elsewhere)
        return Outcome::Unknown;
    if (facts.end == LogEnd::Killed || killedFromOutside(facts))
        return Outcome::Killed;
    if (facts.end == LogEnd::Failed)
        return Outcome::Failed;
    // The master of a driver that runs elsewhere reports success whenever that driver goes away.
    if (facts.end == LogEnd::Succeeded && !facts.launcher)
        return Outcome::Succeeded;
    if (facts.pod == LogEnd::Failed || (facts.exitCode && *facts.exitCode != 0)
        || (facts.stopCode && *facts.stopCode != 0) || facts.ranWith.value_or(0) != 0 || failedLast(facts))
        return Outcome::Failed;
    if (facts.exitAfterError && facts.pod != LogEnd::Succeeded && !facts.exitCode)
        return Outcome::Unknown;
    if (facts.pod == LogEnd::Succeeded || facts.stoppedAt != 0 || (facts.exitCode && !facts.launcher))
        return Outcome::Succeeded;
    return Outcome::Unknown;
}

bool breaksOff(const LogFacts &facts)
{
    return facts.driver && !facts.launcher && outcomeOf(facts) == Outcome::Unknown;
}

std::string rootCauseOf(const LogFacts &facts, std::string_view text)
{
    if (facts.kill.weight == KillWeight::Memory)
        return facts.kill.text;
    if (!endedByHook(facts)) {
        if (std::string said = causeByReason(facts, text); !said.empty())
            return said;
    }
    const text::RootCause own = text::findRootCause(text);
    if (!isBareCause(own))
        return {};
    if (facts.kill.weight >= KillWeight::Signal)
        return facts.kill.text;
    const bool quoted = has(own.text, "Reason: "); // what was lost with the executor says why
    if (facts.executorKill.weight == KillWeight::Memory || (facts.executorKill.weight == KillWeight::Signal && !quoted))
        return facts.executorKill.text;
    return {};
}

model::Attempt attemptOf(LogFacts facts, std::string text, std::string_view path)
{
    model::Attempt attempt;
    attempt.outcome = outcomeOf(facts);
    attempt.job = facts.name.empty() ? jobOfPath(path, facts.mapReduce) : facts.name;
    attempt.applicationId = facts.application.id;
    attempt.run = runOf(facts, path);
    attempt.attempt = std::max(1, facts.application.attempt);
    attempt.owner = facts.user;
    attempt.queue = facts.queue;
    if (facts.queue.empty()) {
        if (const auto queue = facts.config.find("spark.yarn.queue"); queue != facts.config.end())
            attempt.queue = queue->second;
    }
    attempt.config = std::move(facts.config);
    attempt.startedAt = facts.first.value_or(base::Instant());
    attempt.endedAt = std::max(attempt.startedAt, facts.last.value_or(attempt.startedAt));
    attempt.exitCode = facts.exitCode  ? facts.exitCode
                       : facts.ranWith ? facts.ranWith
                       : facts.stopCode && (*facts.stopCode != 0 || attempt.outcome == Outcome::Succeeded)
                           ? facts.stopCode
                       : attempt.outcome == Outcome::Succeeded ? std::nullopt
                                                               : facts.kill.exitCode;
    const bool bad = attempt.outcome == Outcome::Failed || attempt.outcome == Outcome::Killed;
    if (bad)
        attempt.rootCause = rootCauseOf(facts, text);
    if (attempt.outcome != Outcome::Succeeded)
        attempt.errorText = std::move(text);
    setMetric(attempt.metrics, model::metric::kLostExecutors, static_cast<double>(facts.lostExecutors));
    setMetric(attempt.metrics, model::metric::kFailedTasks, static_cast<double>(facts.failedTasks));
    setMetric(attempt.metrics, model::metric::kFailedJobs, static_cast<double>(facts.failedJobs));
    setMetric(attempt.metrics, model::metric::kPeakRssBytes, facts.executorKill.usedBytes);
    return attempt;
}

} // namespace mulligan::ingest

#include "text/task_attempts.hpp"

#include "text/lines.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace mulligan::text
{

namespace
{

/// The id at the begin of a text, as far as an id goes.
std::string_view idIn(std::string_view text)
{
    return text.substr(0, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"));
}

/// An id without its last part: of an attempt its task, of a task with 'm' or 'r' taken off too its job.
std::string_view withoutLastPart(std::string_view id)
{
    const std::size_t last = id.rfind('_');
    return last == std::string_view::npos ? std::string_view() : id.substr(0, last);
}

} // namespace

std::string_view failedTaskOf(std::string_view line)
{
    constexpr std::string_view kAttempt = "attempt_";
    const std::size_t at = line.find(kAttempt);
    if (at == std::string_view::npos)
        return {};
    const std::string_view attempt = idIn(line.substr(at + kAttempt.size()));
    const std::string_view before = line.substr(0, at);
    const std::string_view after = line.substr(at + kAttempt.size() + attempt.size());
    const bool failed = (before.ends_with("Task Id : ") && after.starts_with(", Status : FAILED"))
                        || (before.ends_with(" Task: ") && after.starts_with(" - exited : "))
                        || before.ends_with("Diagnostics report from ");
    return failed ? withoutLastPart(attempt) : std::string_view();
}

bool isMadeUpFor(std::string_view task, std::string_view behind)
{
    if (behind.find("Task succeeded with attempt attempt_" + std::string(task) + "_") != std::string_view::npos)
        return true;
    const std::string_view job = withoutLastPart(withoutLastPart(task));
    // The client's words, and the master's.
    for (const std::string &ended :
         {"Job job_" + std::string(job) + " failed with state FAILED due to: Task failed task_",
          "Setting job diagnostics to Task failed task_" + std::string(job) + "_"}) {
        const std::size_t at = behind.find(ended);
        if (at == std::string::npos)
            continue;
        const std::size_t id = behind.rfind("task_", at + ended.size() - 1) + 5;
        const std::string_view other = idIn(behind.substr(id));
        return !other.empty() && other != task;
    }
    return false;
}

std::optional<Span> jobsSuccess(std::string_view text)
{
    constexpr std::string_view kSucceeded = "Job Transitioned from COMMITTING to SUCCEEDED";
    constexpr std::string_view kTransition = "Job Transitioned from ";
    const void *found = memmem(text.data(), text.size(), kSucceeded.data(), kSucceeded.size()); // skips most bytes
    if (found == nullptr)
        return std::nullopt;
    const std::size_t at = static_cast<std::size_t>(static_cast<const char *>(found) - text.data());
    const std::size_t begin = lineBegin(text, at);
    const std::size_t id = text.substr(begin, at - begin).rfind("job_");
    if (id == std::string_view::npos)
        return std::nullopt;
    const std::string job(text.substr(begin + id + 4, at - begin - id - 4));
    for (std::size_t next = text.find(kTransition); next != std::string_view::npos;
         next = text.find(kTransition, next + 1)) {
        const std::string_view change = text.substr(next, text.find('\n', next) - next);
        for (const std::string_view state : {" to FAILED", " to KILLED", " to ERROR"})
            if (change.find(state) != std::string_view::npos)
                return std::nullopt;
    }
    for (std::size_t next = text.find("attempt_", at); next != std::string_view::npos;
         next = text.find("attempt_", next + 1)) // of another job's, this is not the end
        if (!text.substr(next + 8).starts_with(job + '_'))
            return std::nullopt;
    return Span{begin, std::min(text.find_first_of("\r\n", at), text.size())};
}

} // namespace mulligan::text

#include "text/task_attempts.hpp"

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
                        || before.ends_with("Diagnostics report from ");
    return failed ? withoutLastPart(attempt) : std::string_view();
}

bool isMadeUpFor(std::string_view task, std::string_view behind)
{
    if (behind.find("Task succeeded with attempt attempt_" + std::string(task) + "_") != std::string_view::npos)
        return true;
    const std::string_view job = withoutLastPart(withoutLastPart(task));
    const std::string ended = "Job job_" + std::string(job) + " failed with state FAILED due to: Task failed task_";
    const std::size_t at = behind.find(ended);
    const std::string_view other = at == std::string_view::npos ? task : idIn(behind.substr(at + ended.size()));
    return !other.empty() && other != task;
}

} // namespace mulligan::text

#include "text/task_attempts.hpp"

#include <algorithm>
#include <cstring>
#include <map>
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

/// A state that a job comes to, as its master says.
struct JobsChange {
    std::string_view job; ///< empty: the line says no such thing
    std::string_view state;
};

JobsChange jobsChangeIn(std::string_view line)
{
    constexpr std::size_t kLooked = 400; // head and id are short
    constexpr std::string_view kSpeaker = "JobImpl: job_";
    constexpr std::string_view kChange = "Job Transitioned from ";
    const std::size_t speaker = line.substr(0, kLooked).find(kSpeaker);
    if (speaker == std::string_view::npos)
        return {};
    const std::string_view said = line.substr(speaker + kSpeaker.size(), kLooked);
    const std::size_t change = said.find(kChange);
    const std::size_t to = said.find(" to ", std::min(change, said.size()));
    if (change == std::string_view::npos || to == std::string_view::npos)
        return {};
    const std::string_view state = said.substr(to + 4);
    return {said.substr(0, change), state.substr(0, state.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"))};
}

bool goesWrong(std::string_view state)
{
    return state.starts_with("FAIL") || state.starts_with("KILL") || state == "ERROR" || state == "REBOOT";
}

/// The job of the attempt that a line names first; empty where it names none.
std::string_view jobOfAttempt(std::string_view line)
{
    constexpr std::string_view kAttempt = "attempt_";
    const std::size_t at = line.find(kAttempt);
    if (at == std::string_view::npos || (at > 0 && line[at - 1] == 'p')) // "appattempt_…" is of the application
        return {};
    const std::string_view id = idIn(line.substr(at + kAttempt.size())); // names of its files go on
    const std::size_t number = id.find('_');
    return number == std::string_view::npos ? std::string_view() : id.substr(0, id.find('_', number + 1));
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
    if (memmem(text.data(), text.size(), kSucceeded.data(), kSucceeded.size()) == nullptr) // skips most bytes
        return std::nullopt;
    std::map<std::string_view, bool> succeeded; // by job
    std::optional<Span> last;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
        if (const JobsChange change = jobsChangeIn(line); !change.job.empty()) {
            if (goesWrong(change.state))
                return std::nullopt;
            succeeded[change.job] = change.state == "SUCCEEDED";
            if (change.state == "SUCCEEDED")
                last = Span{at, at + line.size() - (line.ends_with('\r') ? 1 : 0)};
        } else if (const std::string_view job = jobOfAttempt(line); last && !job.empty() && !succeeded.contains(job)) {
            return std::nullopt;
        }
        at += line.size() + 1;
    }
    const bool all = std::ranges::all_of(succeeded, [](const auto &job) { return job.second; });
    return all ? last : std::nullopt;
}

} // namespace mulligan::text

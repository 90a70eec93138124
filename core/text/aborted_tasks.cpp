#include "text/aborted_tasks.hpp"

#include "text/exception_name.hpp"
#include "text/lines.hpp"
#include "text/log_line.hpp"

#include <algorithm>
#include <cstring>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kHeadBytes = 400; ///< of a line, before the reason
constexpr std::string_view kLost = "Lost task ";
constexpr std::string_view kAborted = "aborted due to stage failure: ";
constexpr std::string_view kTask = "Task ";

std::string_view digitsAt(std::string_view text, std::string_view digits = "0123456789")
{
    return text.substr(0, text.find_first_not_of(digits));
}

/// A task of a stage as Spark names it, and what stands behind.
struct Named {
    std::string_view task; ///< empty: none is named
    std::string_view stage;
    std::string_view behind;
};

/// "3 in stage 412.0 …" of a task, "3.0 in stage 412.0 …" of its attempt.
Named namedAt(std::string_view text)
{
    constexpr std::string_view kStage = " in stage ";
    const std::string_view task = digitsAt(text);
    text.remove_prefix(digitsAt(text, "0123456789.").size());
    if (task.empty() || !text.starts_with(kStage))
        return {};
    text.remove_prefix(kStage.size());
    const std::string_view stage = digitsAt(text, "0123456789.");
    return {stage.empty() ? std::string_view() : task, stage, text.substr(stage.size())};
}

/// Of "Lost task 3.0 in stage 412.0 …".
Named lostIn(std::string_view line)
{
    const std::size_t lost = line.substr(0, kHeadBytes).find(kLost);
    return lost == std::string_view::npos ? Named() : namedAt(line.substr(lost + kLost.size()));
}

/// The class at the begin of a reason.
std::string_view classAt(std::string_view reason)
{
    const auto *const end =
        std::find_if_not(reason.begin(), reason.end(), [](char byte) { return isWordByte(byte) || byte == '.'; });
    return reason.substr(0, end - reason.begin());
}

/// A stage without its attempt.
std::string_view stageAlone(std::string_view stage)
{
    return stage.substr(0, stage.find('.'));
}

/// Whether a reason names an exception that is the cause of something: others are lost of what happened elsewhere.
bool tellsOfACause(std::string_view reason)
{
    const std::string_view name = classAt(reason);
    const std::string_view line = reason.substr(0, std::min(reason.find('\n'), kHeadBytes));
    return name.find('.') != std::string_view::npos && name.find("FetchFailed") == std::string_view::npos
           && (exceptionAt(line, 0) || line.substr(name.size()).starts_with(": ")) && !isAftermath(line);
}

/// Calls `take` with the place of each of some bytes in a text.
template <typename Take> void forEach(std::string_view bytes, std::string_view text, Take take)
{
    for (std::size_t at = 0; at < text.size(); at += bytes.size()) {
        const void *found = memmem(text.data() + at, text.size() - at, bytes.data(), bytes.size());
        if (found == nullptr)
            return;
        at = static_cast<std::size_t>(static_cast<const char *>(found) - text.data());
        take(at);
    }
}

} // namespace

AbortedTasks::AbortedTasks(std::string_view text)
{
    forEach("abort", text, [&](std::size_t at) { noteAborted(text, at); });
    if (m_tasks.empty()) // as of most texts
        return;
    constexpr std::size_t kBefore = 2 * kHeadBytes; // with what the exception says
    forEach("[duplicate ", text, [&](std::size_t at) {
        const std::string_view before = text.substr(at - std::min(at, kBefore), std::min(at, kBefore));
        noteRepeated(before.substr(lineBegin(before, before.size())));
    });
    forEach(kLost, text, [&](std::size_t at) { noteTold(text.substr(at + kLost.size()), ": "); });
    constexpr std::string_view kThrown = "Exception in task "; // of an executor, with a trace below
    forEach(kThrown, text, [&](std::size_t at) { noteTold(text.substr(at + kThrown.size()), "\n"); });
    if (m_told.size() < m_tasks.size()) // the others may as well have been lost of this
        return;
    for (const auto &[task, aborted] : m_tasks)
        m_outlived = std::max(m_outlived, aborted);
}

/// "Task 3 in stage 412.0 failed 4 times; aborting job", or "Job aborted due to stage failure: Task 3 in stage 412.0
/// failed 4 times, most recent failure: …", in which "abort" stands at a place.
void AbortedTasks::noteAborted(std::string_view text, std::size_t at)
{
    constexpr std::size_t kBefore = 80;
    std::string_view said = text.substr(at);
    if (said.starts_with(kAborted)) {
        said.remove_prefix(kAborted.size());
    } else if (said.starts_with("aborting job")) {
        said = text.substr(at - std::min(at, kBefore), std::min(at, kBefore));
        said.remove_prefix(std::min(said.rfind(kTask), said.size()));
    }
    if (!said.starts_with(kTask))
        return;
    const Named named = namedAt(said.substr(kTask.size(), kHeadBytes));
    if (!named.task.empty() && named.behind.starts_with(" failed "))
        m_tasks[{named.stage, named.task}] = at;
}

/// "3.0 in stage 412.0 (TID 9155) (host executor 12): a.B: …".
void AbortedTasks::noteTold(std::string_view said, std::string_view beforeReason)
{
    const Named lost = namedAt(said.substr(0, kHeadBytes));
    if (lost.task.empty() || !m_tasks.contains({lost.stage, lost.task}))
        return;
    const std::size_t before = lost.behind.find(beforeReason);
    if (before == std::string_view::npos || before > lost.behind.find('\n'))
        return;
    const std::size_t head = static_cast<std::size_t>(lost.behind.data() - said.data());
    const std::string_view reason = said.substr(head + before + beforeReason.size(), kHeadBytes);
    if (!tellsOfACause(reason))
        return;
    m_told.emplace(lost.stage, lost.task);
    m_causes.emplace(stageAlone(lost.stage), classAt(reason));
}

void AbortedTasks::noteRepeated(std::string_view line)
{
    const Named lost = lostIn(line);
    if (lost.task.empty() || !m_tasks.contains({lost.stage, lost.task}))
        return;
    const std::size_t reason = lost.behind.find(": ");
    if (reason != std::string_view::npos)
        m_repeated.emplace(lost.stage, classAt(lost.behind.substr(reason + 2)));
}

bool AbortedTasks::areLostIn(std::string_view line) const
{
    constexpr std::string_view kAttempt = " (TID ";
    if (m_tasks.empty())
        return false;
    const Named lost = lostIn(line);
    if (lost.task.empty() || !lost.behind.starts_with(kAttempt))
        return false;
    const std::string_view where = lost.behind.substr(kAttempt.size());
    if (where.substr(digitsAt(where).size()).starts_with(") on ")) // told in full before
        return false;
    if (m_tasks.contains({lost.stage, lost.task}))
        return true;
    const std::size_t reason = m_repeated.empty() ? std::string_view::npos : where.find("): ");
    return reason != std::string_view::npos && m_repeated.contains({lost.stage, classAt(where.substr(reason + 3))});
}

bool AbortedTasks::outlivedLossIn(std::string_view line, std::size_t at) const
{
    if (at >= m_outlived)
        return false;
    const Named lost = lostIn(line);
    if (lost.task.empty() || m_tasks.contains({lost.stage, lost.task}))
        return false;
    const std::string_view stage = stageAlone(lost.stage);
    const bool same = std::any_of(m_told.begin(), m_told.end(),
                                  [&](const Task &aborted) { return stageAlone(aborted.first) == stage; });
    if (!same)
        return true;
    const std::size_t reason = lost.behind.find(": ");
    return reason != std::string_view::npos && tellsOfACause(lost.behind.substr(reason + 2))
           && !m_causes.contains({stage, classAt(lost.behind.substr(reason + 2))});
}

bool abortsWithoutReason(std::string_view exception)
{
    constexpr std::string_view kFailed = " failed ";
    constexpr std::string_view kRecent = " times, most recent failure: ";
    const std::size_t at = exception.substr(0, kHeadBytes).find(kAborted);
    if (at == std::string_view::npos)
        return false;
    std::string_view rest = exception.substr(at + kAborted.size());
    rest.remove_prefix(rest.starts_with(kTask) ? kTask.size() : rest.size());
    rest = namedAt(rest).behind;
    if (!rest.starts_with(kFailed))
        return false;
    rest.remove_prefix(kFailed.size());
    rest.remove_prefix(digitsAt(rest).size());
    rest = rest.substr(0, rest.find_last_not_of(" \t\r.'\"") + 1);
    if (kRecent.starts_with(rest)) // cut off within, or behind "times"
        return true;
    return rest.starts_with(kRecent) && rest.substr(kRecent.size()).starts_with(kLost)
           && rest.find(": ", kRecent.size()) == std::string_view::npos;
}

} // namespace mulligan::text

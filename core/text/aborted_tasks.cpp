#include "text/aborted_tasks.hpp"

#include "text/lines.hpp"
#include "text/log_line.hpp"

#include <algorithm>
#include <cstring>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kHeadBytes = 400; ///< of a line, before the reason

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
    constexpr std::string_view kLost = "Lost task ";
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
}

/// "Task 3 in stage 412.0 failed 4 times; aborting job", or "Job aborted due to stage failure: Task 3 in stage 412.0
/// failed 4 times, most recent failure: …", in which "abort" stands at a place.
void AbortedTasks::noteAborted(std::string_view text, std::size_t at)
{
    constexpr std::string_view kTask = "Task ";
    constexpr std::string_view kStage = "aborted due to stage failure: ";
    constexpr std::size_t kBefore = 80;
    std::string_view said = text.substr(at);
    if (said.starts_with(kStage)) {
        said.remove_prefix(kStage.size());
    } else if (said.starts_with("aborting job")) {
        said = text.substr(at - std::min(at, kBefore), std::min(at, kBefore));
        said.remove_prefix(std::min(said.rfind(kTask), said.size()));
    }
    if (!said.starts_with(kTask))
        return;
    const Named named = namedAt(said.substr(kTask.size(), kHeadBytes));
    if (!named.task.empty() && named.behind.starts_with(" failed "))
        m_tasks.emplace(named.stage, named.task);
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

} // namespace mulligan::text

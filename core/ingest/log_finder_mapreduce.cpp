#include "ingest/log_finder.hpp"

#include "ingest/log_words.hpp"

#include <algorithm>
#include <array>
#include <string>

/// What the application master of Hadoop's MapReduce logs (source: Hadoop's MRAppMaster, JobImpl, TaskAttemptImpl,
/// RMCommunicator, JobHistoryEventHandler and FileNameIndexUtils).
namespace mulligan::ingest
{

using namespace words;

namespace
{

constexpr std::size_t kMostLooked = 16384;
constexpr std::size_t kMostName = 1024;

std::optional<std::string_view> behind(std::string_view text, std::string_view part)
{
    const std::size_t at = text.find(part);
    return at == std::string_view::npos ? std::nullopt : std::optional(text.substr(at + part.size()));
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// "daily%2Dorders" as it was before the file was named by it.
std::string percentDecoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped =
            text[i] == '%' && i + 2 < text.size() && hexValue(text[i + 1]) >= 0 && hexValue(text[i + 2]) >= 0;
        if (!escaped) {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        out += static_cast<char>(16 * hexValue(text[i + 1]) + hexValue(text[i + 2]));
        i += 2;
    }
    return out;
}

/// The state that "… Transitioned from RUNNING to FAILED" leads to.
std::string_view stateReached(std::string_view message)
{
    const auto from = behind(message, " Transitioned from ");
    const auto to = from ? behind(*from, " to ") : std::nullopt;
    return to ? trimmed(to->substr(0, to->find_first_of(" \t\r\n,."))) : std::string_view();
}

} // namespace

void LogFinder::sayMapReduce(const LogLine &line)
{
    const std::string_view message = line.message.substr(0, kMostLooked);
    const std::string_view name = shortLogger(line.logger);
    m_facts.mapReduce = m_facts.mapReduce || name == "YarnChild" || name == "MRAppMaster" || name == "JobImpl";
    if (name == "YarnChild")
        m_facts.executor = true;
    else if (name == "MRAppMaster")
        sayMapReduceMaster(message);
    else if (name == "JobImpl")
        sayMapReduceJob(message);
    else if (name == "JobHistoryEventHandler")
        sayMapReduceHistory(message);
    else if (name == "TaskAttemptImpl") {
        m_facts.failedTasks += stateReached(message) == "FAILED" ? 1 : 0;
        m_failure = m_failure || message.starts_with("Diagnostics report from ");
    } else if (const auto queue = behind(message, "queue: "); queue && message.starts_with("queue: ")) {
        m_facts.queue = trimmed(queue->substr(0, kMostName));
    } else if (const auto reason = behind(message, "Setting job diagnostics to ")) {
        m_facts.endReason.clear();
        addReason(*reason);
        m_below = Below::Reason;
        m_failure = m_failure || !trimmed(*reason).empty();
    }
}

void LogFinder::sayMapReduceMaster(std::string_view message)
{
    m_facts.driver = true;
    if (const auto id = behind(message, "Created MRAppMaster for application ")) {
        if (auto found = applicationIn(*id)) {
            m_facts.application = std::move(*found);
            m_facts.certain = true;
            m_facts.master = true;
            m_facts.begun = true;
        }
    } else if (message.starts_with("MRAppMaster received a signal")) {
        m_facts.signalAt = m_line;
    }
}

/// "job_1448006111297_0138Job Transitioned from RUNNING to COMMITTING": the last state is how the job ended. Of one
/// that is to be run again by another attempt of the application this attempt failed.
void LogFinder::sayMapReduceJob(std::string_view message)
{
    m_facts.driver = true;
    if (!message.starts_with("job_"))
        return;
    const std::string_view state = stateReached(message);
    if (state == "ERROR" || state == "REBOOT")
        setEnd(LogEnd::Failed);
    else
        setEnd(endNamed(state));
}

/// The files that keep the job's history are named by it:
/// ".../done_intermediate/ada/job_1448006111297_0138-<submitted>-ada-<name>-<ended>-<maps>-<reduces>-<state>-<queue>-…".
void LogFinder::sayMapReduceHistory(std::string_view message)
{
    m_facts.driver = true;
    if (const auto staging = behind(message, "/staging/"); staging && m_facts.user.empty())
        m_facts.user = staging->substr(0, std::min(staging->find('/'), kMostName));
    const auto done = behind(message, "/done_intermediate/");
    const auto file = done ? behind(*done, "/job_") : std::nullopt;
    if (!file)
        return;
    constexpr std::size_t kUser = 2;
    constexpr std::size_t kName = 3;
    std::array<std::string_view, kName + 1> fields;
    std::string_view rest = file->substr(0, file->find(' '));
    for (std::string_view &field : fields) {
        const std::size_t end = rest.find('-');
        if (end == std::string_view::npos) // the file of settings has no fields
            return;
        field = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    m_facts.user = percentDecoded(fields[kUser].substr(0, kMostName));
    m_facts.name = percentDecoded(fields[kName].substr(0, kMostName));
}

} // namespace mulligan::ingest

#include "ingest/airflow_log_ending.hpp"

#include "ingest/airflow_rows.hpp"

#include <charconv>

namespace mulligan::ingest::airflow
{

namespace
{

constexpr std::string_view kStartingAttempt = "Starting attempt ";

std::optional<int> numberAt(std::string_view text)
{
    int value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc() ? std::optional(value) : std::nullopt;
}

bool contains(std::string_view text, std::string_view what)
{
    return text.find(what) != std::string_view::npos;
}

/// The word that follows `before` in a text; empty when it is not there.
std::string_view wordAfter(std::string_view text, std::string_view before)
{
    const std::size_t at = text.find(before);
    if (at == std::string_view::npos)
        return {};
    text.remove_prefix(at + before.size());
    std::size_t end = 0;
    while (end < text.size()
           && ((text[end] >= 'A' && text[end] <= 'Z') || text[end] == '_' || (text[end] >= 'a' && text[end] <= 'z')))
        ++end;
    return text.substr(0, end);
}

/// Return codes of a process that a signal ended: negative from Python, 128 and more from a shell.
bool isSignal(int code)
{
    constexpr int kKill = 137;
    constexpr int kTerminate = 143;
    return code < 0 || code == kKill || code == kTerminate;
}

/// Reads "d.t r map_index=1 [queued]>", which follows "<TaskInstance: ".
void takeInstance(std::string_view text, LogPlace &out)
{
    const std::size_t close = text.find(" [");
    if (close == std::string_view::npos)
        return;
    text = text.substr(0, close);
    constexpr std::string_view kIndex = " map_index=";
    if (const std::size_t at = text.rfind(kIndex); at != std::string_view::npos) {
        out.mapIndex = numberAt(text.substr(at + kIndex.size())).value_or(-1);
        text = text.substr(0, at);
    }
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos)
        return;
    out.job = text.substr(0, blank);
    out.run = text.substr(blank + 1);
    // Before 2.2 an execution date stands where the run_id stands later.
    out.runIsDate = out.run.find("__") == std::string::npos && out.run.find('T') == 10 && parseTime(out.run);
    if (out.runIsDate)
        out.run = executionDate(out.run);
}

/// The value behind a name such as AIRFLOW_CTX_DAG_ID, quoted (since 2.7) or to the end of the line.
std::string contextValue(std::string_view text, std::string_view key)
{
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos)
        return {};
    text.remove_prefix(at + key.size());
    if (text.starts_with('\''))
        return std::string(text.substr(1, text.find('\'', 1) - 1));
    return std::string(text.substr(0, text.find_first_of("\r\n")));
}

} // namespace

void LogEnding::take(const LogLine &record)
{
    m_now = record.at;
    if (m_now) {
        m_last = m_now;
        if (!m_first)
            m_first = m_now;
    }
    if (record.message.starts_with(kStartingAttempt)) {
        if (!m_started)
            m_started = m_now;
        m_how = Ending::Unsaid;
        m_killed = m_afterwards = false;
        m_ended.reset();
        return;
    }
    if (!takeState(record.message) && !takeRunner(record))
        takeGroup(record.message);
}

/// "Marking task as FAILED. dag_id=…": Airflow's own word, which stands above what came before.
bool LogEnding::takeState(std::string_view message)
{
    const std::string_view state = wordAfter(message.substr(0, 200), "arking task as ");
    if (state == "SUCCESS")
        settle(Ending::Succeeded);
    else if (state == "FAILED" || state == "UP_FOR_RETRY")
        settle(Ending::Failed);
    else if (state == "SKIPPED")
        settle(Ending::Skipped);
    else if (state == "UP_FOR_RESCHEDULE" || message.starts_with("Pausing task as DEFERRED"))
        settle(Ending::Waiting);
    else
        return false;
    return true;
}

bool LogEnding::takeRunner(const LogLine &record)
{
    const std::string_view message = record.message;
    if (record.finalState) {
        settle(*record.finalState == "success"                                          ? Ending::Succeeded
               : *record.finalState == "skipped"                                        ? Ending::Skipped
               : *record.finalState == "failed" || *record.finalState == "up_for_retry" ? Ending::Failed
                                                                                        : Ending::Waiting);
    } else if (message.starts_with("Task exited with return code ")) {
        takeExit(numberAt(message.substr(29)).value_or(0));
    } else if (message.starts_with("Process terminated by signal") || message.starts_with("Process exited abnormally")
               || message == "Task exited") {
        m_exitCode = record.exitCode;
        m_killed = m_killed || message.starts_with("Process terminated") || isSignal(record.exitCode.value_or(0));
        settle(Ending::Failed);
    } else if (message.starts_with("Task failed with exception")) {
        settle(Ending::Failed);
    } else if (message.starts_with("Received SIGTERM") || contains(message, "etected zombie job")
               || contains(message, "instance without a heartbeat")
               || message.starts_with("Server indicated the task shouldn't be running anymore")) {
        m_killed = true;
    } else if (const auto state = wordAfter(message, "State of this instance has been externally set to ");
               !state.empty()) {
        m_killed = true;
        if (state == "success")
            settle(Ending::Succeeded);
    } else if (message.starts_with("Skipping task.")) {
        settle(Ending::Skipped);
    } else {
        return false;
    }
    return true;
}

void LogEnding::takeExit(int code)
{
    m_exitCode = code;
    constexpr int kDeferred = 100;
    if (code == 0 || code == kDeferred || m_how == Ending::Succeeded || m_how == Ending::Skipped)
        return;
    m_killed = m_killed || isSignal(code);
    if (m_how == Ending::Unsaid)
        settle(Ending::Failed);
}

/// Airflow 3 says nothing of success. It heads what it does after the task, whatever came of that, with a group of its
/// own; when the group ends with nothing said against it, the task succeeded.
void LogEnding::takeGroup(std::string_view message)
{
    m_hasGroups = m_hasGroups || message.starts_with("::group::");
    if (message == "::group::Post Execute")
        m_afterwards = true;
    else if (message == "::endgroup::" && m_afterwards && m_how == Ending::Unsaid && !m_killed)
        settle(Ending::Succeeded);
}

void LogEnding::settle(Ending how)
{
    m_how = how;
    if (m_now)
        m_ended = m_now;
}

model::Outcome LogEnding::outcome() const
{
    if (m_how == Ending::Succeeded)
        return model::Outcome::Succeeded;
    if (m_killed && m_how != Ending::Waiting)
        return model::Outcome::Killed;
    return m_how == Ending::Failed ? model::Outcome::Failed : model::Outcome::Unknown;
}

LogPlace placeInText(std::string_view message)
{
    LogPlace out;
    constexpr std::string_view kInstance = "<TaskInstance: ";
    if (message.starts_with(kStartingAttempt)) {
        out.attempt = std::max(0, numberAt(message.substr(kStartingAttempt.size())).value_or(0));
    } else if (message.starts_with("Dependencies all met for ") || message.starts_with("Running <TaskInstance: ")) {
        if (const std::size_t at = message.find(kInstance); at != std::string_view::npos)
            takeInstance(message.substr(at + kInstance.size(), 2000), out);
    } else if (contains(message.substr(0, 200), "AIRFLOW_CTX_")) {
        out.dag = contextValue(message, "AIRFLOW_CTX_DAG_ID=");
        out.task = contextValue(message, "AIRFLOW_CTX_TASK_ID=");
        out.run = contextValue(message, "AIRFLOW_CTX_DAG_RUN_ID=");
        out.owner = contextValue(message, "AIRFLOW_CTX_DAG_OWNER=");
    }
    return out;
}

} // namespace mulligan::ingest::airflow

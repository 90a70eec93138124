#include "ingest/log_finder.hpp"

#include "ingest/log_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace mulligan::ingest
{

using namespace words;

namespace
{

constexpr std::size_t kMostLooked = 16384;
constexpr std::size_t kMostName = 1024;
constexpr int kDescriptionLines = 8;

/// The parts of "  name: value"; the name is empty when the line is none.
struct Pair {
    std::string_view name;
    std::string_view value;
};
Pair pairOf(std::string_view text, char between)
{
    const std::size_t at = text.find(between);
    if (at == std::string_view::npos || at > 80)
        return {};
    return {trimmed(text.substr(0, at)), trimmed(text.substr(at + 1))};
}

} // namespace

/// A line without a header: it belongs to the record before, unless it stands at the margin and begins something.
void LogFinder::takeBelow(const LogLine &line)
{
    const std::string_view text = trimmed(line.message.substr(0, kMostLooked));
    if (text.empty())
        return;
    m_errorLast = m_errorLast || (m_inError && text.starts_with("at "));
    if (line.message.front() != ' ' && line.message.front() != '\t')
        belowMargin(line);
    switch (m_below) {
    case Below::Report: belowReport(text); break;
    case Below::Reason: addReason(line.message.substr(0, kMostLooked)); break;
    case Below::Pod:
        if (has(text, "spark-app-selector"))
            takeAnywhere(text);
        sayPod(text);
        break;
    case Below::ExecutorLoss: keepWeightier(m_facts.executorKill, killSignOf(text)); break;
    case Below::Properties:
        if (const Pair pair = pairOf(text, '='); !pair.name.empty())
            setProperty(pair.name, pair.value);
        break;
    case Below::Nothing: break;
    }
    if (m_below != Below::Pod)
        belowDescription(text);
    if (text.starts_with("(spark.") && text.ends_with(')')) { // what spark-submit --verbose prints
        if (const Pair pair = pairOf(text.substr(1, text.size() - 2), ','); !pair.name.empty())
            setProperty(pair.name, pair.value);
    } else if (m_facts.records == 0 || has(text, "--conf spark.")) {
        takeProperties(text);
    }
}

void LogFinder::belowReport(std::string_view text)
{
    const Pair pair = pairOf(text, ':');
    if (pair.name == "diagnostics") {
        m_inDiagnostics = pair.value != "N/A";
        m_facts.endReason.clear();
        if (m_inDiagnostics)
            addReason(pair.value);
        if (m_facts.application.id.empty()) // "Application application_… failed 2 times due to …"
            takeAnywhere(pair.value);
        return;
    }
    static constexpr std::array<std::string_view, 7> kOthers{"ApplicationMaster host",
                                                             "ApplicationMaster RPC port",
                                                             "queue",
                                                             "start time",
                                                             "final status",
                                                             "tracking URL",
                                                             "user"};
    if (std::find(kOthers.begin(), kOthers.end(), pair.name) != kOthers.end())
        m_inDiagnostics = false;
    if (m_inDiagnostics) {
        addReason(text);
    } else if (pair.name == "queue") {
        m_facts.queue = pair.value.substr(0, kMostName);
    } else if (pair.name == "user") {
        m_facts.user = pair.value.substr(0, kMostName);
    } else if (pair.name == "final status") {
        setEnd(endNamed(pair.value));
    }
}

/// What a program prints of its own accord, outside of its log.
void LogFinder::belowMargin(const LogLine &line)
{
    const std::string_view text = line.message;
    const bool afterLogged = m_logged;
    m_logged = text.starts_with("ERROR:") || text.starts_with("WARNING:"); // Python's logging, which goes on
    switch (text.front()) {
    case 'E':
        if (text.starts_with("Exception in thread \"main\"") || text.starts_with("Exception in thread \"Driver\"")) {
            m_facts.uncaughtAt = m_line;
            m_failure = true;
            m_below = Below::Nothing;
        }
        break;
    case 'T':
        if (text.starts_with("Traceback (most recent call last)") && !afterLogged) {
            m_facts.uncaughtAt = m_line;
            m_failure = true;
            if (m_below != Below::Reason)
                m_below = Below::Nothing;
        }
        break;
    case 'c':
        if (constexpr std::string_view kLead = "command terminated with exit code "; text.starts_with(kLead)) {
            m_facts.ranWith = killSignOf(text).exitCode;
            m_failure = true;
        }
        break;
    case 'K':
        if (trimmed(text) == "Killed")
            endWithKill();
        break;
    case 's':
        if (has(text, "CANCELLED AT") && has(text, "DUE TO TIME LIMIT"))
            m_facts.limitAt = m_line;
        break;
    default:
        // "/opt/entry.sh: line 3:    12 Killed                  java -jar job.jar"
        if (const std::size_t at = text.find(": line "); at != text.npos && has(text.substr(at), " Killed "))
            endWithKill();
        break;
    }
}

/// The shell that ran the process says that it was killed.
void LogFinder::endWithKill()
{
    constexpr int kKilled = 128 + 9;
    m_facts.ranWith = kKilled;
    m_failure = true;
}

/// A pod's state as kubectl describes it, wherever it stands: "Last State: Terminated", "Reason: OOMKilled", "Exit
/// Code: 137".
void LogFinder::belowDescription(std::string_view text)
{
    if (text.starts_with("Last State:") || text.starts_with("State:")) {
        m_describing = has(text, "Terminated") ? kDescriptionLines : 0;
        return;
    }
    if (m_describing == 0)
        return;
    --m_describing;
    const bool code = text.starts_with("Exit Code:");
    if (!code && !text.starts_with("Reason:"))
        return;
    KillSign sign = killSignOf(text);
    if (code && sign.exitCode)
        m_facts.exitCode = sign.exitCode;
    if (sign.weight == KillWeight::None)
        return;
    m_failure = true;
    keepWeightier(m_facts.kill, std::move(sign));
}

/// "--conf name=value" of a command line.
void LogFinder::takeProperties(std::string_view commandLine)
{
    constexpr std::string_view kOption = "--conf ";
    for (std::size_t at = commandLine.find(kOption); at != std::string_view::npos; at = commandLine.find(kOption, at)) {
        at += kOption.size();
        std::string_view rest = commandLine.substr(at);
        const char quote = rest.starts_with('"') || rest.starts_with('\'') ? rest.front() : ' ';
        rest.remove_prefix(quote == ' ' ? 0 : 1);
        const Pair pair = pairOf(rest.substr(0, rest.find(quote)), '=');
        std::string_view value = pair.value;
        if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
            value = value.substr(1, value.size() - 2);
        if (!pair.name.empty())
            setProperty(pair.name, value);
    }
}

} // namespace mulligan::ingest

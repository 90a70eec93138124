#include "ingest/log_finder.hpp"

#include "ingest/log_words.hpp"
#include "text/log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace mulligan::ingest
{

using namespace words;

namespace
{

constexpr std::size_t kMostReason = 16384;
constexpr std::size_t kMostLooked = 16384; ///< of a line: what names a fact stands at its front
constexpr std::size_t kMostProperties = 2000;
constexpr std::size_t kMostName = 1024;
constexpr std::uint64_t kMarkWithin = 500; ///< lines in which a driver gets its port
constexpr std::size_t kMostMark = 64;
/// Applications are named early; a log that has not named its own by then does not.
constexpr std::uint64_t kApplicationWithin = 20'000;
/// From an error to the end of the process that it brings about.
constexpr std::int64_t kExitWithinMs = 60'000;

/// What follows `part`, or nothing.
std::optional<std::string_view> behind(std::string_view text, std::string_view part)
{
    const std::size_t at = text.find(part);
    if (at == std::string_view::npos)
        return std::nullopt;
    return text.substr(at + part.size());
}

/// Spark's own classes fail in the course of work that is done again.
bool isOfSpark(std::string_view logger)
{
    static constexpr std::array<std::string_view, 4> kOthers{"Executor", "Utils", "Inbox", "FileFormatWriter"};
    return logger.starts_with("org.apache.spark.") || logger.starts_with("o.a.s.")
           || std::find(kOthers.begin(), kOthers.end(), shortLogger(logger)) != kOthers.end();
}

std::optional<int> intAt(std::string_view text)
{
    text = trimmed(text.substr(0, 32));
    int value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc() ? std::optional(value) : std::nullopt;
}

} // namespace

bool LogFinder::take(const LogLine &line)
{
    ++m_line;
    takeTime(line);
    if (line.record)
        takeRecord(line);
    else
        takeBelow(line);
    return m_failure;
}

void LogFinder::takeTime(const LogLine &line)
{
    if (!line.time)
        return;
    if (!m_facts.first)
        m_facts.first = line.time;
    m_facts.last = line.time;
    m_facts.unzoned = m_facts.unzoned || !line.zoned;
    m_facts.backwards = *m_facts.last < *m_facts.first;
}

void LogFinder::takeRecord(const LogLine &line)
{
    ++m_facts.records;
    m_failure = line.level >= LogLevel::Warn;
    m_below = Below::Nothing;
    m_inDiagnostics = false;
    m_logged = false;
    m_describing = 0;
    m_facts.ranWith.reset();
    const std::string_view message = line.message.substr(0, kMostLooked);
    if (!m_facts.certain && m_line < kApplicationWithin)
        takeAnywhere(message);
    if (m_facts.mark.empty() && m_line < kMarkWithin)
        takeMark(message);
    const LogSpeaker speaker = speakerOf(shortLogger(line.logger));
    takeError(line, speaker);
    switch (speaker) {
    case LogSpeaker::Context: sayContext(message); break;
    case LogSpeaker::Jobs: sayJobs(message); break;
    case LogSpeaker::Tasks:
    case LogSpeaker::Cluster: sayLoss(line); break;
    case LogSpeaker::YarnClient: sayYarnClient(message); break;
    case LogSpeaker::YarnMaster: sayYarnMaster(message); break;
    case LogSpeaker::ExecutorBackend: m_facts.executor = true; break;
    case LogSpeaker::PodWatcher:
        m_below = Below::Pod;
        sayPodsApplication(message);
        sayPod(message);
        break;
    case LogSpeaker::Security: sayUser(message); break;
    case LogSpeaker::Profiles: sayProfile(message); break;
    case LogSpeaker::Uncaught:
        if (has(message, "Thread[main,") || has(message, "Thread[Driver,") || trimmed(message).ends_with("thread main")
            || trimmed(message).ends_with("thread Driver"))
            m_facts.uncaughtAt = m_line;
        break;
    case LogSpeaker::Other:
        if (line.logger.starts_with("org.apache.hadoop.mapred"))
            sayMapReduce(line);
        // What its clients met they call information ("DFSClient: Exception in createBlockOutputStream").
        m_failure = m_failure || (line.logger.starts_with("org.apache.hadoop.") && has(message, "xception"));
        break;
    case LogSpeaker::Known: break;
    }
    m_facts.shutDown = m_facts.shutDown || message.starts_with("Shutdown hook called");
    if (line.level < LogLevel::Error)
        return;
    if (message.starts_with("RECEIVED SIGNAL ") || message.starts_with("SIGTERM handler"))
        m_facts.signalAt = m_line;
    if (has(message, "killed") && has(message, "time limit"))
        m_facts.limitAt = m_line;
}

/// An error of the program's own is its last word until a record comes that is not about Spark's own housekeeping.
void LogFinder::takeError(const LogLine &line, LogSpeaker speaker)
{
    m_inError = line.level >= LogLevel::Error && speaker == LogSpeaker::Other && !isOfSpark(line.logger)
                && !text::isBeside(line.text);
    if (m_inError)
        m_errorTime = line.time;
    const bool ends = speaker == LogSpeaker::Context && line.message.starts_with("Invoking stop() from shutdown hook");
    if (speaker != LogSpeaker::Known && !ends)
        m_errorLast = false;
}

void LogFinder::sayHookStop()
{
    const bool atOnce = !m_errorTime || !m_facts.last || m_facts.last->ms - m_errorTime->ms <= kExitWithinMs;
    m_facts.exitAfterError = m_errorLast && atOnce;
}

/// The application may be named in any record.
void LogFinder::takeAnywhere(std::string_view text)
{
    if (m_facts.application.id.empty()) {
        if (auto found = applicationIn(text))
            m_facts.application = std::move(*found);
    } else if (m_facts.application.attempt == 0) {
        const auto found = applicationIn(text);
        if (found && found->attempt != 0 && found->id == m_facts.application.id)
            m_facts.application.attempt = found->attempt;
    }
}

/// The port that the driver got, or the folder that it made for its blocks; both are told before its first job.
void LogFinder::takeMark(std::string_view message)
{
    const auto take = [&](std::string_view name, std::string_view rest, std::string_view bytes) {
        const std::string_view value = rest.substr(0, rest.find_first_not_of(bytes));
        if (!value.empty() && value.size() <= kMostMark)
            m_facts.mark = std::string(name) + std::string(value);
    };
    if (const auto port = behind(message, "Successfully started service 'sparkDriver' on port "))
        take("port ", *port, "0123456789");
    else if (const auto folder = behind(message, "Created local directory at "))
        if (const auto id = behind(*folder, "blockmgr-"))
            take("blockmgr-", *id, "0123456789abcdef-");
}

void LogFinder::sayContext(std::string_view message)
{
    m_facts.driver = true;
    if (const auto version = behind(message, "Running Spark version ")) {
        m_facts.started = true;
        setProperty("spark.version", trimmed(*version));
    } else if (const auto name = behind(message, "Submitted application: "))
        m_facts.name = trimmed(name->substr(0, kMostName));
    else if (const auto code = behind(message, "SparkContext is stopping with exitCode "))
        m_facts.stopCode = intAt(code->substr(0, code->find(' ')));
    else if (message.starts_with("Successfully stopped SparkContext"))
        m_facts.stoppedAt = m_line;
    else if (message.starts_with("Starting job"))
        m_facts.activityAt = m_line;
    else if (message.starts_with("Invoking stop() from shutdown hook"))
        sayHookStop();
    else if (message.starts_with("Spark configuration:"))
        m_below = Below::Properties;
}

void LogFinder::sayJobs(std::string_view message)
{
    m_facts.driver = true;
    if (!message.starts_with("Job ") && !message.starts_with("Got job "))
        return;
    if (has(message, " failed: ")) {
        ++m_facts.failedJobs;
        m_facts.jobFailedAt = m_line;
        m_failure = true;
    } else {
        m_facts.activityAt = m_line;
    }
}

void LogFinder::sayLoss(const LogLine &line)
{
    m_facts.driver = true;
    const std::string_view message = line.message.substr(0, kMostLooked);
    if (const auto id = behind(message, "Connected to Spark cluster with app ID ")) {
        if (auto found = applicationIn(*id)) {
            m_facts.application = std::move(*found);
            m_facts.certain = true;
        }
    }
    if (message.starts_with("Lost executor ")) {
        ++m_facts.lostExecutors;
        m_failure = true;
    } else if (message.starts_with("Lost task ")) {
        ++m_facts.failedTasks;
    }
    // The text of a lost task may quote anything; of an executor it says nothing that its own record does not.
    if (!message.starts_with("Lost task ")
        && (m_failure || has(message, "Container killed") || has(message, "marked as failed")
            || has(message, "reported failed executor"))) {
        m_below = Below::ExecutorLoss;
        keepWeightier(m_facts.executorKill, killSignOf(message));
    }
}

void LogFinder::setEnd(LogEnd end)
{
    if (end == LogEnd::Unsaid)
        return;
    m_facts.end = end;
    m_facts.endAt = m_line;
    m_failure = m_failure || end != LogEnd::Succeeded;
}

void LogFinder::addReason(std::string_view text)
{
    if (m_facts.endReason.size() >= kMostReason)
        return;
    text = text.substr(0, kMostReason - m_facts.endReason.size());
    if (!m_facts.endReason.empty())
        m_facts.endReason += '\n';
    m_facts.endReason += text;
    // "… ExecutorLostFailure (…) Reason: Container killed …": a job was lost with an executor, not the driver's
    // process.
    if (!has(m_facts.endReason, "ExecutorLostFailure"))
        return keepWeightier(m_facts.kill, killSignOf(withoutClosing(text)));
    const auto why = behind(text, "Reason: ");
    keepWeightier(m_facts.executorKill, killSignOf(withoutClosing(why.value_or(text))));
}

void LogFinder::sayYarnClient(std::string_view message)
{
    m_below = Below::Report;
    for (const std::string_view lead : {"Submitted application application_", "Submitting application application_",
                                        "Application report for application_"}) {
        if (!message.starts_with(lead))
            continue;
        if (auto found = applicationIn(message)) {
            if (message.starts_with("Subm"))
                m_facts.submitted = found->id;
            if (found->id != m_facts.application.id)
                m_facts.application = std::move(*found);
            m_facts.certain = m_facts.application.attempt != 0;
        }
    }
    if (const auto state = behind(message, "(state: "); state && message.starts_with("Application report for")) {
        if (state->starts_with("KILLED") || state->starts_with("FAILED"))
            setEnd(endNamed(*state));
    } else if (const auto diagnostics = behind(message, "Application diagnostics message: ")) {
        m_failure = true;
        m_facts.endReason.clear();
        addReason(*diagnostics);
        m_below = Below::Reason;
    }
}

void LogFinder::sayYarnMaster(std::string_view message)
{
    if (message.starts_with("Driver now available") || message.starts_with("Waiting for Spark driver to be reachable")
        || message.starts_with("Driver terminated or disconnected"))
        m_facts.launcher = true;
    if (message.starts_with("Waiting for spark context initialization")
        || message.starts_with("Starting the user application"))
        m_facts.driver = true;
    if (const auto id = behind(message, "ApplicationAttemptId: ")) {
        if (auto found = applicationIn(*id)) {
            m_facts.application = std::move(*found);
            m_facts.certain = true;
            m_facts.master = true;
        }
    } else if (const auto status = behind(message, "Final app status: ")) {
        setEnd(endNamed(*status));
        if (const auto code = behind(*status, "exitCode: "))
            m_facts.exitCode = intAt(code->substr(0, code->find_first_of(", )")));
        if (const auto reason = behind(*status, "(reason: ")) {
            m_facts.endReason.clear();
            addReason(*reason);
            m_below = Below::Reason;
        }
    } else if (const auto unregistered = behind(message, "Unregistering ApplicationMaster with ")) {
        if (m_facts.end == LogEnd::Unsaid)
            setEnd(endNamed(*unregistered));
    } else if (const auto code = behind(message, "User application exited with status ")) {
        m_facts.exitCode = intAt(*code);
    } else if (message.starts_with("User class threw exception")) {
        m_facts.uncaughtAt = m_line;
    }
}

/// "Application etl with application ID spark-… and submission ID … finished"; older versions name the latter alone.
void LogFinder::sayPodsApplication(std::string_view message)
{
    const auto application = behind(message, "pplication ");
    if (!application || !m_facts.name.empty())
        return;
    const std::size_t end =
        std::min(application->find(" with application ID "), application->find(" with submission ID "));
    if (end != std::string_view::npos)
        m_facts.name = trimmed(application->substr(0, std::min(end, kMostName)));
}

void LogFinder::sayPod(std::string_view text)
{
    const auto phase = behind(text, "phase: ");
    if (phase && phase->starts_with("Succeeded"))
        m_facts.pod = LogEnd::Succeeded;
    else if (phase && phase->starts_with("Failed"))
        m_facts.pod = LogEnd::Failed;
    m_failure = m_failure || (phase && phase->starts_with("Failed"));
    const bool names = has(text, "xit code: ") || has(text, "reason: ");
    if (!names)
        return;
    const KillSign sign = killSignOf(text);
    // Of several containers the one that failed counts.
    if (sign.exitCode && (!m_facts.exitCode || *sign.exitCode != 0))
        m_facts.exitCode = sign.exitCode;
    m_failure = m_failure || sign.weight != KillWeight::None;
    keepWeightier(m_facts.kill, sign);
}

/// "… executor resources: Map(memory -> name: memory, amount: 768, …": what each executor is asked for, in MiB.
void LogFinder::sayProfile(std::string_view message)
{
    const auto resources = behind(message, "Default ResourceProfile created, executor resources: ");
    if (!resources)
        return;
    struct Resource {
        std::string_view name;
        std::string_view property;
        std::string_view unit;
    };
    for (const auto &[name, property, unit] :
         {Resource{"cores", "spark.executor.cores", ""}, Resource{"memory", "spark.executor.memory", "m"},
          Resource{"memoryOverhead", "spark.executor.memoryOverhead", "m"},
          Resource{"offHeap", "spark.memory.offHeap.size", "m"}}) {
        const auto amount = behind(*resources, "name: " + std::string(name) + ", amount: ");
        const auto value = amount ? intAt(amount->substr(0, amount->find(','))) : std::nullopt;
        if (!value || *value <= 0)
            continue;
        setProperty(property, std::to_string(*value) + std::string(unit));
        if (name == "offHeap") // Spark says 0 where it is not enabled
            setProperty("spark.memory.offHeap.enabled", "true");
    }
}

void LogFinder::sayUser(std::string_view message)
{
    const auto users = behind(message, "Changing view acls to: ");
    if (!users || !m_facts.user.empty())
        return;
    // The process's own user comes first, who submitted the application last.
    m_facts.user = trimmed(users->substr(users->rfind(',') + 1).substr(0, kMostName));
}

void LogFinder::setProperty(std::string_view name, std::string_view value)
{
    if (m_facts.config.size() < kMostProperties && name.starts_with("spark.") && name.size() <= kMostName)
        m_facts.config[std::string(name)] = value;
}

} // namespace mulligan::ingest

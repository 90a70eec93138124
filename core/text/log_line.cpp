#include "text/log_line.hpp"

#include "text/end_lines.hpp"
#include "text/exception_name.hpp"
#include "text/passed_on.hpp"
#include "text/signs.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace mulligan::text
{

namespace
{

/// The levels a line states among its first words.
struct Stated {
    bool high = false;
    bool warning = false;
    bool information = false;
};

void state(std::string_view word, Stated &out)
{
    if (word == "INFO" || word == "DEBUG" || word == "TRACE")
        out.information = true;
    else if (word == "WARN" || word == "WARNING" || word == "NOTICE")
        out.warning = true;
    else if (word == "ERROR" || word == "FATAL" || word == "SEVERE" || word == "CRITICAL")
        out.high = true;
}

constexpr std::size_t kHeadBytes = 120;
constexpr std::string_view kRetry = "Retrying (Retry("; ///< of urllib3

bool isLetter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/// A word of an exception's message is no level ("SAMFormatException: SAM validation error: WARNING: …").
Stated levelsIn(std::string_view line)
{
    const std::string_view head = line.substr(0, kHeadBytes);
    Stated out;
    for (std::size_t at = 0; at < head.size();) {
        std::size_t end = at;
        while (end < head.size() && isWordByte(head[end]))
            ++end;
        // Every log line of an import comes by here, so words are looked at only where a level may stand.
        const bool placed =
            at == 0 ? end < head.size() && (head[end] == ' ' || head[end] == ':' || head[end] == '\t')
                    : head[at - 1] == ' ' || head[at - 1] == '[' || head[at - 1] == '|' || head[at - 1] == '\t';
        if (placed && end - at >= 4 && end - at <= 8)
            state(head.substr(at, end - at), out);
        at = end + 1;
    }
    if (out.warning
        && line.substr(0, 2 * kHeadBytes).find("YarnChild: Exception running child") != std::string_view::npos)
        out.high = true; // the task ends with it
    const bool any = out.high || out.warning || out.information;
    return any && isLetter(line.front()) && beginsWithException(line) ? Stated() : out;
}

std::string upperOf(std::string_view word)
{
    std::string upper(word);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::toupper(byte)); });
    return upper;
}

/// Whether what stands before a value names it as a level: "level=", "\"log.level\": \"", "severity=".
bool namesLevel(std::string_view before)
{
    const std::size_t sign = before.find_last_not_of(" \"'\\");
    if (sign == std::string_view::npos || (before[sign] != '=' && before[sign] != ':'))
        return false;
    before = before.substr(0, sign);
    while (!before.empty() && !isWordByte(before.back()))
        before.remove_suffix(1);
    const std::string key = upperOf(before.substr(before.size() - std::min(before.size(), std::size_t{9})));
    return key.ends_with("LEVEL") || key.ends_with("LEVELNAME") || key.ends_with("LVL") || key.ends_with("SEVERITY");
}

/// Whether the word at [at, end) is a field of its own that says a level.
bool isLevelField(std::string_view head, std::size_t at, std::size_t end)
{
    if (at == 0)
        return end < head.size() && head[end] == ':';
    if (head[at - 1] == '[') {
        const std::size_t close = head.find_first_not_of(' ', end);
        return close != std::string_view::npos && head[close] == ']';
    }
    const char before = head[at - 1];
    return (before == '=' || before == '"' || before == '\'') && namesLevel(head.substr(0, at));
}

/// Levels in whatever case. Only asked of lines in which a rule matched.
void stateFields(std::string_view line, Stated &out)
{
    const std::string_view head = line.substr(0, kHeadBytes);
    for (std::size_t at = 0; at < head.size();) {
        std::size_t end = at;
        while (end < head.size() && isWordByte(head[end]))
            ++end;
        if (end - at >= 4 && end - at <= 8 && isLevelField(head, at, end))
            state(upperOf(head.substr(at, end - at)), out);
        at = end + 1;
    }
}

/// Whether a text has digits ('0'), any byte ('.') and other bytes as a form says.
bool hasForm(std::string_view text, std::string_view form)
{
    return text.size() >= form.size() && std::equal(form.begin(), form.end(), text.begin(), [](char asked, char byte) {
               return asked == '.' || (asked == '0' ? byte >= '0' && byte <= '9' : byte == asked);
           });
}

/// Levels that loggers of containers' tools write in few letters: logrus "WARN[0012] ", klog "W0501 10:00:00.000000 ".
void stateInForms(std::string_view line, Stated &out)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kShort = {{{"TRAC", "TRACE"},
                                                                                             {"DEBU", "DEBUG"},
                                                                                             {"INFO", "INFO"},
                                                                                             {"WARN", "WARN"},
                                                                                             {"ERRO", "ERROR"},
                                                                                             {"FATA", "FATAL"},
                                                                                             {"PANI", "FATAL"}}};
    const bool logrus = hasForm(line, "....[0") && line.substr(0, kHeadBytes).find("] ") != std::string_view::npos;
    const bool klog = hasForm(line, ".0000 00:00:00.0");
    for (const auto &[begin, level] : kShort)
        if ((logrus && line.starts_with(begin)) || (klog && line.front() == begin.front()))
            state(level, out);
}

/// "mapreduce.Job: Job job_1714_0001 completed successfully"
bool tellsOfMapReduceSuccess(std::string_view line)
{
    const std::size_t done = line.find(" completed successfully");
    return done != std::string_view::npos && line.substr(0, done).find("Job job_") != std::string_view::npos;
}

/// An event of Kubernetes as `kubectl describe` lists it, which says more than the states above it.
bool isWarningEvent(std::string_view line)
{
    const std::size_t begin = line.find_first_not_of(" \t");
    return begin != std::string_view::npos && line.substr(begin).starts_with("Warning  ");
}

/// "[Sat Nov 28 10:00:00 2026]", as Snakemake puts it above what it says.
bool isTimeAlone(std::string_view line)
{
    return line.size() == 26 && line.front() == '[' && hasForm(line.substr(1), "... ... .. 00:00:00 0000]");
}

} // namespace

LineMark lineMarkOf(std::string_view line)
{
    line = passedOn(line);
    Stated stated = levelsIn(line);
    stateFields(line, stated);
    stateInForms(line, stated);
    if (stated.high)
        return LineMark::Error;
    return stated.warning ? LineMark::Warning : stated.information ? LineMark::Information : LineMark::None;
}

LogLevel logLevelOf(std::string_view line)
{
    const Stated stated = levelsIn(line);
    if (stated.high)
        return LogLevel::High;
    return stated.warning || stated.information ? LogLevel::Low : LogLevel::None;
}

bool isBeside(std::string_view line)
{
    static constexpr auto kSigns = signList({"AsyncEventQueue",
                                             "LiveListenerBus",
                                             "TransportRequestHandler",
                                             "TransportResponseHandler",
                                             "TransportChannelHandler",
                                             "Ignored failure",
                                             "Ignoring error",
                                             "executor-heartbeater",
                                             "driver-heartbeater",
                                             "Issue communicating with driver",
                                             "ShutdownHookManager",
                                             "StateStore: Error running maintenance",
                                             "ContextCleaner",
                                             "DataStreamer",
                                             "DFSClient",
                                             "RECEIVED SIGNAL",
                                             "KafkaOffsetReader",
                                             "NetworkClient",
                                             "FetchSessionHandler",
                                             "KafkaDataConsumer",
                                             "RetryInvocationHandler",
                                             "RetryingMetaStoreClient",
                                             "ObjectStore: ",
                                             "EC2MetadataUtils",
                                             "TimelineClientImpl",
                                             "DelegationTokenProvider",
                                             "winutils",
                                             "BlockManagerDecommissioner",
                                             "RetryingBlock",
                                             "OneForOneBlockFetcher",
                                             "ClientCnxn",
                                             "ReadChannel",
                                             "AbfsRestOperation",
                                             "Managed memory leak",
                                             "CorruptStatistics",
                                             "Exception while sending command",
                                             "pip's dependency resolver",
                                             "Ignored the following versions",
                                             "TransportClientFactory",
                                             "RetryingHMSHandler",
                                             "AtlasHook",
                                             "EmitterEventBus",
                                             "OpenLineage",
                                             "RangerRESTClient",
                                             "PolicyRefresher",
                                             "StatsdReporter",
                                             "GraphiteReporter",
                                             "MetricsSink",
                                             "second(s) from now",
                                             kRetry});
    // Clients of Kafka and Elasticsearch say so of what they do not try again.
    static constexpr auto kForGood = signList({"failed authentication due to", "no other nodes left"});
    constexpr std::size_t kLooked = 300;
    const std::string_view looked = line.substr(0, kLooked);
    return kSigns.standIn(looked) && !kForGood.standIn(looked);
}

bool isNoticeOfRetry(std::string_view line)
{
    constexpr std::size_t kLooked = 200;
    return line.substr(0, kLooked).find(kRetry) != std::string_view::npos;
}

bool beginsBeside(std::string_view line)
{
    return line.starts_with("Exception ignored ") || line.starts_with(kRetry);
}

bool isLinkOfChain(std::string_view line)
{
    return line.starts_with("During handling of the above exception, another")
           || line.starts_with("The above exception was the direct cause");
}

bool tellsOfSuccess(std::string_view line)
{
    const std::size_t job = line.find("DAGScheduler: Job ");
    return (job != std::string_view::npos && line.find(" finished: ", job) != std::string_view::npos)
           || line.find("MicroBatchExecution: Committed offsets for batch") != std::string_view::npos
           || line.find("Streaming query made progress") != std::string_view::npos || tellsOfMapReduceSuccess(line);
}

bool isLoggersOwn(std::string_view line, LogLevel level)
{
    static constexpr auto kSigns =
        signList({"ERROR StatusLogger", "main ERROR Unable to create file ", "main ERROR Unable to locate appender ",
                  "ERROR Could not create plugin of type class org.apache.logging.log4j",
                  "ERROR Unable to invoke factory method in class org.apache.logging.log4j"});
    if (line.starts_with("log4j:") || line.starts_with("SLF4J:"))
        return true;
    constexpr std::size_t kLooked = 200;
    return level == LogLevel::High && kSigns.standIn(line.substr(0, kLooked));
}

bool isFollowedByTrace(std::string_view loggersOwn)
{
    return !loggersOwn.starts_with("SLF4J:") && !loggersOwn.starts_with("log4j:WARN");
}

bool isAftermath(std::string_view line)
{
    static constexpr auto kSigns =
        signList({"InterruptedException", "org.jruby.exceptions.SystemExit", "ClosedChannelException",
                  "ClosedByInterruptException", "RejectedExecutionException", "CancellationException", "TaskKilled",
                  "SparkEnv not active", "SparkContext was shut down", "Cannot call methods on a stopped",
                  "No columns to generate for ClassWriter", "cancelled because SparkContext was shut down"});
    return kSigns.standIn(line);
}

int tellingness(std::string_view line, LogLevel level)
{
    static constexpr auto kStrong = signList({"OOMKilled",
                                              "ORA-",
                                              "DB::Exception: ",
                                              "Heartbeat time limit exceeded",
                                              "zombie job",
                                              "beyond physical memory",
                                              "beyond virtual memory",
                                              "exceeding memory limits",
                                              "exceeding physical memory",
                                              "Out of memory",
                                              "OutOfMemory",
                                              "Diagnostics: Container",
                                              "Permission denied",
                                              "Access denied",
                                              "AccessDenied",
                                              "No space left",
                                              "Connection refused",
                                              "not found",
                                              "does not exist",
                                              "Evicted",
                                              "ImagePullBackOff",
                                              "ErrImagePull",
                                              "preempted",
                                              "DeadlineExceeded",
                                              "Segmentation fault",
                                              "FetchFailed(",
                                              "quota"});
    static constexpr auto kWeak = signList({"Diagnostics:", "diagnostics:", "Reason:", "exited with", "exit code",
                                            "exitCode", "failed", "Failed", "killed", "Killed"});
    int score = level == LogLevel::High ? 2 : 0;
    if (kStrong.standIn(line))
        score += 3;
    else if (kWeak.standIn(line))
        score += 1;
    // Most lines tell nothing, so what is asked of few comes last.
    if (score == 0 || tellsOfAnEndOnly(line))
        return 0;
    if (level == LogLevel::None && isWarningEvent(line))
        ++score;
    return level == LogLevel::Low ? score / 2 : score;
}

bool isChatter(std::string_view line)
{
    static constexpr std::array<std::string_view, 14> kBeginnings = {"SLF4J:",
                                                                     "log4j:",
                                                                     "Picked up ",
                                                                     "Using Spark's default log4j profile",
                                                                     "Setting default log level to",
                                                                     "LogType",
                                                                     "End of LogType",
                                                                     "Log Upload Time",
                                                                     "To adjust logging level use",
                                                                     "exit status ",
                                                                     "note: run with `RUST_BACKTRACE",
                                                                     "make: *** [",
                                                                     "Exception ignored ",
                                                                     "Execution halted"};
    const bool wordless = std::none_of(line.begin(), line.end(), [](char byte) {
        const auto code = static_cast<unsigned char>(byte);
        return code >= 0x80 || std::isalnum(code) != 0;
    });
    return wordless || isTimeAlone(line)
           || std::any_of(kBeginnings.begin(), kBeginnings.end(),
                          [&](std::string_view beginning) { return line.starts_with(beginning); });
}

bool isInformation(std::string_view line)
{
    // A line may state several levels ("INFO Logging: the level is WARN"); the worst that it may be is what counts.
    const Stated stated = levelsIn(line);
    return stated.information && !stated.warning && !stated.high;
}

bool hasFailureWord(std::string_view text)
{
    static constexpr auto kStems =
        signList({"fail",          "error",       "exception", "fatal",       "abort",     "kill",    "denied",
                  "refus",         "unable",      "cannot",    "can't",       "could not", "did not", "does not",
                  "was not",       "not found",   "invalid",   "illegal",     "lost",      "timeout", "timed out",
                  "reject",        "exceed",      "exhaust",   "crash",       "terminat",  "sigterm", "received signal",
                  "exit",          "unavailable", "unknown",   "unsupported", "expire",    "corrupt", "panic",
                  "out of memory", "no space",    "interrupt", "cancel",      "evict",     "quota"});
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    return kStems.standIn(lower);
}

} // namespace mulligan::text

#include "ingest/log_start.hpp"

#include "ingest/log_speakers.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest
{

namespace
{

template <std::size_t N> bool beginsWithOneOf(std::string_view text, const std::array<std::string_view, N> &parts)
{
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return text.starts_with(part); });
}

template <std::size_t N> bool isOneOf(std::string_view text, const std::array<std::string_view, N> &words)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

/// Lines without a header, of the JVM, logging libraries, Ivy and spark-submit itself.
constexpr std::array<std::string_view, 14> kPrinted{"log4j:",
                                                    "SLF4J:",
                                                    "Using Spark's default log4j",
                                                    "Setting default log level",
                                                    "To adjust logging level",
                                                    ":: loading settings",
                                                    "Ivy Default Cache",
                                                    "The jars for the packages",
                                                    "Picked up ",
                                                    "Using properties file:",
                                                    "Parsed arguments:",
                                                    "Spark Command:",
                                                    "OpenJDK 64-Bit Server VM warning",
                                                    "Java HotSpot(TM)"};

constexpr std::array<std::string_view, 11> kEarly{"NativeCodeLoader",
                                                  "SignalUtils",
                                                  "SparkSubmit",
                                                  "SparkConf",
                                                  "SparkHadoopUtil",
                                                  "DependencyUtils",
                                                  "HiveConf",
                                                  "RMProxy",
                                                  "DefaultNoHARMFailoverProxyProvider",
                                                  "SparkKubernetesClientFactory",
                                                  "SecurityManager"};

} // namespace

LogStart startOf(const LogLine &line)
{
    if (!line.record || line.message.empty())
        return LogStart::None;
    const std::string_view message = line.message;
    switch (message.front()) {
    case 'A':
        return message.starts_with("ApplicationAttemptId: ")
                       && speakerOf(shortLogger(line.logger)) == LogSpeaker::YarnMaster
                   ? LogStart::Master
                   : LogStart::None;
    case 'R':
        if (message.starts_with("Running Spark version ") && speakerOf(shortLogger(line.logger)) == LogSpeaker::Context)
            return LogStart::Context;
        [[fallthrough]];
    case 'S': {
        static constexpr std::array<std::string_view, 3> kSubmissions{"Requesting a new application from cluster",
                                                                      "Submitting application application_",
                                                                      "Submitted application application_"};
        return beginsWithOneOf(message, kSubmissions) && speakerOf(shortLogger(line.logger)) == LogSpeaker::YarnClient
                   ? LogStart::Submission
                   : LogStart::None;
    }
    case 'U':
        return message.starts_with("Unable to load native-hadoop library")
                       && shortLogger(line.logger) == "NativeCodeLoader"
                   ? LogStart::Process
                   : LogStart::None;
    default: return LogStart::None;
    }
}

bool isPrelude(const LogLine &line)
{
    if (!line.record)
        return beginsWithOneOf(line.text, kPrinted);
    const std::string_view name = shortLogger(line.logger);
    return isOneOf(name, kEarly)
           || (name == "Utils"
               && (line.message.starts_with("Your hostname") || line.message.starts_with("Set SPARK_LOCAL_IP")));
}

bool mayPrecedeStart(const LogLine &line)
{
    if (isPrelude(line))
        return true;
    return line.record && line.level < LogLevel::Error && !isOfShutdown(line)
           && speakerOf(shortLogger(line.logger)) == LogSpeaker::Other;
}

bool isOfShutdown(const LogLine &line)
{
    return line.record && shortLogger(line.logger) == "ShutdownHookManager";
}

} // namespace mulligan::ingest

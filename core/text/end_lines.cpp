#include "text/end_lines.hpp"

#include "text/log_line.hpp"
#include "text/signs.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

namespace mulligan::text
{

namespace
{

std::string_view withoutTail(std::string_view line, std::string_view bytes)
{
    return line.substr(0, line.find_last_not_of(bytes) + 1);
}

bool endsWithAny(std::string_view line, std::span<const std::string_view> ends)
{
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return line.ends_with(end); });
}

/// Whether a text ends with a word, in whatever case, that stands by itself or behind '_' ("final_state").
bool endsWithWord(std::string_view text, std::string_view word)
{
    if (text.size() < word.size())
        return false;
    const std::string_view end = text.substr(text.size() - word.size());
    const bool same = std::equal(end.begin(), end.end(), word.begin(), [](char byte, char wanted) {
        return std::tolower(static_cast<unsigned char>(byte)) == wanted;
    });
    return same
           && (text.size() == word.size() || !isWordByte(text[text.size() - word.size() - 1])
               || text[text.size() - word.size() - 1] == '_');
}

} // namespace

bool endsWithPlainCode(std::string_view line)
{
    static constexpr std::array<std::string_view, 12> kBefore = {
        "exit code",     "exit status", "return code", "exitCode",    "exited with", "returned code",
        "Error code is", "] Error",     "with code",   "with status", "status code", "exiting with ret"};
    while (!line.empty() && !isWordByte(line.back()))
        line.remove_suffix(1);
    std::size_t digits = line.size();
    while (digits > 0 && line[digits - 1] >= '0' && line[digits - 1] <= '9')
        --digits;
    const std::string_view code = line.substr(digits);
    if (code != "1" && code != "2" && code != "255")
        return false;
    line = withoutTail(line.substr(0, digits), " :=-'\"(");
    return endsWithAny(line, kBefore) || line == "exit" || line == "+ exit";
}

bool isStateOnly(std::string_view line)
{
    static constexpr std::array<std::string_view, 6> kStates = {"failed",  "failure", "error",
                                                                "failing", "fail",    "unstable"};
    static constexpr std::array<std::string_view, 10> kOf = {"result", "status", "state",   "outcome",    "finished",
                                                             "build",  "job",    "verdict", "conclusion", "final"};
    constexpr std::size_t kMostBytes = 80; // a longer line says of what, or why
    line = withoutTail(line, " \t\r.!='\"");
    if (line.empty() || line.size() > kMostBytes)
        return false;
    for (const std::string_view state : kStates) {
        if (!endsWithWord(line, state))
            continue;
        const std::string_view before = withoutTail(line.substr(0, line.size() - state.size()), " \t:='\"->");
        return std::any_of(kOf.begin(), kOf.end(), [&](std::string_view of) { return endsWithWord(before, of); });
    }
    return false;
}

bool isEndOfRule(std::string_view line)
{
    return (line.starts_with("Error in rule ") || line.starts_with("Error in group ")) && line.ends_with(':');
}

bool tellsOfAnEndOnly(std::string_view line)
{
    static constexpr auto kSigns = signList({"Cannot execute: ",
                                             "Bash command failed",
                                             "returned a failure",
                                             "returned non-zero exit status",
                                             "finished with failed status",
                                             "Failed to execute job ",
                                             "Task failed with exception",
                                             "Failed to execute task ",
                                             "Task is not able to be run",
                                             "SSH operator error: exit status",
                                             "command failed with exit code",
                                             "Finished in state Failed",
                                             "Encountered exception during execution",
                                             "Encountered an exception during execution",
                                             "Task instance in failure state",
                                             "marked build as failure",
                                             "Exiting because a job execution failed",
                                             "At least one job did not complete successfully",
                                             "port job failed!",
                                             "Steps failed: [",
                                             "Execution of step \"",
                                             "terminated with an error exit status",
                                             "Error executing process >",
                                             "BEGIN failed--compilation aborted",
                                             "error waiting for container: context canceled",
                                             "/object could not be transferred", // of gsutil
                                             "/objects could not be transferred",
                                             "!! End Error Captured by Flyte !!",
                                             "!! Begin User Error Captured by Flyte !!"});
    return endsWithPlainCode(line) || isStateOnly(line) || kSigns.standIn(line);
}

bool isWrapper(std::string_view exception)
{
    // The whole message, without what tells nothing behind it.
    static constexpr std::array<std::string_view, 14> kEnds = {"UndeclaredThrowableException",
                                                               "InvocationTargetException",
                                                               "InvocationTargetException: null",
                                                               "Exception thrown in awaitResult",
                                                               "ExecutionException",
                                                               "SparkException: Job aborted",
                                                               "Writing job aborted",
                                                               "Job execution failed",
                                                               "states failed",
                                                               "did not succeed",
                                                               "Tolerance exceeded in error handler",
                                                               "Task received SIGTERM signal",
                                                               "sub-exception", // of a group, whose members follow
                                                               "sub-exceptions"};
    static constexpr auto kSigns =
        signList({"Recovery is suppressed by ", "ExecuteUserScriptError", "FlyteUserRuntimeException",
                  "DagsterExecutionStepExecutionError", "please check failed map task logs",
                  "This task is not in success state", "An error occurred while calling ", "See root cause above",
                  "See stack trace (above) for the root cause", "See stack trace for root cause"});
    constexpr std::size_t kLooked = 400;
    exception = exception.substr(0, kLooked);
    if (exception.find(": HTTPDriver for ") != std::string_view::npos) // ClickHouse's answer follows
        return exception.find(" returned response code ") != std::string_view::npos;
    return endsWithAny(withoutTail(exception, " \t:.;)'\""), kEnds) || kSigns.standIn(exception);
}

} // namespace mulligan::text

#include "text/records.hpp"

#include "text/end_lines.hpp"
#include "text/exception_name.hpp"
#include "text/lines.hpp"
#include "text/log_line.hpp"
#include "text/passed_on.hpp"
#include "text/signs.hpp"
#include "text/task_attempts.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mulligan::text
{

namespace
{

// Few texts hold one of these, and every text comes by here.
constexpr std::array<std::string_view, 10> kSignsOfSuccess = {"SUCCE",
                                                              "Succeeded",
                                                              "return code 0",
                                                              "=success",
                                                              "Finished in state Completed",
                                                              " finished: ",
                                                              "made progress",
                                                              "Committed offsets",
                                                              " completed successfully",
                                                              "' done."};
constexpr std::span kSignsOfTheEnd = std::span(kSignsOfSuccess).first<5>();
constexpr std::span kSignsOfAStep = std::span(kSignsOfSuccess).last<5>();

/// A record is looked up this many lines back: longer traces are rare, and each match of a rule looks for its own.
constexpr int kMostLines = 400;
constexpr std::size_t kTailBytes = 8192;
/// Lines whose evidence is remembered: looking through more takes longer than working it out again.
constexpr std::size_t kMostKnown = 16;
/// MapReduce tasks that are looked for further on in a text: each takes a pass over it.
constexpr std::size_t kMostTasks = 64;

std::string_view lineFrom(std::string_view text, std::size_t begin)
{
    std::string_view line = text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

/// Losses that Spark makes up for, though it logs some of them as errors.
bool tellsOfALoss(std::string_view line)
{
    static constexpr auto kSigns =
        signList({"Lost executor", "Lost task", "Exception in task", "Container killed", "Container marked",
                  "Container from a bad node", "Removing executor", "remove executor", "due to fetch failure"});
    return kSigns.standIn(line);
}

/// The text between `before` and the first byte behind it that is no digit; empty where there is none.
std::string_view numberBehind(std::string_view line, std::string_view before)
{
    const std::size_t at = line.find(before);
    if (at == std::string_view::npos)
        return {};
    const std::string_view rest = line.substr(at + before.size());
    return rest.substr(0, std::min(rest.find_first_not_of("0123456789"), rest.size()));
}

/// Where a text says last that an attempt of a task finished ("Finished task 7.1 in stage 9.0"); 0: nowhere.
std::size_t lastFinished(std::string_view text, std::string_view task, std::string_view stage)
{
    const std::string finished = "Finished task " + std::string(task) + ".";
    const std::string inStage = " in stage " + std::string(stage) + ".";
    std::size_t last = 0; // forward, since looking backward compares byte by byte
    for (std::size_t at = text.find(finished); at != std::string_view::npos; at = text.find(finished, at + 1)) {
        const std::size_t end = text.find_first_not_of("0123456789", at + finished.size());
        if (end != std::string_view::npos && text.substr(end).starts_with(inStage))
            last = at;
    }
    return last;
}

/// Whether a task of MapReduce's says that it is done.
bool isTasksEnd(std::string_view line)
{
    return line.find("' done.") != std::string_view::npos && line.find(" Task 'attempt_") != std::string_view::npos;
}

/// Whether a text is at most one task's log of MapReduce's.
bool isOneTasks(std::string_view text)
{
    constexpr std::string_view kBegin = "YarnChild: Executing with tokens";
    const std::size_t first = text.find(kBegin);
    return text.find("MRAppMaster") == std::string_view::npos
           && (first == std::string_view::npos || text.find(kBegin, first + 1) == std::string_view::npos);
}

bool tellsOfTheEnd(std::string_view line)
{
    static constexpr auto kSigns =
        signList({"Final app status: SUCCEEDED", "final status: SUCCEEDED", "Marking task as SUCCESS",
                  "Task exited with return code 0", "phase: Succeeded", "final_state=SUCCESS", "final_state=success"});
    const std::size_t flow = line.find("Flow run '"); // of Prefect; its tasks say so too
    return kSigns.standIn(line)
           || (flow != std::string_view::npos
               && line.find("' - Finished in state Completed(", flow) != std::string_view::npos);
}

/// Whether Airflow says that a task was ended from outside: its process may end with code 0 then.
bool tellsOfInterruption(std::string_view line)
{
    static constexpr auto kSigns = signList({"Received SIGTERM. Terminating", "Task received SIGTERM signal",
                                             "Heartbeat time limit exceeded", "zombie job"});
    return kSigns.standIn(line);
}

/// What may stand behind the word of success only where that was not the end of it.
bool belies(std::string_view line)
{
    static constexpr auto kSigns = signList({"FAILED", "UP_FOR_RETRY", "final_state=failed"});
    if (kSigns.standIn(line) || tellsOfAnEndOnly(line))
        return true;
    const LogLevel level = logLevelOf(line);
    if (level == LogLevel::Low || (level == LogLevel::High && isBeside(line)) || isLoggersOwn(line, level))
        return false;
    return level == LogLevel::High || hasFailureWord(line);
}

/// Where the line behind the one at a place begins.
std::size_t nextLine(std::string_view text, std::size_t at)
{
    return std::min(text.find('\n', at), text.size()) + 1;
}

/// Whether nothing behind a MapReduce job's success tells of a failure but what Hadoop itself logs: the master's
/// farewell, and the logs of the job's tasks where a run was put together from its files.
bool isBeliedByHadoopAlone(std::string_view text)
{
    bool ofHadoop = true;
    for (std::size_t at = 0; at < text.size(); at = nextLine(text, at)) {
        const std::string_view whole = lineFrom(text, at);
        const std::string_view line = passedOn(whole);
        if (line.empty())
            continue;
        const bool indented = line.front() == ' ' || line.front() == '\t';
        const bool names = whole.find(" org.apache.hadoop.") != std::string_view::npos
                           || whole.find("attempt_") != std::string_view::npos; // of the job's own tasks
        if (names || (!indented && logLevelOf(line) != LogLevel::None) || !continuesRecord(line))
            ofHadoop = names;
        if (!ofHadoop && (belies(line) || line.starts_with("Failing Oozie Launcher")))
            return false;
    }
    return true;
}

/// Whether a line may tell that something went wrong for good, where nothing but the program's own last word says that
/// all went well: of plain lines more is doubted than `belies` does, and what no English word can be told of. Words
/// lack a first letter that may be a capital.
bool raisesDoubt(std::string_view line)
{
    static constexpr auto kWords = signList({"o such", "fault", "reset", "violat", "uplicate", "eadlock", "issing",
                                             "verflow", "hrottl", "onflict", "ismatch", "rong", "bad "});
    const LogLevel level = logLevelOf(line);
    if (belies(line) || level == LogLevel::High)
        return true;
    const auto foreign = [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; };
    return level == LogLevel::None && (kWords.standIn(line) || std::any_of(line.begin(), line.end(), foreign));
}

/// What a program says last, without the lines of the hooks that run while its JVM ends.
std::string_view lastWord(std::string_view text)
{
    for (std::size_t end = text.size();;) {
        const std::size_t last = text.substr(0, end).find_last_not_of(" \t\r\n.!");
        if (last == std::string_view::npos)
            return {};
        const std::size_t begin = lineBegin(text, last);
        const std::string_view line = text.substr(begin, last + 1 - begin);
        if (line.find("ShutdownHookManager: ") == std::string_view::npos)
            return line;
        end = begin;
    }
}

/// Whether a line that ends with a word of success tells what is to come ("retry when the backup is completed").
bool isYetToCome(std::string_view line, std::string_view lastWord)
{
    static constexpr std::array<std::string_view, 4> kVerbs = {" is ", " are ", " be ", " not "};
    static constexpr auto kSigns = signList({"must ", "until ", "unless "});
    const std::string_view before = line.substr(0, line.size() - lastWord.size());
    return std::any_of(kVerbs.begin(), kVerbs.end(), [&](std::string_view verb) { return before.ends_with(verb); })
           || kSigns.standIn(before);
}

/// Whether a line says of a program that it came to its end in order.
bool saysDone(std::string_view line)
{
    static constexpr std::array<std::string_view, 6> kDone = {"finished", "completed",    "done",
                                                              "success",  "successfully", "succeeded"};
    if (line.find("SparkContext: Successfully stopped SparkContext") != std::string_view::npos)
        return true;
    return std::any_of(kDone.begin(), kDone.end(),
                       [&](std::string_view word) { return line.ends_with(word) && !isYetToCome(line, word); })
           && !hasFailureWord(line);
}

} // namespace

bool continuesRecord(std::string_view line)
{
    const bool indented = line.front() == ' ' || line.front() == '\t';
    if (indented || line.starts_with("Caused by: ") || line.starts_with("Traceback ") || line.starts_with("..."))
        return true;
    const std::size_t end =
        std::find_if_not(line.begin(), line.end(), [](char byte) { return isWordByte(byte) || byte == '.'; })
        - line.begin();
    return exceptionIn(line.substr(0, end), 0).has_value();
}

std::optional<Span> successAtEnd(std::string_view text)
{
    if (const auto success = jobsSuccess(text); success && isBeliedByHadoopAlone(text.substr(success->end)))
        return success;
    const std::size_t from = text.size() > kTailBytes ? lineBegin(text, text.size() - kTailBytes) : 0;
    const std::string_view tail = text.substr(from);
    // The master of an application whose driver runs elsewhere says so whatever became of the driver, and a task whose
    // state was set from outside ends by itself.
    static constexpr std::array<std::string_view, 4> kDoubts = {"Driver terminated or disconnected",
                                                                "externally set to", "Marking task as FAILED",
                                                                "Marking task as UP_FOR_RETRY"};
    if (!holdsAny(tail, kSignsOfTheEnd) || holdsAny(tail, kDoubts))
        return std::nullopt;
    std::optional<Span> found;
    bool interrupted = false;
    for (std::size_t at = from; at < text.size(); at = nextLine(text, at)) {
        const std::string_view line = lineFrom(text, at);
        interrupted = (interrupted || tellsOfInterruption(line))
                      && line.find("Marking task as SUCCESS") == std::string_view::npos;
        if (tellsOfTheEnd(line) && !interrupted)
            found = Span{at, at + line.size()};
        else if (found && belies(passedOn(line)))
            found.reset();
    }
    return found;
}

std::optional<model::Evidence> Records::evidenceAt(std::size_t place)
{
    if (const auto &[part, told] = m_retold; place >= part.begin && place < part.end)
        place = told;
    const std::size_t begin = lineBegin(m_text, std::min(place, m_text.size()));
    const auto known =
        std::find_if(m_known.begin(), m_known.end(), [&](const auto &line) { return line.first == begin; });
    if (known != m_known.end())
        return known->second;
    const auto evidence = evidenceOfLine(begin);
    if (m_known.size() < kMostKnown)
        m_known.emplace_back(begin, evidence);
    return evidence;
}

std::optional<model::Evidence> Records::evidenceOfLine(std::size_t begin)
{
    using model::Evidence;
    int traces = 0;     // that begin between here and the head of the record
    int tracebacks = 0; // of those Python's
    for (int lines = 0; lines < kMostLines; ++lines) {
        const std::string_view line = passedOn(lineFrom(m_text, begin));
        if (line.empty())
            return Evidence::Failure;
        const bool indented = line.front() == ' ' || line.front() == '\t';
        const LogLevel level = indented ? LogLevel::None : logLevelOf(line);
        if (isLoggersOwn(line, level))
            return lines == 0 || (isFollowedByTrace(line) && traces == 1) ? std::nullopt
                                                                          : std::optional(Evidence::Failure);
        traces += !indented && !line.starts_with("Caused by: ") ? 1 : 0;
        tracebacks += line.starts_with("Traceback ") ? 1 : 0;
        if (level == LogLevel::None && beginsBeside(line)) {
            const bool own = lines == 0 || (tracebacks <= 1 && !isNoticeOfRetry(line));
            return begin < lastSuccess() ? std::nullopt : std::optional(own ? Evidence::Beside : Evidence::Failure);
        }
        if (level != LogLevel::None) {
            const bool beside = isBeside(line) && (lines == 0 || !isNoticeOfRetry(line));
            if ((beside || level == LogLevel::Low || tellsOfALoss(line))
                && (begin < lastSuccess() || isDoneAgain(line, begin)))
                return std::nullopt;
            // What the program ended with may stand right behind the record's own trace.
            const bool traceAlone = traces == 1 || (traces == 2 && tracebacks == 0 && line.ends_with("call last):"));
            if (level == LogLevel::Low && traceAlone && isOutlived(line, begin))
                return std::nullopt;
            // What follows a line of information may as well be what another program printed.
            const bool information = lines == 0 && isInformation(line);
            return beside ? Evidence::Beside : information ? Evidence::Information : Evidence::Failure;
        }
        // Before a job came to its end a record is all up to the next: nothing that was printed meanwhile ended it.
        if (begin == 0 || (!continuesRecord(line) && begin >= lastSuccess() && !isOfAnAttempt(begin)))
            return Evidence::Failure;
        begin = lineBegin(m_text, begin - 1);
    }
    return Evidence::Failure;
}

/// Whether a line tells of the loss of a task ("Lost task 7.0 in stage 9.0") that another attempt finished later.
bool Records::isDoneAgain(std::string_view line, std::size_t begin)
{
    if (const std::string_view failed = failedTaskOf(line); !failed.empty())
        return isMadeUpForLater(failed, begin);
    const std::string_view lost = numberBehind(line, "Lost task ");
    const std::string_view task = lost.empty() ? numberBehind(line, "Exception in task ") : lost;
    const std::string_view stage = numberBehind(line, " in stage ");
    if (task.empty() || stage.empty())
        return false;
    const auto [known, added] = m_finished.try_emplace({task, stage}, 0);
    if (added)
        known->second = lastFinished(m_text, task, stage);
    return begin < known->second;
}

bool Records::isMadeUpForLater(std::string_view task, std::size_t begin)
{
    const auto known = m_madeUpFor.find(task);
    if (known != m_madeUpFor.end())
        return known->second;
    if (m_madeUpFor.size() == kMostTasks)
        return false;
    return m_madeUpFor.emplace(task, isMadeUpFor(task, m_text.substr(begin))).first->second;
}

/// Whether a line without a level is what a MapReduce task's attempt died of: all up to an empty line.
bool Records::isOfAnAttempt(std::size_t begin)
{
    constexpr int kMostOfAnAttempt = 60;
    if (!m_mayHoldAttempts)
        m_mayHoldAttempts = m_text.find("attempt_") != std::string_view::npos;
    for (int lines = 0; *m_mayHoldAttempts && begin > 0 && lines < kMostOfAnAttempt; ++lines) {
        begin = lineBegin(m_text, begin - 1);
        const std::string_view line = passedOn(lineFrom(m_text, begin));
        if (line.empty() || logLevelOf(line) != LogLevel::None)
            return !line.empty() && !failedTaskOf(line).empty();
    }
    return false;
}

/// Whether a line tells of the loss of a task that is not what a job was aborted for later.
bool Records::isOutlived(std::string_view line, std::size_t begin)
{
    if (line.find("Lost task ") == std::string_view::npos)
        return false;
    if (!m_aborted)
        m_aborted.emplace(m_text);
    return m_aborted->outlivedLossIn(line, begin);
}

std::size_t Records::lastSuccess()
{
    if (m_lastSuccess)
        return *m_lastSuccess;
    m_lastSuccess = 0;
    if (!m_mayTellOfSuccess || !holdsAny(m_text, kSignsOfAStep))
        return 0;
    std::optional<bool> oneTasks;
    for (std::size_t end = m_text.size(); end > 0;) {
        const std::size_t begin = lineBegin(m_text, end - 1);
        const std::string_view line = m_text.substr(begin, end - begin);
        const bool tasks = isTasksEnd(line);
        if (tasks && !oneTasks)
            oneTasks = isOneTasks(m_text);
        if (tellsOfSuccess(line) || (tasks && *oneTasks)) {
            m_lastSuccess = begin;
            break;
        }
        end = begin == 0 ? 0 : begin - 1;
    }
    return *m_lastSuccess;
}

/// Whether no line that may tell of a failure does.
bool Records::raiseNoDoubt()
{
    for (std::size_t at = 0; at < m_text.size(); at = nextLine(m_text, at))
        if (raisesDoubt(passedOn(lineFrom(m_text, at))) && evidenceAt(at) == model::Evidence::Failure)
            return false;
    return true;
}

std::span<const std::string_view> Records::signsOfSuccess()
{
    return kSignsOfSuccess;
}

bool Records::holdsSignOfSuccess(std::string_view text)
{
    return holdsAny(text, kSignsOfSuccess);
}

void Records::holdsNoSignOfSuccess()
{
    m_mayTellOfSuccess = false;
}

bool Records::endWell()
{
    if (!m_endWell)
        m_endWell =
            (m_mayTellOfSuccess && successAtEnd(m_text).has_value()) || (saysDone(lastWord(m_text)) && raiseNoDoubt());
    return *m_endWell;
}

} // namespace mulligan::text

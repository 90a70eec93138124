#include "text/cause_finder.hpp"

#include "text/end_lines.hpp"
#include "text/exception_name.hpp"
#include "text/lines.hpp"
#include "text/passed_on.hpp"
#include "text/plain_lines.hpp"
#include "text/task_attempts.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::text
{

namespace
{

/// Longer lines are looked at up to here: a whole plan or record on one line says nothing more about its beginning.
constexpr std::size_t kMaxLineBytes = 16384;
constexpr std::string_view kTraceback = "Traceback (most recent call last)";

/// Whether a line is an exception rather than a frame's code, where a paste has lost all indentation.
bool beginsWithName(std::string_view line)
{
    const std::size_t end =
        std::find_if_not(line.begin(), line.end(), [](char byte) { return isWordByte(byte) || byte == '.'; })
        - line.begin();
    return (end > 0 && line.substr(end, 2) == ": ") || (end == line.size() && exceptionAt(line, 0))
           || line == "Message:";
}

/// Whether a line may state its level as a field: `{"level":"error",…}`, `time=… level=error msg=…`, "ERRO[0012] ",
/// "E0501 10:00:00.000000 …". Those begin with few bytes, and every line comes by here.
bool mayStateField(std::string_view line)
{
    const char first = line.front();
    const bool klog = (first == 'E' || first == 'F') && line.size() > 1 && line[1] >= '0' && line[1] <= '9';
    return first == '{' || klog || line.starts_with("time=") || line.starts_with("level=") || line.starts_with("ERRO[")
           || line.starts_with("FATA[");
}

/// The level of a line, also of errors that are marked as such by a field. What is marked as information so may be an
/// engine's word on what failed.
LogLevel levelOf(std::string_view line)
{
    const LogLevel level = logLevelOf(line);
    if (level != LogLevel::None || !mayStateField(line))
        return level;
    return lineMarkOf(line) == LineMark::Error ? LogLevel::High : LogLevel::None;
}

/// Whether a task was lost with its executor, and the line does not say of what that was lost.
bool isExecutorsEndAlone(std::string_view line)
{
    constexpr std::string_view kReason = ") Reason: ";
    const std::size_t lost = line.find("ExecutorLostFailure (");
    const std::size_t reason = lost == std::string_view::npos ? 0 : line.find(kReason, lost);
    return lost != std::string_view::npos
           && (reason == std::string_view::npos || line.size() == reason + kReason.size());
}

} // namespace

bool isFrame(std::string_view line)
{
    const std::size_t text = line.find_first_not_of(" \t");
    if (text == std::string_view::npos)
        return false;
    const std::string_view rest = line.substr(text);
    if (text == 0) // Airflow 3 writes `File "a.py", line 9 in load`
        return rest.starts_with("File \"") && rest.find("\", line ") != std::string_view::npos;
    return rest.starts_with("at ") || rest.starts_with("... ") || rest.starts_with("File \"");
}

CauseFinder::CauseFinder(std::string_view text, int quoted)
    : m_text(text), m_quoted(quoted), m_records(text), m_attempts(text.find("attempt_") != std::string_view::npos),
      m_aborted(text)
{
}

CauseFinder::CauseFinder(const PlainLines &lines) : CauseFinder(lines.text)
{
    m_lines = &lines;
}

Anchor CauseFinder::find()
{
    for (std::size_t at = 0; at < m_text.size();) {
        const std::size_t begin = at;
        const std::size_t newline = m_text.find('\n', at);
        const std::size_t end = newline == std::string_view::npos ? m_text.size() : newline;
        std::string_view line = m_text.substr(at, std::min(end - at, kMaxLineBytes));
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        // What a task runner passes on is judged as the line that it was.
        const std::string_view own = passedOn(line);
        notePassing(line, own, begin);
        noteGroup(line, own);
        at = std::max(end + 1, readDocument(own, at + (line.size() - own.size())));
        if (at > end + 1)
            continue;
        if (own.find_first_not_of(" \t") != std::string_view::npos)
            readLine(own, begin + (line.size() - own.size()));
        else
            m_passed = Passed::Nothing;
    }
    return best();
}

Anchor CauseFinder::best()
{
    for (Anchor *found : {&m_cause, &m_telling})
        if (found->strength > kNone && !m_records.evidenceAt(found->begin))
            found->strength = kNone;
    const bool little = m_cause.strength <= kEnd || (m_cause.strength == kWrapper && m_causeHead != m_telling.begin);
    const int enough = little ? 2 : 3; // what an error line must tell to go before it
    if (m_cause.strength <= kEnd && m_telling.strength < enough && m_saidBeforeEnd)
        return withMessage(*m_saidBeforeEnd);
    if (m_cause.strength >= kBare || (m_cause.strength > kNone && m_telling.strength < enough))
        return m_cause;
    if (m_telling.strength > 0)
        return m_telling;
    // Logs end with harmless lines of their own ("INFO ShutdownHookManager: …"), after what the job itself said last.
    return withMessage(m_sawPlain ? m_lastPlain : m_lastLine);
}

void CauseFinder::readLine(std::string_view line, std::size_t at)
{
    if (isFrame(line)) {
        m_passedFrame = true;
        if (m_passed != Passed::Nothing)
            return;
        m_sawPythonFrame = m_inTraceback;
        m_flatTrace = m_inTraceback && indentOf(line) <= m_traceIndent;
        m_inAttempts = false;
        readClassBefore(line);
        m_inFrames = true;
        notePlain(line, at, LogLevel::None);
        return;
    }
    m_inFrames = false;
    LogLevel level = levelOf(line);
    if (level == LogLevel::Low && m_aborted.areLostIn(line) && !isExecutorsEndAlone(line))
        level = LogLevel::High; // it was not got over
    if (!isPassedOver(line, at, level))
        read(line, at, level);
}

/// Whether a line is part of what fails no job: the logging's own trouble, attempts of tasks that were made up for, and
/// losses of tasks that the job was not aborted for.
bool CauseFinder::isPassedOver(std::string_view line, std::size_t at, LogLevel level)
{
    if (isLoggersOwn(line, level)) {
        m_passed = isFollowedByTrace(line) ? Passed::Trace : Passed::Nothing;
        m_passedFrame = false;
        m_lastLine = at;
        return true;
    }
    if (level != LogLevel::None) {
        m_head = at;
        const bool attempt = m_attempts && !failedTaskOf(line).empty() && !m_records.evidenceAt(at);
        const bool loss = level == LogLevel::Low && m_aborted.outlivedLossIn(line, at);
        m_passed = attempt ? Passed::Attempt : loss ? Passed::Trace : Passed::Nothing;
        m_passedFrame = loss; // its exception stands on the line itself, so that another one is another record
        m_lastLine = loss ? at : m_lastLine;
        return attempt || loss;
    }
    const bool cause = line.starts_with("Caused by: ") || isIndented(line);
    if (m_passed == Passed::Trace && !cause && (m_passedFrame || !continuesRecord(line)))
        m_passed = Passed::Nothing;
    return m_passed != Passed::Nothing;
}

void CauseFinder::read(std::string_view line, std::size_t at, LogLevel level)
{
    noteBeside(line, level);
    if (level == LogLevel::Low && tellsOfSuccess(line))
        forgive();
    notePlain(line, at, level);
    const bool classNext = std::exchange(m_classNext, line.ends_with("exception:"));
    const std::size_t traceback = line.find(kTraceback);
    if (readNamedNext(line, at, level) || ((m_answerNext || line.back() == ':') && readAnswer(line, at))
        || readEscaped(line, at, traceback, level) || (line.front() == '<' && readClassAlone(line, at, classNext))
        || readOtherLanguages(line, at) || readAttempts(line, at) || readTraceback(line, at, level, traceback))
        return;
    if (!m_inTraceback)
        noteException(line, at, level);
    noteTelling(line, at, level);
}

void CauseFinder::noteBeside(std::string_view line, LogLevel level)
{
    if (level != LogLevel::None) // information counts for little anyhow, and most lines are that
        m_beside = (level == LogLevel::High || !isInformation(line)) && isBeside(line);
    else if (beginsBeside(line))
        m_beside = true;
    else if (m_beside && isLinkOfChain(line))
        m_besideTold = false;
    else if (m_beside && !m_inTraceback)
        m_beside = continuesRecord(line) && (!m_besideTold || isIndented(line));
    if (m_beside && (level != LogLevel::None || beginsBeside(line)))
        m_besideTold = isNoticeOfRetry(line);
}

/// What went wrong before a job came to its end was got over.
void CauseFinder::forgive()
{
    m_cause.strength = std::min<int>(m_cause.strength, kEnd);
    m_telling.strength = std::min(m_telling.strength, 1);
    m_sawPlain = false;
}

/// Remembers the last line, and the last one that no logger marks as harmless. An indented line goes on with the record
/// before it.
void CauseFinder::notePlain(std::string_view line, std::size_t at, LogLevel level)
{
    m_lastLine = at;
    const bool indented = isIndented(line);
    if (!indented || level != LogLevel::None)
        m_inHarmless = level == LogLevel::Low || (mayStateField(line) && lineMarkOf(line) == LineMark::Information);
    const bool ends = level == LogLevel::None || m_saidByChild;
    if (ends && m_said && (endsWithPlainCode(line) || isStateOnly(line) || isEndOfRule(line)))
        m_saidBeforeEnd = std::exchange(m_said, std::nullopt);
    if (m_inHarmless || m_beside || m_ofRunner || isChatter(line) || tellsOfAnEndOnly(line))
        return;
    m_lastPlain = at;
    m_sawPlain = true;
    if (!indented && !m_inTraceback && !line.starts_with("Traceback ")) {
        m_said = at;
        m_saidByChild = m_passedOn;
    }
}

/// Tracebacks of Python, also indented ones: the line that ends one is the exception. True when nothing else is to be
/// looked for in the line.
bool CauseFinder::readTraceback(std::string_view line, std::size_t at, LogLevel level, std::size_t begin)
{
    if (begin != std::string_view::npos) {
        m_inTraceback = true;
        m_sawPythonFrame = m_flatTrace = false;
        m_traceIndent = begin == indentOf(line) ? begin : 0;
        noteException(line, at, level); // the JVM's wrapper of a Python error stands on the same line
        return true;
    }
    const std::size_t indent = indentOf(line);
    const std::string_view words = line.substr(indent);
    if (words.starts_with("The above exception was the direct cause")) {
        m_keepEarlier = m_cause.strength > kNone; // `raise … from …`: the first one is the deeper
        return true;
    }
    if (!m_inTraceback)
        return false;
    const bool named = beginsWithName(words);
    if (level != LogLevel::None && !named) // it broke off, and another record begins
        m_inTraceback = false;
    if (!m_inTraceback || indent > m_traceIndent || (m_flatTrace && !named))
        return false;
    if (words == "Message:") { // Flyte puts the exception below it
        m_inTraceback = false;
        m_namedNext = true;
        return true;
    }
    endTraceback(words, at + indent);
    return true;
}

void CauseFinder::endTraceback(std::string_view line, std::size_t at)
{
    m_inTraceback = false;
    m_besideTold = m_beside; // another traceback is another record
    const bool kept = m_keepEarlier;
    m_keepEarlier = false;
    if (kept)
        return;
    std::size_t nameEnd = 0;
    while (nameEnd < line.size() && (isWordByte(line[nameEnd]) || line[nameEnd] == '.'))
        ++nameEnd;
    const bool named = nameEnd > 0 && (nameEnd == line.size() || line[nameEnd] == ':');
    if (named || m_sawPythonFrame)
        offerException(line, at, 0, named ? line.substr(0, nameEnd) : std::string_view(), LogLevel::None);
}

/// An exception that stands where only one can, so that any name will do: below "Task failed with exception" of Airflow
/// 3 ("UniqueViolation: …"), and below "Message:" of Flyte.
bool CauseFinder::readNamedNext(std::string_view line, std::size_t at, LogLevel level)
{
    const bool named = std::exchange(m_namedNext, line.ends_with("Task failed with exception"));
    if (!named || level != LogLevel::None || line.find(kTraceback) != std::string_view::npos)
        return false;
    m_sawPythonFrame = false;
    const std::size_t indent = indentOf(line);
    endTraceback(line.substr(indent), at + indent);
    return true;
}

/// How much an exception counts that begins somewhere in a line.
int CauseFinder::strengthOf(std::string_view line, std::string_view exception, LogLevel level) const
{
    if (m_beside || tellsOfAnEndOnly(line))
        return kEnd;
    if (isWrapper(exception) || (m_aborted.areTold() && abortsWithoutReason(exception)))
        return kWrapper;
    return level == LogLevel::Low ? kLow : isAftermath(line) ? kAftermath : kCause;
}

void CauseFinder::noteException(std::string_view line, std::size_t at, LogLevel level)
{
    if (line.starts_with("Caused by: ")) {
        const auto found = exceptionAt(line, 11);
        return offerException(line, at, 11, found ? found->name : std::string_view(), LogLevel::None);
    }
    std::optional<ExceptionName> found = exceptionIn(line, 0);
    if (const auto thrown = thrownInThread(line); thrown && (!found || found->begin > thrown->begin))
        found = thrown;
    if (!found)
        return;
    // "Job aborted due to stage failure: … Lost task 1.3 in stage 2.0 (TID 9, host, executor 1): java.…": the inner
    // one.
    if (const std::size_t lost = line.find("Lost task "); lost != std::string_view::npos)
        if (const std::size_t close = line.find("): ", lost); close != std::string_view::npos)
            if (const auto inner = exceptionAt(line, close + 3))
                found = inner;
    // .NET names the inner exception behind the outer one.
    constexpr std::string_view kInner = "---> ";
    if (const std::size_t arrow = line.rfind(kInner); arrow != std::string_view::npos)
        if (const auto inner = exceptionIn(line, arrow + kInner.size()))
            return offerException(line, at, inner->begin, inner->name, level);
    const bool heads = found->begin == indentOf(line) || line.starts_with(": ")
                       || line.starts_with("Unhandled exception. ") || line.starts_with("Exception in thread")
                       || line.starts_with("Job aborted") || level != LogLevel::None
                       || line.substr(0, found->begin).ends_with(": ")
                       || line.substr(0, found->begin).ends_with("failed with message ["); // of Dataproc
    if (heads)
        offerException(line, at, found->begin, found->name, level);
}

/// Offers the exception that begins at a place of a line, or the one that it holds, unless that only follows from the
/// failure ("FetchFailedException: java.nio.channels.ClosedChannelException").
void CauseFinder::offerException(std::string_view line, std::size_t at, std::size_t begin, std::string_view name,
                                 LogLevel level)
{
    const ExceptionName outer{begin, name};
    const ExceptionName inner = name.empty() ? outer : innermostException(line, outer);
    const ExceptionName &told = isAftermath(inner.name) ? outer : inner;
    const int strength = strengthOf(line, line.substr(told.begin), level);
    offer({at + told.begin, told.name, std::min(strength, strengthBelow(line.substr(told.begin), at + told.begin))});
    if (m_said && m_saidByChild && tellsOfAnEndOnly(line))
        m_saidBeforeEnd = std::exchange(m_said, std::nullopt);
}

/// How much an exception counts by what stands below it, where that is its message.
int CauseFinder::strengthBelow(std::string_view exception, std::size_t at) const
{
    const std::size_t newline = m_text.find('\n', at);
    if (newline == std::string_view::npos || !isHeadAlone(exception))
        return kCause;
    const std::string_view rest = m_text.substr(newline + 1, kMaxLineBytes);
    const std::string_view below = passedOn(rest.substr(0, rest.find('\n')));
    if (tellsOfAnEndOnly(below))
        return kEnd;
    const std::size_t indent = indentOf(below);
    return exceptionAt(below, indent) ? kWrapper : kCause;
}

void CauseFinder::noteTelling(std::string_view line, std::size_t at, LogLevel level)
{
    const int score = m_beside ? 0 : tellingness(line, level);
    if (score > m_telling.strength)
        m_telling = {at, {}, score}; // of equals the first: what comes later follows from it
}

/// Whether a runner passes on what its child says. Where it names the child's container, lines without are its own.
void CauseFinder::notePassing(std::string_view line, std::string_view own, std::size_t at)
{
    Speaker speaker = Speaker::Itself;
    if (m_lines != nullptr) {
        while (m_nextPiece < m_lines->pieces.size() && m_lines->pieces[m_nextPiece].begin <= at)
            ++m_nextPiece;
        speaker = m_nextPiece == 0 ? speaker : m_lines->pieces[m_nextPiece - 1].speaker;
    }
    m_passedOn = own.size() < line.size() || speaker != Speaker::Itself;
    const bool container = speaker == Speaker::Container || (m_passedOn && isOfContainer(line, own));
    m_containers = m_containers || container;
    m_ofRunner = m_passedOn && m_containers && !container;
}

/// Keeps count of the members of a group of exceptions, which Python draws one below the other: the first is the cause.
void CauseFinder::noteGroup(std::string_view line, std::string_view own)
{
    if (const int member = memberOfGroup(own); member > 0)
        m_otherMember = m_otherMember || member > 1;
    else if (m_otherMember && !own.empty())
        m_otherMember = isOfGroup(line, own) || member == 0;
}

void CauseFinder::offer(const Anchor &anchor)
{
    if (anchor.strength < m_cause.strength || (m_otherMember && anchor.strength == m_cause.strength))
        return;
    m_cause = anchor;
    m_causeHead = m_head;
}

} // namespace mulligan::text

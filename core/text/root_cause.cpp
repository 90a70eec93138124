#include "text/root_cause.hpp"

#include "base/rng.hpp"
#include "text/exception_name.hpp"
#include "text/log_line.hpp"
#include "text/passed_on.hpp"
#include "text/records.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kMaxCauseBytes = 4096;
constexpr int kFrames = 8;
/// Longer lines are looked at up to here: a whole plan or record on one line says nothing more about its beginning.
constexpr std::size_t kMaxLineBytes = 16384;

bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

bool isFrame(std::string_view line)
{
    const std::size_t text = line.find_first_not_of(" \t");
    if (text == 0 || text == std::string_view::npos)
        return false;
    const std::string_view rest = line.substr(text);
    return startsWith(rest, "at ") || startsWith(rest, "... ") || startsWith(rest, "File \"");
}

/// How much an exception says of the failure.
enum Strength {
    kNone = 0,
    kEnd = 1,       ///< another program ended, or it happened beside the work
    kLow = 2,       ///< logged as a warning or below
    kAftermath = 3, ///< follows from a failure elsewhere
    kBare = 4,      ///< an error without a name
    kCause = 5,
};

/// Where the cause begins, as far as the text has been read.
struct Anchor {
    std::size_t begin = 0;
    std::string_view name;
    int strength = kNone; ///< a later one as strong replaces it
};

class Finder
{
public:
    explicit Finder(std::string_view text) : m_text(text) {}

    Anchor find()
    {
        for (std::size_t at = 0; at < m_text.size();) {
            const std::size_t newline = m_text.find('\n', at);
            const std::size_t end = newline == std::string_view::npos ? m_text.size() : newline;
            std::string_view line = m_text.substr(at, std::min(end - at, kMaxLineBytes));
            if (!line.empty() && line.back() == '\r')
                line.remove_suffix(1);
            // What a task runner passes on is judged as the line that it was.
            const std::string_view own = passedOn(line);
            if (own.find_first_not_of(" \t") != std::string_view::npos)
                read(own, at + (line.size() - own.size()));
            at = end + 1;
        }
        Records records(m_text);
        for (Anchor *found : {&m_cause, &m_telling})
            if (found->strength > kNone && !records.evidenceAt(found->begin))
                found->strength = kNone;
        const int enough = m_cause.strength == kEnd ? 2 : 3; // what an error line must tell to go before it
        if (m_cause.strength <= kEnd && m_telling.strength < enough && m_saidBeforeEnd)
            return {*m_saidBeforeEnd, {}, kNone};
        if (m_cause.strength >= kBare || (m_cause.strength > kNone && m_telling.strength < enough))
            return m_cause;
        if (m_telling.strength > 0)
            return m_telling;
        // Logs end with harmless lines of their own ("INFO ShutdownHookManager: …"), after what the job itself said
        // last.
        return {m_sawPlain ? m_lastPlain : m_lastLine, {}, 0};
    }

private:
    void read(std::string_view line, std::size_t at)
    {
        if (isFrame(line)) {
            m_sawPythonFrame = m_inTraceback;
            notePlain(line, at, LogLevel::None);
            return;
        }
        const LogLevel level = logLevelOf(line);
        if (level != LogLevel::None) // information counts for little anyhow, and most lines are that
            m_beside = (level == LogLevel::High || !isInformation(line)) && isBeside(line);
        else if (startsWith(line, "Exception ignored in") || startsWith(line, "log4j:"))
            m_beside = true;
        else if (m_beside && !m_inTraceback)
            m_beside = continuesRecord(line);
        if (level == LogLevel::Low && tellsOfSuccess(line))
            forgive();
        notePlain(line, at, level);
        if (readOtherLanguages(line, at))
            return;
        if (line.find("Traceback (most recent call last)") != std::string_view::npos) {
            m_inTraceback = true;
            m_sawPythonFrame = false;
            noteException(line, at, level); // the JVM's wrapper of a Python error stands on the same line
            return;
        }
        if (startsWith(line, "The above exception was the direct cause")) {
            m_keepEarlier = m_cause.strength > 0; // `raise … from …`: the first one is the deeper
            return;
        }
        if (m_inTraceback && line.front() != ' ' && line.front() != '\t') {
            endTraceback(line, at);
            return;
        }
        if (!m_inTraceback)
            noteException(line, at, level);
        noteTelling(line, at, level);
    }

    /// What went wrong before a job came to its end was got over.
    void forgive()
    {
        m_cause.strength = std::min<int>(m_cause.strength, kEnd);
        m_telling.strength = std::min(m_telling.strength, 1);
        m_sawPlain = false;
    }

    /// Remembers the last line, and the last one that no logger marks as harmless. An indented line goes on with the
    /// record before it.
    void notePlain(std::string_view line, std::size_t at, LogLevel level)
    {
        m_lastLine = at;
        const bool indented = line.front() == ' ' || line.front() == '\t';
        if (!indented || level != LogLevel::None)
            m_inHarmless = level == LogLevel::Low;
        if (level == LogLevel::None && m_said && endsWithPlainCode(line))
            m_saidBeforeEnd = std::exchange(m_said, std::nullopt);
        if (m_inHarmless || m_beside || isChatter(line) || tellsOfAnEndOnly(line))
            return;
        m_lastPlain = at;
        m_sawPlain = true;
        if (!indented && !m_inTraceback && !startsWith(line, "Traceback "))
            m_said = at;
    }

    void endTraceback(std::string_view line, std::size_t at)
    {
        m_inTraceback = false;
        const bool kept = m_keepEarlier;
        m_keepEarlier = false;
        if (kept)
            return;
        std::size_t nameEnd = 0;
        while (nameEnd < line.size() && (isWordByte(line[nameEnd]) || line[nameEnd] == '.'))
            ++nameEnd;
        const bool named = nameEnd > 0 && (nameEnd == line.size() || line[nameEnd] == ':');
        if (named || m_sawPythonFrame)
            offer({at, named ? line.substr(0, nameEnd) : std::string_view(), strengthOf(line, LogLevel::None)});
    }

    /// What programs in Go, Rust, Node.js and .NET end with; true when nothing else is to be looked for in the line.
    bool readOtherLanguages(std::string_view line, std::size_t at)
    {
        if (m_panicNext) { // Rust puts the message on a line of its own
            m_panicNext = false;
            offer({at, {}, kCause});
            return true;
        }
        if (m_inChain && (line.front() == ' ' || line.front() == '\t')) { // "    1: No such file or directory"
            std::size_t text = line.find_first_not_of(" \t0123456789");
            text = text != std::string_view::npos && line.substr(text, 2) == ": " ? text + 2
                                                                                  : line.find_first_not_of(" \t");
            if (text < line.size())
                offer({at + text, {}, kCause});
            return true;
        }
        m_inChain = line == "Caused by:";
        for (const std::string_view begin : {"panic: ", "fatal error: "})
            if (startsWith(line, begin) && line.size() > begin.size())
                return offer({at + begin.size(), {}, kCause}), true;
        if (startsWith(line, "thread '"))
            return readPanic(line, at);
        if (startsWith(line, "Error: ") && line.size() > 7)
            offer({at, {}, m_beside || tellsOfAnEndOnly(line) ? kEnd : kBare});
        return false;
    }

    /// "thread 'main' panicked at src/a.rs:1:2:", the message on the next line, or before Rust 1.73 "… panicked at
    /// 'message', src/a.rs:1:2".
    bool readPanic(std::string_view line, std::size_t at)
    {
        constexpr std::string_view kPanicked = "' panicked at ";
        const std::size_t panicked = line.find(kPanicked);
        if (panicked == std::string_view::npos)
            return false;
        const std::size_t message = panicked + kPanicked.size();
        m_panicNext = line.back() == ':';
        const std::size_t said = message + (startsWith(line.substr(message), "'") ? 1 : 0);
        if (!m_panicNext && said < line.size())
            offer({at + said, {}, kCause});
        return true;
    }

    /// How much an exception in a line counts.
    [[nodiscard]] int strengthOf(std::string_view line, LogLevel level) const
    {
        if (m_beside || tellsOfAnEndOnly(line))
            return kEnd;
        return level == LogLevel::Low ? kLow : isAftermath(line) ? kAftermath : kCause;
    }

    void noteException(std::string_view line, std::size_t at, LogLevel level)
    {
        const bool causedBy = startsWith(line, "Caused by: ");
        std::optional<ExceptionName> found = exceptionIn(line, causedBy ? 11 : 0);
        if (causedBy) {
            offer({at + 11, found && found->begin == 11 ? found->name : std::string_view(),
                   strengthOf(line, LogLevel::None)});
            return;
        }
        if (!found)
            return;
        // "Job aborted due to stage failure: … Lost task 1.3 in stage 2.0 (TID 9, host, executor 1): java.…": the inner
        // one.
        if (const std::size_t lost = line.find("Lost task "); lost != std::string_view::npos)
            if (const std::size_t close = line.find("): ", lost); close != std::string_view::npos)
                if (const auto inner = exceptionIn(line, close + 3); inner && inner->begin == close + 3)
                    found = inner;
        // .NET names the inner exception behind the outer one.
        constexpr std::string_view kInner = "---> ";
        if (const std::size_t arrow = line.rfind(kInner); arrow != std::string_view::npos)
            if (const auto inner = exceptionIn(line, arrow + kInner.size()))
                return offer({at + inner->begin, inner->name, strengthOf(line, level)});
        const bool heads = found->begin == 0 || startsWith(line, ": ") || startsWith(line, "Unhandled exception. ")
                           || startsWith(line, "Exception in thread") || startsWith(line, "Job aborted")
                           || level != LogLevel::None
                           || (found->begin >= 2 && line.substr(found->begin - 2, 2) == ": ");
        if (!heads)
            return;
        offer({at + found->begin, found->name, strengthOf(line, level)});
    }

    void noteTelling(std::string_view line, std::size_t at, LogLevel level)
    {
        const int score = m_beside ? 0 : tellingness(line, level);
        if (score > m_telling.strength)
            m_telling = {at, {}, score}; // of equals the first: what comes later follows from it
    }

    void offer(const Anchor &anchor)
    {
        if (anchor.strength >= m_cause.strength)
            m_cause = anchor;
    }

    std::string_view m_text;
    Anchor m_cause;
    Anchor m_telling;
    std::size_t m_lastLine = 0;
    std::size_t m_lastPlain = 0;
    bool m_sawPlain = false;
    std::optional<std::size_t> m_said;          ///< the last plain line of a program's own
    std::optional<std::size_t> m_saidBeforeEnd; ///< the last one before a line that gives nothing but an exit code
    bool m_inHarmless = false;
    bool m_inTraceback = false;
    bool m_sawPythonFrame = false;
    bool m_keepEarlier = false;
    bool m_beside = false;    ///< the record at hand tells of what goes wrong beside the work
    bool m_panicNext = false; ///< the next line is a panic's message
    bool m_inChain = false;   ///< numbered causes follow
};

/// The cause's message and first frames.
std::string_view causeText(std::string_view text, std::size_t begin)
{
    std::size_t end = begin;
    int frames = 0;
    for (std::size_t at = begin; at < text.size() && at - begin < kMaxCauseBytes;) {
        const std::size_t newline = text.find('\n', at);
        const std::size_t lineEnd = newline == std::string_view::npos ? text.size() : newline;
        const std::string_view line = text.substr(at, lineEnd - at);
        const std::string_view own = passedOn(line);
        const bool frame = isFrame(own);
        if (at > begin) {
            const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
            const bool other = startsWith(line, "Caused by: ") || startsWith(line, "Traceback ")
                               || startsWith(line, "Driver stacktrace") || logLevelOf(line) != LogLevel::None
                               || (std::any_of(line.begin(), line.end(), isWordByte) && isChatter(line));
            const bool another = own.size() < line.size() && !frame; // every line has a head, so none is a message's
            if (blank || other || another || (frames > 0 && !frame) || frames >= kFrames)
                break;
        }
        frames += frame ? 1 : 0;
        end = lineEnd;
        at = lineEnd + 1;
    }
    std::size_t size = std::min(end - begin, kMaxCauseBytes);
    while (size > 0 && size < end - begin && (static_cast<unsigned char>(text[begin + size]) & 0xC0U) == 0x80U)
        --size; // not in the middle of a character
    std::string_view cause = text.substr(begin, size);
    while (!cause.empty() && (cause.back() == '\r' || cause.back() == ' ' || cause.back() == '\t'))
        cause.remove_suffix(1);
    return cause;
}

/// Words with digits become "#", paths and addresses "/", so that the same failure of another day is the same template.
/// Coarser than LineMasker, and it stays as it is: its hash is a feature of models that were exported.
std::string masked(std::string_view line)
{
    const auto isTokenByte = [](char byte) {
        return isWordByte(byte) || byte == '.' || byte == '/' || byte == ':' || byte == '-' || byte == '@'
               || byte == '%' || byte == '=' || byte == '~';
    };
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        if (!isTokenByte(line[at])) {
            out += line[at++];
            continue;
        }
        std::size_t end = at;
        bool digit = false;
        bool slash = false;
        while (end < line.size() && isTokenByte(line[end])) {
            digit = digit || std::isdigit(static_cast<unsigned char>(line[end])) != 0;
            slash = slash || line[end] == '/';
            ++end;
        }
        const std::string_view token = line.substr(at, end - at);
        if (slash)
            out += '/';
        else if (digit)
            out += '#';
        else
            out += token;
        at = end;
    }
    return out;
}

std::uint64_t hashOf(std::string_view cause)
{
    const std::string_view line = cause.substr(0, std::min(cause.find('\n'), std::size_t{1024}));
    if (line.empty())
        return 0;
    const std::uint64_t hash = base::stableHash(masked(line));
    return hash == 0 ? 1 : hash; // 0 says that there is none
}

} // namespace

RootCause findRootCause(std::string_view text)
{
    RootCause cause;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return cause;
    if (const auto success = successAtEnd(text)) { // then nothing that stands before is a cause
        cause.text = text.substr(success->begin, std::min(success->end - success->begin, kMaxCauseBytes));
        cause.templateHash = hashOf(cause.text);
        return cause;
    }
    const Anchor anchor = Finder(text).find();
    cause.text = causeText(text, anchor.begin);
    cause.exceptionClass = anchor.name;
    cause.templateHash = hashOf(cause.text);
    return cause;
}

bool tellsNoFailure(std::string_view cause)
{
    const std::string_view line = cause.substr(0, cause.find('\n'));
    return isInformation(line) && !exceptionIn(line, 0) && !hasFailureWord(cause.substr(0, kMaxCauseBytes));
}

} // namespace mulligan::text

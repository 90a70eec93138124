#include "text/cause_finder.hpp"

#include "text/escaped_trace.hpp"
#include "text/exception_name.hpp"
#include "text/json_failure.hpp"
#include "text/json_tree.hpp"

#include <algorithm>
#include <utility>

// What a text tells of its cause within quotes: lines and documents of JSON, and traces on one line.

namespace mulligan::text
{

namespace
{

/// Longer lines and documents are looked at up to here: structured traces list all frames.
constexpr std::size_t kMaxJsonBytes = 65536;
constexpr int kMostQuoted = 3;
constexpr std::size_t kTracebackBytes = 33; ///< of "Traceback (most recent call last)"

/// Where the JSON begins that is all the message of a logged line; npos where it is none.
std::size_t jsonMessageIn(std::string_view line)
{
    constexpr std::size_t kHeadBytes = 200;
    const std::size_t brace = line.substr(0, kHeadBytes).find("{\"");
    const bool message = brace != std::string_view::npos && brace > 0 && line[brace - 1] == ' '
                         && line.find_last_not_of(" \t\r") == line.rfind('}') && !exceptionIn(line.substr(0, brace), 0);
    return message ? brace : std::string_view::npos;
}

/// Where the bracket stands that a document over several lines begins with: alone on its line, or at the end of one
/// that says what the document is of ("Activity load failed: {"). npos where there is none.
std::size_t documentIn(std::string_view line)
{
    if (line.front() == '{' || line.front() == '[')
        return line.find_first_not_of("{[ \t\r") == std::string_view::npos ? 0 : std::string_view::npos;
    const std::size_t last = line.find_last_not_of(" \t\r");
    const bool behind = last != std::string_view::npos && last > 1 && line[last] == '{' && line[last - 1] == ' '
                        && (line[last - 2] == ':' || line[last - 2] == '=') && logLevelOf(line) != LogLevel::Low
                        && !exceptionIn(line, 0);
    return behind ? last : std::string_view::npos;
}

/// The line of JSON at a place.
std::string_view jsonAt(std::string_view text, std::size_t at)
{
    const std::string_view json = text.substr(at, kMaxJsonBytes);
    return json.substr(0, json.find('\n'));
}

} // namespace

/// A line as the cause; of JSON its message.
Anchor CauseFinder::withMessage(std::size_t begin) const
{
    Anchor line{begin, {}, kNone};
    if (m_quoted == kMostQuoted || !m_text.substr(begin).starts_with('{'))
        return line;
    const auto found = jsonFailureIn(jsonAt(m_text, begin));
    if (!found)
        return line;
    line.said = std::make_shared<const std::string>(found->text);
    const Anchor told = CauseFinder(*line.said, m_quoted + 1).find();
    line.within = told.said ? told.within : told.begin;
    line.said = told.said ? told.said : line.said;
    return line;
}

/// Traces that stand on one line, within quotes.
bool CauseFinder::readEscaped(std::string_view line, std::size_t at, std::size_t traceback, LogLevel level)
{
    const bool json = line.front() == '{' || line.starts_with("[{");
    const std::size_t begin = json ? 0 : level == LogLevel::High ? jsonMessageIn(line) : std::string_view::npos;
    if (begin != std::string_view::npos && readJson(line.substr(begin), at + begin))
        return true;
    constexpr std::string_view kDetail = "error_detail=[{\""; // of Airflow 3, behind the message
    const std::size_t detail = level == LogLevel::High ? line.find(kDetail) : std::string_view::npos;
    if (detail != std::string_view::npos
        && readJson(line.substr(detail + kDetail.size() - 3), at + detail + kDetail.size() - 3))
        return true;
    const bool escaped =
        traceback != std::string_view::npos && line.substr(traceback + kTracebackBytes).starts_with(":\\n");
    if (m_quoted == kMostQuoted || (!json && !escaped))
        return false;
    const auto found = escapedTraceIn(line);
    if (!found)
        return false;
    const std::string_view trace = line.substr(found->begin, found->end - found->begin);
    return offerQuoted({unescaped(trace), found->begin, JsonFailure::Kind::Trace, lineMarkOf(line)}, at);
}

/// What a server answered, below an exception whose message ends in "Error response:": the JSON tells why.
bool CauseFinder::readAnswer(std::string_view line, std::size_t at)
{
    const bool answer =
        std::exchange(m_answerNext, line.ends_with("rror response:") || line.ends_with("responseBody:"));
    if (!answer || m_beside || line.front() != '{')
        return false;
    Anchor told = withMessage(at);
    if (!told.said)
        return false;
    told.strength = kCause;
    offer(told);
    return true;
}

/// A line of JSON, by what it says of a failure.
bool CauseFinder::readJson(std::string_view line, std::size_t at)
{
    if (m_quoted == kMostQuoted || !mayHoldFailure(line))
        return false;
    const auto found = jsonFailureIn(jsonAt(m_text, at));
    return found && offerQuoted(*found, at);
}

/// A document of JSON over several lines. Gives where the line
/// behind it begins; 0: nothing is to be passed over, so of one that is cut off: what is behind it may be the log
/// again.
std::size_t CauseFinder::readDocument(std::string_view line, std::size_t at)
{
    if (line.empty() || at < m_documentEnd || m_quoted == kMostQuoted)
        return 0;
    const std::size_t bracket = documentIn(line);
    if (bracket == std::string_view::npos)
        return 0;
    at += bracket;
    const std::string_view rest = m_text.substr(at, kMaxJsonBytes);
    const std::size_t end = jsonEnd(rest);
    const std::string_view document = rest.substr(0, end);
    m_documentEnd = at + document.size(); // so that nothing is read twice
    if (!mayHoldFailure(document) && document.find("\"message\"") == std::string_view::npos)
        return 0;
    const auto found = jsonFailureIn(document);
    if (!found || !offerQuoted(*found, at) || end == std::string_view::npos)
        return 0;
    return std::min(m_text.find('\n', m_documentEnd), m_text.size()) + 1;
}

/// What JSON says of a failure at a place: its exception, or as a line that tells. False where it says too little.
bool CauseFinder::offerQuoted(const JsonFailure &failure, std::size_t at)
{
    const bool low = failure.mark == LineMark::Information || failure.mark == LineMark::Warning;
    CauseFinder inner(failure.text, m_quoted + 1);
    const Anchor line = inner.find();
    const auto offered = [&](const Anchor &told, int strength) {
        Anchor out{at + failure.begin, told.name, strength, told.said, told.within};
        if (!out.said) { // the name is to lie in what outlives this
            const auto said = std::make_shared<const std::string>(failure.text);
            const std::size_t name = told.name.empty() ? 0 : told.name.data() - failure.text.data();
            out = {out.begin, std::string_view(*said).substr(name, told.name.size()), strength, said, told.begin};
        }
        return out;
    };
    if (const Anchor &cause = inner.m_cause; cause.strength > kNone) {
        const int strength = m_beside ? kEnd : low ? std::min<int>(cause.strength, kLow) : cause.strength;
        offer(offered(cause, strength));
        return true;
    }
    const bool message = failure.kind == JsonFailure::Kind::Message;
    if (low)
        return false;
    const bool plain = message && failure.mark != LineMark::Error;
    const int told = plain ? inner.m_telling.strength : tellingness(failure.text, LogLevel::High);
    const int score = m_beside ? 0 : told;
    if (plain && score <= m_telling.strength)
        return false;
    if (score == 0 && !message)
        offer(offered(line, kEnd));
    if (score > m_telling.strength)
        m_telling = offered(line, score);
    return score > 0 || !message;
}

} // namespace mulligan::text

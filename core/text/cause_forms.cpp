#include "text/cause_finder.hpp"

#include "text/end_lines.hpp"
#include "text/exception_name.hpp"
#include "text/lines.hpp"
#include "text/passed_on.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

// What programs and systems write their failure in that is no trace of the JVM's or Python's.

namespace mulligan::text
{

namespace
{

/// "Error in library(shelves) : there is no package called ‘shelves’", the message on the next line where it is long.
bool isErrorOfR(std::string_view line)
{
    return line.starts_with("Error in ") && (line.find(") : ") != std::string_view::npos || line.ends_with(") :"));
}

constexpr std::size_t kMostOfALine = 4096;

} // namespace

/// What programs in Go, Rust, Node.js and .NET end with; true when nothing else is to be looked for in the line.
bool CauseFinder::readOtherLanguages(std::string_view line, std::size_t at)
{
    readCommandError(line, at);
    // Rust puts the message on a line of its own, and so does Livy's client.
    if (std::exchange(m_panicNext, line == "The code failed because of a fatal error:")) {
        offer({at + indentOf(line), {}, kCause});
        return true;
    }
    if (m_inChain && isIndented(line)) { // "    1: No such file or directory"
        std::size_t text = line.find_first_not_of(" \t0123456789");
        text = text != std::string_view::npos && line.substr(text, 2) == ": " ? text + 2 : indentOf(line);
        if (text < line.size())
            offer({at + text, {}, tellsOfAnEndOnly(line) ? kEnd : kCause});
        return true;
    }
    m_inChain = line == "Caused by:";
    for (const std::string_view begin : {"panic: ", "fatal error: "})
        if (line.starts_with(begin) && line.size() > begin.size())
            return offer({at + begin.size(), {}, kCause}), true;
    if (line.starts_with("thread '"))
        return readPanic(line, at);
    if ((line.starts_with("Error: ") && line.size() > 7) || isErrorOfR(line))
        offer({at, {}, m_beside || tellsOfAnEndOnly(line) ? kEnd : kBare});
    return false;
}

/// "<class 'a.b.NotFound'>" of dlt's, whose message is the line below: put as Python puts them. Programs print classes
/// that are no exceptions as well, as pandas does above what it tells of a table: then the line before announces one,
/// or its name says that it is.
bool CauseFinder::readClassAlone(std::string_view line, std::size_t at, bool announced)
{
    constexpr std::string_view kBegin = "<class '";
    constexpr std::string_view kClose = "'>";
    constexpr std::size_t kMostBytes = 4000;
    if (!line.starts_with(kBegin) || !line.ends_with(kClose))
        return false;
    const std::string_view name = line.substr(kBegin.size(), line.size() - kBegin.size() - kClose.size());
    if (name.empty() || (!announced && !exceptionAt(name, 0))
        || !std::all_of(name.begin(), name.end(), [](char byte) { return isWordByte(byte) || byte == '.'; }))
        return false;
    const std::string_view below = m_text.substr(std::min(m_text.find('\n', at), m_text.size() - 1) + 1, kMostBytes);
    std::string_view message = passedOn(below.substr(0, below.find('\n')));
    message = message.substr(0, message.find_last_not_of(" \t\r") + 1);
    if (message.empty())
        return false;
    const auto said = std::make_shared<const std::string>(std::string(name).append(": ").append(message));
    offer({at, std::string_view(*said).substr(0, name.size()), m_beside ? kEnd : kCause, said, 0});
    return true;
}

/// An exception of the JVM's whose class is called neither Exception nor Error: only its frames tell that it is one
/// ("a.b.SchemaNotCompatible: …").
void CauseFinder::readClassBefore(std::string_view frame)
{
    if (m_inFrames || m_inTraceback || !frame.starts_with("\tat ") || m_lastLine >= m_text.size())
        return;
    std::string_view line = m_text.substr(m_lastLine, kMostOfALine);
    line = line.substr(0, line.find('\n'));
    const auto thrown = classThrown(line);
    if (thrown && !exceptionIn(line, 0))
        offerException(line, m_lastLine, 0, thrown->name, LogLevel::None);
}

/// "thread 'main' panicked at src/a.rs:1:2:", the message on the next line, or before Rust 1.73 "… panicked at
/// 'message', src/a.rs:1:2".
bool CauseFinder::readPanic(std::string_view line, std::size_t at)
{
    constexpr std::string_view kPanicked = "' panicked at ";
    const std::size_t panicked = line.find(kPanicked);
    if (panicked == std::string_view::npos)
        return false;
    const std::size_t message = panicked + kPanicked.size();
    m_panicNext = line.back() == ':';
    const std::size_t said = message + (line.substr(message).starts_with("'") ? 1 : 0);
    if (!m_panicNext && said < line.size())
        offer({at + said, {}, kCause});
    return true;
}

/// Nextflow lists below "Command error:", indented, what the command of a task wrote to its standard error.
void CauseFinder::readCommandError(std::string_view line, std::size_t at)
{
    if (m_inCommandError && isIndented(line))
        m_saidBeforeEnd = at + indentOf(line);
    else
        m_inCommandError = line == "Command error:";
}

/// The list of what each attempt of an HBase client failed of: "2024-…, RpcRetryingCaller{…}, java.io.IOException: …".
bool CauseFinder::readAttempts(std::string_view line, std::size_t at)
{
    if (!m_inAttempts) {
        m_inAttempts = line.ends_with("exceptions:") && line.find("Failed after attempts=") != std::string_view::npos;
        return false;
    }
    const auto found = exceptionIn(line, 0);
    if (!found || found->begin < 2 || line.substr(found->begin - 2, 2) != ", ")
        return m_inAttempts = false;
    offerException(line, at, found->begin, found->name, LogLevel::None);
    return true;
}

} // namespace mulligan::text

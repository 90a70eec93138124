#include "text/escaped_trace.hpp"

#include "text/exception_name.hpp"
#include "text/log_line.hpp"

#include <algorithm>

namespace mulligan::text
{

namespace
{

constexpr std::string_view kNewline = "\\n";

/// Where a quoted text ends that begins at a place: at the next quote that is not escaped.
std::size_t quoteEnd(std::string_view line, std::size_t at)
{
    for (; at < line.size() && line[at] != '"'; ++at)
        if (line[at] == '\\')
            ++at;
    return std::min(at, line.size());
}

Span pieceAt(std::string_view line, std::size_t begin, std::size_t end)
{
    return {begin, std::min(line.substr(0, end).find(kNewline, begin), end)};
}

/// An exception's own line in a trace of Python, also one whose name has no such ending ("UniqueViolation: …").
std::optional<QuotedCause> exceptionLine(std::string_view line, Span piece)
{
    const std::string_view text = line.substr(piece.begin, piece.end - piece.begin);
    const std::size_t name =
        std::min(static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(),
                                                           [](char byte) { return isWordByte(byte) || byte == '.'; })
                                          - text.begin()),
                 text.size());
    if (name == 0 || (name < text.size() && text[name] != ':'))
        return std::nullopt;
    return QuotedCause{piece, text.substr(0, name)};
}

/// The last exception of the traces of Python that begin at a place; of `raise … from …` the first, which is the
/// deeper.
std::optional<QuotedCause> pythonsCause(std::string_view line, std::size_t at)
{
    const std::size_t end = quoteEnd(line, at);
    std::optional<QuotedCause> found;
    bool inTrace = false;
    bool message = false; // Flyte puts the exception below "Message:"
    bool keep = false;
    while (at < end) {
        Span piece = pieceAt(line, at, end);
        at = piece.end + kNewline.size();
        const std::size_t text = line.find_first_not_of(' ', piece.begin);
        const bool indented = text > piece.begin;
        if (text >= piece.end)
            continue;
        const std::string_view words = line.substr(text, piece.end - text);
        if (words.starts_with("Traceback (most recent call last)")) {
            inTrace = true;
        } else if (words.starts_with("The above exception was the direct cause")) {
            keep = found.has_value();
        } else if (words == "Message:") {
            message = true;
        } else if (message || (inTrace && !indented)) {
            const auto exception = exceptionLine(line, {text, piece.end});
            if (exception && !keep)
                found = exception;
            inTrace = message = keep = false;
        }
    }
    return found;
}

/// The last cause of the JVM's trace whose first frame stands at a place.
std::optional<QuotedCause> jvmsCause(std::string_view line, std::size_t frame)
{
    const std::size_t end = quoteEnd(line, frame);
    constexpr std::string_view kCausedBy = "\\nCaused by: ";
    const std::size_t cause = line.substr(0, end).rfind(kCausedBy);
    if (cause != std::string_view::npos && cause > frame) {
        const std::size_t begin = cause + kCausedBy.size();
        const auto name = exceptionAt(line, begin);
        return QuotedCause{pieceAt(line, begin, end), name ? name->name : std::string_view()};
    }
    const std::size_t open = line.substr(0, frame).rfind(":\""); // the value that the frame stands in
    const auto first = exceptionIn(line, open == std::string_view::npos ? 0 : open);
    if (!first || first->begin >= frame)
        return std::nullopt;
    return QuotedCause{pieceAt(line, first->begin, end), first->name};
}

/// `"exc_type":"KeyError","exc_value":"'amount'"`, the last there is.
std::optional<QuotedCause> structuredCause(std::string_view line)
{
    constexpr std::string_view kType = "\"exc_type\":";
    constexpr std::string_view kValue = "\"exc_value\":";
    const std::size_t value = line.rfind(kValue);
    const std::size_t open = value == std::string_view::npos ? value : line.find('"', value + kValue.size());
    if (open == std::string_view::npos)
        return std::nullopt;
    QuotedCause found{{open + 1, quoteEnd(line, open + 1)}, {}};
    const std::size_t type = line.substr(0, value).rfind(kType);
    const std::size_t named = type == std::string_view::npos ? type : line.find('"', type + kType.size());
    if (named != std::string_view::npos && named < value)
        found.name = line.substr(named + 1, quoteEnd(line, named + 1) - named - 1);
    if (found.span.begin == found.span.end) // an exception without a message
        return found.name.empty() ? std::nullopt
                                  : std::optional(QuotedCause{{named + 1, named + 1 + found.name.size()}, found.name});
    return found;
}

} // namespace

std::optional<QuotedCause> escapedCauseIn(std::string_view line)
{
    constexpr std::string_view kTraceback = "Traceback (most recent call last):\\n";
    if (const std::size_t at = line.find(kTraceback); at != std::string_view::npos)
        if (const auto found = pythonsCause(line, at))
            return found;
    for (const std::string_view frame : {"\\n\\tat ", "\\n    at "})
        if (const std::size_t at = line.find(frame); at != std::string_view::npos)
            if (const auto found = jvmsCause(line, at))
                return found;
    return structuredCause(line);
}

} // namespace mulligan::text

#include "text/escaped_trace.hpp"

#include "text/exception_name.hpp"
#include "text/json_tree.hpp"

namespace mulligan::text
{

namespace
{

/// The JVM's trace whose first frame stands at a place.
std::optional<Span> jvmsTrace(std::string_view line, std::size_t frame)
{
    const std::size_t open = line.substr(0, frame).rfind(":\""); // the value that the frame stands in
    const auto first = exceptionIn(line, open == std::string_view::npos ? 0 : open);
    if (!first || first->begin >= frame)
        return std::nullopt;
    return Span{first->begin, quoteEnd(line, frame)};
}

} // namespace

std::optional<Span> escapedTraceIn(std::string_view line)
{
    constexpr std::string_view kTraceback = "Traceback (most recent call last):\\n";
    if (const std::size_t at = line.find(kTraceback); at != std::string_view::npos)
        return Span{at, quoteEnd(line, at)};
    for (const std::string_view frame : {"\\n\\tat ", "\\n    at "})
        if (const std::size_t at = line.find(frame); at != std::string_view::npos)
            if (const auto found = jvmsTrace(line, at))
                return found;
    return std::nullopt;
}

} // namespace mulligan::text

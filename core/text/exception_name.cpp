#include "text/exception_name.hpp"

#include "text/log_line.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace mulligan::text
{

namespace
{

/// Druid's own short names ("org.apache.druid.java.util.common.ISE").
bool isDruids(std::string_view name, std::string_view last)
{
    constexpr std::size_t kLongest = 3;
    if (last.size() > kLongest || name.find("druid.") == std::string_view::npos)
        return false;
    return last == "ISE" || last == "IAE" || last == "UOE" || last == "RE" || last == "NPE";
}

bool namesException(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (last.empty() || std::isupper(static_cast<unsigned char>(last.front())) == 0)
        return false;
    for (const std::string_view suffix : {"Exception", "Error", "Throwable", "Failure", "Timeout", "Interrupt", "Exit"})
        if (last.ends_with(suffix) && (dot != std::string_view::npos || last.size() > suffix.size()))
            return true;
    return name.ends_with(".MatchError") || isDruids(name, last);
}

/// The word at a place, as far as a name may go, without the dots that end a sentence.
std::string_view wordAt(std::string_view line, std::size_t at)
{
    std::size_t end = at;
    while (end < line.size() && (isWordByte(line[end]) || line[end] == '.'))
        ++end;
    std::string_view name = line.substr(at, end - at);
    while (!name.empty() && name.back() == '.')
        name.remove_suffix(1);
    return name;
}

/// Whether a name is followed by its message, or by nothing: "TrinoUserError(type=…" is written out as a value.
bool isHead(std::string_view line, const ExceptionName &name)
{
    const std::string_view rest = line.substr(name.begin + name.name.size());
    return rest.empty() || rest.front() == ':' || rest.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// Whether what an exception says is the name of a class, which may be an exception's.
bool namesAClass(std::string_view name)
{
    return name.ends_with("ClassNotFoundException") || name.ends_with("NoClassDefFoundError");
}

/// The exception that stands right behind one of some texts, the first that does.
std::optional<ExceptionName> exceptionBehind(std::string_view line, std::size_t from)
{
    static constexpr std::array<std::string_view, 12> kBefore = {"Exception thrown in awaitResult: ",
                                                                 "User class threw exception: ",
                                                                 "main() threw exception, ",
                                                                 "caused an error: ",
                                                                 " actions: ",
                                                                 " action: ",
                                                                 "failed to start due to: ",
                                                                 "'reason': '",
                                                                 "'reason': \"",
                                                                 "'stoppedReason': '",
                                                                 "'statusReason': '",
                                                                 "'error': \""};
    constexpr std::size_t kLooked = 4096;
    const std::string_view looked = line.substr(0, from + kLooked);
    for (const std::string_view before : kBefore)
        if (const std::size_t at = looked.find(before, from); at != std::string_view::npos)
            if (const auto found = exceptionAt(line, at + before.size()); found && isHead(line, *found))
                return found;
    return std::nullopt;
}

} // namespace

std::optional<ExceptionName> exceptionAt(std::string_view line, std::size_t at)
{
    if (at >= line.size() || !isWordByte(line[at]))
        return std::nullopt;
    const std::string_view name = wordAt(line, at);
    return namesException(name) ? std::optional(ExceptionName{at, name}) : std::nullopt;
}

std::optional<ExceptionName> exceptionIn(std::string_view line, std::size_t from)
{
    for (std::size_t at = from; at < line.size();) {
        if (!isWordByte(line[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < line.size() && (isWordByte(line[end]) || line[end] == '.'))
            ++end;
        const bool inPath = at > 0 && (line[at - 1] == '/' || line[at - 1] == '(');
        if (!inPath)
            if (const std::string_view name = wordAt(line.substr(0, end), at); namesException(name))
                return ExceptionName{at, name};
        at = end;
    }
    return std::nullopt;
}

ExceptionName innermostException(std::string_view line, ExceptionName found)
{
    constexpr int kMostDeep = 8;
    for (int depth = 0; depth < kMostDeep && !namesAClass(found.name); ++depth) {
        const std::size_t end = found.begin + found.name.size();
        const bool message = line.substr(end, 2) == ": ";
        const auto next = message ? exceptionAt(line, end + 2) : std::nullopt;
        const auto inner = next && isHead(line, *next) ? next : exceptionBehind(line, end);
        if (!inner)
            break;
        found = *inner;
    }
    return found;
}

bool beginsWithException(std::string_view line)
{
    for (const std::string_view before : {"Caused by: ", "Exception in thread \""})
        if (line.starts_with(before)) {
            const std::size_t name =
                before.back() == '"' ? line.find("\" ", before.size()) : before.size() - 2; // a thread's name ends
            return name != std::string_view::npos && exceptionAt(line, name + 2).has_value();
        }
    const auto found = exceptionAt(line, 0);
    return found && line.substr(found->name.size()).starts_with(": ");
}

} // namespace mulligan::text

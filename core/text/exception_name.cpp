#include "text/exception_name.hpp"

#include "text/log_line.hpp"

#include <algorithm>
#include <array>

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
    if (last.empty() || last.front() < 'A' || last.front() > 'Z')
        return false;
    for (const std::string_view suffix : {"Exception", "Error", "Throwable", "Failure", "Timeout", "Interrupt", "Exit"})
        if (last.ends_with(suffix) && (dot != std::string_view::npos || last.size() > suffix.size()))
            return true;
    return name.ends_with(".MatchError") || isDruids(name, last);
}

/// A word without the dots that end a sentence.
std::string_view withoutLastDots(std::string_view name)
{
    while (!name.empty() && name.back() == '.')
        name.remove_suffix(1);
    return name;
}

/// The word at a place, as far as a name may go, without the dots that end a sentence.
std::string_view wordAt(std::string_view line, std::size_t at)
{
    std::size_t end = at;
    while (end < line.size() && (isWordByte(line[end]) || line[end] == '.'))
        ++end;
    return withoutLastDots(line.substr(at, end - at));
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
            if (const std::string_view name = withoutLastDots(line.substr(at, end - at)); namesException(name))
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

std::optional<ExceptionName> thrownInThread(std::string_view line)
{
    constexpr std::string_view kBegin = "Exception in thread \"";
    const std::size_t quote = line.starts_with(kBegin) ? line.find("\" ", kBegin.size()) : std::string_view::npos;
    if (quote == std::string_view::npos)
        return std::nullopt;
    const std::string_view name = wordAt(line, quote + 2);
    const bool qualified = name.find('.') != std::string_view::npos;
    const ExceptionName found{quote + 2, name};
    return qualified && isHead(line, found) ? std::optional(found) : std::nullopt;
}

std::optional<ExceptionName> classThrown(std::string_view line)
{
    const std::string_view name = wordAt(line, 0);
    const std::size_t dot = name.rfind('.');
    const bool isClass = dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() && name[dot + 1] >= 'A'
                         && name[dot + 1] <= 'Z';
    const ExceptionName found{0, name};
    return isClass && isHead(line, found) ? std::optional(found) : std::nullopt;
}

bool isHeadAlone(std::string_view line)
{
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (!line.ends_with(':'))
        return false;
    if (line.starts_with("Error in ") && line.ends_with(") :")) // of R
        return true;
    const auto found = exceptionAt(line, 0);
    if (!found)
        return false;
    const std::string_view behind = line.substr(found->name.size());
    return behind == ":" || behind.starts_with(" in line ") || behind.starts_with(" in file ")
           || behind.starts_with(" in rule ");
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

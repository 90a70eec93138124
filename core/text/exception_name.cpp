#include "text/exception_name.hpp"

#include "text/log_line.hpp"

#include <cctype>

namespace mulligan::text
{

namespace
{

bool namesException(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (last.empty() || std::isupper(static_cast<unsigned char>(last.front())) == 0)
        return false;
    for (const std::string_view suffix : {"Exception", "Error", "Throwable", "Failure", "Timeout", "Interrupt", "Exit"})
        if (last.ends_with(suffix) && (dot != std::string_view::npos || last.size() > suffix.size()))
            return true;
    return name.ends_with(".MatchError");
}

} // namespace

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
        std::string_view name = line.substr(at, end - at);
        while (!name.empty() && name.back() == '.')
            name.remove_suffix(1);
        const bool inPath = at > 0 && (line[at - 1] == '/' || line[at - 1] == '(');
        if (!inPath && namesException(name))
            return ExceptionName{at, name};
        at = end;
    }
    return std::nullopt;
}

} // namespace mulligan::text

#include "classify/mining_json.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace mulligan::classify
{

namespace
{

constexpr std::string_view kBlanks = " \t";

} // namespace

bool holdsJson(std::string_view line)
{
    const std::size_t brace = line.find('{');
    const std::size_t next = brace == std::string_view::npos ? brace : line.find_first_not_of(kBlanks, brace + 1);
    return next != std::string_view::npos && line[next] == '"';
}

bool isMemberName(std::string_view line, std::size_t end)
{
    const std::size_t colon = end < line.size() ? line.find_first_not_of(kBlanks, end + 1) : std::string_view::npos;
    return colon != std::string_view::npos && line[end] == '"' && line[colon] == ':';
}

std::string_view memberOf(std::string_view line, std::size_t begin)
{
    if (begin < 2 || begin > line.size())
        return {};
    const std::size_t colon = line.find_last_not_of(kBlanks, begin - 2);
    if (colon == std::string_view::npos || colon == 0 || line[colon] != ':')
        return {};
    const std::size_t close = line.find_last_not_of(kBlanks, colon - 1);
    if (close == std::string_view::npos || close == 0 || line[close] != '"')
        return {};
    const std::size_t open = line.rfind('"', close - 1);
    return open == std::string_view::npos ? std::string_view() : line.substr(open + 1, close - open - 1);
}

bool tellsOfFailure(std::string_view member)
{
    static constexpr std::array<std::string_view, 14> kParts = {"exc",   "error", "err",    "message", "msg",
                                                                "event", "cause", "reason", "fail",    "trace",
                                                                "stack", "text",  "log",    "thrown"};
    static constexpr std::array<std::string_view, 6> kOthers = {"logger",   "event_id", "message_id",
                                                                "trace_id", "traceid",  "context"};
    std::string name(member);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    const auto holds = [&](std::string_view part) { return name.find(part) != std::string::npos; };
    return std::any_of(kParts.begin(), kParts.end(), holds) && std::none_of(kOthers.begin(), kOthers.end(), holds);
}

} // namespace mulligan::classify

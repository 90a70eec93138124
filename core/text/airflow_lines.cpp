#include "text/airflow_lines.hpp"

#include "text/json_tree.hpp"
#include "text/log_line.hpp"
#include "text/passed_on.hpp"

#include <algorithm>
#include <array>

namespace mulligan::text
{

namespace
{

/// Whether a source passes on what another program writes: a stream of the task's, or a hook that runs programs.
bool passesOn(std::string_view source, std::string_view stream)
{
    static constexpr std::array<std::string_view, 10> kHooks = {
        "SubprocessHook", "PodManager",        "SSHHook",  "SSHOperator",  "SparkSubmitHook",
        "DockerOperator", "AwsTaskLogFetcher", "BeamHook", "LivyOperator", "LivyHook"};
    if (stream == "stdout" || stream == "stderr" || source == "task.stdout" || source == "task.stderr")
        return true;
    const std::string_view name = source.substr(source.rfind('.') + 1); // npos + 1 is 0
    return name.starts_with("BeamRunner") || std::find(kHooks.begin(), kHooks.end(), name) != kHooks.end();
}

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// Where the words begin behind "[2026-05-01 10:00:05] INFO - "; npos where a line has no such head.
std::size_t behindHead(std::string_view line)
{
    constexpr std::size_t kDate = 11; ///< of "[2026-05-01"
    constexpr std::size_t kHeadBytes = 60;
    constexpr std::string_view kEnd = " - ";
    if (line.size() < kDate || line.front() != '[' || !isDigit(line[1]) || line[5] != '-' || line[8] != '-')
        return std::string_view::npos;
    const std::string_view head = line.substr(0, kHeadBytes);
    const std::size_t level = head.find("] ", kDate);
    const std::size_t end =
        level == std::string_view::npos ? level : head.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", level + 2);
    const bool stated = end != std::string_view::npos && end > level + 2 && head.substr(end).starts_with(kEnd);
    return stated ? end + kEnd.size() : std::string_view::npos;
}

/// The fields that stand behind the words of a line.
struct Fields {
    std::string_view source;
    std::string_view stream;
};

/// Whether a value may be a logger's or a stream's name ("task.stdout"): paths and addresses are what a line says
/// itself.
bool isName(std::string_view value)
{
    return std::all_of(value.begin(), value.end(),
                       [](char byte) { return isWordByte(byte) || byte == '.' || byte == '-'; });
}

/// Takes the fields that are known off the end of what a line says, each once, all of them within quotes or none: what
/// a child says may end like one.
Fields takeFields(std::string_view &said)
{
    Fields out;
    bool sourceTaken = false;
    bool streamTaken = false;
    bool placeTaken = false;
    std::optional<bool> allQuoted;
    for (;;) {
        const std::size_t blank = said.rfind(' ');
        const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
        const std::string_view field = said.substr(begin);
        const std::size_t sign = field.find('=');
        const std::string_view key = field.substr(0, std::min(sign, field.size()));
        if (sign == std::string_view::npos || (key != "source" && key != "chan" && key != "loc" && key != "logger"))
            break;
        std::string_view value = field.substr(sign + 1);
        const bool quoted = value.size() > 1 && value.front() == '"' && value.back() == '"';
        if (quoted)
            value = value.substr(1, value.size() - 2);
        bool &taken = key == "chan" ? streamTaken : key == "loc" ? placeTaken : sourceTaken;
        if (taken || allQuoted.value_or(quoted) != quoted || (key != "loc" && !isName(value)))
            break;
        allQuoted = quoted;
        taken = true;
        (key == "chan" ? out.stream : key == "loc" ? value : out.source) = value;
        said = said.substr(0, begin == 0 ? 0 : blank);
        if (quoted && said.ends_with(':')) // so 3.0 parts them
            said.remove_suffix(1);
    }
    return out;
}

} // namespace

std::optional<AirflowLine> airflowLine(std::string_view line)
{
    const std::size_t begin = behindHead(line);
    if (begin == std::string_view::npos)
        return std::nullopt;
    std::string_view said = line.substr(begin);
    if (said.ends_with('\r'))
        said.remove_suffix(1);
    const Fields fields = takeFields(said);
    if (fields.source.empty() && fields.stream.empty())
        return std::nullopt;
    if (!passesOn(fields.source, fields.stream))
        return AirflowLine{line.substr(0, begin + said.size()), Speaker::Itself};
    const std::string_view own = withoutContainer(said);
    return AirflowLine{own, own.size() < said.size() ? Speaker::Container : Speaker::Child};
}

std::optional<std::string> airflowsChildIn(std::string_view json)
{
    // Most lines are the task's own, and are not read.
    if (json.find("\"event\"") == std::string_view::npos)
        return std::nullopt;
    const JsonNode line = readJsonTree(json);
    const JsonNode *event = line.member("event");
    const JsonNode *source = line.member("logger");
    const JsonNode *stream = line.member("chan");
    const auto textOf = [](const JsonNode *node) { return node == nullptr ? std::string_view() : node->text; };
    if (event == nullptr || !event->isText() || !passesOn(textOf(source), textOf(stream)))
        return std::nullopt;
    std::string said = unescaped(event->text);
    said.erase(said.find_last_not_of("\r\n") + 1);
    return said;
}

} // namespace mulligan::text

#include "text/passed_on.hpp"

#include "text/exception_name.hpp"
#include "text/log_line.hpp"

#include <algorithm>
#include <array>

namespace mulligan::text
{

namespace
{

/// Modules that log what others wrote, line by line.
bool passesOn(std::string_view module)
{
    static constexpr std::array<std::string_view, 16> kModules = {
        "spark_submit",  "subprocess",   "pod_manager", "pod_launcher",    "kubernetes_pod", "pod",
        "bash_operator", "bash",         "ssh",         "docker",          "logging_mixin",  "process_utils",
        "beam",          "ssh_operator", "livy",        "task_log_fetcher"};
    return std::find(kModules.begin(), kModules.end(), module) != kModules.end();
}

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// Whether a text begins as a shape does, in which 0 stands for any digit.
bool hasShape(std::string_view text, std::string_view shape)
{
    return text.size() >= shape.size()
           && std::equal(shape.begin(), shape.end(), text.begin(),
                         [](char wanted, char byte) { return wanted == '0' ? isDigit(byte) : wanted == byte; });
}

/// Without the time that collectors of containers' output put before every line ("2024-05-01T10:00:00.123456789Z "),
/// and what CRI says behind it of the stream ("stderr F ").
std::string_view withoutCollectorsTime(std::string_view line)
{
    constexpr std::string_view kShape = "0000-00-00T00:00:00";
    if (line.empty() || !isDigit(line.front()) || !hasShape(line, kShape))
        return line;
    const std::size_t zone = line.find_first_not_of("0123456789.,", kShape.size());
    std::size_t end = zone;
    if (zone != std::string_view::npos && line[zone] == 'Z')
        end = zone + 1;
    else if (zone != std::string_view::npos
             && (hasShape(line.substr(zone), "+00:00") || hasShape(line.substr(zone), "-00:00")))
        end = zone + 6;
    else
        return line;
    if (end >= line.size() || line[end] != ' ')
        return line;
    std::string_view rest = line.substr(end + 1);
    for (const std::string_view stream : {"stdout F ", "stderr F ", "stdout P ", "stderr P "})
        if (rest.starts_with(stream))
            return rest.substr(stream.size());
    return rest;
}

/// Without what `kubectl logs --prefix` puts before every line ("[pod/load-x7/base] ").
std::string_view withoutPod(std::string_view line)
{
    constexpr std::size_t kHeadBytes = 520; // two names
    if (!line.starts_with("[pod/"))
        return line;
    const std::size_t close = line.substr(0, kHeadBytes).find(']');
    if (close == std::string_view::npos || line.substr(0, close).find(' ') != std::string_view::npos)
        return line;
    const std::string_view rest = line.substr(close + 1);
    return rest.starts_with(' ') ? rest.substr(1) : rest.empty() ? rest : line;
}

/// Without the service that `docker compose` puts before every line ("worker-1  | "), which is padded.
std::string_view withoutService(std::string_view line)
{
    const std::size_t name = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.");
    if (name == std::string_view::npos || name == 0 || line[name] != ' ')
        return line;
    const std::size_t bar = line.find_first_not_of(' ', name);
    const bool padded = bar != std::string_view::npos && (bar > name + 1 || isDigit(line[name - 1]));
    if (!padded || line[bar] != '|')
        return line;
    const std::string_view rest = line.substr(bar + 1);
    return rest.starts_with(' ') ? rest.substr(1) : rest.empty() ? rest : line;
}

/// Without the process that vLLM and Ray ("(EngineCore_0 pid=123) ", "(train pid=123, ip=10.0.0.2) ") or launchers of
/// PyTorch ("[rank0]: ") put before every line.
std::string_view withoutProcess(std::string_view line)
{
    constexpr std::size_t kHeadBytes = 160;
    const std::string_view head = line.substr(0, kHeadBytes);
    if (line.starts_with('(')) {
        const std::size_t close = head.find(')');
        const bool process =
            close != std::string_view::npos && head.substr(0, close).find(" pid=") != std::string_view::npos;
        return process && close + 1 < line.size() && line[close + 1] == ' ' ? line.substr(close + 2) : line;
    }
    for (const std::string_view launcher : {"[rank", "[default"})
        if (line.starts_with(launcher)) {
            const std::size_t close = head.find_first_not_of("0123456789", launcher.size());
            if (close != std::string_view::npos && close > launcher.size() && head.substr(close, 2) == "]:")
                return line.substr(close + 2 + (head.substr(close + 2).starts_with(' ') ? 1 : 0));
        }
    return line;
}

/// Whether a text may be the end of a pod's name that Kubernetes or Argo gave it: five of the letters and digits that
/// are none of a word's, or a hash in digits.
bool isPodsEnd(std::string_view end)
{
    constexpr std::size_t kFewestDigits = 6;
    constexpr std::size_t kRandom = 5;
    const auto digits = std::count_if(end.begin(), end.end(), isDigit);
    if (end.size() == kRandom) // "ora-24247: …" is a code
        return digits > 0 && digits < static_cast<std::ptrdiff_t>(kRandom)
               && end.find_first_not_of("bcdfghjklmnpqrstvwxz2456789") == std::string_view::npos;
    return end.size() >= kFewestDigits && std::all_of(end.begin(), end.end(), isDigit);
}

/// Without the pod that `argo logs` puts before every line ("load-x7kqz-1409876120: ").
std::string_view withoutArgosPod(std::string_view line)
{
    const std::size_t name = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.");
    if (name == std::string_view::npos || line[name] != ':' || line.size() < name + 2 || line[name + 1] != ' ')
        return line;
    const std::size_t dash = line.substr(0, name).rfind('-');
    return dash != std::string_view::npos && isPodsEnd(line.substr(dash + 1, name - dash - 1)) ? line.substr(name + 2)
                                                                                               : line;
}

/// Without what collectors of the output of containers and processes put before every line, also one within another.
std::string_view withoutCollectors(std::string_view line)
{
    constexpr int kMostWithin = 3;
    for (int i = 0; i < kMostWithin && !line.empty(); ++i) {
        const std::size_t before = line.size();
        const char first = line.front();
        if (isDigit(first))
            line = withoutCollectorsTime(line);
        else if (first == '[')
            line = withoutProcess(withoutPod(line));
        else if (first == '(')
            line = withoutProcess(line);
        if (!line.empty() && ((first >= 'a' && first <= 'z') || isDigit(first)))
            line = withoutArgosPod(withoutService(line));
        if (line.size() == before)
            break;
    }
    return line;
}

/// What a program wrote behind what Livy ("25/02/11 04:02:31 INFO LineBufferedStream: ") or DolphinScheduler ("[INFO]
/// 2025-02-11 04:02:31.725 … -  -> ") puts before each of its lines.
std::string_view withoutWrapper(std::string_view line)
{
    constexpr std::size_t kHeadBytes = 160;
    const bool livy = hasShape(line, "00/00/00 00:00:00 INFO");
    if (!livy && !line.starts_with("[INFO] "))
        return line;
    const std::string_view mark = livy ? " LineBufferedStream: " : " -  -> ";
    const std::size_t at = line.substr(0, kHeadBytes).find(mark);
    return at == std::string_view::npos ? line : line.substr(at + mark.size());
}

/// Without the time that is put before each line fetched from a cloud's logs ("[2024-05-01 10:00:00,123] ").
std::string_view withoutCloudTime(std::string_view text)
{
    constexpr std::string_view kShape = "[0000-00-00 00:00:00,000] ";
    return hasShape(text, kShape) ? text.substr(kShape.size()) : text;
}

/// Whether a text can only be a program's failure: an exception at its begin, a traceback, what goes on with one.
bool beginsFailure(std::string_view text)
{
    if (text.starts_with("Traceback (most recent call last)") || text.starts_with("Caused by: ")
        || text.starts_with("\tat ") || text.starts_with("    at ") || text.starts_with("  File \""))
        return true;
    const auto exception = exceptionIn(text.substr(0, std::min(text.find(' '), text.size())), 0);
    return exception && exception->begin == 0 && text.substr(exception->name.size()).starts_with(':');
}

/// What stands behind a runner's mark of information where that is a failure that it passed on: "[2026-05-01 10:00:05]
/// INFO - …" of Airflow 3, "10:00:05.123 | INFO    | Task run 'load-0' - …" of Prefect.
std::string_view withoutRunnersInformation(std::string_view line)
{
    constexpr std::size_t kHeadBytes = 160;
    if (line.starts_with("[info     ] ")) // as structlog pads it
        return beginsFailure(line.substr(12)) ? line.substr(12) : line;
    const bool bracketed = hasShape(line, "[0000-00-00");
    if (!bracketed && !hasShape(line, "00:00:00"))
        return line;
    const std::string_view head = line.substr(0, kHeadBytes);
    const std::size_t mark = head.find(bracketed ? "] INFO - " : " | INFO ");
    const std::size_t dash = mark == std::string_view::npos ? mark : head.find(" - ", mark);
    if (dash == std::string_view::npos)
        return line;
    const std::string_view said = withoutContainer(line.substr(dash + 3));
    return beginsFailure(said) ? said : line;
}

/// A line of a trace without the head of a record that vLLM puts before each ("ERROR 10-01 12:00:00 [core.py:700] ").
std::string_view withoutRecord(std::string_view line)
{
    constexpr std::string_view kShape = "ERROR 00-00 00:00:00 [";
    constexpr std::size_t kHeadBytes = 120;
    if (!hasShape(line, kShape))
        return line;
    const std::size_t close = line.substr(0, kHeadBytes).find("] ", kShape.size());
    if (close == std::string_view::npos)
        return line;
    const std::string_view said = line.substr(close + 2);
    return beginsFailure(said) || said.starts_with("  ") ? said : line;
}

/// Without the head of one of Airflow's lines that pass on what another program wrote.
std::string_view withoutModule(std::string_view line)
{
    constexpr std::size_t kHeadBytes = 160;
    const std::string_view head = line.substr(0, kHeadBytes);
    const std::size_t open = head.find("] {");
    if (open == std::string_view::npos)
        return line;
    const std::size_t name = open + 3;
    const std::size_t dot = head.find(".py:", name);
    const std::size_t dash = dot == std::string_view::npos ? dot : head.find(" - ", dot);
    if (dash == std::string_view::npos || !passesOn(head.substr(name, dot - name)))
        return line;
    return withoutContainer(withoutCloudTime(line.substr(dash + 3)));
}

/// Without what Python draws before each line of a group of exceptions, the deeper the further in: "  | ", "    | ",
/// "  + " before the first one.
std::string_view withoutMargin(std::string_view line)
{
    const std::size_t bar = line.find_first_not_of(' ');
    if (bar == std::string_view::npos || bar % 2 != 0)
        return line;
    const std::string_view rest = line.substr(bar + 1);
    if (line[bar] == '|' && (rest.empty() || rest.front() == ' '))
        return rest.empty() ? rest : rest.substr(1);
    return line[bar] == '+' && rest.starts_with(" Exception Group Traceback") ? rest.substr(1) : line;
}

} // namespace

std::string_view withoutContainer(std::string_view text)
{
    if (!text.starts_with('['))
        return text;
    const std::size_t close = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", 1);
    return close != std::string_view::npos && close > 1 && text.substr(close, 2) == "] " ? text.substr(close + 2)
                                                                                         : text;
}

std::string_view withoutHead(std::string_view line)
{
    line = withoutWrapper(withoutCollectors(line));
    if (line.starts_with("ERROR "))
        return withoutRecord(line);
    if (line.empty() || (line.front() != '[' && !isDigit(line.front())))
        return line;
    const std::string_view inner = line.front() == '[' ? withoutModule(line) : line;
    return inner.size() < line.size() ? inner : withoutRunnersInformation(line);
}

int memberOfGroup(std::string_view line)
{
    constexpr std::string_view kRule = "+---------------- ";
    const std::size_t indent = line.starts_with("  ") ? line.find_first_not_of(' ') : std::string_view::npos;
    if (indent == std::string_view::npos || line[indent] != '+')
        return -1;
    line.remove_prefix(indent);
    if (line.starts_with("+-+-"))
        line.remove_prefix(2);
    if (!line.starts_with(kRule))
        return line.starts_with("+-----") ? 0 : -1;
    line.remove_prefix(kRule.size());
    return line.starts_with("1 ") ? 1 : 2;
}

bool isOfContainer(std::string_view line, std::string_view own)
{
    const std::string_view before = line.substr(0, line.size() - own.size());
    const std::size_t open = before.ends_with("] ") ? before.rfind('[') : std::string_view::npos;
    return open != std::string_view::npos && before.substr(0, open).ends_with(" - ");
}

bool isOfGroup(std::string_view line, std::string_view own)
{
    std::string_view before = line.substr(0, line.size() - own.size());
    for (const std::string_view margin : {"| ", "+ ", "|"})
        if (before.ends_with(margin)) {
            before.remove_suffix(margin.size());
            const std::size_t name = before.find_last_not_of(' ');
            return before.ends_with("  ") && (name == std::string_view::npos || !isWordByte(before[name]));
        }
    return false;
}

std::string_view passedOn(std::string_view line)
{
    line = withoutHead(line);
    return line.starts_with("  ") ? withoutMargin(line) : line;
}

} // namespace mulligan::text

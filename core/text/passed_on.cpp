#include "text/passed_on.hpp"

#include <algorithm>
#include <array>

namespace mulligan::text
{

namespace
{

/// Modules that log what others wrote, line by line.
bool passesOn(std::string_view module)
{
    static constexpr std::array<std::string_view, 14> kModules = {
        "spark_submit", "subprocess", "pod_manager", "pod_launcher",  "kubernetes_pod", "pod",  "bash_operator",
        "bash",         "ssh",        "docker",      "logging_mixin", "process_utils",  "beam", "ssh_operator"};
    return std::find(kModules.begin(), kModules.end(), module) != kModules.end();
}

/// Without "[base] ", which names a pod's container.
std::string_view withoutContainer(std::string_view text)
{
    if (!text.starts_with('['))
        return text;
    const std::size_t close = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", 1);
    return close != std::string_view::npos && close > 1 && text.substr(close, 2) == "] " ? text.substr(close + 2)
                                                                                         : text;
}

} // namespace

std::string_view passedOn(std::string_view line)
{
    constexpr std::size_t kHeadBytes = 160;
    if (!line.starts_with('['))
        return line;
    const std::string_view head = line.substr(0, kHeadBytes);
    const std::size_t open = head.find("] {");
    if (open == std::string_view::npos)
        return line;
    const std::size_t name = open + 3;
    const std::size_t dot = head.find(".py:", name);
    const std::size_t dash = dot == std::string_view::npos ? dot : head.find(" - ", dot);
    if (dash == std::string_view::npos || !passesOn(head.substr(name, dot - name)))
        return line;
    return withoutContainer(line.substr(dash + 3));
}

} // namespace mulligan::text

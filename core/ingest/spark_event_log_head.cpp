#include "ingest/spark_event_log.hpp"

#include "ingest/spark_text.hpp"

namespace mulligan::ingest
{

namespace
{

/// Position behind the string that begins at `at` (on its quote), or npos when it does not end.
std::size_t behindString(std::string_view text, std::size_t at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return std::string_view::npos;
}

} // namespace

bool looksLikeSparkEventLog(std::string_view head)
{
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (head.starts_with(kByteOrderMark))
        head.remove_prefix(kByteOrderMark.size());
    head = spark::trimmed(head);
    if (!head.starts_with('{'))
        return false;
    int depth = 0;
    for (std::size_t at = 0; at < head.size();) {
        const char c = head[at];
        if (c == '\n' || (depth == 1 && c == '}'))
            return false;
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (c != '"') {
            ++at;
            continue;
        }
        const std::size_t end = behindString(head, at);
        if (end == std::string_view::npos)
            return false;
        const std::size_t next = head.find_first_not_of(" \t", end);
        if (depth == 1 && head.substr(at, end - at) == "\"Event\"" && next != std::string_view::npos
            && head[next] == ':')
            return true;
        at = end;
    }
    return false;
}

} // namespace mulligan::ingest

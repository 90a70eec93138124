#pragma once

#include "ingest/log_facts.hpp"

#include <algorithm>
#include <string_view>

namespace mulligan::ingest::words
{

inline bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// Without blanks at either end.
inline std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    text.remove_prefix(begin);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

/// Without a bracket at the end that nothing in the text opens: the reason of "(reason: …)".
inline std::string_view withoutClosing(std::string_view text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    if (text.ends_with(')') && std::count(text.begin(), text.end(), ')') > std::count(text.begin(), text.end(), '('))
        text.remove_suffix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

/// A final status of YARN's at the front.
inline LogEnd endNamed(std::string_view text)
{
    if (text.starts_with("SUCCEEDED"))
        return LogEnd::Succeeded;
    if (text.starts_with("FAILED"))
        return LogEnd::Failed;
    return text.starts_with("KILLED") ? LogEnd::Killed : LogEnd::Unsaid;
}

} // namespace mulligan::ingest::words

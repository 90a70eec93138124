#pragma once

#include <string_view>

namespace mulligan::ingest::spark
{

/// The text without blanks and line ends around it.
inline std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t from = text.find_first_not_of(kSpace);
    return from == std::string_view::npos ? std::string_view()
                                          : text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

} // namespace mulligan::ingest::spark

#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace mulligan::text
{

/// Where the line begins that holds the byte `at`; `at` may be the text's size.
[[nodiscard]] inline std::size_t lineBegin(std::string_view text, std::size_t at)
{
    const void *before = at == 0 ? nullptr : memrchr(text.data(), '\n', at);
    return before == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char *>(before) - text.data()) + 1;
}

/// Whether a line, which is not empty, begins with white space.
[[nodiscard]] inline bool isIndented(std::string_view line)
{
    return line.front() == ' ' || line.front() == '\t';
}

/// The blanks and tabs that a line begins with.
[[nodiscard]] inline std::size_t indentOf(std::string_view line)
{
    const std::size_t indent = line.find_first_not_of(" \t");
    return indent == std::string_view::npos ? line.size() : indent;
}

} // namespace mulligan::text

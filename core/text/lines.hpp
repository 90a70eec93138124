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

} // namespace mulligan::text

#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

namespace mulligan::text
{

/// Whether one of some strings stands in a text.
[[nodiscard]] inline bool holdsAny(std::string_view text, std::span<const std::string_view> signs)
{
    // memmem prepares a table for each call, which only pays on long texts.
    constexpr std::size_t kLong = 1024;
    return std::any_of(signs.begin(), signs.end(), [&](std::string_view sign) {
        return text.size() < kLong ? text.find(sign) != std::string_view::npos
                                   : memmem(text.data(), text.size(), sign.data(), sign.size()) != nullptr;
    });
}

} // namespace mulligan::text

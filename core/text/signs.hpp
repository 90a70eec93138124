#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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

/// A list of strings that many lines are asked for: looked for together, by their first two bytes. Each has two at
/// least.
template <std::size_t N> class SignList
{
public:
    constexpr explicit SignList(const std::string_view (&signs)[N])
    {
        for (std::size_t i = 0; i < N; ++i) {
            m_signs[i] = signs[i];
            const std::size_t pair = pairOf(signs[i][0], signs[i][1]);
            m_pairs[pair / 64] |= std::uint64_t{1} << (pair % 64);
        }
    }

    /// Whether one of them stands in a text.
    [[nodiscard]] bool standIn(std::string_view text) const
    {
        for (std::size_t at = 0; at + 1 < text.size(); ++at) {
            const std::size_t pair = pairOf(text[at], text[at + 1]);
            if ((m_pairs[pair / 64] >> (pair % 64) & 1) != 0 && beginsAt(text.substr(at)))
                return true;
        }
        return false;
    }

private:
    static constexpr std::size_t kPairs = 4096;

    static constexpr std::size_t pairOf(char first, char second)
    {
        return (static_cast<std::size_t>(static_cast<unsigned char>(first)) * 37 + static_cast<unsigned char>(second))
               % kPairs;
    }

    [[nodiscard]] bool beginsAt(std::string_view text) const
    {
        return std::any_of(m_signs.begin(), m_signs.end(), [&](std::string_view sign) {
            return text.front() == sign.front() && text.starts_with(sign);
        });
    }

    std::array<std::string_view, N> m_signs{};
    std::array<std::uint64_t, kPairs / 64> m_pairs{};
};

template <std::size_t N> constexpr SignList<N> signList(const std::string_view (&signs)[N])
{
    return SignList<N>(signs);
}

} // namespace mulligan::text

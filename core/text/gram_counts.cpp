#include "text/gram_counts.hpp"

#include <algorithm>

namespace mulligan::text
{

namespace
{

constexpr unsigned kSlotBits = 18;

/// Of the gram's bytes (at most eight), multiplied so that the upper bits depend on all of them.
std::size_t slotOf(std::string_view gram)
{
    std::uint64_t bytes = 0;
    for (const char byte : gram)
        bytes = bytes << 8U | static_cast<unsigned char>(byte);
    return (bytes * 0x9e3779b97f4a7c15U) >> (64U - kSlotBits);
}

} // namespace

GramCounts::GramCounts()
{
    for (auto &counts : m_counts)
        counts.assign(std::size_t(1) << kSlotBits, 0);
}

void GramCounts::add(std::string_view example)
{
    ++m_examples;
    for (std::size_t i = 0; i < kLengths.size(); ++i)
        for (std::size_t at = 0; at + kLengths[i] <= example.size(); ++at)
            ++m_counts[i][slotOf(example.substr(at, kLengths[i]))];
}

std::size_t GramCounts::atMost(std::string_view text) const
{
    std::size_t longest = kLengths.size();
    while (longest > 0 && kLengths[longest - 1] > text.size())
        --longest;
    if (longest == 0)
        return m_examples;
    const std::size_t length = kLengths[longest - 1];
    const auto &counts = m_counts[longest - 1];
    std::size_t least = counts[slotOf(text.substr(0, length))];
    for (std::size_t at = 1; at + length <= text.size(); ++at)
        least = std::min<std::size_t>(least, counts[slotOf(text.substr(at, length))]);
    return least;
}

} // namespace mulligan::text

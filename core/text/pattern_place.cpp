#include "text/pattern_place.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace mulligan::text
{

namespace
{

std::string characterAt(std::string_view pattern, std::size_t byte)
{
    const auto before = pattern.substr(0, byte);
    const auto characters = std::count_if(
        before.begin(), before.end(), [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; });
    return "character " + std::to_string(characters + 1);
}

/// The innermost group, or else the list of characters, that is not closed.
std::optional<std::size_t> unclosed(std::string_view pattern)
{
    std::vector<std::size_t> groups;
    std::optional<std::size_t> list;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\')
            ++i;
        else if (list) {
            // "[]a]" and "[^]a]": the first one is of the list.
            const std::size_t first = *list + (pattern[*list + 1] == '^' ? 2 : 1);
            if (pattern.substr(i, 2) == "[:") // "[[:alpha:]]"
                i = std::min(pattern.find(":]", i + 2), pattern.size() - 2) + 1;
            else if (pattern[i] == ']' && i > first)
                list.reset();
        } else if (pattern[i] == '[')
            list = i;
        else if (pattern[i] == '(')
            groups.push_back(i);
        else if (pattern[i] == ')' && !groups.empty())
            groups.pop_back();
    }
    if (list)
        return list;
    return groups.empty() ? std::nullopt : std::optional(groups.back());
}

} // namespace

std::string faultText(std::string_view pattern, const std::string &what, std::ptrdiff_t position)
{
    if (position >= 0 && position < static_cast<std::ptrdiff_t>(pattern.size()))
        return what + ", at " + characterAt(pattern, static_cast<std::size_t>(position));
    if (const auto open = unclosed(pattern))
        return std::string("the ") + pattern[*open] + " at " + characterAt(pattern, *open) + " is not closed";
    return what + ", at its end";
}

} // namespace mulligan::text

#include "text/translated_groups.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::text
{

std::size_t TranslatedGroups::open(std::string name, std::string own)
{
    m_groups.push_back({std::move(name), std::move(own), m_scopes.back()});
    return m_groups.size();
}

void TranslatedGroups::close(std::size_t number, bool optional)
{
    m_groups[number - 1].closed = true;
    m_groups[number - 1].optional = optional;
}

std::string TranslatedGroups::freeName(const std::string &wanted) const
{
    std::string own = wanted;
    const auto isTaken = [&](const Group &group) { return group.own == own; };
    for (int i = 2; std::any_of(m_groups.begin(), m_groups.end(), isTaken); ++i)
        own = wanted + std::to_string(i);
    return own;
}

std::optional<std::size_t> TranslatedGroups::numberOf(std::string_view name) const
{
    for (std::size_t i = 0; i < m_groups.size(); ++i)
        if (!m_groups[i].name.empty() && m_groups[i].name == name)
            return i + 1;
    return std::nullopt;
}

bool TranslatedGroups::tookPart(std::size_t number) const
{
    if (number < 1 || number > m_groups.size())
        return false;
    const Group &group = m_groups[number - 1];
    return group.closed && !group.optional
           && std::find(m_scopes.begin(), m_scopes.end(), group.scope) != m_scopes.end();
}

} // namespace mulligan::text

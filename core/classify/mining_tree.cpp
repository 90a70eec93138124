#include "classify/mining_tree.hpp"

#include "base/rng.hpp"
#include "classify/mining.hpp"

#include <algorithm>

namespace mulligan::classify
{

namespace
{

/// Stands for every token that is not plain, in the values of a position.
constexpr TokenHash kNotPlain = 1;

} // namespace

TokenHash tokenHash(std::string_view token)
{
    if (token == kWildcard)
        return kWildcardHash;
    const TokenHash hash = base::stableHash(token);
    return hash <= kNotPlain ? 2 : hash;
}

TokenHash mixed(TokenHash into, TokenHash value)
{
    into = (into ^ value) * 0x9E3779B97F4A7C15ULL;
    return into ^ (into >> 29);
}

bool isPlain(std::string_view token)
{
    return std::none_of(token.begin(), token.end(),
                        [](char byte) { return byte == '<' || (byte >= '0' && byte <= '9'); });
}

std::uint32_t TokenTree::newNode()
{
    m_nodes.emplace_back();
    return static_cast<std::uint32_t>(m_nodes.size() - 1);
}

std::uint32_t TokenTree::leafOf(const TokenLine &line)
{
    const auto [root, added] = m_roots.try_emplace(mixed(line.key, line.tokens.size()), 0);
    if (added)
        root->second = newNode();
    std::uint32_t at = root->second;
    const auto depth = static_cast<std::size_t>(std::max(m_options.depth - 2, 0));
    for (std::size_t i = 0; i < std::min(line.tokens.size(), depth); ++i)
        at = childOf(at, line, i);
    return at;
}

std::uint32_t TokenTree::childOf(std::uint32_t node, const TokenLine &line, std::size_t position)
{
    const TokenHash token = line.tokens[position];
    if (line.plain[position] != 0) {
        if (const auto child = m_nodes[node].children.find(token); child != m_nodes[node].children.end())
            return child->second;
        // One branch is kept for what comes when all others are taken.
        if (m_nodes[node].children.size() + 1 < static_cast<std::size_t>(std::max(m_options.maxChildren, 1))) {
            const std::uint32_t made = newNode();
            m_nodes[node].children.emplace(token, made);
            return made;
        }
    }
    if (m_nodes[node].otherwise == kNoGroup) {
        const std::uint32_t made = newNode();
        m_nodes[node].otherwise = made;
    }
    return m_nodes[node].otherwise;
}

std::uint32_t TokenTree::bestOf(const Node &leaf, const TokenLine &line) const
{
    const std::size_t length = line.tokens.size() - line.common;
    std::uint32_t best = kNoGroup;
    std::size_t most = 0;
    for (const std::uint32_t index : leaf.groups) {
        const std::vector<TokenHash> &own = m_groups[index].tokens;
        std::size_t equal = 0;
        for (std::size_t i = line.common; i < own.size(); ++i)
            equal += own[i] == line.tokens[i] ? 1 : 0;
        if (best == kNoGroup || equal > most) {
            best = index;
            most = equal;
        }
        if (equal == length)
            break;
    }
    const bool alike = static_cast<double>(most) >= m_options.similarity * static_cast<double>(length);
    return alike ? best : kNoGroup;
}

std::uint32_t TokenTree::makeGroup(Node &leaf, const TokenLine &line)
{
    if (leaf.groups.size() >= m_options.maxLeafGroups || m_groups.size() >= m_options.maxGroups)
        return kNoGroup;
    const auto made = static_cast<std::uint32_t>(m_groups.size());
    leaf.groups.push_back(made);
    LineGroup &group = m_groups.emplace_back();
    group.tokens = line.tokens;
    group.values.resize(line.tokens.size());
    return made;
}

void TokenTree::note(LineGroup &group, const TokenLine &line) const
{
    const auto most = static_cast<std::size_t>(std::max(m_options.constants, 0)) + 1;
    for (std::size_t i = 0; i < line.tokens.size(); ++i) {
        if (group.tokens[i] != line.tokens[i])
            group.tokens[i] = kWildcardHash;
        std::vector<TokenHash> &values = group.values[i];
        if (values.size() >= most)
            continue;
        const TokenHash value = line.plain[i] != 0 ? line.tokens[i] : kNotPlain;
        if (line.tokens[i] == kWildcardHash)
            values.assign(most, kWildcardHash); // an earlier mining has found out
        else if (std::find(values.begin(), values.end(), value) == values.end())
            values.push_back(value);
    }
}

std::uint32_t TokenTree::learn(const TokenLine &line)
{
    const std::uint32_t leaf = leafOf(line);
    std::uint32_t found = bestOf(m_nodes[leaf], line);
    if (found == kNoGroup)
        found = makeGroup(m_nodes[leaf], line);
    if (found != kNoGroup)
        note(m_groups[found], line);
    return found;
}

bool TokenTree::varies(const LineGroup &group, std::size_t position) const
{
    return group.values[position].size() > static_cast<std::size_t>(std::max(m_options.constants, 0));
}

} // namespace mulligan::classify

#include "text/automata.hpp"

#include <algorithm>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kMostBytes = std::size_t(32) << 20U; ///< of one thread
constexpr std::size_t kMostSets = 8;                       ///< sets that come and go leave theirs behind
constexpr std::size_t kMadeBetweenChecks = 256;

} // namespace

Automaton &Automata::of(std::uint64_t set, std::uint32_t id, const Pattern &pattern)
{
    OfSet &own = ofSet(set);
    if (id < own.byId.size() && own.byId[id] != nullptr)
        return *own.byId[id];
    if (++m_made % kMadeBetweenChecks == 0)
        keepSmall();
    OfSet &kept = ofSet(set);
    if (kept.byId.size() <= id)
        kept.byId.resize(id + 1);
    kept.byId[id] = std::make_unique<Automaton>(readPattern(pattern.expression, pattern.multiline), pattern.caseless);
    return *kept.byId[id];
}

Automata::OfSet &Automata::ofSet(std::uint64_t set)
{
    for (OfSet &own : m_sets)
        if (own.set == set)
            return own;
    if (m_sets.size() >= kMostSets)
        m_sets.erase(m_sets.begin());
    m_sets.push_back({set, {}});
    return m_sets.back();
}

void Automata::keepSmall()
{
    std::size_t bytes = 0;
    for (const OfSet &own : m_sets)
        for (const auto &automaton : own.byId)
            bytes += automaton != nullptr ? automaton->bytes() : 0;
    if (bytes > kMostBytes)
        m_sets.clear();
}

} // namespace mulligan::text

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
    if (id < own.byId.size() && own.byId[id].automaton != nullptr) {
        own.byId[id].asked = true;
        return *own.byId[id].automaton;
    }
    if (++m_made % kMadeBetweenChecks == 0)
        keepSmall();
    OfSet &keeping = ofSet(set); // the one of before may be gone
    if (keeping.byId.size() <= id)
        keeping.byId.resize(id + 1);
    Kept &kept = keeping.byId[id];
    kept.automaton = std::make_unique<Automaton>(readPattern(pattern.expression, pattern.multiline), pattern.caseless);
    kept.asked = true;
    return *kept.automaton;
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
    const bool large = bytes() > kMostBytes;
    for (OfSet &own : m_sets)
        for (Kept &kept : own.byId) {
            if (large && !kept.asked)
                kept.automaton.reset();
            kept.asked = false;
        }
    if (large && bytes() > kMostBytes)
        m_sets.clear();
}

std::size_t Automata::bytes() const
{
    std::size_t bytes = 0;
    for (const OfSet &own : m_sets)
        for (const Kept &kept : own.byId)
            bytes += kept.automaton != nullptr ? kept.automaton->bytes() : 0;
    return bytes;
}

} // namespace mulligan::text

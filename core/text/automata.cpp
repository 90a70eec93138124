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

bool Screen::mayMatch(const Pattern &pattern, std::string_view text, Span part, std::size_t &made)
{
    if (m_automaton == nullptr) {
        m_automaton = std::make_unique<Automaton>(readPattern(pattern.expression, pattern.multiline), pattern.caseless);
        ++made;
    }
    m_asked = true;
    return m_automaton->mayMatch(text, part.begin, part.end);
}

void Screen::note(bool matched, std::uint64_t steps)
{
    if (matched)
        ++m_matches;
    else
        m_inVain += 1 + steps / kStepsOfAutomaton;
}

void Screen::fetch() const
{
    if (m_automaton != nullptr && comesFirst())
        m_automaton->fetch();
}

void Screen::fetchTable() const
{
    if (m_automaton != nullptr && comesFirst())
        m_automaton->fetchTable();
}

Screen &Automata::of(std::uint64_t set, std::uint32_t id, std::size_t size)
{
    if (m_made >= kMadeBetweenChecks) {
        m_made = 0;
        keepSmall();
    }
    return find(set, size).byId[id];
}

const std::vector<Screen> &Automata::ofSet(std::uint64_t set, std::size_t size)
{
    return find(set, size).byId;
}

Automata::OfSet &Automata::find(std::uint64_t set, std::size_t size)
{
    for (OfSet &own : m_sets)
        if (own.set == set)
            return own;
    if (m_sets.size() >= kMostSets)
        m_sets.erase(m_sets.begin());
    m_sets.push_back({set, std::vector<Screen>(size)});
    return m_sets.back();
}

void Automata::keepSmall()
{
    const bool large = bytes() > kMostBytes;
    for (OfSet &own : m_sets)
        for (Screen &screen : own.byId) {
            if (large && !screen.m_asked)
                screen.m_automaton.reset();
            screen.m_asked = false;
        }
    if (large && bytes() > kMostBytes)
        m_sets.clear();
}

std::size_t Automata::bytes() const
{
    std::size_t bytes = 0;
    for (const OfSet &own : m_sets)
        for (const Screen &screen : own.byId)
            bytes += screen.m_automaton != nullptr ? screen.m_automaton->bytes() : 0;
    return bytes;
}

} // namespace mulligan::text

#pragma once

#include "text/automaton.hpp"
#include "text/pattern_set.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mulligan::text
{

/// Keeps the engine from searching for one pattern where it has no match. Its automaton is made when the engine first
/// searched in vain: most patterns are looked for by texts that hardly stand anywhere else, and never need one.
class Screen
{
public:
    /// Whether the automaton is to be asked before the engine: where that matches nearly always, it costs more than it
    /// saves.
    [[nodiscard]] bool comesFirst() const { return kMatchesForOneInVain * m_inVain > m_matches; }
    /// Whether a match may lie in a part of a text; `made` counts the automata that are made.
    [[nodiscard]] bool mayMatch(const Pattern &pattern, std::string_view text, Span part, std::size_t &made);
    /// What a search in such a part came to, and how many steps of the engine it took.
    void note(bool matched, std::uint64_t steps);
    /// Asks for the memory that the automaton will read, in two steps that others may come between.
    void fetch() const;
    void fetchTable() const;

private:
    friend class Automata;
    static constexpr std::uint64_t kMatchesForOneInVain = 3;
    static constexpr std::uint64_t kStepsOfAutomaton = 64; ///< of the engine, that take as long as to ask it

    std::unique_ptr<Automaton> m_automaton; ///< null: not made, or dropped
    std::uint64_t m_matches = 0;
    std::uint64_t m_inVain = 0;
    bool m_asked = false; ///< since there was last looked how large all automata are
};

/// The automata of one thread, by set of patterns and pattern. They may be dropped at any time, and are when together
/// they grow too large, first those that were not asked of late.
class Automata
{
public:
    /// Valid until the next call. `set`: a number that no other set in the program has; `size`: its patterns.
    [[nodiscard]] Screen &of(std::uint64_t set, std::uint32_t id, std::size_t size);
    /// Of a set, by pattern; empty where none was asked for.
    [[nodiscard]] const std::vector<Screen> &ofSet(std::uint64_t set, std::size_t size);
    /// How many were made since there was last looked how large all are.
    [[nodiscard]] std::size_t &made() { return m_made; }

private:
    struct OfSet {
        std::uint64_t set = 0;
        std::vector<Screen> byId;
    };

    OfSet &find(std::uint64_t set, std::size_t size);
    /// Drops what was not asked of late where together they are too large, and if that is not enough, all.
    void keepSmall();
    [[nodiscard]] std::size_t bytes() const;

    std::vector<OfSet> m_sets;
    std::size_t m_made = 0;
};

} // namespace mulligan::text

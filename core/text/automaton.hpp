#pragma once

#include "text/pattern_syntax.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// Tells quickly that a pattern has no match: a finite automaton of all that the pattern takes and a little more, since
/// assertions other than the text's begin are passed freely and long counted repeats are taken for endless ones. What
/// it lets through is for the engine to decide. Its states are made as texts ask for them, so one thread owns it.
class Automaton
{
public:
    /// `caseless`: of ASCII letters. A pattern that is not understood, or too large, is always let through.
    Automaton(const PatternSyntax &syntax, bool caseless);

    /// Whether a match may lie within [begin, end) of a text. Linear in the bytes between.
    [[nodiscard]] bool mayMatch(std::string_view text, std::size_t begin, std::size_t end);
    /// Asks for the memory that a search will read, in two steps that those of others may come between.
    void fetch() const;
    void fetchTable() const;
    /// Memory held, about.
    [[nodiscard]] std::size_t bytes() const;

private:
    /// A step's number, or where a state's row begins in the table.
    using Number = std::uint16_t;
    static constexpr Number kDead = 0; ///< no match can come any more
    static constexpr Number kUnknown = 0xffff;

    enum class Act : std::uint8_t { Take, Split, AtBegin, Found };
    /// One step of the automaton without decisions: Take goes on with `next` at a byte of set `other`, Split with both.
    struct Step {
        Act act = Act::Take;
        Number next = 0;
        Number other = 0;
    };
    using Places = std::vector<Number>; ///< steps that wait for a byte, ascending

    Number add(const Step &step);
    Number addSet(const ByteSet &bytes, Number next);
    Number emit(const PatternNode &node, Number next);
    Number emitRepeat(const PatternNode &node, Number next);
    void groupBytes();
    /// Adds what can be reached from a step without taking a byte; whether a match is reached.
    bool reach(Number from, bool atBegin, Places &places);
    Number stateOf(Places places);
    [[nodiscard]] std::span<const Number> placesOf(std::size_t state) const;
    Number startState(bool atBegin);
    Number step(Number state, std::size_t group);
    void forget();
    void findSkips();
    [[nodiscard]] const unsigned char *nextBegin(const unsigned char *at, const unsigned char *last) const;

    // What a search reads comes first, side by side: searches of many patterns take turns, and find it in no cache.
    std::vector<Number> m_table; ///< the next state's row, by row and group
    Number m_found = 0;          ///< the row of the state that a match leads to
    Number m_start = kUnknown;
    Number m_startAtBegin = kUnknown;
    bool m_usable = true;
    bool m_full = false;                       ///< all states are to be forgotten before the next search
    std::array<std::uint8_t, 256> m_groupOf{}; ///< bytes of one group are in the same sets

    // How far a search in which nothing has begun may go on, by how many bytes behind a match's begin a byte stands and
    // by its group; 0 where a match may have it there. Made by the first search that is long enough.
    std::vector<std::uint8_t> m_skips;
    std::vector<std::uint8_t> m_lastSkips; ///< by byte at the last place that is looked at, which comes first
    std::size_t m_ahead = 0; ///< bytes that are looked at; 0: no match need be as long, or most bytes may stand there
    bool m_knowsSkips = false;

    bool m_anchored = false;
    bool m_caseless = false;
    int m_rounds = 0; ///< how often all states were forgotten
    Number m_entry = 0;
    std::vector<Step> m_steps;
    std::vector<ByteSet> m_sets;
    std::vector<std::size_t> m_examples; ///< a byte of each group
    // The states' places one after another, where each state's end, and their hashes: hundreds of thousands of states
    // are kept, most with a few places.
    std::vector<Number> m_places;
    std::vector<std::uint32_t> m_ends;
    std::vector<std::uint32_t> m_hashes;
    std::vector<std::uint32_t> m_seen;
    std::uint32_t m_turn = 0;
};

} // namespace mulligan::text

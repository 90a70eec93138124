#pragma once

#include "text/automaton.hpp"
#include "text/pattern_set.hpp"

#include <memory>
#include <vector>

namespace mulligan::text
{

/// The automata of one thread, by set of patterns and pattern, made where they are first asked. They may be dropped
/// at any time, and are when together they grow too large, first those that were not asked of late.
class Automata
{
public:
    /// `set`: a number that no other set in the program has.
    [[nodiscard]] Automaton &of(std::uint64_t set, std::uint32_t id, const Pattern &pattern);

private:
    struct Kept {
        std::unique_ptr<Automaton> automaton; ///< null: not made, or dropped
        bool asked = false;                   ///< since there was last looked how large all are
    };
    struct OfSet {
        std::uint64_t set = 0;
        std::vector<Kept> byId;
    };

    OfSet &ofSet(std::uint64_t set);
    /// Drops what was not asked of late where together they are too large, and if that is not enough, all.
    void keepSmall();
    [[nodiscard]] std::size_t bytes() const;

    std::vector<OfSet> m_sets;
    std::size_t m_made = 0;
};

} // namespace mulligan::text

#pragma once

#include "text/automata.hpp"
#include "text/compiled_pattern.hpp"
#include "text/pattern_set.hpp"
#include "text/prefilter.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::text
{

/// What a search for a pattern from the text's begin came to.
struct KnownFind {
    std::uint32_t id = 0;
    Outcome outcome = Outcome::NoMatch;
    std::uint64_t steps = 0;
    Match match;
};

/// What `PatternSet` keeps in a scratch.
struct ScratchState {
    ScratchHandle handle;
    bool usable = true;                ///< false: memory ran out, so every pattern is a candidate
    std::vector<std::size_t> firstEnd; ///< by pattern; meaningful where `seen` holds the current turn
    std::vector<std::uint64_t> seen;
    std::uint64_t turn = 0;
    std::vector<std::pair<std::uint32_t, std::size_t>> ends; ///< every end of the last scan, by pattern
    bool allEnds = true;                                     ///< false: there were too many to keep
    bool scanned = false;                                    ///< the last scan's ends may be used
    std::vector<std::uint32_t> ids;
    std::vector<KnownFind> finds; ///< in this turn's text, of patterns that several rules have
    MatchResults results;
    Automata automata;

    [[nodiscard]] const KnownFind *known(std::uint32_t id) const
    {
        const auto found =
            std::find_if(finds.begin(), finds.end(), [id](const KnownFind &find) { return find.id == id; });
        return found == finds.end() ? nullptr : &*found;
    }

    /// The first end of a pattern after a place, or kNoBound.
    [[nodiscard]] std::size_t nextEnd(std::uint32_t id, std::size_t after) const
    {
        std::size_t next = kNoBound;
        for (const auto &[owner, end] : ends)
            if (owner == id && end > after)
                next = std::min(next, end);
        return next;
    }
};

} // namespace mulligan::text

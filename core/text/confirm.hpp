#pragma once

#include "text/scratch_state.hpp"

#include <cstdint>
#include <string_view>

namespace mulligan::text
{

/// A candidate of the last scan whose match is looked for around the ends that the scan reported. Of the text library
/// alone.
class Confirmation
{
public:
    /// `screen`: of the pattern; null: the engine alone decides. `steps`: the budget of all searches together, off
    /// which they take what they need.
    Confirmation(const CompiledPattern &pattern, std::uint32_t id, std::string_view text, ScratchState &scratch,
                 Screen *screen, std::uint64_t &steps)
        : m_pattern(pattern), m_id(id), m_text(text), m_scratch(scratch), m_screen(screen), m_stepsLeft(steps)
    {
    }

    /// The leftmost match that begins at or after a place.
    [[nodiscard]] Outcome find(std::size_t from, Match &match);

private:
    Outcome onLines(std::size_t from, Match &match);
    Outcome nearEnds(std::size_t from, Match &match);
    [[nodiscard]] std::size_t firstEndAfter(std::size_t from) const;
    Outcome search(Span window, Match &match);
    [[nodiscard]] bool mayMatch(Span window);

    const CompiledPattern &m_pattern;
    std::uint32_t m_id;
    std::string_view m_text;
    ScratchState &m_scratch;
    Screen *m_screen;
    std::uint64_t &m_stepsLeft;
};

} // namespace mulligan::text

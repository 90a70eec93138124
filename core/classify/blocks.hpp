#pragma once

#include "classify/rule.hpp"
#include "text/pattern_set.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// A block definition with the ids of its patterns in a set.
struct BlockPatterns {
    Block block;
    bool caseless = false;
    std::uint32_t from = 0;
    std::uint32_t to = 0; ///< of Block::End::Pattern
};

/// The blocks of one text, in order; they do not overlap.
struct BlockCut {
    std::vector<text::Span> blocks; ///< without the end of their last line
    bool undetermined = false;      ///< the step budget of `from` or `to` ran out, so that the rest is not known
};

/// Cuts a text into blocks. To be called after `candidates` of the same set on the same text. Linear in the text, but
/// for the step budget that each of the two patterns has on it.
[[nodiscard]] BlockCut cutBlocks(const BlockPatterns &definition, const text::PatternSet &patterns,
                                 std::string_view text, text::Scratch &scratch);

} // namespace mulligan::classify

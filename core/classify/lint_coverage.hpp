#pragma once

#include "classify/rule.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mulligan::classify
{

/// A pattern of `any` or `all`.
struct PatternPlace {
    size_t rule = 0; ///< index into the pack
    bool any = true; ///< else of `all`
    size_t index = 0;

    bool operator==(const PatternPlace &) const = default;
};

/// A pattern that matches wherever another one does: it stands within the text that the other cannot do without.
struct Cover {
    PatternPlace covered;
    PatternPlace by;   ///< of `any`
    bool same = false; ///< they are the same pattern
    bool onItsLine =
        false; ///< and matches in the line in which the covered one does: where one counts, so does the other
};

/// Which patterns of a pack's active rules are covered by which others. Never wrong, and not complete: only what the
/// texts that patterns require show. About one scan of these texts by all patterns; no rule is held against every
/// other. Rules with bad patterns are left out.
[[nodiscard]] std::vector<Cover> findCovers(const RulePack &pack);

/// A rule that can never win, with the one that always goes before it.
struct Shadow {
    size_t rule = 0;
    size_t by = 0;
};
[[nodiscard]] std::vector<Shadow> findShadows(const RulePack &pack, const std::vector<Cover> &covers);

} // namespace mulligan::classify

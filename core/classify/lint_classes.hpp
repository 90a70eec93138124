#pragma once

#include "classify/rule.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace mulligan::classify
{

using ClassNames = std::set<std::string, std::less<>>;

/// The classes of a pack's rules.
[[nodiscard]] ClassNames classesOf(const RulePack &pack);

/// A rule whose class is probably another one, misspelt.
struct LoneClass {
    std::size_t rule = 0;  ///< index in the pack
    std::size_t rules = 0; ///< that have its class
    std::string near;      ///< the class that is probably meant
};

/// Rules whose class `known` does not hold, where a class that is in `known`, or that clearly more rules have (rules
/// are copied with their slips), is spelt almost alike: one slip of the pen in the group and one in the kind, two where
/// a word has eight letters or more, none below four. A class of one rule alone is in order by itself, and so is one
/// that differs from others in a number only.
[[nodiscard]] std::vector<LoneClass> findLoneClasses(const RulePack &pack, const ClassNames &known);

} // namespace mulligan::classify

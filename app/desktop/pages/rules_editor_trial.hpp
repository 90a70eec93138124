#pragma once

#include "base/result.hpp"
#include "classify/classifier.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::desktop
{

/// Of one pattern at most so many matches are shown, and of one text so many bytes are looked at.
inline constexpr size_t kMostTrialMatches = 500;
inline constexpr size_t kMostTrialBytes = 1u << 20;

/// Which list of a rule a pattern is in.
enum class PatternRole { Any, All, None };

/// A named group that took part in a match.
struct TrialGroup {
    std::string name;
    size_t begin = 0; ///< bytes of the text, [begin, end)
    size_t end = 0;
    std::string decoded; ///< what it took where the text does not hold that as it is

    bool operator==(const TrialGroup &) const = default;
};

/// One match of one pattern of the rule that is tried.
struct TrialMatch {
    PatternRole role = PatternRole::Any;
    size_t pattern = 0; ///< index within its list
    size_t begin = 0;
    size_t end = 0;
    std::vector<TrialGroup> groups;
    bool decoded = false; ///< in the cause as it was read out of JSON, whose value is the place

    bool operator==(const TrialMatch &) const = default;
};

/// What a rule and its pack make of one text.
struct RuleTrial {
    /// Of the rule's patterns in all lines that count, by place; of a decoded cause where the text itself has none.
    std::vector<TrialMatch> matches;
    bool more = false;                              ///< there are more matches than are kept
    std::vector<std::string> undetermined;          ///< patterns whose step budget ran out
    model::Verdict verdict;                         ///< of the whole pack
    std::map<std::string, model::Capture> captures; ///< of the rule's first match in which each took part
    bool ruleMatches = false;                       ///< the rule matches, whether it wins or not
    bool ruleWins = false;
    classify::RuleStatus status = classify::RuleStatus::Active; ///< only active rules match
};

/// Tries a rule on a text as rules see it: every match of each of its patterns, whatever part of the text the rule
/// looks at, where the text holds it, and in the cause that JSON tells, as rules see it decoded; but none of `any` and
/// `all` in a line whose level does not count. With the verdict of the pack that `rules` compiled. Errors: those of
/// checkPattern.
[[nodiscard]] base::Result<RuleTrial> tryRule(const classify::Rule &rule, const classify::Classifier &rules,
                                              std::string_view text);

} // namespace mulligan::desktop

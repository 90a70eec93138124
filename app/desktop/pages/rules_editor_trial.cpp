#include "desktop/pages/rules_editor_trial.hpp"

#include "classify/line_levels.hpp"
#include "classify/templates.hpp"
#include "text/pattern_set.hpp"

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

struct RolePattern {
    PatternRole role = PatternRole::Any;
    size_t index = 0;
    std::string expression;
};

std::vector<RolePattern> patternsOf(const classify::Rule &rule)
{
    std::vector<RolePattern> all;
    const auto take = [&](PatternRole role, const std::vector<std::string> &list) {
        for (size_t i = 0; i < list.size(); ++i)
            all.push_back({role, i, list[i]});
    };
    take(PatternRole::Any, rule.any);
    take(PatternRole::All, rule.all);
    take(PatternRole::None, rule.none);
    return all;
}

TrialMatch matchOf(const RolePattern &pattern, const text::Match &match)
{
    TrialMatch out{pattern.role, pattern.index, match.span.begin, match.span.end, {}};
    for (const auto &group : match.groups)
        out.groups.push_back({std::string(group.name), group.span.begin, group.span.end});
    return out;
}

/// All matches of one pattern that the rule may take for its own; what rules out does so wherever it stands.
void findMatches(const RolePattern &pattern, classify::LeastLevel least, std::uint32_t id, const text::PatternSet &set,
                 std::string_view text, RuleTrial &trial)
{
    size_t found = 0;
    for (size_t from = 0; from <= text.size();) {
        text::Match match;
        const auto outcome = set.search(id, text, from, match);
        if (outcome == text::Outcome::Undetermined)
            trial.undetermined.push_back(pattern.expression);
        if (outcome != text::Outcome::Match)
            return;
        if (const auto line = classify::lineOfMatch(text, match.span);
            pattern.role != PatternRole::None
            && !classify::lineCounts(least, text.substr(line.begin, line.end - line.begin))) {
            from = std::max(line.end, match.span.begin + 1);
            continue;
        }
        if (++found > kMostTrialMatches) {
            trial.more = true;
            return;
        }
        trial.matches.push_back(matchOf(pattern, match));
        from = std::max(match.span.end, match.span.begin + 1);
    }
}

} // namespace

base::Result<RuleTrial> tryRule(const classify::Rule &rule, const classify::Classifier &rules, std::string_view text)
{
    text = text.substr(0, kMostTrialBytes);
    RuleTrial trial;
    trial.status = rule.status;
    const auto patterns = patternsOf(rule);
    std::vector<text::Pattern> expressions;
    for (const auto &pattern : patterns) {
        text::Pattern each;
        each.expression = pattern.expression;
        each.caseless = rule.caseless;
        each.multiline = rule.multiline;
        expressions.push_back(std::move(each));
    }
    text::PatternSetOptions options;
    options.prefilter = false;
    MULLIGAN_TRY(const auto set, text::PatternSet::make(std::move(expressions), options));
    for (std::uint32_t id = 0; id < patterns.size(); ++id)
        findMatches(patterns[id], rule.leastLevel, id, *set, text, trial);
    std::stable_sort(trial.matches.begin(), trial.matches.end(),
                     [](const auto &a, const auto &b) { return a.begin < b.begin; });
    for (const auto &match : trial.matches) {
        for (const auto &group : match.groups) {
            const auto unit = rule.captures.find(group.name);
            if (match.role != PatternRole::None && unit != rule.captures.end())
                trial.captures.try_emplace(
                    group.name, classify::makeCapture(text.substr(group.begin, group.end - group.begin), unit->second));
        }
    }
    auto scratch = rules.makeScratch();
    classify::Subject subject;
    subject.text = text;
    trial.verdict = rules.classify(subject, scratch);
    trial.ruleWins = trial.verdict.rule == rule.id && !rule.id.empty();
    trial.ruleMatches = std::any_of(trial.verdict.matches.begin(), trial.verdict.matches.end(),
                                    [&](const auto &match) { return match.rule == rule.id; });
    return trial;
}

} // namespace mulligan::desktop

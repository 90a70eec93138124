#include "desktop/pages/rules_editor_trial.hpp"

#include "classify/line_levels.hpp"
#include "classify/subject_parts.hpp"
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
        out.groups.push_back({std::string(group.name), group.span.begin, group.span.end, {}});
    return out;
}

/// A part of a view as one of the text: where it stands there, or what it was read out of. `decoded`: the latter.
text::Span placedSpan(text::Span part, const classify::View &view, size_t at, const classify::SubjectParts &parts,
                      std::string_view text, bool &decoded)
{
    const text::Span seen{part.begin + at, part.end + at};
    decoded = parts.isDecoded(view, seen);
    text::Span place;
    if (view.inText && seen.end <= parts.log().text.size()) {
        place = parts.placeInText(seen); // without counting lines
    } else {
        model::RuleMatch quoted;
        quoted.begin = part.begin;
        quoted.end = part.end;
        parts.place(quoted, view, at);
        place = {quoted.begin, quoted.end};
    }
    if (!decoded)
        return place;
    const std::string_view said = view.text.substr(part.begin, part.end - part.begin);
    const size_t as = text.substr(place.begin, place.end - place.begin).find(said); // nothing of it was escaped
    if (said.empty() || as == std::string_view::npos)
        return place;
    decoded = false;
    return {place.begin + as, place.begin + as + said.size()};
}

/// A match in a part of what rules see, as one of the text; where it was read out of quotes, those are its place.
TrialMatch placed(TrialMatch match, const classify::View &view, size_t at, const classify::SubjectParts &parts,
                  std::string_view text)
{
    const text::Span part{match.begin, match.end};
    const text::Span place = placedSpan(part, view, at, parts, text, match.decoded);
    const bool asItIs =
        text.substr(place.begin, place.end - place.begin) == view.text.substr(part.begin, part.end - part.begin);
    for (auto &group : match.groups) {
        const std::string_view said = view.text.substr(group.begin, group.end - group.begin);
        text::Span own{place.begin, place.begin};
        if (asItIs && group.begin >= part.begin && group.end <= part.end)
            own = {place.begin + (group.begin - part.begin), place.begin + (group.end - part.begin)};
        else if (!match.decoded && !parts.isDecoded(view, {group.begin + at, group.end + at}))
            own = parts.placeInText({group.begin + at, group.end + at});
        group.begin = own.begin;
        group.end = own.end;
        if (text.substr(own.begin, own.end - own.begin) != said)
            group.decoded = said;
    }
    match.begin = place.begin;
    match.end = place.end;
    return match;
}

std::string_view textOf(const TrialGroup &group, std::string_view text)
{
    return group.decoded.empty() ? text.substr(group.begin, group.end - group.begin) : std::string_view(group.decoded);
}

/// What rules see of a text, and its lines that a rule takes matches from.
struct Lines {
    const classify::SubjectParts &parts;
    std::string_view text;
    classify::LeastLevel least;
    text::AbortedTasks aborted; ///< in what rules see
};

/// All matches of one pattern that the rule may take for its own; what rules out does so wherever it stands.
void findMatches(const RolePattern &pattern, const Lines &lines, std::uint32_t id, const text::PatternSet &set,
                 RuleTrial &trial)
{
    const classify::View log = lines.parts.log();
    const std::string_view text = log.text;
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
            && !classify::lineCounts(lines.least, text.substr(line.begin, line.end - line.begin), lines.aborted)) {
            from = std::max(line.end, match.span.begin + 1);
            continue;
        }
        if (++found > kMostTrialMatches) {
            trial.more = true;
            return;
        }
        trial.matches.push_back(placed(matchOf(pattern, match), log, 0, lines.parts, lines.text));
        from = std::max(match.span.end, match.span.begin + 1);
    }
}

/// Whether a pattern is known to match in what a match of it covers, which then tells more.
bool isFound(const TrialMatch &match, const RuleTrial &trial)
{
    return std::any_of(trial.matches.begin(), trial.matches.end(), [&](const TrialMatch &known) {
        return known.role == match.role && known.pattern == match.pattern && known.begin >= match.begin
               && known.end <= match.end;
    });
}

/// What a pattern matches in the root cause as rules see it: cut out of the text, or read out of JSON in it.
void findInCause(const RolePattern &pattern, const classify::Rule &rule, std::uint32_t id, const text::PatternSet &set,
                 classify::SubjectParts &parts, std::string_view text, RuleTrial &trial)
{
    const classify::View view = parts.view(rule.where, rule.lastLines);
    const bool whole = rule.where == classify::MatchWhere::WholeLog;
    if (rule.where == classify::MatchWhere::LastLines || (whole && view.causeAt >= view.text.size()))
        return;
    auto levels = parts.levels(view, rule.where);
    size_t found = 0;
    // From the line end before it on, which patterns may begin with.
    for (size_t from = whole ? view.causeAt - 1 : 0; from <= view.text.size() && found < kMostTrialMatches;) {
        text::Match match;
        if (set.search(id, view.text, from, match) != text::Outcome::Match)
            return;
        const auto line = classify::lineOfMatch(view.text, match.span);
        const auto at =
            pattern.role == PatternRole::None ? view.offset : levels.placeThatCounts(rule.leastLevel, line.begin);
        from = std::max(at ? match.span.end : line.end, match.span.begin + 1);
        if (!at)
            continue;
        ++found;
        TrialMatch made = placed(matchOf(pattern, match), view, *at, parts, text);
        if (made.begin < made.end && !isFound(made, trial))
            trial.matches.push_back(std::move(made));
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
    classify::Subject subject;
    subject.text = text;
    classify::SubjectParts parts(subject);
    const Lines lines{parts, text, rule.leastLevel, text::AbortedTasks(parts.log().text)};
    for (std::uint32_t id = 0; id < patterns.size(); ++id)
        findMatches(patterns[id], lines, id, *set, trial);
    for (std::uint32_t id = 0; id < patterns.size(); ++id)
        findInCause(patterns[id], rule, id, *set, parts, text, trial);
    std::stable_sort(trial.matches.begin(), trial.matches.end(),
                     [](const auto &a, const auto &b) { return a.begin < b.begin; });
    for (const auto &match : trial.matches) {
        for (const auto &group : match.groups) {
            const auto unit = rule.captures.find(group.name);
            if (match.role != PatternRole::None && unit != rule.captures.end())
                trial.captures.try_emplace(group.name, classify::makeCapture(textOf(group, text), unit->second));
        }
    }
    auto scratch = rules.makeScratch();
    trial.verdict = rules.classify(subject, scratch);
    trial.ruleWins = trial.verdict.rule == rule.id && !rule.id.empty();
    trial.ruleMatches = std::any_of(trial.verdict.matches.begin(), trial.verdict.matches.end(),
                                    [&](const auto &match) { return match.rule == rule.id; });
    return trial;
}

} // namespace mulligan::desktop

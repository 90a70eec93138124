#include "classify/classifier.hpp"

#include "classify/room.hpp"
#include "classify/subject_parts.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

namespace mulligan::classify
{

namespace
{

using model::RuleMatch;
using model::Verdict;
using text::Outcome;

/// A match and its place in the order of precedence.
using Placed = std::pair<std::size_t, RuleMatch>;

/// '*' stands for any run of characters, '?' for any one.
bool globFits(std::string_view glob, std::string_view text)
{
    size_t g = 0;
    size_t t = 0;
    size_t star = std::string_view::npos;
    size_t resume = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] != '*' && (glob[g] == '?' || glob[g] == text[t])) {
            ++g;
            ++t;
        } else if (g < glob.size() && glob[g] == '*') {
            star = g++;
            resume = t;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

/// What the subject's configuration sets a property to; empty where it does not.
std::string_view configured(const Subject &subject, const std::string &property)
{
    if (subject.config == nullptr)
        return {};
    const auto found = subject.config->find(property);
    return found == subject.config->end() ? std::string_view() : std::string_view(found->second);
}

bool equalScopes(const Rule &a, const Rule &b)
{
    return a.scopeStream == b.scopeStream && a.scopeJobGlob == b.scopeJobGlob
           && a.scopeSparkVersion == b.scopeSparkVersion && a.scopeConfig == b.scopeConfig;
}

void describe(Verdict &verdict, const Ready &ready)
{
    const Rule &rule = *ready.rule;
    verdict.errorClass = rule.errorClass;
    verdict.domain = rule.domain;
    verdict.transient = rule.transient;
    verdict.rule = rule.id;
    verdict.action = rule.action;
    verdict.exitCode = rule.exitCode;
    verdict.title = rule.title;
    verdict.summary = ready.summary.render(verdict.captures);
    verdict.advice = ready.advice.render(verdict.captures);
}

} // namespace

bool inScope(const Rule &rule, const Subject &subject)
{
    if (!rule.scopeStream.empty() && rule.scopeStream != subject.stream)
        return false;
    if (!rule.scopeSparkVersion.empty()
        && configured(subject, kSparkVersionProperty).substr(0, rule.scopeSparkVersion.size())
               != rule.scopeSparkVersion)
        return false;
    for (const auto &[property, value] : rule.scopeConfig)
        if (configured(subject, property) != value)
            return false;
    return rule.scopeJobGlob.empty() || globFits(rule.scopeJobGlob, subject.job);
}

struct Classifier::State {
    RulePack pack;
    std::vector<Ready> rules; ///< active ones, in order of precedence
    std::vector<Room> rooms;
    std::unordered_map<std::string_view, const Rule *> byId;
    std::unordered_map<std::string_view, std::uint32_t> rank; ///< rule id → place in `rules`
    bool scopes = false;
    std::vector<const Rule *> scoped; ///< active rules of distinct scopes
    std::set<std::string> scopeProperties;

    void noteScope(const Rule &rule)
    {
        if (!hasScope(rule))
            return;
        scopes = true;
        if (std::none_of(scoped.begin(), scoped.end(), [&](const Rule *other) { return equalScopes(*other, rule); }))
            scoped.push_back(&rule);
    }

    /// Place of a rule's match in the order of precedence of claims; `index`: the rule's in `rules`.
    [[nodiscard]] std::size_t placeOf(std::uint32_t index, model::Evidence evidence) const
    {
        return turnOf(Claim{rules[index].rule, evidence}) * rules.size() + index;
    }

    /// The verdict of matches of distinct rules with their places, whose captures are the winner's.
    void settle(Verdict &verdict, std::vector<Placed> matches) const
    {
        std::sort(matches.begin(), matches.end(), [](const Placed &a, const Placed &b) { return a.first < b.first; });
        verdict.matches.clear();
        for (auto &[at, match] : matches) {
            match.winner = verdict.matches.empty();
            verdict.matches.push_back(std::move(match));
        }
        if (!matches.empty())
            describe(verdict, rules[matches.front().first % rules.size()]);
    }

    /// Likewise of matches in any order.
    void settle(Verdict &verdict, std::vector<RuleMatch> matches) const
    {
        std::vector<Placed> placed;
        for (RuleMatch &match : matches) {
            const std::size_t at = placeOf(rank.at(match.rule), match.evidence);
            placed.emplace_back(at, std::move(match));
        }
        settle(verdict, std::move(placed));
    }

    Room &roomFor(const Rule &rule)
    {
        for (Room &room : rooms)
            if (room.where() == rule.where && room.lastLines() == rule.lastLines)
                return room;
        return rooms.emplace_back(rule.where, rule.lastLines);
    }
};

base::Result<std::shared_ptr<const Classifier>> Classifier::make(RulePack pack, const ClassifierOptions &options)
{
    auto state = std::make_unique<State>();
    state->pack = std::move(pack);
    for (const Rule &rule : state->pack.rules) {
        if (!state->byId.emplace(rule.id, &rule).second)
            return base::makeError(base::ErrorCode::Parse, "The rule id '" + rule.id + "' is used twice",
                                   "Give one of them another id.")
                .in(rule.file + " line " + std::to_string(rule.line));
        if (rule.status != RuleStatus::Active)
            continue;
        Ready ready;
        ready.rule = &rule;
        ready.scoped = hasScope(rule);
        ready.summary = Template(rule.summary);
        ready.advice = Template(rule.advice);
        state->rules.push_back(std::move(ready));
        state->noteScope(rule);
        if (!rule.scopeSparkVersion.empty())
            state->scopeProperties.insert(kSparkVersionProperty);
        for (const auto &[property, value] : rule.scopeConfig)
            state->scopeProperties.insert(property);
    }
    std::sort(state->rules.begin(), state->rules.end(),
              [](const Ready &a, const Ready &b) { return precedes(*a.rule, *b.rule); });
    for (std::uint32_t i = 0; i < state->rules.size(); ++i) {
        state->rank.emplace(state->rules[i].rule->id, i);
        state->roomFor(*state->rules[i].rule).add(state->rules[i], i);
    }
    text::PatternSetOptions engine;
    engine.prefilter = options.prefilter;
    engine.scanner = options.scanner;
    engine.stepBudget = options.stepBudget;
    const auto examples = std::make_shared<text::GramCounts>();
    for (const Ready &ready : state->rules)
        for (const std::string &sample : ready.rule->positive)
            examples->add(sample);
    engine.examples = examples;
    // Its scan sees what is asked about evidence elsewhere.
    std::stable_partition(state->rooms.begin(), state->rooms.end(),
                          [](const Room &room) { return room.where() == MatchWhere::WholeLog; });
    for (Room &room : state->rooms)
        MULLIGAN_CHECK(room.compile(state->rules, engine, options.scanSigns));
    return std::shared_ptr<const Classifier>(new Classifier(std::move(state)));
}

Classifier::Classifier(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
Classifier::~Classifier() = default;

text::Scratch Classifier::makeScratch() const
{
    text::Scratch scratch;
    prepare(scratch);
    return scratch;
}

void Classifier::prepare(text::Scratch &scratch) const
{
    for (const Room &room : m_state->rooms)
        room.patterns().prepare(scratch);
}

Verdict Classifier::classify(const Subject &subject, text::Scratch &scratch) const
{
    Verdict verdict;
    SubjectParts parts(subject);
    std::vector<std::uint32_t> candidates;
    std::vector<Placed> matches;
    std::size_t first = std::numeric_limits<std::size_t>::max();
    for (const Room &room : m_state->rooms) {
        const View view = parts.view(room.where(), room.lastLines());
        RoomText on{view.text,    scratch, parts.levels(view, room.where()), parts.records(room.where()), view.evidence,
                    view.causeAt, {}};
        room.candidates(on, candidates);
        const Ready *best = nullptr;
        Found bestFound;
        for (const std::uint32_t index : candidates) {
            const Ready &ready = m_state->rules[index];
            if (ready.scoped && !inScope(*ready.rule, subject))
                continue;
            Found found;
            const Outcome outcome = room.match(ready, on, found);
            if (outcome == Outcome::Undetermined)
                verdict.undetermined.push_back(ready.rule->id);
            if (outcome != Outcome::Match)
                continue;
            found.match.rule = ready.rule->id;
            parts.place(found.match, view, found.place);
            const std::size_t at = m_state->placeOf(index, found.match.evidence);
            matches.emplace_back(at, found.match);
            if (at < first) {
                first = at;
                best = &ready;
                bestFound = std::move(found);
            }
        }
        if (best != nullptr)
            verdict.captures = room.captures(*best, on, bestFound);
    }
    if ((!matches.empty() || !verdict.undetermined.empty()) && parts.endWell())
        return {}; // what went wrong was got over
    std::sort(verdict.undetermined.begin(), verdict.undetermined.end());
    m_state->settle(verdict, std::move(matches));
    return verdict;
}

const RulePack &Classifier::pack() const
{
    return m_state->pack;
}

bool Classifier::hasScopes() const
{
    return m_state->scopes;
}

const std::set<std::string> &Classifier::scopeProperties() const
{
    return m_state->scopeProperties;
}

const Rule *Classifier::find(std::string_view ruleId) const
{
    const auto found = m_state->byId.find(ruleId);
    return found == m_state->byId.end() ? nullptr : found->second;
}

Verdict Classifier::without(const Verdict &verdict, const std::set<std::string> &disabledRules) const
{
    Verdict left;
    std::vector<RuleMatch> matches;
    std::copy_if(verdict.matches.begin(), verdict.matches.end(), std::back_inserter(matches),
                 [&](const RuleMatch &match) {
                     return disabledRules.count(match.rule) == 0 && m_state->rank.count(match.rule) > 0;
                 });
    std::copy_if(verdict.undetermined.begin(), verdict.undetermined.end(), std::back_inserter(left.undetermined),
                 [&](const std::string &rule) { return disabledRules.count(rule) == 0; });
    m_state->settle(left, std::move(matches));
    if (left.matches.empty())
        return left;
    const Ready &ready = m_state->rules[m_state->rank.at(left.matches.front().rule)];
    const bool same = ready.rule->id == verdict.rule;
    if (same)
        left.captures = verdict.captures;
    describe(left, ready);
    if (!same) // what it would have captured is not known, so its sentences cannot be filled in
        left.summary.clear();
    if (!same && !ready.advice.names().empty())
        left.advice.clear();
    return left;
}

Verdict Classifier::resolve(std::vector<RuleMatch> matches, std::map<std::string, model::Capture> captures) const
{
    Verdict verdict;
    if (!matches.empty())
        verdict.captures = std::move(captures);
    m_state->settle(verdict, std::move(matches));
    return verdict;
}

std::string Classifier::scopeSignature(const Subject &subject) const
{
    std::string signature;
    for (const Rule *rule : m_state->scoped)
        signature += inScope(*rule, subject) ? '1' : '0';
    return signature;
}

std::optional<std::uint32_t> Classifier::rank(std::string_view ruleId) const
{
    const auto found = m_state->rank.find(ruleId);
    return found == m_state->rank.end() ? std::nullopt : std::optional(found->second);
}

} // namespace mulligan::classify

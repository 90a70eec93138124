#include "classify/classifier.hpp"

#include "classify/line_levels.hpp"
#include "classify/room.hpp"
#include "text/root_cause.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace mulligan::classify
{

namespace
{

using model::RuleMatch;
using model::Verdict;
using text::Outcome;

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

std::string_view lastLines(std::string_view text, int count)
{
    size_t at = text.size();
    if (at > 0 && text.back() == '\n')
        --at;
    for (int seen = 0; at > 0; --at)
        if (text[at - 1] == '\n' && ++seen == count)
            return text.substr(at);
    return text;
}

/// Newlines before a place; logs have long lines, so most bytes are passed many at a time.
int newlinesBefore(std::string_view text, size_t end)
{
    int count = 0;
    for (size_t at = 0; at < end; ++count) {
        const void *found = std::memchr(text.data() + at, '\n', end - at);
        if (found == nullptr)
            break;
        at = static_cast<size_t>(static_cast<const char *>(found) - text.data()) + 1;
    }
    return count;
}

/// The parts of one subject; its root cause is only looked for when a rule asks for it.
class Parts
{
public:
    explicit Parts(const Subject &subject)
        : m_whole(subject.text.empty() ? subject.rootCause : subject.text), m_cause(subject.rootCause)
    {
    }

    [[nodiscard]] std::string_view whole() const { return m_whole; }

    View view(MatchWhere where, int lines)
    {
        if (where == MatchWhere::WholeLog)
            return {m_whole, 0, true};
        if (where == MatchWhere::LastLines) {
            const std::string_view tail = lastLines(m_whole, lines);
            return {tail, m_whole.size() - tail.size(), true};
        }
        View view = cause();
        if (where == MatchWhere::Message)
            view.text = view.text.substr(0, view.text.find('\n'));
        return view;
    }

    /// Where the cause stands is not known but by its words.
    [[nodiscard]] LineLevels levels(const View &view, MatchWhere where) const
    {
        const bool byWords = where == MatchWhere::RootCause || where == MatchWhere::Message;
        return {view.text, view.inText ? m_whole : view.text, view.offset, byWords && view.inText};
    }

private:
    View cause()
    {
        if (!m_sought) {
            m_sought = true;
            if (m_cause.empty()) {
                m_found = text::findRootCause(m_whole).text;
                m_cause = m_found;
            }
            m_offset = lastPlaceOf(m_cause, m_whole);
        }
        const bool inText = m_offset != std::string_view::npos;
        return {m_cause, inText ? m_offset : 0, inText};
    }

    std::string_view m_whole;
    std::string_view m_cause;
    std::string m_found;
    size_t m_offset = 0;
    bool m_sought = false;
};

/// Moves a match from its view into the whole text, where it stands at `at`, and finds its line.
void place(RuleMatch &match, const View &view, size_t at, std::string_view whole)
{
    if (!view.inText) { // there is no place in the text to point at
        match.begin = match.end = 0;
        match.line = 0;
        return;
    }
    match.begin += at;
    match.end += at;
    match.line = 1 + newlinesBefore(whole, match.begin);
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
    engine.stepBudget = options.stepBudget;
    for (Room &room : state->rooms)
        MULLIGAN_CHECK(room.compile(state->rules, engine));
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
    Parts parts(subject);
    const Ready *winner = nullptr;
    std::vector<std::uint32_t> candidates;
    std::vector<std::pair<std::uint32_t, RuleMatch>> hits;
    for (const Room &room : m_state->rooms) {
        const View view = parts.view(room.where(), room.lastLines());
        room.candidates(view.text, scratch, candidates);
        RoomText on{view.text, scratch, parts.levels(view, room.where()), {}};
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
            place(found.match, view, found.place, parts.whole());
            if (best == nullptr) { // candidates come in order of precedence
                best = &ready;
                bestFound = found;
            }
            hits.emplace_back(index, std::move(found.match));
        }
        if (best != nullptr && (winner == nullptr || precedes(*best->rule, *winner->rule))) {
            winner = best;
            verdict.captures = room.captures(*best, on, bestFound);
        }
    }
    std::sort(hits.begin(), hits.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    std::sort(verdict.undetermined.begin(), verdict.undetermined.end());
    for (auto &[index, match] : hits)
        verdict.matches.push_back(std::move(match));
    if (winner != nullptr) {
        verdict.matches.front().winner = true;
        describe(verdict, *winner);
    }
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
    std::copy_if(verdict.matches.begin(), verdict.matches.end(), std::back_inserter(left.matches),
                 [&](const RuleMatch &match) {
                     return disabledRules.count(match.rule) == 0 && m_state->rank.count(match.rule) > 0;
                 });
    std::copy_if(verdict.undetermined.begin(), verdict.undetermined.end(), std::back_inserter(left.undetermined),
                 [&](const std::string &rule) { return disabledRules.count(rule) == 0; });
    std::stable_sort(left.matches.begin(), left.matches.end(), [&](const RuleMatch &a, const RuleMatch &b) {
        return m_state->rank.at(a.rule) < m_state->rank.at(b.rule);
    });
    for (RuleMatch &match : left.matches)
        match.winner = &match == &left.matches.front();
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
    verdict.matches = std::move(matches);
    std::sort(verdict.matches.begin(), verdict.matches.end(), [&](const RuleMatch &a, const RuleMatch &b) {
        return m_state->rank.at(a.rule) < m_state->rank.at(b.rule);
    });
    for (RuleMatch &match : verdict.matches)
        match.winner = &match == &verdict.matches.front();
    if (verdict.matches.empty())
        return verdict;
    verdict.captures = std::move(captures);
    describe(verdict, m_state->rules[m_state->rank.at(verdict.matches.front().rule)]);
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

#include "text/pattern_set.hpp"

#include "text/compiled_pattern.hpp"
#include "text/confirm.hpp"
#include "text/pattern_syntax.hpp"
#include "text/prefilter.hpp"
#include "text/required_literals.hpp"
#include "text/scratch_state.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace mulligan::text
{

namespace
{

/// Ends kept of one scan; with more, patterns are searched for in the rest of the text.
constexpr std::size_t kMostEnds = 512;
/// Bytes of a text's begin that are looked at when asked rather than ahead.
constexpr std::size_t kShortLook = 1024;

PrefilterPattern prefilterPattern(std::uint32_t id, const Pattern &pattern, const PatternSyntax &syntax,
                                  const std::vector<std::string> &literals, bool whole)
{
    PrefilterPattern out;
    out.id = id;
    out.caseless = pattern.caseless || syntax.caseFlag;
    out.multiline = pattern.multiline;
    out.whole = whole;
    if (!whole)
        out.texts = literals;
    else if (syntax.understood && pattern.expression.find('\0') == std::string::npos)
        out.texts.push_back(syntax.bare);
    return out;
}

/// The choice whose texts the fewest texts hold; none where there is none.
LiteralChoice rarest(const std::vector<LiteralChoice> &choices, const GramCounts *examples)
{
    const LiteralChoice *best = nullptr;
    double fewest = 0.0;
    for (const LiteralChoice &choice : choices) {
        const double hits = hitsOf(choice, examples);
        if (best == nullptr || hits < fewest) {
            best = &choice;
            fewest = hits;
        }
    }
    return best != nullptr ? *best : LiteralChoice();
}

} // namespace

Scratch::Scratch() : m_state(std::make_unique<ScratchState>())
{
}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch &&) noexcept = default;
Scratch &Scratch::operator=(Scratch &&) noexcept = default;

struct PatternSet::State {
    std::uint64_t number = 0; ///< that no other set has
    bool automata = true;
    std::vector<CompiledPattern> patterns;
    std::vector<bool> prefiltered; ///< by id; asked of far more patterns than are looked at
    /// By id: the first pattern that is the same. Rules say "none of these" in the same words; the scan looks for those
    /// once.
    std::vector<std::uint32_t> first;
    std::vector<std::vector<std::uint32_t>> same; ///< by first: all ids of that pattern, where there are several
    std::vector<std::uint32_t> always;            ///< ids that are candidates in every text
    std::uint64_t stepBudget = 0;
    // The prefilter takes its time to get ready, and who only reads rules never asks for it.
    std::once_flag once;
    std::vector<PrefilterPattern> forPrefilter; ///< until it is ready
    Scanner scanner = Scanner::Fitting;
    std::shared_ptr<const GramCounts> examples; ///< likewise
    Prefilter prefilter;

    void makeReady()
    {
        std::call_once(once, [this] { compilePrefilter(); });
    }
    void compilePrefilter();

    [[nodiscard]] std::uint64_t stepsFor(std::size_t bytes) const
    {
        return stepBudget != 0 ? stepBudget : kDefaultSteps + kStepsPerByte * bytes;
    }
    void findTheSame(const std::vector<Pattern> &all);
    /// Adds to ids of first patterns those that are the same.
    void addTheSame(std::vector<std::uint32_t> &ids) const;
};

void PatternSet::State::findTheSame(const std::vector<Pattern> &all)
{
    std::map<std::tuple<std::string_view, bool, bool, bool>, std::uint32_t> known;
    same.resize(all.size());
    for (std::uint32_t id = 0; id < all.size(); ++id) {
        const auto key =
            std::tuple(std::string_view(all[id].expression), all[id].caseless, all[id].multiline, all[id].guard);
        first.push_back(known.emplace(key, id).first->second);
        if (first[id] != id) {
            std::vector<std::uint32_t> &group = same[first[id]];
            if (group.empty())
                group.push_back(first[id]);
            group.push_back(id);
        }
    }
}

void PatternSet::State::compilePrefilter()
{
    prefilter = Prefilter::compile(std::exchange(forPrefilter, {}), scanner, examples.get());
    examples.reset();
    prefiltered.assign(patterns.size(), false);
    for (const std::uint32_t id : prefilter.accepted())
        prefiltered[id] = true;
    for (std::uint32_t id = 0; id < patterns.size(); ++id) {
        prefiltered[id] = patterns[id].prefiltered = prefiltered[first[id]];
        if (!prefiltered[id] && !patterns[id].source.guard)
            always.push_back(id);
    }
}

void PatternSet::State::addTheSame(std::vector<std::uint32_t> &ids) const
{
    const std::size_t found = ids.size();
    for (std::size_t i = 0; i < found; ++i)
        if (const auto &group = same[ids[i]]; !group.empty())
            ids.insert(ids.end(), group.begin() + 1, group.end());
}

namespace
{

/// Context of the scan's callback.
struct Ends {
    std::vector<std::size_t> &firstEnd;
    std::vector<std::uint64_t> &seen;
    std::vector<std::uint32_t> &ids;
    std::vector<std::pair<std::uint32_t, std::size_t>> &ends;
    std::uint64_t turn;
};

void noteEnd(std::uint32_t id, std::size_t end, void *context)
{
    Ends &ends = *static_cast<Ends *>(context);
    if (ends.ends.size() < kMostEnds)
        ends.ends.emplace_back(id, end);
    if (ends.seen[id] != ends.turn) {
        ends.seen[id] = ends.turn;
        ends.firstEnd[id] = end;
        ends.ids.push_back(id);
    } else if (end < ends.firstEnd[id]) {
        ends.firstEnd[id] = end;
    }
}

/// The automata of many patterns take turns, and lie in no cache: they are asked for all at once.
void fetchAutomata(std::span<const std::uint32_t> ids, const std::vector<Screen> &screens)
{
    for (const std::uint32_t id : ids)
        screens[id].fetch();
    for (const std::uint32_t id : ids)
        screens[id].fetchTable();
}

void countEnd(std::uint32_t, std::size_t, void *context)
{
    ++*static_cast<std::uint64_t *>(context);
}

} // namespace

base::Result<std::shared_ptr<const PatternSet>> PatternSet::make(std::vector<Pattern> patterns,
                                                                 const PatternSetOptions &options)
{
    static std::atomic<std::uint64_t> sets = 0;
    auto state = std::make_unique<State>();
    state->number = ++sets;
    state->automata = options.prefilter;
    state->stepBudget = options.stepBudget;
    state->scanner = options.scanner;
    state->examples = options.examples;
    state->findTheSame(patterns);
    std::vector<PatternSyntax> syntaxes;
    std::vector<RequiredLiterals> required;
    for (std::uint32_t id = 0; id < patterns.size(); ++id) {
        const std::uint32_t first = state->first[id];
        syntaxes.push_back(first == id ? readPattern(patterns[id].expression, patterns[id].multiline)
                                       : syntaxes[first]);
        required.push_back(first == id ? requiredLiterals(syntaxes.back()) : required[first]);
    }
    for (std::uint32_t id = 0; id < patterns.size(); ++id) {
        if (state->first[id] != id) {
            state->patterns.push_back(state->patterns[state->first[id]]);
            continue;
        }
        auto regex = compileRegex(patterns[id]);
        if (!regex)
            return std::move(regex).error().in("pattern " + std::to_string(id));
        const PatternSyntax &syntax = syntaxes[id];
        const LiteralChoice choice = rarest(required[id].choices, options.examples.get());
        CompiledPattern compiled;
        compiled.source = patterns[id];
        compiled.regex = std::move(*regex);
        compiled.groups = syntax.groups;
        compiled.context = syntax.context || !syntax.understood;
        compiled.anchored = syntax.anchored;
        compiled.fromBegin = syntax.beginMatters;
        compiled.before = choice.before;
        compiled.expectedHits = hitsOf(choice, options.examples.get());
        compiled.width = required[id].width;
        state->patterns.push_back(std::move(compiled));
        const bool askedOnly =
            patterns[id].guard
            && ((syntax.anchored && required[id].width.bytes <= kShortLook) || choice.everywhere > 0);
        if (options.prefilter && !askedOnly)
            state->forPrefilter.push_back(
                prefilterPattern(id, patterns[id], syntax, choice.literals, options.wholePatterns));
    }
    return std::shared_ptr<const PatternSet>(new PatternSet(std::move(state)));
}

PatternSet::PatternSet(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
PatternSet::~PatternSet() = default;

std::size_t PatternSet::size() const
{
    return m_state->patterns.size();
}

double PatternSet::expectedHits(std::uint32_t id) const
{
    return m_state->patterns[id].expectedHits;
}

bool PatternSet::prefiltered(std::uint32_t id) const
{
    m_state->makeReady();
    return m_state->prefiltered[id];
}

void PatternSet::prepare(Scratch &scratch) const
{
    m_state->makeReady();
    ScratchState &own = *scratch.m_state;
    // Without working memory every pattern stays a candidate: slower, and right all the same.
    own.usable = m_state->prefilter.prepare(own.handle) && own.usable;
    if (own.seen.size() < size()) {
        own.seen.resize(size(), 0);
        own.firstEnd.resize(size(), 0);
    }
}

std::span<const std::uint32_t> PatternSet::candidates(std::string_view text, Scratch &scratch) const
{
    m_state->makeReady();
    ScratchState &own = *scratch.m_state;
    own.ids.clear();
    own.finds.clear();
    ++own.turn;
    own.scanned = false;
    if (!m_state->prefilter.empty() && own.usable && own.seen.size() >= size()) {
        own.ends.clear();
        Ends ends{own.firstEnd, own.seen, own.ids, own.ends, own.turn};
        own.scanned = m_state->prefilter.scan(text, own.handle.get(), noteEnd, &ends);
    }
    own.allEnds = own.ends.size() < kMostEnds;
    if (own.scanned) {
        m_state->addTheSame(own.ids);
        own.ids.insert(own.ids.end(), m_state->always.begin(), m_state->always.end());
        std::sort(own.ids.begin(), own.ids.end());
        if (m_state->automata)
            fetchAutomata(own.ids, own.automata.ofSet(m_state->number, size()));
    } else {
        own.ids.resize(size());
        for (std::uint32_t id = 0; id < own.ids.size(); ++id)
            own.ids[id] = id;
    }
    return own.ids;
}

bool PatternSet::isCandidate(std::uint32_t id, const Scratch &scratch) const
{
    const ScratchState &own = *scratch.m_state;
    return !own.scanned || !m_state->prefiltered[id] || own.seen[m_state->first[id]] == own.turn;
}

bool PatternSet::mayMatchWithin(std::uint32_t id, Span part, const Scratch &scratch) const
{
    const ScratchState &own = *scratch.m_state;
    if (!own.scanned || !m_state->prefiltered[id])
        return true;
    id = m_state->first[id];
    if (own.seen[id] != own.turn || own.firstEnd[id] > part.end)
        return false;
    return !own.allEnds || own.nextEnd(id, part.begin) <= part.end;
}

Outcome PatternSet::confirm(std::uint32_t id, std::string_view text, Scratch &scratch, Match &match) const
{
    std::uint64_t stepsLeft = m_state->stepsFor(text.size());
    return confirm(id, text, 0, scratch, stepsLeft, match);
}

Outcome PatternSet::confirm(std::uint32_t id, std::string_view text, std::size_t from, Scratch &scratch,
                            std::uint64_t &stepsLeft, Match &match) const
{
    ScratchState &own = *scratch.m_state;
    id = m_state->first[id]; // its groups and places are the same
    const CompiledPattern &pattern = m_state->patterns[id];
    const bool shared = from == 0 && !m_state->same[id].empty();
    if (shared)
        if (const KnownFind *known = own.known(id)) {
            stepsLeft -= std::min(stepsLeft, known->steps);
            match = known->match;
            return known->outcome;
        }
    Screen *screen = m_state->automata ? &own.automata.of(m_state->number, id, size()) : nullptr;
    const std::uint64_t before = stepsLeft;
    const Outcome outcome = Confirmation(pattern, id, text, own, screen, stepsLeft).find(from, match);
    if (shared)
        own.finds.push_back({id, outcome, before - stepsLeft, match});
    return outcome;
}

Outcome PatternSet::search(std::uint32_t id, std::string_view text, std::size_t from, Match &match) const
{
    MatchResults results;
    std::uint64_t stepsLeft = m_state->stepsFor(text.size());
    return searchWindow(m_state->patterns[id], text, {std::min(from, text.size()), text.size()}, results, stepsLeft,
                        match);
}

Outcome PatternSet::search(std::uint32_t id, std::string_view text, std::size_t from, Scratch &scratch,
                           std::uint64_t &stepsLeft, Match &match) const
{
    return searchWindow(m_state->patterns[id], text, {std::min(from, text.size()), text.size()},
                        scratch.m_state->results, stepsLeft, match);
}

std::uint64_t PatternSet::stepsFor(std::size_t bytes) const
{
    return m_state->stepsFor(bytes);
}

std::uint64_t PatternSet::scanOnly(std::string_view text, Scratch &scratch) const
{
    m_state->makeReady();
    std::uint64_t ends = 0;
    if (!m_state->prefilter.scan(text, scratch.m_state->handle.get(), countEnd, &ends))
        return 0;
    return ends;
}

} // namespace mulligan::text

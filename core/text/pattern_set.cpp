#include "text/pattern_set.hpp"

#include "text/counting_iterator.hpp"
#include "text/pattern_place.hpp"
#include "text/pattern_syntax.hpp"
#include "text/prefilter.hpp"
#include "text/required_literals.hpp"

#include <algorithm>
#include <cstring>
#include <locale>
#include <stdexcept>

#include <boost/regex.hpp>

namespace mulligan::text
{

namespace
{

/// Ends kept of one scan; with more, patterns are searched for in the rest of the text.
constexpr std::size_t kMostEnds = 512;
/// A match that takes more newlines is not looked for line by line.
constexpr std::size_t kMostNewlines = 4;

using Results = boost::match_results<CountingIterator>;

boost::regex::flag_type flagsOf(const Pattern &pattern)
{
    // Lines as Python, Java and RE2 see them by default, rather than Boost's own default.
    boost::regex::flag_type flags = boost::regex::perl | boost::regex::no_mod_s;
    if (!pattern.multiline)
        flags |= boost::regex::no_mod_m;
    if (pattern.caseless)
        flags |= boost::regex::icase;
    return flags;
}

base::Result<boost::regex> compile(const Pattern &pattern)
{
    if (pattern.expression.size() > kMaxPatternBytes)
        return base::makeError(base::ErrorCode::InvalidArgument, "The pattern is longer than 8,192 bytes",
                               "Split it into several patterns of the rule.");
    if (pattern.expression.empty())
        return base::makeError(base::ErrorCode::InvalidArgument, "The pattern is empty", "Write what is to be found.");
    boost::regex regex;
    regex.imbue(std::locale::classic()); // bytes mean the same wherever the program runs
    try {
        regex.assign(pattern.expression, flagsOf(pattern));
    } catch (const boost::regex_error &error) {
        std::string what = error.what();
        if (const std::size_t end = what.find("  The error occurred"); end != std::string::npos)
            what.resize(end);
        while (!what.empty() && (what.back() == '.' || what.back() == ' '))
            what.pop_back();
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "The pattern '" + pattern.expression + "' is not a regular expression: "
                                   + faultText(pattern.expression, what, error.position()),
                               "Correct the pattern; a character with a meaning of its own is taken literally after a "
                               "backslash.");
    } catch (const std::runtime_error &error) {
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "The pattern '" + pattern.expression + "' cannot be compiled: " + error.what(),
                               "Make it simpler.");
    }
    return regex;
}

PrefilterPattern prefilterPattern(std::uint32_t id, const Pattern &pattern, const PatternSyntax &syntax,
                                  const std::vector<std::string> &literals, bool whole)
{
    PrefilterPattern out;
    out.id = id;
    out.caseless = pattern.caseless || syntax.caseFlag;
    out.multiline = pattern.multiline;
    if (whole && syntax.understood && pattern.expression.find('\0') == std::string::npos)
        out.expressions.push_back(syntax.bare);
    for (const std::string &literal : literals)
        if (!whole)
            out.expressions.push_back(literalExpression(literal));
    return out;
}

/// A pattern ready to run.
struct Compiled {
    boost::regex regex;
    std::vector<PatternGroup> groups;
    bool context = true;    ///< whether it matches depends on more than a match's bytes and the ones next to them
    bool anchored = false;  ///< every match begins where the text does
    bool fromBegin = false; ///< to be searched for from the text's begin on
    bool prefiltered = false;
    Extent width = Extent::unbounded();  ///< of a match
    Extent before = Extent::unbounded(); ///< from a match's begin to the end of what Vectorscan looks for

    [[nodiscard]] bool onFewLines() const
    {
        return !context && width.newlines <= kMostNewlines && before.newlines <= kMostNewlines;
    }
    [[nodiscard]] bool onFewBytes() const { return !context && width.bytes != kNoBound && before.bytes != kNoBound; }
};

} // namespace

struct Scratch::State {
    ScratchHandle handle;
    bool usable = true;                ///< false: memory ran out, so every pattern is a candidate
    std::vector<std::size_t> firstEnd; ///< by pattern; meaningful where `seen` holds the current turn
    std::vector<std::uint64_t> seen;
    std::uint64_t turn = 0;
    std::vector<std::pair<std::uint32_t, std::size_t>> ends; ///< every end of the last scan, by pattern
    bool allEnds = true;                                     ///< false: there were too many to keep
    bool scanned = false;                                    ///< the last scan's ends may be used
    std::vector<std::uint32_t> ids;
    Results results;

    /// The first end of a pattern after a place, or kNoBound.
    [[nodiscard]] std::size_t nextEnd(std::uint32_t id, std::size_t after) const
    {
        std::size_t next = kNoBound;
        for (const auto &[owner, end] : ends)
            if (owner == id && end > after)
                next = std::min(next, end);
        return next;
    }
};

Scratch::Scratch() : m_state(std::make_unique<State>())
{
}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch &&) noexcept = default;
Scratch &Scratch::operator=(Scratch &&) noexcept = default;

struct PatternSet::State {
    std::vector<Compiled> patterns;
    std::vector<std::uint32_t> always; ///< ids that are candidates in every text
    Prefilter prefilter;
    std::uint64_t stepBudget = 0;

    [[nodiscard]] std::uint64_t stepsFor(std::size_t bytes) const
    {
        return stepBudget != 0 ? stepBudget : kDefaultSteps + kStepsPerByte * bytes;
    }
    static Outcome search(const Compiled &pattern, std::string_view text, Span window, Results &results,
                          std::uint64_t &stepsLeft, Match &match);
    Outcome confirmOnLines(const Compiled &pattern, std::uint32_t id, std::string_view text, Scratch::State &own,
                           Match &match) const;
    Outcome confirmNearEnds(const Compiled &pattern, std::uint32_t id, std::string_view text, Scratch::State &own,
                            Match &match) const;
};

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

int noteEnd(unsigned id, unsigned long long, unsigned long long to, unsigned, void *context)
{
    Ends &ends = *static_cast<Ends *>(context);
    if (ends.ends.size() < kMostEnds)
        ends.ends.emplace_back(id, to);
    if (ends.seen[id] != ends.turn) {
        ends.seen[id] = ends.turn;
        ends.firstEnd[id] = to;
        ends.ids.push_back(id);
    } else if (to < ends.firstEnd[id]) {
        ends.firstEnd[id] = to;
    }
    return 0;
}

int countEnd(unsigned, unsigned long long, unsigned long long, unsigned, void *context)
{
    ++*static_cast<std::uint64_t *>(context);
    return 0;
}

/// Begin of the line that stands so many lines above a place's own.
std::size_t lineBegin(std::string_view text, std::size_t at, std::size_t above)
{
    for (;; --above) {
        const void *found = at == 0 ? nullptr : memrchr(text.data(), '\n', at);
        if (found == nullptr)
            return 0;
        at = static_cast<std::size_t>(static_cast<const char *>(found) - text.data());
        if (above == 0)
            return at + 1;
    }
}

/// End of the line that stands so many lines below a place's own: its newline, or the text's end.
std::size_t lineEnd(std::string_view text, std::size_t at, std::size_t below = 0)
{
    for (std::size_t end = text.find('\n', at);; end = text.find('\n', end + 1)) {
        if (end == std::string_view::npos)
            return text.size();
        if (below-- == 0)
            return end;
    }
}

/// Whether a match that begins where the text does cannot reach as far as a place.
bool isOutOfReach(const Extent &reach, std::string_view text, std::size_t end)
{
    return reach.bytes < end
           || (reach.newlines <= kMostNewlines && lineBegin(text, end == 0 ? 0 : end - 1, reach.newlines) > 0);
}

} // namespace

Outcome PatternSet::State::search(const Compiled &pattern, std::string_view text, Span window, Results &results,
                                  std::uint64_t &stepsLeft, Match &match)
{
    const char *data = text.data();
    const CountingIterator base(data, &stepsLeft);
    const CountingIterator first(data + window.begin, &stepsLeft);
    const CountingIterator last(data + window.end, &stepsLeft);
    try {
        const auto flags = window.begin > 0 ? boost::match_default | boost::match_prev_avail : boost::match_default;
        if (!boost::regex_search(first, last, results, pattern.regex, flags, base))
            return Outcome::NoMatch;
    } catch (const BudgetSpent &) {
        return Outcome::Undetermined;
    } catch (const std::runtime_error &) { // the engine's own limits on states and memory
        return Outcome::Undetermined;
    }
    const auto spanOf = [&](const auto &part) {
        return Span{static_cast<std::size_t>(part.first.base() - data),
                    static_cast<std::size_t>(part.second.base() - data)};
    };
    match.span = spanOf(results[0]);
    match.groups.clear();
    for (const PatternGroup &group : pattern.groups)
        if (const auto &part = results[group.number]; part.matched)
            match.groups.push_back({group.name, spanOf(part)});
    return Outcome::Match;
}

/// A match whose first required text ends at E begins at most `before` lines above E's and takes at most `width` of
/// them. Ends are taken in order, and at each only a match that begins before it counts: any that begins further left
/// was found at an end before. The newline behind is searched as well, so that the end of a line is told from the
/// middle of "\r\n"; no match that counts reaches it, so the end of what is searched is not taken for the text's. Ends
/// on a line that was searched without a match show nothing new.
Outcome PatternSet::State::confirmOnLines(const Compiled &pattern, std::uint32_t id, std::string_view text,
                                          Scratch::State &own, Match &match) const
{
    std::uint64_t stepsLeft = stepsFor(text.size());
    for (std::size_t at = own.firstEnd[id]; at != kNoBound;) {
        const std::size_t last = at == 0 ? 0 : at - 1;
        const std::size_t begin = pattern.before.bytes < at ? at - pattern.before.bytes : 0;
        const std::size_t end = own.allEnds ? lineEnd(text, last, pattern.width.newlines) : text.size();
        const Span lines{std::max(begin, lineBegin(text, last, pattern.before.newlines)),
                         std::min(text.size(), end + 1)};
        const Outcome here = search(pattern, text, lines, own.results, stepsLeft, match);
        if (here == Outcome::Undetermined || (here == Outcome::Match && (match.span.begin < at || !own.allEnds)))
            return here;
        if (!own.allEnds)
            break;
        at = own.nextEnd(id, here == Outcome::Match ? at : lineEnd(text, last) + 1);
    }
    match = {}; // one may have been found that begins too far right
    return Outcome::NoMatch;
}

/// A match whose first required text ends at E begins in [E − before, E) and takes at most `width` bytes. Ends are
/// taken in order, and at each only a match that begins before it counts: any that begins further left was found at an
/// end before. One byte more than the match can take is searched, so that a word boundary sees what follows,
/// and the end of what is searched is not taken for the text's.
Outcome PatternSet::State::confirmNearEnds(const Compiled &pattern, std::uint32_t id, std::string_view text,
                                           Scratch::State &own, Match &match) const
{
    std::uint64_t stepsLeft = stepsFor(text.size());
    for (std::size_t at = own.firstEnd[id]; at != kNoBound; at = own.nextEnd(id, at)) {
        const Span window{pattern.before.bytes < at ? at - pattern.before.bytes : 0,
                          std::min(text.size(), at + pattern.width.bytes + 1)};
        const Outcome near = search(pattern, text, window, own.results, stepsLeft, match);
        if (near == Outcome::Undetermined || (near == Outcome::Match && match.span.begin < at))
            return near;
    }
    match = {}; // one may have been found that begins too far right
    return Outcome::NoMatch;
}

base::Result<void> checkPattern(const Pattern &pattern)
{
    MULLIGAN_TRY(const boost::regex regex, compile(pattern));
    std::uint64_t left = kDefaultSteps;
    const CountingIterator here("", &left);
    bool matchesEmpty = false;
    try {
        matchesEmpty = boost::regex_search(here, here, regex);
    } catch (const BudgetSpent &) {
        matchesEmpty = false;
    } catch (const std::runtime_error &) {
        matchesEmpty = false;
    }
    if (matchesEmpty)
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "The pattern '" + pattern.expression + "' matches the empty text, and so every text",
                               "Let it ask for at least one character.");
    return {};
}

base::Result<std::shared_ptr<const PatternSet>> PatternSet::make(std::vector<Pattern> patterns,
                                                                 const PatternSetOptions &options)
{
    auto state = std::make_unique<State>();
    state->stepBudget = options.stepBudget;
    std::vector<PatternSyntax> syntaxes;
    std::vector<RequiredLiterals> required;
    for (const Pattern &pattern : patterns) {
        syntaxes.push_back(readPattern(pattern.expression, pattern.multiline));
        required.push_back(requiredLiterals(syntaxes.back()));
    }
    const std::vector<std::size_t> picked = leastShared(required);
    std::vector<PrefilterPattern> forPrefilter;
    for (std::uint32_t id = 0; id < patterns.size(); ++id) {
        auto regex = compile(patterns[id]);
        if (!regex)
            return std::move(regex).error().in("pattern " + std::to_string(id));
        const PatternSyntax &syntax = syntaxes[id];
        const LiteralChoice choice = required[id].choices.empty() ? LiteralChoice() : required[id].choices[picked[id]];
        Compiled compiled;
        compiled.regex = std::move(*regex);
        compiled.groups = syntax.groups;
        compiled.context = syntax.context || !syntax.understood;
        compiled.anchored = syntax.anchored;
        compiled.fromBegin = syntax.beginMatters;
        compiled.before = choice.before;
        compiled.width = required[id].width;
        state->patterns.push_back(std::move(compiled));
        if (options.prefilter)
            forPrefilter.push_back(prefilterPattern(id, patterns[id], syntax, choice.literals, options.wholePatterns));
    }
    state->prefilter = Prefilter::compile(std::move(forPrefilter));
    for (const std::uint32_t id : state->prefilter.accepted())
        state->patterns[id].prefiltered = true;
    for (std::uint32_t id = 0; id < state->patterns.size(); ++id)
        if (!state->patterns[id].prefiltered)
            state->always.push_back(id);
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

bool PatternSet::prefiltered(std::uint32_t id) const
{
    return m_state->patterns[id].prefiltered;
}

void PatternSet::prepare(Scratch &scratch) const
{
    Scratch::State &own = *scratch.m_state;
    // Without working memory every pattern stays a candidate: slower, and right all the same.
    own.usable = m_state->prefilter.prepare(own.handle) && own.usable;
    if (own.seen.size() < size()) {
        own.seen.resize(size(), 0);
        own.firstEnd.resize(size(), 0);
    }
}

std::span<const std::uint32_t> PatternSet::candidates(std::string_view text, Scratch &scratch) const
{
    Scratch::State &own = *scratch.m_state;
    own.ids.clear();
    ++own.turn;
    own.scanned = false;
    if (!m_state->prefilter.empty() && own.usable && own.seen.size() >= size()) {
        own.ends.clear();
        Ends ends{own.firstEnd, own.seen, own.ids, own.ends, own.turn};
        own.scanned = m_state->prefilter.scan(text, own.handle.get(), noteEnd, &ends);
    }
    own.allEnds = own.ends.size() < kMostEnds;
    if (own.scanned) {
        own.ids.insert(own.ids.end(), m_state->always.begin(), m_state->always.end());
        std::sort(own.ids.begin(), own.ids.end());
    } else {
        own.ids.resize(size());
        for (std::uint32_t id = 0; id < own.ids.size(); ++id)
            own.ids[id] = id;
    }
    return own.ids;
}

bool PatternSet::isCandidate(std::uint32_t id, const Scratch &scratch) const
{
    const Scratch::State &own = *scratch.m_state;
    return !own.scanned || !m_state->patterns[id].prefiltered || own.seen[id] == own.turn;
}

bool PatternSet::mayMatchWithin(std::uint32_t id, Span part, const Scratch &scratch) const
{
    const Scratch::State &own = *scratch.m_state;
    if (!own.scanned || !m_state->patterns[id].prefiltered)
        return true;
    if (own.seen[id] != own.turn || own.firstEnd[id] > part.end)
        return false;
    return !own.allEnds || own.nextEnd(id, part.begin) <= part.end;
}

Outcome PatternSet::confirm(std::uint32_t id, std::string_view text, Scratch &scratch, Match &match) const
{
    Scratch::State &own = *scratch.m_state;
    const Compiled &pattern = m_state->patterns[id];
    const bool placed = own.scanned && pattern.prefiltered && !pattern.fromBegin;
    if (placed && pattern.anchored && isOutOfReach(pattern.before, text, own.firstEnd[id]))
        return Outcome::NoMatch;
    if (placed && pattern.onFewLines())
        return m_state->confirmOnLines(pattern, id, text, own, match);
    if (placed && pattern.onFewBytes() && own.allEnds)
        return m_state->confirmNearEnds(pattern, id, text, own, match);
    std::size_t from = 0;
    if (placed) {
        // The first match holds a required text, none of which ends before the first end.
        const std::size_t end = own.firstEnd[id];
        from = pattern.before.bytes < end ? end - pattern.before.bytes : 0;
    }
    std::uint64_t stepsLeft = m_state->stepsFor(text.size());
    return State::search(pattern, text, {from, text.size()}, own.results, stepsLeft, match);
}

Outcome PatternSet::search(std::uint32_t id, std::string_view text, std::size_t from, Match &match) const
{
    Results results;
    std::uint64_t stepsLeft = m_state->stepsFor(text.size());
    return State::search(m_state->patterns[id], text, {std::min(from, text.size()), text.size()}, results, stepsLeft,
                         match);
}

Outcome PatternSet::search(std::uint32_t id, std::string_view text, Scratch &scratch, std::uint64_t &stepsLeft,
                           Match &match) const
{
    return State::search(m_state->patterns[id], text, {0, text.size()}, scratch.m_state->results, stepsLeft, match);
}

std::uint64_t PatternSet::stepsFor(std::size_t bytes) const
{
    return m_state->stepsFor(bytes);
}

std::uint64_t PatternSet::scanOnly(std::string_view text, Scratch &scratch) const
{
    std::uint64_t ends = 0;
    if (!m_state->prefilter.scan(text, scratch.m_state->handle.get(), countEnd, &ends))
        return 0;
    return ends;
}

} // namespace mulligan::text

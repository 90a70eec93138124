#include "text/required_literals.hpp"

#include "text/common_phrases.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <unordered_map>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kShortest = 3;
constexpr std::size_t kLongest = 48;
constexpr std::size_t kMostLiterals = 96; ///< of an alternation
constexpr std::size_t kMostJoined = 24;   ///< that a sequence's parts are multiplied to
constexpr std::size_t kMostBytesOfSet = 4;
constexpr int kMostRounds = 4096; ///< of a repeat whose reach is reckoned with

using Texts = std::set<std::string>;

std::size_t sum(std::size_t a, std::size_t b)
{
    return a == kNoBound || b == kNoBound || a > kNoBound - b ? kNoBound : a + b;
}

Extent sum(const Extent &a, const Extent &b)
{
    return {sum(a.bytes, b.bytes), sum(a.newlines, b.newlines)};
}

Extent longer(const Extent &a, const Extent &b)
{
    return {std::max(a.bytes, b.bytes), std::max(a.newlines, b.newlines)};
}

/// What a repeat of at most `most` rounds reaches; negative: any number.
std::size_t times(std::size_t one, int most)
{
    if (one == 0 || most == 0)
        return 0;
    const bool bounded = one != kNoBound && most > 0 && most < kMostRounds && one < kNoBound / kMostRounds;
    return bounded ? one * static_cast<std::size_t>(most) : kNoBound;
}

struct Required {
    Texts texts;
    Extent before = Extent::unbounded();
};

constexpr std::size_t kMostChoices = 16;
/// Worth from which on a code tells enough to stand for the longer text it is a part of, and the same of words.
constexpr double kTellingEnough = 5.0;
constexpr double kTellingAsWords = 9.0;
/// As many texts as what is presumed of a text counts for beside what examples show.
constexpr double kPresumed = 200.0;
/// Share of texts that hold a phrase that logs are full of.
constexpr double kShareOfHealthy = 0.25;
/// Worth from which on a part of a text may stand for it, however long the text is, and for a shorter text how much of
/// it.
constexpr double kTellingAlone = 18.0;
constexpr double kMostOfIt = 0.75;

/// What is known of the text a node matches.
struct Facts {
    bool exact = true; ///< it matches one of `texts` and nothing else
    Texts texts = {""};
    Required required;            ///< empty texts: none found
    std::vector<Required> others; ///< parts of a sequence that would do as well
    Extent width;                 ///< of what it matches
};

Extent extentOf(const Texts &texts)
{
    Extent longest;
    for (const std::string &text : texts)
        longest = longer(longest, {text.size(), static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'))});
    return longest;
}

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// In how many phrases that logs are full of, whatever happened, a text is found: it tells the less.
std::ptrdiff_t phrasesWith(std::string_view text)
{
    const auto phrases = commonPhrases();
    return std::count_if(phrases.begin(), phrases.end(),
                         [&](std::string_view phrase) { return phrase.find(text) != std::string_view::npos; });
}

/// Whether logs are full of a text, whatever happened: a part of such a phrase, or a short number.
bool standsEverywhere(const std::string &text)
{
    constexpr std::size_t kShortNumber = 4;
    return phrasesWith(text) > 0 || (text.size() <= kShortNumber && std::all_of(text.begin(), text.end(), isDigit));
}

/// How well texts tell a match from other text: the shortest decides, and many of them hit more often.
double worth(const Texts &texts)
{
    if (texts.empty() || texts.size() > kMostLiterals)
        return 0.0;
    double least = static_cast<double>(kLongest);
    for (const std::string &text : texts) {
        if (text.size() < kShortest)
            return 0.0;
        const auto digits = std::count_if(text.begin(), text.end(), isDigit);
        const double length = static_cast<double>(text.size()) - 0.75 * static_cast<double>(digits);
        const auto phrases = static_cast<double>(phrasesWith(text));
        least = std::min(least, phrases > 0.0 ? (length - 2.9) / (1.0 + phrases) : length);
    }
    // However many they are, longer texts tell more than shorter ones.
    return std::max(0.1 * least, least - 0.5 * std::log2(static_cast<double>(texts.size())));
}

/// Whether a part of a text may stand for it: a code that holds a digit, a long part, or nearly all of it.
bool tellsEnough(const std::string &part, std::size_t wholeSize)
{
    const bool code = std::any_of(part.begin(), part.end(), isDigit);
    const double least = std::clamp(kMostOfIt * static_cast<double>(wholeSize), kTellingAsWords, kTellingAlone);
    return worth({part}) >= (code ? kTellingEnough : least);
}

std::string turned(std::string_view text)
{
    return {text.rbegin(), text.rend()};
}

/// Takes texts that end alike together, or begin alike: what they have in common stands for them where it tells
/// enough.
Texts together(const Texts &texts, bool endAlike)
{
    std::set<std::string> sorted; // neighbours have most in common
    for (const std::string &text : texts)
        sorted.insert(endAlike ? turned(text) : text);
    Texts out;
    std::string common;
    const auto asWritten = [&](const std::string &text) { return endAlike ? turned(text) : text; };
    for (const std::string &text : sorted) {
        const auto differ = std::mismatch(common.begin(), common.end(), text.begin(), text.end()).first;
        const std::string shared(common.begin(), differ);
        const std::string part = asWritten(shared);
        if (!common.empty() && !tellsEnough(part, text.size())) {
            out.insert(asWritten(common));
            common = text;
        } else {
            common = common.empty() ? text : shared;
        }
    }
    out.insert(asWritten(common));
    return out;
}

/// The better of what a node must hold: a part of it, or all of it.
Required offered(const Facts &facts)
{
    if (facts.exact && worth(facts.texts) > worth(facts.required.texts))
        return {facts.texts, extentOf(facts.texts)};
    return facts.required;
}

Facts factsOf(const PatternNode &node);

Facts factsOfSet(const ByteSet &bytes)
{
    Facts facts;
    facts.width = {1, bytes.test('\n') ? 1U : 0U};
    facts.texts.clear();
    facts.exact = bytes.count() <= kMostBytesOfSet && bytes.any();
    for (std::size_t byte = 0; facts.exact && byte < bytes.size(); ++byte)
        if (bytes.test(byte))
            facts.texts.insert(std::string(1, static_cast<char>(byte)));
    return facts;
}

Facts factsOfRepeat(const PatternNode &node)
{
    Facts inner = factsOf(node.children.front());
    Facts facts;
    facts.width = {times(inner.width.bytes, node.most), times(inner.width.newlines, node.most)};
    facts.exact = inner.exact && node.most == 1;
    facts.texts = facts.exact ? inner.texts : Texts();
    if (facts.exact && node.least == 0)
        facts.texts.insert("");
    if (node.least > 0)
        facts.required = offered(inner); // of the first round
    return facts;
}

Facts factsOfAlternation(const PatternNode &node)
{
    Facts facts;
    facts.texts.clear();
    facts.required.before = {};
    bool required = true;
    for (const PatternNode &child : node.children) {
        const Facts branch = factsOf(child);
        facts.width = longer(facts.width, branch.width);
        facts.exact = facts.exact && branch.exact;
        facts.texts.insert(branch.texts.begin(), branch.texts.end());
        const Required part = offered(branch);
        required = required && !part.texts.empty() && worth(part.texts) > 0.0;
        facts.required.texts.insert(part.texts.begin(), part.texts.end());
        facts.required.before = longer(facts.required.before, part.before);
    }
    facts.exact = facts.exact && facts.texts.size() <= kMostLiterals;
    if (!facts.exact)
        facts.texts.clear();
    if (!required || facts.required.texts.size() > kMostLiterals)
        facts.required = {};
    return facts;
}

Texts joined(const Texts &lefts, const Texts &rights)
{
    Texts texts;
    for (const std::string &left : lefts)
        for (const std::string &right : rights)
            texts.insert(left + right);
    return texts;
}

/// What all texts end with, as far as a short text is worth joining to what follows.
std::string commonEnd(const Texts &texts)
{
    constexpr std::size_t kMostBytes = 8;
    std::string common = turned(*texts.begin());
    for (const std::string &text : texts)
        common.erase(std::mismatch(common.begin(), common.end(), text.rbegin(), text.rend()).first, common.end());
    return turned(std::string_view(common).substr(0, kMostBytes));
}

/// Walks a sequence, joining what is exact into runs and keeping the run or part that tells most.
class SequenceWalk
{
public:
    Facts walk(const PatternNode &node)
    {
        for (const PatternNode &child : node.children)
            take(factsOf(child));
        Facts facts;
        facts.width = m_width;
        facts.exact = m_exact;
        facts.texts = m_exact ? m_run : Texts();
        if (!m_exact)
            endRun();
        facts.required = m_best;
        facts.others = std::move(m_offers);
        return facts;
    }

private:
    void take(const Facts &child)
    {
        const Extent before = m_width;
        m_width = sum(m_width, child.width);
        if (child.exact && m_run.size() * child.texts.size() <= kMostJoined
            && extentOf(m_run).bytes + extentOf(child.texts).bytes <= kLongest) {
            m_run = joined(m_run, child.texts);
            return;
        }
        endRun();
        m_exact = false;
        const Required part = offered(child);
        offer(part.texts, sum(before, part.before));
        const std::string common = child.exact ? commonEnd(m_run) : "";
        m_run = child.exact ? joined({common}, child.texts) : Texts{""};
        m_runBegin = child.exact ? less(before, common) : m_width;
    }

    /// What is left of a reach without a text at its end, which is a part of it.
    static Extent less(const Extent &reach, const std::string &end)
    {
        const auto newlines = static_cast<std::size_t>(std::count(end.begin(), end.end(), '\n'));
        return {reach.bytes == kNoBound ? kNoBound : reach.bytes - end.size(),
                reach.newlines == kNoBound ? kNoBound : reach.newlines - newlines};
    }

    void endRun() { offer(m_run, sum(m_runBegin, extentOf(m_run))); }

    void offer(const Texts &texts, const Extent &before)
    {
        const double worthHere = worth(texts);
        if (worthHere > 0.0)
            m_offers.push_back({texts, before});
        if (worthHere > worth(m_best.texts))
            m_best = {texts, before};
    }

    Texts m_run = {""};
    Extent m_runBegin; ///< before the run
    Extent m_width;
    bool m_exact = true;
    Required m_best;
    std::vector<Required> m_offers;
};

Facts factsOf(const PatternNode &node)
{
    switch (node.kind) {
    case PatternNode::Kind::Set: return factsOfSet(node.bytes);
    case PatternNode::Kind::Repeat: return factsOfRepeat(node);
    case PatternNode::Kind::Alternation: return factsOfAlternation(node);
    case PatternNode::Kind::Group: return node.children.empty() ? Facts() : factsOf(node.children.front());
    case PatternNode::Kind::Sequence: return SequenceWalk().walk(node);
    case PatternNode::Kind::Assertion:
    case PatternNode::Kind::Opaque: break;
    }
    return {}; // takes no bytes
}

/// Texts that end or begin alike are looked for by that part, where it tells enough: with thousands of rules the scan's
/// speed hangs on how many texts there are. The part ends no later in a match than the text it belongs to.
LiteralChoice choiceOf(const Required &required)
{
    const Texts tails = together(together(required.texts, true), false);
    const Texts heads = together(together(required.texts, false), true);
    const Texts &fewest = heads.size() < tails.size() ? heads : tails;
    const auto everywhere = std::count_if(fewest.begin(), fewest.end(), standsEverywhere);
    return {
        {fewest.begin(), fewest.end()}, required.before, worth(required.texts), static_cast<std::size_t>(everywhere)};
}

} // namespace

RequiredLiterals requiredLiterals(const PatternSyntax &syntax)
{
    RequiredLiterals found;
    if (!syntax.understood)
        return found;
    const Facts facts = factsOf(syntax.root);
    found.width = facts.width;
    std::vector<Required> choices = facts.others;
    choices.insert(choices.begin(), offered(facts));
    std::erase_if(choices, [](const Required &choice) { return worth(choice.texts) <= 0.0; });
    std::stable_sort(choices.begin(), choices.end(),
                     [](const Required &a, const Required &b) { return worth(a.texts) > worth(b.texts); });
    if (!choices.empty())
        found.texts.assign(choices.front().texts.begin(), choices.front().texts.end());
    if (choices.size() > kMostChoices)
        choices.resize(kMostChoices);
    for (const Required &choice : choices)
        found.choices.push_back(choiceOf(choice));
    return found;
}

double hitsOf(const LiteralChoice &choice, const GramCounts *examples)
{
    constexpr double kTexts = 1000.0;
    if (choice.literals.empty())
        return kTexts;
    const std::size_t count = examples != nullptr ? examples->examples() : 0;
    double seen = 0.0;
    for (const std::string &literal : choice.literals)
        seen += count > 0 ? static_cast<double>(std::min(count, examples->atMost(literal))) : 0.0;
    const double all = static_cast<double>(count) + kPresumed;
    const double presumed = kPresumed * std::exp2(-choice.worth / 2.0);
    const double healthy = all * kShareOfHealthy * static_cast<double>(choice.everywhere);
    return std::min(kTexts, kTexts * (seen + presumed + healthy) / all);
}

} // namespace mulligan::text

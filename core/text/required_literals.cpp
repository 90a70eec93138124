#include "text/required_literals.hpp"

#include <algorithm>
#include <array>
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

constexpr std::size_t kMostChoices = 8;
/// Worth from which on texts tell enough: those that many patterns share are then left for others.
constexpr double kTellingEnough = 5.0;
/// The same of texts that are words alone.
constexpr double kTellingAsWords = 9.0;
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

/// In how many phrases that logs are full of, whatever happened, a text is found: it tells the less.
std::ptrdiff_t phrasesWith(std::string_view text)
{
    static constexpr std::array<std::string_view, 31> kEverywhere = {
        "\tat org.apache.spark.sql.execution.",
        "\tat scala.collection.Iterator",
        "\tat java.base/java.util.concurrent.",
        "MemoryStore: Block broadcast_",
        "org.apache.spark.scheduler.",
        "org.apache.spark.rdd.RDD",
        "org.apache.spark.SparkException: ",
        "org.apache.hadoop.hdfs.",
        "java.util.concurrent.ThreadPoolExecutor",
        "java.lang.RuntimeException: ",
        "java.io.IOException: ",
        "Caused by: java.",
        "Exception in thread \"main\" ",
        "java.lang.OutOfMemoryError: ",
        " INFO SparkContext: ",
        " stored as values in memory (estimated size ",
        "TaskSetManager: Finished task 0.0 in stage ",
        " WARN ",
        " ERROR TaskSetManager: Task ",
        " in stage 0.0 failed 4 times",
        " (TID ",
        " executor ",
        "Job aborted due to stage failure: ",
        " does not exist",
        " not found",
        "exit code ",
        "exit status ",
        "Error: ",
        "ValueError: ",
        "NoClassDefFoundError: ",
        "error: ",
    };
    return std::count_if(kEverywhere.begin(), kEverywhere.end(),
                         [&](std::string_view common) { return common.find(text) != std::string_view::npos; });
}

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// Words alone are found in many a log; what holds something else is more likely a code or a phrase of one system.
bool isOfWords(const std::string &text)
{
    return std::all_of(text.begin(), text.end(), [](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == ' ';
    });
}

/// Whether a text is, or holds, a code of one system, as "ORA-00942": however many patterns share it, few logs hold it.
bool isCode(const std::string &text)
{
    const auto isUpper = [](char byte) { return byte >= 'A' && byte <= 'Z'; };
    return std::count_if(text.begin(), text.end(), isDigit) >= 3
           && std::count_if(text.begin(), text.end(), isUpper) >= 2;
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
            Texts joined;
            for (const std::string &left : m_run)
                for (const std::string &right : child.texts)
                    joined.insert(left + right);
            m_run = std::move(joined);
            return;
        }
        endRun();
        m_exact = false;
        const Required part = offered(child);
        offer(part.texts, sum(before, part.before));
        m_run = child.exact ? child.texts : Texts{""};
        m_runBegin = child.exact ? before : m_width;
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
    return {{fewest.begin(), fewest.end()}, required.before, worth(required.texts)};
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
    for (const Required &choice : choices)
        found.choices.push_back(choiceOf(choice));
    if (!choices.empty())
        found.texts.assign(choices.front().texts.begin(), choices.front().texts.end());
    if (found.choices.size() > kMostChoices)
        found.choices.resize(kMostChoices);
    return found;
}

std::vector<std::size_t> leastShared(const std::vector<RequiredLiterals> &patterns)
{
    std::unordered_map<std::string_view, std::size_t> sharers;
    for (const RequiredLiterals &pattern : patterns) {
        std::set<std::string_view> own;
        for (const LiteralChoice &choice : pattern.choices)
            own.insert(choice.literals.begin(), choice.literals.end());
        for (const std::string_view literal : own)
            ++sharers[literal];
    }
    const auto sharedBy = [&](const LiteralChoice &choice) {
        std::size_t most = 0;
        for (const std::string &literal : choice.literals)
            most = std::max(most, isCode(literal) ? 1 : sharers.at(literal));
        return most;
    };
    const auto tells = [](const LiteralChoice &choice) {
        const bool words = std::any_of(choice.literals.begin(), choice.literals.end(), isOfWords);
        return choice.worth >= (words ? kTellingAsWords : kTellingEnough);
    };
    std::vector<std::size_t> picked;
    for (const RequiredLiterals &pattern : patterns) {
        std::size_t best = 0;
        for (std::size_t i = 1; i < pattern.choices.size(); ++i)
            if (tells(pattern.choices[i]) && sharedBy(pattern.choices[i]) < sharedBy(pattern.choices[best]))
                best = i;
        picked.push_back(best);
    }
    return picked;
}

} // namespace mulligan::text

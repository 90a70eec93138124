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
constexpr std::size_t kMostLiterals = 24;
constexpr std::size_t kMostBytesOfSet = 4;

using Texts = std::set<std::string>;

std::size_t sum(std::size_t a, std::size_t b)
{
    return a == kNoBound || b == kNoBound || a > kNoBound - b ? kNoBound : a + b;
}

struct Required {
    Texts texts;
    std::size_t before = kNoBound;
};

constexpr std::size_t kMostChoices = 6;
/// Worth from which on texts tell enough: those that many patterns share are then left for others.
constexpr double kTellingEnough = 5.0;
/// Worth from which on what several texts have in common stands for all of them.
constexpr double kTellingAlone = 8.0;

/// What is known of the text a node matches.
struct Facts {
    bool exact = true; ///< it matches one of `texts` and nothing else
    Texts texts = {""};
    Required required;            ///< empty texts: none found
    std::vector<Required> others; ///< parts of a sequence that would do as well
    std::size_t width = 0;        ///< most bytes it takes
};

std::size_t longestOf(const Texts &texts)
{
    std::size_t longest = 0;
    for (const std::string &text : texts)
        longest = std::max(longest, text.size());
    return longest;
}

/// What logs are full of, whatever happened: a text found in here tells little.
bool isCommon(std::string_view text)
{
    static constexpr std::array<std::string_view, 22> kEverywhere = {"\tat org.apache.spark.sql.execution.",
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
                                                                     " WARN ",
                                                                     " ERROR TaskSetManager: Task ",
                                                                     " in stage 0.0 failed 4 times",
                                                                     " (TID ",
                                                                     " executor ",
                                                                     "Job aborted due to stage failure: ",
                                                                     " does not exist",
                                                                     " not found",
                                                                     "exit code ",
                                                                     "exit status "};
    return std::any_of(kEverywhere.begin(), kEverywhere.end(),
                       [&](std::string_view common) { return common.find(text) != std::string_view::npos; });
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
        const auto digits =
            std::count_if(text.begin(), text.end(), [](char byte) { return byte >= '0' && byte <= '9'; });
        const double length = static_cast<double>(text.size()) - 0.5 * static_cast<double>(digits);
        least = std::min(least, isCommon(text) ? length / 4.0 : length);
    }
    return std::max(0.1, least - 0.5 * std::log2(static_cast<double>(texts.size())));
}

/// Several texts that begin or end alike are looked for by that one part, where it tells enough: with thousands of
/// rules the scan's speed hangs on how many texts there are. The part ends no later in a match than the text it belongs
/// to.
Texts inCommon(const Texts &texts)
{
    if (texts.size() < 2)
        return texts;
    std::string head = *texts.begin();
    std::string tail = head;
    for (const std::string &text : texts) {
        const auto [ownHead, otherHead] = std::mismatch(head.begin(), head.end(), text.begin(), text.end());
        head.erase(ownHead, head.end());
        const auto [ownTail, otherTail] = std::mismatch(tail.rbegin(), tail.rend(), text.rbegin(), text.rend());
        tail.erase(tail.begin(), ownTail.base());
    }
    const Texts longer = {head.size() >= tail.size() ? head : tail};
    return worth(longer) >= kTellingAlone ? longer : texts;
}

/// The better of what a node must hold: a part of it, or all of it.
Required offered(const Facts &facts)
{
    if (facts.exact && worth(facts.texts) > worth(facts.required.texts))
        return {facts.texts, longestOf(facts.texts)};
    return facts.required;
}

Facts factsOf(const PatternNode &node);

Facts factsOfSet(const ByteSet &bytes)
{
    Facts facts;
    facts.width = 1;
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
    facts.width = node.most < 0 ? kNoBound : 0;
    for (int i = 0; i < node.most && facts.width != kNoBound && i < 4096; ++i)
        facts.width = sum(facts.width, inner.width);
    if (node.most >= 4096)
        facts.width = kNoBound;
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
    facts.required.before = 0;
    bool required = true;
    for (const PatternNode &child : node.children) {
        const Facts branch = factsOf(child);
        facts.width = std::max(facts.width, branch.width);
        facts.exact = facts.exact && branch.exact;
        facts.texts.insert(branch.texts.begin(), branch.texts.end());
        const Required part = offered(branch);
        required = required && !part.texts.empty() && worth(part.texts) > 0.0;
        facts.required.texts.insert(part.texts.begin(), part.texts.end());
        facts.required.before = std::max(facts.required.before, part.before);
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
        const std::size_t before = m_width;
        m_width = sum(m_width, child.width);
        if (child.exact && m_run.size() * child.texts.size() <= kMostLiterals
            && longestOf(m_run) + longestOf(child.texts) <= kLongest) {
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

    void endRun() { offer(m_run, sum(m_runBegin, longestOf(m_run))); }

    void offer(const Texts &texts, std::size_t before)
    {
        const double worthHere = worth(texts);
        if (worthHere > 0.0)
            m_offers.push_back({texts, before});
        if (worthHere > worth(m_best.texts))
            m_best = {texts, before};
    }

    Texts m_run = {""};
    std::size_t m_runBegin = 0; ///< most bytes before the run
    std::size_t m_width = 0;
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

LiteralChoice choiceOf(const Required &required)
{
    const Texts texts = inCommon(required.texts);
    return {{texts.begin(), texts.end()}, required.before, worth(required.texts)};
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
    for (const Required &choice : choices)
        if (worth(choice.texts) > 0.0)
            found.choices.push_back(choiceOf(choice));
    std::stable_sort(found.choices.begin(), found.choices.end(),
                     [](const LiteralChoice &a, const LiteralChoice &b) { return a.worth > b.worth; });
    if (found.choices.size() > kMostChoices)
        found.choices.resize(kMostChoices);
    if (!found.choices.empty()) {
        found.literals = found.choices.front().literals;
        found.before = found.choices.front().before;
    }
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
            most = std::max(most, sharers.at(literal));
        return most;
    };
    std::vector<std::size_t> picked;
    for (const RequiredLiterals &pattern : patterns) {
        std::size_t best = 0;
        for (std::size_t i = 1; i < pattern.choices.size() && pattern.choices[i].worth >= kTellingEnough; ++i)
            if (sharedBy(pattern.choices[i]) < sharedBy(pattern.choices[best]))
                best = i;
        picked.push_back(best);
    }
    return picked;
}

} // namespace mulligan::text

#include "classify/rule_tests.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace mulligan::classify
{

namespace
{

/// Subjects that lie within a rule's own scope, so that its samples can reach it.
class SubjectsOf
{
public:
    explicit SubjectsOf(const Rule &rule) : m_rule(rule), m_job(rule.scopeJobGlob), m_config(rule.scopeConfig)
    {
        std::replace(m_job.begin(), m_job.end(), '*', 'x');
        std::replace(m_job.begin(), m_job.end(), '?', 'x');
        if (!rule.scopeSparkVersion.empty())
            m_config[kSparkVersionProperty] = rule.scopeSparkVersion;
    }

    [[nodiscard]] Subject with(std::string_view sample) const
    {
        Subject subject;
        subject.text = sample;
        subject.job = m_job;
        subject.config = &m_config;
        subject.stream = m_rule.scopeStream;
        return subject;
    }

private:
    const Rule &m_rule;
    std::string m_job;
    model::Config m_config;
};

std::string describe(const model::Verdict &verdict)
{
    std::string got = verdict.rule.empty() ? std::string("no rule") : "rule " + verdict.rule;
    if (!verdict.undetermined.empty())
        got += " (undetermined: " + verdict.undetermined.front() + ")";
    return got;
}

const model::RuleMatch *matchOf(const model::Verdict &verdict, const std::string &rule)
{
    const auto own = std::find_if(verdict.matches.begin(), verdict.matches.end(),
                                  [&](const model::RuleMatch &match) { return match.rule == rule; });
    return own == verdict.matches.end() ? nullptr : &*own;
}

/// The text of the pattern that a match is of: those of `all` are counted first.
const std::string &patternOf(const Rule &rule, const model::RuleMatch &match)
{
    const auto index = static_cast<std::size_t>(match.pattern);
    return index < rule.all.size() ? rule.all[index] : rule.any[index - rule.all.size()];
}

std::string whyLost(const Rule &rule, const std::string &sample, const model::Verdict &verdict)
{
    const std::string begin = "The sample '" + beginningOf(sample) + "' should be "
                              + (rule.status == RuleStatus::Draft ? "matched by the draft " : "won by ") + rule.id;
    const auto &given = verdict.undetermined;
    if (std::find(given.begin(), given.end(), rule.id) != given.end())
        return begin
               + ", but its patterns ran out of steps on it: write a repeat in them so that it can divide a text in "
                 "one "
                 "way only.";
    if (rule.status == RuleStatus::Draft)
        return begin + ", but its patterns do not match it: widen a pattern or correct the sample.";
    if (verdict.rule.empty())
        return begin + ", but no rule matches it: widen a pattern or correct the sample.";
    if (matchOf(verdict, rule.id) == nullptr)
        return begin + ", but it does not match it, and " + verdict.rule
               + " wins: widen a pattern or correct the sample.";
    return begin + ", but " + verdict.rule
           + ", which matches it too, goes before it: give one of them another priority, "
           + "or let a pattern of 'none' keep " + verdict.rule + " off.";
}

std::string whyMatched(const Rule &rule, const std::string &sample, const model::RuleMatch &match)
{
    return "The sample '" + beginningOf(sample) + "' should not be matched by " + rule.id + ", but its pattern '"
           + beginningOf(patternOf(rule, match)) + "' matches on the sample's line " + std::to_string(match.line)
           + ": narrow the pattern, rule the text out under 'none', or correct the sample.";
}

int lineOf(const std::vector<SourcePlace> &places, std::size_t sample)
{
    return sample < places.size() ? places[sample].line : 0;
}

void noteOverlaps(const Classifier &classifier, const Rule &rule, std::size_t sample, const model::Verdict &verdict,
                  std::vector<SampleOverlap> &overlaps)
{
    for (const model::RuleMatch &match : verdict.matches) {
        const Rule *other = classifier.find(match.rule);
        if (other != nullptr && other->id != rule.id && other->errorClass != rule.errorClass && tied(*other, rule))
            overlaps.push_back({rule.id, other->id, rule.positive[sample], lineOf(rule.places.positive, sample)});
    }
}

/// A rule's samples held against a classifier that knows it as active. `rule` says what it is in its pack.
class SampleRun
{
public:
    SampleRun(const Classifier &classifier, text::Scratch &scratch, SampleReport &report)
        : m_classifier(classifier), m_scratch(scratch), m_report(report)
    {
    }

    void run(const Rule &rule)
    {
        const SubjectsOf subjects(rule);
        for (std::size_t i = 0; i < rule.positive.size(); ++i)
            tryPositive(rule, i, m_classifier.classify(subjects.with(rule.positive[i]), m_scratch));
        for (std::size_t i = 0; i < rule.negative.size(); ++i)
            tryNegative(rule, i, m_classifier.classify(subjects.with(rule.negative[i]), m_scratch));
        const std::uint64_t samples = rule.positive.size() + rule.negative.size();
        m_report.samples += samples;
        if (rule.status == RuleStatus::Draft)
            m_report.ofDrafts += samples;
    }

private:
    void tryPositive(const Rule &rule, std::size_t i, const model::Verdict &verdict)
    {
        const std::string &sample = rule.positive[i];
        if (verdict.rule == rule.id)
            noteOverlaps(m_classifier, rule, i, verdict, m_report.overlaps);
        else
            m_report.failed.push_back({rule.id, sample, "rule " + rule.id, describe(verdict),
                                       whyLost(rule, sample, verdict), verdict.rule, lineOf(rule.places.positive, i),
                                       rule.status == RuleStatus::Draft, rule.file});
    }

    void tryNegative(const Rule &rule, std::size_t i, const model::Verdict &verdict)
    {
        const std::string &sample = rule.negative[i];
        if (const model::RuleMatch *own = matchOf(verdict, rule.id))
            m_report.failed.push_back(
                {rule.id,
                 sample,
                 "no match of " + rule.id,
                 "pattern '" + beginningOf(patternOf(rule, *own)) + "' matched on line " + std::to_string(own->line),
                 whyMatched(rule, sample, *own),
                 {},
                 lineOf(rule.places.negative, i),
                 rule.status == RuleStatus::Draft,
                 rule.file});
    }

    const Classifier &m_classifier;
    text::Scratch &m_scratch;
    SampleReport &m_report;
};

/// A draft is in no classifier of its pack, so it gets one of its own.
void runDraft(const Rule &rule, SampleReport &report)
{
    RulePack alone;
    alone.rules.push_back(rule);
    alone.rules.front().status = RuleStatus::Active;
    const auto classifier = Classifier::make(std::move(alone));
    if (!classifier)
        return; // patterns of a rule that was read compile; lint names those of any other
    text::Scratch scratch = (*classifier)->makeScratch();
    SampleRun(**classifier, scratch, report).run(rule);
}

std::string describeTaken(const std::string &taker, const std::vector<const SampleFailure *> &taken)
{
    std::set<std::string> rules;
    for (const SampleFailure *failure : taken)
        rules.insert(failure->rule);
    std::string examples;
    std::size_t shown = 0;
    for (const std::string &rule : rules)
        if (shown++ < kMostSinglesOfATaker)
            examples += (examples.empty() ? "" : ", ") + rule;
    return taker + " takes " + std::to_string(taken.size()) + " samples of " + std::to_string(rules.size())
           + (rules.size() == 1 ? " other rule" : " other rules") + ", such as " + examples
           + ": narrow its patterns, or give it a lower priority.";
}

} // namespace

SampleReport testPack(const Classifier &classifier)
{
    SampleReport report;
    text::Scratch scratch = classifier.makeScratch();
    for (const Rule &rule : classifier.pack().rules) {
        if (rule.status == RuleStatus::Active)
            SampleRun(classifier, scratch, report).run(rule);
        else if (rule.status == RuleStatus::Draft)
            runDraft(rule, report);
    }
    return report;
}

GroupedFailures groupByTaker(std::vector<SampleFailure> failed)
{
    std::map<std::string, std::vector<const SampleFailure *>> taken;
    for (const SampleFailure &failure : failed)
        if (!failure.winner.empty())
            taken[failure.winner].push_back(&failure);
    GroupedFailures grouped;
    std::set<std::string> named;
    for (const auto &[taker, of] : taken)
        if (of.size() > kMostSinglesOfATaker) {
            grouped.takers.push_back({taker, describeTaken(taker, of)});
            named.insert(taker);
        }
    for (SampleFailure &failure : failed)
        if (!named.contains(failure.winner))
            grouped.singles.push_back(std::move(failure));
    return grouped;
}

std::string beginningOf(std::string_view text)
{
    constexpr std::size_t kMost = 60;
    std::size_t end = std::min(text.size(), kMost);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end; // not within a character
    std::string out(text.substr(0, end));
    std::replace(out.begin(), out.end(), '\n', ' ');
    return text.size() > end ? out + "…" : out;
}

} // namespace mulligan::classify

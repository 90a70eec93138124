#include "classify/rule_tests.hpp"

#include <algorithm>

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

void noteOverlaps(const Classifier &classifier, const Rule &rule, const std::string &sample,
                  const model::Verdict &verdict, std::vector<SampleOverlap> &overlaps)
{
    for (const model::RuleMatch &match : verdict.matches) {
        const Rule *other = classifier.find(match.rule);
        if (other != nullptr && other->id != rule.id && other->errorClass != rule.errorClass && tied(*other, rule))
            overlaps.push_back({rule.id, other->id, sample});
    }
}

} // namespace

SampleReport testPack(const Classifier &classifier)
{
    SampleReport report;
    text::Scratch scratch = classifier.makeScratch();
    for (const Rule &rule : classifier.pack().rules) {
        if (rule.status != RuleStatus::Active)
            continue;
        const SubjectsOf subjects(rule);
        for (const std::string &sample : rule.positive) {
            ++report.samples;
            const model::Verdict verdict = classifier.classify(subjects.with(sample), scratch);
            if (verdict.rule != rule.id)
                report.failed.push_back({rule.id, sample, "rule " + rule.id, describe(verdict)});
            else
                noteOverlaps(classifier, rule, sample, verdict, report.overlaps);
        }
        for (const std::string &sample : rule.negative) {
            ++report.samples;
            const model::Verdict verdict = classifier.classify(subjects.with(sample), scratch);
            const auto own = std::find_if(verdict.matches.begin(), verdict.matches.end(),
                                          [&](const model::RuleMatch &match) { return match.rule == rule.id; });
            if (own != verdict.matches.end())
                report.failed.push_back(
                    {rule.id, sample, "no match of " + rule.id,
                     "pattern " + std::to_string(own->pattern) + " matched on line " + std::to_string(own->line)});
        }
    }
    return report;
}

} // namespace mulligan::classify

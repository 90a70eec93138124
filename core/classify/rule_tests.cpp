#include "classify/rule_tests.hpp"

#include <algorithm>

namespace mulligan::classify
{

namespace
{

/// A subject that lies within a rule's own scope, so that its samples can reach it.
Subject subjectFor(const Rule &rule, std::string_view sample, std::string &job)
{
    job = rule.scopeJobGlob;
    std::replace(job.begin(), job.end(), '*', 'x');
    std::replace(job.begin(), job.end(), '?', 'x');
    Subject subject;
    subject.text = sample;
    subject.job = job;
    subject.sparkVersion = rule.scopeSparkVersion;
    subject.stream = rule.scopeStream;
    return subject;
}

std::string describe(const model::Verdict &verdict)
{
    std::string got = verdict.rule.empty() ? std::string("no rule") : "rule " + verdict.rule;
    if (!verdict.undetermined.empty())
        got += " (undetermined: " + verdict.undetermined.front() + ")";
    return got;
}

} // namespace

SampleReport testPack(const Classifier &classifier)
{
    SampleReport report;
    text::Scratch scratch = classifier.makeScratch();
    std::string job;
    for (const Rule &rule : classifier.pack().rules) {
        if (rule.status != RuleStatus::Active)
            continue;
        for (const std::string &sample : rule.positive) {
            ++report.samples;
            const model::Verdict verdict = classifier.classify(subjectFor(rule, sample, job), scratch);
            if (verdict.rule != rule.id)
                report.failed.push_back({rule.id, sample, "rule " + rule.id, describe(verdict)});
        }
        for (const std::string &sample : rule.negative) {
            ++report.samples;
            const model::Verdict verdict = classifier.classify(subjectFor(rule, sample, job), scratch);
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

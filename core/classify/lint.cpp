#include "classify/lint.hpp"

#include "classify/classifier.hpp"
#include "classify/rule_file.hpp"
#include "classify/rule_tests.hpp"
#include "classify/templates.hpp"
#include "text/backtracking_risk.hpp"
#include "text/pattern_syntax.hpp"
#include "text/portability.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

namespace mulligan::classify
{

namespace
{

/// Where scopes differ, the more specific rule goes first by intent.
bool sameScope(const Rule &a, const Rule &b)
{
    return a.scopeStream == b.scopeStream && a.scopeJobGlob == b.scopeJobGlob
           && a.scopeSparkVersion == b.scopeSparkVersion && a.scopeConfig == b.scopeConfig;
}

/// The beginning of a text on one line, for messages.
std::string shown(std::string_view text)
{
    std::string out(text.substr(0, 60));
    std::replace(out.begin(), out.end(), '\n', ' ');
    return text.size() > 60 ? out + "…" : out;
}

std::vector<std::string> patternsOf(const Rule &rule)
{
    std::vector<std::string> patterns = rule.all;
    patterns.insert(patterns.end(), rule.any.begin(), rule.any.end());
    patterns.insert(patterns.end(), rule.none.begin(), rule.none.end());
    if (rule.block) {
        patterns.push_back(rule.block->from);
        if (rule.block->end == Block::End::Pattern)
            patterns.push_back(rule.block->to);
    }
    return patterns;
}

/// A rule of these kinds of problem cannot be used, or does not do what it says.
Severity severityOf(std::string_view kind)
{
    const bool broken =
        kind == "unreadable" || kind == "invalid" || kind == "failing_sample" || kind == "undeclared_capture";
    return broken ? Severity::Error : Severity::Warning;
}

class Linter
{
public:
    explicit Linter(const RulePack &pack, bool whole = true) : m_pack(pack), m_whole(whole) {}

    std::vector<Problem> run()
    {
        bool valid = true;
        for (const Rule &rule : m_pack.rules) {
            valid = checkPatterns(rule) && valid;
            checkCaptures(rule);
            checkSamples(rule);
        }
        for (const Rule &rule : m_pack.rules)
            checkAgainstOthers(rule);
        if (valid && m_whole)
            runSamples();
        return std::move(m_problems);
    }

private:
    void add(const Rule &rule, const char *kind, std::string message)
    {
        m_problems.push_back({rule.id, kind, std::move(message), rule.line, severityOf(kind), rule.file});
    }

    bool checkPatterns(const Rule &rule)
    {
        bool valid = true;
        if (rule.all.empty() && rule.any.empty())
            add(rule, "invalid", "It has no pattern that must match.");
        for (const std::string &pattern : patternsOf(rule)) {
            const text::Pattern whole{pattern, rule.caseless, rule.multiline};
            if (const auto good = text::checkPattern(whole); !good) {
                add(rule, "invalid", good.error().message);
                valid = false;
                continue;
            }
            const text::PatternSyntax syntax = text::readPattern(pattern, rule.multiline);
            if (const std::string risk = text::backtrackingRisk(syntax); !risk.empty())
                add(rule, "backtracking", "The pattern '" + shown(pattern) + "' may take very long: " + risk + ".");
            checkPortability(rule, whole);
        }
        return valid && !(rule.all.empty() && rule.any.empty());
    }

    void checkPortability(const Rule &rule, const text::Pattern &pattern)
    {
        const auto engines = text::portability(pattern);
        for (size_t i = 0; i < engines.size(); ++i)
            if (engines[i].fit == text::Fit::Impossible)
                add(rule, "not_portable",
                    "The pattern '" + shown(pattern.expression) + "' has no counterpart for "
                        + std::string(text::name(static_cast<text::Engine>(i))) + ": " + engines[i].notes.front()
                        + ", at character " + std::to_string(engines[i].at) + ".");
    }

    void checkCaptures(const Rule &rule)
    {
        std::set<std::string> groups;
        for (const std::vector<std::string> *patterns : {&rule.all, &rule.any})
            for (const std::string &pattern : *patterns)
                for (const text::PatternGroup &group : text::readPattern(pattern).groups)
                    groups.insert(group.name);
        for (const std::string *text : {&rule.summary, &rule.advice})
            for (const std::string &name : Template(*text).names())
                if (rule.captures.count(name) == 0)
                    add(rule, "undeclared_capture", "The text uses {" + name + "}, which 'captures' does not declare.");
        for (const auto &[name, unit] : rule.captures)
            if (groups.count(name) == 0)
                add(rule, "undeclared_capture",
                    "'captures' declares " + name + ", but no pattern has a group (?<" + name + ">…).");
        for (const std::string &name : groups)
            if (rule.captures.count(name) == 0)
                add(rule, "unused_capture", "The group " + name + " is captured, but 'captures' gives it no unit.");
    }

    void checkSamples(const Rule &rule)
    {
        if (rule.positive.empty())
            add(rule, "no_samples", "It has no positive sample.");
        if (rule.negative.empty())
            add(rule, "no_samples", "It has no negative sample.");
    }

    /// Rules that can never win, or that share a pattern with another class. Only what can be seen without texts.
    void checkAgainstOthers(const Rule &rule)
    {
        if (rule.status != RuleStatus::Active)
            return;
        for (const Rule &other : m_pack.rules) {
            if (other.id == rule.id || other.status != RuleStatus::Active || other.where != rule.where
                || other.lastLines != rule.lastLines || other.caseless != rule.caseless)
                continue;
            const auto sharedWith = [&](const std::string &pattern) {
                return std::find(other.any.begin(), other.any.end(), pattern) != other.any.end();
            };
            const bool wide = other.all.empty() && other.none.empty() && !hasScope(other);
            if (wide && precedes(other, rule) && !rule.any.empty()
                && std::all_of(rule.any.begin(), rule.any.end(), sharedWith))
                add(rule, "shadowed", "It can never win: " + other.id + " goes before it and has all its patterns.");
            else if (rule.id < other.id && other.errorClass != rule.errorClass && sameScope(rule, other))
                for (const std::string &pattern : rule.any)
                    if (sharedWith(pattern))
                        add(rule, "overlapping",
                            "The pattern '" + shown(pattern) + "' stands in " + other.id + " too, for another class.");
        }
    }

    void runSamples()
    {
        const auto classifier = Classifier::make(m_pack);
        if (!classifier)
            return; // each pattern was tried above; ids are unique in every pack that was read
        for (const SampleFailure &failure : testPack(**classifier).failed)
            if (const Rule *rule = (*classifier)->find(failure.rule))
                add(*rule, "failing_sample",
                    "The sample '" + shown(failure.sample) + "' expected " + failure.expected + ", got " + failure.got
                        + ".");
    }

    const RulePack &m_pack;
    bool m_whole; ///< false: some of its rules could not be read
    std::vector<Problem> m_problems;
};

/// The line that the innermost "line N, …" of an error's places names; 0 where none does.
int lineOf(const base::Error &error)
{
    for (auto place = error.context.rbegin(); place != error.context.rend(); ++place)
        if (place->starts_with("line "))
            return std::atoi(place->c_str() + 5);
    return 0;
}

/// What an error says besides its file and rule, which a problem names by itself.
std::string messageOf(base::Error error, const PackFault &fault)
{
    std::erase_if(error.context, [&](const std::string &place) {
        return place == "file " + fault.file || place == "rule '" + fault.rule + "'";
    });
    return error.text();
}

Problem problemOf(const PackFault &fault)
{
    return {fault.rule,
            fault.wholeFile ? "unreadable" : "invalid",
            messageOf(fault.error, fault),
            lineOf(fault.error),
            Severity::Error,
            fault.file};
}

} // namespace

std::string_view name(Severity severity)
{
    return severity == Severity::Error ? "error" : "warning";
}

size_t LintReport::errors() const
{
    return static_cast<size_t>(std::count_if(
        problems.begin(), problems.end(), [](const Problem &problem) { return problem.severity == Severity::Error; }));
}

std::vector<Problem> lintPack(const RulePack &pack)
{
    return Linter(pack).run();
}

LintReport lintFiles(const std::vector<std::string> &paths)
{
    const PackReading reading = readPack(paths);
    LintReport report;
    report.rules = reading.rules;
    for (const PackFault &fault : reading.faults)
        report.problems.push_back(problemOf(fault));
    for (Problem &problem : Linter(reading.pack, reading.faults.empty()).run())
        report.problems.push_back(std::move(problem));
    const auto rank = [&](const Problem &problem) {
        const auto &files = reading.pack.files;
        return std::pair(std::find(files.begin(), files.end(), problem.file) - files.begin(), problem.line);
    };
    std::stable_sort(report.problems.begin(), report.problems.end(),
                     [&](const Problem &a, const Problem &b) { return rank(a) < rank(b); });
    return report;
}

} // namespace mulligan::classify

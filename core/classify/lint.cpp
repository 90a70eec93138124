#include "classify/lint.hpp"

#include "classify/classifier.hpp"
#include "classify/lint_captures.hpp"
#include "classify/lint_coverage.hpp"
#include "classify/lint_folders.hpp"
#include "classify/rule_file.hpp"
#include "classify/rule_tests.hpp"
#include "text/backtracking_risk.hpp"
#include "text/pattern_syntax.hpp"
#include "text/portability.hpp"
#include "text/required_literals.hpp"

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

std::string shown(std::string_view text)
{
    return beginningOf(text);
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

/// The line a pattern stands in; 0: not known.
int lineOf(const Rule &rule, const std::string &pattern)
{
    const auto place = rule.places.patterns.find(pattern);
    return place == rule.places.patterns.end() ? 0 : place->second.line;
}

/// Year, month and day, as 2024-05-31.
bool isDate(const std::string &text)
{
    const auto digits = [&](size_t begin, size_t count) {
        int value = 0;
        for (size_t i = begin; i < begin + count; ++i)
            value = text[i] >= '0' && text[i] <= '9' && value >= 0 ? value * 10 + (text[i] - '0') : -1;
        return value;
    };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || digits(0, 4) < 0)
        return false;
    const int month = digits(5, 2);
    const int day = digits(8, 2);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// A rule of these kinds of problem cannot be used, or does not do what it says.
Severity severityOf(std::string_view kind)
{
    const bool broken = kind == "unreadable" || kind == "invalid" || kind == "failing_sample";
    if (broken)
        return Severity::Error;
    return kind == "dead_pattern" ? Severity::Note : Severity::Warning;
}

class Linter
{
public:
    Linter(const RulePack &pack, const ClassNames &known, bool whole) : m_pack(pack), m_known(known), m_whole(whole) {}

    std::vector<Problem> run()
    {
        bool valid = true;
        for (const Rule &rule : m_pack.rules) {
            valid = checkPatterns(rule) && valid;
            checkSpeed(rule);
            for (Problem &problem : captureProblems(rule))
                m_problems.push_back(std::move(problem));
            checkSamples(rule);
            checkDates(rule);
        }
        checkAgainstOthers();
        checkClasses();
        if (valid && m_whole)
            runSamples();
        return std::move(m_problems);
    }

private:
    void add(const Rule &rule, const char *kind, std::string message)
    {
        addAt(rule, rule.line, kind, std::move(message));
    }

    /// `line` is 0 where the place is not known.
    void addAt(const Rule &rule, int line, const char *kind, std::string message)
    {
        m_problems.push_back(
            {rule.id, kind, std::move(message), line > 0 ? line : rule.line, severityOf(kind), rule.file});
    }

    /// At the line of a pattern.
    void addFor(const Rule &rule, const std::string &pattern, const char *kind, std::string message)
    {
        addAt(rule, lineOf(rule, pattern), kind, std::move(message));
    }

    bool checkPatterns(const Rule &rule)
    {
        bool valid = true;
        if (rule.all.empty() && rule.any.empty())
            add(rule, "invalid", "It has no pattern that must match.");
        for (const std::string &pattern : patternsOf(rule)) {
            const text::Pattern whole{pattern, rule.caseless, rule.multiline};
            if (const auto good = text::checkPattern(whole); !good) {
                addFor(rule, pattern, "invalid", good.error().message);
                valid = false;
                continue;
            }
            const text::PatternSyntax syntax = text::readPattern(pattern, rule.multiline);
            if (const std::string risk = text::backtrackingRisk(syntax); !risk.empty())
                addFor(rule, pattern, "backtracking",
                       "The pattern '" + shown(pattern) + "' may take very long: " + risk + ".");
            checkPortability(rule, whole);
        }
        return valid && !(rule.all.empty() && rule.any.empty());
    }

    /// A rule is tried on every text when nothing that must match has a text to be looked for by.
    void checkSpeed(const Rule &rule)
    {
        const auto lacksText = [&](const std::string &pattern) {
            return text::requiredLiterals(text::readPattern(pattern, rule.multiline)).choices.empty();
        };
        if (std::any_of(rule.all.begin(), rule.all.end(), [&](const std::string &each) { return !lacksText(each); }))
            return;
        for (const std::vector<std::string> *patterns : {&rule.all, &rule.any})
            for (const std::string &pattern : *patterns)
                if (lacksText(pattern))
                    addFor(
                        rule, pattern, "slow_pattern",
                        "The pattern '" + shown(pattern)
                            + "' is searched for in every failure, which is slow: there is no word of three characters "
                              "or more that "
                              "must stand in what it matches, nor a list of at most 96 such words. Write out a word "
                              "that always stands there.");
    }

    void checkPortability(const Rule &rule, const text::Pattern &pattern)
    {
        const auto engines = text::portability(pattern);
        for (size_t i = 0; i < engines.size(); ++i)
            if (engines[i].fit == text::Fit::Impossible)
                addFor(rule, pattern.expression, "not_portable",
                       "The pattern '" + shown(pattern.expression) + "' has no counterpart for "
                           + std::string(text::name(static_cast<text::Engine>(i))) + ": " + engines[i].notes.front()
                           + ", at character " + std::to_string(engines[i].at) + ".");
    }

    void checkSamples(const Rule &rule)
    {
        if (rule.positive.empty())
            add(rule, "no_samples", "It has no positive sample: add a text that it should win.");
        if (rule.negative.empty())
            add(rule, "no_samples", "It has no negative sample: add a text that looks alike and is not its.");
    }

    void checkDates(const Rule &rule)
    {
        for (const std::string *date : {&rule.created, &rule.modified})
            if (!date->empty() && !isDate(*date))
                add(rule, "dates", "'" + *date + "' is no date: write it as 2024-05-31.");
        if (isDate(rule.created) && isDate(rule.modified) && rule.modified < rule.created)
            add(rule, "dates",
                "It was modified on " + rule.modified + ", before it was created (" + rule.created + ").");
    }

    /// Rules that can never win, that share a pattern with another, and patterns that do nothing. Only what can be seen
    /// without texts.
    void checkAgainstOthers()
    {
        const std::vector<Cover> covers = findCovers(m_pack);
        for (const Shadow &shadow : findShadows(m_pack, covers))
            add(m_pack.rules[shadow.rule], "shadowed",
                "It can never win: " + m_pack.rules[shadow.by].id + " goes before it and matches wherever it does.");
        std::set<std::pair<std::string, std::string>> dead;
        for (const Cover &cover : covers) {
            if (cover.covered.rule != cover.by.rule)
                checkShared(cover);
            else if (cover.covered.any && isDead(cover, covers)
                     && dead.emplace(m_pack.rules[cover.covered.rule].id, patternOf(cover.covered)).second)
                addDead(cover);
        }
    }

    const std::string &patternOf(const PatternPlace &place) const
    {
        const Rule &rule = m_pack.rules[place.rule];
        return place.any ? rule.any[place.index] : rule.all[place.index];
    }

    /// Whether an alternative can go. Of two that cover each other the later one can; what captures is needed.
    bool isDead(const Cover &cover, const std::vector<Cover> &covers) const
    {
        const Rule &rule = m_pack.rules[cover.covered.rule];
        const bool captures = !text::readPattern(patternOf(cover.covered), rule.multiline).groups.empty();
        const bool mutual = std::any_of(covers.begin(), covers.end(), [&](const Cover &other) {
            return other.covered == cover.by && other.by == cover.covered;
        });
        const bool counts = rule.leastLevel == LeastLevel::Any || cover.onItsLine;
        return counts && (cover.same || !captures) && (!mutual || cover.covered.index > cover.by.index);
    }

    void addDead(const Cover &cover)
    {
        const Rule &rule = m_pack.rules[cover.covered.rule];
        if (cover.same)
            addFor(rule, patternOf(cover.covered), "duplicate_pattern",
                   "The pattern '" + shown(patternOf(cover.covered)) + "' stands there twice.");
        else
            addFor(rule, patternOf(cover.covered), "dead_pattern",
                   "The pattern '" + shown(patternOf(cover.covered)) + "' is not needed: '" + shown(patternOf(cover.by))
                       + "' matches wherever it does.");
    }

    /// The same pattern in `any` of two rules that look at the same subjects.
    void checkShared(const Cover &cover)
    {
        const Rule &rule = m_pack.rules[cover.covered.rule];
        const Rule &other = m_pack.rules[cover.by.rule];
        const bool alike = rule.where == other.where && rule.lastLines == other.lastLines && rule.block == other.block
                           && sameScope(rule, other);
        if (!cover.same || !cover.covered.any || !(rule.id < other.id) || !alike)
            return;
        if (rule.errorClass != other.errorClass)
            addFor(rule, patternOf(cover.covered), "overlapping",
                   "The pattern '" + shown(patternOf(cover.covered)) + "' stands in " + other.id
                       + " too, for another class.");
        else if (rule.all == other.all && rule.none == other.none && rule.leastLevel == other.leastLevel)
            addFor(rule, patternOf(cover.covered), "duplicate_pattern",
                   "The pattern '" + shown(patternOf(cover.covered)) + "' stands in " + other.id + " too.");
    }

    void checkClasses()
    {
        for (const LoneClass &lone : findLoneClasses(m_pack, m_known)) {
            const Rule &rule = m_pack.rules[lone.rule];
            const std::string who =
                lone.rules == 1 ? "No other rule has" : "Only " + std::to_string(lone.rules) + " rules have";
            add(rule, "lone_class", who + " the class '" + rule.errorClass + "'. Did you mean '" + lone.near + "'?");
        }
    }

    void runSamples()
    {
        const auto classifier = Classifier::make(m_pack);
        if (!classifier)
            return; // each pattern was tried above; ids are unique in every pack that was read
        SampleReport report = testPack(**classifier);
        addFailures(**classifier, std::move(report.failed));
        std::set<std::pair<std::string, std::string>> pairs;
        for (const SampleOverlap &overlap : report.overlaps)
            if (const Rule *rule = (*classifier)->find(overlap.rule);
                rule != nullptr && pairs.emplace(overlap.rule, overlap.other).second)
                addAt(*rule, overlap.line, "overlapping",
                      "Its sample '" + shown(overlap.sample) + "' is matched by " + overlap.other
                          + " too, for another class, and it wins by its id alone: give one of them a priority.");
        tryRetired(**classifier);
    }

    void addFailures(const Classifier &classifier, std::vector<SampleFailure> failed)
    {
        const GroupedFailures grouped = groupByTaker(std::move(failed));
        for (const SampleTaker &taker : grouped.takers)
            if (const Rule *rule = classifier.find(taker.rule))
                add(*rule, "failing_sample", taker.message);
        for (const SampleFailure &failure : grouped.singles)
            if (const Rule *rule = classifier.find(failure.rule))
                addAt(*rule, failure.line, "failing_sample", failure.message);
    }

    /// What a retired rule stood for should be some other rule's by now.
    void tryRetired(const Classifier &classifier)
    {
        text::Scratch scratch = classifier.makeScratch();
        for (const Rule &rule : m_pack.rules) {
            if (rule.status != RuleStatus::Retired)
                continue;
            for (const std::string &sample : rule.positive) {
                Subject subject;
                subject.text = sample;
                if (!classifier.classify(subject, scratch).rule.empty())
                    continue;
                add(rule, "retired",
                    "It is retired, and its sample '" + shown(sample) + "' is matched by no rule any more.");
                break;
            }
        }
    }

    const RulePack &m_pack;
    const ClassNames &m_known;
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
        const bool lineAlone = place.starts_with("line ") && place.find(',') == std::string::npos;
        return lineAlone || place == "file " + fault.file || place == "rule '" + fault.rule + "'";
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

size_t countOf(const std::vector<Problem> &problems, Severity severity)
{
    return static_cast<size_t>(std::count_if(problems.begin(), problems.end(),
                                             [&](const Problem &problem) { return problem.severity == severity; }));
}

} // namespace

std::string_view name(Severity severity)
{
    switch (severity) {
    case Severity::Error: return "error";
    case Severity::Note: return "note";
    case Severity::Warning: break;
    }
    return "warning";
}

size_t LintReport::errors() const
{
    return countOf(problems, Severity::Error);
}

size_t LintReport::notes() const
{
    return countOf(problems, Severity::Note);
}

std::vector<Problem> lintPack(const RulePack &pack, const ClassNames &known)
{
    return Linter(pack, known, true).run();
}

LintReport lintFiles(const std::vector<std::string> &paths, const ClassNames &known)
{
    const PackReading reading = readPack(paths);
    LintReport report;
    report.rules = reading.rules;
    report.whole = reading.faults.empty();
    for (const PackFault &fault : reading.faults)
        report.problems.push_back(problemOf(fault));
    for (Problem &problem : Linter(reading.pack, known, reading.faults.empty()).run())
        report.problems.push_back(std::move(problem));
    for (const std::string &path : paths)
        for (Problem &problem : skippedFolders(path, paths))
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

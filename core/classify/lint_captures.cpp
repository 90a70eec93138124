#include "classify/lint_captures.hpp"

#include "classify/templates.hpp"
#include "text/pattern_syntax.hpp"

#include <set>
#include <string>
#include <utility>

namespace mulligan::classify
{

namespace
{

/// Names of the groups of the patterns that must match.
std::set<std::string> groupsOf(const Rule &rule)
{
    std::set<std::string> groups;
    for (const std::vector<std::string> *patterns : {&rule.all, &rule.any})
        for (const std::string &pattern : *patterns)
            for (const text::PatternGroup &group : text::readPattern(pattern).groups)
                groups.insert(group.name);
    return groups;
}

class CaptureCheck
{
public:
    explicit CaptureCheck(const Rule &rule) : m_rule(rule), m_groups(groupsOf(rule)) {}

    std::vector<Problem> run()
    {
        checkText("summary", m_rule.summary, m_rule.places.summary);
        checkText("advice", m_rule.advice, m_rule.places.advice);
        for (const auto &[name, unit] : m_rule.captures) {
            const auto place = m_rule.places.captures.find(name);
            if (!m_groups.contains(name))
                add("undeclared_capture", place == m_rule.places.captures.end() ? SourcePlace() : place->second,
                    "'captures' declares " + name + ", but no pattern has a group (?<" + name
                        + ">…). Name the group in a pattern, or leave the capture out.");
        }
        for (const std::string &name : m_groups)
            if (m_rule.captures.count(name) == 0)
                add("unused_capture", {},
                    "The group " + name + " is captured, but 'captures' gives it no unit. Add '" + name
                        + ": word' (or bytes, seconds, count) there, or make the group (?:…).",
                    Severity::Warning);
        return std::move(m_problems);
    }

private:
    void checkText(const std::string &key, const std::string &text, const SourcePlace &place)
    {
        for (const TemplateFault &fault : templateFaults(text))
            add("bad_template", place,
                "In '" + key + "' " + fault.what + ", at its character " + std::to_string(fault.at) + where(place)
                    + ". " + fault.remedy);
        for (const std::string &name : Template(text).names())
            if (m_rule.captures.count(name) == 0)
                add("undeclared_capture", place,
                    "The " + key + " uses {" + name + "}, which 'captures' does not declare. " + remedyFor(name));
    }

    [[nodiscard]] std::string remedyFor(const std::string &name) const
    {
        if (m_groups.contains(name))
            return "Add '" + name + ": word' (or bytes, seconds, count) under 'captures'.";
        return "Name a group (?<" + name + ">…) in a pattern and declare it, or leave it out of the text.";
    }

    static std::string where(const SourcePlace &place)
    {
        if (place.line == 0)
            return {};
        return " (line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ")";
    }

    void add(const char *kind, const SourcePlace &place, std::string message, Severity severity = Severity::Error)
    {
        m_problems.push_back(
            {m_rule.id, kind, std::move(message), place.line > 0 ? place.line : m_rule.line, severity, m_rule.file});
    }

    const Rule &m_rule;
    std::set<std::string> m_groups;
    std::vector<Problem> m_problems;
};

} // namespace

std::vector<Problem> captureProblems(const Rule &rule)
{
    return CaptureCheck(rule).run();
}

} // namespace mulligan::classify

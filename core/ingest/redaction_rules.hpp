#pragma once

#include "base/result.hpp"
#include "text/pattern_set.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// A kind of secret that a user describes.
struct RedactionPattern {
    std::string name;      ///< kind of the marker: lower-case letters, digits and '_', at most 40
    std::string pattern;   ///< Boost.Regex, Perl syntax (text::Pattern)
    std::string group;     ///< named group that is replaced; empty: all of the match
    std::string sample;    ///< a text the pattern must match
    std::string notSample; ///< a text it must not match; empty: none given
    int line = 0;          ///< in the file it came from, 0: none

    bool operator==(const RedactionPattern &) const = default;
};

/// What is redacted beside the built-in kinds, and what is left alone.
struct RedactionSettings {
    bool emails = false;                    ///< "[redacted:email]"
    bool userPaths = false;                 ///< "/home/[redacted:user]/…"; the owner of an attempt as well
    std::vector<std::string> allow;         ///< a secret that reads exactly so stays
    std::vector<RedactionPattern> patterns; ///< tried after the built-in kinds

    bool operator==(const RedactionSettings &) const = default;
};

/// Settings with their patterns compiled. Immutable, shared between threads.
class RedactionRules
{
public:
    /// Errors: InvalidArgument for a bad name, a name given twice, a pattern that does not compile, matches nothing of
    /// its sample or something of what it must not, or lacks its group; with the pattern's name and line.
    [[nodiscard]] static base::Result<std::shared_ptr<const RedactionRules>> make(RedactionSettings settings);

    [[nodiscard]] const RedactionSettings &settings() const { return m_settings; }
    /// The compiled patterns, in order; nullptr where there are none.
    [[nodiscard]] const text::PatternSet *patterns() const { return m_patterns.get(); }
    [[nodiscard]] bool allows(std::string_view secret) const;

private:
    explicit RedactionRules(RedactionSettings settings) : m_settings(std::move(settings)) {}

    RedactionSettings m_settings;
    std::shared_ptr<const text::PatternSet> m_patterns;
};

/// Reads a redaction file:
/// ```
/// version: 1
/// emails: false
/// user_paths: false
/// allow: [changeme]
/// patterns:
///   - name: employee_id
///     pattern: 'EMP-(?<id>\d{6})'
///     replace: id
///     sample: 'approved by EMP-004711'
///     not_sample: 'TEMP-1'
/// ```
/// Strict: every key must be known, `name`, `pattern` and `sample` given. Errors: Parse with line and column.
[[nodiscard]] base::Result<RedactionSettings> parseRedactionSettings(std::string_view yaml);
/// The same from a file. Errors: also NotFound, PermissionDenied, Io.
[[nodiscard]] base::Result<RedactionSettings> loadRedactionSettings(const std::string &path);

} // namespace mulligan::ingest

#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::model
{

/// Whose failure it is; each domain has its own retry limit.
enum class Domain { User, Platform, Timeout };
inline constexpr size_t kDomainCount = 3;

/// What a rule says should happen.
enum class RuleAction { Retry, Stop, AskModel };

inline constexpr std::string_view kUnclassified = "unclassified";
inline constexpr std::string_view kMemoryGroup = "memory_config";

/// One quantity or word captured from the matching text.
struct Capture {
    std::string text;            ///< as it stood in the log
    std::string unit;            ///< "bytes", "seconds", "count", "" (a word)
    std::optional<double> value; ///< in the unit named; absent for words

    bool operator==(const Capture &) const = default;
};

/// What the lines that a rule matched have to do with the failure; the best comes first.
enum class Evidence : std::uint8_t {
    Failure,     ///< they may tell of it
    Information, ///< their logger says that they are no more than information
    Beside,      ///< what clients try again by themselves, or listeners and hooks meet while everything shuts down
};

/// A rule that matched, and where. All are kept; only one is the winner.
struct RuleMatch {
    std::string rule;
    int pattern = 0;  ///< index of the pattern within the rule
    int line = 0;     ///< 1-based line of the whole text
    size_t begin = 0; ///< byte offsets in the whole text, [begin, end)
    size_t end = 0;
    bool winner = false;
    Evidence evidence = Evidence::Failure; ///< the best that it has

    bool operator==(const RuleMatch &) const = default;
};

/// What classification says of one failure text.
struct Verdict {
    std::string errorClass = std::string(kUnclassified); ///< "group.kind", or "unclassified"
    Domain domain = Domain::User;
    bool transient = false;
    std::string rule; ///< id of the winning rule, empty when unclassified
    RuleAction action = RuleAction::AskModel;
    std::optional<int> exitCode;
    std::string title;
    std::string summary; ///< captures filled in
    std::string advice;
    std::map<std::string, Capture> captures;
    std::vector<RuleMatch> matches;        ///< in order of precedence, the winner first
    std::vector<std::string> undetermined; ///< rules whose step budget ran out on this text

    bool operator==(const Verdict &) const = default;
};

[[nodiscard]] std::string_view name(Domain domain);
[[nodiscard]] std::string_view name(RuleAction action);
[[nodiscard]] std::string_view name(Evidence evidence);
[[nodiscard]] std::optional<Domain> domainFromName(std::string_view text);
[[nodiscard]] std::optional<RuleAction> ruleActionFromName(std::string_view text);

/// "memory_config" of "memory_config.executor_heap"; the whole when there is no dot.
[[nodiscard]] std::string_view groupOf(std::string_view errorClass);
/// Whether `selector` (a group or a whole class) covers `errorClass`.
[[nodiscard]] bool classCovered(std::string_view selector, std::string_view errorClass);

} // namespace mulligan::model

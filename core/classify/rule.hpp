#pragma once

#include "model/verdict.hpp"

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

enum class RuleStatus { Draft, Active, Retired };
/// Which part of the subject a rule's patterns look at: the root cause with its first frames, its first line alone, the
/// whole text, or the text's last N lines.
enum class MatchWhere { RootCause, Message, WholeLog, LastLines };

/// Which matches of `any` and `all` count: those that begin in a line, of the whole text, that its logger does not mark
/// with a lower level. Any: all of them; Warn: none in lines marked INFO, DEBUG, TRACE and their like; Error: none in
/// those marked WARN either. A line without a level counts.
enum class LeastLevel { Any, Warn, Error };

/// A part of a text: from a line that holds `from` to where it ends, at most `maxLines` lines. Rules with a block look
/// at one block at a time, as if it were the whole text. `from` and `to` are matched against single lines without their
/// line ends. Blocks do not overlap, and no block holds another: `from` is looked for outside of blocks, so that within
/// one that ends by BlankLine or Pattern another line that holds `from` is a line like any other. A block whose end
/// never comes is closed after `maxLines` lines (the line behind them may begin the next one), or with the text; its
/// lines are looked at all the same.
struct Block {
    /// Before the next line that holds `from`, before the next line without anything but white space, or with the first
    /// line after the block's first one that holds `to` (that line belongs to the block).
    enum class End { NextRecord, BlankLine, Pattern };

    std::string from;
    End end = End::NextRecord;
    std::string to; ///< of End::Pattern
    int maxLines = kDefaultMaxLines;

    static constexpr int kDefaultMaxLines = 200;

    auto operator<=>(const Block &) const = default;
};

/// What `to` of a block says in a rule file where it is no pattern.
inline constexpr std::string_view kNextRecord = "next_record";
inline constexpr std::string_view kBlankLine = "blank_line";

/// Where something stands in a rule file, both from 1; 0: not known.
struct SourcePlace {
    int line = 0;
    int column = 0;
};

/// Where the parts of a rule stand that problems are told of. No part of what a rule is: rules of different places are
/// equal.
struct RulePlaces {
    SourcePlace summary;
    SourcePlace advice;
    std::map<std::string, SourcePlace> captures;
    std::map<std::string, SourcePlace> patterns; ///< by what they say; of one that stands there twice the later place
    std::vector<SourcePlace> positive;           ///< by sample, as are the next
    std::vector<SourcePlace> negative;

    bool operator==(const RulePlaces &) const { return true; }
};

/// One classification rule as its file states it (design.md, section 5).
struct Rule {
    std::string id;
    std::string title;
    RuleStatus status = RuleStatus::Active;
    std::string owner;
    std::vector<std::string> links;
    std::string created;  ///< date
    std::string modified; ///< date
    std::string expires;  ///< date, the last day on which it is meant to be in force; "": no end. It goes on matching
    std::string errorClass;
    model::Domain domain = model::Domain::User;
    bool transient = false;
    int priority = 50;
    std::string scopeStream;                        ///< "" any
    std::string scopeJobGlob;                       ///< "" any
    std::string scopeSparkVersion;                  ///< prefix such as "3." or "3.5"; "" any
    std::map<std::string, std::string> scopeConfig; ///< property → value it must be set to
    MatchWhere where = MatchWhere::WholeLog;
    int lastLines = 0; ///< of LastLines
    LeastLevel leastLevel = LeastLevel::Any;
    bool caseless = false;  ///< for ASCII letters, in all patterns
    bool multiline = false; ///< `^` and `$` are the ends of lines rather than of what the rule looks at
    std::optional<Block> block;
    std::vector<std::string> all;                ///< every one must match
    std::vector<std::string> any;                ///< at least one must match, when there are any
    std::vector<std::string> none;               ///< none may match
    std::map<std::string, std::string> captures; ///< capture name → unit ("bytes", "seconds", "count", "word")
    model::RuleAction action = model::RuleAction::AskModel;
    std::optional<int> exitCode;
    std::string summary;
    std::string advice;
    std::vector<std::string> positive; ///< samples that this rule must win
    std::vector<std::string> negative; ///< samples on which it must not match
    std::string file;
    int line = 0; ///< 1-based line of the rule in its file
    RulePlaces places;

    bool operator==(const Rule &) const = default;
};

/// Rules of one or several files, ids unique.
struct RulePack {
    std::vector<Rule> rules;
    std::vector<std::string> files;

    bool operator==(const RulePack &) const = default;
};

[[nodiscard]] std::string_view name(RuleStatus status);
[[nodiscard]] std::string_view name(MatchWhere where);
[[nodiscard]] std::optional<MatchWhere> whereFromName(std::string_view text);
/// What a rule file says; Any is said by leaving it out.
[[nodiscard]] std::string_view name(LeastLevel level);
[[nodiscard]] std::optional<LeastLevel> leastLevelFromName(std::string_view text);

/// Property of a configuration that names the Spark version.
inline constexpr const char *kSparkVersionProperty = "spark.version";

/// Whether the rule looks at some subjects only.
[[nodiscard]] bool hasScope(const Rule &rule);

/// Whether all that the rule looks at is in the root cause: not what the line's logger put before it.
[[nodiscard]] bool needsCauseOnly(const Rule &rule);

/// Whether `a` goes before `b` when both match: higher priority, then more specific (more scope fields, then more
/// patterns that must or must not match, a least level being as one, then a narrower place), then lower id. A strict
/// order over distinct ids.
[[nodiscard]] bool precedes(const Rule &a, const Rule &b);
/// Rules of a lower priority are catch-alls.
inline constexpr int kCatchAllPriority = 20;

/// A rule that matches a text.
struct Claim {
    const Rule *rule = nullptr;
    model::Evidence evidence = model::Evidence::Failure;
};
/// Whose turn it is to win: first (0) rules that match what tells of the failure; last (2) catch-alls that match what
/// stands beside it; in between all others.
[[nodiscard]] std::size_t turnOf(const Claim &claim);
/// Whether `a` goes before `b`: the earlier turn, otherwise as the rules do. A strict order over rules of distinct ids.
[[nodiscard]] bool precedes(const Claim &a, const Claim &b);
/// Whether nothing but the ids says which of two rules goes first.
[[nodiscard]] bool tied(const Rule &a, const Rule &b);

} // namespace mulligan::classify

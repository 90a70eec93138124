#pragma once

#include "base/result.hpp"
#include "classify/blocks.hpp"
#include "classify/classifier.hpp"
#include "classify/line_levels.hpp"
#include "classify/rule.hpp"
#include "classify/templates.hpp"
#include "text/pattern_set.hpp"
#include "text/records.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// Ids [begin, end) of one rule's patterns within its room's set.
struct PatternIds {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    [[nodiscard]] bool empty() const { return begin == end; }
};

/// A rule as matching sees it.
struct Ready {
    const Rule *rule = nullptr;
    bool scoped = false; ///< the rule is not for every subject
    PatternIds all;
    PatternIds any;
    PatternIds none;
    std::optional<size_t> block; ///< of the room's block definitions
    Template summary;
    Template advice;
};

/// The part of a subject a room looks at, and where it stands in the whole text.
struct View {
    std::string_view text;
    size_t offset = 0;
    bool inText = true;                                  ///< false: a root cause that the text does not hold as it is
    model::Evidence evidence = model::Evidence::Failure; ///< of a root cause
    size_t causeAt = std::string_view::npos;             ///< where the cause begins that was put behind the whole log
};

/// One text as a room looks at it; its blocks are cut when a rule first asks for them.
struct RoomText {
    std::string_view text;
    text::Scratch &scratch;
    LineLevels levels;                ///< of its lines
    text::Records *records = nullptr; ///< of the whole text; null: all of the room's text is `evidence`
    model::Evidence evidence = model::Evidence::Failure;
    size_t causeAt = std::string_view::npos;   ///< as of the view: the log, its blocks too, ends before
    std::vector<std::optional<BlockCut>> cuts; ///< by the room's block definitions
};

/// Where a rule matched: the match within the room's text (its line left 0), where that text stands in the whole, and
/// the block the match lies in.
struct Found {
    model::RuleMatch match;
    size_t place = 0;
    std::optional<text::Span> block;
    std::uint32_t pattern = 0; ///< the first of the rule's patterns that matched, as the room numbers them
    text::Match where;         ///< its match
};

/// Rules that look at the same part of a subject, with their patterns compiled into one set.
class Room
{
public:
    Room(MatchWhere where, int lastLines) : m_where(where), m_lastLines(lastLines) {}

    [[nodiscard]] MatchWhere where() const { return m_where; }
    [[nodiscard]] int lastLines() const { return m_lastLines; }
    [[nodiscard]] const text::PatternSet &patterns() const { return *m_patterns; }

    /// Takes a rule's patterns; `rule` is its place in the order of precedence.
    void add(Ready &ready, std::uint32_t rule);
    /// Compiles what was added; `scanSigns`: signs of success are looked for in the same scan. Errors: Parse naming the
    /// rule, its file and line, and the pattern.
    [[nodiscard]] base::Result<void> compile(const std::vector<Ready> &rules, const text::PatternSetOptions &options,
                                             bool scanSigns);
    /// Rules that may match as far as the scan tells by their rarest patterns, in order of precedence. To be called
    /// once for each text before its rules are matched. Tells the text's records what the scan saw for them.
    void candidates(RoomText &on, std::vector<std::uint32_t> &rules) const;
    /// Whether a rule matches, and by which pattern where.
    [[nodiscard]] text::Outcome match(const Ready &ready, RoomText &on, Found &found) const;
    /// Captures of a rule that matched, from all its patterns that match there: one alone may not hold them all.
    [[nodiscard]] std::map<std::string, model::Capture> captures(const Ready &ready, RoomText &on,
                                                                 const Found &found) const;

private:
    enum class Use { Match, Guard, Block, Sign };
    std::uint32_t addPattern(const std::string &pattern, const Rule &rule, std::uint32_t index, Use use);
    void addSigns();
    void chooseTriggers(const std::vector<Ready> &rules);
    size_t addBlock(const Rule &rule, std::uint32_t index);
    [[nodiscard]] const BlockCut &cutOf(size_t block, RoomText &on) const;

    MatchWhere m_where;
    int m_lastLines;
    std::vector<text::Pattern> m_sources;
    std::vector<std::uint32_t> m_ruleOf; ///< by pattern
    std::vector<bool> m_triggers;        ///< by pattern: where none of its rule's is a candidate, the rule cannot match
    PatternIds m_signs;                  ///< of success
    std::vector<BlockPatterns> m_blocks; ///< distinct ones
    std::shared_ptr<const text::PatternSet> m_patterns;
};

} // namespace mulligan::classify

#pragma once

#include "base/result.hpp"
#include "classify/rule.hpp"
#include "formats/yaml_edit.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// Where a rule is put: before or after another one, or at the end when `id` is empty.
struct RulePlace {
    enum class Side { Before, After };
    std::string id;
    Side side = Side::After;
};

enum class SampleKind { Positive, Negative };

/// A rule file as text together with the rules it states. Edits give a new document in which only the lines of what
/// differs are other: comments, order, quoting, blank lines and line ends of everything else stay byte for byte. The
/// older document is untouched, so that undoing an edit is going back to it. Cheap to copy; may be shared by threads.
///
/// Every edit is held to its word: the new text is read again and must state exactly the rules that were meant. Where
/// the file is written in a way that cannot be edited so (aliases of the value that is to change, say), the edit fails
/// and nothing is changed.
///
/// Errors of all edits: NotFound (no such rule), Conflict (an id that is taken), Parse (what was
/// asked for is no valid rule: the reader's own words), Unsupported (the file cannot be edited there; the hint says how
/// to go on).
class RuleDocument
{
public:
    /// Reads a rule file's text; `name` is its file in messages. Errors: those of parseRules.
    [[nodiscard]] static base::Result<RuleDocument> parse(std::string text, std::string name);
    /// An empty rule file.
    [[nodiscard]] static RuleDocument empty(std::string name);

    [[nodiscard]] const std::string &text() const;
    [[nodiscard]] const std::string &name() const;
    /// In the file's order, with the lines they begin at.
    [[nodiscard]] const std::vector<Rule> &rules() const;
    /// Null when there is none.
    [[nodiscard]] const Rule *find(std::string_view id) const;
    /// The bytes of one rule with the comments directly above it; empty when there is none.
    [[nodiscard]] std::string_view textOf(std::string_view id) const;
    /// First and last line of those bytes, 1-based; 0, 0 when there is none.
    struct Lines {
        int first = 0;
        int last = 0;
    };
    [[nodiscard]] Lines linesOf(std::string_view id) const;

    /// The rule `id` made equal to `rule`, whose own id may be another (renaming). Keys that do not differ keep their
    /// bytes, items of lists likewise; a key that becomes empty goes, a new one comes at its canonical place.
    [[nodiscard]] base::Result<RuleDocument> withRule(std::string_view id, const Rule &rule) const;
    /// The rule of the same id made equal to `rule`.
    [[nodiscard]] base::Result<RuleDocument> withRule(const Rule &rule) const { return withRule(rule.id, rule); }
    [[nodiscard]] base::Result<RuleDocument> withAdded(const Rule &rule, const RulePlace &place = {}) const;
    /// A rule of another file with its bytes and the comments directly above it.
    [[nodiscard]] base::Result<RuleDocument> withCopied(const RuleDocument &from, std::string_view id,
                                                        const RulePlace &place = {}) const;
    /// Without the rule and the comments directly above it.
    [[nodiscard]] base::Result<RuleDocument> without(std::string_view id) const;
    /// The rule, with the comments directly above it, put elsewhere in the file; its bytes stay.
    [[nodiscard]] base::Result<RuleDocument> moved(std::string_view id, const RulePlace &place) const;
    /// Retire, restore, enable.
    [[nodiscard]] base::Result<RuleDocument> withStatus(std::string_view id, RuleStatus status) const;
    /// One sample more; one that is there already changes nothing.
    [[nodiscard]] base::Result<RuleDocument> withSample(std::string_view id, SampleKind kind,
                                                        const std::string &sample) const;

    /// Equal text and name.
    bool operator==(const RuleDocument &other) const;

private:
    struct State;
    explicit RuleDocument(std::shared_ptr<const State> state);
    [[nodiscard]] base::Result<RuleDocument> withLines(const Rule &rule, std::string lines,
                                                       const RulePlace &place) const;
    [[nodiscard]] base::Result<RuleDocument> edited(std::vector<formats::TextEdit> edits,
                                                    const std::vector<Rule> &intended) const;
    /// A text behind the file's byte order mark, if it has one.
    [[nodiscard]] std::string marked(std::string_view text) const;
    /// The text with a line break at its end.
    [[nodiscard]] std::string ended() const;
    std::shared_ptr<const State> m_state;
};

/// Whether two rules say the same; where they stand (file, line) does not matter.
[[nodiscard]] bool sameRule(const Rule &a, const Rule &b);

} // namespace mulligan::classify

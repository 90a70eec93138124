#pragma once

#include "classify/pack_documents.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::desktop
{

/// A rule as it was typed, which its file cannot hold yet: a pattern that is not finished, an id that is taken.
struct RuleDraft {
    classify::Rule rule;
    std::string exitCode; ///< what was typed for it and is no number; the rule has the one of before
    base::Error why;
    bool isNew = false; ///< its file knows no rule of that id
    std::string file;   ///< where a new one goes
    std::string after;  ///< the rule that a new one comes after; empty: at the end

    bool operator==(const RuleDraft &) const = default;
};

/// Everything that edits of rules change: the files, and what is typed but not yet right. A value: undoing an edit is
/// going back to the older one.
struct RulesEditorState {
    classify::PackDocuments documents;
    std::map<std::string, RuleDraft> drafts; ///< by the id its file knows; a new one by the id it began with
    std::map<std::string, size_t> answered;  ///< of each file, how many versions that others wrote were answered

    bool operator==(const RulesEditorState &) const = default;

    /// A rule as it was typed; nothing when there is none.
    [[nodiscard]] std::optional<classify::Rule> find(std::string_view id) const;
    /// Why the file of a rule does not hold what was typed; null when it does.
    [[nodiscard]] const base::Error *errorOf(std::string_view id) const;
    /// What was typed for a rule's exit code and is no number; empty when it is one, or left out.
    [[nodiscard]] std::string unreadExitCode(std::string_view id) const;
    /// Keys of all rules in the order of the files, new ones at the end.
    [[nodiscard]] std::vector<std::string> ids() const;
    /// The path of the file a rule is in, or goes to.
    [[nodiscard]] std::string fileOf(std::string_view id) const;
};

/// A state after an edit, and the rule that was edited: what to select.
struct EditedRules {
    RulesEditorState state;
    std::string id;
};

/// The rule `id` made equal to `rule`. Never fails: what the file cannot hold is kept as a draft with the reason.
[[nodiscard]] EditedRules withRule(const RulesEditorState &state, const std::string &id, classify::Rule rule);
/// The same with an exit code as it was typed: empty for none; what is no number makes a draft.
[[nodiscard]] EditedRules withExitCode(const RulesEditorState &state, const std::string &id, classify::Rule rule,
                                       const std::string &typed);
/// A new rule after `after` (at the end of the first file when that is empty or unknown), under an id that is free.
[[nodiscard]] EditedRules withNew(const RulesEditorState &state, classify::Rule rule, const std::string &after);
/// A copy of a rule after it, as a draft that decides nothing until it is activated. Errors: NotFound.
[[nodiscard]] base::Result<EditedRules> withCopy(const RulesEditorState &state, const std::string &id);
/// Without the rule; the one after it is selected. Errors: those of PackDocuments::without.
[[nodiscard]] base::Result<EditedRules> withoutRule(const RulesEditorState &state, const std::string &id);
/// The rule one place up (-1) or down (+1) in its file; at either end nothing changes. Errors: those of
/// PackDocuments::moved.
[[nodiscard]] base::Result<EditedRules> withMoved(const RulesEditorState &state, const std::string &id, int by);

/// `wanted`, or the same with a number that makes it free.
[[nodiscard]] std::string freeId(const RulesEditorState &state, const std::string &wanted);

} // namespace mulligan::desktop

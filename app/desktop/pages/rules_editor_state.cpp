#include "desktop/pages/rules_editor_state.hpp"

#include <QString>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

base::Error noSuchRule(const std::string &id)
{
    return base::makeError(base::ErrorCode::NotFound, "There is no rule '" + id + "'", "Select one in the list.");
}

/// After the rule it was begun at, or at the end where that is gone.
classify::RulePlace placeFor(const RulesEditorState &state, const RuleDraft &draft)
{
    const auto *file = state.documents.fileOf(draft.after);
    return {file != nullptr && file->name() == draft.file ? draft.after : std::string(),
            classify::RulePlace::Side::After};
}

base::Error noExitCode(const std::string &typed)
{
    return base::makeError(base::ErrorCode::InvalidArgument, "The exit code '" + typed + "' is no number",
                           "Write one whole number, such as 137, or leave it empty.");
}

/// Takes what was typed into its file, or keeps it as a draft.
EditedRules settled(RulesEditorState state, const std::string &id, RuleDraft draft)
{
    auto documents = !draft.exitCode.empty() ? noExitCode(draft.exitCode)
                     : draft.isNew           ? state.documents.withAdded(draft.rule, draft.file, placeFor(state, draft))
                                             : state.documents.withRule(id, draft.rule);
    if (!documents) {
        draft.why = std::move(documents).error();
        state.drafts[id] = std::move(draft);
        return {std::move(state), id};
    }
    state.documents = std::move(documents).value();
    state.drafts.erase(id);
    return {std::move(state), draft.rule.id};
}

} // namespace

std::optional<classify::Rule> RulesEditorState::find(std::string_view id) const
{
    if (const auto draft = drafts.find(std::string(id)); draft != drafts.end())
        return draft->second.rule;
    const auto *rule = documents.find(id);
    return rule != nullptr ? std::optional(*rule) : std::nullopt;
}

const base::Error *RulesEditorState::errorOf(std::string_view id) const
{
    const auto draft = drafts.find(std::string(id));
    return draft != drafts.end() ? &draft->second.why : nullptr;
}

std::string RulesEditorState::unreadExitCode(std::string_view id) const
{
    const auto draft = drafts.find(std::string(id));
    return draft != drafts.end() ? draft->second.exitCode : std::string();
}

std::vector<std::string> RulesEditorState::ids() const
{
    std::vector<std::string> all;
    for (const auto &file : documents.files()) {
        for (const auto &rule : file.rules())
            all.push_back(rule.id);
    }
    for (const auto &[id, draft] : drafts) {
        if (draft.isNew)
            all.push_back(id);
    }
    return all;
}

std::string RulesEditorState::fileOf(std::string_view id) const
{
    if (const auto draft = drafts.find(std::string(id)); draft != drafts.end() && draft->second.isNew)
        return draft->second.file;
    const auto *file = documents.fileOf(id);
    return file != nullptr ? file->name() : std::string();
}

EditedRules withRule(const RulesEditorState &state, const std::string &id, classify::Rule rule)
{
    RuleDraft draft;
    if (const auto known = state.drafts.find(id); known != state.drafts.end())
        draft = known->second;
    draft.rule = std::move(rule);
    return settled(state, id, std::move(draft));
}

EditedRules withExitCode(const RulesEditorState &state, const std::string &id, classify::Rule rule,
                         const std::string &typed)
{
    RuleDraft draft;
    if (const auto known = state.drafts.find(id); known != state.drafts.end())
        draft = known->second;
    const QString words = QString::fromStdString(typed).trimmed();
    bool number = false;
    const int code = words.toInt(&number);
    draft.exitCode = number || words.isEmpty() ? std::string() : typed;
    draft.rule = std::move(rule);
    if (draft.exitCode.empty())
        draft.rule.exitCode = number ? std::optional(code) : std::nullopt;
    return settled(state, id, std::move(draft));
}

EditedRules withNew(const RulesEditorState &state, classify::Rule rule, const std::string &after)
{
    RuleDraft draft;
    draft.isNew = true;
    rule.id = freeId(state, rule.id);
    draft.rule = std::move(rule);
    draft.file = state.fileOf(after);
    if (state.documents.find(after) != nullptr)
        draft.after = after;
    if (draft.file.empty() && !state.documents.files().empty())
        draft.file = state.documents.files().front().name();
    const std::string id = draft.rule.id;
    return settled(state, id, std::move(draft));
}

base::Result<EditedRules> withCopy(const RulesEditorState &state, const std::string &id)
{
    auto rule = state.find(id);
    if (!rule)
        return noSuchRule(id);
    rule->id += "_copy";
    rule->status = classify::RuleStatus::Draft;
    return withNew(state, std::move(*rule), id);
}

base::Result<EditedRules> withoutRule(const RulesEditorState &state, const std::string &id)
{
    EditedRules edited{state, {}};
    const auto all = state.ids();
    const auto at = std::find(all.begin(), all.end(), id);
    if (at == all.end())
        return noSuchRule(id);
    if (std::next(at) != all.end())
        edited.id = *std::next(at);
    else if (at != all.begin())
        edited.id = *std::prev(at);
    edited.state.drafts.erase(id);
    if (state.documents.find(id) == nullptr)
        return edited;
    MULLIGAN_TRY(edited.state.documents, state.documents.without(id));
    return edited;
}

base::Result<EditedRules> withMoved(const RulesEditorState &state, const std::string &id, int by)
{
    EditedRules edited{state, id};
    const auto *file = state.documents.fileOf(id);
    if (file == nullptr)
        return state.find(id) ? base::Result<EditedRules>(edited) : noSuchRule(id);
    const auto &rules = file->rules();
    const auto at = std::find_if(rules.begin(), rules.end(), [&](const auto &rule) { return rule.id == id; });
    const auto index = at - rules.begin() + by;
    if (index < 0 || index >= static_cast<std::ptrdiff_t>(rules.size()))
        return edited;
    classify::RulePlace place{rules[static_cast<size_t>(index)].id,
                              by < 0 ? classify::RulePlace::Side::Before : classify::RulePlace::Side::After};
    MULLIGAN_TRY(edited.state.documents, state.documents.moved(id, place));
    return edited;
}

std::string freeId(const RulesEditorState &state, const std::string &wanted)
{
    const auto taken = [&](const std::string &id) { return state.find(id).has_value(); };
    if (!taken(wanted))
        return wanted;
    for (int number = 2;; ++number) {
        std::string id = wanted + "_" + std::to_string(number);
        if (!taken(id))
            return id;
    }
}

} // namespace mulligan::desktop

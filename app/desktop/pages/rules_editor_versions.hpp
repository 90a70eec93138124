#pragma once

#include "classify/pack_documents.hpp"
#include "desktop/pages/rules_editor_state.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// The versions of rule files that others wrote while the pack was open, and that were taken, merged or kept against.
/// Each state of the editor counts those it has answered. Undo goes back to one that counts fewer, and such a state is
/// not to be written over what others wrote without another answer.
class OthersVersions
{
public:
    void clear() { m_versions.clear(); }
    /// One more version of a file; `disk` is what was known before it came.
    void add(const classify::DiskChange &change, const classify::PackOnDisk &disk);
    /// How many there are of a file.
    [[nodiscard]] size_t count(const std::string &path) const;
    /// The state after an answer to everything that others wrote into a file.
    void answer(RulesEditorState &state, const std::string &path) const;
    /// What a state knows of the disk: of files of which it lacks versions, what there was before the first of those.
    [[nodiscard]] classify::PackOnDisk seenBy(const RulesEditorState &state, classify::PackOnDisk disk) const;
    /// Files of the state that lack versions and are not as they are on disk, as changes of others.
    [[nodiscard]] std::vector<classify::DiskChange> undone(const RulesEditorState &state,
                                                           const classify::PackOnDisk &disk) const;

private:
    struct Version {
        classify::DiskChange change;
        std::optional<std::string> hashBefore; ///< nothing: there was no such file
        std::optional<classify::RuleDocument> before;
    };
    [[nodiscard]] const Version *firstLacking(const RulesEditorState &state, const std::string &path) const;
    std::map<std::string, std::vector<Version>> m_versions;
};

} // namespace mulligan::desktop

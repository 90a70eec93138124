#pragma once

#include "classify/pack_documents.hpp"
#include "desktop/widgets/edit_preview.hpp"

#include <QString>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// How the tabs of the Rules page reach the rule files that the editor holds.
class RulePackAccess
{
public:
    virtual ~RulePackAccess() = default;
    /// The rule files as they are edited now; nothing while they are read, or where they cannot be edited.
    [[nodiscard]] virtual std::optional<classify::PackDocuments> documents() const = 0;
    /// Whether anything of them is not saved.
    [[nodiscard]] virtual bool dirty() const = 0;
    /// Takes an edit over as one step that can be undone; `rule` is the one to select, `what` names the step ("samples
    /// from an audit"). False: refused (the pack is the shipped one), which the editor has said.
    virtual bool editDocuments(classify::PackDocuments documents, const std::string &rule, const QString &what) = 0;
};

/// The files in which two states of a pack differ.
[[nodiscard]] std::vector<FileEdit> fileEdits(const classify::PackDocuments &before,
                                              const classify::PackDocuments &after);

} // namespace mulligan::desktop

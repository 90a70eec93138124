#include "desktop/pages/rules_pack_access.hpp"

#include "desktop/widgets/format.hpp"

namespace mulligan::desktop
{

std::vector<FileEdit> fileEdits(const classify::PackDocuments &before, const classify::PackDocuments &after)
{
    std::vector<FileEdit> edits;
    for (const auto &now : after.files()) {
        const auto *then = before.file(now.name());
        if (then == nullptr)
            edits.push_back({text(now.name()), {}, text(now.text())});
        else if (then->text() != now.text())
            edits.push_back({text(now.name()), text(then->text()), text(now.text())});
    }
    return edits;
}

} // namespace mulligan::desktop

#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "store/workspace.hpp"

#include <map>
#include <optional>
#include <string>

namespace mulligan::store
{

/// A trained model as the workspace keeps it: its card and its files, whose content only predict understands.
struct StoredModel {
    std::string id;
    base::Instant createdAt;
    std::string cardJson;
    std::map<std::string, std::string> files; ///< path → bytes
};

/// Stores a model, replacing one of the same id. All or nothing.
[[nodiscard]] base::Result<void> saveModel(Workspace &workspace, const StoredModel &model);
/// The newest model, or nothing; `withFiles` false leaves its files out.
[[nodiscard]] base::Result<std::optional<StoredModel>> latestModel(Workspace &workspace, bool withFiles = true);

} // namespace mulligan::store

#pragma once

#include "base/result.hpp"
#include "sqlite/connection.hpp"

namespace mulligan::store
{

/// Brings a workspace of an older schema to kSchemaVersion, all steps in one transaction; a new file is at version -1
/// and gets the newest schema directly. Errors leave the file as it was.
[[nodiscard]] base::Result<void> migrate(const sqlite::Connection &connection, int fromVersion);

} // namespace mulligan::store

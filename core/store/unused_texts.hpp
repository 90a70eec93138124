#pragma once

#include "base/result.hpp"
#include "store/workspace.hpp"

namespace mulligan::store
{

/// Removes what no attempt speaks of any more (error texts and their words in the search, causes, configurations,
/// names, verdicts), so that it cannot be read from the file either. Not while a source is being written. Errors:
/// Conflict (another process writes), Io, Corrupt. Cost: one pass over the attempts for each kind.
[[nodiscard]] base::Result<void> forgetUnused(Workspace &workspace);

} // namespace mulligan::store

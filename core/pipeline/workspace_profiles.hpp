#pragma once

#include "base/result.hpp"
#include "ingest/reader.hpp"
#include "store/workspace.hpp"

namespace mulligan::pipeline
{

/// The mapping profiles that sources of a workspace were read with, each once, the one used last first. One that this
/// program cannot read any more is left out. Errors: those of the store.
[[nodiscard]] base::Result<ingest::MappingProfiles> profilesOfSources(store::Workspace &workspace);

} // namespace mulligan::pipeline

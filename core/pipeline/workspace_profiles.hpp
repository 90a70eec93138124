#pragma once

#include "base/result.hpp"
#include "ingest/reader.hpp"
#include "store/workspace.hpp"

#include <memory>
#include <string_view>

namespace mulligan::pipeline
{

/// The mapping profiles that sources of a workspace were read with, each once, the one used last first. One that this
/// program cannot read any more is left out. Errors: those of the store.
[[nodiscard]] base::Result<ingest::MappingProfiles> profilesOfSources(store::Workspace &workspace);

/// The profile that the source of a path (as it was shown when it was imported) was read with last; null: none.
[[nodiscard]] base::Result<std::shared_ptr<const ingest::Mapping>> profileOf(store::Workspace &workspace,
                                                                             std::string_view path);

} // namespace mulligan::pipeline

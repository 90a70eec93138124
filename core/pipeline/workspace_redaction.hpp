#pragma once

#include "base/result.hpp"
#include "ingest/redaction_rules.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mulligan::pipeline
{

/// What was chosen to be redacted in this workspace beside the built-in kinds; nothing: only those. Errors: Io,
/// Corrupt, Parse (what is stored cannot be read: nothing may be imported in clear then).
[[nodiscard]] base::Result<std::optional<ingest::RedactionSettings>> workspaceRedaction(store::Workspace &workspace);

/// The rules of an import into this workspace: those `chosen` for it, which hold for every later one from then on, else
/// those chosen before; nullptr: the built-in kinds alone. Errors: those of the workspace; InvalidArgument.
[[nodiscard]] base::Result<std::shared_ptr<const ingest::RedactionRules>>
redactionOfImport(store::Workspace &workspace, std::shared_ptr<const ingest::RedactionRules> chosen);

/// Row id of the newest source that was there when more was last asked to be redacted than before; 0: none. What has a
/// number up to it was read under an earlier redaction.
[[nodiscard]] base::Result<std::int64_t> lastSourceOfEarlierRedaction(store::Workspace &workspace);
/// How many such sources there still are: each is read anew when it is imported again.
[[nodiscard]] base::Result<std::uint64_t> sourcesOfEarlierRedaction(store::Workspace &workspace);

/// The workspace's own random key, by which redacted values in job and run stay apart without being told; made when
/// first asked for; one for this import alone while another process writes. Errors: those of the workspace.
[[nodiscard]] base::Result<std::string> redactionKeyOf(store::Workspace &workspace);

} // namespace mulligan::pipeline

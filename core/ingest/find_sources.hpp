#pragma once

#include "ingest/reader.hpp"

#include <stop_token>
#include <string>

namespace mulligan::ingest
{

/// What findSources does with a folder, where the folder may be shown under another path than it has (an archive
/// unpacked to it). Errors: NotFound, PermissionDenied, Io, Cancelled.
[[nodiscard]] base::Result<Discovery> findInFolder(const std::string &folder, const std::string &shown, Format format,
                                                   const std::stop_token &stop, const MappingProfiles &profiles);

} // namespace mulligan::ingest

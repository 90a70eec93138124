#pragma once

#include "ingest/mapping.hpp"
#include "ingest/reader.hpp"

#include <memory>
#include <string>

namespace mulligan::ingest
{

/// Which reader a profile's files go to.
[[nodiscard]] Format rowReader(const Mapping &mapping);

/// The first profile that fits a table: its columns are all there, and of the first rows it makes attempts, rejecting
/// fewer than it takes. Null when none does, or the file cannot be read.
[[nodiscard]] std::shared_ptr<const Mapping> profileFor(const std::string &file, const MappingProfiles &profiles);

} // namespace mulligan::ingest

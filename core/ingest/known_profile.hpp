#pragma once

#include "ingest/mapping.hpp"
#include "ingest/reader.hpp"

#include <memory>
#include <string>

namespace mulligan::ingest
{

/// Which reader a profile's files go to.
[[nodiscard]] Format rowReader(const Mapping &mapping);

/// The first profile that fits a table: its columns are all there; of JSON, whose objects need not have every member,
/// it also makes attempts of the first rows and rejects no more than it takes. Null when none does, or the file cannot
/// be read.
[[nodiscard]] std::shared_ptr<const Mapping> profileFor(const std::string &file, const MappingProfiles &profiles);

} // namespace mulligan::ingest

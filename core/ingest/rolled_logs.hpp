#pragma once

#include "ingest/reader.hpp"

namespace mulligan::ingest
{

/// Puts a text log that its writer rolled by size ("spark.log" behind "spark.log.1", "spark.log.2" …, whichever of them
/// is the oldest) together into one unit, under the path of its youngest part. Two files are parts of one log where the
/// younger begins with Spark at work and no start before it, the older does not end with its process, an hour at most
/// lies between them, and they do not name different applications; logs that are each whole, as those rolled by night,
/// stay apart. Cost: the first and last 64 KiB of files of such names.
[[nodiscard]] Discovery withRolledLogsTogether(Discovery found);

} // namespace mulligan::ingest

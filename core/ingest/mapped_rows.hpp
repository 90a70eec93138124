#pragma once

#include "ingest/reader.hpp"

namespace mulligan::ingest
{

/// Reads rows of any form by `unit.mapping`, which must be there. Where the mapping has no `attempt`, the file is
/// read twice: attempts are numbered from 1 by the order of their start (then of their rows) within job and run, and
/// that order is known only at the end; this takes 24 bytes of memory a row. Numbers count the rows of one file.
/// Errors: those of readSource, of checkComplete, and Parse for a column that is missing.
[[nodiscard]] base::Result<SourceReport> readMapped(const SourceUnit &unit, const ReadOptions &options,
                                                    AttemptSink &sink, std::stop_token stop, base::Progress &progress);

/// What a path named together with a profile holds: the file, standard input ("-"), or in a folder and below every file
/// whose name ends as the profile's format does (csv, tsv, txt; jsonl, ndjson, json; also behind it gz or zst). Others
/// are listed as skipped. Errors: those of findSources.
[[nodiscard]] base::Result<Discovery> findMappedSources(const std::string &path,
                                                        const std::shared_ptr<const Mapping> &mapping);

} // namespace mulligan::ingest

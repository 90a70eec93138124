#pragma once

#include "ingest/reader.hpp"

#include <stop_token>
#include <string_view>

namespace mulligan::ingest::airflow
{

/// Whether a file's first line names the columns of task_instance or task_instance_history.
[[nodiscard]] bool looksLikeDump(std::string_view head);

/// Reads a dump of either table as CSV with a header line, as sqlite3, psql or mysql write it; empty fields, \N and
/// NULL are NULL. A try that is not the first is Manual or AutoRetry by what max_tries tells (see Retries), for which
/// the file is read twice; where it tells nothing its trigger is unset, and the other table or the database may tell
/// it. The contract is readSource's.
[[nodiscard]] base::Result<SourceReport> readDump(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                                  std::stop_token stop, base::Progress &progress);

} // namespace mulligan::ingest::airflow

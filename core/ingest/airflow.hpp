#pragma once

#include "ingest/reader.hpp"

#include <stop_token>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Whether a file is part of an Airflow history: its metadata database (an SQLite file), a dump of `task_instance` or
/// `task_instance_history` as CSV, or the log of one task's try. `path` is as shown, `head` the decoded beginning. Of a
/// database whose list of tables goes beyond the head this is a guess that readAirflow settles.
[[nodiscard]] bool looksLikeAirflow(std::string_view path, std::string_view head);

/// What a file that begins with `head` is when it is an SQLite database that is none of Airflow's; else empty.
[[nodiscard]] std::string foreignDatabase(std::string_view head);

/// The write-ahead log beside a database, which holds its newest rows and is read with it; empty when there is none
/// with anything in it, and for everything that is no such database.
[[nodiscard]] std::string writeAheadLogOf(const std::string &file);

/// The name of the database that a file of this name in `folder` belongs to (its log or the index of that); else empty.
[[nodiscard]] std::string databaseBehind(const std::string &folder, const std::string &fileName);

/// Reads any of them; the contract is readSource's. Job is "dag_id.task_id", workflow the dag_id, run the run_id, with
/// "[map_index]" behind it for a mapped task, attempt the try_number. What never ran (skipped, queued, …) is no attempt
/// and is counted in the warnings. A database is only read: nothing is written to it or beside it.
[[nodiscard]] base::Result<SourceReport> readAirflow(const SourceUnit &unit, const ReadOptions &options,
                                                     AttemptSink &sink, std::stop_token stop, base::Progress &progress);

} // namespace mulligan::ingest

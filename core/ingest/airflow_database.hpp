#pragma once

#include "ingest/reader.hpp"

#include <stop_token>

namespace mulligan::ingest::airflow
{

/// Reads the tries that Airflow's metadata database keeps: `task_instance`, which holds the newest try of each task of
/// a run; the tries before it from `task_instance_history` (since 2.10) or, their failures only, from `task_fail`;
/// owners and teams from `dag` and `dag_tag`; and the Spark properties of the newest try from
/// `rendered_task_instance_fields`. Tables and columns that a version lacks are done without, except those that say
/// which try a row is and how and when it ran. The file is opened read-only and nothing is written beside it: one in
/// write-ahead mode is read as it stands, from a copy when its log has to be replayed first. Rows of one task of one
/// run are held together in memory, nothing else. The contract is readSource's; a reject's line is the place of its row
/// in reading order.
[[nodiscard]] base::Result<SourceReport> readDatabase(const SourceUnit &unit, const ReadOptions &options,
                                                      AttemptSink &sink, std::stop_token stop,
                                                      base::Progress &progress);

} // namespace mulligan::ingest::airflow

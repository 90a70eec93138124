#pragma once

#include "ingest/reader.hpp"

#include <stop_token>
#include <string_view>

namespace mulligan::ingest
{

/// Whether a file is part of an Airflow history: its metadata database (an SQLite file), a dump of `task_instance` or
/// `task_instance_history` as CSV, or the log of one task's try. `path` is as shown, `head` the decoded beginning.
[[nodiscard]] bool looksLikeAirflow(std::string_view path, std::string_view head);

/// Reads any of them; the contract is readSource's.
[[nodiscard]] base::Result<SourceReport> readAirflow(const SourceUnit &unit, const ReadOptions &options,
                                                     AttemptSink &sink, std::stop_token stop, base::Progress &progress);

} // namespace mulligan::ingest

#pragma once

#include "ingest/reader.hpp"

#include <cstddef>
#include <stop_token>
#include <string_view>

namespace mulligan::ingest::airflow
{

/// Of a longer log only so much is kept as the attempt's text, from its end, which holds the failure.
inline constexpr std::size_t kLogTextBytes = 4u << 20;

/// Whether the decoded beginning of a file is that of a task's log: of an Airflow 1 or 2 try, or of an Airflow 3 one.
[[nodiscard]] bool looksLikeTaskLog(std::string_view path, std::string_view head);

/// Reads the log of one try: which it is, from path and text; how it ended; when, from the times of its lines; the id
/// of the Spark application it speaks of; and, unless it succeeded, its text. The first try is Scheduled; what started
/// a later one only the database tells. The contract is readSource's.
[[nodiscard]] base::Result<SourceReport> readTaskLog(const SourceUnit &unit, const ReadOptions &options,
                                                     AttemptSink &sink, std::stop_token stop, base::Progress &progress);

} // namespace mulligan::ingest::airflow

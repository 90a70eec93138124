#pragma once

#include "ingest/reader.hpp"

#include <stop_token>
#include <string_view>

namespace mulligan::ingest
{

/// Whether a file that begins with `head` (decoded; some kilobytes are enough) is a Spark event log: its first line is
/// an object with a member "Event" of its own, not of something inside it. The line may break off where `head` ends.
[[nodiscard]] bool looksLikeSparkEventLog(std::string_view head);

/// Reads a Spark event log of any version since 1.0: a single file, the parts of a rolling folder, of a Databricks
/// folder or the old EVENT_LOG_1 folder, compressed or not (source of the format: Spark's JsonProtocol). Streams:
/// memory is bounded whatever the size, since only sums and the last few failures are kept. `unit.parts` are read as
/// one log. Every application attempt in it becomes one attempt:
///
/// - job: the application's name as it stands, numbers and dates in it kept (stripping them would merge jobs that
/// differ
///   in nothing else; a source that knows the job's real name replaces it when the two join). run and applicationId:
///   the application's id, or the file's name in logs of Spark 1.0 that have none. attempt: the application attempt's
///   number, else 1. owner: the user. config: the Spark properties, and "spark.version" where the log says it.
/// - outcome: Unknown without an end event (and the report is `truncated`), whatever failed before. Failed for an exit
///   code other than 0; Killed for 130 and 143 (SIGINT, SIGTERM) when no work failed by itself. Otherwise what was left
///   failing when it ended: a job, SQL execution, streaming query or Spark Connect operation that failed and after
///   which no job was started that succeeded makes it Failed. Failures that were followed by such a success leave it
///   Succeeded with a warning and the metric `failed_jobs`. Exit code 0 is no proof of success: Spark's shutdown hook
///   writes it after an uncaught exception as well. Jobs that somebody cancelled, or that ran when the context was
///   stopped, make it Killed when neither their tasks nor their stages had failed, else Failed.
/// - errorText (not for successes): every carrier of the failure, labelled, root first; rootCause: the deepest cause,
/// by
///   this precedence: last task exception of the failing stage attempt (its deepest "Caused by", or the last line of a
///   Python traceback), unless the stage's own reason names another cause; loss of an executor during that stage or
///   just before; fetch failure; failure reason of the stage; message of the job; SQL, streaming or Connect error; exit
///   code.
/// - metrics: totals over tasks; peaks of executors and driver, where Spark's 0 means "not collected" and is left out;
///   jobs and SQL executions (nested ones belong to their root) and how many of each failed, whatever the application
///   came to; `failed_sql` only where the log says how executions ended (Spark 3.4 on).
/// - a log that Spark compacted, or that lacks a part before its last one, is incomplete: every total and peak would be
///   too low, so that `history_incomplete` stands alone among the metrics, resource seconds are absent, and Succeeded
///   needs a job or SQL execution that succeeded, else the outcome is Unknown. Episodes leave such attempts out of
///   rates by default (model::EpisodeOptions).
/// - vcoreSeconds, memoryGbSeconds: executor lifetimes times cores and memory (heap, overhead on YARN and Kubernetes,
///   off-heap), and the driver's; absent where the log has no executor events (before Spark 1.3).
///
/// Malformed lines, lines over the limit and lines that are not an event are rejected and reading goes on (an event
/// over the limit of a kind that is passed over is only counted); bytes that are not UTF-8 are replaced, since Spark
/// before 3.0 wrote its host's charset; a last line or compressed frame that breaks off is a warning. Unknown events
/// are counted in a warning and skipped. Progress counts raw bytes. Errors: Parse when nothing in the source is a Spark
/// event; NotFound, PermissionDenied, Io, Corrupt, Unsupported of the files; Cancelled; those of the sink. Texts
/// come as they are: readSource redacts them.
[[nodiscard]] base::Result<SourceReport> readSparkEventLog(const SourceUnit &unit, const ReadOptions &options,
                                                           AttemptSink &sink, std::stop_token stop,
                                                           base::Progress &progress);

} // namespace mulligan::ingest

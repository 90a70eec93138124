#pragma once

#include "synth/chain.hpp"
#include "synth/output.hpp"

namespace mulligan::synth
{

/// Lines of the event log that Spark would have left of this attempt, each with its line end (format: Spark's
/// JsonProtocol, 3.5). Its sums equal the attempt's metrics. An attempt that the end of the data cuts off, or
/// that was killed, has no end event.
[[nodiscard]] std::vector<std::string> eventLines(const Logged &logged);

/// Writes the log under `event_logs/`: a plain file, a rolling folder of up to three parts with its status file, or,
/// with `compress`, mostly zstd. Which, depends on the application's id.
[[nodiscard]] base::Result<void> writeEventLog(OutputFolder &folder, const Logged &logged, bool compress);

} // namespace mulligan::synth

#pragma once

#include "ingest/log_facts.hpp"
#include "model/attempt.hpp"
#include "text/root_cause.hpp"

#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// How the application ended, by the evidence of its driver's log: the word of the cluster first (final status, state
/// of the pod), then what killed the process, then exceptions that nothing overcame, then an orderly stop. An
/// executor's log alone never tells.
[[nodiscard]] model::Outcome outcomeOf(const LogFacts &facts);

/// Whether the log breaks off: it is a driver's, and nothing says how it ended.
[[nodiscard]] bool breaksOff(const LogFacts &facts);

/// Whether a cause only says that something else failed ("User application exited with status 1").
[[nodiscard]] bool isBareCause(const text::RootCause &cause);

/// The cause where the reader knows it better than text::findRootCause on the whole text: what killed the container, or
/// the deepest cause of the exception that the final status names; else "".
[[nodiscard]] std::string rootCauseOf(const LogFacts &facts, std::string_view text);

/// The attempt that a log of the given facts is of. Its job is the application's name, else the file's name without
/// suffixes; its run the application's id, else its start and the driver's mark, where the application has no
/// name either, the path and its start, and where its begin is missing, the path. `text` is what was kept of the log; a
/// success has none.
[[nodiscard]] model::Attempt attemptOf(LogFacts facts, std::string text, std::string_view path);

} // namespace mulligan::ingest

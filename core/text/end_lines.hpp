#pragma once

#include <string_view>

namespace mulligan::text
{

/// Whether a line ends with the code of a failure that says nothing by itself: "exited with return code 1.", "exit
/// status 2", "*** [all] Error 1".
[[nodiscard]] bool endsWithPlainCode(std::string_view line);

/// Whether a line gives nothing but a state that it ended in: "RESULT: FAILURE", "final_state = FAILED", "BUILD
/// FAILED".
[[nodiscard]] bool isStateOnly(std::string_view line);

/// Whether a line says no more than that another program or task ended badly: "exited with return code 1",
/// "Task failed with exception", "Finished: FAILURE".
[[nodiscard]] bool tellsOfAnEndOnly(std::string_view line);

/// Whether an exception, from its name on, only passes on that something else failed ("Exception thrown in
/// awaitResult: "), which its own cause or another line tells.
[[nodiscard]] bool isWrapper(std::string_view exception);

/// Whether a line begins what Snakemake says of a rule that failed, which is that it did and where.
[[nodiscard]] bool isEndOfRule(std::string_view line);

} // namespace mulligan::text

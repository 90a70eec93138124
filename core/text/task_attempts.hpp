#pragma once

#include "text/pattern_set.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace mulligan::text
{

/// The MapReduce task of which a line says that an attempt failed: "1714_0001_m_000003" of "Task Id :
/// attempt_1714_0001_m_000003_0, Status : FAILED", "Diagnostics report from attempt_1714_0001_m_000003_0" and "Task:
/// attempt_1714_0001_m_000003_0 - exited : …". Empty: it says no such thing. What follows up to an empty line, or to
/// the next record, is what the attempt died of.
[[nodiscard]] std::string_view failedTaskOf(std::string_view line);

/// Whether a text tells behind a place that a MapReduce task's failed attempt was made up for: another attempt of it
/// succeeded, or its job failed by other tasks. Linear in what stands behind.
[[nodiscard]] bool isMadeUpFor(std::string_view task, std::string_view behind);

/// Where the masters of MapReduce say last that a job came to its end ("JobImpl: job_1714_0001Job Transitioned from
/// COMMITTING to SUCCEEDED"): the line without its end. Absent where a job of which they tell did not, or attempts of
/// another one follow. Linear in the text.
[[nodiscard]] std::optional<Span> jobsSuccess(std::string_view text);

} // namespace mulligan::text

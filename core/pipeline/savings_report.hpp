#pragma once

#include "base/result.hpp"
#include "model/model_card.hpp"
#include "model/savings.hpp"
#include "pipeline/replay_request.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "report/report.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace mulligan::pipeline
{

/// Gathers what a report prints from a replay's figures.
[[nodiscard]] report::ReportInput makeReportInput(const model::SavingsReport &savings,
                                                  const std::optional<model::ModelCard> &card,
                                                  const policy::Policy &policy, const policy::Economics &economics,
                                                  const std::string &workspacePath, base::Instant generatedAt);

/// Replays what a request asks for and gathers what a report of it prints: the one way to a report without a window,
/// whatever its format. Errors: those of prepareReplay and of the replay.
[[nodiscard]] base::Result<report::ReportInput> replayedReport(const Resources &shipped, const ReplayRequest &request,
                                                               base::Instant generatedAt, std::stop_token stop,
                                                               base::Progress &progress);

/// Whether a report can be written to a path with this ending; asked before the work of a replay.
/// Errors: Unsupported for another ending, naming those there are.
[[nodiscard]] base::Result<void> checkReportPath(const std::string &path);

/// Writes a report; the format follows the file's ending: .html, .xlsx or .csv. PDF needs the desktop program.
/// Errors: Unsupported for another ending, naming those there are.
[[nodiscard]] base::Result<void> writeReportFile(const report::ReportInput &input, const std::string &path);

} // namespace mulligan::pipeline

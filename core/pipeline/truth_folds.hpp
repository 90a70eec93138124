#pragma once

#include "base/progress.hpp"
#include "model/history.hpp"
#include "predict/train.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// What is held out together.
enum class LeaveOut { Workflow, Job, Team };
[[nodiscard]] std::string_view name(LeaveOut leaveOut);
[[nodiscard]] std::optional<LeaveOut> leaveOutFromName(std::string_view text);

/// Which fold holds out which job.
struct Folds {
    std::vector<std::string> units;        ///< distinct workflows, jobs or teams, by name
    std::vector<std::uint32_t> unitOfJob;  ///< index into `units`, by History::jobs
    std::vector<std::uint32_t> foldOfUnit; ///< by `units`
    std::vector<std::uint32_t>
        rankOfUnit; ///< drawn by hash of seed and name: the order in which a learning curve adds them
    std::uint32_t count = 0;

    [[nodiscard]] std::uint32_t foldOfJob(std::uint32_t job) const { return foldOfUnit[unitOfJob[job]]; }
};

/// Each unit is a fold of its own up to `most` of them (0: 20); more are dealt out evenly, by hash of seed and name. A
/// job without a workflow (team) is its own.
[[nodiscard]] Folds makeFolds(const model::History &history, LeaveOut leaveOut, std::uint32_t most, std::uint64_t seed);

/// The part of a history that `keep(job)` keeps, with episodes of its own; nothing of the rest is left in it but names.
template <typename Keep> [[nodiscard]] model::History partOf(const model::History &history, Keep keep)
{
    model::History part;
    part.jobs = history.jobs;
    part.runs = history.runs;
    part.names = history.names;
    part.configs = history.configs;
    for (const model::HistoryAttempt &attempt : history.attempts)
        if (keep(attempt.job))
            part.attempts.push_back(attempt);
    model::buildEpisodes(part);
    return part;
}

/// The production model of one fold.
struct FoldModel {
    std::shared_ptr<const predict::TrainedModels> models; ///< one predictor, in force at every moment
    std::uint64_t rows = 0;                               ///< it was fitted on
    bool fallback = false;                                ///< class rates stand in
};

struct FoldOptions {
    std::uint64_t seed = 1;
    int threads = 2;
    double share = 1.0; ///< of the units that are not held out, in (0, 1]
    predict::HourlyRate rate;
};

/// Fits each fold's model on the history of all other units and nothing else: features of the training rows, encodings,
/// calibration and support are made from that part alone. Errors: Cancelled, Internal.
[[nodiscard]] base::Result<std::vector<FoldModel>> fitFolds(const model::History &history, const Folds &folds,
                                                            const FoldOptions &options, std::stop_token stop,
                                                            base::Progress &progress);

} // namespace mulligan::pipeline

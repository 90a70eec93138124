#pragma once

#include "synth/world.hpp"

#include <string>

namespace mulligan::synth
{

/// What changes in a job's life: repairs, its owner's settings, what is broken now.
struct JobState {
    Resources resources;
    double needScale = 1.0; ///< of the memory needs, after repairs to the code
    double timeoutSeconds = 0.0;
    const Kind *incident = nullptr;
    base::Instant incidentTo; ///< meaningful while there is an incident
};

/// One logical execution with its hidden needs, MiB.
struct Run {
    std::string id;
    base::Instant scheduled;
    double inputGib = 0.0;
    double heap = 0.0;
    double overhead = 0.0;
    double driver = 0.0;
    double result = 0.0;
    double kryo = 0.0;
    double broadcast = 0.0;
    const Kind *internal = nullptr; ///< an in-house tool that will trouble this run
    double internalChance = 0.0;    ///< of each attempt to fail by it
    base::Instant internalTo;       ///< until when it troubles
    double internalOverhead = 0.0;  ///< executor overhead with which it troubles no more; 0: none helps
};

/// What happens, or would happen, in one attempt.
struct Trial {
    model::Outcome outcome = model::Outcome::Succeeded;
    const Kind *kind = nullptr; ///< of the failure
    double seconds = 0.0;       ///< whole milliseconds
    double progress = 1.0;      ///< share of the work done
    double neededMib = 0.0;     ///< of the setting that was too small
    double costUsd = 0.0;       ///< by the cluster's price book
    model::Metrics metrics;
};

/// Draws a scheduled run of a job.
[[nodiscard]] Run makeRun(const World &world, const Job &job, base::Instant scheduled, Draw &draw);

/// Potential outcome of attempt `number` of a run with any resources: pure, so that what happened and what would have
/// happened come from the same place. All chance in it is fixed by seed, run and number, never by the resources.
[[nodiscard]] Trial trial(const World &world, const Job &job, const JobState &state, const Run &run, int number,
                          base::Instant start, const Resources &resources);

} // namespace mulligan::synth

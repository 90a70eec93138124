#pragma once

#include "base/result.hpp"
#include "model/attempt.hpp"
#include "synth/error_text.hpp"
#include "synth/run.hpp"

#include <cstdint>
#include <stop_token>
#include <string>

namespace mulligan::synth
{

/// An attempt as it went into history.
struct Logged {
    model::Attempt attempt;
    const Kind *kind = nullptr; ///< of the failure
    std::string core;           ///< the error alone
    Resources resources;
    base::Instant scheduled; ///< of its run
    bool eventLog = false;   ///< its run is among those that leave a Spark event log
};

/// What an attempt would have done with a configuration.
struct Potential {
    std::string_view job;
    std::string_view run;
    int attempt = 1;
    const Resources &resources;
    const Trial &trial;
};

/// Receives a history in the order: job, run, attempt.
class ChainSink
{
public:
    ChainSink() = default;
    ChainSink(const ChainSink &) = delete;
    ChainSink &operator=(const ChainSink &) = delete;
    virtual ~ChainSink() = default;
    /// `last` is set on the last attempt of its run.
    [[nodiscard]] virtual base::Result<void> logged(const Logged &logged) = 0;
    [[nodiscard]] virtual base::Result<void> potential(const Potential &potential) = 0;
};

struct ChainCounts {
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0;
    std::uint64_t runs = 0;
    std::uint64_t episodes = 0;
    std::uint64_t explored = 0;
};

struct ChainOptions {
    double eventLogShare = 0.015;
    double exploration = 0.1;
};

/// Lives a job through the whole time: its runs, what fails, what the scheduler retries, and whom it wakes.
[[nodiscard]] base::Result<void> liveJob(const World &world, const Job &job, const ChainOptions &options,
                                         ChainSink &sink, ChainCounts &counts, const std::stop_token &stop);

} // namespace mulligan::synth

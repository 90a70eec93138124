#pragma once

#include "model/history.hpp"
#include "predict/features.hpp"
#include "predict/train.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace mulligan::predict
{

/// The chooser and the scorer learn from different jobs.
enum class Half { Chooser, Scorer };
[[nodiscard]] Half halfOf(std::string_view job);

/// Decision point i and the retry that followed it.
struct Row {
    std::uint32_t failed = 0; ///< index of the failed attempt
    std::uint32_t retry = 0;  ///< index of the attempt after it
    std::uint32_t job = 0;
    Half half = Half::Chooser;
    int fold = 0; ///< of kFolds, by job, for encodings that have not seen the row
    base::Instant decidedAt;
    base::Instant knownAt; ///< end of the retry: what the row teaches is known from here on
    bool success = false;
    double hours = 0.0;     ///< the retry's cost ÷ the hourly rate of its configuration; its duration when it has none
    double rate = 0.0;      ///< dollars an hour of the retry's configuration
    double costUsd = 0.0;   ///< as logged or priced
    double pastHours = 0.0; ///< see `pastHours`
    Words words;
    std::string errorClass;
    std::uint32_t supportCell = 0; ///< see Support::cellOf
};
inline constexpr int kFolds = 5;

/// Every usable row of a history, ordered by `knownAt`, with its features.
struct Dataset {
    std::vector<Row> rows;
    Matrix features; ///< the encoded words are NaN

    [[nodiscard]] std::vector<std::uint32_t> knownBefore(base::Instant moment) const; ///< indices of rows
};

/// Rows with a manual trigger count only where the configuration is the only known change: whoever restarts a job with
/// the same configuration has mended something we cannot see. A retry of unknown outcome teaches nothing.
[[nodiscard]] Dataset buildDataset(const model::History &history, const PastIndex &past, const HourlyRate &rate);

/// The context of a row as its model is trained on it: a person's retry counts as an automatic one (see dataset.cpp).
[[nodiscard]] RetryContext contextOfRow(const model::History &history, const PastIndex &past, const Row &row);

} // namespace mulligan::predict

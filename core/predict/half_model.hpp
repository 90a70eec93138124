#pragma once

#include "predict/booster.hpp"
#include "predict/dataset.hpp"
#include "predict/memory_trend.hpp"
#include "stats/isotonic.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace mulligan::predict
{

/// What a cost model is asked to predict; hours of what the configuration asks for in every form.
enum class CostForm {
    LogHours,   ///< logarithm of hours; a factor restores the mean that the back-transform loses (Duan 1983)
    Hours,      ///< hours themselves
    RatioToPast ///< logarithm of hours ÷ what the job's completing runs took so far
};
[[nodiscard]] std::string_view name(CostForm form);
[[nodiscard]] std::optional<CostForm> costFormFromName(std::string_view text);
/// For the model card.
[[nodiscard]] std::string inWords(CostForm form);

/// Expected hours of a retry that ends one way.
struct CostModel {
    CostForm form = CostForm::LogHours;
    std::optional<Booster> booster; ///< none: too few rows, the mean stands in
    double factor = 1.0;            ///< on the back-transformed prediction, so that means agree on later rows
    double meanHours = 0.0;         ///< 0: nothing known
    double ceilingHours = 0.0;      ///< nothing beyond it is predicted

    [[nodiscard]] double hours(float raw, double past) const;
};

/// One of chooser and scorer: what it learnt from its half of the jobs.
struct HalfModel {
    Encoding encoding;
    std::optional<Booster> success; ///< on top of `trend`
    MemoryTrend trend;
    stats::Isotonic calibration;
    CostModel costFail;
    CostModel costSuccess;
};

struct FitOptions {
    std::uint64_t seed = 1;
    CostForm form = CostForm::LogHours;
};

/// Rows of a half below which trees stay shallower, and calibration gets a larger share of them and two parameters;
/// measured on worlds with known chances.
inline constexpr std::size_t kFewRows = 1000;
/// Share of the rows, the latest, that early stopping and calibration use and trees never see.
[[nodiscard]] constexpr double laterShare(std::size_t rows)
{
    return rows < kFewRows ? 0.30 : 0.20;
}

/// Fits one half on `rows` (indices into the dataset, ascending, hence by time). Errors: Cancelled, Internal.
[[nodiscard]] base::Result<HalfModel> fitHalf(const Dataset &dataset, std::span<const std::uint32_t> rows,
                                              const FitOptions &options, std::stop_token stop);

/// Absolute error of each form (order of CostForm) in hours on the later rows, after short fits on the earlier ones.
[[nodiscard]] base::Result<std::array<double, 3>>
compareCostForms(const Dataset &dataset, std::span<const std::uint32_t> rows, std::uint64_t seed, std::stop_token stop);

/// Log loss on the later rows of a success model fitted on every `stride`-th earlier row, and how many those were.
[[nodiscard]] base::Result<std::pair<std::uint64_t, double>> learningPoint(const Dataset &dataset,
                                                                           std::span<const std::uint32_t> rows,
                                                                           size_t stride, std::uint64_t seed,
                                                                           std::stop_token stop);

} // namespace mulligan::predict

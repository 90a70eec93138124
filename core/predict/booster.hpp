#pragma once

#include "base/result.hpp"
#include "model/model_card.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::predict
{

/// A dense matrix of features, row-major; NaN: missing.
struct Matrix {
    size_t columns = 0;
    std::vector<float> values;

    [[nodiscard]] size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
    [[nodiscard]] const float *row(size_t i) const { return values.data() + i * columns; }
    [[nodiscard]] float *row(size_t i) { return values.data() + i * columns; }
};

struct BoosterOptions {
    bool logistic = true; ///< false: squared error
    int maxDepth = 4;
    double eta = 0.1;
    double lambda = 2.0;
    double minChildWeight = 2.0;
    double columnShare = 0.7; ///< of features a tree may use
    int maxRounds = 300;
    int patience = 20; ///< rounds without gain on the validation rows before it stops
    double baseScore = 0.5;
    std::vector<float> trainStarts;      ///< log-odds (or estimate) by row, in place of baseScore; empty: none
    std::vector<float> validationStarts; ///< the same; a prediction knows nothing of either
    std::uint64_t seed = 1;
    std::vector<int> monotone; ///< by column: −1, 0, 1; empty: none
};

/// Gradient-boosted trees (XGBoost, `hist`, one thread: the same rows and seed give the same bytes). Immutable once
/// made; predictions may be asked for from several threads.
class Booster
{
public:
    /// Fits on `train`; rounds stop early on `validation`, when there is any, and trees past the best round are cut
    /// off. Errors: InvalidArgument, Internal (XGBoost's own words); Cancelled through `stopped`.
    template <typename Stopped>
    [[nodiscard]] static base::Result<Booster> fit(const Matrix &train, std::span<const float> trainTargets,
                                                   const Matrix &validation, std::span<const float> validationTargets,
                                                   const BoosterOptions &options, const Stopped &stopped)
    {
        MULLIGAN_TRY(Fit fit, Fit::begin(train, trainTargets, validation, validationTargets, options));
        while (!fit.finished()) {
            if (stopped())
                return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
            MULLIGAN_CHECK(fit.round());
        }
        return std::move(fit).best();
    }
    /// Errors: Corrupt.
    [[nodiscard]] static base::Result<Booster> fromJson(std::string_view json);
    [[nodiscard]] base::Result<std::string> toJson() const;

    /// One value a row: a probability, or the target's estimate.
    [[nodiscard]] base::Result<std::vector<float>> predict(const Matrix &matrix) const;
    /// TreeSHAP of one row: a log-odds a column, the last one the bias; they add up to the margin.
    [[nodiscard]] base::Result<std::vector<float>> contributions(std::span<const float> row) const;
    /// Total gain by column, as shares of the whole; columns that no tree uses are left out.
    [[nodiscard]] base::Result<std::vector<std::pair<size_t, double>>> gains() const;
    [[nodiscard]] int rounds() const { return m_rounds; }

    Booster(Booster &&) noexcept;
    Booster &operator=(Booster &&) noexcept;
    ~Booster();

private:
    struct Free {
        void operator()(void *handle) const;
    };
    using Handle = std::unique_ptr<void, Free>;

    /// A fit in progress.
    class Fit
    {
    public:
        [[nodiscard]] static base::Result<Fit> begin(const Matrix &train, std::span<const float> trainTargets,
                                                     const Matrix &validation, std::span<const float> validationTargets,
                                                     const BoosterOptions &options);
        [[nodiscard]] bool finished() const;
        [[nodiscard]] base::Result<void> round();
        [[nodiscard]] base::Result<Booster> best() &&;
        Fit(Fit &&) noexcept;
        ~Fit();

    private:
        struct State;
        explicit Fit(std::unique_ptr<State> state);
        std::unique_ptr<State> m_state;
    };

    Booster(Handle handle, int rounds);
    Handle m_handle;
    int m_rounds = 0;
};

} // namespace mulligan::predict

#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "model/candidate.hpp"
#include "model/history.hpp"
#include "model/model_card.hpp"
#include "predict/context.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::predict
{

/// Dollars an hour of what a configuration asks for on a cluster: the price book, brought in by the pipeline.
using HourlyRate = std::function<double(const model::Config &, std::string_view cluster)>;

/// What the models say of one configuration.
struct Score {
    bool supported = false; ///< at least 30 rows from at least 5 jobs like it (design.md, section 7)
    model::Estimate chooser;
    model::Estimate scorer;
};

/// Configurations to be scored at one decision point. Both must live for the call.
struct ScoreRequest {
    const RetryContext *context = nullptr;
    std::span<const model::Config> configs;
};

struct PreparedScores; // predict/prepared.hpp

/// One fitted pair of chooser and scorer with calibration and support counts. Immutable; thread-safe.
class Predictor
{
public:
    [[nodiscard]] const std::string &id() const;
    [[nodiscard]] base::Instant fittedTo() const; ///< newest attempt end used, training and calibration
    [[nodiscard]] bool fallback() const;          ///< class rates stand in for boosters
    /// Scores configurations for the retry that follows `context`; same order and length as `configs`. For an equal
    /// configuration and cause the chance does not rise with the attempt number; more memory never lowers it.
    [[nodiscard]] base::Result<std::vector<Score>>
    scoreMany(const RetryContext &context, std::span<const model::Config> configs, const HourlyRate &rate) const;
    /// As above for many decision points in one pass, flat in the order of requests and configurations; costs are in
    /// hours of what the configuration asks for, so that a new price book needs no new scores.
    [[nodiscard]] base::Result<std::vector<Score>> scoreHours(std::span<const ScoreRequest> requests) const;
    /// The two halves of `scoreHours`: features into matrices, then XGBoost and what is made of its answers.
    [[nodiscard]] PreparedScores prepare(std::span<const ScoreRequest> requests) const;
    [[nodiscard]] base::Result<std::vector<Score>> finish(const PreparedScores &prepared) const;
    /// The XGBoost calls of `finish` alone, as the benchmark's yardstick; how many values they gave.
    [[nodiscard]] base::Result<size_t> bareCalls(const PreparedScores &prepared) const;
    /// Exact contributions (TreeSHAP) to the scorer's log-odds, largest magnitude first; empty for class rates.
    [[nodiscard]] base::Result<std::vector<model::Contribution>> contributions(const RetryContext &context,
                                                                               const model::Config &config) const;
    /// Columns of the scorer's success model that some tree uses, with their shares of total gain; empty for class
    /// rates.
    [[nodiscard]] base::Result<std::vector<std::pair<size_t, double>>> importance() const;
    /// Files of the bundle's model/ folder: chooser and scorer as XGBoost JSON, feature spec, calibration, support.
    [[nodiscard]] std::map<std::string, std::string> files() const;
    /// Errors: Corrupt, Parse, Unsupported, naming the file.
    [[nodiscard]] static base::Result<std::shared_ptr<const Predictor>>
    fromFiles(const std::map<std::string, std::string> &files);

    ~Predictor();
    Predictor(const Predictor &) = delete;
    Predictor &operator=(const Predictor &) = delete;

    struct State;
    explicit Predictor(std::unique_ptr<State> state);

private:
    std::unique_ptr<State> m_state;
};

/// The rolling-origin models of a history and the production model fitted on all of it.
struct TrainedModels {
    std::string id;
    std::vector<std::pair<base::Instant, std::shared_ptr<const Predictor>>> rolling; ///< in force from (start of week)
    std::shared_ptr<const Predictor> production;
    model::ModelCard card;

    /// The model in force at a moment: the newest whose week has begun; null before the first.
    [[nodiscard]] const Predictor *modelAt(base::Instant moment) const;
    [[nodiscard]] std::map<std::string, std::string> files() const;
    [[nodiscard]] static base::Result<TrainedModels> fromFiles(const std::map<std::string, std::string> &files);
};

struct TrainOptions {
    std::uint64_t seed = 1;
    int threads = 2;
    HourlyRate rate;
    std::uint64_t minimumRows = 200; ///< below, class rates stand in
    std::uint64_t minimumEach = 30;  ///< successes and failures needed
    int maxRefits = 12;
};

/// Trains everything. Too little data is not an error: class rates stand in, and the card says so. Deterministic in
/// history, seed and threads. Errors: Cancelled, Internal (XGBoost).
[[nodiscard]] base::Result<TrainedModels> train(const model::History &history, const PastIndex &past,
                                                const TrainOptions &options, std::stop_token stop,
                                                base::Progress &progress);
/// The card's reason where nothing was trained.
inline constexpr std::string_view kNothingTrained = "no model was trained";
/// Class rates only: what stands in where nothing was trained, so that a replay can be made all the same.
[[nodiscard]] TrainedModels classRates(const model::History &history, const PastIndex &past, const HourlyRate &rate);

} // namespace mulligan::predict

#pragma once

#include "base/instant.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::model
{

/// Quality of predicted probabilities on data the model has not seen.
struct ProbabilityQuality {
    double auc = 0.0;
    double prAuc = 0.0;
    double logLoss = 0.0;
    double brier = 0.0;
    double ece = 0.0; ///< debiased calibration error
    bool operator==(const ProbabilityQuality &) const = default;
};

/// Quality of predicted costs, dollars.
struct CostQuality {
    double mae = 0.0;
    double mape = 0.0; ///< share, over rows with a cost above a hundredth of the mean
    double bias = 0.0; ///< mean predicted − actual
    bool operator==(const CostQuality &) const = default;
};

struct CalibrationBin {
    double predicted = 0.0; ///< mean predicted probability in the bin
    double observed = 0.0;  ///< share of successes
    double low = 0.0;       ///< Wilson 95 % interval of `observed`
    double high = 0.0;
    std::uint64_t count = 0;
    bool operator==(const CalibrationBin &) const = default;
};

struct CurvePoint {
    double x = 0.0;
    double y = 0.0;
    bool operator==(const CurvePoint &) const = default;
};

struct ClassQuality {
    std::uint64_t rows = 0;
    double successRate = 0.0;
    std::optional<double> auc; ///< absent with only one outcome
    double brier = 0.0;
    CostQuality cost;
    bool operator==(const ClassQuality &) const = default;
};

struct FeatureImportance {
    std::string feature;
    double gain = 0.0; ///< share of total gain
    bool operator==(const FeatureImportance &) const = default;
};

/// Everything a reader needs to judge a model; measured out of time (each row by a model trained before its week).
struct ModelCard {
    std::string modelId;
    bool fallback = false;        ///< too little data: class rates instead of boosters
    std::string fallbackReason;   ///< what was needed and what there was
    std::uint64_t rows = 0;       ///< training rows
    std::uint64_t scoredRows = 0; ///< rows scored out of time, behind the figures below
    std::uint64_t refits = 0;     ///< rolling-origin models
    base::Instant trainedTo;      ///< newest attempt end used
    std::uint64_t seed = 0;
    std::string costTarget; ///< the target form chosen for cost, in words
    ProbabilityQuality success;
    CostQuality cost;
    std::map<std::string, ProbabilityQuality> baselines; ///< "overall_rate", "class_rate", "job_rate"
    std::map<std::string, ClassQuality> byClass;
    std::vector<CalibrationBin> calibration;
    std::vector<CurvePoint> precisionRecall;   ///< x recall, y precision
    std::vector<CurvePoint> roc;               ///< x false positive rate, y true positive rate
    std::vector<CurvePoint> learningCurve;     ///< x training rows, y log loss
    std::vector<FeatureImportance> importance; ///< largest first
    double seconds = 0.0;
    bool operator==(const ModelCard &) const = default;
};

/// One feature's part in a prediction (log-odds), largest magnitude first when in a list.
struct Contribution {
    std::string feature;
    double value = 0.0; ///< the feature's value (NaN is never used; absent values say so in `missing`)
    bool missing = false;
    double logOdds = 0.0;
    bool operator==(const Contribution &) const = default;
};

} // namespace mulligan::model

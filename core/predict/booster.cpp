#include "predict/booster.hpp"

#include <xgboost/c_api.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace mulligan::predict
{

namespace
{

base::Error failed(const char *doing)
{
    return base::makeError(base::ErrorCode::Internal, std::string("XGBoost failed while ") + doing)
        .in(XGBGetLastError());
}

#define MULLIGAN_XGB(call, doing)                                                                                      \
    do {                                                                                                               \
        if ((call) != 0)                                                                                               \
            return failed(doing);                                                                                      \
    } while (false)

struct FreeMatrix {
    void operator()(void *handle) const { XGDMatrixFree(handle); }
};
using MatrixHandle = std::unique_ptr<void, FreeMatrix>;

base::Result<MatrixHandle> copied(const float *values, size_t rows, size_t columns)
{
    DMatrixHandle handle = nullptr;
    MULLIGAN_XGB(XGDMatrixCreateFromMat(values, rows, columns, std::numeric_limits<float>::quiet_NaN(), &handle),
                 "copying features");
    return MatrixHandle(handle);
}

base::Result<MatrixHandle> labelled(const Matrix &matrix, std::span<const float> targets, std::span<const float> starts)
{
    if (!starts.empty() && starts.size() != matrix.rows())
        return base::makeError(base::ErrorCode::InvalidArgument, "A fit needs as many starts as rows, or none");
    if (targets.size() != matrix.rows() || targets.empty())
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "A fit needs as many targets as rows, and at least one");
    MULLIGAN_TRY(MatrixHandle handle, copied(matrix.values.data(), matrix.rows(), matrix.columns));
    MULLIGAN_XGB(XGDMatrixSetFloatInfo(handle.get(), "label", targets.data(), targets.size()), "setting targets");
    if (!starts.empty())
        MULLIGAN_XGB(XGDMatrixSetFloatInfo(handle.get(), "base_margin", starts.data(), starts.size()),
                     "setting starts");
    return handle;
}

std::string number(double value)
{
    std::array<char, 40> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.9g", value);
    return buffer.data();
}

/// XGBoost takes a bad parameter without a word and fails later, leaving the booster unusable: so they are checked
/// here.
base::Result<void> checkOptions(const BoosterOptions &options, size_t columns)
{
    const auto bad = [](const std::string &what) {
        return base::makeError(base::ErrorCode::InvalidArgument, "Booster option out of range: " + what);
    };
    if (options.maxDepth < 1 || options.maxDepth > 12)
        return bad("maxDepth must lie in 1 to 12");
    if (!(options.eta > 0.0 && options.eta <= 1.0))
        return bad("eta must lie in (0, 1]");
    if (!(options.lambda >= 0.0) || !(options.minChildWeight >= 0.0))
        return bad("lambda and minChildWeight must not be negative");
    if (!(options.columnShare > 0.0 && options.columnShare <= 1.0))
        return bad("columnShare must lie in (0, 1]");
    if (options.maxRounds < 1 || options.patience < 1)
        return bad("maxRounds and patience must be at least 1");
    if (!std::isfinite(options.baseScore)
        || (options.logistic && !(options.baseScore > 0.0 && options.baseScore < 1.0)))
        return bad("baseScore must be finite, and a probability for a logistic fit");
    if (!options.monotone.empty() && options.monotone.size() != columns)
        return bad("monotone needs one entry a column");
    return {};
}

std::string monotoneText(const std::vector<int> &monotone)
{
    std::string text = "(";
    for (const int direction : monotone)
        text += (text.size() > 1 ? "," : "") + std::to_string(direction);
    return text + ")";
}

} // namespace

void Booster::Free::operator()(void *handle) const
{
    XGBoosterFree(handle);
}

Booster::Booster(Handle handle, int rounds) : m_handle(std::move(handle)), m_rounds(rounds)
{
}
Booster::Booster(Booster &&) noexcept = default;
Booster &Booster::operator=(Booster &&) noexcept = default;
Booster::~Booster() = default;

struct Booster::Fit::State {
    MatrixHandle train;
    MatrixHandle validation;
    Handle booster;
    BoosterOptions options;
    int round = 0;
    int bestRound = 0;
    double bestLoss = std::numeric_limits<double>::infinity();
};

Booster::Fit::Fit(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
Booster::Fit::Fit(Fit &&) noexcept = default;
Booster::Fit::~Fit() = default;

base::Result<Booster::Fit> Booster::Fit::begin(const Matrix &train, std::span<const float> trainTargets,
                                               const Matrix &validation, std::span<const float> validationTargets,
                                               const BoosterOptions &options)
{
    MULLIGAN_CHECK(checkOptions(options, train.columns));
    auto state = std::make_unique<State>();
    state->options = options;
    MULLIGAN_TRY(state->train, labelled(train, trainTargets, options.trainStarts));
    std::array<DMatrixHandle, 2> known{state->train.get(), nullptr};
    if (validation.rows() > 0) {
        MULLIGAN_TRY(state->validation, labelled(validation, validationTargets, options.validationStarts));
        known[1] = state->validation.get();
    }
    BoosterHandle handle = nullptr;
    MULLIGAN_XGB(XGBoosterCreate(known.data(), state->validation ? 2 : 1, &handle), "making a booster");
    state->booster.reset(handle);
    std::vector<std::pair<const char *, std::string>> parameters{
        {"objective", options.logistic ? "binary:logistic" : "reg:squarederror"},
        {"eval_metric", options.logistic ? "logloss" : "rmse"},
        {"booster", "gbtree"},
        {"tree_method", "hist"},
        {"max_bin", "64"},
        {"nthread", "1"},
        {"verbosity", "0"},
        {"max_depth", std::to_string(options.maxDepth)},
        {"eta", number(options.eta)},
        {"lambda", number(options.lambda)},
        {"min_child_weight", number(options.minChildWeight)},
        {"colsample_bytree", number(options.columnShare)},
        {"base_score", number(options.baseScore)},
        // XGBoost takes a 32-bit seed and treats the sign as part of it.
        {"seed", std::to_string(options.seed & 0x7fffffffU)}};
    if (!options.monotone.empty())
        parameters.emplace_back("monotone_constraints", monotoneText(options.monotone));
    for (const auto &[key, value] : parameters)
        MULLIGAN_XGB(XGBoosterSetParam(handle, key, value.c_str()), "setting a parameter");
    return Fit(std::move(state));
}

bool Booster::Fit::finished() const
{
    const State &s = *m_state;
    return s.round >= s.options.maxRounds || (s.validation && s.round - s.bestRound >= s.options.patience);
}

base::Result<void> Booster::Fit::round()
{
    State &s = *m_state;
    MULLIGAN_XGB(XGBoosterUpdateOneIter(s.booster.get(), s.round, s.train.get()), "adding a tree");
    ++s.round;
    if (!s.validation) {
        s.bestRound = s.round;
        return {};
    }
    std::array<DMatrixHandle, 1> matrices{s.validation.get()};
    std::array<const char *, 1> names{"validation"};
    const char *text = nullptr;
    MULLIGAN_XGB(XGBoosterEvalOneIter(s.booster.get(), s.round - 1, matrices.data(), names.data(), 1, &text),
                 "measuring a round");
    const std::string line(text);
    const double loss = std::strtod(line.c_str() + line.rfind(':') + 1, nullptr);
    // A gain in the last printed digit is noise.
    if (loss < s.bestLoss - 1e-6) {
        s.bestLoss = loss;
        s.bestRound = s.round;
    }
    return {};
}

base::Result<Booster> Booster::Fit::best() &&
{
    State &s = *m_state;
    const int rounds = std::max(1, s.bestRound);
    BoosterHandle handle = nullptr;
    MULLIGAN_XGB(XGBoosterSlice(s.booster.get(), 0, rounds, 1, &handle), "keeping the best rounds");
    Handle kept(handle);
    // Written and read again, so that a fresh model and one from a file are the same in memory too.
    MULLIGAN_TRY(const std::string json, Booster(std::move(kept), rounds).toJson());
    return Booster::fromJson(json);
}

base::Result<Booster> Booster::fromJson(std::string_view json)
{
    BoosterHandle handle = nullptr;
    MULLIGAN_XGB(XGBoosterCreate(nullptr, 0, &handle), "making a booster");
    Handle booster(handle);
    if (XGBoosterLoadModelFromBuffer(handle, json.data(), json.size()) != 0)
        return base::makeError(base::ErrorCode::Corrupt, "This is not a model that XGBoost can read",
                               "Train again, or export the bundle again.")
            .in(std::string(XGBGetLastError()).substr(0, 200));
    MULLIGAN_XGB(XGBoosterSetParam(handle, "nthread", "1"), "setting a parameter");
    MULLIGAN_XGB(XGBoosterSetParam(handle, "verbosity", "0"), "setting a parameter");
    int rounds = 0;
    MULLIGAN_XGB(XGBoosterBoostedRounds(handle, &rounds), "counting trees");
    bst_ulong columns = 0;
    MULLIGAN_XGB(XGBoosterGetNumFeature(handle, &columns), "counting features");
    Booster made(std::move(booster), rounds);
    // The first prediction configures the booster; done here, before several threads ask at once.
    const Matrix first{columns, std::vector<float>(columns, std::numeric_limits<float>::quiet_NaN())};
    MULLIGAN_CHECK(made.predict(first));
    return made;
}

base::Result<std::string> Booster::toJson() const
{
    bst_ulong length = 0;
    const char *bytes = nullptr;
    MULLIGAN_XGB(XGBoosterSaveModelToBuffer(m_handle.get(), R"({"format":"json"})", &length, &bytes),
                 "writing a model");
    return std::string(bytes, length);
}

base::Result<std::vector<float>> Booster::predict(const Matrix &matrix) const
{
    if (matrix.rows() == 0)
        return std::vector<float>();
    const std::string values = R"({"data":[)" + std::to_string(reinterpret_cast<std::uintptr_t>(matrix.values.data()))
                               + R"(,true],"shape":[)" + std::to_string(matrix.rows()) + ","
                               + std::to_string(matrix.columns) + R"(],"typestr":"<f4","version":3})";
    static constexpr const char *kConfig =
        R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"missing":NaN,"cache_id":0})";
    const bst_ulong *shape = nullptr;
    bst_ulong dimensions = 0;
    const float *out = nullptr;
    MULLIGAN_XGB(XGBoosterPredictFromDense(m_handle.get(), values.c_str(), kConfig, nullptr, &shape, &dimensions, &out),
                 "predicting");
    // The next prediction overwrites this buffer.
    return std::vector<float>(out, out + matrix.rows());
}

base::Result<std::vector<float>> Booster::contributions(std::span<const float> row) const
{
    MULLIGAN_TRY(const MatrixHandle matrix, copied(row.data(), 1, row.size()));
    const bst_ulong *shape = nullptr;
    bst_ulong dimensions = 0;
    const float *out = nullptr;
    MULLIGAN_XGB(XGBoosterPredictFromDMatrix(
                     m_handle.get(), matrix.get(),
                     R"({"type":2,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false})",
                     &shape, &dimensions, &out),
                 "explaining a prediction");
    return std::vector<float>(out, out + row.size() + 1);
}

base::Result<std::vector<std::pair<size_t, double>>> Booster::gains() const
{
    bst_ulong count = 0;
    char const **names = nullptr;
    bst_ulong dimensions = 0;
    bst_ulong const *shape = nullptr;
    float const *scores = nullptr;
    MULLIGAN_XGB(XGBoosterFeatureScore(m_handle.get(), R"({"importance_type":"total_gain"})", &count, &names,
                                       &dimensions, &shape, &scores),
                 "weighing features");
    std::vector<std::pair<size_t, double>> out;
    double sum = 0.0;
    for (bst_ulong i = 0; i < count; ++i) {
        // Unnamed columns are called f0, f1, ….
        out.emplace_back(static_cast<size_t>(std::strtoul(names[i] + 1, nullptr, 10)), scores[i]);
        sum += static_cast<double>(scores[i]);
    }
    for (auto &[column, gain] : out)
        gain = sum > 0.0 ? gain / sum : 0.0;
    return out;
}

} // namespace mulligan::predict

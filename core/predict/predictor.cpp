#include "predict/predictor_state.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::predict
{

namespace
{

/// A run with more earlier tries than this is capped by its latest.
constexpr size_t kMostTried = 12;

/// Adds the rows of the retries this run made before, each as it looked then, the cause being today's.
void prepareTried(const RetryContext &context, PreparedPoint &point, Matrix &matrix)
{
    const size_t tried = context.tried.size();
    const size_t first = tried > kMostTried ? tried - kMostTried + 1 : 1;
    for (size_t stage = first; stage <= tried; ++stage) {
        RetryContext before = context;
        before.config = context.tried[stage - 1];
        before.tried.resize(stage - 1);
        before.attempt = std::max(1, context.attempt - static_cast<int>(tried - stage) - 1);
        const Resources resources = resourcesOf(stage < tried ? context.tried[stage] : context.config);
        FeatureRow(before).candidate(resources, matrix);
        point.resources.push_back(resources);
    }
}

/// For an equal configuration and cause the chance may not rise with the attempt number. What was tried and failed
/// caps everything that has no more memory, so that more memory still never lowers the chance.
void capByTried(const PreparedPoint &point, std::vector<double> &success)
{
    for (size_t i = point.configs; i < success.size(); ++i)
        for (size_t j = point.configs; j < i; ++j)
            if (dominates(point.resources[j], point.resources[i]))
                success[i] = std::min(success[i], success[j]);
    for (size_t i = 0; i < point.configs; ++i)
        for (size_t j = point.configs; j < success.size(); ++j)
            if (dominates(point.resources[j], point.resources[i]))
                success[i] = std::min(success[i], success[j]);
}

double costOf(const CostModel &model, const std::vector<float> &raw, size_t row, double past, double otherwise)
{
    if (!raw.empty())
        return model.hours(raw[row], past);
    return model.meanHours > 0.0 ? model.meanHours : otherwise;
}

/// Estimates of one half, in hours, at one point whose rows begin at `from`.
std::vector<model::Estimate> estimates(const HalfModel &half, const RawScores &raw, const PreparedPoint &point,
                                       size_t from)
{
    std::vector<double> success(point.resources.size());
    for (size_t i = 0; i < success.size(); ++i)
        success[i] = half.calibration(static_cast<double>(raw.success[from + i]));
    capByTried(point, success);
    std::vector<model::Estimate> out(point.configs);
    for (size_t i = 0; i < point.configs; ++i)
        out[i] = {success[i], costOf(half.costFail, raw.costFail, from + i, point.pastHours, point.failedHours),
                  costOf(half.costSuccess, raw.costSuccess, from + i, point.pastHours, point.pastHours)};
    return out;
}

} // namespace

base::Result<RawScores> rawScores(const HalfModel &half, const Matrix &matrix)
{
    RawScores raw;
    MULLIGAN_TRY(raw.success, half.success->predict(matrix));
    if (half.costFail.booster) {
        MULLIGAN_TRY(raw.costFail, half.costFail.booster->predict(matrix));
    }
    if (half.costSuccess.booster) {
        MULLIGAN_TRY(raw.costSuccess, half.costSuccess.booster->predict(matrix));
    }
    return raw;
}

Predictor::Predictor(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
Predictor::~Predictor() = default;

const std::string &Predictor::id() const
{
    return m_state->id;
}

base::Instant Predictor::fittedTo() const
{
    return m_state->fittedTo;
}

bool Predictor::fallback() const
{
    return m_state->fallback;
}

PreparedScores Predictor::prepare(std::span<const ScoreRequest> requests) const
{
    PreparedScores out;
    struct Range {
        size_t from;
        size_t to;
        Words words;
    };
    std::vector<Range> ranges;
    for (const ScoreRequest &request : requests) {
        const RetryContext &context = *request.context;
        PreparedPoint point;
        point.configs = request.configs.size();
        point.pastHours = pastHours(context);
        point.failedHours = std::max(1.0, context.seconds) / 3600.0;
        point.errorClass = context.errorClass;
        const FeatureRow features(context);
        const size_t from = out.scorer.rows();
        for (const model::Config &config : request.configs) {
            const Resources resources = resourcesOf(config);
            point.supported.push_back(m_state->support.supported(context, features.before(), resources));
            if (!m_state->fallback)
                features.candidate(resources, out.scorer);
            point.resources.push_back(resources);
        }
        if (!m_state->fallback) {
            prepareTried(context, point, out.scorer);
            ranges.push_back({from, out.scorer.rows(), wordsOf(context)});
        }
        out.points.push_back(std::move(point));
    }
    out.chooser = out.scorer;
    for (const Range &range : ranges) {
        setWords(out.scorer, range.from, range.to, m_state->scorer.encoding.encode(range.words));
        setWords(out.chooser, range.from, range.to, m_state->chooser.encoding.encode(range.words));
    }
    return out;
}

base::Result<std::vector<Score>> Predictor::finish(const PreparedScores &prepared) const
{
    std::vector<Score> out;
    if (m_state->fallback) {
        for (const PreparedPoint &point : prepared.points) {
            const auto estimate = m_state->rates.estimate(point.errorClass, point.failedHours, point.pastHours);
            for (size_t i = 0; i < point.configs; ++i)
                out.push_back({point.supported[i], estimate, estimate});
        }
        return out;
    }
    MULLIGAN_TRY(RawScores chooser, rawScores(m_state->chooser, prepared.chooser));
    MULLIGAN_TRY(RawScores scorer, rawScores(m_state->scorer, prepared.scorer));
    m_state->chooser.trend.apply(prepared.chooser, chooser.success);
    m_state->scorer.trend.apply(prepared.scorer, scorer.success);
    size_t from = 0;
    for (const PreparedPoint &point : prepared.points) {
        const auto chosen = estimates(m_state->chooser, chooser, point, from);
        const auto scored = estimates(m_state->scorer, scorer, point, from);
        for (size_t i = 0; i < point.configs; ++i)
            out.push_back({point.supported[i], chosen[i], scored[i]});
        from += point.resources.size();
    }
    return out;
}

base::Result<size_t> Predictor::bareCalls(const PreparedScores &prepared) const
{
    if (m_state->fallback)
        return size_t{0};
    MULLIGAN_TRY(const RawScores chooser, rawScores(m_state->chooser, prepared.chooser));
    MULLIGAN_TRY(const RawScores scorer, rawScores(m_state->scorer, prepared.scorer));
    return chooser.success.size() + scorer.success.size();
}

base::Result<std::vector<Score>> Predictor::scoreHours(std::span<const ScoreRequest> requests) const
{
    return finish(prepare(requests));
}

base::Result<std::vector<Score>>
Predictor::scoreMany(const RetryContext &context, std::span<const model::Config> configs, const HourlyRate &rate) const
{
    const ScoreRequest request{&context, configs};
    MULLIGAN_TRY(auto scores, scoreHours({&request, 1}));
    for (size_t i = 0; i < scores.size(); ++i) {
        const double perHour = rate ? rate(configs[i], context.cluster) : 0.0;
        for (model::Estimate *estimate : {&scores[i].chooser, &scores[i].scorer}) {
            estimate->costFail *= perHour;
            estimate->costSuccess *= perHour;
        }
    }
    return scores;
}

base::Result<std::vector<std::pair<size_t, double>>> Predictor::importance() const
{
    if (m_state->fallback)
        return std::vector<std::pair<size_t, double>>();
    return m_state->scorer.success->gains();
}

base::Result<std::vector<model::Contribution>> Predictor::contributions(const RetryContext &context,
                                                                        const model::Config &config) const
{
    std::vector<model::Contribution> out;
    if (m_state->fallback)
        return out;
    Matrix matrix;
    FeatureRow(context).candidate(resourcesOf(config), matrix);
    setWords(matrix, 0, 1, m_state->scorer.encoding.encode(wordsOf(context)));
    MULLIGAN_TRY(auto values, m_state->scorer.success->contributions(matrix.values));
    // What the trend says of the raise is the raise's doing.
    values[classMemoryRatioColumn()] += static_cast<float>(m_state->scorer.trend.beyond(matrix.row(0)));
    for (size_t i = 0; i < matrix.columns; ++i) {
        if (values[i] == 0.0F)
            continue;
        const float value = matrix.values[i];
        const bool missing = std::isnan(value);
        out.push_back(
            {featureNames()[i], missing ? 0.0 : static_cast<double>(value), missing, static_cast<double>(values[i])});
    }
    out.push_back({"baseline", 0.0, false, static_cast<double>(values[matrix.columns])});
    std::stable_sort(out.begin(), out.end(), [](const model::Contribution &a, const model::Contribution &b) {
        return std::abs(a.logOdds) > std::abs(b.logOdds);
    });
    return out;
}

} // namespace mulligan::predict

#include "predict/fit.hpp"

#include <algorithm>
#include <array>

namespace mulligan::predict
{

namespace
{

constexpr std::int64_t kWeekMs = 7 * base::kMsPerDay;
/// 1970-01-01 was a Thursday.
constexpr std::int64_t kFirstMondayMs = 4 * base::kMsPerDay;

std::vector<std::uint32_t> rowsOf(const Dataset &dataset, std::span<const std::uint32_t> rows, Half half)
{
    std::vector<std::uint32_t> out;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(out),
                 [&](std::uint32_t i) { return dataset.rows[i].half == half; });
    return out;
}

std::vector<std::uint32_t> known(const Dataset &dataset, std::optional<base::Instant> moment)
{
    return dataset.knownBefore(moment.value_or(base::Instant{std::numeric_limits<std::int64_t>::max()}));
}

void describe(Predictor::State &state, const Dataset &dataset, std::span<const std::uint32_t> rows)
{
    for (const std::uint32_t i : rows) {
        const Row &row = dataset.rows[i];
        state.support.add(row.errorClass, row.supportCell, row.job);
        state.fittedTo = std::max(state.fittedTo, row.knownAt);
    }
}

base::Result<CostForm> bestForm(const Dataset &dataset, std::span<const std::uint32_t> chooser,
                                std::span<const std::uint32_t> scorer, std::uint64_t seed, const std::stop_token &stop)
{
    MULLIGAN_TRY(const auto a, compareCostForms(dataset, chooser, seed, stop));
    MULLIGAN_TRY(const auto b, compareCostForms(dataset, scorer, seed, stop));
    size_t best = 0;
    for (size_t f = 1; f < a.size(); ++f)
        if (a[f] + b[f] < a[best] + b[best])
            best = f;
    return static_cast<CostForm>(best);
}

} // namespace

bool Sufficiency::enough(const TrainOptions &options) const
{
    return rows >= options.minimumRows && successes >= options.minimumEach && failures >= options.minimumEach
           && leastHalfRows >= options.minimumRows / 4 && leastHalfEach >= options.minimumEach / 3;
}

Sufficiency sufficiency(const Dataset &dataset, std::span<const std::uint32_t> rows)
{
    std::array<std::array<std::uint64_t, 2>, 2> counts{};
    for (const std::uint32_t i : rows)
        ++counts[dataset.rows[i].half == Half::Scorer ? 1 : 0][dataset.rows[i].success ? 1 : 0];
    Sufficiency out;
    out.rows = rows.size();
    out.failures = counts[0][0] + counts[1][0];
    out.successes = counts[0][1] + counts[1][1];
    out.leastHalfRows = std::min(counts[0][0] + counts[0][1], counts[1][0] + counts[1][1]);
    out.leastHalfEach = std::min({counts[0][0], counts[0][1], counts[1][0], counts[1][1]});
    return out;
}

base::Result<std::shared_ptr<const Predictor>> fitPredictor(const Dataset &dataset, std::optional<base::Instant> moment,
                                                            std::uint64_t seed, CostForm &form, std::stop_token stop)
{
    const auto rows = known(dataset, moment);
    const auto chooser = rowsOf(dataset, rows, Half::Chooser);
    const auto scorer = rowsOf(dataset, rows, Half::Scorer);
    MULLIGAN_TRY(form, bestForm(dataset, chooser, scorer, seed, stop));
    auto state = std::make_unique<Predictor::State>();
    MULLIGAN_TRY(state->chooser, fitHalf(dataset, chooser, {seed, form}, stop));
    MULLIGAN_TRY(state->scorer, fitHalf(dataset, scorer, {seed + 100, form}, stop));
    describe(*state, dataset, rows);
    state->stamp();
    return std::shared_ptr<const Predictor>(std::make_shared<Predictor>(std::move(state)));
}

std::shared_ptr<const Predictor> fitRates(const Dataset &dataset, std::optional<base::Instant> moment)
{
    const auto rows = known(dataset, moment);
    auto state = std::make_unique<Predictor::State>();
    state->fallback = true;
    for (const std::uint32_t i : rows)
        state->rates.add(dataset.rows[i]);
    describe(*state, dataset, rows);
    state->stamp();
    return std::make_shared<Predictor>(std::move(state));
}

std::vector<base::Instant> weekStarts(base::Instant from, base::Instant to)
{
    std::vector<base::Instant> out;
    std::int64_t week = (from.ms - kFirstMondayMs) / kWeekMs;
    for (std::int64_t at = kFirstMondayMs + week * kWeekMs; at < to.ms; at = kFirstMondayMs + ++week * kWeekMs)
        if (at > from.ms)
            out.push_back({at});
    return out;
}

std::vector<base::Instant> thinned(const std::vector<base::Instant> &moments, int most)
{
    const auto limit = static_cast<size_t>(std::max(1, most));
    const size_t stride = std::max<size_t>(1, (moments.size() + limit - 1) / limit);
    std::vector<base::Instant> out;
    for (size_t i = 0; i < moments.size(); i += stride)
        out.push_back(moments[i]);
    return out;
}

} // namespace mulligan::predict

#include "predict/prepared.hpp"
#include "predict/train.hpp"

#include "../core/predict/world.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>

using namespace mulligan;

namespace
{

constexpr int kCandidates = 64;

/// A trained model and the failures it is asked about, each with 64 configurations.
struct Bench {
    tests::World world = tests::makeWorld({});
    std::shared_ptr<const predict::Predictor> predictor;
    std::vector<predict::RetryContext> contexts;
    std::vector<model::Config> configs;

    Bench()
    {
        const auto past = predict::PastIndex::build(world.history);
        base::Progress progress;
        auto models = predict::train(world.history, past, tests::worldTraining(), {}, progress);
        if (!models || models->card.fallback)
            std::abort();
        predictor = models->production;
        for (std::uint32_t i = 0; i < world.history.attempts.size() && contexts.size() < 200; ++i)
            if (model::isDecisionPoint(world.history.attempts[i]))
                contexts.push_back(predict::contextAt(world.history, past, i));
        for (int g = 1; g <= kCandidates; ++g)
            configs.push_back({{"spark.executor.memory", std::to_string(g) + "g"},
                               {"spark.executor.cores", "4"},
                               {"spark.executor.instances", "10"},
                               {"spark.driver.memory", "4g"},
                               {"spark.sql.shuffle.partitions", "400"}});
    }
};

// Never freed: XGBoost's own statics go before ours.
Bench &bench()
{
    static auto *made = new Bench();
    return *made;
}

/// The bare XGBoost calls on the finished matrices of 64 candidates.
void bareCalls(benchmark::State &state)
{
    const Bench &b = bench();
    std::vector<predict::PreparedScores> prepared;
    for (const auto &context : b.contexts) {
        const predict::ScoreRequest request{&context, b.configs};
        prepared.push_back(b.predictor->prepare({&request, 1}));
    }
    size_t at = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(b.predictor->bareCalls(prepared[at++ % prepared.size()]));
    state.SetItemsProcessed(state.iterations() * kCandidates);
}
BENCHMARK(bareCalls)->Unit(benchmark::kMicrosecond);

/// Scoring with features, 64 candidates. Bar: 1.5 times the bare calls.
void scoreWithFeatures(benchmark::State &state)
{
    const Bench &b = bench();
    size_t at = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(
            b.predictor->scoreMany(b.contexts[at++ % b.contexts.size()], b.configs, tests::worldRate));
    state.SetItemsProcessed(state.iterations() * kCandidates);
}
BENCHMARK(scoreWithFeatures)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();

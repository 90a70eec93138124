#include "simulate/lab.hpp"

#include "../core/simulate/generated_history.hpp"

#include <benchmark/benchmark.h>

using namespace mulligan;

namespace
{

/// About a million decision points of 2,000 jobs.
const simulate::LabTable &table()
{
    static const auto compiled = [] {
        const auto history = tests::generatedHistory(2000, 260, 1, false);
        const tests::HashedSource source(1);
        base::Progress progress;
        auto lab = simulate::LabTable::compile(history, {}, {}, source, {}, {}, progress);
        if (!lab)
            std::abort();
        return std::move(*lab);
    }();
    return compiled;
}

/// One threshold moved: point values, additive intervals and chart data. Bar: 16 ms.
void moveOneThreshold(benchmark::State &state)
{
    const auto &lab = table();
    int step = 0;
    for (auto _ : state) {
        const double threshold = 0.01 * (step++ % 100);
        benchmark::DoNotOptimize(lab.evaluate({{"memory_config", threshold}}, 0.2));
    }
    state.counters["decision_points"] = static_cast<double>(lab.decisionPoints());
}
BENCHMARK(moveOneThreshold)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();

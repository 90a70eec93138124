#include "base/rng.hpp"
#include "classify/mining.hpp"
#include "classify/mining_neighbours.hpp"
#include "text/line_mask.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <vector>

/// The promise on template mining: at least 500,000 Spark-like lines a second on one core, from text to cluster. Beside
/// it, as measures of the machine within the same run, a pass that only looks at every byte, and masking alone; and
/// lines of which hardly two are alike, where nothing can be remembered.
using namespace mulligan;

namespace
{

constexpr std::size_t kLines = 200'000;

/// Synthetic lines of a Spark executor's log.
std::string logLine(base::Rng &rng)
{
    const auto number = [&](std::uint64_t below) { return std::to_string(rng.below(below)); };
    const std::string head = "17/06/09 20:10:" + std::to_string(10 + rng.below(50)) + " INFO ";
    switch (rng.below(9)) {
    case 0:
        return head + "executor.Executor: Running task " + number(99) + ".0 in stage 4.0 (TID " + number(9999) + ")";
    case 1:
        return head + "executor.Executor: Finished task " + number(99) + ".0 in stage 4.0 (TID " + number(9999) + "). "
               + number(9999) + " bytes result sent to driver";
    case 2:
        return head + "storage.MemoryStore: Block broadcast_" + number(99)
               + " stored as values in memory (estimated size " + number(900) + "." + number(9) + " KB, free "
               + number(900) + ".1 MB)";
    case 3: return head + "storage.BlockManager: Found block rdd_" + number(99) + "_" + number(99) + " locally";
    case 4:
        return head + "python.PythonRunner: Times: total = " + number(999) + ", boot = " + number(99)
               + ", init = " + number(99) + ", finish = " + number(9);
    case 5:
        return head + "rdd.HadoopRDD: Input split: hdfs://10.10.34." + number(250) + ":9000/logs/part-" + number(999)
               + ".log:" + number(99'999) + "+7292";
    case 6: return head + "broadcast.TorrentBroadcast: Reading broadcast variable " + number(99) + " took 19 ms";
    case 7:
        return head + "mapred.SparkHadoopMapRedUtil: attempt_201706092018_" + number(9999) + "_m_000003_" + number(9999)
               + ": Committed";
    default:
        return head + "client.TransportClient: Connection from worker-" + number(64)
               + ".prod.example.com:" + number(9999) + " closed after " + number(99) + " s: '" + number(9999) + "'";
    }
}

std::vector<std::string> linesOf(std::string (*make)(base::Rng &))
{
    base::Rng rng(7, "bench_mining");
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < kLines; ++i)
        lines.push_back(make(rng));
    return lines;
}

std::string distinctLine(base::Rng &rng)
{
    std::string line;
    for (int word = 0; word < 12; ++word) {
        for (int letter = 0; letter < 6; ++letter)
            line += static_cast<char>('a' + rng.below(26));
        line += ' ';
    }
    return line;
}

const std::vector<std::string> &sparkLines()
{
    static const std::vector<std::string> lines = linesOf(&logLine);
    return lines;
}

void setRate(benchmark::State &state, const std::vector<std::string> &lines)
{
    std::size_t bytes = 0;
    for (const std::string &line : lines)
        bytes += line.size();
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * lines.size()));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

/// As a workspace is mined: every line is learned, one of each look is added.
std::size_t mine(const std::vector<std::string> &lines)
{
    classify::TemplateMiner miner;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> looks;
    looks.reserve(lines.size());
    for (std::uint32_t i = 0; i < lines.size(); ++i)
        looks.emplace_back(miner.learn({lines[i], {}, {}}), i);
    std::sort(looks.begin(), looks.end());
    for (std::size_t i = 0; i < looks.size(); ++i)
        if (i == 0 || looks[i].first != looks[i - 1].first)
            benchmark::DoNotOptimize(miner.add({lines[looks[i].second], {}, {}}));
    return miner.clusters().size();
}

void BM_LookAtEveryByte(benchmark::State &state)
{
    for (auto _ : state)
        for (const std::string &line : sparkLines())
            benchmark::DoNotOptimize(std::count(line.begin(), line.end(), ' '));
    setRate(state, sparkLines());
}

void BM_Mask(benchmark::State &state)
{
    text::LineMasker masker;
    for (auto _ : state)
        for (const std::string &line : sparkLines())
            benchmark::DoNotOptimize(masker.mask(line).text.size());
    setRate(state, sparkLines());
}

void BM_Mine(benchmark::State &state)
{
    for (auto _ : state)
        state.counters["clusters"] = static_cast<double>(mine(sparkLines()));
    setRate(state, sparkLines());
}

void BM_AddOneByOne(benchmark::State &state)
{
    for (auto _ : state) {
        classify::TemplateMiner miner;
        for (const std::string &line : sparkLines())
            benchmark::DoNotOptimize(miner.add({line, {}, {}}));
    }
    setRate(state, sparkLines());
}

void BM_MineDistinctLines(benchmark::State &state)
{
    static const std::vector<std::string> lines = linesOf(&distinctLine);
    for (auto _ : state)
        state.counters["clusters"] = static_cast<double>(mine(lines));
    setRate(state, lines);
}

BENCHMARK(BM_LookAtEveryByte)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Mask)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Mine)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_AddOneByOne)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_MineDistinctLines)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();

#include "base/rng.hpp"
#include "ingest/redact.hpp"
#include "text/root_cause.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

/// The promise on redaction: at least 500 MB/s on one core over ordinary log text, so that reading event logs and
/// importing do not wait for it. Beside it, as measures of the machine within the same run, a pass that counts lines
/// and the search for a text's root cause.
using namespace mulligan;

namespace
{

constexpr std::size_t kBytes = 100u << 20;

/// Synthetic lines of a Spark driver's log, none with a secret.
std::string logLine(base::Rng &rng)
{
    const std::string number = std::to_string(rng.below(100'000));
    switch (rng.below(7)) {
    case 0: return "\tat org.apache.spark.rdd.RDD.iterator(RDD.scala:" + number + ")\n";
    case 1:
        return "26/03/02 04:11:09 INFO TaskSetManager: Finished task " + number + ".0 in stage 1.0 (TID " + number
               + ") in 210 ms on worker-02 (executor 1)\n";
    case 2:
        return "26/03/02 04:11:10 INFO MemoryStore: Block broadcast_" + number
               + " stored as values in memory (estimated size 3.4 MiB, free 366.3 MiB)\n";
    case 3:
        return "26/03/02 04:11:11 WARN FileSystem: s3a://bucket/table/date=2026-03-02/part-" + number
               + ".snappy.parquet was read again\n";
    case 4: return "26/03/02 04:11:12 INFO CodeGenerator: Code generated in " + number + ".5 ms\n";
    case 5:
        return "26/03/02 04:11:13 INFO SecurityManager: SecurityManager: authentication disabled; ui acls disabled; "
               "users with view permissions: Set(ana)\n";
    default: return "Caused by: java.io.IOException: stream " + number + " is closed\n";
    }
}

const std::string &logText()
{
    static const std::string text = [] {
        base::Rng rng(7, "bench_redact");
        std::string out;
        while (out.size() < kBytes)
            out += logLine(rng);
        return out;
    }();
    return text;
}

void setRate(benchmark::State &state)
{
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * logText().size()));
}

void BM_Redact(benchmark::State &state)
{
    std::string text = logText();
    ingest::Redactor redactor;
    std::size_t found = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(found += redactor.redact(text));
    setRate(state);
    state.counters["secrets"] = static_cast<double>(found);
}

void BM_RedactWithPersonal(benchmark::State &state)
{
    std::string text = logText();
    ingest::Redactor redactor(ingest::RedactionRules::make({true, true, {}, {}}).value());
    for (auto _ : state)
        benchmark::DoNotOptimize(redactor.redact(text));
    setRate(state);
}

void BM_CountLines(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(std::count(logText().begin(), logText().end(), '\n'));
    setRate(state);
}

void BM_FindRootCause(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(text::findRootCause(logText()));
    setRate(state);
}

BENCHMARK(BM_CountLines)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_FindRootCause)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Redact)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_RedactWithPersonal)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();

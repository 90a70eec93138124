#include "../core/pipeline/generated_rows.hpp"
#include "generated_event_log.hpp"
#include "ingest/spark_event_log.hpp"
#include "packed_file.hpp"
#include "pipeline/import_sources.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <thread>

#include <unistd.h>

using namespace mulligan;
using bench::Packing;

namespace
{

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMegabytes = 200;
constexpr int kRounds = 25;

struct IgnoringSink : ingest::AttemptSink {
    base::Result<void> accept(model::Attempt) override { return {}; }
    base::Result<void> reject(ingest::Reject) override { return {}; }
};

/// Sources of some hundred megabytes, in a folder that goes when the benchmark ends.
class Sources
{
public:
    Sources() : m_folder(fs::temp_directory_path() / ("mulligan-bench-cancel-" + std::to_string(::getpid())))
    {
        fs::create_directories(m_folder);
    }
    ~Sources()
    {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }
    Sources(const Sources &) = delete;
    Sources &operator=(const Sources &) = delete;

    [[nodiscard]] std::string at(const std::string &name) const { return (m_folder / name).string(); }
    /// A file that `head` begins and copies of `piece` fill; made once.
    [[nodiscard]] std::string filled(const std::string &name, const std::string &head,
                                     const std::function<std::string()> &piece) const
    {
        const std::string path = at(name);
        if (fs::exists(path))
            return path;
        const std::string repeated = piece();
        std::ofstream file(path, std::ios::binary);
        file << head;
        for (std::size_t written = 0; written < kMegabytes * 1'000'000; written += repeated.size())
            file << repeated;
        return path;
    }
    [[nodiscard]] std::string packed(Packing packing, const std::string &plain) const
    {
        const std::string path = plain + ".packed" + std::to_string(static_cast<int>(packing));
        return bench::writePacked(packing, plain, path) ? path : std::string();
    }

private:
    fs::path m_folder;
};

const Sources &sources()
{
    static const Sources made;
    return made;
}

std::string rowsText(bool csv, int count)
{
    generated::Rows rows(1, 2000);
    std::string out;
    for (int i = 0; i < count; ++i) {
        const generated::Row row = rows.next();
        out += csv ? rows.csvLine(row) : rows.jsonLine(row);
    }
    return out;
}

/// Just below the limit of a line.
constexpr std::size_t kLongBytes = 60'000'000;

std::string longEvent()
{
    return "{\"Event\":\"org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart\",\"executionId\":1,"
           "\"description\":\""
           + std::string(kLongBytes, 'd') + "\"}\n";
}

std::string longFailure()
{
    std::string trace;
    while (trace.size() < kLongBytes)
        trace += "\\tat com.example.pipeline.step" + std::to_string(trace.size()) + ".Operator.process(X.scala:1)\\n";
    return R"({"job":"a","run":"r","attempt":1,"outcome":"failed","started_at":1767225600000,)"
           R"("ended_at":1767225900000,"error_text":")"
           + trace + "\"}\n";
}

std::string plainLog()
{
    bench::SparkLog begin;
    begin.begin();
    return sources().filled("log", begin.text(), [] {
        base::Rng rng(1, "bench cancel");
        return bench::queryLines(rng, 7) + bench::queryLines(rng, 1) + bench::queryLines(rng, 2);
    });
}

using Work = std::function<bool(const std::stop_token &, base::Progress &)>;

/// Runs `work` again and again, asks it to stop when `ready` or at a random moment within `within`, and notes how long
/// it takes to return. Bar: 200 ms for the worst.
void worstStop(benchmark::State &state, const Work &work, std::chrono::milliseconds within,
               const std::function<bool(const base::Progress &)> &ready = {})
{
    base::Rng rng(5, "stops");
    double worst = 0.0;
    double sum = 0.0;
    std::int64_t stopped = 0;
    for (auto _ : state) {
        std::stop_source stop;
        base::Progress progress;
        auto finished = std::async(std::launch::async, [&] {
            const bool whole = work(stop.get_token(), progress);
            return std::pair(Clock::now(), whole);
        });
        while (ready && !ready(progress)
               && finished.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
            ;
        std::this_thread::sleep_for(std::chrono::microseconds(rng.between(0, within.count() * 1000)));
        const auto asked = Clock::now();
        stop.request_stop();
        const auto [returned, whole] = finished.get();
        const double seconds = std::max(0.0, std::chrono::duration<double>(returned - asked).count());
        state.SetIterationTime(seconds);
        stopped += whole ? 0 : 1;
        sum += seconds;
        worst = std::max(worst, seconds);
    }
    state.counters["worst_ms"] = worst * 1e3;
    state.counters["mean_ms"] = sum * 1e3 / static_cast<double>(state.iterations());
    state.counters["stopped"] = static_cast<double>(stopped);
}

void reader(benchmark::State &state, ingest::Format format, const std::string &path)
{
    worstStop(
        state,
        [&](const std::stop_token &stop, base::Progress &progress) {
            IgnoringSink sink;
            return ingest::readSource({path, format, {path}, nullptr}, {}, sink, stop, progress).has_value();
        },
        std::chrono::milliseconds(300));
}

void eventLog(benchmark::State &state)
{
    reader(state, ingest::Format::SparkEventLog, plainLog());
}
void eventLogPacked(benchmark::State &state, Packing packing)
{
    reader(state, ingest::Format::SparkEventLog, sources().packed(packing, plainLog()));
}
void eventLogOfLongLines(benchmark::State &state)
{
    reader(state, ingest::Format::SparkEventLog, sources().filled("long-log", "", longEvent));
}
void eventLogOfOneEndlessLine(benchmark::State &state)
{
    reader(state, ingest::Format::SparkEventLog,
           sources().filled("endless-log", "{\"Event\":\"", [] { return std::string(1'000'000, 'x'); }));
}
void jsonLines(benchmark::State &state)
{
    reader(state, ingest::Format::Attempts,
           sources().filled("rows.jsonl", "", [] { return rowsText(false, 250'000); }));
}
void jsonLinesOfLongLines(benchmark::State &state)
{
    reader(state, ingest::Format::Attempts, sources().filled("long.jsonl", "", longFailure));
}
void jsonLinesOfOneEndlessLine(benchmark::State &state)
{
    reader(state, ingest::Format::Attempts,
           sources().filled("endless.jsonl", "{\"job\":\"", [] { return std::string(1'000'000, 'x'); }));
}
void csv(benchmark::State &state)
{
    reader(state, ingest::Format::Csv,
           sources().filled("rows.csv", generated::Rows::csvHeader(), [] { return rowsText(true, 250'000); }));
}
void csvOfAQuoteThatNeverCloses(benchmark::State &state)
{
    reader(state, ingest::Format::Csv, sources().filled("endless.csv", generated::Rows::csvHeader() + "\"", [] {
        return rowsText(false, 20'000);
    }));
}

void hashing(benchmark::State &state)
{
    const std::string path = plainLog();
    worstStop(
        state,
        [&](const std::stop_token &stop, base::Progress &progress) {
            return ingest::hashUnit({path, ingest::Format::SparkEventLog, {path}, nullptr}, stop, progress).has_value();
        },
        std::chrono::milliseconds(100));
}

bool importOnce(const std::string &path, const std::stop_token &stop, base::Progress &progress)
{
    const std::string file = sources().at("w.mulligan");
    for (const char *const suffix : {"", "-wal", "-shm", "-journal"})
        fs::remove(file + suffix);
    auto workspace = store::Workspace::create(file);
    const std::vector<std::string> paths{path};
    return workspace && pipeline::importSources(*workspace, paths, {}, stop, progress).has_value();
}

void wholeImport(benchmark::State &state, const char *stage, int distinctRows)
{
    const std::string path = sources().filled("rows" + std::to_string(distinctRows) + ".jsonl", "",
                                              [&] { return rowsText(false, distinctRows); });
    worstStop(
        state, [&](const std::stop_token &stop, base::Progress &progress) { return importOnce(path, stop, progress); },
        std::chrono::milliseconds(400),
        [&](const base::Progress &progress) {
            const auto now = progress.sample();
            return now.stage.starts_with(stage) && (now.stage.starts_with("Storing") || now.done > 0);
        });
}

#define MULLIGAN_STOP(...) __VA_ARGS__->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(kRounds)
MULLIGAN_STOP(BENCHMARK(eventLog));
MULLIGAN_STOP(BENCHMARK_CAPTURE(eventLogPacked, zstd, Packing::Zstd));
MULLIGAN_STOP(BENCHMARK_CAPTURE(eventLogPacked, lz4, Packing::Lz4));
MULLIGAN_STOP(BENCHMARK_CAPTURE(eventLogPacked, snappy, Packing::Snappy));
MULLIGAN_STOP(BENCHMARK_CAPTURE(eventLogPacked, lzf, Packing::Lzf));
MULLIGAN_STOP(BENCHMARK_CAPTURE(eventLogPacked, gzip, Packing::Gzip));
MULLIGAN_STOP(BENCHMARK(eventLogOfLongLines));
MULLIGAN_STOP(BENCHMARK(eventLogOfOneEndlessLine));
MULLIGAN_STOP(BENCHMARK(jsonLines));
MULLIGAN_STOP(BENCHMARK(jsonLinesOfLongLines));
MULLIGAN_STOP(BENCHMARK(jsonLinesOfOneEndlessLine));
MULLIGAN_STOP(BENCHMARK(csv));
MULLIGAN_STOP(BENCHMARK(csvOfAQuoteThatNeverCloses));
MULLIGAN_STOP(BENCHMARK(hashing));
MULLIGAN_STOP(BENCHMARK_CAPTURE(wholeImport, reading, "Reading", 250'000));
// A row that comes twice has indices built in the middle.
MULLIGAN_STOP(BENCHMARK_CAPTURE(wholeImport, building_indices_early, "Reading", 100'000));
MULLIGAN_STOP(BENCHMARK_CAPTURE(wholeImport, building_indices, "Storing", 250'000));

} // namespace

BENCHMARK_MAIN();

#include "formats/compress.hpp"
#include "ingest/spark_event_log.hpp"

#include "../core/ingest/spark_log_writer.hpp"
#include "base/rng.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace mulligan;
using ingest_test::Json;
using ingest_test::SparkLog;

namespace
{

namespace fs = std::filesystem;

struct CountingSink : ingest::AttemptSink {
    std::uint64_t attempts = 0;
    base::Result<void> accept(model::Attempt) override
    {
        ++attempts;
        return {};
    }
    base::Result<void> reject(ingest::Reject) override { return {}; }
};

Json accumulables(base::Rng &rng)
{
    Json out = Json::array();
    for (int i = 0; i < 14; ++i)
        out.push(Json::object()
                     .set("ID", i + 400)
                     .set("Name", "internal.metrics.number" + std::to_string(i))
                     .set("Update", rng.between(0, 1'000'000))
                     .set("Value", rng.between(0, 100'000'000))
                     .set("Internal", true)
                     .set("Count Failed Values", true));
    return out;
}

Json taskMetrics(base::Rng &rng)
{
    const auto amount = [&rng] { return rng.between(0, 50'000'000); };
    return Json::object()
        .set("Executor Deserialize Time", rng.between(0, 90))
        .set("Executor Deserialize CPU Time", amount())
        .set("Executor Run Time", rng.between(10, 9000))
        .set("Executor CPU Time", amount() * 100)
        .set("Peak Execution Memory", amount())
        .set("Result Size", rng.between(900, 9000))
        .set("JVM GC Time", rng.between(0, 300))
        .set("Result Serialization Time", 0)
        .set("Memory Bytes Spilled", 0)
        .set("Disk Bytes Spilled", 0)
        .set("Shuffle Read Metrics", Json::object()
                                         .set("Remote Blocks Fetched", rng.between(0, 90))
                                         .set("Local Blocks Fetched", rng.between(0, 90))
                                         .set("Fetch Wait Time", 0)
                                         .set("Remote Bytes Read", amount())
                                         .set("Remote Bytes Read To Disk", 0)
                                         .set("Local Bytes Read", amount())
                                         .set("Total Records Read", amount()))
        .set("Shuffle Write Metrics", Json::object()
                                          .set("Shuffle Bytes Written", amount())
                                          .set("Shuffle Write Time", amount())
                                          .set("Shuffle Records Written", amount()))
        .set("Input Metrics", Json::object().set("Bytes Read", amount()).set("Records Read", amount()))
        .set("Output Metrics", Json::object().set("Bytes Written", 0).set("Records Written", 0))
        .set("Updated Blocks", Json::array());
}

std::string taskLines(base::Rng &rng, int stage, int index)
{
    Json info = Json::object()
                    .set("Task ID", stage * 1000 + index)
                    .set("Index", index)
                    .set("Attempt", 0)
                    .set("Partition ID", index)
                    .set("Launch Time", SparkLog::at(stage))
                    .set("Executor ID", std::to_string(rng.between(1, 40)))
                    .set("Host", "worker-" + std::to_string(rng.between(1, 40)) + ".example.net")
                    .set("Locality", "NODE_LOCAL")
                    .set("Speculative", false)
                    .set("Getting Result Time", 0)
                    .set("Finish Time", 0)
                    .set("Failed", false)
                    .set("Killed", false)
                    .set("Accumulables", Json::array());
    Json start = SparkLog::named("SparkListenerTaskStart")
                     .set("Stage ID", stage)
                     .set("Stage Attempt ID", 0)
                     .set("Task Info", info);
    Json peaks = Json::object();
    for (const char *const name : {"JVMHeapMemory",
                                   "JVMOffHeapMemory",
                                   "OnHeapExecutionMemory",
                                   "OffHeapExecutionMemory",
                                   "OnHeapStorageMemory",
                                   "OffHeapStorageMemory",
                                   "OnHeapUnifiedMemory",
                                   "OffHeapUnifiedMemory",
                                   "DirectPoolMemory",
                                   "MappedPoolMemory",
                                   "ProcessTreeJVMVMemory",
                                   "ProcessTreeJVMRSSMemory",
                                   "ProcessTreePythonVMemory",
                                   "ProcessTreePythonRSSMemory",
                                   "ProcessTreeOtherVMemory",
                                   "ProcessTreeOtherRSSMemory",
                                   "MinorGCCount",
                                   "MinorGCTime",
                                   "MajorGCCount",
                                   "MajorGCTime"})
        peaks.set(name, rng.between(0, 4'000'000'000));
    Json reason = rng.chance(0.01)
                      ? SparkLog::exception("java.io.IOException", "cannot read",
                                            "java.io.IOException: cannot read\n\tat orders.In.read(In.scala:8)")
                      : Json::object().set("Reason", "Success");
    info.set("Finish Time", SparkLog::at(stage + 1)).set("Accumulables", accumulables(rng));
    Json end = SparkLog::named("SparkListenerTaskEnd")
                   .set("Stage ID", stage)
                   .set("Stage Attempt ID", 0)
                   .set("Task Type", "ShuffleMapTask")
                   .set("Task End Reason", reason)
                   .set("Task Info", info)
                   .set("Task Executor Metrics", peaks)
                   .set("Task Metrics", taskMetrics(rng));
    return writeJson(start) + "\n" + writeJson(end) + "\n";
}

/// One stage of 200 tasks with what surrounds it; about 700 KB.
std::string stageLines(base::Rng &rng, int stage)
{
    SparkLog log;
    log.sqlStart(stage, stage).jobStart(stage, stage, {stage}, stage);
    for (int index = 0; index < 200; ++index)
        log.raw(taskLines(rng, stage, index));
    return log.stage(stage, 0, stage + 1).jobSucceeded(stage, stage + 1).sqlEnd(stage, stage + 1, "").text();
}

/// Synthetic logs in a folder that goes when the benchmark ends.
class Logs
{
public:
    Logs() : m_folder(fs::temp_directory_path() / ("mulligan-bench-" + std::to_string(::getpid())))
    {
        fs::create_directories(m_folder);
    }
    ~Logs()
    {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }
    /// A log of about `megabytes`; equal blocks repeat, which costs the reader the same.
    std::string plain(std::size_t megabytes) const
    {
        const std::string path = (m_folder / ("app-" + std::to_string(megabytes))).string();
        if (fs::exists(path))
            return path;
        base::Rng rng(1, "bench event log");
        std::string block;
        for (int stage = 0; stage < 24; ++stage)
            block += stageLines(rng, stage);
        std::ofstream file(path, std::ios::binary);
        SparkLog head;
        head.begin();
        for (int i = 1; i <= 40; ++i)
            head.executor(std::to_string(i), 1);
        file << head.text();
        for (std::size_t written = 0; written < megabytes * 1'000'000; written += block.size())
            file << block;
        file << SparkLog().end(9000).text();
        return path;
    }
    std::string zstd(std::size_t megabytes) const
    {
        const std::string path = (m_folder / ("app-" + std::to_string(megabytes) + ".zstd")).string();
        std::ifstream file(plain(megabytes), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(file)), {});
        const auto packed = formats::zstdCompress(text);
        std::ofstream(path, std::ios::binary) << *packed;
        return path;
    }

private:
    fs::path m_folder;
};

const Logs &logs()
{
    static const Logs made;
    return made;
}

bool readLog(const std::string &path)
{
    CountingSink sink;
    base::Progress progress;
    const auto report =
        ingest::readSparkEventLog({path, ingest::Format::SparkEventLog, {path}, {}}, {}, sink, {}, progress);
    return report.has_value() && sink.attempts == 1 && report->rejectedRows == 0;
}

void readAll(benchmark::State &state, const std::string &path, std::uint64_t decodedBytes)
{
    for (auto _ : state) {
        if (!readLog(path))
            state.SkipWithError("the log could not be read");
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(decodedBytes * state.iterations()));
    state.counters["decoded_mb"] = static_cast<double>(decodedBytes) / 1e6;
}

/// Bytes of decoded JSON a second on one core. Bar: 200 MB/s.
void plainLog(benchmark::State &state)
{
    const std::string path = logs().plain(100);
    readAll(state, path, fs::file_size(path));
}
BENCHMARK(plainLog)->Unit(benchmark::kMillisecond);

void zstdLog(benchmark::State &state)
{
    const std::uint64_t decoded = fs::file_size(logs().plain(100));
    readAll(state, logs().zstd(100), decoded);
}
BENCHMARK(zstdLog)->Unit(benchmark::kMillisecond);

/// Peak resident memory of a process of its own that reads a log of a gigabyte. Bar: 300 MB.
void peakMemoryOfAGigabyte(benchmark::State &state)
{
    const std::string path = logs().plain(1000);
    double peak = 0.0;
    std::string command("'");
    command.append(fs::read_symlink("/proc/self/exe").string()).append("' --read '").append(path).append("'");
    for (auto _ : state) {
        std::FILE *child = ::popen(command.c_str(), "r");
        long kib = 0;
        if (child == nullptr || std::fscanf(child, "%ld", &kib) != 1 || ::pclose(child) != 0)
            state.SkipWithError("the log could not be read");
        peak = static_cast<double>(kib) / 1024.0;
    }
    state.counters["peak_rss_mib"] = peak;
}
BENCHMARK(peakMemoryOfAGigabyte)->Unit(benchmark::kMillisecond)->Iterations(1);

/// Peak resident memory of this process's own image, KiB (what rusage gives begins with the parent's).
long peakKib()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:"))
            return std::stol(line.substr(6));
    }
    return -1;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 3 && std::string_view(argv[1]) == "--read") {
        const bool good = readLog(argv[2]);
        std::printf("%ld\n", peakKib());
        return good ? 0 : 1;
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

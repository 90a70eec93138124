#include "ingest/spark_event_log.hpp"

#include "generated_event_log.hpp"
#include "packed_file.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include <sys/resource.h>
#include <unistd.h>

using namespace mulligan;
using bench::Packing;
using bench::writePacked;
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

/// Megabytes of decoded JSON: 1,000 unless MULLIGAN_BENCH_MB says otherwise.
std::size_t decodedMegabytes()
{
    const char *const asked = std::getenv("MULLIGAN_BENCH_MB");
    return asked != nullptr ? std::max<std::size_t>(1, std::strtoul(asked, nullptr, 10)) : 1000;
}

/// The same synthetic log in every form, in a folder that goes when the benchmark ends.
class Logs
{
public:
    Logs() : m_folder(fs::temp_directory_path() / ("mulligan-bench-" + std::to_string(::getpid())))
    {
        fs::create_directories(m_folder);
        std::ofstream file(plain(), std::ios::binary);
        SparkLog head;
        head.begin();
        for (int i = 1; i <= 40; ++i)
            head.executor(std::to_string(i), 1);
        file << head.text();
        // Equal rounds repeat behind each other, too far apart for any of the codecs to notice.
        base::Rng rng(1, "bench event log");
        std::vector<std::string> round;
        for (int query = 0; query < 24; ++query)
            round.push_back(bench::queryLines(rng, query));
        file << bench::sqlStartLine(rng, 90'000, 250'000) << '\n'; // 20 MB and more in one string
        for (std::size_t i = 0; m_decoded < decodedMegabytes() * 1'000'000; ++i) {
            file << round[i % round.size()];
            m_decoded += round[i % round.size()].size();
        }
        file << SparkLog().end(9000).text();
    }
    ~Logs()
    {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }
    Logs(const Logs &) = delete;
    Logs &operator=(const Logs &) = delete;

    [[nodiscard]] std::string plain() const { return (m_folder / "app-1").string(); }
    [[nodiscard]] std::uint64_t decodedBytes() const { return m_decoded; }
    /// The log in one compressed file, which `remove` takes away again.
    [[nodiscard]] std::string packed(Packing packing, const char *suffix) const
    {
        if (packing == Packing::Plain)
            return plain();
        std::string path = plain() + suffix;
        return writePacked(packing, plain(), path) ? path : std::string();
    }
    /// The log as a rolling folder of ten parts, every codec Spark has among them.
    [[nodiscard]] std::vector<std::string> rolling() const
    {
        constexpr int kParts = 10;
        static constexpr std::array<std::pair<Packing, const char *>, 5> kCodecs{{{Packing::Zstd, ".zstd"},
                                                                                  {Packing::Lz4, ".lz4"},
                                                                                  {Packing::Snappy, ".snappy"},
                                                                                  {Packing::Lzf, ".lzf"},
                                                                                  {Packing::Plain, ""}}};
        const fs::path folder = m_folder / "eventlog_v2_app-1";
        fs::create_directories(folder);
        std::ifstream file(plain(), std::ios::binary);
        std::vector<std::string> parts;
        for (int number = 1; number <= kParts; ++number) {
            const auto &[packing, suffix] = kCodecs[static_cast<std::size_t>(number) % kCodecs.size()];
            const std::string one = (m_folder / "part").string();
            copyLines(file, one, number < kParts ? m_decoded / kParts : m_decoded);
            parts.push_back((folder / ("events_" + std::to_string(number) + "_app-1" + suffix)).string());
            if (!writePacked(packing, one, parts.back()))
                return {};
        }
        return parts;
    }

private:
    static void copyLines(std::ifstream &from, const std::string &path, std::uint64_t bytes)
    {
        std::ofstream out(path, std::ios::binary);
        std::uint64_t done = 0;
        for (std::string line; done < bytes && std::getline(from, line); done += line.size() + 1)
            out << line << '\n';
    }

    fs::path m_folder;
    std::uint64_t m_decoded = 0;
};

const Logs &logs()
{
    static const Logs made;
    return made;
}

/// Reads a log that lies in these files.
bool readLog(const std::vector<std::string> &parts)
{
    CountingSink sink;
    base::Progress progress;
    const auto report =
        ingest::readSparkEventLog({parts.front(), ingest::Format::SparkEventLog, parts, {}}, {}, sink, {}, progress);
    return report.has_value() && sink.attempts == 1 && report->rejectedRows == 0 && report->warnings.empty();
}

struct Measured {
    double seconds = 0.0; ///< of one core
    double peakMib = 0.0;
};

/// Reads in a process of its own, so that its peak of memory is its own.
std::optional<Measured> measured(const std::vector<std::string> &parts)
{
    std::string command = "'" + fs::read_symlink("/proc/self/exe").string() + "' --read";
    for (const std::string &part : parts)
        command += " '" + part + "'";
    std::FILE *child = ::popen(command.c_str(), "r");
    long kib = 0;
    Measured out;
    const bool said = child != nullptr && std::fscanf(child, "%ld %lf", &kib, &out.seconds) == 2;
    if (child == nullptr || ::pclose(child) != 0 || !said)
        return std::nullopt;
    out.peakMib = static_cast<double>(kib) / 1024.0;
    return out;
}

/// Decoded JSON a second of one core (user and system time, so that other work on the machine does not count) and peak
/// of memory. Bars: 200 MB/s and more, below 300 MB.
void readAll(benchmark::State &state, const std::vector<std::string> &parts)
{
    Measured worst;
    double seconds = 0.0;
    for (auto _ : state) {
        const auto one = measured(parts);
        if (!one) {
            state.SkipWithError("the log could not be read");
            return;
        }
        state.SetIterationTime(one->seconds);
        seconds += one->seconds;
        worst.peakMib = std::max(worst.peakMib, one->peakMib);
    }
    const auto decoded = static_cast<double>(logs().decodedBytes());
    state.counters["decoded_MB"] = decoded / 1e6;
    state.counters["MB_per_s"] = decoded / 1e6 * static_cast<double>(state.iterations()) / seconds;
    state.counters["peak_MB"] = worst.peakMib * 1.048576;
}

void singleLog(benchmark::State &state, Packing packing, const char *suffix)
{
    const std::string path = logs().packed(packing, suffix);
    readAll(state, {path});
    if (packing != Packing::Plain)
        fs::remove(path);
}

void rollingLog(benchmark::State &state)
{
    readAll(state, logs().rolling());
}

#define MULLIGAN_LOG_BENCH(...)                                                                                        \
    BENCHMARK_CAPTURE(singleLog, __VA_ARGS__)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(3)
MULLIGAN_LOG_BENCH(plain, Packing::Plain, "");
MULLIGAN_LOG_BENCH(zstd, Packing::Zstd, ".zstd");
MULLIGAN_LOG_BENCH(lz4, Packing::Lz4, ".lz4");
MULLIGAN_LOG_BENCH(snappy, Packing::Snappy, ".snappy");
MULLIGAN_LOG_BENCH(lzf, Packing::Lzf, ".lzf");
MULLIGAN_LOG_BENCH(gzip, Packing::Gzip, ".gz");
BENCHMARK(rollingLog)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(3);

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

double cpuSeconds()
{
    struct rusage usage {
    };
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc >= 3 && std::string_view(argv[1]) == "--read") {
        const bool good = readLog(std::vector<std::string>(argv + 2, argv + argc));
        std::printf("%ld %f\n", peakKib(), cpuSeconds());
        return good ? 0 : 1;
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

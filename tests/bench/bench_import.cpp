#include "../core/pipeline/generated_rows.hpp"
#include "pipeline/import_sources.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace
{

namespace fs = std::filesystem;
using namespace mulligan;

constexpr int kRows = 200'000;

/// The same rows as JSON Lines and as CSV, made once and removed at the end.
struct Files {
    fs::path folder = fs::temp_directory_path() / "mulligan-bench-import";
    std::string json = (folder / "rows.jsonl").string();
    std::string csv = (folder / "rows.csv").string();

    Files()
    {
        fs::create_directories(folder);
        std::ofstream jsonFile(json, std::ios::binary);
        std::ofstream csvFile(csv, std::ios::binary);
        csvFile << generated::Rows::csvHeader();
        generated::Rows rows(1);
        for (int i = 0; i < kRows; ++i) {
            const generated::Row row = rows.next();
            jsonFile << rows.jsonLine(row);
            csvFile << rows.csvLine(row);
        }
    }
    ~Files() { fs::remove_all(folder); }

    void fresh(const std::string &name) const
    {
        for (const char *suffix : {"", "-wal", "-shm", "-journal"})
            fs::remove(folder / (name + suffix));
    }
};

const Files &files()
{
    static const Files made;
    return made;
}

double secondsSince(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// From the file to a workspace that is closed and can be queried.
double importSeconds(benchmark::State &state)
{
    files().fresh("bench.mulligan");
    const auto begin = std::chrono::steady_clock::now();
    auto workspace = store::Workspace::create((files().folder / "bench.mulligan").string());
    base::Progress progress;
    const std::vector<std::string> paths{files().json};
    if (!workspace) {
        state.SkipWithError(workspace.error().text().c_str());
        return 1.0;
    }
    const auto report = pipeline::importSources(*workspace, paths, {}, {}, progress);
    if (!report || report->attempts != kRows)
        state.SkipWithError("the import failed");
    return secondsSince(begin);
}

double sqliteSeconds(benchmark::State &state)
{
    files().fresh("bench.sqlite");
    const std::string database = (files().folder / "bench.sqlite").string();
    const std::string command = "sqlite3 '" + database + "' '.import --csv " + files().csv + " attempt'";
    const auto begin = std::chrono::steady_clock::now();
    if (std::system(command.c_str()) != 0)
        state.SkipWithError("the sqlite3 program failed");
    return secondsSince(begin);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Promise (design.md, section 12): the ratio is at most 1.5.
void importAgainstSqlite(benchmark::State &state)
{
    std::vector<double> ours;
    std::vector<double> theirs;
    files();
    for (auto _ : state) {
        // In turns, so that whatever slows the machine down slows both.
        ours.push_back(importSeconds(state));
        theirs.push_back(sqliteSeconds(state));
        state.SetIterationTime(ours.back());
    }
    state.counters["us_per_row"] = median(ours) * 1e6 / kRows;
    state.counters["sqlite_us_per_row"] = median(theirs) * 1e6 / kRows;
    state.counters["ratio"] = median(ours) / median(theirs);
}
BENCHMARK(importAgainstSqlite)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();

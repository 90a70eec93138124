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

/// From the file to a workspace that can be queried and is closed: what was written is on the disk by then.
double importSeconds(benchmark::State &state)
{
    files().fresh("bench.mulligan");
    const auto begin = std::chrono::steady_clock::now();
    {
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
    }
    return secondsSince(begin);
}

/// What a workspace has beside its rows, as far as the columns of a plain import allow it: without the ids that make
/// names and texts short, and without an index over texts.
constexpr const char *kIndices =
    "CREATE UNIQUE INDEX identity ON attempt(job, run, attempt);"
    "CREATE INDEX facets ON attempt(started_at, ended_at, outcome, attempt, exit_code, cost_usd, job, owner, cluster)"
    " WHERE outcome IN ('failed', 'killed');"
    "CREATE INDEX started ON attempt(started_at) WHERE outcome IN ('failed', 'killed');"
    "CREATE INDEX runs ON attempt(job, run, attempt) WHERE outcome IN ('failed', 'killed');"
    "CREATE INDEX cost ON attempt(cost_usd) WHERE outcome IN ('failed', 'killed');";

/// The sqlite3 program's import into a new file with its own settings: a rollback journal, all of it on the disk.
double sqliteSeconds(benchmark::State &state, bool indices)
{
    files().fresh("bench.sqlite");
    const std::string database = (files().folder / "bench.sqlite").string();
    std::string command = "sqlite3 '" + database + "' '.import --csv " + files().csv + " attempt'";
    if (indices) {
        std::ofstream(files().folder / "indices.sql") << kIndices;
        command += " '.read " + (files().folder / "indices.sql").string() + "'";
    }
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

/// Promise (design.md, section 12): `ratio`, against the plain import that leaves a table without any index, is at most
/// 1.5. Beside it the same against an import that makes the indices as well.
void importAgainstSqlite(benchmark::State &state)
{
    std::vector<double> ours;
    std::vector<double> plain;
    std::vector<double> indexed;
    files();
    for (auto _ : state) {
        // In turns, so that whatever slows the machine down slows all.
        ours.push_back(importSeconds(state));
        plain.push_back(sqliteSeconds(state, false));
        indexed.push_back(sqliteSeconds(state, true));
        state.SetIterationTime(ours.back());
    }
    state.counters["us_per_row"] = median(ours) * 1e6 / kRows;
    state.counters["sqlite_us_per_row"] = median(plain) * 1e6 / kRows;
    state.counters["sqlite_indexed_us_per_row"] = median(indexed) * 1e6 / kRows;
    state.counters["ratio"] = median(ours) / median(plain);
    state.counters["ratio_indexed"] = median(ours) / median(indexed);
}
BENCHMARK(importAgainstSqlite)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();

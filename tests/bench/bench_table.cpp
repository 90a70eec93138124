#include "generated_workspace.hpp"
#include "store/failure_query.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>

using namespace mulligan;

namespace
{

constexpr std::int64_t kFailures = 1'000'000;

const std::string &path()
{
    static const std::string file = [] {
        const std::string name = (std::filesystem::temp_directory_path() / "mulligan_bench_table.mulligan").string();
        if (!tests::GeneratedWorkspace::write(name, kFailures))
            std::abort();
        return name;
    }();
    return file;
}

store::Workspace &workspace()
{
    static store::Workspace opened = [] {
        auto result = store::Workspace::open(path(), store::OpenMode::ReadOnly);
        if (!result)
            std::abort();
        return std::move(result).value();
    }();
    return opened;
}

void measure(benchmark::State &state, const store::FailureFilter &filter, const store::FailureSort &sort)
{
    auto &database = workspace();
    std::size_t rows = 0;
    for (auto _ : state) {
        const auto ids = store::findFailures(database, filter, sort, {});
        if (!ids)
            std::abort();
        rows = ids->size();
    }
    state.counters["rows"] = static_cast<double>(rows);
}

/// Sorting a million failures by each column. Bar: 300 ms.
void sortBy(benchmark::State &state)
{
    measure(state, {}, {static_cast<store::FailureColumn>(state.range(0)), true});
}
BENCHMARK(sortBy)->DenseRange(0, static_cast<int>(store::kFailureColumnCount) - 1)->Unit(benchmark::kMillisecond);

/// Filtering a million failures. Bar: 300 ms.
void filterBy(benchmark::State &state)
{
    store::FailureFilter filter;
    switch (state.range(0)) {
    case 0: filter.errorClass = "group_3"; break;
    case 1: filter.text = "heap"; break;
    case 2: filter.text = "stage word17"; break;
    case 3: filter.job = "42"; break;
    case 4: filter.outcome = model::Outcome::Killed; break;
    default: filter.from = base::Instant{1'705'000'000'000}; break;
    }
    measure(state, filter, {store::FailureColumn::Cost, true});
}
BENCHMARK(filterBy)->DenseRange(0, 5)->Unit(benchmark::kMillisecond);

/// A page of 200 rows out of the middle. Bar: 20 ms.
void fetchPage(benchmark::State &state)
{
    auto &database = workspace();
    const auto ids = store::findFailures(database, {}, {store::FailureColumn::Cost, true}, {});
    if (!ids)
        std::abort();
    std::size_t at = 0;
    for (auto _ : state) {
        at = (at + 99'991) % (ids->size() - 200);
        const auto rows = store::failureRows(database, std::span(*ids).subspan(at, 200));
        if (!rows || rows->size() != 200)
            std::abort();
    }
}
BENCHMARK(fetchPage)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    std::filesystem::remove(path());
    return 0;
}

#include "classify/rule_file.hpp"
#include "generated_failures.hpp"
#include "pipeline/rule_preview.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

// What a preview takes while a rule is typed, on 100,000 failures. Bar: 200 ms. Three ways a history may be: few
// distinct texts, every text distinct, and more text than is kept in memory.

using namespace mulligan;

namespace
{

template <typename T> T give(base::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::abort();
    }
    return std::move(*result);
}

const classify::RulePack &pack()
{
    static const classify::RulePack loaded = give(classify::loadPack({MULLIGAN_SOURCE_DIR "/resources/rules"}));
    return loaded;
}

std::string pathOf(int texts)
{
    return (std::filesystem::temp_directory_path() / ("mulligan_bench_preview_" + std::to_string(texts) + ".mulligan"))
        .string();
}

enum Kept { All, Half };

std::shared_ptr<const pipeline::RulePreview> load(int texts, Kept kept)
{
    if (!std::filesystem::exists(pathOf(texts))) {
        tests::GeneratedFailures::Options options;
        options.failures = 100'000;
        options.texts = texts;
        options.textBytes = 4000;
        if (!tests::GeneratedFailures::write(pathOf(texts), pack(), options))
            std::abort();
    }
    auto workspace = give(store::Workspace::open(pathOf(texts), store::OpenMode::ReadOnly));
    pipeline::PreviewOptions options;
    if (kept == Half)
        options.textBytes = 200u << 20;
    base::Progress progress;
    return give(
        pipeline::RulePreview::load(workspace, give(classify::Classifier::make(pack())), options, {}, progress));
}

const pipeline::RulePreview &loaded(int texts, Kept kept)
{
    static std::map<std::pair<int, Kept>, std::shared_ptr<const pipeline::RulePreview>> known;
    auto &at = known[{texts, kept}];
    if (!at) {
        known.clear(); // one at a time, for the memory's sake
        return *(known[{texts, kept}] = load(texts, kept));
    }
    return *at;
}

enum Edit { Rare, Common, NoLiteral, Scoped, OnCause, Priority };

classify::Rule rule(Edit edit)
{
    if (edit == Priority) {
        classify::Rule known = pack().rules[pack().rules.size() / 2];
        known.priority += 7;
        return known;
    }
    classify::Rule made;
    made.id = "bench.typed";
    made.errorClass = "code.exception";
    made.priority = 90;
    made.any = {"StepFailed: step \\d*77 gave up"};
    if (edit == Common)
        made.any = {"Exception in task \\d+"};
    if (edit == NoLiteral)
        made.any = {"\\d\\d\\d\\d\\d\\d"};
    if (edit == Scoped)
        made.scopeConfig["spark.executor.memory"] = "7g";
    if (edit == OnCause)
        made.where = classify::MatchWhere::RootCause;
    return made;
}

void preview(benchmark::State &state)
{
    const auto &texts = loaded(static_cast<int>(state.range(0)), static_cast<Kept>(state.range(1)));
    const classify::Rule typed = rule(static_cast<Edit>(state.range(2)));
    pipeline::PackPreview last;
    for (auto _ : state)
        last = give(texts.preview(typed, {}));
    state.counters["changed"] = static_cast<double>(last.changed);
    state.counters["texts"] = static_cast<double>(texts.distinctTexts());
    state.counters["MB"] = static_cast<double>(texts.memoryBytes()) / 1e6;
    state.counters["from_file"] = static_cast<double>(last.textsFromFile);
}
BENCHMARK(preview)
    ->ArgNames({"texts", "kept", "edit"})
    ->ArgsProduct({{3000}, {All}, {Rare, Common, NoLiteral, Scoped, OnCause, Priority}})
    ->ArgsProduct({{100'000}, {All, Half}, {Rare, Common, NoLiteral, Scoped, OnCause, Priority}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void loading(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(load(static_cast<int>(state.range(0)), All));
}
BENCHMARK(loading)
    ->ArgName("texts")
    ->Arg(3000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

/// From the request to stop until control is back.
void cancel(benchmark::State &state)
{
    const auto &texts = loaded(100'000, All);
    const classify::Rule typed = rule(NoLiteral);
    for (auto _ : state) {
        std::stop_source stop;
        std::chrono::steady_clock::time_point asked;
        std::thread asker([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            asked = std::chrono::steady_clock::now();
            stop.request_stop();
        });
        benchmark::DoNotOptimize(texts.preview(typed, stop.get_token()));
        const auto ended = std::chrono::steady_clock::now();
        asker.join();
        state.SetIterationTime(std::max(0.0, std::chrono::duration<double>(ended - asked).count()));
    }
}
BENCHMARK(cancel)->Unit(benchmark::kMillisecond)->Iterations(10)->UseManualTime();

} // namespace

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    for (const int texts : {3000, 100'000})
        for (const char *tail : {"", "-wal", "-shm"})
            std::filesystem::remove(pathOf(texts) + tail);
    return 0;
}

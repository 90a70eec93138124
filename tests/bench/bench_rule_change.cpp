#include "classify/rule_file.hpp"
#include "generated_failures.hpp"
#include "pipeline/classify_workspace.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

// What a change of one rule takes on a million failures, stored anew in full or only where it can change. Bar: 2 s.
// "share" is how many of the failures the rule decides.

using namespace mulligan;

namespace
{

using Rules = std::shared_ptr<const classify::Classifier>;

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
    return (std::filesystem::temp_directory_path() / ("mulligan_bench_rules_" + std::to_string(texts) + ".mulligan"))
        .string();
}

/// A workspace of a million failures with so many distinct texts, classified by the shipped pack.
store::Workspace &workspace(int texts)
{
    static std::map<int, store::Workspace> made;
    const auto known = made.find(texts);
    if (known != made.end())
        return known->second;
    tests::GeneratedFailures::Options options;
    options.texts = texts;
    if (!tests::GeneratedFailures::write(pathOf(texts), pack(), options))
        std::abort();
    auto opened = give(store::Workspace::open(pathOf(texts), store::OpenMode::ReadWrite));
    base::Progress progress;
    give(pipeline::classifyWorkspace(opened, *give(classify::Classifier::make(pack())), {}, progress));
    return made.emplace(texts, std::move(opened)).first->second;
}

/// The rule that decides most failures of the workspace.
const std::string &mostFrequent(int texts)
{
    static std::map<int, std::string> known;
    if (known[texts].empty()) {
        base::Progress progress;
        const auto report = give(
            pipeline::classifyWorkspace(workspace(texts), *give(classify::Classifier::make(pack())), {}, progress));
        std::uint64_t most = 0;
        for (const auto &[rule, wins] : report.byRule) {
            if (wins > most)
                known[texts] = rule;
            most = std::max(most, wins);
        }
    }
    return known[texts];
}

enum Edit { SamePack, Restated, Pattern, Retired, NewRare, NewCommon, RootCauseRule };

Rules edited(Edit edit, const std::string &frequent)
{
    classify::RulePack changed = pack();
    for (classify::Rule &rule : changed.rules) {
        if (rule.id != frequent)
            continue;
        if (edit == Restated)
            rule.priority += 1;
        if (edit == Pattern)
            rule.any.push_back("StepFailed: step 77");
        if (edit == Retired)
            rule.status = classify::RuleStatus::Retired;
    }
    classify::Rule added;
    added.id = "bench.added";
    added.errorClass = "code.exception";
    added.any = {edit == NewCommon ? "Exception in task \\d+7\\.0" : "StepFailed: step \\d*77 gave up"};
    if (edit == RootCauseRule)
        added.where = classify::MatchWhere::RootCause;
    if (edit >= NewRare)
        changed.rules.push_back(added);
    return give(classify::Classifier::make(std::move(changed)));
}

void change(benchmark::State &state)
{
    const int texts = static_cast<int>(state.range(0));
    auto &database = workspace(texts);
    const std::string frequent = mostFrequent(texts);
    const Rules before = give(classify::Classifier::make(pack()));
    const Rules after = edited(static_cast<Edit>(state.range(1)), frequent);
    base::Progress progress;
    std::uint64_t failures = 0;
    for (auto _ : state) {
        const auto report = give(pipeline::classifyWorkspace(database, *after, {}, progress));
        failures = report.failures;
        state.PauseTiming();
        give(pipeline::classifyWorkspace(database, *before, {}, progress));
        state.ResumeTiming();
    }
    state.counters["failures"] = static_cast<double>(failures);
}
BENCHMARK(change)
    ->ArgNames({"texts", "edit"})
    ->ArgsProduct({{20'000, 200'000}, {SamePack, Restated, Pattern, Retired, NewRare, NewCommon, RootCauseRule}})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(2)
    ->UseRealTime();

void whole(benchmark::State &state)
{
    auto &database = workspace(static_cast<int>(state.range(0)));
    const Rules rules = give(classify::Classifier::make(pack()));
    base::Progress progress;
    for (auto _ : state)
        give(pipeline::classifyWhole(database, *rules, {}, progress));
}
BENCHMARK(whole)
    ->ArgName("texts")
    ->Arg(20'000)
    ->Arg(200'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseRealTime();

/// From the request to stop until control is back, some way into a change of a pattern. Bar: 200 ms.
void cancel(benchmark::State &state)
{
    auto &database = workspace(200'000);
    const Rules after = edited(NewCommon, mostFrequent(200'000));
    for (auto _ : state) {
        std::stop_source stop;
        std::chrono::steady_clock::time_point asked;
        std::thread asker([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(state.range(0)));
            asked = std::chrono::steady_clock::now();
            stop.request_stop();
        });
        base::Progress progress;
        const auto stopped = pipeline::classifyWorkspace(database, *after, stop.get_token(), progress);
        const auto ended = std::chrono::steady_clock::now();
        asker.join();
        if (stopped)
            state.SkipWithError("it was done before it was stopped");
        state.SetIterationTime(std::chrono::duration<double>(ended - asked).count());
    }
}
BENCHMARK(cancel)
    ->ArgName("after_ms")
    ->Arg(50)
    ->Arg(300)
    ->Arg(700)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->UseManualTime();

} // namespace

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    for (const int texts : {20'000, 200'000})
        for (const char *tail : {"", "-wal", "-shm"})
            std::filesystem::remove(pathOf(texts) + tail);
    return 0;
}

#pragma once

#include "../predict/world.hpp"
#include "store/history_loader.hpp"
#include "store/source_writer.hpp"
#include "store/verdict_store.hpp"
#include "store/workspace.hpp"

#include <QtTest>

#include <array>
#include <map>
#include <string>

namespace mulligan::tests
{

inline constexpr const char *kWorldRules = R"(schema: 1
rules:
  - id: executor-heap
    title: 'Executor ran out of heap'
    class: memory_config.executor_heap
    domain: user
    transient: false
    priority: 78
    action: ask_model
    match:
      where: whole_log
      any: ['java\.lang\.OutOfMemoryError']
    summary: 'An executor ran out of heap.'
    advice: 'Raise spark.executor.memory.'
    samples:
      positive: ['java.lang.OutOfMemoryError: Java heap space']
      negative: ['nothing']
  - id: any-failure
    title: 'Something failed'
    class: code.exception
    domain: user
    transient: false
    priority: 10
    action: stop
    match:
      where: whole_log
      any: ['java\.']
    summary: 'An exception ended the job.'
    advice: 'Look at the code.'
    samples:
      positive: ['java.lang.NullPointerException']
      negative: ['nothing']
)";

inline model::Attempt recordOf(const model::History &history, const model::HistoryAttempt &attempt)
{
    model::Attempt out;
    out.job = history.jobs.at(attempt.job);
    out.run = history.runs.at(attempt.run);
    out.owner = history.names.at(attempt.owner);
    out.attempt = attempt.attempt;
    out.outcome = attempt.outcome;
    out.trigger = attempt.trigger;
    out.startedAt = attempt.startedAt;
    out.endedAt = attempt.endedAt;
    out.config = history.configs[attempt.config];
    out.metrics = attempt.metrics.all();
    if (model::isDecisionPoint(attempt))
        out.errorText = attempt.exceptionClass;
    return out;
}

/// A verdict as classification stores it: the winning rule, and the one that would win without it.
inline model::Verdict storedVerdict(const model::HistoryAttempt &attempt)
{
    model::Verdict verdict = attempt.verdict;
    verdict.action = verdict.transient ? model::RuleAction::Retry : model::RuleAction::AskModel;
    verdict.matches = {{verdict.rule, 0, 1, 0, 4, true}, {"any-failure", 0, 1, 0, 4, false}};
    return verdict;
}

inline std::string keyOf(const model::History &history, const model::HistoryAttempt &attempt)
{
    return history.jobs.at(attempt.job) + "/" + history.runs.at(attempt.run) + "/" + std::to_string(attempt.attempt);
}

/// Writes a world into a new workspace, classified.
inline base::Result<store::Workspace> workspaceOf(const model::History &history, const std::string &path)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::create(path));
    store::SourceMeta meta{"world.jsonl", "attempts", std::string(64, 'a'), 1, base::fromCivil(2026, 6, 1)};
    MULLIGAN_TRY(auto writer, store::SourceWriter::begin(workspace, meta));
    for (const model::HistoryAttempt &attempt : history.attempts) {
        MULLIGAN_CHECK(writer.add(recordOf(history, attempt), attempt.exceptionClass, attempt.templateHash));
    }
    MULLIGAN_CHECK(writer.commit({}));
    base::Progress progress;
    MULLIGAN_TRY(const auto loaded, store::loadHistory(workspace, {}, progress));
    MULLIGAN_TRY(auto verdicts, store::VerdictWriter::begin(workspace));
    // Jobs are numbered by name there and by age here.
    std::map<std::string, const model::HistoryAttempt *> made;
    for (const model::HistoryAttempt &attempt : history.attempts)
        made[keyOf(history, attempt)] = &attempt;
    std::map<std::string, std::int64_t> known;
    for (const model::HistoryAttempt &attempt : loaded.attempts) {
        const model::HistoryAttempt &source = *made.at(keyOf(loaded, attempt));
        if (!model::isDecisionPoint(source))
            continue;
        auto at = known.find(source.verdict->rule);
        if (at == known.end()) {
            MULLIGAN_TRY(const std::int64_t id, verdicts.addVerdict(storedVerdict(source)));
            at = known.emplace(source.verdict->rule, id).first;
        }
        MULLIGAN_CHECK(verdicts.assign(attempt.id, at->second));
    }
    MULLIGAN_CHECK(verdicts.commit());
    return workspace;
}

} // namespace mulligan::tests

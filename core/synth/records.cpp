#include "synth/records.hpp"

#include "formats/csv.hpp"
#include "formats/json.hpp"

#include <array>

namespace mulligan::synth
{

namespace
{

using formats::Json;

constexpr std::array kMetrics{
    model::metric::kPeakHeapBytes,      model::metric::kPeakOffHeapBytes,
    model::metric::kPeakRssBytes,       model::metric::kPeakDriverHeapBytes,
    model::metric::kInputBytes,         model::metric::kOutputBytes,
    model::metric::kShuffleReadBytes,   model::metric::kShuffleWriteBytes,
    model::metric::kMemorySpilledBytes, model::metric::kDiskSpilledBytes,
    model::metric::kGcSeconds,          model::metric::kCpuSeconds,
    model::metric::kRunSeconds,         model::metric::kTasks,
    model::metric::kFailedTasks,        model::metric::kLostExecutors,
    model::metric::kExecutors,
};

/// A whole number is written without a fraction.
Json number(double value)
{
    const auto whole = static_cast<std::int64_t>(value);
    return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

Json configJson(const model::Config &config)
{
    Json json = Json::object();
    for (const auto &[key, value] : config)
        json.set(key, value);
    return json;
}

/// Field by field in the order of design.md; `visit(name, value)` is called for those that are there.
template <typename Visit> void eachField(const model::Attempt &attempt, Visit visit)
{
    const auto text = [&](const char *name, std::string_view value) {
        if (!value.empty())
            visit(name, Json(value));
    };
    const auto amount = [&](const char *name, const std::optional<double> &value) {
        if (value)
            visit(name, number(*value));
    };
    text("job", attempt.job);
    text("run", attempt.run);
    visit("attempt", Json(attempt.attempt));
    text("outcome", model::name(attempt.outcome));
    text("started_at", base::formatInstant(attempt.startedAt));
    text("ended_at", base::formatInstant(attempt.endedAt));
    text("workflow", attempt.workflow);
    text("owner", attempt.owner);
    text("team", attempt.team);
    text("cluster", attempt.cluster);
    text("queue", attempt.queue);
    text("application_id", attempt.applicationId);
    text("trigger", model::name(attempt.trigger));
    if (attempt.exitCode)
        visit("exit_code", Json(*attempt.exitCode));
    text("error_text", attempt.errorText);
    visit("config", configJson(attempt.config));
    amount("vcore_seconds", attempt.vcoreSeconds);
    amount("memory_gb_seconds", attempt.memoryGbSeconds);
    amount("cost_usd", attempt.costUsd);
    amount("manual_minutes", attempt.manualMinutes);
    text("action", attempt.action);
    amount("action_probability", attempt.actionProbability);
    text("policy_version", attempt.policyVersion);
}

constexpr std::array kColumns{"job",           "run",
                              "attempt",       "outcome",
                              "started_at",    "ended_at",
                              "workflow",      "owner",
                              "team",          "cluster",
                              "queue",         "application_id",
                              "trigger",       "exit_code",
                              "error_text",    "config",
                              "vcore_seconds", "memory_gb_seconds",
                              "cost_usd",      "manual_minutes",
                              "action",        "action_probability",
                              "policy_version"};

} // namespace

std::string jsonLine(const model::Attempt &attempt)
{
    Json json = Json::object();
    eachField(attempt, [&](const char *name, Json value) { json.set(name, std::move(value)); });
    if (!attempt.metrics.empty()) {
        Json metrics = Json::object();
        for (const auto &[key, value] : attempt.metrics)
            metrics.set(key, number(value));
        json.set("metrics", std::move(metrics));
    }
    return formats::writeJson(json) + "\n";
}

std::string csvHeader()
{
    std::string line;
    for (const char *column : kColumns)
        line += (line.empty() ? "" : ",") + std::string(column);
    for (const std::string_view metric : kMetrics)
        line += ",metrics." + std::string(metric);
    return line + "\n";
}

std::string csvRecord(const model::Attempt &attempt)
{
    std::array<std::string, kColumns.size()> fields;
    eachField(attempt, [&](std::string_view name, const Json &value) {
        for (std::size_t i = 0; i < kColumns.size(); ++i)
            if (name == kColumns[i])
                fields[i] = value.isString() ? value.string() : formats::writeJson(value);
    });
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        line += i == 0 ? "" : ",";
        formats::appendCsvField(line, fields[i]);
    }
    for (const std::string_view metric : kMetrics) {
        line += ',';
        if (const auto it = attempt.metrics.find(std::string(metric)); it != attempt.metrics.end())
            line += formats::writeJson(number(it->second));
    }
    return line + "\n";
}

std::string truthLine(const Potential &potential)
{
    const Json json = Json()
                          .set("job", potential.job)
                          .set("variant", std::string(potential.run) + "/" + std::to_string(potential.attempt))
                          .set("config", configJson(potential.resources.config()))
                          .set("repeat", 1)
                          .set("outcome", model::name(potential.trial.outcome))
                          .set("seconds", number(potential.trial.seconds))
                          .set("cost_usd", number(potential.trial.costUsd));
    return formats::writeJson(json) + "\n";
}

} // namespace mulligan::synth

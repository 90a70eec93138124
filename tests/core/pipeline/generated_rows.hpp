#pragma once

#include "base/instant.hpp"
#include "base/rng.hpp"
#include "formats/csv.hpp"
#include "formats/json.hpp"

#include <string>
#include <vector>

/// Synthetic attempt records for import tests and the import bench: one attempt in four failed, with a text of about
/// two kilobytes drawn from a few thousand distinct ones, as repeated failures of the same jobs leave them.
namespace generated
{

struct Row {
    std::string job;
    std::string run;
    int attempt = 1;
    bool failed = false;
    std::int64_t startedMs = 0;
    std::int64_t endedMs = 0;
    std::string owner;
    std::string cluster;
    std::string trigger;
    std::size_t text = 0; ///< index into the texts, when it failed
    std::string memory;
    double peakBytes = 0.0;
    double costUsd = 0.0;
};

class Rows
{
public:
    explicit Rows(std::uint64_t seed, std::size_t distinctTexts = 3000) : m_rng(seed, "rows")
    {
        makeTexts(seed, distinctTexts);
    }

    Row next()
    {
        Row row;
        row.job = "team" + std::to_string(m_rng.below(20)) + ".job" + std::to_string(m_rng.below(2000));
        row.run = "2026-" + std::to_string(m_count++);
        row.attempt = 1;
        row.failed = m_rng.chance(0.25);
        row.startedMs = 1'767'225'600'000 + static_cast<std::int64_t>(m_count) * 1000;
        row.endedMs = row.startedMs + m_rng.between(30'000, 3'600'000);
        row.owner = "owner" + std::to_string(m_rng.below(50));
        row.cluster = m_rng.chance(0.5) ? "east" : "west";
        row.trigger = m_rng.chance(0.8) ? "scheduled" : "auto_retry";
        row.text = static_cast<std::size_t>(m_rng.below(m_texts.size()));
        row.memory = std::to_string(std::int64_t(1) << m_rng.between(1, 5)) + "g";
        row.peakBytes = static_cast<double>(m_rng.between(500'000'000, 30'000'000'000));
        row.costUsd = static_cast<double>(m_rng.between(1, 5000)) / 100.0;
        return row;
    }
    [[nodiscard]] const std::string &text(const Row &row) const { return m_texts[row.text]; }

    /// The row as a JSON line with its line end.
    [[nodiscard]] std::string jsonLine(const Row &row) const
    {
        using mulligan::formats::Json;
        Json json;
        json.set("job", row.job).set("run", row.run).set("attempt", row.attempt);
        json.set("outcome", row.failed ? "failed" : "succeeded");
        json.set("started_at", mulligan::base::formatInstant({row.startedMs}));
        json.set("ended_at", mulligan::base::formatInstant({row.endedMs}));
        json.set("owner", row.owner).set("cluster", row.cluster).set("trigger", row.trigger);
        if (row.failed)
            json.set("exit_code", 1).set("error_text", text(row));
        json.set("config", Json().set("spark.executor.memory", row.memory).set("spark.executor.cores", "4"));
        json.set("metrics", Json().set("peak_heap_bytes", row.peakBytes).set("tasks", 200));
        json.set("cost_usd", row.costUsd);
        return mulligan::formats::writeJson(json) + '\n';
    }
    static std::string csvHeader()
    {
        return "job,run,attempt,outcome,started_at,ended_at,owner,cluster,trigger,exit_code,error_text,config,metrics,"
               "cost_usd\n";
    }
    [[nodiscard]] std::string csvLine(const Row &row) const
    {
        std::string out;
        const auto field = [&](const std::string &value) {
            if (!out.empty())
                out += ',';
            mulligan::formats::appendCsvField(out, value);
        };
        field(row.job);
        field(row.run);
        field(std::to_string(row.attempt));
        field(row.failed ? "failed" : "succeeded");
        field(mulligan::base::formatInstant({row.startedMs}));
        field(mulligan::base::formatInstant({row.endedMs}));
        field(row.owner);
        field(row.cluster);
        field(row.trigger);
        field(row.failed ? "1" : "");
        field(row.failed ? text(row) : "");
        field("{\"spark.executor.memory\":\"" + row.memory + "\",\"spark.executor.cores\":\"4\"}");
        field("{\"peak_heap_bytes\":" + std::to_string(row.peakBytes) + ",\"tasks\":200}");
        field(std::to_string(row.costUsd));
        return out + '\n';
    }

private:
    void makeTexts(std::uint64_t seed, std::size_t count)
    {
        mulligan::base::Rng rng(seed, "texts");
        static const char *const kCauses[] = {
            "java.lang.OutOfMemoryError: Java heap space",
            "org.apache.spark.shuffle.FetchFailedException: Failed to connect to host",
            "java.io.FileNotFoundException: No such file: s3a://lake/part",
            "java.sql.SQLException: Lock wait timeout exceeded"};
        for (std::size_t i = 0; i < count; ++i) {
            std::string text = "26/01/02 03:04:05 ERROR Executor: Exception in task " + std::to_string(rng.below(5000))
                               + ".0 in stage " + std::to_string(rng.below(300)) + ".0\n" + kCauses[rng.below(4)]
                               + std::to_string(i) + '\n';
            while (text.size() < 2000)
                text += "\tat com.example.pipeline.step" + std::to_string(rng.below(40)) + ".Operator"
                        + std::to_string(rng.below(200)) + ".process(Operator.scala:" + std::to_string(rng.below(900))
                        + ")\n";
            m_texts.push_back(std::move(text));
        }
    }

    mulligan::base::Rng m_rng;
    std::vector<std::string> m_texts;
    std::uint64_t m_count = 0;
};

} // namespace generated

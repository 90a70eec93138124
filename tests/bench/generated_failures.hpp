#pragma once

#include "base/rng.hpp"
#include "classify/rule.hpp"
#include "formats/compress.hpp"
#include "formats/hash.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::tests
{

/// A workspace of failures with texts, written straight into its tables: what a change of rules is measured on.
/// Synthetic: most texts hold a sample of one of the pack's rules as their root cause, within a stack trace of
/// `textBytes`; one success in ten failures has a text too. The same rows for the same seed.
class GeneratedFailures
{
public:
    struct Options {
        std::int64_t failures = 1'000'000;
        int texts = 20'000;
        std::size_t textBytes = 2000;
        std::uint64_t seed = 1;
    };

    [[nodiscard]] static base::Result<void> write(const std::string &path, const classify::RulePack &pack,
                                                  const Options &options)
    {
        for (const char *tail : {"", "-wal", "-shm"})
            std::filesystem::remove(path + tail);
        MULLIGAN_TRY(auto workspace, store::Workspace::create(path));
        const sqlite::Connection &connection = workspace.connection();
        MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
        MULLIGAN_CHECK(connection.run("INSERT INTO source(path, format, sha256, bytes, imported_ms) "
                                      "VALUES('synthetic.jsonl', 'attempts', 'x', 1, 0)"));
        base::Rng rng(options.seed, "generated failures");
        MULLIGAN_CHECK(writeJobs(connection));
        MULLIGAN_CHECK(writeTexts(connection, pack, options, rng));
        MULLIGAN_CHECK(writeAttempts(connection, options, rng));
        return transaction.commit();
    }

private:
    static constexpr int kJobs = 5000;
    static constexpr int kConfigs = 400;

    static base::Result<void> writeJobs(const sqlite::Connection &connection)
    {
        MULLIGAN_TRY(auto job, connection.prepare("INSERT INTO job(name) VALUES(?1)"));
        for (int i = 0; i < kJobs; ++i) {
            const std::string name = "job_" + std::to_string(i);
            job.bind(1, std::string_view(name));
            MULLIGAN_CHECK(job.run());
        }
        MULLIGAN_TRY(auto config, connection.prepare("INSERT INTO config(body) VALUES(?1)"));
        for (int i = 0; i < kConfigs; ++i) {
            const std::string body = "{\"spark.executor.memory\":\"" + std::to_string(i) + "g\"}";
            config.bind(1, std::string_view(body));
            MULLIGAN_CHECK(config.run());
        }
        return {};
    }

    static std::string textOf(const classify::RulePack &pack, std::size_t bytes, int number, base::Rng &rng,
                              std::string &cause)
    {
        const auto &rule = pack.rules[rng.below(pack.rules.size())];
        cause = rng.chance(0.8) && !rule.positive.empty()
                    ? rule.positive[rng.below(rule.positive.size())]
                    : "com.example.pipeline.StepFailed: step " + std::to_string(number) + " gave up";
        std::string text = "26/01/02 03:04:05 ERROR Executor: Exception in task " + std::to_string(number)
                           + ".0 in stage " + std::to_string(rng.below(300)) + ".0\n" + cause + '\n';
        while (text.size() < bytes)
            text += "\tat com.example.pipeline.step" + std::to_string(rng.below(40)) + ".Operator"
                    + std::to_string(rng.below(200)) + ".process(Operator.scala:" + std::to_string(rng.below(900))
                    + ")\n";
        return text;
    }

    static base::Result<void> writeTexts(const sqlite::Connection &connection, const classify::RulePack &pack,
                                         const Options &options, base::Rng &rng)
    {
        MULLIGAN_TRY(auto body, connection.prepare("INSERT INTO error_text(hash, body) VALUES(?1, ?2)"));
        MULLIGAN_TRY(auto insert, connection.prepare("INSERT INTO cause(id, body, exception_class, template_hash) "
                                                     "VALUES(?1, ?2, 'E', 1)"));
        for (int i = 0; i < options.texts; ++i) {
            std::string cause;
            const std::string text = textOf(pack, options.textBytes, i, rng, cause);
            MULLIGAN_TRY(const std::string packed, formats::zstdCompress(text));
            const std::string number = std::to_string(i);
            body.bind(1, std::string_view(number));
            body.bindBlob(2, packed);
            MULLIGAN_CHECK(body.run());
            cause += " [" + number + "]"; // a cause of its own for each text
            insert.bind(1, i + 1);
            insert.bind(2, std::string_view(cause));
            MULLIGAN_CHECK(insert.run());
        }
        return {};
    }

    static base::Result<void> writeAttempts(const sqlite::Connection &connection, const Options &options,
                                            base::Rng &rng)
    {
        MULLIGAN_TRY(auto attempt,
                     connection.prepare("INSERT INTO attempt(job_id, run, attempt, outcome, started_ms, ended_ms, "
                                        "owner_id, team_id, cluster_id, trigger_kind, exit_code, text_id, cause_id, "
                                        "config_id, metrics, cost_usd, cost_source, source_id) VALUES(?1, ?2, 1, ?3, "
                                        "?4, ?5, 1, 1, 1, 1, 1, ?6, ?7, ?8, ?9, ?10, 1, 1)"));
        const std::string metrics = "{\"peak_heap_bytes\":8589934592,\"input_bytes\":123456789012,\"tasks\":2000}";
        const std::int64_t successes = options.failures / 10;
        for (std::int64_t i = 0; i < options.failures + successes; ++i) {
            const bool failed = i < options.failures;
            const std::string run = "scheduled__" + std::to_string(i);
            const std::int64_t started = 1'700'000'000'000 + rng.between(0, 180LL * 86'400'000);
            // The first rows take every text once, so that none is left over.
            const std::int64_t text = i < options.texts ? i + 1 : rng.between(1, options.texts);
            attempt.bind(1, rng.between(1, kJobs));
            attempt.bind(2, std::string_view(run));
            attempt.bind(3, failed ? static_cast<int>(rng.between(1, 2)) : 0);
            attempt.bind(4, started);
            attempt.bind(5, started + rng.between(1000, 500'000));
            failed || i % 10 == 0 ? attempt.bind(6, text) : attempt.bindNull(6);
            failed || i % 10 == 0 ? attempt.bind(7, text) : attempt.bindNull(7);
            attempt.bind(8, rng.between(1, kConfigs));
            attempt.bind(9, std::string_view(metrics));
            attempt.bind(10, rng.logNormal(0.0, 1.5));
            MULLIGAN_CHECK(attempt.run());
        }
        return {};
    }
};

} // namespace mulligan::tests

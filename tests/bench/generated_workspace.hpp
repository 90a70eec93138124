#pragma once

#include "base/rng.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace mulligan::tests
{

/// A workspace with `failures` failed attempts and a success after every third, written straight into its tables: what
/// the table's bars are measured on. Synthetic; the same rows for the same seed.
class GeneratedWorkspace
{
public:
    static constexpr int kTexts = 3000;
    static constexpr int kJobs = 5000;
    static constexpr int kNames = 80;

    [[nodiscard]] static base::Result<void> write(const std::string &path, std::int64_t failures,
                                                  std::uint64_t seed = 1)
    {
        std::filesystem::remove(path);
        MULLIGAN_TRY(auto workspace, store::Workspace::create(path));
        const sqlite::Connection &connection = workspace.connection();
        MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
        MULLIGAN_CHECK(
            connection.run("INSERT INTO source(path, format, sha256, bytes, imported_ms, attempts, failures) "
                           "VALUES('synthetic.jsonl', 'attempts', 'x', 1, 0, "
                           + std::to_string(failures + failures / 3) + ", " + std::to_string(failures) + ")"));
        base::Rng rng(seed, "generated workspace");
        MULLIGAN_CHECK(writeNames(connection, rng));
        MULLIGAN_CHECK(writeTexts(connection, rng));
        MULLIGAN_CHECK(writeAttempts(connection, rng, failures));
        return transaction.commit();
    }

private:
    static base::Result<void> writeNames(const sqlite::Connection &connection, base::Rng &rng)
    {
        MULLIGAN_TRY(auto job, connection.prepare("INSERT INTO job(name) VALUES(?1)"));
        for (int i = 0; i < kJobs; ++i) {
            const std::string name = "job_" + std::to_string(rng.below(1000)) + "_" + std::to_string(i);
            job.bind(1, std::string_view(name));
            MULLIGAN_CHECK(job.run());
        }
        MULLIGAN_TRY(auto row, connection.prepare("INSERT INTO name(name) VALUES(?1)"));
        for (int i = 0; i < kNames; ++i) {
            const std::string name = "name_" + std::to_string(rng.below(1000)) + "_" + std::to_string(i);
            row.bind(1, std::string_view(name));
            MULLIGAN_CHECK(row.run());
        }
        return {};
    }

    static base::Result<void> writeTexts(const sqlite::Connection &connection, base::Rng &rng)
    {
        MULLIGAN_TRY(
            auto verdict,
            connection.prepare("INSERT INTO verdict(class, domain, transient, rule, action, title, summary, advice, "
                               "captures, undetermined) VALUES(?1, 0, 0, ?2, 0, 'title', '', '', '{}', '[]')"));
        MULLIGAN_TRY(auto body, connection.prepare("INSERT INTO error_text(hash, body) VALUES(?1, 'x')"));
        MULLIGAN_TRY(auto search, connection.prepare("INSERT INTO error_text_fts(rowid, body) VALUES(?1, ?2)"));
        MULLIGAN_TRY(auto cause, connection.prepare("INSERT INTO cause(body, exception_class, template_hash) "
                                                    "VALUES(?1, 'E', 1)"));
        for (int i = 0; i < kTexts; ++i) {
            const auto kind = static_cast<int>(rng.below(60));
            const std::string errorClass = "group_" + std::to_string(kind % 15) + ".kind_" + std::to_string(kind);
            const std::string rule = "rule_" + std::to_string(kind);
            verdict.bind(1, std::string_view(errorClass));
            verdict.bind(2, std::string_view(rule));
            MULLIGAN_CHECK(verdict.run());
            const std::string id = std::to_string(i);
            body.bind(1, std::string_view(id));
            MULLIGAN_CHECK(body.run());
            const std::string words =
                "java.lang.OutOfMemoryError heap space in stage " + id + " word" + std::to_string(kind);
            search.bind(1, i + 1);
            search.bind(2, std::string_view(words));
            MULLIGAN_CHECK(search.run());
            cause.bind(1, std::string_view(words));
            MULLIGAN_CHECK(cause.run());
        }
        return {};
    }

    static base::Result<void> writeAttempts(const sqlite::Connection &connection, base::Rng &rng, std::int64_t failures)
    {
        MULLIGAN_TRY(
            auto attempt,
            connection.prepare("INSERT INTO attempt(job_id, run, attempt, outcome, started_ms, ended_ms, owner_id, "
                               "team_id, cluster_id, trigger_kind, exit_code, text_id, cause_id, metrics, cost_usd, "
                               "cost_source, source_id, verdict_id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                               "?11, ?12, ?13, ?14, ?15, 1, 1, ?16)"));
        const std::string metrics = "{\"peak_heap_bytes\":8589934592,\"input_bytes\":123456789012,\"gc_seconds\":123.5,"
                                    "\"shuffle_read_bytes\":98765432100,\"tasks\":2000,\"failed_tasks\":12}";
        for (std::int64_t i = 0; i < failures; ++i) {
            const auto job = rng.between(1, kJobs);
            const std::string run = "scheduled__" + std::to_string(i);
            const std::int64_t started = 1'700'000'000'000 + rng.between(0, 180LL * 86'400'000);
            const auto text = rng.between(1, kTexts);
            const int tries = i % 3 == 0 ? 2 : 1;
            for (int number = 1; number <= tries; ++number) {
                const bool failed = number == 1;
                attempt.bind(1, job);
                attempt.bind(2, std::string_view(run));
                attempt.bind(3, number);
                attempt.bind(4, failed ? static_cast<int>(rng.between(1, 2)) : 0);
                attempt.bind(5, started + number * 600'000);
                attempt.bind(6, started + number * 600'000 + rng.between(1000, 500'000));
                attempt.bind(7, rng.between(1, kNames));
                attempt.bind(8, rng.between(1, 12));
                attempt.bind(9, rng.between(1, 4));
                attempt.bind(10, failed ? 1 : 2);
                attempt.bind(11, failed ? static_cast<int>(rng.between(1, 140)) : 0);
                failed ? attempt.bind(12, text) : attempt.bindNull(12);
                failed ? attempt.bind(13, text) : attempt.bindNull(13);
                attempt.bind(14, std::string_view(metrics));
                attempt.bind(15, rng.logNormal(0.0, 1.5));
                failed ? attempt.bind(16, text) : attempt.bindNull(16);
                MULLIGAN_CHECK(attempt.run());
            }
        }
        return {};
    }
};

} // namespace mulligan::tests

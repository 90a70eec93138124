#pragma once

#include "../../bench/generated_event_log.hpp"
#include "../../core/pipeline/generated_rows.hpp"

#include "base/rng.hpp"
#include "formats/hash.hpp"
#include "store/workspace.hpp"

#include <QtTest>

#include <fstream>
#include <map>
#include <string>

/// Sources for an import that is killed, and what of a workspace must be the same after it.
namespace killed_import
{

/// Writes a synthetic mix of about so many megabytes below `folder`: three fifths as one JSON Lines file, a fifth as
/// one CSV file, the rest as many event logs. Some rows of each cannot be used.
inline void writeSources(const QString &folder, double megabytes)
{
    QDir().mkpath(folder + QStringLiteral("/logs"));
    const std::string base = folder.toStdString();
    const auto rowsInto = [&](const std::string &name, double share, std::uint64_t seed, bool csv) {
        std::ofstream file(base + name, std::ios::binary);
        generated::Rows rows(seed, 2000);
        if (csv)
            file << generated::Rows::csvHeader();
        double written = 0.0;
        for (int i = 0; written < share * megabytes * 1e6; ++i) {
            generated::Row row = rows.next();
            row.job = (csv ? "csv." : "json.") + row.job;
            const std::string line = i % 5000 == 17 ? "{broken\n" : csv ? rows.csvLine(row) : rows.jsonLine(row);
            file << line;
            written += static_cast<double>(line.size());
        }
    };
    rowsInto("/history.jsonl", 0.6, 1, false);
    rowsInto("/history.csv", 0.2, 2, true);
    mulligan::base::Rng rng(3, "logs");
    const std::string query = bench::queryLines(rng, 0);
    double written = 0.0;
    for (int i = 0; i == 0 || written < 0.2 * megabytes * 1e6; ++i) {
        const std::string id = "app-" + std::to_string(1000 + i);
        std::ofstream file(base + "/logs/" + id, std::ios::binary);
        ingest_test::SparkLog begin;
        ingest_test::SparkLog end;
        begin.begin(id, {}, "log.job" + std::to_string(i % 40));
        if (i % 3 == 0)
            end.jobStart(7, 50, {9}).jobFailed(7, 60, "java.io.IOException: no space " + std::to_string(i));
        file << begin.text() << query << "{broken\n" << end.end(90).text();
        written += static_cast<double>(query.size());
    }
}

inline std::vector<std::string> rowsOf(mulligan::store::Workspace &workspace, const std::string &sql, int columns)
{
    std::vector<std::string> out;
    auto rows = workspace.connection().prepare(sql);
    if (!rows)
        qFatal("%s", rows.error().text().c_str());
    for (;;) {
        const auto more = rows->step();
        if (!more)
            qFatal("%s", more.error().text().c_str());
        if (!*more)
            return out;
        std::string line;
        for (int i = 0; i < columns; ++i)
            line += std::string(rows->text(i)) + '|';
        out.push_back(std::move(line));
    }
}

/// What is there of every source, by path: its own row, and what was counted of its attempts, rejects and warnings.
/// What belongs to no source stands under "".
inline std::map<std::string, std::string> sourcesOf(mulligan::store::Workspace &workspace)
{
    std::map<std::string, std::string> out;
    const auto counted = [&](const std::string &table) {
        for (const std::string &row : rowsOf(workspace,
                                             "SELECT coalesce(s.path, ''), count(*) FROM " + table
                                                 + " t LEFT JOIN source s ON s.id = t.source_id GROUP BY t.source_id",
                                             2)) {
            const std::size_t bar = row.find('|');
            out[row.substr(0, bar)] += table + row.substr(bar);
        }
    };
    for (const std::string &row :
         rowsOf(workspace, "SELECT path, format, sha256, bytes, attempts, failures, rejected_rows FROM source", 7))
        out[row.substr(0, row.find('|'))] += row;
    counted("attempt");
    counted("reject");
    return out;
}

/// A digest of every attempt, reject and source, ids and times of import aside.
inline std::string digestOf(mulligan::store::Workspace &workspace)
{
    mulligan::formats::Sha256 hash;
    const auto add = [&](const std::string &sql, int columns) {
        auto rows = workspace.connection().prepare(sql);
        if (!rows)
            qFatal("%s", rows.error().text().c_str());
        for (;;) {
            const auto more = rows->step();
            if (!more)
                qFatal("%s", more.error().text().c_str());
            if (!*more)
                break;
            for (int i = 0; i < columns; ++i)
                hash.update(std::string(rows->text(i)) + '|');
        }
    };
    add("SELECT path, format, sha256, bytes, attempts, failures, rejected_rows FROM source ORDER BY path", 7);
    add("SELECT j.name, a.run, a.attempt, a.outcome, a.started_ms, a.ended_ms, o.name, k.name, a.trigger_kind, "
        "a.exit_code, hex(t.hash), c.body, f.body, a.metrics, a.cost_usd, a.cost_source, s.path FROM attempt a JOIN "
        "job "
        "j ON j.id = a.job_id LEFT JOIN name o ON o.id = a.owner_id LEFT JOIN name k ON k.id = a.cluster_id LEFT JOIN "
        "error_text t ON t.id = a.text_id LEFT JOIN cause c ON c.id = a.cause_id LEFT JOIN config f ON f.id = "
        "a.config_id JOIN source s ON s.id = a.source_id ORDER BY j.name, a.run, a.attempt",
        17);
    add("SELECT s.path, r.line, r.col, r.reason, r.body FROM reject r JOIN source s ON s.id = r.source_id ORDER BY "
        "s.path, r.line, r.reason",
        5);
    add("SELECT count(*) FROM error_text_fts WHERE error_text_fts MATCH 'OutOfMemoryError'", 1);
    return hash.hexDigest();
}

} // namespace killed_import

#pragma once

#include "generated_rows.hpp"
#include "pipeline/import_sources.hpp"

#include <QtTest>

#include <fstream>
#include <memory>

/// A folder with sources and workspaces, and what tests of the import do with them.
namespace mulligan::importing
{

inline void write(const QString &path, const std::string &text)
{
    QDir().mkpath(QFileInfo(path).path());
    std::ofstream file(path.toStdString(), std::ios::binary);
    file << text;
}

inline std::string row(const std::string &run, int attempt, const std::string &outcome, const std::string &more = {})
{
    return "{\"job\":\"orders\",\"run\":\"" + run + "\",\"attempt\":" + std::to_string(attempt) + ",\"outcome\":\""
           + outcome + "\",\"started_at\":\"2026-01-02T03:04:05Z\",\"ended_at\":\"2026-01-02T04:04:05Z\"" + more
           + "}\n";
}

inline base::Result<pipeline::ImportReport> import(store::Workspace &workspace, const QString &path,
                                                   std::stop_token stop = {})
{
    base::Progress progress;
    const std::vector<std::string> paths{path.toStdString()};
    pipeline::ImportOptions options;
    options.importedAt = base::Instant{1'767'323'045'000};
    return pipeline::importSources(workspace, paths, options, std::move(stop), progress);
}

/// Everything an import writes, in an order that does not depend on row ids.
inline std::string contentOf(store::Workspace &workspace)
{
    std::string out;
    const auto query = [&](const char *sql, int columns) {
        auto rows = workspace.connection().prepare(sql);
        if (!rows)
            qFatal("%s", rows.error().text().c_str());
        for (;;) {
            const auto more = rows->step();
            if (!more)
                qFatal("%s", more.error().text().c_str());
            if (!more.value())
                break;
            for (int i = 0; i < columns; ++i)
                out += std::string(rows->text(i)) + '|';
            out += '\n';
        }
    };
    query("SELECT path, format, sha256, bytes, attempts, failures, rejected_rows FROM source ORDER BY sha256", 7);
    query(
        "SELECT j.name, a.run, a.attempt, a.outcome, a.started_ms, a.ended_ms, o.name, k.name, a.trigger_kind, "
        "a.exit_code, hex(t.hash), c.body, f.body, a.metrics, a.cost_usd, a.cost_source, s.path FROM attempt a JOIN "
        "job "
        "j ON j.id = a.job_id LEFT JOIN name o ON o.id = a.owner_id LEFT JOIN name k ON k.id = a.cluster_id LEFT JOIN "
        "error_text t ON t.id = a.text_id LEFT JOIN cause c ON c.id = a.cause_id LEFT JOIN config f ON f.id = "
        "a.config_id JOIN source s ON s.id = a.source_id ORDER BY j.name, a.run, a.attempt",
        17);
    query("SELECT line, col, reason, body FROM reject ORDER BY line, reason", 4);
    query("SELECT count(*) FROM error_text_fts WHERE error_text_fts MATCH 'OutOfMemoryError'", 1);
    return out;
}

/// That many generated rows.
inline std::string history(int count)
{
    generated::Rows rows(42, 300);
    std::string out;
    for (int i = 0; i < count; ++i)
        out += rows.jsonLine(rows.next());
    return out;
}

/// Has a folder of its own; what lies in it goes with it.
class Folder
{
public:
    [[nodiscard]] QString at(const QString &name) const { return m_directory.filePath(name); }
    [[nodiscard]] std::string path(const QString &name) const { return at(name).toStdString(); }
    store::Workspace create(const QString &name = QStringLiteral("w.mulligan"))
    {
        auto made = store::Workspace::create(path(name));
        if (!made)
            qFatal("%s", made.error().text().c_str());
        return std::move(made).value();
    }

private:
    QTemporaryDir m_directory;
};

} // namespace mulligan::importing

#include "store/verdict_store.hpp"

#include "formats/compress.hpp"
#include "store/subject_reader.hpp"

namespace mulligan::store
{

namespace
{

base::Result<void> visitTexts(Workspace &workspace, const char *where, const std::set<std::string> &properties,
                              const VisitText &visit, const std::stop_token &stop)
{
    sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(
        auto rows,
        connection.prepare(
            std::string("SELECT a.id, a.text_id, c.body, j.name, a.exit_code, a.config_id, a.cause_id, a.job_id "
                        "FROM attempt a "
                        "JOIN job j ON j.id = a.job_id LEFT JOIN cause c ON c.id = a.cause_id WHERE ")
            + where + " ORDER BY a.text_id, a.id"));
    MULLIGAN_TRY(auto body, connection.prepare("SELECT body FROM error_text WHERE id = ?1"));
    MULLIGAN_TRY(auto scopes, ScopeReader::prepare(connection, properties));
    std::string text;
    std::int64_t textId = 0;
    for (;;) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        TextRow row;
        row.attemptId = rows.integer(0);
        row.textId = rows.integer(1);
        if (row.textId != textId) {
            textId = row.textId;
            text.clear();
            body.bind(1, textId);
            MULLIGAN_TRY(const bool found, body.step());
            if (found) {
                MULLIGAN_TRY(text, formats::zstdDecompress(body.text(0)));
            }
            body.reset();
        }
        row.text = text;
        row.rootCause = rows.text(2);
        row.job = rows.text(3);
        if (!rows.isNull(4))
            row.exitCode = static_cast<int>(rows.integer(4));
        row.configId = rows.integer(5);
        row.causeId = rows.integer(6);
        row.jobId = rows.integer(7);
        MULLIGAN_TRY(row.config, scopes.config(row.configId));
        MULLIGAN_CHECK(visit(row));
    }
}

} // namespace

base::Result<void> forEachFailureText(Workspace &workspace, const std::set<std::string> &properties,
                                      const VisitText &visit, std::stop_token stop)
{
    return visitTexts(workspace, "a.outcome IN (1, 2)", properties, visit, stop);
}

base::Result<void> forEachUnjudgedText(Workspace &workspace, const std::set<std::string> &properties,
                                       const VisitText &visit, std::stop_token stop)
{
    return visitTexts(workspace, "a.outcome IN (1, 2) AND a.verdict_id IS NULL", properties, visit, stop);
}

base::Result<void> forEachSuccessText(Workspace &workspace, const std::set<std::string> &properties,
                                      const VisitText &visit, std::stop_token stop)
{
    return visitTexts(workspace, "a.outcome = 0 AND a.text_id IS NOT NULL", properties, visit, stop);
}

} // namespace mulligan::store

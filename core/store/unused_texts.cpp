#include "store/unused_texts.hpp"

#include "formats/compress.hpp"

#include <string>
#include <vector>

namespace mulligan::store
{

namespace
{

/// Ids that attempts, or what single sources say of them, have in these columns.
std::string usedIds(const std::vector<std::string> &columns)
{
    std::string out;
    for (const std::string &column : columns) {
        for (const char *table : {"attempt", "witness"})
            out += (out.empty() ? "SELECT " : " UNION SELECT ") + column + " FROM " + table + " WHERE " + column
                   + " IS NOT NULL";
    }
    return out;
}

/// The search holds no texts, so what is to go from it must be said.
base::Result<void> forgetTexts(const sqlite::Connection &connection)
{
    MULLIGAN_TRY(auto unused,
                 connection.prepare("SELECT id, body FROM error_text WHERE id NOT IN (" + usedIds({"text_id"}) + ")"));
    MULLIGAN_TRY(auto unsearch, connection.prepare("INSERT INTO error_text_fts(error_text_fts, rowid, body) "
                                                   "VALUES('delete', ?1, ?2)"));
    std::vector<std::int64_t> ids;
    for (;;) {
        MULLIGAN_TRY(const bool more, unused.step());
        if (!more)
            break;
        MULLIGAN_TRY(const std::string text, formats::zstdDecompress(unused.text(1)));
        ids.push_back(unused.integer(0));
        unsearch.bind(1, ids.back());
        unsearch.bind(2, std::string_view(text));
        MULLIGAN_CHECK(unsearch.run());
    }
    MULLIGAN_TRY(auto remove, connection.prepare("DELETE FROM error_text WHERE id = ?1"));
    for (const std::int64_t id : ids) {
        remove.bind(1, id);
        MULLIGAN_CHECK(remove.run());
    }
    // Words that went stay in the index until its parts are merged.
    return ids.empty() ? base::Result<void>()
                       : connection.run("INSERT INTO error_text_fts(error_text_fts) VALUES('optimize')");
}

base::Result<void> forgetAll(const sqlite::Connection &connection)
{
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    MULLIGAN_CHECK(forgetTexts(connection));
    const auto forget = [&](const char *table, const std::vector<std::string> &columns) {
        return connection.run("DELETE FROM " + std::string(table) + " WHERE id NOT IN (" + usedIds(columns) + ")");
    };
    MULLIGAN_CHECK(forget("cause", {"cause_id"}));
    MULLIGAN_CHECK(forget("config", {"config_id"}));
    MULLIGAN_CHECK(forget("job", {"job_id"}));
    MULLIGAN_CHECK(forget("name", {"workflow_id", "owner_id", "team_id", "cluster_id", "queue_id"}));
    // A verdict quotes from its text. What is noted of a text must not be taken for one that gets its number later.
    MULLIGAN_CHECK(connection.run(
        "DELETE FROM verdict WHERE id NOT IN (SELECT verdict_id FROM attempt WHERE verdict_id IS NOT NULL);"
        "DELETE FROM rule_match WHERE verdict_id NOT IN (SELECT id FROM verdict);"
        "DELETE FROM verdict_subject WHERE verdict_id NOT IN (SELECT id FROM verdict);"
        "DELETE FROM cause_cluster_member WHERE cause_id NOT IN (SELECT id FROM cause);"
        "DELETE FROM success_tried WHERE text_id <> 0 AND text_id NOT IN (SELECT id FROM error_text);"
        "DELETE FROM success_hit WHERE attempt_id NOT IN (SELECT attempt_id FROM success_tried)"));
    return transaction.commit();
}

} // namespace

base::Result<void> forgetUnused(Workspace &workspace)
{
    const sqlite::Connection &connection = workspace.connection();
    MULLIGAN_CHECK(connection.run("PRAGMA secure_delete = ON"));
    auto done = forgetAll(connection);
    MULLIGAN_CHECK(connection.run("PRAGMA secure_delete = OFF"));
    return done;
}

} // namespace mulligan::store

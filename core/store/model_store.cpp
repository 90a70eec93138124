#include "store/model_store.hpp"

#include "formats/compress.hpp"

namespace mulligan::store
{

base::Result<void> saveModel(Workspace &workspace, const StoredModel &model)
{
    sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    for (const char *sql : {"DELETE FROM model_file WHERE model_id = ?1", "DELETE FROM model WHERE id = ?1"}) {
        MULLIGAN_TRY(auto remove, connection.prepare(sql));
        remove.bind(1, std::string_view(model.id));
        MULLIGAN_CHECK(remove.run());
    }
    MULLIGAN_TRY(auto insert, connection.prepare("INSERT INTO model(id, created_ms, card) VALUES(?1, ?2, ?3)"));
    insert.bind(1, std::string_view(model.id));
    insert.bind(2, model.createdAt.ms);
    insert.bind(3, std::string_view(model.cardJson));
    MULLIGAN_CHECK(insert.run());
    MULLIGAN_TRY(auto file, connection.prepare("INSERT INTO model_file(model_id, path, body) VALUES(?1, ?2, ?3)"));
    for (const auto &[path, content] : model.files) {
        MULLIGAN_TRY(const auto body, formats::zstdCompress(content));
        file.bind(1, std::string_view(model.id));
        file.bind(2, std::string_view(path));
        file.bindBlob(3, body);
        MULLIGAN_CHECK(file.run());
    }
    return transaction.commit();
}

base::Result<std::optional<StoredModel>> latestModel(Workspace &workspace, bool withFiles)
{
    sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto query,
                 connection.prepare("SELECT id, created_ms, card FROM model ORDER BY created_ms DESC, id LIMIT 1"));
    MULLIGAN_TRY(const bool row, query.step());
    if (!row)
        return std::optional<StoredModel>();
    StoredModel model;
    model.id = query.text(0);
    model.createdAt.ms = query.integer(1);
    model.cardJson = query.text(2);
    if (!withFiles)
        return std::optional(std::move(model));
    MULLIGAN_TRY(auto files, connection.prepare("SELECT path, body FROM model_file WHERE model_id = ?1"));
    files.bind(1, std::string_view(model.id));
    for (;;) {
        MULLIGAN_TRY(const bool more, files.step());
        if (!more)
            return std::optional(std::move(model));
        MULLIGAN_TRY(auto content, formats::zstdDecompress(files.text(1), 1u << 30));
        model.files.emplace(std::string(files.text(0)), std::move(content));
    }
}

} // namespace mulligan::store

#include "store/source_writer.hpp"

namespace mulligan::store
{

base::Result<bool> hasSourceOfSize(Workspace &workspace, std::uint64_t bytes)
{
    MULLIGAN_TRY(auto query, workspace.connection().prepare("SELECT 1 FROM source WHERE bytes = ?1"));
    query.bind(1, static_cast<std::int64_t>(bytes));
    return query.step();
}

base::Result<std::optional<SourceRow>> findSource(Workspace &workspace, std::string_view sha256)
{
    MULLIGAN_TRY(auto rows, workspace.sources());
    for (auto &row : rows) {
        if (row.sha256 == sha256)
            return std::optional(std::move(row));
    }
    return std::optional<SourceRow>();
}

} // namespace mulligan::store

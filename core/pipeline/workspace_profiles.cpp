#include "pipeline/workspace_profiles.hpp"

#include "ingest/mapping.hpp"

#include <memory>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

/// Null where this program cannot read it any more.
std::shared_ptr<const ingest::Mapping> parsed(std::string_view text)
{
    auto profile = ingest::parseMapping(text, "profile of an earlier import");
    return profile ? std::make_shared<const ingest::Mapping>(std::move(*profile)) : nullptr;
}

} // namespace

base::Result<ingest::MappingProfiles> profilesOfSources(store::Workspace &workspace)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare("SELECT mapping FROM source WHERE mapping <> '' "
                                                           "GROUP BY mapping ORDER BY max(id) DESC"));
    ingest::MappingProfiles out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        if (auto profile = parsed(rows.text(0)))
            out.push_back(std::move(profile));
    }
}

base::Result<std::shared_ptr<const ingest::Mapping>> profileOf(store::Workspace &workspace, std::string_view path)
{
    MULLIGAN_TRY(auto row, workspace.connection().prepare("SELECT mapping FROM source WHERE path = ?1 AND mapping <> "
                                                          "'' ORDER BY id DESC LIMIT 1"));
    row.bind(1, path);
    MULLIGAN_TRY(const bool found, row.step());
    return found ? parsed(row.text(0)) : nullptr;
}

} // namespace mulligan::pipeline

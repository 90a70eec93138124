#include "pipeline/workspace_profiles.hpp"

#include "ingest/mapping.hpp"

#include <memory>
#include <utility>

namespace mulligan::pipeline
{

base::Result<ingest::MappingProfiles> profilesOfSources(store::Workspace &workspace)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare("SELECT mapping FROM source WHERE mapping <> '' "
                                                           "GROUP BY mapping ORDER BY max(id) DESC"));
    ingest::MappingProfiles out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        auto profile = ingest::parseMapping(rows.text(0), "profile of an earlier import");
        if (profile)
            out.push_back(std::make_shared<const ingest::Mapping>(std::move(*profile)));
    }
}

} // namespace mulligan::pipeline

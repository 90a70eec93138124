#pragma once

#include "model/verdict.hpp"
#include "store/verdict_rows.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace mulligan::tests
{

struct StoredVerdicts {
    std::vector<model::Verdict> verdicts;
    std::unordered_map<std::int64_t, std::uint32_t> byAttempt; ///< attempt id → index into `verdicts`
};

/// Every stored verdict with its matches, as whoever holds classification to its word needs it.
inline base::Result<StoredVerdicts> loadVerdicts(store::Workspace &workspace)
{
    sqlite::Connection &connection = workspace.connection();
    StoredVerdicts out;
    std::unordered_map<std::int64_t, std::uint32_t> byId;
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT " + std::string(store::kVerdictColumns)
                                               + ", v.id FROM verdict v ORDER BY v.id"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            break;
        byId.emplace(rows.integer(store::kVerdictColumnCount), static_cast<std::uint32_t>(out.verdicts.size()));
        out.verdicts.push_back(store::verdictFromRow(rows, 0));
    }
    MULLIGAN_TRY(auto matches,
                 connection.prepare("SELECT verdict_id, rule, pattern, line, span_begin, span_end, winner, evidence "
                                    "FROM rule_match ORDER BY verdict_id, position"));
    for (;;) {
        MULLIGAN_TRY(const bool more, matches.step());
        if (!more)
            break;
        const auto at = byId.find(matches.integer(0));
        if (at == byId.end())
            continue;
        out.verdicts[at->second].matches.push_back(
            {std::string(matches.text(1)), static_cast<int>(matches.integer(2)), static_cast<int>(matches.integer(3)),
             static_cast<size_t>(matches.integer(4)), static_cast<size_t>(matches.integer(5)), matches.integer(6) != 0,
             static_cast<model::Evidence>(matches.integer(7))});
    }
    MULLIGAN_TRY(auto attempts, connection.prepare("SELECT id, verdict_id FROM attempt WHERE verdict_id IS NOT NULL"));
    for (;;) {
        MULLIGAN_TRY(const bool more, attempts.step());
        if (!more)
            return out;
        if (const auto at = byId.find(attempts.integer(1)); at != byId.end())
            out.byAttempt.emplace(attempts.integer(0), at->second);
    }
}

} // namespace mulligan::tests

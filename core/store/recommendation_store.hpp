#pragma once

#include "base/instant.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mulligan::store
{

/// What the policy in force says of one open failure.
struct StoredRecommendation {
    std::int64_t attempt = 0; ///< row id of the failure
    base::Instant madeAt;
    std::int64_t madeSource = 0; ///< newest source known then
    std::string basis;           ///< what it was made with: rules, policy, economics, model
    std::string body;            ///< the decision as one JSON line
};

[[nodiscard]] base::Result<std::vector<StoredRecommendation>> recommendations(Workspace &workspace);
/// Row ids of the attempts whose recommendation still holds: same basis, and nothing of their job changed since.
[[nodiscard]] base::Result<std::vector<std::int64_t>> currentRecommendations(Workspace &workspace,
                                                                             std::string_view basis);
/// Stores new ones and removes those of attempts that are not in `open`, in one transaction; returns how many went.
[[nodiscard]] base::Result<std::uint64_t> replaceRecommendations(Workspace &workspace,
                                                                 std::span<const StoredRecommendation> made,
                                                                 std::span<const std::int64_t> open);

} // namespace mulligan::store

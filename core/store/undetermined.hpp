#pragma once

#include "base/result.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mulligan::store
{

/// A rule that gave up on failures because its step budget ran out there, and one of them.
struct UndeterminedRule {
    std::string rule;
    std::uint64_t failures = 0;
    std::string job; ///< of the failure that came in first
    std::string run;
    int attempt = 0;

    bool operator==(const UndeterminedRule &) const = default;
};

/// By rule id, as the stored verdicts tell. Errors: Io, Corrupt.
[[nodiscard]] base::Result<std::vector<UndeterminedRule>> undeterminedRules(Workspace &workspace);

} // namespace mulligan::store

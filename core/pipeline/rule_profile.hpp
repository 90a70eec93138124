#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/rule.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

namespace mulligan::pipeline
{

/// Seconds each rule takes.
struct RuleProfile {
    std::map<std::string, double> seconds; ///< by rule
    std::uint64_t texts = 0;
    std::uint64_t bytes = 0;
};

/// Measures each active rule by itself, as a pack of one, on one thread, over the workspace's distinct failure texts
/// (the first ones up to `maxBytes`): with prefilter, as in use, and without its scope, which would leave texts out.
/// The sum is more than the whole pack takes, since a pack scans a text once for all its rules. Errors: Cancelled, Io,
/// Corrupt; InvalidArgument for a rule that does not compile.
[[nodiscard]] base::Result<RuleProfile> profileRules(store::Workspace &workspace, const classify::RulePack &pack,
                                                     std::uint64_t maxBytes, const std::stop_token &stop,
                                                     base::Progress &progress);

} // namespace mulligan::pipeline

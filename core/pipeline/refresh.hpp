#pragma once

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "pipeline/import_sources.hpp"
#include "pipeline/resources.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

namespace mulligan::pipeline
{

/// How fresh a workspace is.
struct Freshness {
    base::Instant dataUntil;   ///< latest end of an attempt; zero: none
    std::string modelId;       ///< empty: none was trained
    base::Instant modelTo;     ///< newest attempt the model knows
    base::Instant refreshedAt; ///< last refresh; zero: never
    std::string watched;       ///< folder of the last refresh
    std::uint64_t recommendations = 0;

    bool operator==(const Freshness &) const = default;
};

/// Cheap: a handful of rows. Errors: Io, Corrupt.
[[nodiscard]] base::Result<Freshness> freshnessOf(store::Workspace &workspace);

struct RefreshOptions {
    ImportOptions import; ///< `onlyChanged` is taken for granted
    std::shared_ptr<const classify::Classifier> rules;
    policy::Policy policy;
    policy::Economics economics;
    std::string spaceFile;           ///< empty: the shipped one
    std::optional<base::Instant> at; ///< absent: the system's clock
};

struct RefreshReport {
    base::Instant at;
    ImportReport import;
    std::uint64_t grown = 0;      ///< sources that replaced an older version of themselves
    std::uint64_t classified = 0; ///< failures that got a class now
    std::uint64_t unclassified = 0;
    std::uint64_t open = 0;             ///< failures whose chain is open at the end of the data
    std::uint64_t made = 0;             ///< recommendations computed now
    std::uint64_t kept = 0;             ///< those that still hold
    std::uint64_t withdrawn = 0;        ///< their chain went on or ended
    std::string withoutRecommendations; ///< why there are none; empty when there are
    Freshness freshness;
    double seconds = 0.0;
};

/// Imports what is new or has grown below `paths`, classifies what is not classified, and recomputes the
/// recommendations of open failures where anything they rest on has changed: rules, policy, economics, model, or an
/// attempt of their job. Late and out-of-order files are welcome; doing it twice changes nothing. Errors: those of
/// importSources, Cancelled; what was imported before stays.
[[nodiscard]] base::Result<RefreshReport> refresh(store::Workspace &workspace, std::span<const std::string> paths,
                                                  const RefreshOptions &options, const Resources &resources,
                                                  std::stop_token stop, base::Progress &progress);

} // namespace mulligan::pipeline

#pragma once

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "model/cadence.hpp"
#include "model/history.hpp"
#include "model/savings.hpp"
#include "policy/decide.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "simulate/cadence.hpp"
#include "simulate/candidate_source.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace mulligan::simulate
{

enum class GroupBy { Class, Team, Owner, Job, Week };
[[nodiscard]] std::string_view name(GroupBy groupBy);
[[nodiscard]] std::optional<GroupBy> groupByFromName(std::string_view text);

struct ReplayOptions {
    std::optional<base::Instant> from; ///< episodes whose first failure started at or after it
    std::optional<base::Instant> to;   ///< …and before it
    GroupBy groupBy = GroupBy::Class;
    size_t replicates = 200; ///< bootstrap; 0: no intervals
    std::uint64_t seed = 1;
    bool setOutagesAside = false; ///< leave out bursts that look like one platform outage
    Cadence cadence;              ///< how often recommendations are made anew; a LabTable always decides on failure
};

/// One step of a walk through an episode.
struct ReplayStep {
    std::uint32_t attempt = 0; ///< index into History::attempts of the failure decided on (its cause, when modelled)
    int attemptNumber = 1;
    policy::Action action = policy::Action::Stop;
    policy::Reason reason = policy::Reason::Limit;
    model::Provenance provenance = model::Provenance::Observed;
    double probability = 1.0; ///< of getting here
    double success = 0.0;     ///< p used, modelled steps only
    double delaySeconds = 0.0;
    Answer answer = Answer::Own;   ///< by which recommendation
    double stalenessSeconds = 0.0; ///< its age when it took effect, `own` and `older` only
    double waitingSeconds = 0.0;   ///< until it took effect, beyond what deciding on failure would take
};

/// One way an episode can end, for recovery times.
struct Recovery {
    double seconds = 0.0; ///< first failure's end to success
    double weight = 0.0;  ///< probability
};

/// The six parts of net savings, in the order of model::Savings::parts().
enum class Part {
    DoomedRetriesAvoided,
    AddedRetries,
    DearerConfig,
    FixedByConfig,
    InterventionsAvoided,
    WronglyStopped
};
inline constexpr size_t kPartCount = 6;

/// What one episode cost in history's world and costs in the policy's (design.md, section 8), dollars.
struct EpisodeOutcome {
    std::uint32_t episode = 0;  ///< index into History::episodes
    double historyF = 0.0;      ///< failed automatic retries
    double completing = 0.0;    ///< B: the completing run, logged, else modelled; 0 when neither is known
    double historyPerson = 0.0; ///< 1 when a person had to act
    double labour = 0.0;        ///< dollars of one intervention here
    double labourMinutes = 0.0; ///< its minutes
    bool labourAssumed = true;  ///< the minutes are from economics.yaml
    double historyGross = 0.0;  ///< every automatic retry, completing ones too
    bool historyRemediated = false;
    double policyF = 0.0;
    double policyX = 0.0;
    double policyPerson = 0.0; ///< P(person)
    double policyGross = 0.0;
    double policyRemediated = 0.0;
    double wronglyStopped = 0.0; ///< P(history's automatic success is lost)
    std::array<double, kPartCount> parts{};
    std::array<std::uint32_t, model::kProvenanceCount> counts{}; ///< decision points by provenance
    std::array<double, model::kProvenanceCount> contributions{}; ///< absolute, dollars
    double unsupportedNet = 0.0;    ///< what unsupported recommendations would add; not in `parts`
    double historyRecovery = 0.0;   ///< seconds
    std::vector<Recovery> recovery; ///< of the policy
    std::vector<ReplayStep> steps;

    [[nodiscard]] double historyL() const { return historyPerson * labour; }
    [[nodiscard]] double policyL() const { return policyPerson * labour; }
    /// (F + L) of history − (F + X + L) of the policy.
    [[nodiscard]] double net() const { return historyF + historyL() - policyF - policyX - policyL(); }
};

struct ReplayResult {
    model::SavingsReport report;
    std::vector<EpisodeOutcome> episodes; ///< those replayed, in the order of History::episodes
    model::CadenceFigures cadence;        ///< how far recommendations reached the retries that needed them
};

/// Replays history under a policy. Censored episodes, those before the first model and those outside the window are in
/// neither world, and counted. Cost: one walk an episode. Errors: Cancelled, InsufficientData for an empty window,
/// InvalidArgument for a cadence that cannot be, or what the source gives. Pure but for progress; independent calls may
/// run at once.
[[nodiscard]] base::Result<ReplayResult> replay(const model::History &history, const policy::Policy &policy,
                                                const policy::Economics &economics, const CandidateSource &source,
                                                const ReplayOptions &options, std::stop_token stop,
                                                base::Progress &progress);

} // namespace mulligan::simulate

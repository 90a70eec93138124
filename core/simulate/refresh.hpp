#pragma once

#include "base/result.hpp"
#include "model/history.hpp"
#include "policy/decide.hpp"
#include "simulate/cadence.hpp"
#include "simulate/candidate_source.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mulligan::simulate
{

struct WalkInputs;

using RetriesUsed = std::array<int, model::kDomainCount>;

/// A failure of which a walk asks what to do.
struct Question {
    std::uint32_t attempt = 0; ///< index into History::attempts of the failure, or of a modelled one's cause
    int number = 1;            ///< of the attempt that failed
    base::Instant ended;       ///< when it failed
    const RetriesUsed &used;
    const model::Config &config; ///< it ran with
    std::span<const model::Candidate> candidates;
};

/// What is done after a failure, and by which recommendation.
struct Answered {
    policy::Decision decision;
    Answer answer = Answer::Own;
    double stalenessSeconds = 0.0; ///< from the end of the failure it knew to the moment it takes effect
    double waitingSeconds = 0.0;   ///< until it takes effect, beyond what deciding on failure would take
};

/// Makes the decision at a failure with everything known: the recommendation its own batch makes.
[[nodiscard]] policy::Decision decideAt(const WalkInputs &inputs, const Question &question);

/// What batches know of a history's earlier runs: the first failure of each, by job and class. Later failures of those
/// runs are left out, since under the policy replayed they need not have happened. Immutable.
class EarlierFailures
{
public:
    EarlierFailures(const model::History &history, const CandidateSource &source);

    struct Failure {
        base::Instant ended;
        std::uint32_t attempt = 0;

        auto operator<=>(const Failure &) const = default;
    };
    /// The newest that ended by `batch`; nothing when none did.
    [[nodiscard]] std::optional<Failure> newest(std::uint32_t job, std::string_view errorClass,
                                                base::Instant batch) const;

private:
    std::map<std::pair<std::uint32_t, std::string_view>, std::vector<Failure>> m_failures; ///< ascending by end
};

/// A cadence and what its batches know. Immutable; one serves all walks of a replay.
struct Refresh {
    Cadence cadence;
    EarlierFailures earlier;
};

/// None when deciding on failure, which looks nothing up.
[[nodiscard]] std::optional<Refresh> refreshOf(const Cadence &cadence, const model::History &history,
                                               const CandidateSource &source);

/// Answers the questions of one walk, in the order of their time, as WalkInputs::refresh would have answered them, and
/// remembers what its batches learn on the way. Without one every question is answered on failure.
class RunRefresh
{
public:
    explicit RunRefresh(const WalkInputs &inputs) : m_in(inputs) {}

    /// `own` is decideAt(question). Errors: what the candidate source gives.
    [[nodiscard]] base::Result<Answered> answer(const Question &question, policy::Decision own);

private:
    struct Known {
        base::Instant ended;
        policy::Decision decision;
    };
    [[nodiscard]] base::Result<std::optional<Known>> newestKnown(const Question &question, base::Instant batch) const;
    [[nodiscard]] std::optional<policy::Decision> fitted(const Question &question, const policy::Decision &older) const;
    [[nodiscard]] policy::Decision unchangedRetry(const Question &question) const;
    [[nodiscard]] base::Result<Answered> late(const Question &question, policy::Decision own, double backoff) const;

    const WalkInputs &m_in;
    std::vector<Known> m_ownRun; ///< this run's failures so far
};

/// Two settings of a property count as the same within a tolerance; so much lies between 8g and 8192m written by hand.
[[nodiscard]] bool sameValue(const std::string &a, const std::string &b);

} // namespace mulligan::simulate

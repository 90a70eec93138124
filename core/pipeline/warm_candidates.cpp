#include "pipeline/warm_candidates.hpp"

#include "simulate/episode_walk.hpp"

namespace mulligan::pipeline
{

namespace
{

/// Answers from what is known and notes the first question that is not.
class NotingSource final : public simulate::CandidateSource
{
public:
    explicit NotingSource(const ModelCandidates &candidates) : m_candidates(candidates) {}

    [[nodiscard]] bool scored(std::uint32_t attempt) const override { return m_candidates.scored(attempt); }
    [[nodiscard]] std::string modelVersion(std::uint32_t attempt) const override
    {
        return m_candidates.modelVersion(attempt);
    }
    [[nodiscard]] base::Result<std::vector<model::Candidate>>
    candidates(std::uint32_t attempt, std::span<const model::Config> triedAfter) const override
    {
        if (scored(attempt) && !m_candidates.scores().known(attempt, triedAfter)) {
            m_asked = true;
            m_questions.push_back({attempt, {triedAfter.begin(), triedAfter.end()}});
            return base::makeError(base::ErrorCode::NotFound, "Not scored yet");
        }
        return m_candidates.candidates(attempt, triedAfter);
    }

    /// Whether a walk since the last call ended in a question.
    [[nodiscard]] bool takeAsked() { return std::exchange(m_asked, false); }
    [[nodiscard]] std::vector<ScorePoint> takeQuestions() { return std::exchange(m_questions, {}); }

private:
    const ModelCandidates &m_candidates;
    mutable bool m_asked = false;
    mutable std::vector<ScorePoint> m_questions;
};

} // namespace

base::Result<void> warmCandidates(const model::History &history, const policy::Policy &policy,
                                  const policy::Economics &economics, const ModelCandidates &candidates,
                                  const simulate::ReplayOptions &options, std::stop_token stop,
                                  base::Progress &progress)
{
    NotingSource source(candidates);
    const std::optional<simulate::Refresh> refresh = simulate::refreshOf(options.cadence, history, source);
    const simulate::WalkInputs inputs{history, policy, economics, source, refresh ? &*refresh : nullptr};
    std::vector<std::uint32_t> open = simulate::coveredEpisodes(history, source, options).episodes;
    progress.begin("Scoring candidates");
    while (!open.empty()) {
        std::vector<std::uint32_t> waiting;
        for (const std::uint32_t episode : open) {
            if (stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
            auto walked = simulate::walkEpisode(inputs, episode);
            if (walked.has_value())
                continue;
            if (!source.takeAsked())
                return std::move(walked).error();
            waiting.push_back(episode);
        }
        MULLIGAN_CHECK(candidates.scores().scoreAll(source.takeQuestions(), stop, progress));
        open = std::move(waiting);
    }
    return {};
}

std::array<int, model::kDomainCount> retriesUsed(const model::History &history, std::uint32_t attempt)
{
    std::array<int, model::kDomainCount> used{};
    const model::HistoryAttempt &failed = history.attempts[attempt];
    for (std::uint32_t i = attempt; i > 0; --i) {
        const model::HistoryAttempt &before = history.attempts[i - 1];
        if (before.job != failed.job || before.run != failed.run)
            break;
        if (!model::isDecisionPoint(before) || history.attempts[i].started != model::Trigger::AutoRetry)
            continue;
        const bool asUser = before.verdict->errorClass == model::kUnclassified;
        ++used[asUser ? 0 : static_cast<size_t>(before.verdict->domain)];
    }
    return used;
}

} // namespace mulligan::pipeline

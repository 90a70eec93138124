#include "pipeline/finishing_sink.hpp"

#include "ingest/terminal_codes.hpp"

#include <utility>

namespace mulligan::pipeline
{

bool isFailure(const model::Attempt &attempt)
{
    return attempt.outcome == model::Outcome::Failed || attempt.outcome == model::Outcome::Killed;
}

base::Result<void> FinishingSink::accept(model::Attempt attempt)
{
    if (attempt.errorText.find('\x1b') != std::string::npos) // colours
        attempt.errorText = std::string(ingest::TerminalCodes().without(attempt.errorText));
    // A cost that came with its provenance keeps it; costOf takes every cost it finds for a logged one.
    if (!attempt.costUsd.has_value() || attempt.costSource == model::CostSource::None) {
        const auto cost = policy::costOf(attempt, m_economics);
        attempt.costSource = cost.source;
        if (cost.source != model::CostSource::None)
            attempt.costUsd = cost.usd;
    }
    FinishedAttempt finished{std::move(attempt), {}, 0, std::nullopt, m_line, std::exchange(m_raw, {})};
    // Of an unknown outcome another source may know that it was a failure.
    if (finished.attempt.outcome != model::Outcome::Succeeded && !finished.attempt.errorText.empty())
        findCause(finished);
    return m_queue.put(std::move(finished));
}

// Failures repeat few texts many times, so the root cause of each is looked for once.
void FinishingSink::findCause(FinishedAttempt &finished)
{
    model::Attempt &attempt = finished.attempt;
    const bool told = !attempt.rootCause.empty();
    const std::string &text = told ? attempt.rootCause : attempt.errorText;
    auto known = m_causes.find(text);
    if (known == m_causes.end()) {
        if (m_causeBytes > m_mostCauseBytes) {
            m_causes.clear();
            m_causeBytes = 0;
        }
        m_causeBytes += 2 * text.size();
        known = m_causes.emplace(text, Known{text::findRootCause(text), std::nullopt}).first;
    }
    Known &found = known->second;
    finished.exceptionClass = found.cause.exceptionClass;
    finished.templateHash = found.cause.templateHash;
    if (told)
        return;
    if (!found.number)
        found.number = m_numbers++;
    finished.textNumber = found.number;
    attempt.rootCause = found.cause.text;
}

} // namespace mulligan::pipeline

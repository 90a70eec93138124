#include "pipeline/failure_reader.hpp"

#include "base/rng.hpp"
#include "store/attempt_records.hpp"

#include <algorithm>
#include <map>

namespace mulligan::pipeline
{

base::Result<FailureRecord> FailureReader::at(std::uint32_t attemptIndex) const
{
    const auto &attempts = m_history.attempts;
    const model::HistoryAttempt &failed = attempts[attemptIndex];
    std::uint32_t first = attemptIndex;
    while (first > 0 && attempts[first - 1].job == failed.job && attempts[first - 1].run == failed.run)
        --first;
    std::vector<std::int64_t> ids;
    for (std::uint32_t i = first; i <= attemptIndex; ++i)
        ids.push_back(attempts[i].id);
    MULLIGAN_TRY(auto records, store::readAttempts(m_workspace, ids));
    for (auto &record : records) {
        m_redactor.redact(record);
        // What the price book made of an attempt is left out, so that it is priced by the bundle's.
        if (record.costSource != model::CostSource::Logged)
            record.costUsd.reset();
    }
    FailureRecord out;
    out.attempt = std::move(records.back());
    records.pop_back();
    out.earlier = std::move(records);
    out.historyGiven = true;
    out.id = identity(out.attempt);
    return out;
}

base::Result<std::string> FailureReader::lineAt(std::uint32_t attemptIndex) const
{
    MULLIGAN_TRY(const auto record, at(attemptIndex));
    return formats::writeJson(failureToJson(record));
}

std::vector<std::uint32_t> spreadOverClasses(const model::History &history, std::uint64_t most)
{
    std::map<std::string_view, std::vector<std::pair<std::uint64_t, std::uint32_t>>> byClass;
    for (std::uint32_t i = 0; i < history.attempts.size(); ++i) {
        const model::HistoryAttempt &a = history.attempts[i];
        if (!model::isDecisionPoint(a))
            continue;
        const std::uint64_t seed = base::stableHash(history.jobs.at(a.job), static_cast<std::uint64_t>(a.attempt));
        byClass[a.verdict->errorClass].emplace_back(base::stableHash(history.runs.at(a.run), seed), i);
    }
    for (auto &[errorClass, failures] : byClass)
        std::sort(failures.begin(), failures.end());
    std::vector<std::uint32_t> out;
    for (size_t turn = 0; out.size() < most; ++turn) {
        const size_t before = out.size();
        for (const auto &[errorClass, failures] : byClass) {
            if (turn < failures.size() && out.size() < most)
                out.push_back(failures[turn].second);
        }
        if (out.size() == before)
            break;
    }
    return out;
}

std::vector<std::uint32_t> openFailures(const model::History &history)
{
    std::vector<std::uint32_t> out;
    for (const auto &episode : history.episodes) {
        // Of an incomplete one nobody knows how it went on, nor what it needed.
        if (episode.censored && !episode.incomplete && model::isDecisionPoint(history.attempts[episode.last()]))
            out.push_back(episode.last());
    }
    return out;
}

} // namespace mulligan::pipeline

#pragma once

#include "base/instant.hpp"
#include "model/attempt.hpp"
#include "model/metric_values.hpp"
#include "model/verdict_pool.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::model
{

/// Strings stored once and named by a dense index.
class StringTable
{
public:
    std::uint32_t add(std::string_view text);
    [[nodiscard]] const std::string &at(std::uint32_t index) const { return m_strings[index]; }
    [[nodiscard]] size_t size() const { return m_strings.size(); }
    [[nodiscard]] std::span<const std::string> all() const { return m_strings; }

private:
    [[nodiscard]] size_t slotOf(std::string_view text) const;
    void grow();

    std::vector<std::string> m_strings;
    // Which string a slot of the hash table stands for, plus one; 0: free. A map beside the strings would hold each of
    // them a second time. At most half full; its size is a power of two.
    std::vector<std::uint32_t> m_slots;
};

/// One attempt as the analysis sees it: everything of `Attempt` but the texts, with repeated values as indices.
struct HistoryAttempt {
    std::int64_t id = 0;        ///< row id in the workspace
    std::uint32_t job = 0;      ///< index into History::jobs
    std::uint32_t run = 0;      ///< index into History::runs (unique with its job)
    std::uint32_t owner = 0;    ///< index into History::names
    std::uint32_t team = 0;     ///< index into History::names
    std::uint32_t cluster = 0;  ///< index into History::names
    std::uint32_t workflow = 0; ///< index into History::names
    std::uint32_t config = 0;   ///< index into History::configs
    int attempt = 1;
    Outcome outcome = Outcome::Unknown;
    Trigger trigger = Trigger::Unset;     ///< as logged
    Trigger started = Trigger::Scheduled; ///< as used: logged, else inferred; never Unset
    base::Instant startedAt;
    base::Instant endedAt;
    double costUsd = 0.0;
    CostSource costSource = CostSource::None;
    std::optional<double> vcoreSeconds;
    std::optional<double> memoryGbSeconds;
    std::optional<double> manualMinutes;
    std::optional<double> actionProbability;
    MetricValues metrics;
    std::string exceptionClass;     ///< of the root cause, "" when none
    std::uint64_t templateHash = 0; ///< of the root cause with numbers masked, 0 when none
    SharedVerdict verdict;          ///< meaningful for failures; as VerdictPool keeps it
};

/// All attempts of one run from its first failed attempt on (design.md, section 2).
struct Episode {
    std::uint32_t job = 0;
    std::uint32_t first = 0;    ///< index into History::attempts of the first failed attempt
    std::uint32_t count = 0;    ///< attempts from there to the end of the run's chain
    bool censored = false;      ///< starts within W of the data's end, ends in an unknown outcome, or is incomplete
    bool incomplete = false;    ///< of one of its attempts part of the record is missing (kHistoryIncomplete)
    bool succeeded = false;     ///< the chain ends in success
    bool intervention = false;  ///< a person had to act
    bool remediated = false;    ///< success by an auto retry with no intervention before it
    double manualMinutes = 0.0; ///< from the data; 0 when not given
    bool minutesLogged = false; ///< false: economics.yaml supplies the minutes (assumed)

    [[nodiscard]] std::uint32_t last() const { return first + count - 1; }
};

/// A whole history, ordered by job, run, attempt.
struct History {
    StringTable jobs;
    StringTable runs;
    StringTable names; ///< owners, teams, clusters, workflows
    std::vector<Config> configs;
    std::vector<HistoryAttempt> attempts;
    std::vector<Episode> episodes; ///< filled by buildEpisodes, in the order of `attempts`
    base::Instant from;            ///< earliest start
    base::Instant dataEnd;         ///< latest end
};

struct EpisodeOptions {
    double censorSeconds = 7 * 86400.0; ///< W
    /// An attempt without a trigger counts as an auto retry when it started within this time of the end of the one
    /// before it: twice the longest backoff the scheduler declares (3,600 s by default).
    double autoRetryWithinSeconds = 7200.0;
    /// Keep episodes out of rates of which part of the record is missing: what they came to, and why, may be wrong.
    bool censorIncomplete = true;
};

/// A decision point: an attempt that failed, or that the platform killed. `unknown` never is one.
[[nodiscard]] bool isDecisionPoint(const HistoryAttempt &attempt);

/// Sorts the attempts, infers how each was started, and fills `episodes`, `from` and `dataEnd`. Cost O(n log n).
void buildEpisodes(History &history, const EpisodeOptions &options = {});

} // namespace mulligan::model

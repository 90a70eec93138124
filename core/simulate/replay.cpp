#include "simulate/replay.hpp"

#include "base/money.hpp"
#include "base/rng.hpp"
#include "simulate/cadence_figures.hpp"
#include "simulate/episode_walk.hpp"
#include "simulate/intervals.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace mulligan::simulate
{

namespace
{

using model::Figure;

/// Sums by job behind the figures.
enum Column : size_t {
    kParts = 0,
    kNet = kPartCount,
    kHistoryPersons,
    kHistoryHours,
    kHistoryRetry,
    kHistoryGross,
    kHistoryRemediated,
    kHistoryRemediatedMemory,
    kHistoryCost,
    kHistoryCostMemory,
    kPolicyPersons,
    kPolicyHours,
    kPolicyRetry,
    kPolicyGross,
    kPolicyRemediated,
    kPolicyRemediatedMemory,
    kPolicyWrong,
    kRetrySaving,
    kNetMemory,
    kEpisodes,
    kEpisodesMemory,
    kColumns
};

using Row = std::array<double, kColumns>;

Row rowOf(const EpisodeOutcome &o, bool memory)
{
    Row row{};
    std::copy(o.parts.begin(), o.parts.end(), row.begin());
    row[kNet] = o.net();
    row[kHistoryPersons] = o.historyPerson;
    row[kHistoryHours] = o.historyPerson * o.labourMinutes / 60.0;
    row[kHistoryRetry] = o.historyF;
    row[kHistoryGross] = o.historyGross;
    row[kHistoryRemediated] = o.historyRemediated ? 1.0 : 0.0;
    row[kHistoryCost] = o.historyF + o.historyL();
    row[kPolicyPersons] = o.policyPerson;
    row[kPolicyHours] = o.policyPerson * o.labourMinutes / 60.0;
    row[kPolicyRetry] = o.policyF + o.policyX;
    row[kPolicyGross] = o.policyGross;
    row[kPolicyRemediated] = o.policyRemediated;
    row[kPolicyWrong] = o.wronglyStopped;
    row[kRetrySaving] = o.historyF - o.policyF - o.policyX;
    row[kEpisodes] = 1.0;
    if (memory) {
        row[kHistoryRemediatedMemory] = row[kHistoryRemediated];
        row[kPolicyRemediatedMemory] = o.policyRemediated;
        row[kHistoryCostMemory] = row[kHistoryCost];
        row[kNetMemory] = row[kNet];
        row[kEpisodesMemory] = 1.0;
    }
    return row;
}

/// Jobs by the order in which they turn up, so that tables by job are dense.
struct JobIndex {
    std::map<std::uint32_t, size_t> of;
    size_t add(std::uint32_t job) { return of.try_emplace(job, of.size()).first->second; }
};

std::string isoWeek(base::Instant instant)
{
    const base::CivilTime civil = base::toCivil(instant);
    const int fromMonday = (civil.weekday + 6) % 7;
    // A week belongs to the year of its Thursday (ISO 8601).
    const base::Instant thursday{instant.ms + (3 - fromMonday) * base::kMsPerDay};
    const base::CivilTime at = base::toCivil(thursday);
    const std::int64_t day = (thursday.ms - base::fromCivil(at.year, 1, 1).ms) / base::kMsPerDay;
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%04d-W%02d", at.year, static_cast<int>(day / 7) + 1);
    return buffer;
}

class Reporter
{
public:
    Reporter(const model::History &history, const policy::Policy &policy, const policy::Economics &economics,
             const ReplayOptions &options, const Coverage &coverage, const std::vector<EpisodeOutcome> &outcomes)
        : m_history(history), m_policy(policy), m_economics(economics), m_options(options), m_coverage(coverage),
          m_outcomes(outcomes)
    {
        for (const auto &o : outcomes)
            m_jobOf.push_back(m_jobs.add(history.episodes[o.episode].job));
    }

    model::SavingsReport run()
    {
        m_rows.assign(m_jobs.of.size() * kColumns, 0.0);
        for (size_t i = 0; i < m_outcomes.size(); ++i) {
            const Row row = rowOf(m_outcomes[i], isMemory(m_outcomes[i]));
            for (size_t c = 0; c < kColumns; ++c)
                m_rows[m_jobOf[i] * kColumns + c] += row[c];
        }
        const JobResamples resamples(m_jobs.of.size(), m_options.replicates, m_options.seed);
        m_resamples = &resamples;
        m_resampled = resamples.resample(m_rows, kColumns);
        describe();
        fillKpis();
        fillSavings();
        fillProvenance();
        m_report.groups = groupBy([&](const EpisodeOutcome &o) { return keyOf(o); });
        std::stable_sort(m_report.groups.begin(), m_report.groups.end(), [&](const auto &a, const auto &b) {
            return m_options.groupBy != GroupBy::Week && a.net.value > b.net.value;
        });
        m_report.months =
            groupBy([&](const EpisodeOutcome &o) { return base::formatDate(head(o).startedAt).substr(0, 7); });
        fillNotes();
        return std::move(m_report);
    }

private:
    [[nodiscard]] const model::HistoryAttempt &head(const EpisodeOutcome &o) const
    {
        return m_history.attempts[m_history.episodes[o.episode].first];
    }
    [[nodiscard]] bool isMemory(const EpisodeOutcome &o) const
    {
        return model::classCovered(model::kMemoryGroup, head(o).verdict->errorClass);
    }

    [[nodiscard]] std::string keyOf(const EpisodeOutcome &o) const
    {
        const model::HistoryAttempt &a = head(o);
        switch (m_options.groupBy) {
        case GroupBy::Class: return a.verdict->errorClass;
        case GroupBy::Team: return a.team < m_history.names.size() ? m_history.names.at(a.team) : "";
        case GroupBy::Owner: return a.owner < m_history.names.size() ? m_history.names.at(a.owner) : "";
        case GroupBy::Job: return m_history.jobs.at(a.job);
        case GroupBy::Week: return isoWeek(a.startedAt);
        }
        return {};
    }

    [[nodiscard]] Figure additive(size_t column, const char *unit) const
    {
        const Interval interval = m_resamples->additive(m_resampled, column);
        return {m_resampled.total[column], interval.low, interval.high, unit, {}};
    }
    [[nodiscard]] Figure share(size_t numerator, size_t denominator, std::string of) const
    {
        Figure f{0.0, std::nullopt, std::nullopt, "share", std::move(of)};
        if (m_resampled.total[denominator] > 0.0) {
            const Interval interval = m_resamples->ratio(m_resampled, numerator, denominator);
            f.value = m_resampled.total[numerator] / m_resampled.total[denominator];
            f.low = interval.low;
            f.high = interval.high;
        }
        return f;
    }
    [[nodiscard]] std::string money(size_t column) const
    {
        return base::formatMoney(m_resampled.total[column]) + " " + m_economics.currency;
    }
    static Figure count(double value) { return {value, std::nullopt, std::nullopt, "count", {}}; }

    void describe()
    {
        m_report.policyName = m_policy.name;
        m_report.policyVersion = m_policy.version;
        m_report.currency = m_economics.currency;
        m_report.jobs = m_jobs.of.size();
        m_report.unscoredEpisodes = m_coverage.unscored;
        m_report.groupedBy = std::string(name(m_options.groupBy));
        m_report.from = m_options.from.value_or(head(m_outcomes.front()).startedAt);
        m_report.to = m_options.to.value_or(m_report.from);
        for (const auto &o : m_outcomes) {
            if (!m_options.from)
                m_report.from = std::min(m_report.from, head(o).startedAt);
            if (!m_options.to)
                m_report.to = std::max(m_report.to, m_history.attempts[m_history.episodes[o.episode].last()].endedAt);
        }
    }

    void fillKpis()
    {
        auto &h = m_report.history;
        auto &p = m_report.policy;
        double failures = 0.0;
        for (const auto &o : m_outcomes) {
            const model::Episode &e = m_history.episodes[o.episode];
            for (std::uint32_t i = e.first; i <= e.last(); ++i)
                failures += isDecisionPoint(m_history.attempts[i]) ? 1.0 : 0.0;
        }
        h.episodes = p.episodes = count(m_resampled.total[kEpisodes]);
        h.failures = p.failures = count(failures);
        h.censored = p.censored = count(static_cast<double>(m_coverage.censored));
        const std::string all = base::formatMoney(m_resampled.total[kEpisodes]);
        const std::string episodes = all.substr(0, all.find('.')) + " uncensored, scored episodes";
        const std::string memoryCount = base::formatMoney(m_resampled.total[kEpisodesMemory]);
        const std::string memory = memoryCount.substr(0, memoryCount.find('.')) + " of them memory_config";
        h.remediatedShare = share(kHistoryRemediated, kEpisodes, episodes);
        p.remediatedShare = share(kPolicyRemediated, kEpisodes, episodes);
        h.remediatedShareMemoryConfig = share(kHistoryRemediatedMemory, kEpisodesMemory, memory);
        p.remediatedShareMemoryConfig = share(kPolicyRemediatedMemory, kEpisodesMemory, memory);
        h.interventions = additive(kHistoryPersons, "count");
        p.interventions = additive(kPolicyPersons, "count");
        h.interventionHours = additive(kHistoryHours, "hours");
        p.interventionHours = additive(kPolicyHours, "hours");
        h.retryCost = additive(kHistoryRetry, "usd");
        p.retryCost = additive(kPolicyRetry, "usd");
        h.retryCostGross = additive(kHistoryGross, "usd");
        p.retryCostGross = additive(kPolicyGross, "usd");
        h.wronglyStopped = count(0.0);
        p.wronglyStopped = additive(kPolicyWrong, "count");
        fillRecovery();
    }

    struct Timed {
        double seconds = 0.0;
        double weight = 0.0;
        size_t job = 0;
    };

    /// Weighted median and 95th percentile in one pass over times in ascending order.
    template <typename Weight>
    static std::pair<double, double> quantiles(const std::vector<Timed> &times, Weight weight)
    {
        double total = 0.0;
        for (const Timed &t : times)
            total += weight(t);
        double sum = 0.0;
        std::optional<double> median;
        for (const Timed &t : times) {
            sum += weight(t);
            if (!median && sum >= 0.5 * total)
                median = t.seconds;
            if (sum >= 0.95 * total)
                return {*median, t.seconds};
        }
        return {median.value_or(0.0), times.empty() ? 0.0 : times.back().seconds};
    }

    void recoveryOf(std::vector<Timed> times, model::Kpis &kpis) const
    {
        std::stable_sort(times.begin(), times.end(),
                         [](const Timed &a, const Timed &b) { return a.seconds < b.seconds; });
        const auto [median, p95] = quantiles(times, [](const Timed &t) { return t.weight; });
        kpis.recoverySecondsMedian = {median, std::nullopt, std::nullopt, "seconds", {}};
        kpis.recoverySecondsP95 = {p95, std::nullopt, std::nullopt, "seconds", {}};
        std::vector<double> medians;
        std::vector<double> p95s;
        for (size_t r = 0; r < m_resamples->replicates(); ++r) {
            const auto [m, p] =
                quantiles(times, [&](const Timed &t) { return t.weight * m_resamples->weight(r, t.job); });
            medians.push_back(m);
            p95s.push_back(p);
        }
        if (medians.empty())
            return;
        kpis.recoverySecondsMedian.low = percentile(medians, 0.025);
        kpis.recoverySecondsMedian.high = percentile(medians, 0.975);
        kpis.recoverySecondsP95.low = percentile(p95s, 0.025);
        kpis.recoverySecondsP95.high = percentile(p95s, 0.975);
    }

    void fillRecovery()
    {
        std::vector<Timed> history;
        std::vector<Timed> policy;
        for (size_t i = 0; i < m_outcomes.size(); ++i) {
            history.push_back({m_outcomes[i].historyRecovery, 1.0, m_jobOf[i]});
            for (const Recovery &r : m_outcomes[i].recovery)
                if (r.weight > 0.0)
                    policy.push_back({r.seconds, r.weight, m_jobOf[i]});
        }
        recoveryOf(std::move(history), m_report.history);
        recoveryOf(std::move(policy), m_report.policy);
    }

    void fillSavings()
    {
        auto &s = m_report.savings;
        s.net = additive(kNet, "usd");
        const std::array<Figure *, kPartCount> parts{&s.doomedRetriesAvoided, &s.addedRetries,
                                                     &s.dearerConfig,         &s.fixedByConfig,
                                                     &s.interventionsAvoided, &s.wronglyStopped};
        for (size_t i = 0; i < kPartCount; ++i)
            *parts[i] = additive(kParts + i, "usd");
        s.retryCostShare = share(kRetrySaving, kHistoryRetry, "history's F, " + money(kHistoryRetry));
        s.allErrorCostShare = share(kNet, kHistoryCost, "history's F + L, " + money(kHistoryCost));
        s.memoryConfigCostShare =
            share(kNetMemory, kHistoryCostMemory, "history's F + L of memory_config, " + money(kHistoryCostMemory));
        const double days = base::secondsBetween(m_report.from, m_report.to) / 86400.0;
        s.netPer30Days = s.net;
        const double factor = days > 0.0 ? 30.0 / days : 1.0;
        s.netPer30Days.value *= factor;
        if (s.netPer30Days.low)
            *s.netPer30Days.low *= factor;
        if (s.netPer30Days.high)
            *s.netPer30Days.high *= factor;
    }

    void fillProvenance()
    {
        for (const auto &o : m_outcomes) {
            m_report.unsupportedNet += o.unsupportedNet;
            for (size_t i = 0; i < model::kProvenanceCount; ++i) {
                m_report.provenance[i].count += o.counts[i];
                m_report.provenance[i].contribution += o.contributions[i];
            }
        }
    }

    template <typename Key> std::vector<model::SavingsGroup> groupBy(Key key) const
    {
        std::map<std::string, std::vector<size_t>> members;
        for (size_t i = 0; i < m_outcomes.size(); ++i)
            members[key(m_outcomes[i])].push_back(i);
        std::vector<model::SavingsGroup> groups;
        for (const auto &[name, indices] : members) {
            model::SavingsGroup group;
            group.key = name;
            group.episodes = indices.size();
            JobIndex jobs;
            std::vector<double> net;
            for (const size_t i : indices) {
                const EpisodeOutcome &o = m_outcomes[i];
                const size_t job = jobs.add(static_cast<std::uint32_t>(m_jobOf[i]));
                net.resize(std::max(net.size(), job + 1));
                net[job] += o.net();
                group.historyCost += o.historyF + o.historyL();
                group.policyCost += o.policyF + o.policyX + o.policyL();
                group.historyRemediated += o.historyRemediated ? 1.0 : 0.0;
                group.policyRemediated += o.policyRemediated;
            }
            group.historyRemediated /= static_cast<double>(indices.size());
            group.policyRemediated /= static_cast<double>(indices.size());
            const JobResamples resamples(net.size(), m_options.replicates, base::stableHash(name, m_options.seed));
            const Resampled resampled = resamples.resample(net, 1);
            const Interval interval = resamples.additive(resampled, 0);
            group.net = {resampled.total[0], interval.low, interval.high, "usd", {}};
            groups.push_back(std::move(group));
        }
        return groups;
    }

    void note(std::uint64_t n, const std::string &text)
    {
        if (n > 0)
            m_report.notes.push_back(std::to_string(n) + " " + text);
    }

    void fillNotes()
    {
        std::uint64_t assumedLabour = 0;
        std::uint64_t modelledTimes = 0;
        for (const auto &o : m_outcomes) {
            assumedLabour += o.labourAssumed && (o.historyPerson > 0.0 || o.policyPerson > 0.0) ? 1 : 0;
            modelledTimes += o.counts[static_cast<size_t>(model::Provenance::Modelled)] > 0 ? 1 : 0;
        }
        note(m_coverage.censored, "episodes are left out of both worlds because the data end before their chain does.");
        note(m_coverage.unscored, "episodes are left out of both worlds because they lie before the first model.");
        note(m_coverage.outages, "episodes are set aside because they look like platform outages.");
        note(assumedLabour,
             "episodes take the minutes of an intervention from the economics, because the data log none.");
        note(modelledTimes, "episodes have modelled recovery times: a failing retry is assumed to last as long as the "
                            "failed run, a completing one as long as the logged success or in proportion to its cost.");
        const auto unsupported = m_report.provenance[static_cast<size_t>(model::Provenance::Unsupported)].count;
        note(unsupported, "recommendations lie outside what history supports; they are kept out of net savings.");
        if (m_options.cadence.kind != CadenceKind::OnFailure)
            m_report.notes.push_back("Recommendations are refreshed in batches (" + toText(m_options.cadence)
                                     + "), so a retry may find an older one, or none.");
        if (!m_resamples->enough())
            m_report.notes.emplace_back("There are too few jobs for intervals.");
    }

    const model::History &m_history;
    const policy::Policy &m_policy;
    const policy::Economics &m_economics;
    const ReplayOptions &m_options;
    const Coverage &m_coverage;
    const std::vector<EpisodeOutcome> &m_outcomes;
    JobIndex m_jobs;
    std::vector<size_t> m_jobOf; ///< by outcome
    std::vector<double> m_rows;
    const JobResamples *m_resamples = nullptr;
    Resampled m_resampled;
    model::SavingsReport m_report;
};

} // namespace

std::string_view name(GroupBy groupBy)
{
    switch (groupBy) {
    case GroupBy::Class: return "class";
    case GroupBy::Team: return "team";
    case GroupBy::Owner: return "owner";
    case GroupBy::Job: return "job";
    case GroupBy::Week: return "week";
    }
    return {};
}

std::optional<GroupBy> groupByFromName(std::string_view text)
{
    for (const GroupBy groupBy : {GroupBy::Class, GroupBy::Team, GroupBy::Owner, GroupBy::Job, GroupBy::Week})
        if (name(groupBy) == text)
            return groupBy;
    return std::nullopt;
}

base::Result<ReplayResult> replay(const model::History &history, const policy::Policy &policy,
                                  const policy::Economics &economics, const CandidateSource &source,
                                  const ReplayOptions &options, std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_CHECK(check(options.cadence));
    const Coverage coverage = coveredEpisodes(history, source, options);
    if (coverage.episodes.empty())
        return nothingToReplay(history, coverage);
    progress.begin("Replaying history", coverage.episodes.size());
    const std::optional<Refresh> refresh = refreshOf(options.cadence, history, source);
    const WalkInputs inputs{history, policy, economics, source, refresh ? &*refresh : nullptr};
    ReplayResult result;
    result.episodes.reserve(coverage.episodes.size());
    for (const std::uint32_t episode : coverage.episodes) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "The replay was cancelled");
        MULLIGAN_TRY(auto outcome, walkEpisode(inputs, episode));
        result.episodes.push_back(std::move(outcome));
        progress.advance();
    }
    result.report = Reporter(history, policy, economics, options, coverage, result.episodes).run();
    result.cadence = cadenceFigures(history, options.cadence, result.episodes);
    return result;
}

} // namespace mulligan::simulate

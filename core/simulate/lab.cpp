#include "simulate/lab.hpp"

#include "simulate/episode_walk.hpp"
#include "simulate/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace mulligan::simulate
{

namespace
{

/// Sums kept by job, since they have intervals.
inline constexpr size_t kNet = kPartCount, kRetry = kNet + 1, kPersons = kNet + 2, kRemediated = kNet + 3,
                        kWrong = kNet + 4, kEpisodes = kNet + 5, kJobColumns = kNet + 6;
/// Sums kept as a whole: counts and contributions by provenance, then these.
inline constexpr size_t kCounts = 0, kContributions = model::kProvenanceCount,
                        kUnsupportedNet = 2 * model::kProvenanceCount, kPolicyCost = kUnsupportedNet + 1,
                        kExtras = kUnsupportedNet + 2;
constexpr size_t kValues = kJobColumns + kExtras;
using Values = std::array<double, kValues>;

/// Event tables are cut into at most this many stretches, each starting from sums already made.
constexpr size_t kStretches = 32;
constexpr size_t kShortestStretch = 1024;

Values valuesOf(const EpisodeOutcome &o)
{
    Values v{};
    std::copy(o.parts.begin(), o.parts.end(), v.begin());
    v[kNet] = o.net();
    v[kRetry] = o.policyF + o.policyX;
    v[kPersons] = o.policyPerson;
    v[kRemediated] = o.policyRemediated;
    v[kWrong] = o.wronglyStopped;
    v[kEpisodes] = 1.0;
    for (size_t i = 0; i < model::kProvenanceCount; ++i) {
        v[kJobColumns + kCounts + i] = o.counts[i];
        v[kJobColumns + kContributions + i] = o.contributions[i];
    }
    v[kJobColumns + kUnsupportedNet] = o.unsupportedNet;
    v[kJobColumns + kPolicyCost] = o.policyF + o.policyX + o.policyL();
    return v;
}

/// Thresholds in (low, high] of one class.
struct Range {
    double low = -1.0;
    double high = std::numeric_limits<double>::infinity();
};
using Region = std::map<std::string, Range>;

/// An episode's outcome within a region of thresholds.
struct Piece {
    Region region;
    Values values{};
};

/// Remembers what the source gave for one episode: its pieces ask for the same candidates again and again.
class EpisodeMemory final : public CandidateSource
{
public:
    explicit EpisodeMemory(const CandidateSource &source) : m_source(source) {}
    void forget() { m_known.clear(); }
    [[nodiscard]] bool scored(std::uint32_t attempt) const override { return m_source.scored(attempt); }
    [[nodiscard]] std::string modelVersion(std::uint32_t attempt) const override
    {
        return m_source.modelVersion(attempt);
    }
    [[nodiscard]] base::Result<std::vector<model::Candidate>>
    candidates(std::uint32_t attempt, std::span<const model::Config> tried) const override
    {
        Key key{attempt, {tried.begin(), tried.end()}};
        if (const auto it = m_known.find(key); it != m_known.end())
            return it->second;
        MULLIGAN_TRY(auto found, m_source.candidates(attempt, tried));
        return m_known.emplace(std::move(key), std::move(found)).first->second;
    }

private:
    using Key = std::pair<std::uint32_t, std::vector<model::Config>>;
    const CandidateSource &m_source;
    mutable std::map<Key, std::vector<model::Candidate>> m_known;
};

/// Cuts the space of thresholds into the regions within which an episode's outcome stays the same.
base::Result<std::vector<Piece>> piecesOf(const WalkInputs &inputs, policy::Policy &policy, std::uint32_t episode)
{
    std::vector<Piece> pieces;
    std::vector<Region> open{{}};
    while (!open.empty()) {
        Region region = std::move(open.back());
        open.pop_back();
        policy.thresholds.clear();
        policy.defaultThreshold = 0.0;
        for (const auto &[errorClass, range] : region)
            policy.thresholds[errorClass] =
                range.low < 0.0 ? 0.0 : std::nextafter(range.low, std::numeric_limits<double>::infinity());
        std::vector<Comparison> comparisons;
        MULLIGAN_TRY(const EpisodeOutcome outcome, walkEpisode(inputs, episode, &comparisons));
        std::map<std::string, double> highs;
        for (const Comparison &c : comparisons) {
            double &high = highs.try_emplace(c.errorClass, std::numeric_limits<double>::infinity()).first->second;
            if (c.success >= policy.thresholdFor(c.errorClass))
                high = std::min(high, c.success);
        }
        for (const auto &[errorClass, high] : highs) {
            Range &range = region[errorClass];
            if (high < range.high && high < 1.0) {
                Region rest = region;
                rest[errorClass].low = high;
                open.push_back(std::move(rest));
                range.high = high;
            }
        }
        pieces.push_back({std::move(region), valuesOf(outcome)});
    }
    return pieces;
}

bool contains(const Range &range, double threshold)
{
    return threshold > range.low && threshold <= range.high;
}

struct Event {
    double at = 0.0;       ///< counts for thresholds above it
    std::uint32_t job = 0; ///< index into ClassTable::jobs
    Values delta{};
};

/// All episodes of one class whose outcome depends on the threshold of (at most) one class.
struct ClassTable {
    size_t bar = 0;        ///< class of the first failure
    std::string threshold; ///< class whose threshold matters, "" for none
    std::vector<std::uint32_t> jobs;
    std::map<std::uint32_t, std::uint32_t> jobIndex;
    std::vector<double> base; ///< job-major, at the lowest threshold
    std::array<double, kExtras> baseExtras{};
    std::vector<Event> events; ///< ascending
    size_t stretch = kShortestStretch;
    std::vector<std::vector<double>> starts; ///< job sums at the start of each stretch
    std::vector<std::array<double, kExtras>> startExtras;

    std::uint32_t addJob(std::uint32_t job)
    {
        const auto [it, isNew] = jobIndex.try_emplace(job, static_cast<std::uint32_t>(jobs.size()));
        if (isNew) {
            jobs.push_back(job);
            base.resize(jobs.size() * kJobColumns);
        }
        return it->second;
    }

    static void apply(const Event &event, std::vector<double> &sums, std::array<double, kExtras> &extras)
    {
        double *row = sums.data() + event.job * kJobColumns;
        for (size_t c = 0; c < kJobColumns; ++c)
            row[c] += event.delta[c];
        for (size_t x = 0; x < kExtras; ++x)
            extras[x] += event.delta[kJobColumns + x];
    }

    void add(std::uint32_t job, std::vector<Piece> pieces)
    {
        const std::uint32_t row = addJob(job);
        const auto low = [&](const Piece &p) {
            const auto it = p.region.find(threshold);
            return it == p.region.end() ? -1.0 : it->second.low;
        };
        std::sort(pieces.begin(), pieces.end(), [&](const Piece &a, const Piece &b) { return low(a) < low(b); });
        for (size_t c = 0; c < kJobColumns; ++c)
            base[row * kJobColumns + c] += pieces[0].values[c];
        for (size_t x = 0; x < kExtras; ++x)
            baseExtras[x] += pieces[0].values[kJobColumns + x];
        for (size_t i = 1; i < pieces.size(); ++i) {
            if (pieces[i].values == pieces[i - 1].values)
                continue;
            Event event{low(pieces[i]), row, {}};
            for (size_t v = 0; v < kValues; ++v)
                event.delta[v] = pieces[i].values[v] - pieces[i - 1].values[v];
            events.push_back(event);
        }
    }

    void finish()
    {
        std::stable_sort(events.begin(), events.end(), [](const Event &a, const Event &b) { return a.at < b.at; });
        stretch = std::max(kShortestStretch, events.size() / kStretches + 1);
        std::vector<double> sums = base;
        auto extras = baseExtras;
        for (size_t i = 0; i <= events.size(); ++i) {
            if (i % stretch == 0) {
                starts.push_back(sums);
                startExtras.push_back(extras);
            }
            if (i < events.size())
                apply(events[i], sums, extras);
        }
    }
};

/// An episode that depends on the thresholds of several classes.
struct MixedEpisode {
    size_t bar = 0;
    std::uint32_t job = 0;
    std::vector<Piece> pieces;
};

} // namespace

struct LabTable::State {
    std::map<std::string, double> thresholds;
    double defaultThreshold = 0.0;
    std::uint64_t decisionPoints = 0;
    size_t jobs = 0;
    std::vector<std::string> classes;
    std::vector<ClassTable> tables;
    std::vector<MixedEpisode> mixed;
    JobResamples resamples{0, 0, 0};
};

namespace
{

using TableKey = std::pair<size_t, std::string>;

struct Builder {
    std::map<std::string, size_t> bars;
    std::map<std::uint32_t, std::uint32_t> jobs;
    std::map<TableKey, ClassTable> tables;
    std::vector<MixedEpisode> mixed;

    void add(const model::HistoryAttempt &head, std::vector<Piece> pieces)
    {
        const size_t bar = bars.try_emplace(head.verdict->errorClass, bars.size()).first->second;
        const std::uint32_t job = jobs.try_emplace(head.job, static_cast<std::uint32_t>(jobs.size())).first->second;
        std::map<std::string, int> met;
        for (const Piece &piece : pieces)
            for (const auto &[errorClass, range] : piece.region)
                met[errorClass] = 1;
        if (met.size() > 1) {
            mixed.push_back({bar, job, std::move(pieces)});
            return;
        }
        const std::string threshold = met.empty() ? std::string() : met.begin()->first;
        ClassTable &table = tables[{bar, threshold}];
        table.bar = bar;
        table.threshold = threshold;
        table.add(job, std::move(pieces));
    }
};

/// Everything that is summed for one point.
struct Sums {
    std::vector<double> jobs; ///< job-major
    std::vector<Values> bars;
};

void addRow(Sums &sums, size_t bar, std::uint32_t job, const double *row)
{
    double *into = sums.jobs.data() + job * kJobColumns;
    for (size_t c = 0; c < kJobColumns; ++c) {
        into[c] += row[c];
        sums.bars[bar][c] += row[c];
    }
}

void addTable(Sums &sums, const ClassTable &table, double threshold)
{
    const auto end = std::lower_bound(table.events.begin(), table.events.end(), threshold,
                                      [](const Event &e, double t) { return e.at < t; });
    const auto upTo = static_cast<size_t>(end - table.events.begin());
    const size_t start = upTo / table.stretch;
    const std::vector<double> &from = table.starts[start];
    for (size_t j = 0; j < table.jobs.size(); ++j)
        addRow(sums, table.bar, table.jobs[j], from.data() + j * kJobColumns);
    Values &bar = sums.bars[table.bar];
    for (size_t x = 0; x < kExtras; ++x)
        bar[kJobColumns + x] += table.startExtras[start][x];
    for (size_t i = start * table.stretch; i < upTo; ++i) {
        const Event &event = table.events[i];
        addRow(sums, table.bar, table.jobs[event.job], event.delta.data());
        for (size_t x = 0; x < kExtras; ++x)
            bar[kJobColumns + x] += event.delta[kJobColumns + x];
    }
}

} // namespace

LabTable::LabTable(std::shared_ptr<const State> state) : m_state(std::move(state))
{
}

base::Result<LabTable> LabTable::compile(const model::History &history, const policy::Policy &policy,
                                         const policy::Economics &economics, const CandidateSource &source,
                                         const ReplayOptions &options, std::stop_token stop, base::Progress &progress)
{
    const Coverage coverage = coveredEpisodes(history, source, options);
    if (coverage.episodes.empty())
        return nothingToReplay(history, coverage);
    progress.begin("Compiling the policy lab", coverage.episodes.size());
    auto state = std::make_shared<State>();
    policy::Policy moving = policy;
    EpisodeMemory memory(source);
    const WalkInputs inputs{history, moving, economics, memory};
    Builder builder;
    for (const std::uint32_t e : coverage.episodes) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Compiling the policy lab was cancelled");
        memory.forget();
        MULLIGAN_TRY(auto pieces, piecesOf(inputs, moving, e));
        const model::Episode &episode = history.episodes[e];
        for (std::uint32_t i = episode.first; i <= episode.last(); ++i)
            state->decisionPoints += isDecisionPoint(history.attempts[i]) ? 1 : 0;
        builder.add(history.attempts[episode.first], std::move(pieces));
        progress.advance();
    }
    state->thresholds = policy.thresholds;
    state->defaultThreshold = policy.defaultThreshold;
    state->jobs = builder.jobs.size();
    state->classes.resize(builder.bars.size());
    for (const auto &[errorClass, bar] : builder.bars)
        state->classes[bar] = errorClass;
    for (auto &[key, table] : builder.tables) {
        table.finish();
        state->tables.push_back(std::move(table));
    }
    state->mixed = std::move(builder.mixed);
    state->resamples = JobResamples(state->jobs, options.replicates, options.seed);
    return LabTable(std::move(state));
}

LabPoint LabTable::evaluate(const std::map<std::string, double> &thresholds, double defaultThreshold) const
{
    const State &s = *m_state;
    policy::Policy lookup;
    lookup.thresholds = thresholds;
    lookup.defaultThreshold = defaultThreshold;
    Sums sums{std::vector<double>(s.jobs * kJobColumns), std::vector<Values>(s.classes.size())};
    for (const ClassTable &table : s.tables)
        addTable(sums, table, table.threshold.empty() ? 0.0 : lookup.thresholdFor(table.threshold));
    for (const MixedEpisode &episode : s.mixed) {
        const auto piece = std::find_if(episode.pieces.begin(), episode.pieces.end(), [&](const Piece &p) {
            return std::all_of(p.region.begin(), p.region.end(),
                               [&](const auto &r) { return contains(r.second, lookup.thresholdFor(r.first)); });
        });
        if (piece == episode.pieces.end())
            continue;
        addRow(sums, episode.bar, episode.job, piece->values.data());
        for (size_t x = 0; x < kExtras; ++x)
            sums.bars[episode.bar][kJobColumns + x] += piece->values[kJobColumns + x];
    }
    const Resampled resampled = s.resamples.resample(sums.jobs, kJobColumns);
    const auto additive = [&](size_t column, const char *unit) {
        const Interval i = s.resamples.additive(resampled, column);
        return model::Figure{resampled.total[column], i.low, i.high, unit, {}};
    };
    LabPoint point;
    point.net = additive(kNet, "usd");
    for (size_t i = 0; i < kPartCount; ++i)
        point.parts[i] = additive(i, "usd");
    point.retryCost = additive(kRetry, "usd");
    point.interventions = additive(kPersons, "count");
    point.wronglyStopped = additive(kWrong, "count");
    const Interval share = s.resamples.ratio(resampled, kRemediated, kEpisodes);
    point.remediated = {resampled.total[kRemediated] / resampled.total[kEpisodes], share.low, share.high, "share",
                        "uncensored, scored episodes"};
    for (size_t b = 0; b < s.classes.size(); ++b) {
        const Values &v = sums.bars[b];
        const double *extras = v.data() + kJobColumns;
        point.unsupportedNet += extras[kUnsupportedNet];
        for (size_t i = 0; i < model::kProvenanceCount; ++i) {
            point.provenance[i].count += static_cast<std::uint64_t>(std::llround(extras[kCounts + i]));
            point.provenance[i].contribution += extras[kContributions + i];
        }
        point.classes.push_back({s.classes[b], static_cast<std::uint64_t>(std::llround(v[kEpisodes])),
                                 lookup.thresholdFor(s.classes[b]), v[kNet], extras[kPolicyCost], v[kRemediated],
                                 v[kWrong]});
    }
    std::sort(point.classes.begin(), point.classes.end(),
              [](const ClassBar &a, const ClassBar &b) { return a.errorClass < b.errorClass; });
    return point;
}

std::vector<model::SweepPoint> LabTable::sweep(std::string_view selector, size_t points) const
{
    std::vector<model::SweepPoint> out;
    for (size_t i = 0; i < points; ++i) {
        const double threshold = points > 1 ? static_cast<double>(i) / static_cast<double>(points - 1) : 0.0;
        auto thresholds = m_state->thresholds;
        if (!selector.empty())
            thresholds[std::string(selector)] = threshold;
        const LabPoint point = evaluate(thresholds, selector.empty() ? threshold : m_state->defaultThreshold);
        out.push_back({threshold, point.net.value, point.net.low, point.net.high, point.wronglyStopped.value});
    }
    return out;
}

std::uint64_t LabTable::decisionPoints() const
{
    return m_state->decisionPoints;
}

} // namespace mulligan::simulate

#include "pipeline/truth_figures.hpp"

#include "simulate/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace mulligan::pipeline
{

namespace
{

using evaluate::ChainFigures;
using evaluate::PolicyFigures;
using evaluate::Promise;
using evaluate::Scope;
using model::Figure;

/// What is summed over jobs, first realised, then predicted.
enum Column : std::size_t {
    Episodes,
    Fixable,
    FixedFirst, ///< of the fixable
    FixedInTwo, ///< of the fixable
    Remediated,
    Failed,
    Dearer,
    RetryCost,
    Labour,
    Total,
    First,         ///< of all
    PromisedFirst, ///< of all
    PromisedRemediated,
    PromisedRetryCost,
    Gross,
    PromisedGross,
    PromisedTotal,
    Difference, ///< total − the policy's
    kColumns
};

const ChainFigures &realisedBy(const WalkedEpisode &walked, Decides decides)
{
    return walked.realised[static_cast<std::size_t>(decides)];
}

/// Sums over the episodes of one policy with their intervals over jobs.
class Sums
{
public:
    using Takes = std::function<bool(const WalkedEpisode &)>;

    Sums(const model::History &history, const Walks &walks, Decides decides, const Takes &takes,
         const FigureOptions &options)
    {
        std::map<std::uint32_t, std::size_t> jobs;
        for (const WalkedEpisode &walked : walks.episodes) {
            if (!takes(walked))
                continue;
            ++m_all;
            const ChainFigures &f = realisedBy(walked, decides);
            if (!f.known)
                continue;
            const auto [job, isNew] = jobs.try_emplace(history.episodes[walked.episode].job, jobs.size());
            if (isNew)
                m_rows.resize(m_rows.size() + kColumns, 0.0);
            add(walked, f, m_rows.data() + job->second * kColumns, decides);
        }
        m_resamples.emplace(jobs.size(), options.replicates, options.seed);
        m_resampled = m_resamples->resample(m_rows, kColumns);
    }

    [[nodiscard]] double sum(Column column) const { return m_resampled.total[column]; }
    [[nodiscard]] std::uint64_t count(Column column) const
    {
        return static_cast<std::uint64_t>(std::llround(sum(column)));
    }
    [[nodiscard]] Figure dollars(Column column) const
    {
        const auto interval = m_resamples->additive(m_resampled, column);
        return {sum(column), interval.low, interval.high, "usd", {}};
    }
    [[nodiscard]] Figure share(Column of, Column denominator) const
    {
        const auto interval = m_resamples->ratio(m_resampled, of, denominator);
        const double below = sum(denominator);
        return {below > 0.0 ? sum(of) / below : 0.0, interval.low, interval.high, "share", {}};
    }
    [[nodiscard]] double unknownShare() const
    {
        return m_all > 0 ? 1.0 - sum(Episodes) / static_cast<double>(m_all) : 0.0;
    }

    double wronglyStopped = 0.0;
    double retries = 0.0;
    double unsupported = 0.0;
    std::vector<evaluate::Regret> regrets;

private:
    void add(const WalkedEpisode &walked, const ChainFigures &f, double *row, Decides decides)
    {
        const double fixable = walked.fixable ? 1.0 : 0.0;
        row[Episodes] += 1.0;
        row[Fixable] += fixable;
        row[FixedFirst] += fixable * f.fixedFirst;
        row[FixedInTwo] += fixable * f.fixedInTwo;
        row[Remediated] += f.remediated;
        row[Failed] += f.failed;
        row[Dearer] += f.dearer;
        row[RetryCost] += f.retryCost();
        row[Labour] += f.labour;
        row[Total] += f.total();
        if (decides == Decides::Policy) {
            row[First] += f.fixedFirst;
            row[PromisedFirst] += walked.predicted.fixedFirst;
            row[PromisedRemediated] += walked.predicted.remediated;
            row[Gross] += f.gross;
            row[PromisedGross] += walked.predicted.gross;
            row[PromisedRetryCost] += walked.predicted.retryCost();
            row[PromisedTotal] += walked.predicted.total();
        } else if (realisedBy(walked, Decides::Policy).known) {
            row[Difference] += f.total() - realisedBy(walked, Decides::Policy).total();
        }
        wronglyStopped += f.wronglyStopped;
        retries += f.retries;
        unsupported += f.unsupported;
        regrets.insert(regrets.end(), f.regrets.begin(), f.regrets.end());
    }

    std::uint64_t m_all = 0;
    std::vector<double> m_rows;
    std::optional<simulate::JobResamples> m_resamples;
    simulate::Resampled m_resampled;
};

/// The regret that `share` of the successes, by probability, do not exceed.
std::optional<double> regretAt(std::vector<evaluate::Regret> regrets, double share)
{
    std::sort(regrets.begin(), regrets.end(),
              [](const evaluate::Regret &a, const evaluate::Regret &b) { return a.share < b.share; });
    double total = 0.0;
    for (const evaluate::Regret &regret : regrets)
        total += regret.weight;
    double seen = 0.0;
    for (const evaluate::Regret &regret : regrets) {
        seen += regret.weight;
        if (seen >= share * total - 1e-12)
            return regret.share;
    }
    return std::nullopt;
}

PolicyFigures figuresOf(const Sums &sums, Decides decides, Scope scope)
{
    PolicyFigures out;
    out.policy = name(decides);
    out.scope = scope;
    out.episodes = sums.count(Episodes);
    out.unknownShare = sums.unknownShare();
    out.fixable = sums.count(Fixable);
    out.fixedFirst = sums.share(FixedFirst, Fixable);
    out.fixedInTwo = sums.share(FixedInTwo, Fixable);
    out.remediated = sums.share(Remediated, Episodes);
    out.failed = sums.dollars(Failed);
    out.dearer = sums.dollars(Dearer);
    out.retryCost = sums.dollars(RetryCost);
    out.labour = sums.dollars(Labour);
    out.total = sums.dollars(Total);
    out.totalAbovePolicy = sums.dollars(Difference);
    out.wronglyStopped = sums.wronglyStopped;
    out.retries = sums.retries;
    out.unsupportedShare = sums.retries > 0.0 ? sums.unsupported / sums.retries : 0.0;
    out.regretMedian = regretAt(sums.regrets, 0.5);
    out.regretP90 = regretAt(sums.regrets, 0.9);
    return out;
}

Promise promiseOf(const Sums &sums, const Sums &oracle, Scope scope, std::string unit)
{
    Promise out;
    out.scope = scope;
    out.workflow = std::move(unit);
    out.episodes = sums.count(Episodes);
    out.fixable = sums.count(Fixable);
    out.fixableFixedFirst = sums.share(FixedFirst, Fixable).value;
    out.fixableFixedInTwo = sums.share(FixedInTwo, Fixable).value;
    out.fixedFirstPredicted = sums.share(PromisedFirst, Episodes);
    out.fixedFirst = sums.share(First, Episodes);
    out.remediatedPredicted = sums.share(PromisedRemediated, Episodes);
    out.remediated = sums.share(Remediated, Episodes);
    out.retryCostPredicted = sums.dollars(PromisedRetryCost);
    out.retryCost = sums.dollars(RetryCost);
    out.grossPredicted = sums.dollars(PromisedGross);
    out.gross = sums.dollars(Gross);
    out.totalPredicted = sums.dollars(PromisedTotal);
    out.total = sums.dollars(Total);
    out.oracleRetryCost = oracle.sum(RetryCost);
    out.unsupportedShare = sums.retries > 0.0 ? sums.unsupported / sums.retries : 0.0;
    out.unknownShare = sums.unknownShare();
    return out;
}

void addScope(const model::History &history, const Folds &folds, const Walks &walks, const FigureOptions &options,
              Scope scope, evaluate::TruthReport &report)
{
    const auto inScope = [scope](const WalkedEpisode &walked) { return scope == Scope::All || walked.memoryConfig; };
    for (std::size_t d = 0; d < kDecidesCount; ++d) {
        const auto decides = static_cast<Decides>(d);
        report.policies.push_back(figuresOf(Sums(history, walks, decides, inScope, options), decides, scope));
    }
    const auto promise = [&](const Sums::Takes &takes, const std::string &unit) {
        return promiseOf(Sums(history, walks, Decides::Policy, takes, options),
                         Sums(history, walks, Decides::Oracle, takes, options), scope, unit);
    };
    report.promises.push_back(promise(inScope, {}));
    std::vector<std::uint32_t> present;
    for (const WalkedEpisode &walked : walks.episodes)
        if (inScope(walked))
            present.push_back(folds.unitOfJob[history.episodes[walked.episode].job]);
    std::sort(present.begin(), present.end());
    present.erase(std::unique(present.begin(), present.end()), present.end());
    for (const std::uint32_t unit : present)
        report.byWorkflow.push_back(promise(
            [&](const WalkedEpisode &walked) {
                return inScope(walked) && folds.unitOfJob[history.episodes[walked.episode].job] == unit;
            },
            folds.units[unit]));
}

} // namespace

void addFigures(const model::History &history, const Folds &folds, const Walks &walks, const FigureOptions &options,
                evaluate::TruthReport &report)
{
    report.episodes = walks.episodes.size();
    report.withoutTruth = walks.withoutTruth;
    std::uint64_t retries = 0;
    std::uint64_t byDominance = 0;
    for (const WalkedEpisode &walked : walks.episodes) {
        report.memoryConfigEpisodes += walked.memoryConfig ? 1 : 0;
        retries += walked.policyRetries;
        byDominance += walked.byDominance;
    }
    report.byDominance = retries > 0 ? static_cast<double>(byDominance) / static_cast<double>(retries) : 0.0;
    for (const Scope scope : {Scope::MemoryConfig, Scope::All})
        addScope(history, folds, walks, options, scope, report);
    report.bars = evaluate::barsOf(report);
}

evaluate::CurvePoint curvePoint(const model::History &history, const Walks &walks, double share,
                                const std::vector<FoldModel> &models, const FigureOptions &options)
{
    const Sums sums(
        history, walks, Decides::Policy, [](const WalkedEpisode &w) { return w.memoryConfig; }, options);
    evaluate::CurvePoint out;
    out.share = share;
    out.fixedFirst = sums.share(FixedFirst, Fixable);
    out.remediated = sums.share(Remediated, Episodes);
    std::uint64_t rows = 0;
    double fallback = 0.0;
    for (const FoldModel &model : models) {
        rows += model.rows;
        fallback += model.fallback ? 1.0 : 0.0;
    }
    out.rows = rows / std::max<std::uint64_t>(1, models.size());
    out.fallbackShare = fallback / static_cast<double>(std::max<std::size_t>(1, models.size()));
    return out;
}

} // namespace mulligan::pipeline

#include "pipeline/evaluate_truth.hpp"

#include "evaluate/truth_reader.hpp"
#include "evaluate/truth_table.hpp"
#include "pipeline/model_candidates.hpp"
#include "pipeline/priced_history.hpp"
#include "pipeline/truth_figures.hpp"
#include "pipeline/truth_walk.hpp"
#include "pipeline/without_rules.hpp"
#include "predict/resources.hpp"
#include "store/history_loader.hpp"
#include "store/stored_matches.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

namespace mulligan::pipeline
{

namespace
{

/// "0.60" and "0.6" are one setting.
std::string canonical(const std::string &value)
{
    char *end = nullptr;
    const double number = std::strtod(value.c_str(), &end);
    return !value.empty() && *end == '\0' ? std::to_string(number) : value;
}

/// Takes configurations apart. Only properties that a job's truth names or the space may change count: a logged
/// configuration holds many more that no run of that truth was told apart by.
class KnobsBy
{
public:
    KnobsBy(const std::vector<evaluate::TruthRow> &rows, const optimize::ParameterSpace &space)
    {
        for (const optimize::Parameter &parameter : space.parameters)
            if (parameter.flag.empty())
                m_changed.insert(parameter.name);
        for (const evaluate::TruthRow &row : rows)
            for (const auto &[property, value] : row.config)
                if (!predict::besideKnobs(property, value).empty())
                    m_named[row.job].insert(property);
    }

    evaluate::Knobs operator()(const model::Config &config, const std::string &job) const
    {
        const predict::Resources resources = predict::resourcesOf(config);
        evaluate::Knobs knobs;
        const auto split = resources.values.begin() + predict::kMemoryKnobCount;
        knobs.memory.assign(resources.values.begin(), split);
        knobs.other.assign(split, resources.values.end());
        const auto named = m_named.find(job);
        for (const auto &[property, value] : config) {
            const bool counts =
                m_changed.count(property) > 0 || (named != m_named.end() && named->second.count(property) > 0);
            if (std::string rest = counts ? predict::besideKnobs(property, value) : std::string(); !rest.empty())
                knobs.rest.emplace(property, canonical(rest));
        }
        return knobs;
    }

private:
    std::set<std::string> m_changed;                      ///< by the space
    std::map<std::string, std::set<std::string>> m_named; ///< job → properties of its truth
};

/// Prices and cuts truth rows as the history of the same jobs is.
evaluate::TruthTable tableOf(const std::vector<evaluate::TruthRow> &rows, const model::History &history,
                             const optimize::ParameterSpace &space, const policy::Economics &economics)
{
    std::map<std::string, std::string, std::less<>> clusters;
    for (const model::HistoryAttempt &attempt : history.attempts)
        clusters.emplace(history.jobs.at(attempt.job), history.names.at(attempt.cluster));
    const auto clusterOf = [clusters](const std::string &job) {
        const auto it = clusters.find(job);
        return it == clusters.end() ? std::string() : it->second;
    };
    evaluate::TruthRules rules;
    rules.knobs = KnobsBy(rows, space);
    rules.price = [&economics, clusterOf](const evaluate::TruthRow &row) {
        if (!row.vcoreSeconds || !row.memoryGbSeconds)
            return row.costUsd;
        // Resource seconds follow the price book in force, as those of the history do.
        model::Attempt priced;
        priced.cluster = clusterOf(row.job);
        priced.vcoreSeconds = row.vcoreSeconds;
        priced.memoryGbSeconds = row.memoryGbSeconds;
        return policy::costOf(priced, economics).usd;
    };
    rules.hourlyRate = [&economics, clusterOf](const model::Config &config, const std::string &job) {
        return policy::hourlyRate(economics, config, clusterOf(job));
    };
    return evaluate::TruthTable::build(rows, rules);
}

base::Result<std::shared_ptr<const model::History>> historyOf(store::Workspace &workspace, const TruthRequest &request,
                                                              const std::stop_token &stop, base::Progress &progress)
{
    MULLIGAN_TRY(model::History history, store::loadHistory(workspace, stop, progress));
    reprice(history, request.economics);
    const auto &disabled = request.policy.disabledRules;
    if (!disabled.empty()) {
        if (request.rules == nullptr)
            return base::makeError(base::ErrorCode::InvalidArgument,
                                   "The policy switches rules off, but no rule pack is loaded to say what then matches",
                                   "Load the rule pack, or remove disabled_rules from the policy.");
        MULLIGAN_TRY(const auto matches, store::StoredMatches::load(workspace));
        resolveWithout(history, matches, *request.rules, disabled);
    }
    return std::make_shared<const model::History>(std::move(history));
}

base::Error saysNothing(const model::History &history, const std::string &truthFile)
{
    if (history.episodes.empty())
        return base::makeError(base::ErrorCode::InsufficientData, "The workspace holds no failed run",
                               "Import the history that this truth belongs to, and classify it.");
    return base::makeError(base::ErrorCode::InsufficientData,
                           "The truth file says nothing of any of the " + std::to_string(history.episodes.size())
                               + " failed runs in this workspace",
                           "Its job must be the history's job, and its variant RUN/ATTEMPT, RUN or the job's only "
                           "variant.")
        .in("file " + truthFile);
}

bool knowsAny(const evaluate::TruthTable &table, const model::History &history)
{
    return std::any_of(history.episodes.begin(), history.episodes.end(), [&](const model::Episode &episode) {
        const model::HistoryAttempt &first = history.attempts[episode.first];
        return table.variantOf(history.jobs.at(first.job), history.runs.at(first.run), first.attempt + 1).has_value();
    });
}

base::Result<void> addCurve(const WalkInputs &inputs, const Folds &folds, FoldOptions fold,
                            const FigureOptions &figures, std::stop_token stop, base::Progress &progress,
                            evaluate::TruthReport &report)
{
    for (const double share : {0.25, 0.5, 0.75}) {
        fold.share = share;
        MULLIGAN_TRY(const auto models, fitFolds(*inputs.history, folds, fold, stop, progress));
        MULLIGAN_TRY(const Walks walks, walkWithTruth(inputs, folds, models, true, stop, progress));
        report.curve.push_back(curvePoint(*inputs.history, walks, share, models, figures));
    }
    return {};
}

} // namespace

base::Result<evaluate::TruthReport> evaluateTruth(store::Workspace &workspace, const TruthRequest &request,
                                                  std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(const auto rows, evaluate::readTruth(request.truthFile, stop, progress));
    MULLIGAN_TRY(const auto history, historyOf(workspace, request, stop, progress));
    const evaluate::TruthTable table = tableOf(rows, *history, request.space, request.economics);
    // Seen before the models are trained: a truth of other jobs is a mistake made at once.
    if (!knowsAny(table, *history))
        return saysNothing(*history, request.truthFile);
    const auto past = std::make_shared<const predict::PastIndex>(predict::PastIndex::build(*history));
    const WalkInputs inputs{history,
                            past,
                            table,
                            request.policy,
                            request.economics,
                            request.space,
                            std::make_shared<WorkerPool>(static_cast<std::size_t>(std::clamp(request.threads, 1, 64)))};
    const Folds folds = makeFolds(*history, request.leaveOut, request.folds, request.seed);
    const FoldOptions fold{request.seed, request.threads, 1.0, rateOf(request.economics)};
    MULLIGAN_TRY(const auto models, fitFolds(*history, folds, fold, stop, progress));
    MULLIGAN_TRY(const Walks walks, walkWithTruth(inputs, folds, models, false, stop, progress));
    if (walks.episodes.empty())
        return saysNothing(*history, request.truthFile);
    evaluate::TruthReport report;
    report.leftOut = name(request.leaveOut);
    report.units = folds.units.size();
    report.folds = folds.count;
    report.fallbackFolds = static_cast<std::uint64_t>(
        std::count_if(models.begin(), models.end(), [](const FoldModel &model) { return model.fallback; }));
    report.seed = request.seed;
    report.truthRows = table.rowCount();
    report.truthCells = table.cellCount();
    const FigureOptions figures{400, request.seed};
    if (request.learningCurve) {
        MULLIGAN_CHECK(addCurve(inputs, folds, fold, figures, stop, progress, report));
        report.curve.push_back(curvePoint(*history, walks, 1.0, models, figures));
    }
    addFigures(*history, folds, walks, figures, report);
    return report;
}

} // namespace mulligan::pipeline

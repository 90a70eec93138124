#include "formats/file.hpp"
#include "formats/json.hpp"
#include "model/candidate.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/import_sources.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/resources.hpp"
#include "pipeline/train_models.hpp"
#include "synth/synth.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <map>

using namespace mulligan;

namespace
{

struct Truth {
    model::Config config;
    bool succeeded = false;
    double costUsd = 0.0;
};

/// Truth by "RUN/ATTEMPT" of the attempt that would follow.
using TruthTable = std::map<std::string, std::vector<Truth>>;

bool isMemory(const std::string &property)
{
    return property.find("emory") != std::string::npos || property.find("maxResultSize") != std::string::npos
           || property.find("buffer") != std::string::npos || property.find("offHeap") != std::string::npos;
}

bool sameMemory(const model::Config &a, const model::Config &b)
{
    const auto covered = [](const model::Config &x, const model::Config &y) {
        return std::all_of(x.begin(), x.end(), [&](const auto &entry) {
            const auto other = y.find(entry.first);
            return !isMemory(entry.first) || (other != y.end() && other->second == entry.second);
        });
    };
    return covered(a, b) && covered(b, a);
}

/// How predicted outcomes of first modelled retries compare with what would really have happened.
struct Score {
    double predicted = 0.0; ///< sum of p
    double variance = 0.0;  ///< of the number of successes, were the p right and independent
    double realised = 0.0;  ///< successes in truth
    double predictedNet = 0.0;
    double realisedNet = 0.0; ///< net savings with the first modelled retry's outcome as it would have been
    int compared = 0;
    int withoutTruth = 0; ///< decided for a configuration the truth does not hold
};

} // namespace

/// A synthetic world with known potential outcomes, classified, trained and replayed: are the promises kept?
class TruthStatistics : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    pipeline::Resources m_resources{MULLIGAN_SOURCE_DIR "/resources"};
    std::shared_ptr<const pipeline::ReplaySession> m_session;
    policy::Economics m_economics;
    TruthTable m_truth;

    template <typename T> static T give(base::Result<T> result)
    {
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return std::move(result).value();
    }

    void makeSession()
    {
        base::Progress progress;
        synth::SynthOptions options;
        options.outDir = m_folder.filePath("world").toStdString();
        options.jobs = 250;
        options.days = 110;
        options.seed = 11;
        options.eventLogShare = 0.0;
        give(synth::synthesize(options, {}, progress));
        auto workspace = give(store::Workspace::create(m_folder.filePath("w.mulligan").toStdString()));
        m_economics = give(pipeline::loadEconomics(m_resources));
        pipeline::ImportOptions import;
        import.economics = m_economics;
        const std::vector<std::string> paths{options.outDir};
        give(pipeline::importSources(workspace, paths, import, {}, progress));
        const auto classifier = give(pipeline::loadClassifier(m_resources));
        give(pipeline::classifyWorkspace(workspace, *classifier, {}, progress));
        pipeline::TrainRequest train;
        train.economics = m_economics;
        give(pipeline::trainModels(workspace, train, {}, progress));
        m_session = give(pipeline::ReplaySession::open(workspace, m_economics, give(pipeline::loadSpace(m_resources)),
                                                       classifier, {}, progress));
        readTruth(options.outDir + "/truth.jsonl");
    }

    void readTruth(const std::string &path)
    {
        const std::string text = give(formats::readTextFile(path));
        for (size_t begin = 0; begin < text.size();) {
            const size_t end = text.find('\n', begin);
            const auto row = give(formats::parseJson(std::string_view(text).substr(begin, end - begin)));
            Truth truth;
            for (const auto &[property, value] : row["config"].members())
                truth.config.emplace(property, value.string());
            truth.succeeded = row["outcome"].string() == "succeeded";
            truth.costUsd = row["cost_usd"].number();
            m_truth[row["variant"].string()].push_back(std::move(truth));
            begin = end + 1;
        }
    }

    [[nodiscard]] const Truth *truthOf(const model::HistoryAttempt &failed, const model::Config &config) const
    {
        const auto rows =
            m_truth.find(m_session->history().runs.at(failed.run) + "/" + std::to_string(failed.attempt + 1));
        if (rows == m_truth.end())
            return nullptr;
        for (const Truth &truth : rows->second)
            if (sameMemory(truth.config, config))
                return &truth;
        return nullptr;
    }

    /// Net savings of an episode given that its first modelled retry succeeds with these costs.
    [[nodiscard]] double netOfSuccess(const simulate::EpisodeOutcome &o, std::uint32_t at, double costUsd,
                                      bool changed) const
    {
        const auto &history = m_session->history();
        double matched = 0.0;
        for (std::uint32_t i = history.episodes[o.episode].first + 1; i <= at; ++i)
            if (history.attempts[i].started == model::Trigger::AutoRetry && isDecisionPoint(history.attempts[i]))
                matched += history.attempts[i].costUsd;
        return o.historyF + o.historyL() - matched - (changed ? costUsd - o.completing : 0.0);
    }

    Score score(const policy::Policy &policy) const
    {
        base::Progress progress;
        simulate::ReplayOptions options;
        const auto result = give(m_session->replay(policy, m_economics, options, {}, progress));
        Score out;
        for (const auto &o : result.episodes) {
            out.predictedNet += o.net();
            out.realisedNet += o.net();
            const auto step = std::find_if(o.steps.begin(), o.steps.end(), [](const simulate::ReplayStep &s) {
                return s.provenance == model::Provenance::Modelled && s.probability == 1.0
                       && s.action != policy::Action::Stop;
            });
            if (step == o.steps.end())
                continue;
            const auto &failed = m_session->history().attempts[step->attempt];
            const auto detail = give(m_session->decisionAt(failed.id, policy, m_economics));
            const auto &config = m_session->history().configs[failed.config];
            const Truth *truth = truthOf(failed, model::applied(config, detail.decision.patch));
            if (truth == nullptr) {
                ++out.withoutTruth;
                continue;
            }
            const double p = step->success;
            out.predicted += p;
            out.variance += p * (1.0 - p);
            out.realised += truth->succeeded ? 1.0 : 0.0;
            ++out.compared;
            const double success = netOfSuccess(o, step->attempt, truth->costUsd, !detail.decision.patch.empty());
            const double modelledSuccess =
                netOfSuccess(o, step->attempt, detail.candidates[*detail.decision.candidate].scorer.costSuccess,
                             !detail.decision.patch.empty());
            const double failure = (o.net() - p * modelledSuccess) / (1.0 - p);
            out.realisedNet += (truth->succeeded ? success : failure) - o.net();
        }
        return out;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        makeSession();
    }

    void replay_shippedPolicy_promisesWhatTruthKeeps()
    {
        const Score s = score(give(pipeline::loadPolicy(m_resources)));
        qInfo("%d first modelled retries with a truth, %d without", s.compared, s.withoutTruth);
        qInfo("successes: predicted %.1f, in truth %.0f", s.predicted, s.realised);
        qInfo("net savings: predicted %.2f, realised %.2f (%+.1f %%)", s.predictedNet, s.realisedNet,
              100.0 * (s.predictedNet / s.realisedNet - 1.0));
        QVERIFY(s.compared > 100);
        QVERIFY(s.withoutTruth < s.compared / 5);
        // Calibration is judged over many models of many weeks, so it may miss by more than chance alone: 7 points.
        QVERIFY(std::abs(s.predicted - s.realised) < 3.0 * std::sqrt(s.variance) + 0.07 * s.compared);
        QVERIFY(std::abs(s.predictedNet - s.realisedNet) < 0.25 * std::abs(s.realisedNet));
    }

    void replay_incumbent_isHistory()
    {
        base::Progress progress;
        const auto incumbent = give(pipeline::loadPolicy(m_resources, m_resources.incumbentFile()));
        const auto result = give(m_session->replay(incumbent, m_economics, {}, {}, progress));
        int differing = 0;
        int drawn = 0;
        for (const auto &o : result.episodes) {
            const auto &episode = m_session->history().episodes[o.episode];
            bool atRandom = false;
            for (std::uint32_t i = episode.first; i <= episode.last(); ++i) {
                const auto &probability = m_session->history().attempts[i].actionProbability;
                // The scheduler's own choice has a probability above one half; a drawn one is rare.
                atRandom = atRandom || (probability && *probability < 0.5);
            }
            drawn += atRandom ? 1 : 0;
            differing += !atRandom && std::abs(o.net()) > 1e-9 ? 1 : 0;
        }
        qInfo("%zu episodes, %d with a decision drawn at random, %d others differ", result.episodes.size(), drawn,
              differing);
        QVERIFY(result.episodes.size() > 500);
        // A chain that a person's repair met while it waited may differ; a handful in thousands, not more.
        QVERIFY(differing <= static_cast<int>(result.episodes.size() / 200));
    }
};

QTEST_GUILESS_MAIN(TruthStatistics)
#include "tst_truth_statistics.moc"

#include "predict/train.hpp"

#include "stats/probability.hpp"
#include "world.hpp"

#include <QtTest>

#include <map>

using namespace mulligan;
using namespace mulligan::predict;

namespace
{

base::Result<TrainedModels> trained(const model::History &history, const TrainOptions &options)
{
    base::Progress progress;
    return train(history, PastIndex::build(history), options, {}, progress);
}

struct Fixture {
    tests::World world = tests::makeWorld({});
    PastIndex past = PastIndex::build(world.history);
    TrainedModels models;
};

std::vector<std::uint32_t> failures(const model::History &history, const char *errorClass)
{
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = 0; i < history.attempts.size(); ++i)
        if (model::isDecisionPoint(history.attempts[i]) && history.attempts[i].verdict->errorClass == errorClass)
            out.push_back(i);
    return out;
}

model::Config gib(int g)
{
    return {{"spark.executor.memory", std::to_string(g) + "g"}};
}

/// The same history up to `moment`; every attempt that ended later tells another story.
model::History otherFuture(model::History history, base::Instant moment)
{
    for (model::HistoryAttempt &attempt : history.attempts) {
        if (attempt.endedAt <= moment)
            continue;
        const bool failed = model::isDecisionPoint(attempt);
        attempt.outcome = failed ? model::Outcome::Succeeded : model::Outcome::Failed;
        attempt.verdict.edit().errorClass = "code.null_pointer";
        attempt.costUsd *= 7.0;
        attempt.metrics = model::Metrics{{std::string(model::metric::kPeakHeapBytes), 60.0 * base::kGiB}};
        if (attempt.startedAt > moment)
            attempt.config = 63;
    }
    return history;
}

std::vector<Score> scoresAt(const model::History &history, const Predictor &predictor, std::uint32_t at)
{
    const PastIndex past = PastIndex::build(history);
    const std::vector<model::Config> configs{history.configs[history.attempts[at].config], gib(8), gib(16)};
    auto scores = predictor.scoreMany(contextAt(history, past, at), configs, tests::worldRate);
    if (!scores.has_value())
        qFatal("%s", scores.error().text().c_str());
    return *scores;
}

bool same(const std::vector<Score> &a, const std::vector<Score> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Score &x, const Score &y) {
        return x.supported == y.supported && x.chooser == y.chooser && x.scorer == y.scorer;
    });
}

} // namespace

class TestTrain : public QObject
{
    Q_OBJECT

    // Not static: XGBoost's own statics go first, and freeing a booster after them crashes.
    std::unique_ptr<Fixture> m_fixture;
    const Fixture &fixture() const { return *m_fixture; }

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<Fixture>();
        auto models = trained(m_fixture->world.history, tests::worldTraining());
        if (!models.has_value())
            QFAIL(models.error().text().c_str());
        m_fixture->models = std::move(*models);
    }

    void train_onKnownChances_beatsAllBaselines()
    {
        const model::ModelCard &card = fixture().models.card;
        qInfo("model: auc %.4f log loss %.4f ece %.4f; %llu rows, %llu scored, %llu refits, %.1f s", card.success.auc,
              card.success.logLoss, card.success.ece, static_cast<unsigned long long>(card.rows),
              static_cast<unsigned long long>(card.scoredRows), static_cast<unsigned long long>(card.refits),
              card.seconds);
        QVERIFY(!card.fallback);
        QCOMPARE(card.baselines.size(), size_t(3));
        for (const auto &[name, quality] : card.baselines) {
            qInfo("%s: auc %.4f log loss %.4f ece %.4f", name.c_str(), quality.auc, quality.logLoss, quality.ece);
            QVERIFY2(card.success.logLoss < 0.93 * quality.logLoss, name.c_str());
            QVERIFY2(card.success.auc > quality.auc, name.c_str());
        }
        QVERIFY(card.scoredRows > 1000 && card.refits >= 6 && card.refits <= 12);
        QVERIFY(card.success.ece < 0.06);
        qInfo("cost: mae %.4f mape %.3f bias %+.4f (%s)", card.cost.mae, card.cost.mape, card.cost.bias,
              card.costTarget.c_str());
        QVERIFY(card.cost.mape < 0.6);
        QVERIFY(card.learningCurve.size() >= 3);
        QVERIFY(card.learningCurve.back().y < card.learningCurve.front().y);
        QVERIFY(!card.importance.empty());
    }

    void train_onKnownChances_comesNearTheTruth()
    {
        const Fixture &f = fixture();
        std::vector<double> model;
        std::vector<double> truth;
        std::vector<std::uint8_t> outcomes;
        for (std::uint32_t i = 0; i + 1 < f.world.history.attempts.size(); ++i) {
            const auto &failed = f.world.history.attempts[i];
            const auto &retry = f.world.history.attempts[i + 1];
            const Predictor *predictor = f.models.modelAt(failed.endedAt);
            if (predictor == nullptr || !model::isDecisionPoint(failed) || failed.job != retry.job
                || failed.run != retry.run)
                continue;
            const auto scores = predictor->scoreMany(contextAt(f.world.history, f.past, i),
                                                     {&f.world.history.configs[retry.config], 1}, tests::worldRate);
            QVERIFY(scores.has_value());
            model.push_back(scores->front().scorer.success);
            truth.push_back(f.world.chance[static_cast<size_t>(retry.id)]);
            outcomes.push_back(retry.outcome == model::Outcome::Succeeded ? 1 : 0);
        }
        double bias = 0.0;
        double error = 0.0;
        for (size_t k = 0; k < model.size(); ++k) {
            bias += (model[k] - truth[k]) / static_cast<double>(model.size());
            error += std::abs(model[k] - truth[k]) / static_cast<double>(model.size());
        }
        const double loss = stats::logLoss(model, outcomes);
        const double best = stats::logLoss(truth, outcomes);
        qInfo("mean error of p %.4f, bias %+.4f, log loss %.4f (with the true chances %.4f)", error, bias, loss, best);
        QVERIFY(std::abs(bias) < 0.03);
        QVERIFY(error < 0.13);
        QVERIFY(loss < 1.30 * best);
    }

    void scoreMany_moreMemory_neverLowersTheChance()
    {
        const Fixture &f = fixture();
        std::vector<model::Config> ladder;
        for (int g = 1; g <= 48; ++g)
            ladder.push_back(gib(g));
        for (const char *errorClass : {"memory_config.executor_heap", "network.timeout", "code.null_pointer"}) {
            const auto points = failures(f.world.history, errorClass);
            for (size_t k = 0; k < points.size(); k += 23) {
                RetryContext context = contextAt(f.world.history, f.past, points[k]);
                for (int tries = 0; tries < 3; ++tries) {
                    const auto scores = f.models.production->scoreMany(context, ladder, tests::worldRate);
                    QVERIFY(scores.has_value());
                    for (size_t g = 1; g < ladder.size(); ++g) {
                        QVERIFY((*scores)[g].scorer.success >= (*scores)[g - 1].scorer.success);
                        QVERIFY((*scores)[g].chooser.success >= (*scores)[g - 1].chooser.success);
                    }
                    context = afterFailedRetry(context, ladder[static_cast<size_t>(7 + 5 * tries)]);
                }
            }
        }
    }

    void scoreMany_sameConfigurationAgain_chanceDoesNotRise()
    {
        const Fixture &f = fixture();
        for (const char *errorClass : {"memory_config.executor_heap", "network.timeout"}) {
            const auto points = failures(f.world.history, errorClass);
            for (size_t k = 0; k < points.size(); k += 31) {
                RetryContext context = contextAt(f.world.history, f.past, points[k]);
                const std::vector<model::Config> same{context.config};
                double last = 1.0;
                for (int tries = 0; tries < 10; ++tries) {
                    const auto scores = f.models.production->scoreMany(context, same, tests::worldRate);
                    QVERIFY(scores.has_value());
                    const double p = scores->front().scorer.success;
                    QVERIFY(p <= last);
                    QVERIFY(p > 0.0 && p < 1.0);
                    last = p;
                    context = afterFailedRetry(context, context.config);
                }
            }
        }
    }

    void scoreMany_costs_scaleWithThePriceBookAlone()
    {
        const Fixture &f = fixture();
        const auto at = failures(f.world.history, "memory_config.executor_heap").back();
        const RetryContext context = contextAt(f.world.history, f.past, at);
        const std::vector<model::Config> configs{gib(4), gib(8)};
        const auto cheap = f.models.production->scoreMany(context, configs, tests::worldRate);
        const auto dear = f.models.production->scoreMany(
            context, configs, [](const model::Config &c, std::string_view k) { return 3.0 * tests::worldRate(c, k); });
        QVERIFY(cheap.has_value() && dear.has_value());
        for (size_t i = 0; i < configs.size(); ++i) {
            QCOMPARE((*dear)[i].scorer.success, (*cheap)[i].scorer.success);
            QVERIFY(std::abs((*dear)[i].scorer.costFail - 3.0 * (*cheap)[i].scorer.costFail) < 1e-9);
            QVERIFY((*cheap)[i].scorer.costSuccess > (*cheap)[i].scorer.costFail);
        }
    }

    void scoreHours_inBatches_equalsOneByOne()
    {
        const Fixture &f = fixture();
        const auto points = failures(f.world.history, "memory_config.executor_heap");
        const std::vector<model::Config> configs{gib(2), gib(4), gib(8), gib(16)};
        std::vector<RetryContext> contexts;
        for (size_t k = 0; k < 300; ++k)
            contexts.push_back(contextAt(f.world.history, f.past, points[k]));
        std::vector<ScoreRequest> requests;
        for (const RetryContext &context : contexts)
            requests.push_back({&context, configs});
        const auto all = f.models.production->scoreHours(requests);
        QVERIFY(all.has_value());
        for (size_t k = 0; k < contexts.size(); ++k) {
            const auto one = f.models.production->scoreHours({&requests[k], 1});
            QVERIFY(one.has_value());
            QVERIFY(same(*one, {all->begin() + static_cast<std::ptrdiff_t>(4 * k),
                                all->begin() + static_cast<std::ptrdiff_t>(4 * k + 4)}));
        }
    }

    void train_futureChanged_scoresOfThePastStay()
    {
        const Fixture &f = fixture();
        const base::Instant moment = base::fromCivil(2026, 3, 4, 12);
        const model::History other = otherFuture(f.world.history, moment);
        const auto models = trained(other, tests::worldTraining());
        QVERIFY(models.has_value());
        int points = 0;
        bool laterModelDiffers = false;
        for (const char *errorClass : {"memory_config.executor_heap", "network.timeout", "code.null_pointer"})
            for (const std::uint32_t at : failures(f.world.history, errorClass)) {
                const base::Instant ended = f.world.history.attempts[at].endedAt;
                const Predictor *before = f.models.modelAt(ended);
                if (before == nullptr || ended > moment)
                    continue;
                ++points;
                const Predictor *after = models->modelAt(ended);
                QVERIFY(after != nullptr);
                QCOMPARE(after->id(), before->id());
                if (points % 17 != 0)
                    continue;
                const auto scores = scoresAt(f.world.history, *before, at);
                QVERIFY(same(scores, scoresAt(other, *after, at)));
                // A model that has seen the future answers otherwise: the leak this test would catch.
                laterModelDiffers = laterModelDiffers || !same(scores, scoresAt(other, *models->production, at));
            }
        QVERIFY(points > 200);
        QVERIFY(laterModelDiffers);
    }

    void train_sameSeed_givesTheSameBytesOnAnyThreads()
    {
        const auto world = tests::makeWorld({30, 60, 5, 0.3});
        const auto one = trained(world.history, tests::worldTraining(7, 1));
        const auto two = trained(world.history, tests::worldTraining(7, 2));
        const auto other = trained(world.history, tests::worldTraining(8, 2));
        QVERIFY(one.has_value() && two.has_value() && other.has_value());
        QVERIFY(!one->card.fallback);
        QVERIFY(one->files() == two->files());
        QCOMPARE(one->id, two->id);
        QVERIFY(one->id != other->id);
    }

    void contributions_ofARealFailure_addUpAndNameWhatMatters()
    {
        const Fixture &f = fixture();
        const auto at = failures(f.world.history, "code.null_pointer").back();
        const RetryContext context = contextAt(f.world.history, f.past, at);
        const auto parts = f.models.production->contributions(context, context.config);
        QVERIFY(parts.has_value() && parts->size() > 3);
        double sum = 0.0;
        for (size_t i = 0; i < parts->size(); ++i) {
            sum += (*parts)[i].logOdds;
            QVERIFY(i == 0 || std::abs((*parts)[i].logOdds) <= std::abs((*parts)[i - 1].logOdds));
        }
        // Hardly any of these succeed, so the margin is far below even.
        QVERIFY(sum < -1.0);
    }

    void train_tooLittleData_saysHowMuchIsNeededAndUsesClassRates()
    {
        const auto world = tests::makeWorld({6, 20, 3, 0.3});
        const auto models = trained(world.history, tests::worldTraining());
        QVERIFY(models.has_value());
        QVERIFY(models->card.fallback);
        QVERIFY(models->card.fallbackReason.find("at least 200 retries") != std::string::npos);
        QVERIFY(models->production->fallback());
        QVERIFY(models->modelAt(world.history.from) != nullptr);
        const auto memory = failures(world.history, "memory_config.executor_heap").front();
        const auto code = failures(world.history, "code.null_pointer").front();
        const auto likely = scoresAt(world.history, *models->production, memory);
        const auto unlikely = scoresAt(world.history, *models->production, code);
        QVERIFY(likely[0].scorer.success > unlikely[0].scorer.success);
        QVERIFY(likely[0].scorer.costFail > 0.0);
        const auto none = models->production->contributions(RetryContext(), {});
        QVERIFY(none.has_value() && none->empty());
    }

    void train_nothingFailed_standsOnPriorsAlone()
    {
        model::History history;
        history.names.add("");
        history.configs.push_back({});
        model::HistoryAttempt a;
        a.job = history.jobs.add("job");
        a.run = history.runs.add("1");
        a.outcome = model::Outcome::Succeeded;
        a.startedAt = base::fromCivil(2026, 1, 1);
        a.endedAt = base::fromCivil(2026, 1, 1, 1);
        history.attempts.push_back(a);
        model::buildEpisodes(history);
        const auto models = trained(history, tests::worldTraining());
        QVERIFY(models.has_value());
        QVERIFY(models->card.fallback);
        QCOMPARE(models->card.rows, std::uint64_t(0));
    }

    void train_stopRequested_isCancelled()
    {
        const Fixture &f = fixture();
        std::stop_source stop;
        stop.request_stop();
        base::Progress progress;
        const auto models = train(f.world.history, f.past, tests::worldTraining(), stop.get_token(), progress);
        QVERIFY(!models.has_value());
        QCOMPARE(models.error().code, base::ErrorCode::Cancelled);
    }

    void scoreMany_support_needsRowsAndJobsOfItsBand()
    {
        const Fixture &f = fixture();
        std::map<std::string, int> supported;
        const auto points = failures(f.world.history, "memory_config.executor_heap");
        int all = 0;
        for (size_t k = 0; k < points.size(); k += 11) {
            const RetryContext context = contextAt(f.world.history, f.past, points[k]);
            const int now = static_cast<int>(tests::gibOf(context.config));
            const std::vector<model::Config> configs{context.config, gib(now * 2), gib(now * 12), gib(now / 4)};
            const auto scores = f.models.production->scoreMany(context, configs, tests::worldRate);
            QVERIFY(scores.has_value());
            ++all;
            supported["same"] += (*scores)[0].supported ? 1 : 0;
            supported["double"] += (*scores)[1].supported ? 1 : 0;
            supported["twelve"] += (*scores)[2].supported ? 1 : 0;
            supported["quarter"] += (*scores)[3].supported ? 1 : 0;
        }
        QVERIFY(supported["same"] > all / 2);
        QVERIFY(supported["double"] > all / 2);
        // What a smaller raise did bounds a larger one from below; nothing of the kind holds for less memory.
        QVERIFY(supported["twelve"] >= supported["double"]);
        QVERIFY(supported["quarter"] < supported["double"] / 2);
        // Nothing but its own configuration was ever tried after a broken program.
        const auto code = failures(f.world.history, "code.null_pointer").back();
        const auto scores = scoresAt(f.world.history, *f.models.production, code);
        QVERIFY(scores[0].supported);
        QVERIFY(!scores[2].supported);
    }
};

QTEST_APPLESS_MAIN(TestTrain)
#include "tst_train_statistics.moc"

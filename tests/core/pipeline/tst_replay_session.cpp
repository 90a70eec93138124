#include "pipeline/replay_session.hpp"

#include "classify/rule_file.hpp"
#include "pipeline/model_candidates.hpp"
#include "pipeline/priced_history.hpp"
#include "pipeline/train_models.hpp"
#include "pipeline/worker_pool.hpp"
#include "store/source_writer.hpp"
#include "store/verdict_store.hpp"
#include "world_workspace.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <thread>

using namespace mulligan;
using namespace mulligan::pipeline;

namespace
{

optimize::ParameterSpace space()
{
    optimize::Parameter memory;
    memory.name = "spark.executor.memory";
    memory.bareUnit = base::kMiB;
    memory.initial = base::kGiB;
    memory.lower = base::kGiB;
    memory.upper = 64 * base::kGiB;
    memory.multipliers = {1.5, 2, 3};
    memory.classes = {"memory_config.executor_heap"};
    memory.memory = true;
    return {{memory}, {}};
}

/// The plain way: every question answered by itself, nothing kept, nothing batched.
class PlainSource final : public simulate::CandidateSource
{
public:
    PlainSource(const model::History &history, const predict::TrainedModels &models, const policy::Economics &economics)
        : m_history(history), m_past(predict::PastIndex::build(history)), m_models(models), m_rate(rateOf(economics))
    {
    }
    bool scored(std::uint32_t attempt) const override { return model(attempt) != nullptr; }
    std::string modelVersion(std::uint32_t attempt) const override { return model(attempt)->id(); }
    base::Result<std::vector<model::Candidate>> candidates(std::uint32_t attempt,
                                                           std::span<const model::Config> tried) const override
    {
        auto context = predict::contextAt(m_history, m_past, attempt);
        for (const auto &config : tried)
            context = predict::afterFailedRetry(context, config);
        return scoreCandidates(space(), *model(attempt), context, m_rate);
    }

private:
    const predict::Predictor *model(std::uint32_t attempt) const
    {
        return m_models.modelAt(m_history.attempts[attempt].endedAt);
    }
    const model::History &m_history;
    predict::PastIndex m_past;
    const predict::TrainedModels &m_models;
    predict::HourlyRate m_rate;
};

} // namespace

class TestReplaySession : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    std::shared_ptr<const ReplaySession> m_session;
    policy::Economics m_economics;

    base::Result<std::shared_ptr<const ReplaySession>> openSession(store::Workspace &workspace, bool withRules) const
    {
        base::Progress progress;
        std::shared_ptr<const classify::Classifier> rules;
        if (withRules) {
            MULLIGAN_TRY(auto pack, classify::packFromText(tests::kWorldRules, "world.yaml"));
            MULLIGAN_TRY(rules, classify::Classifier::make(std::move(pack)));
        }
        return ReplaySession::open(workspace, m_economics, space(), rules, {}, progress);
    }

    simulate::ReplayResult replayed(const ReplaySession &session, const policy::Policy &policy,
                                    const policy::Economics &economics) const
    {
        base::Progress progress;
        auto result = session.replay(policy, economics, {}, {}, progress);
        if (!result.has_value())
            qFatal("%s", result.error().text().c_str());
        return std::move(*result);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto world = tests::makeWorld({40, 70, 4, 0.35});
        auto workspace = tests::workspaceOf(world.history, m_folder.filePath("w.mulligan").toStdString());
        QVERIFY2(workspace.has_value(), workspace.has_value() ? "" : workspace.error().text().c_str());
        base::Progress progress;
        const auto card = trainModels(*workspace, {}, {}, progress);
        QVERIFY(card.has_value() && !card->fallback);
        auto session = openSession(*workspace, true);
        QVERIFY2(session.has_value(), session.has_value() ? "" : session.error().text().c_str());
        m_session = *session;
        QVERIFY(m_session->hasModels());
    }
    void cleanupTestCase() { m_session.reset(); }

    void replay_inBatches_equalsThePlainWay()
    {
        const policy::Policy policy;
        const auto batched = replayed(*m_session, policy, m_economics);
        const PlainSource plain(m_session->history(), m_session->models(), m_economics);
        base::Progress progress;
        const auto expected = simulate::replay(m_session->history(), policy, m_economics, plain, {}, {}, progress);
        QVERIFY(expected.has_value());
        model::SavingsReport report = batched.report;
        QCOMPARE(report.modelId, m_session->models().id);
        QVERIFY(!report.modelFallback);
        QVERIFY(report.modelCaveat.empty());
        QVERIFY(!report.economicsHash.empty());
        report.modelId.clear();
        report.economicsHash = expected->report.economicsHash;
        QCOMPARE(report, expected->report);
        QVERIFY(report.provenance[static_cast<size_t>(model::Provenance::Modelled)].count > 20);
        QVERIFY(report.provenance[static_cast<size_t>(model::Provenance::Observed)].count > 20);
        QVERIFY(report.unscoredEpisodes > 0);
    }

    void replay_onTwoThreads_equalsOneAfterTheOther()
    {
        std::vector<policy::Policy> policies(4);
        policies[1].defaultThreshold = 0.5;
        policies[2].changeConfig = false;
        policies[3].retryLimit = {4, 4, 1};
        std::vector<simulate::ReplayResult> together(policies.size());
        {
            std::vector<std::jthread> threads;
            for (size_t i = 0; i < policies.size(); ++i)
                threads.emplace_back([&, i] { together[i] = replayed(*m_session, policies[i], m_economics); });
        }
        for (size_t i = 0; i < policies.size(); ++i)
            QCOMPARE(together[i].report, replayed(*m_session, policies[i], m_economics).report);
        QVERIFY(together[0].report.savings != together[2].report.savings);
    }

    void replay_pricesDoubled_doublesWhatRunsCostAndKeepsTheChances()
    {
        policy::Economics dear = m_economics;
        dear.defaultPrice.vcoreHour *= 2.0;
        dear.defaultPrice.gibHour *= 2.0;
        const policy::Policy policy;
        const auto before = replayed(*m_session, policy, m_economics);
        const auto after = replayed(*m_session, policy, dear);
        QCOMPARE(before.episodes.size(), after.episodes.size());
        for (size_t i = 0; i < before.episodes.size(); ++i)
            QVERIFY(std::abs(after.episodes[i].historyF - 2.0 * before.episodes[i].historyF)
                    <= 1e-9 * (1.0 + after.episodes[i].historyF));
        QVERIFY(before.report.economicsHash != after.report.economicsHash);
        // Back again: the first view is kept.
        QCOMPARE(replayed(*m_session, policy, m_economics).report, before.report);
    }

    void replay_ruleSwitchedOff_letsTheNextRuleDecide()
    {
        policy::Policy policy;
        policy.disabledRules = {"executor-heap"};
        const auto with = replayed(*m_session, {}, m_economics);
        const auto without = replayed(*m_session, policy, m_economics);
        const auto has = [](const simulate::ReplayResult &result, const char *key) {
            return std::any_of(result.report.groups.begin(), result.report.groups.end(),
                               [&](const auto &group) { return group.key == key; });
        };
        QVERIFY(has(with, "memory_config.executor_heap") && !has(with, "code.exception"));
        QVERIFY(!has(without, "memory_config.executor_heap") && has(without, "code.exception"));
    }

    void replay_ruleSwitchedOffWithoutAPack_isRefused()
    {
        auto workspace =
            store::Workspace::open(m_folder.filePath("w.mulligan").toStdString(), store::OpenMode::ReadOnly);
        QVERIFY(workspace.has_value());
        const auto session = openSession(*workspace, false);
        QVERIFY(session.has_value());
        policy::Policy policy;
        policy.disabledRules = {"executor-heap"};
        base::Progress progress;
        const auto result = (*session)->replay(policy, m_economics, {}, {}, progress);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, base::ErrorCode::InvalidArgument);
    }

    void withRules_anotherPack_sharesAllAndDecidesWhereRulesAreOff()
    {
        auto pack = classify::packFromText(tests::kWorldRules, "world.yaml");
        QVERIFY(pack.has_value());
        for (auto &rule : pack->rules)
            if (rule.id == "any-failure")
                rule.errorClass = "code.udf";
        const auto rules = classify::Classifier::make(std::move(*pack));
        QVERIFY(rules.has_value());
        const auto other = m_session->withRules(*rules);
        QCOMPARE(&other->history(), &m_session->history());
        QCOMPARE(&other->models(), &m_session->models());
        QCOMPARE(other->rules(), *rules);
        QCOMPARE(replayed(*other, {}, m_economics).report, replayed(*m_session, {}, m_economics).report);
        policy::Policy off;
        off.disabledRules = {"executor-heap"};
        const auto has = [&](const ReplaySession &session, const char *key) {
            const auto result = replayed(session, off, m_economics);
            return std::any_of(result.report.groups.begin(), result.report.groups.end(),
                               [&](const auto &group) { return group.key == key; });
        };
        QVERIFY(has(*other, "code.udf") && !has(*other, "code.exception"));
        QVERIFY(has(*m_session, "code.exception") && !has(*m_session, "code.udf"));
        const auto none = m_session->withRules(nullptr);
        base::Progress progress;
        QCOMPARE(none->replay(off, m_economics, {}, {}, progress).error().code, base::ErrorCode::InvalidArgument);
    }

    void open_afterAnotherOne_sharesWhatIsStillSo()
    {
        const auto path = m_folder.filePath("again.mulligan");
        QVERIFY(QFile::copy(m_folder.filePath("w.mulligan"), path));
        auto workspace = store::Workspace::open(path.toStdString(), store::OpenMode::ReadWrite);
        QVERIFY(workspace.has_value());
        const auto first = openSession(*workspace, true).value();
        base::Progress progress;
        const auto again = [&](const policy::Economics &economics) {
            return ReplaySession::open(*workspace, economics, space(), first->rules(), {}, progress, first).value();
        };
        const auto unchanged = again(m_economics);
        QCOMPARE(&unchanged->history(), &first->history());
        QCOMPARE(&unchanged->models(), &first->models());
        policy::Economics dear = m_economics;
        dear.defaultPrice.gibHour *= 2.0;
        QVERIFY(&again(dear)->history() != &first->history());

        // Some failures get another verdict, one loses its own.
        auto writer = store::VerdictWriter::begin(*workspace, store::OldVerdicts::Keep);
        QVERIFY(writer.has_value());
        model::Verdict verdict;
        verdict.errorClass = "code.udf";
        verdict.rule = "any-failure";
        verdict.matches = {{"any-failure", 0, 1, 0, 4, true}};
        const auto id = writer->addVerdict(verdict);
        QVERIFY(id.has_value());
        int changed = 0;
        for (const auto &attempt : first->history().attempts)
            if (model::isDecisionPoint(attempt) && ++changed % 3 == 0)
                QVERIFY(writer->assign(attempt.id, *id).has_value());
        QVERIFY(writer->commit().has_value());
        const auto after = again(m_economics);
        QVERIFY(&after->history() != &first->history());
        QCOMPARE(&after->models(), &first->models());
        const auto fresh = openSession(*workspace, true).value();
        policy::Policy off;
        off.disabledRules = {"executor-heap"};
        for (const policy::Policy &policy : {policy::Policy(), off})
            QCOMPARE(replayed(*after, policy, m_economics).report, replayed(*fresh, policy, m_economics).report);
        QVERIFY(replayed(*after, {}, m_economics).report != replayed(*first, {}, m_economics).report);

        // Other models: nothing that was scored by the old ones is taken over.
        TrainRequest request;
        request.seed = 7;
        QVERIFY(trainModels(*workspace, request, {}, progress).has_value());
        const auto trained = ReplaySession::open(*workspace, m_economics, space(), after->rules(), {}, progress, after);
        QVERIFY(trained.has_value());
        QCOMPARE(&(*trained)->history(), &after->history());
        QVERIFY((*trained)->models().id != after->models().id);
        QCOMPARE(replayed(**trained, {}, m_economics).report,
                 replayed(*openSession(*workspace, true).value(), {}, m_economics).report);
    }

    void open_afterAnImport_loadsTheHistoryAnew()
    {
        const auto path = m_folder.filePath("grown.mulligan");
        QVERIFY(QFile::copy(m_folder.filePath("w.mulligan"), path));
        auto workspace = store::Workspace::open(path.toStdString(), store::OpenMode::ReadWrite);
        QVERIFY(workspace.has_value());
        const auto first = openSession(*workspace, true).value();
        const store::SourceMeta meta{"more.jsonl", "attempts", std::string(64, 'b'), 1, base::fromCivil(2026, 7, 1)};
        auto writer = store::SourceWriter::begin(*workspace, meta);
        QVERIFY(writer.has_value());
        model::Attempt record = tests::recordOf(first->history(), first->history().attempts.front());
        record.run = "a run of its own";
        QVERIFY(writer->add(record, "", 0).has_value());
        QVERIFY(writer->commit({}).has_value());
        base::Progress progress;
        const auto grown =
            ReplaySession::open(*workspace, m_economics, space(), first->rules(), {}, progress, first).value();
        QCOMPARE(grown->history().attempts.size(), first->history().attempts.size() + 1);
    }

    void withVerdicts_ofSomeFailures_equalsASessionThatWasClassifiedSo()
    {
        model::Verdict verdict;
        verdict.errorClass = "service.unavailable";
        verdict.transient = true;
        verdict.action = model::RuleAction::Retry;
        verdict.rule = "any-failure";
        verdict.summary = "words that no decision depends on";
        verdict.matches = {{"any-failure", 0, 1, 0, 4, true}};
        std::vector<std::pair<std::int64_t, std::uint32_t>> byAttempt;
        model::History expected = m_session->history();
        for (std::size_t i = 0; i < expected.attempts.size(); i += 5)
            if (model::isDecisionPoint(expected.attempts[i])) {
                byAttempt.emplace_back(expected.attempts[i].id, 0);
                expected.attempts[i].verdict = verdict;
            }
        std::sort(byAttempt.begin(), byAttempt.end());
        base::Progress progress;
        const auto changed =
            m_session->withVerdicts({&verdict, 1}, byAttempt, m_session->rules(), m_economics, {}, progress);
        QVERIFY(changed.has_value());
        const PlainSource plain(expected, m_session->models(), m_economics);
        const auto plainly = simulate::replay(expected, {}, m_economics, plain, {}, {}, progress);
        QVERIFY(plainly.has_value());
        const auto report = replayed(**changed, {}, m_economics).report;
        QCOMPARE(report.savings, plainly->report.savings);
        QCOMPARE(report.groups, plainly->report.groups);
        QVERIFY(report.savings != replayed(*m_session, {}, m_economics).report.savings);
        // Switched off, the rule that won there leaves nothing.
        policy::Policy off;
        off.disabledRules = {"any-failure"};
        const auto left = replayed(**changed, off, m_economics);
        QVERIFY(std::none_of(left.report.groups.begin(), left.report.groups.end(),
                             [](const auto &group) { return group.key == "service.unavailable"; }));
    }

    void compileLab_atOtherThresholds_equalsAFullReplay()
    {
        base::Progress progress;
        policy::Policy policy;
        const auto lab = m_session->compileLab(policy, m_economics, {}, {}, progress);
        QVERIFY(lab.has_value());
        for (const double threshold : {0.0, 0.1, 0.35, 0.8}) {
            policy.defaultThreshold = threshold;
            const auto expected = replayed(*m_session, policy, m_economics);
            const double net = lab->evaluate({}, threshold).net.value;
            QVERIFY2(std::abs(net - expected.report.savings.net.value) < 1e-6 * (1.0 + std::abs(net)),
                     std::to_string(threshold).c_str());
        }
    }

    void decisionAt_aMemoryFailure_tellsTheWholeStory()
    {
        const model::History &history = m_session->history();
        int asked = 0;
        bool before = false;
        for (const auto &attempt : history.attempts) {
            if (!model::isDecisionPoint(attempt) || attempt.verdict->errorClass != "memory_config.executor_heap")
                continue;
            const auto detail = m_session->decisionAt(attempt.id, {}, m_economics);
            QVERIFY(detail.has_value());
            if (!detail->scored) {
                QVERIFY(detail->candidates.empty() && detail->contributions.empty());
                before = true;
                continue;
            }
            QVERIFY(!detail->candidates.empty() && detail->candidates[0].patch.empty());
            QVERIFY(!detail->contributions.empty());
            // At the retry limit no model is asked.
            if (detail->decision.reason != policy::Reason::Limit)
                QVERIFY(!detail->decision.modelVersion.empty());
            if (++asked > 50)
                break;
        }
        QVERIFY(asked > 50 && before);
    }

    void decisionAt_aSuccessOrAnUnknownId_isNotFound()
    {
        const model::History &history = m_session->history();
        const auto success = std::find_if(history.attempts.begin(), history.attempts.end(),
                                          [](const auto &a) { return a.outcome == model::Outcome::Succeeded; });
        for (const std::int64_t id : {success->id, std::int64_t(-5)}) {
            const auto detail = m_session->decisionAt(id, {}, m_economics);
            QVERIFY(!detail.has_value());
            QCOMPARE(detail.error().code, base::ErrorCode::NotFound);
        }
    }

    void open_withoutModels_classRatesStandInAndEveryResultSaysSo()
    {
        const auto world = tests::makeWorld({8, 30, 6, 0.3});
        auto workspace = tests::workspaceOf(world.history, m_folder.filePath("untrained.mulligan").toStdString());
        QVERIFY(workspace.has_value());
        const auto session = openSession(*workspace, true);
        QVERIFY(session.has_value());
        QVERIFY(!(*session)->hasModels());
        const auto result = replayed(**session, {}, m_economics);
        QVERIFY(result.report.modelFallback);
        QVERIFY(result.report.modelId.empty());
        QVERIFY(result.report.modelCaveat.starts_with("No model is trained. These figures rest on the rules and on"));
        QVERIFY(result.report.modelCaveat.find("'mulligan train'") != std::string::npos);
        QCOMPARE(result.report.notes.front(), result.report.modelCaveat);
        QCOMPARE(result.report.unscoredEpisodes, std::uint64_t(0));
    }

    void open_emptyWorkspace_opensAndHasNothingToReplay()
    {
        auto workspace = store::Workspace::create(m_folder.filePath("empty.mulligan").toStdString());
        QVERIFY(workspace.has_value());
        const auto session = openSession(*workspace, true);
        QVERIFY(session.has_value());
        base::Progress progress;
        const auto result = (*session)->replay({}, m_economics, {}, {}, progress);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, base::ErrorCode::InsufficientData);
    }

    void run_manyItems_eachOnceFromSeveralCallers()
    {
        WorkerPool pool(3);
        std::array<std::atomic<int>, 1000> counts{};
        {
            std::vector<std::jthread> callers;
            for (int c = 0; c < 4; ++c)
                callers.emplace_back([&] {
                    for (int round = 0; round < 20; ++round)
                        pool.run(counts.size(), [&](size_t i) { ++counts[i]; });
                });
        }
        for (const auto &count : counts)
            QCOMPARE(count.load(), 80);
    }

    void reprice_loggedCosts_stay()
    {
        model::History history = m_session->history();
        history.attempts[0].costSource = model::CostSource::Logged;
        history.attempts[0].costUsd = 123.0;
        policy::Economics dear = m_economics;
        dear.defaultPrice.gibHour *= 10.0;
        const double other = history.attempts[1].costUsd;
        reprice(history, dear);
        QCOMPARE(history.attempts[0].costUsd, 123.0);
        QVERIFY(history.attempts[1].costUsd > other);
        QVERIFY(priceKey(dear) != priceKey(m_economics));
    }
};

QTEST_APPLESS_MAIN(TestReplaySession)
#include "tst_replay_session.moc"

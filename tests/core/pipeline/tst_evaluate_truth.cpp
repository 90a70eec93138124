#include "pipeline/evaluate_truth.hpp"

#include "formats/file.hpp"
#include "formats/json.hpp"
#include "optimize/space.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/import_sources.hpp"
#include "pipeline/priced_history.hpp"
#include "pipeline/resources.hpp"
#include "pipeline/truth_walk.hpp"
#include "policy/policy_file.hpp"
#include "store/history_loader.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;
using evaluate::PolicyFigures;
using evaluate::Scope;

namespace
{

constexpr int kJobs = 12;
constexpr int kWorkflows = 4;
constexpr int kRuns = 3;
constexpr double kFailCost = 1.0;
constexpr double kLabour = 30.0; ///< 20 logged minutes at 90 dollars an hour

/// What a run at so much memory costs when it succeeds.
double costAt(int gib)
{
    return 2.0 + gib;
}

formats::Json configOf(int gib)
{
    return formats::Json()
        .set("spark.executor.memory", std::to_string(gib) + "g")
        .set("spark.executor.instances", "2")
        .set("spark.driver.memory", "1g");
}

/// Every job fails for lack of heap at 2 GiB and succeeds at 4 and 8. The scheduler tries 2 GiB twice more, then a
/// person sets 8.
std::string history()
{
    std::string out;
    const auto line = [&](int job, int run, int attempt, int gib, const char *trigger) {
        const bool succeeded = gib > 2;
        const base::Instant start = base::fromCivil(2026, 3, 2 + 7 * run, job, 10 * attempt);
        formats::Json json;
        json.set("job", "job" + std::to_string(job)).set("run", "run" + std::to_string(run) + "/large");
        json.set("attempt", attempt).set("outcome", succeeded ? "succeeded" : "failed");
        json.set("started_at", base::formatInstant(start));
        json.set("ended_at", base::formatInstant(start.plusSeconds(300.0)));
        json.set("workflow", "flow" + std::to_string(job % kWorkflows)).set("trigger", trigger);
        json.set("config", configOf(gib)).set("cost_usd", succeeded ? costAt(gib) : kFailCost);
        if (!succeeded)
            json.set("error_text", "java.lang.OutOfMemoryError: Java heap space\n\tat a.b.C.d(C.java:1)");
        if (attempt == 4)
            json.set("manual_minutes", 20);
        out += formats::writeJson(json) + "\n";
    };
    for (int job = 0; job < kJobs; ++job)
        for (int run = 0; run < kRuns; ++run) {
            line(job, run, 1, 2, "scheduled");
            line(job, run, 2, 2, "auto_retry");
            line(job, run, 3, 2, "auto_retry");
            line(job, run, 4, 8, "manual");
        }
    return out;
}

std::string truth(const std::vector<int> &sizes, int jobs = kJobs)
{
    std::string out;
    for (int job = 0; job < jobs; ++job)
        for (const int gib : sizes)
            out += formats::writeJson(formats::Json()
                                          .set("job", "job" + std::to_string(job))
                                          .set("variant", "large")
                                          .set("config", configOf(gib))
                                          .set("repeat", 1)
                                          .set("outcome", gib > 2 ? "succeeded" : "failed")
                                          .set("seconds", 300)
                                          .set("cost_usd", gib > 2 ? costAt(gib) : kFailCost))
                   + "\n";
    return out;
}

constexpr const char *kSpace = R"(exact_up_to: 64
search_budget: 16
seed: 1
parameters:
  - name: spark.executor.memory
    unit: bytes
    bare_unit: 1m
    initial: 1g
    lower: 512m
    upper: 8g
    multipliers: [2, 4]
    classes: [memory_config.executor_heap]
    memory: true
)";

} // namespace

class TestEvaluateTruth : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    pipeline::Resources m_resources{MULLIGAN_SOURCE_DIR "/resources"};
    std::optional<store::Workspace> m_workspace;
    pipeline::TruthRequest m_request;

    template <typename T> static T give(base::Result<T> result)
    {
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return std::move(result).value();
    }

    std::string write(const char *name, const std::string &text)
    {
        const std::string path = m_folder.filePath(QString::fromLatin1(name)).toStdString();
        if (!formats::writeFileAtomically(path, text))
            qFatal("cannot write %s", path.c_str());
        return path;
    }

    base::Result<evaluate::TruthReport> evaluated(pipeline::TruthRequest request)
    {
        base::Progress progress;
        return pipeline::evaluateTruth(*m_workspace, request, {}, progress);
    }

    static const PolicyFigures &of(const evaluate::TruthReport &report, const char *policy)
    {
        for (const PolicyFigures &f : report.policies)
            if (f.policy == policy && f.scope == Scope::MemoryConfig)
                return f;
        qFatal("no figures of %s", policy);
    }

private Q_SLOTS:
    void initTestCase()
    {
        base::Progress progress;
        m_workspace = give(store::Workspace::create(m_folder.filePath("w.mulligan").toStdString()));
        m_request.economics = give(pipeline::loadEconomics(m_resources));
        m_request.economics.labourRatePerHour = 90.0;
        pipeline::ImportOptions import;
        import.economics = m_request.economics;
        const std::vector<std::string> paths{write("history.jsonl", history())};
        give(pipeline::importSources(*m_workspace, paths, import, {}, progress));
        m_request.rules = give(pipeline::loadClassifier(m_resources));
        give(pipeline::classifyWorkspace(*m_workspace, *m_request.rules, {}, progress));
        m_request.policy = give(pipeline::loadPolicy(m_resources));
        // One retry in three succeeds here, whatever it changes: with this threshold class rates promise too little.
        m_request.policy.thresholds.clear();
        m_request.policy.defaultThreshold = 0.5;
        m_request.space = give(optimize::parseSpace(kSpace, "space.yaml"));
        m_request.truthFile = write("truth.jsonl", truth({2, 4, 8}));
    }

    void evaluateTruth_knownWorld_givesEveryPolicyItsClosedForm_data()
    {
        QTest::addColumn<QByteArray>("policy");
        QTest::addColumn<double>("fixedFirst");
        QTest::addColumn<double>("failed"); // F an episode
        QTest::addColumn<double>("dearer"); // X an episode
        QTest::addColumn<double>("labour"); // L an episode
        QTest::addColumn<double>("regret"); // median; below zero: none
        const double cheapest = costAt(4);
        QTest::newRow("keep fails twice more and leaves it to a person")
            << QByteArray("keep") << 0.0 << 2.0 * kFailCost << 0.0 << kLabour << -1.0;
        QTest::newRow("twice the memory succeeds")
            << QByteArray("x2") << 1.0 << 0.0 << costAt(4) - costAt(8) << 0.0 << 0.0;
        QTest::newRow("so does the ladder's first step")
            << QByteArray("ladder") << 1.0 << 0.0 << costAt(4) - costAt(8) << 0.0 << 0.0;
        QTest::newRow("the ceiling succeeds, as dear as the person's run")
            << QByteArray("ceiling") << 1.0 << 0.0 << 0.0 << 0.0 << costAt(8) / cheapest - 1.0;
        QTest::newRow("the oracle takes the cheapest success")
            << QByteArray("oracle") << 1.0 << 0.0 << costAt(4) - costAt(8) << 0.0 << 0.0;
        QTest::newRow("history is what was logged")
            << QByteArray("history") << 0.0 << 2.0 * kFailCost << 0.0 << kLabour << -1.0;
    }
    void evaluateTruth_knownWorld_givesEveryPolicyItsClosedForm()
    {
        QFETCH(QByteArray, policy);
        QFETCH(double, fixedFirst);
        QFETCH(double, failed);
        QFETCH(double, dearer);
        QFETCH(double, labour);
        QFETCH(double, regret);
        const auto report = give(evaluated(m_request));
        const PolicyFigures &f = of(report, policy.constData());
        // History's last week counts as cut off by the end of the data; the others are walked whatever the log's end.
        const double n = static_cast<double>(f.episodes);
        QCOMPARE(f.episodes, std::uint64_t(policy == "history" ? kJobs * (kRuns - 1) : kJobs * kRuns));
        QCOMPARE(f.fixable, f.episodes);
        QCOMPARE(f.fixedFirst.value, fixedFirst);
        QCOMPARE(f.failed.value, failed * n);
        QCOMPARE(f.dearer.value, dearer * n);
        QCOMPARE(f.labour.value, labour * n);
        QCOMPARE(f.total.value, f.failed.value + f.dearer.value + f.labour.value);
        QCOMPARE(f.retryCost.value, f.failed.value + f.dearer.value);
        QCOMPARE(f.regretMedian.value_or(-1.0), regret);
        QCOMPARE(f.wronglyStopped, 0.0);
    }

    void evaluateTruth_tooLittleToLearnFrom_offersTheLadderUnsupported()
    {
        const auto report = give(evaluated(m_request));
        QCOMPARE(report.units, std::uint64_t(kWorkflows));
        QCOMPARE(report.folds, std::uint64_t(kWorkflows));
        QCOMPARE(report.fallbackFolds, std::uint64_t(kWorkflows));
        QCOMPARE(report.memoryConfigEpisodes, std::uint64_t(kJobs * kRuns));
        QCOMPARE(report.truthCells, std::uint64_t(kJobs * 3));
        const PolicyFigures &policy = of(report, "policy");
        QCOMPARE(policy.fixedFirst.value, 1.0);
        QCOMPARE(policy.unsupportedShare, 1.0);
        QCOMPARE(of(report, "keep").totalAbovePolicy.value, of(report, "keep").total.value - policy.total.value);
        // By workflow it is the same, cut in equal parts.
        double total = 0.0;
        int workflows = 0;
        for (const auto &part : report.byWorkflow) {
            if (part.scope != Scope::MemoryConfig)
                continue;
            QCOMPARE(part.episodes, std::uint64_t(kJobs * kRuns / kWorkflows));
            total += part.total.value;
            ++workflows;
        }
        QCOMPARE(workflows, kWorkflows);
        QCOMPARE(total, policy.total.value);
    }

    void evaluateTruth_configurationWithoutTruth_isCountedAndLeftOut()
    {
        pipeline::TruthRequest request = m_request;
        // 4 GiB lies between a failure and a success: nobody knows, and it must not be guessed.
        request.truthFile = write("gap.jsonl", truth({2, 8}));
        const auto report = give(evaluated(request));
        QCOMPARE(of(report, "x2").episodes, std::uint64_t(0));
        QCOMPARE(of(report, "x2").unknownShare, 1.0);
        QCOMPARE(of(report, "ceiling").episodes, std::uint64_t(kJobs * kRuns));
        QCOMPARE(of(report, "ceiling").unknownShare, 0.0);
        QCOMPARE(of(report, "oracle").fixedFirst.value, 1.0);
    }

    void evaluateTruth_configurationsBeyondTruth_followByDominance()
    {
        pipeline::TruthRequest request = m_request;
        request.truthFile = write("two.jsonl", truth({2, 4}));
        const auto report = give(evaluated(request));
        QCOMPARE(of(report, "ceiling").fixedFirst.value, 1.0);
        // 8 GiB was not run: the run at 4 GiB, dearer by the ratio of what both ask for an hour.
        const auto rate = [&](int gib) {
            model::Config config;
            const formats::Json json = configOf(gib);
            for (const auto &[key, value] : json.members())
                config[key] = value.string();
            return policy::hourlyRate(request.economics, config, "");
        };
        const double dearer = costAt(4) * rate(8) / rate(4) - costAt(8);
        QVERIFY(std::abs(of(report, "ceiling").dearer.value - dearer * kJobs * kRuns) < 1e-9);
    }

    void evaluateTruth_jobsWithoutTruth_areCounted()
    {
        pipeline::TruthRequest request = m_request;
        request.truthFile = write("some.jsonl", truth({2, 4, 8}, kJobs - 1));
        const auto report = give(evaluated(request));
        QCOMPARE(report.episodes, std::uint64_t((kJobs - 1) * kRuns));
        QCOMPARE(report.withoutTruth, std::uint64_t(kRuns));
        request.truthFile =
            write("other.jsonl", R"({"job":"other","config":{},"outcome":"failed","seconds":1,"cost_usd":1})");
        const auto none = evaluated(request);
        QVERIFY(!none.has_value());
        QCOMPARE(none.error().code, base::ErrorCode::InsufficientData);
    }

    void evaluateTruth_neverRetry_leavesEverySuccessToAPerson()
    {
        pipeline::TruthRequest request = m_request;
        request.policy.retryLimit = {0, 0, 0};
        const auto report = give(evaluated(request));
        const PolicyFigures &policy = of(report, "policy");
        QCOMPARE(policy.remediated.value, 0.0);
        QCOMPARE(policy.retries, 0.0);
        QCOMPARE(policy.total.value, kLabour * kJobs * kRuns);
        // Limits bind everybody.
        QCOMPARE(of(report, "oracle").total.value, policy.total.value);
        QCOMPARE(of(report, "x2").total.value, policy.total.value);
    }

    void fitFolds_heldOutJobs_areInNoTrainingRow()
    {
        base::Progress progress;
        model::History history = give(store::loadHistory(*m_workspace, {}, progress));
        pipeline::reprice(history, m_request.economics);
        const auto folds = pipeline::makeFolds(history, pipeline::LeaveOut::Workflow, 0, 1);
        QCOMPARE(folds.units, (std::vector<std::string>{"flow0", "flow1", "flow2", "flow3"}));
        const auto models = give(pipeline::fitFolds(history, folds, {}, {}, progress));
        // A run gives three rows: two automatic retries and a person's change of memory alone.
        for (const auto &model : models)
            QCOMPARE(model.rows, std::uint64_t(3 * kRuns * kJobs * (kWorkflows - 1) / kWorkflows));
        for (std::uint32_t fold = 0; fold < folds.count; ++fold) {
            const auto part =
                pipeline::partOf(history, [&](std::uint32_t job) { return folds.foldOfJob(job) != fold; });
            for (const auto &attempt : part.attempts)
                QVERIFY(folds.foldOfJob(attempt.job) != fold);
            QCOMPARE(part.episodes.size(), history.episodes.size() * (kWorkflows - 1) / kWorkflows);
        }
    }

    void fitFolds_halfOfTheOthers_learnFromFewer()
    {
        base::Progress progress;
        const model::History history = give(store::loadHistory(*m_workspace, {}, progress));
        const auto folds = pipeline::makeFolds(history, pipeline::LeaveOut::Workflow, 0, 1);
        pipeline::FoldOptions options;
        options.share = 0.5;
        const auto models = give(pipeline::fitFolds(history, folds, options, {}, progress));
        const std::uint64_t each = 3 * kRuns * kJobs / kWorkflows;
        for (const auto &model : models)
            QVERIFY(model.rows == each || model.rows == 2 * each);
    }

    void makeFolds_moreUnitsThanFolds_areDealtOutEvenly()
    {
        base::Progress progress;
        const model::History history = give(store::loadHistory(*m_workspace, {}, progress));
        const auto folds = pipeline::makeFolds(history, pipeline::LeaveOut::Job, 5, 1);
        QCOMPARE(folds.count, 5U);
        QCOMPARE(folds.units.size(), size_t(kJobs));
        std::vector<int> sizes(5, 0);
        for (const std::uint32_t fold : folds.foldOfUnit)
            ++sizes[fold];
        QCOMPARE(*std::min_element(sizes.begin(), sizes.end()), kJobs / 5);
        QCOMPARE(*std::max_element(sizes.begin(), sizes.end()), kJobs / 5 + 1);
        QCOMPARE(pipeline::makeFolds(history, pipeline::LeaveOut::Job, 5, 1).foldOfUnit, folds.foldOfUnit);
        QVERIFY(pipeline::makeFolds(history, pipeline::LeaveOut::Job, 5, 2).foldOfUnit != folds.foldOfUnit);
        // Nobody named a team: each job is its own.
        QCOMPARE(pipeline::makeFolds(history, pipeline::LeaveOut::Team, 0, 1).units.size(), size_t(kJobs));
    }

    void evaluateTruth_stopRequested_isCancelled()
    {
        base::Progress progress;
        std::stop_source stop;
        stop.request_stop();
        const auto report = pipeline::evaluateTruth(*m_workspace, m_request, stop.get_token(), progress);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestEvaluateTruth)
#include "tst_evaluate_truth.moc"

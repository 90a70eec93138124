#include "base/rng.hpp"
#include "classify/classifier.hpp"
#include "classify/lint.hpp"
#include "classify/rule_file.hpp"
#include "classify/rule_tests.hpp"
#include "text/pattern_set.hpp"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

const RulePack &shipped()
{
    static const RulePack pack = [] {
        auto loaded = loadPack({MULLIGAN_SOURCE_DIR "/resources/rules"});
        if (!loaded)
            qFatal("%s", loaded.error().text().c_str());
        return std::move(loaded).value();
    }();
    return pack;
}

std::shared_ptr<const Classifier> classifierOf(bool prefilter)
{
    ClassifierOptions options;
    options.prefilter = prefilter;
    auto made = Classifier::make(shipped(), options);
    return made ? std::move(made).value() : nullptr;
}

/// Lines as logs of jobs hold them, good and bad, cut and mixed with the rules' own samples.
class LogMaker
{
public:
    explicit LogMaker(std::uint64_t seed) : m_rng(seed, "shipped_rules")
    {
        for (const Rule &rule : shipped().rules) {
            m_samples.insert(m_samples.end(), rule.positive.begin(), rule.positive.end());
            m_samples.insert(m_samples.end(), rule.negative.begin(), rule.negative.end());
        }
    }

    std::string make()
    {
        std::string text;
        for (std::uint64_t i = 0, count = 1 + m_rng.below(8); i < count; ++i) {
            std::string piece = m_rng.chance(0.5) ? m_samples[m_rng.below(m_samples.size())] : noise();
            if (m_rng.chance(0.3)) { // cut somewhere, so that matches end at the text's and the lines' ends
                const size_t begin = m_rng.below(piece.size() + 1);
                piece = piece.substr(begin, m_rng.below(piece.size() + 1));
            }
            if (m_rng.chance(0.1) && !piece.empty())
                piece[m_rng.below(piece.size())] = static_cast<char>(m_rng.below(256));
            text += piece;
            if (m_rng.chance(0.8))
                text += m_rng.chance(0.1) ? "\r\n" : "\n";
        }
        return text;
    }

private:
    std::string noise()
    {
        static const std::vector<std::string> lines = {
            "24/03/02 04:11:09 INFO TaskSetManager: Finished task 3.0 in stage 1.0 (TID 3) in 210 ms on worker-02 "
            "(executor 1) (4/200)",
            "\tat org.apache.spark.rdd.RDD.iterator(RDD.scala:337)",
            "java.lang.RuntimeException: Caused by: java.io.IOException: \xff\xfe\xc3",
            "Container exited with a non-zero exit code 1. Error file: prelaunch.err.",
            "Exit status: 1. Diagnostics: \xe3\x83\xa1\xe3\x83\xa2\xe3\x83\xaa",
            "[2024-05-11, 03:20:11 UTC] {taskinstance.py:1345} INFO - Marking task as SUCCESS",
        };
        return lines[m_rng.below(lines.size())];
    }

    base::Rng m_rng;
    std::vector<std::string> m_samples;
};

} // namespace

class TestShippedRules : public QObject
{
    Q_OBJECT

private slots:
    void testPack_shippedRules_allSamplesPass()
    {
        const auto classifier = classifierOf(true);
        QVERIFY(classifier);
        const SampleReport report = testPack(*classifier);
        std::string failed;
        for (const SampleFailure &failure : report.failed)
            failed +=
                failure.rule + ": expected " + failure.expected + ", got " + failure.got + ": " + failure.sample + "\n";
        QVERIFY2(report.failed.empty(), failed.c_str());
        QVERIFY(report.samples > 1200);
    }

    void lintPack_shippedRules_findsNothing()
    {
        std::string found;
        for (const Problem &problem : lintPack(shipped()))
            found += problem.rule + " [" + problem.kind + "] " + problem.message + "\n";
        QVERIFY2(found.empty(), found.c_str());
    }

    void shippedRules_everyKindOfTheList_hasARule()
    {
        const std::string kinds =
            "memory_config.driver_heap memory_config.executor_heap memory_config.container_limit "
            "memory_config.off_heap "
            "memory_config.metaspace memory_config.result_size memory_config.broadcast memory_config.serializer_buffer "
            "memory_config.query_limit shuffle.fetch_failed shuffle.corrupt_block executor.lost executor.heartbeat "
            "executor.preempted storage.disk_full storage.block_missing storage.safe_mode storage.throttled "
            "storage.not_found "
            "storage.already_exists network.refused network.reset network.timeout network.dns network.tls "
            "network.unreachable "
            "network.port_in_use network.pool_exhausted access.credentials access.permission access.kerberos "
            "catalog.unavailable catalog.missing_table catalog.missing_column data.schema data.format data.corrupt "
            "data.arithmetic data.constraint code.dependency code.class_cast code.serialization code.null_pointer "
            "code.exception code.python_module code.python_worker code.udf sql.parse sql.analysis quota.capacity "
            "quota.cloud "
            "quota.rate_limit conflict.commit conflict.lock scheduler.zombie scheduler.timeout scheduler.lost_contact "
            "scheduler.cancelled config.invalid config.missing config.unsupported process.missing_binary "
            "process.signal "
            "process.launch_failed process.open_files process.hardware service.unavailable memory_config.gpu "
            "scheduler.upstream";
        std::set<std::string> present;
        for (const Rule &rule : shipped().rules)
            present.insert(rule.errorClass);
        for (const QString &kind : QString::fromStdString(kinds).split(' '))
            QVERIFY2(present.count(kind.toStdString()) > 0, qPrintable(kind));
        QVERIFY(shipped().rules.size() >= 230);
    }

    /// A pattern without a text to look for first is searched for in every failure: one such costs more than all
    /// others.
    void shippedRules_everyPattern_isLookedForByATextItNeeds()
    {
        std::vector<text::Pattern> patterns;
        for (const Rule &rule : shipped().rules)
            for (const auto *list : {&rule.all, &rule.any, &rule.none})
                for (const std::string &pattern : *list)
                    patterns.push_back({pattern, rule.caseless, rule.multiline});
        const auto set = text::PatternSet::make(patterns, {});
        QVERIFY(set.has_value());
        std::string missing;
        for (std::uint32_t id = 0; id < patterns.size(); ++id)
            missing += (*set)->prefiltered(id) ? "" : patterns[id].expression + '\n';
        QVERIFY2(missing.empty(), missing.c_str());
    }

    void classify_withAndWithoutPrefilter_givesTheSameVerdicts()
    {
        const auto fast = classifierOf(true);
        const auto slow = classifierOf(false);
        QVERIFY(fast && slow);
        text::Scratch fastScratch = fast->makeScratch();
        text::Scratch slowScratch = slow->makeScratch();
        LogMaker logs(11);
        int classified = 0;
        for (int round = 0; round < 1200; ++round) {
            const std::string text = logs.make();
            Subject subject;
            subject.text = text;
            const model::Verdict left = fast->classify(subject, fastScratch);
            const model::Verdict right = slow->classify(subject, slowScratch);
            if (!left.undetermined.empty() || !right.undetermined.empty())
                continue; // outside of what is promised
            classified += left.rule.empty() ? 0 : 1;
            if (left != right)
                QFAIL(("verdicts differ: " + left.rule + " against " + right.rule + " on:\n" + text).c_str());
        }
        QVERIFY2(classified > 700, "most texts must be classified for the comparison to mean something");
    }

    void classify_successfulLog_firesNothing_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("Spark starting and ending well")
            << "24/01/05 INFO SparkContext: Running Spark version 3.5.1\n24/01/05 WARN NativeCodeLoader: Unable to "
               "load native-hadoop library for your platform\n"
               "24/01/05 WARN Utils: Service 'SparkUI' could not bind on port 4040. Attempting port 4041.\n24/01/05 "
               "INFO BlockManagerMasterEndpoint: Trying to remove executor 3 from BlockManagerMaster.\n"
               "24/01/05 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0\n24/01/05 INFO SparkContext: "
               "Successfully stopped SparkContext";
        QTest::newRow("caching and spilling")
            << "24/01/05 INFO CacheManager: Partition rdd_2_1 not found, computing it\n24/01/05 INFO "
               "ExternalAppendOnlyMap: Thread 61 spilling in-memory map of 512 MiB to disk (1 time so far)\n"
               "24/01/05 INFO MemoryStore: Block broadcast_12_piece0 stored as bytes in memory (estimated size 3.4 "
               "MiB, free 366.3 MiB)";
        QTest::newRow("a warning about task size")
            << "24/01/05 WARN TaskSetManager: Stage 3 contains a task of very large size (1234 KiB). The maximum "
               "recommended task size is 1000 KiB.";
        QTest::newRow("Airflow marking success")
            << "[2024-05-11] {taskinstance.py:1345} INFO - Marking task as SUCCESS. dag_id=daily\n[2024-05-11] INFO - "
               "Task exited with return code 0";
        QTest::newRow("a pod that waited and started")
            << "Warning  FailedMount  kubelet  MountVolume.SetUp failed for volume \"conf\" : configmap \"spark-conf\" "
               "not "
               "found\nNormal  Scheduled  default-scheduler  Successfully assigned jobs/daily-driver to node-3\n"
               "Normal  Started  kubelet  Started container spark-kubernetes-driver";
        QTest::newRow("a data node that was left out")
            << "24/01/05 INFO DFSClient: Exception in createBlockOutputStream\njava.io.IOException: Bad connect ack "
               "with "
               "firstBadLink as 10.0.0.11:9866\n24/01/05 INFO DFSClient: Abandoning BP-1:blk_1073745823_4999";
        QTest::newRow("a GPU plugin that spilled")
            << "24/01/05 INFO RapidsBufferCatalog: Targeting device memory size of 0. Current total 1024. Current "
               "spillable 512\n24/01/05 INFO RapidsDeviceMemoryStore: Spilled to the host memory store";
        QTest::newRow("Airflow's scheduler at work")
            << "[2024-05-11] {models.py:308} INFO - Finding 'running' jobs without a recent heartbeat\n"
               "[2024-05-11] {models.py:314} INFO - Failing jobs without heartbeat after 2024-05-11 13:35:16.079644";
        QTest::newRow("YARN container ended")
            << "INFO YarnAllocator: Completed container container_1 on host: w-1 (state: COMPLETE, exit status: "
               "0)\nINFO Client: spark.yarn.preemption.enabled=true";
    }
    void classify_successfulLog_firesNothing()
    {
        QFETCH(QString, text);
        static const auto classifier = classifierOf(true);
        text::Scratch scratch = classifier->makeScratch();
        const std::string bytes = text.toStdString();
        Subject subject;
        subject.text = bytes;
        const model::Verdict verdict = classifier->classify(subject, scratch);
        QVERIFY2(verdict.matches.empty(), verdict.rule.c_str());
        QCOMPARE(verdict.errorClass, std::string(model::kUnclassified));
    }

    void writePack_shippedRules_readBackEqual()
    {
        auto back = packFromText(writePack(shipped()), "written");
        QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
        QCOMPARE(back->rules.size(), shipped().rules.size());
        for (size_t i = 0; i < back->rules.size(); ++i) {
            back->rules[i].file = shipped().rules[i].file;
            back->rules[i].line = shipped().rules[i].line;
            QCOMPARE(back->rules[i], shipped().rules[i]);
        }
    }
};

QTEST_APPLESS_MAIN(TestShippedRules)
#include "tst_shipped_rules.moc"

#include "spark_reading.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

Json profile(int id, const std::vector<std::pair<std::string, int>> &requests)
{
    Json asked = Json::object();
    for (const auto &[name, amount] : requests)
        asked.set(name, Json::object().set("Resource Name", name).set("Amount", amount));
    return SparkLog::named("SparkListenerResourceProfileAdded")
        .set("Resource Profile Id", id)
        .set("Executor Resource Requests", asked)
        .set("Task Resource Requests", Json::object());
}

Json taskMetrics(int factor)
{
    return Json::object()
        .set("Executor Deserialize Time", 3)
        .set("Executor Run Time", 1500 * factor)
        .set("Executor CPU Time", std::int64_t(1'250'000'000) * factor)
        .set("Peak Execution Memory", 4096 * factor)
        .set("Result Size", 100 * factor)
        .set("JVM GC Time", 250 * factor)
        .set("Memory Bytes Spilled", 7 * factor)
        .set("Disk Bytes Spilled", 5 * factor)
        .set("Shuffle Read Metrics", Json::object()
                                         .set("Remote Blocks Fetched", 1)
                                         .set("Remote Bytes Read", 30 * factor)
                                         .set("Local Bytes Read", 12 * factor))
        .set("Shuffle Write Metrics",
             Json::object().set("Shuffle Bytes Written", 60 * factor).set("Shuffle Write Time", 9))
        .set("Input Metrics", Json::object().set("Bytes Read", 1000 * factor).set("Records Read", 2))
        .set("Output Metrics", Json::object().set("Bytes Written", 11 * factor).set("Records Written", 2))
        .set("Updated Blocks", Json::array());
}

} // namespace

Q_DECLARE_METATYPE(SparkLog)

class TestSparkResources : public QObject
{
    Q_OBJECT

private slots:
    void resources_ofExecutorsAndDriver_areLifetimesTimesSize_data()
    {
        QTest::addColumn<SparkLog>("log");
        QTest::addColumn<double>("vcoreSeconds");
        QTest::addColumn<double>("gibSeconds");
        const auto log = [](const std::map<std::string, std::string> &properties) {
            return SparkLog().begin("app-1", {}, "orders", properties);
        };
        // The driver: one core and 1 GiB for 100 s.
        QTest::newRow("an executor of the default size outside containers has no overhead")
            << log({}).executor("1", 20, 4).end(100) << 100.0 + 80 * 4 << 100.0 + 80.0;
        QTest::newRow("an executor that is removed stops counting")
            << log({}).executor("1", 20, 4).removed("1", 50, "lost").end(100) << 100.0 + 30 * 4 << 100.0 + 30.0;
        QTest::newRow("an executor that is announced twice counts once")
            << log({}).executor("1", 20, 4).executor("1", 60, 2).end(100) << 100.0 + 40 * 4 + 40 * 2 << 100.0 + 80.0;
        QTest::newRow("an executor whose removal is told twice counts once")
            << log({}).executor("1", 20, 4).removed("1", 50, "lost").removed("1", 90, "lost").end(100) << 100.0 + 30 * 4
            << 100.0 + 30.0;
        QTest::newRow("on YARN the overhead is at least 384 MiB, for the driver too")
            << log({{"spark.master", "yarn"}, {"spark.executor.memory", "2g"}}).executor("1", 0, 1).end(100) << 200.0
            << 100 * (1.0 + 0.375) + 100 * (2.0 + 0.375);
        QTest::newRow("on YARN the overhead is a tenth of a large heap") << log({{"spark.master", "yarn"},
                                                                                 {"spark.executor.memory", "10g"},
                                                                                 {"spark.driver.memory", "20g"},
                                                                                 {"spark.driver.cores", "2"}})
                                                                                .executor("1", 0, 1)
                                                                                .end(100)
                                                                         << 300.0 << 100 * 22.0 + 100 * 11.0;
        QTest::newRow("overhead that is set counts as set, in MiB without a unit")
            << log({{"spark.master", "k8s://host"},
                    {"spark.executor.memory", "4096"},
                    {"spark.executor.memoryOverhead", "1024"},
                    {"spark.driver.memoryOverhead", "1g"}})
                   .executor("1", 0, 1)
                   .end(100)
            << 200.0 << 100 * 2.0 + 100 * 5.0;
        QTest::newRow("the older name of the overhead is known") << log({{"spark.master", "yarn"},
                                                                         {"spark.yarn.executor.memoryOverhead", "2048"},
                                                                         {"spark.yarn.driver.memoryOverhead", "1024"}})
                                                                        .executor("1", 0, 1)
                                                                        .end(100)
                                                                 << 200.0 << 100 * 2.0 + 100 * 3.0;
        QTest::newRow("off-heap memory counts when it is on, in bytes without a unit")
            << log({{"spark.memory.offHeap.enabled", "true"}, {"spark.memory.offHeap.size", "1073741824"}})
                   .executor("1", 0, 1)
                   .end(100)
            << 200.0 << 100.0 + 200.0;
        QTest::newRow("off-heap memory that is off does not count")
            << log({{"spark.memory.offHeap.size", "1g"}}).executor("1", 0, 1).end(100) << 200.0 << 100.0 + 100.0;
        QTest::newRow("an executor of a resource profile has what the profile asks for")
            << log({{"spark.executor.memory", "1g"}})
                   .event(profile(3, {{"cores", 2},
                                      {"memory", 4096},
                                      {"memoryOverhead", 1024},
                                      {"offHeap", 512},
                                      {"pyspark.memory", 512}}))
                   .executor("1", 0, 2, 3)
                   .executor("2", 0, 1, 0)
                   .end(100)
            << 100.0 + 200.0 + 100.0 << 100.0 + 600.0 + 100.0;
        QTest::newRow("in local mode the driver is the executor")
            << log({{"spark.master", "local[8]"}, {"spark.driver.memory", "3g"}}).executor("driver", 0, 8).end(100)
            << 800.0 << 300.0;
        QTest::newRow("without an end executors count up to the last event")
            << log({}).executor("1", 0, 1).jobStart(0, 40, {0}) << 80.0 << 80.0;
    }
    void resources_ofExecutorsAndDriver_areLifetimesTimesSize()
    {
        QFETCH(const SparkLog, log);
        QFETCH(const double, vcoreSeconds);
        QFETCH(const double, gibSeconds);
        const auto attempt = only(log);
        QVERIFY(attempt.vcoreSeconds && attempt.memoryGbSeconds);
        QCOMPARE(*attempt.vcoreSeconds, vcoreSeconds);
        QCOMPARE(*attempt.memoryGbSeconds, gibSeconds);
    }

    void resources_withoutExecutorEvents_areAbsent()
    {
        const auto attempt = only(SparkLog().begin().end(100));
        QVERIFY(!attempt.vcoreSeconds);
        QVERIFY(!attempt.memoryGbSeconds);
        QVERIFY(!attempt.metrics.contains("executors"));
    }

    void metrics_ofTasks_areSumsAndPeaks()
    {
        SparkLog log;
        log.begin().executor("1", 1);
        SparkLog::Task task;
        for (const int factor : {1, 3, 2}) {
            task.metrics = taskMetrics(factor);
            task.executorMetrics = Json::object()
                                       .set("JVMHeapMemory", 1000 * factor)
                                       .set("JVMOffHeapMemory", 10 * factor)
                                       .set("OffHeapUnifiedMemory", 5)
                                       .set("DirectPoolMemory", 1)
                                       .set("ProcessTreeJVMRSSMemory", 2000)
                                       .set("ProcessTreePythonRSSMemory", 500)
                                       .set("ProcessTreeOtherRSSMemory", 7)
                                       .set("MinorGCCount", 4);
            log.task(task);
        }
        const auto metrics = only(log.end(100)).metrics;
        const model::Metrics expected{{"tasks", 3},
                                      {"failed_tasks", 0},
                                      {"jobs", 0},
                                      {"failed_jobs", 0},
                                      {"sql_executions", 0},
                                      {"lost_executors", 0},
                                      {"executors", 1},
                                      {"run_seconds", 9.0},
                                      {"cpu_seconds", 7.5},
                                      {"gc_seconds", 1.5},
                                      {"result_bytes", 600},
                                      {"memory_spilled_bytes", 42},
                                      {"disk_spilled_bytes", 30},
                                      {"shuffle_read_bytes", 252},
                                      {"shuffle_write_bytes", 360},
                                      {"input_bytes", 6000},
                                      {"output_bytes", 66},
                                      {"peak_execution_bytes", 12288},
                                      {"peak_heap_bytes", 3000},
                                      {"peak_off_heap_bytes", 36},
                                      {"peak_rss_bytes", 2507}};
        QCOMPARE(metrics, expected);
    }

    void metrics_thatSparkDidNotCollect_areAbsentRatherThanZero()
    {
        SparkLog log;
        log.begin();
        SparkLog::Task task;
        task.metrics = Json::object().set("Executor Run Time", 10).set("Result Size", 1);
        task.executorMetrics = Json::object().set("JVMHeapMemory", 0).set("ProcessTreeJVMRSSMemory", 0);
        const auto metrics = only(log.task(task).end(100)).metrics;
        for (const char *const name : {"peak_heap_bytes", "peak_rss_bytes", "peak_off_heap_bytes",
                                       "peak_execution_bytes", "peak_driver_heap_bytes", "cpu_seconds"})
            QVERIFY2(!metrics.contains(name), name);
        QCOMPARE(metrics.at("run_seconds"), 0.01);
    }

    void metrics_withoutAnyTaskMetrics_haveNoTotals()
    {
        SparkLog log;
        const auto metrics = only(log.begin().task({}).end(100)).metrics;
        QCOMPARE(metrics.at("tasks"), 1.0);
        for (const char *const name : {"input_bytes", "run_seconds", "shuffle_read_bytes", "gc_seconds"})
            QVERIFY2(!metrics.contains(name), name);
    }

    void peaks_ofStageExecutorMetrics_tellDriverAndExecutorsApart()
    {
        const auto stage = [](const char *executor, int heap) {
            return SparkLog::named("SparkListenerStageExecutorMetrics")
                .set("Executor ID", executor)
                .set("Stage ID", 0)
                .set("Stage Attempt ID", 0)
                .set("Executor Metrics", Json::object().set("JVMHeapMemory", heap));
        };
        SparkLog log;
        log.begin().event(stage("driver", 900)).event(stage("1", 400)).event(stage("2", 500)).event(stage("1", 300));
        log.event(SparkLog::named("SparkListenerExecutorMetricsUpdate")
                      .set("Executor ID", "driver")
                      .set("Metrics Updated", Json::array())
                      .set("Executor Metrics Updated",
                           Json::array().push(Json::object()
                                                  .set("Stage ID", -1)
                                                  .set("Executor Metrics", Json::object().set("JVMHeapMemory", 950)))));
        const auto metrics = only(log.end(100)).metrics;
        QCOMPARE(metrics.at("peak_driver_heap_bytes"), 950.0);
        QCOMPARE(metrics.at("peak_heap_bytes"), 500.0);
    }

    void lostExecutors_areThoseNotRemovedOnPurpose()
    {
        SparkLog log;
        log.begin();
        int id = 0;
        for (const char *const reason :
             {"Executor killed by driver.", "Container c_1 exited from explicit termination request.",
              "Executor decommission: spark scale down", "Command exited with code 0", "Executor Process Lost",
              "Executor heartbeat timed out after 130000 ms", "Container killed by YARN for exceeding memory limits.",
              "Executor decommission: worker was preempted"}) {
            const std::string executor = std::to_string(++id);
            log.executor(executor, 1).removed(executor, 50, reason);
        }
        // After the end everything goes.
        log.executor("99", 1).end(100).removed("99", 101, "Executor Process Lost");
        const auto metrics = only(log).metrics;
        QCOMPARE(metrics.at("executors"), 9.0);
        QCOMPARE(metrics.at("lost_executors"), 4.0);
    }

    void resources_ofImpossibleNumbers_stayFinite()
    {
        SparkLog log;
        log.begin();
        log.raw(
            R"({"Event":"SparkListenerExecutorAdded","Timestamp":-9223372036854775808,"Executor ID":"1","Executor Info":{"Total Cores":1e300}})");
        log.raw(
            R"({"Event":"SparkListenerExecutorAdded","Timestamp":9223372036854775807,"Executor ID":"2","Executor Info":{"Total Cores":-4}})");
        log.raw(
            R"({"Event":"SparkListenerTaskEnd","Stage ID":99999999999999999999,"Task Metrics":{"Executor Run Time":-5,"Result Size":1e308,"JVM GC Time":"x"}})");
        const auto attempt = only(log.end(100));
        QVERIFY(*attempt.vcoreSeconds >= 0 && *attempt.vcoreSeconds < 1e6);
        QVERIFY(*attempt.memoryGbSeconds >= 0 && *attempt.memoryGbSeconds < 1e6);
        QCOMPARE(attempt.metrics.at("run_seconds"), 0.0);
        QCOMPARE(attempt.metrics.at("result_bytes"), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestSparkResources)
#include "tst_spark_resources.moc"

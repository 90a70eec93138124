#include "predict/class_memory.hpp"

#include "base/units.hpp"
#include "predict/features.hpp"
#include "predict/support.hpp"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace mulligan;
using namespace mulligan::predict;

namespace
{

RetryContext failureOf(const std::string &errorClass, model::Config config, std::map<std::string, double> captures = {},
                       model::Metrics metrics = {})
{
    RetryContext context;
    context.job = "job";
    context.errorClass = errorClass;
    context.config = std::move(config);
    context.captures = std::move(captures);
    context.metrics = std::move(metrics);
    return context;
}

double feature(const RetryContext &context, const model::Config &config, const std::string &name)
{
    Matrix matrix;
    FeatureRow(context).candidate(resourcesOf(config), matrix);
    const auto at = std::find(featureNames().begin(), featureNames().end(), name);
    return at == featureNames().end()
               ? -1.0
               : static_cast<double>(matrix.values[static_cast<size_t>(at - featureNames().begin())]);
}

} // namespace

class TestClassMemory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void classMemory_byClass_isTheMemoryThatRanOut_data()
    {
        QTest::addColumn<QString>("errorClass");
        QTest::addColumn<double>("gib");
        QTest::newRow("executor heap") << "memory_config.executor_heap" << 2.0;
        QTest::newRow("driver heap") << "memory_config.driver_heap" << 3.0;
        QTest::newRow("a broadcast is built in the driver") << "memory_config.broadcast" << 3.0;
        QTest::newRow("results") << "memory_config.result_size" << 4.0;
        QTest::newRow("Kryo's buffer") << "memory_config.serializer_buffer" << 0.25;
        QTest::newRow("a Python worker with a limit") << "memory_config.python_worker" << 0.5;
        QTest::newRow("off heap, of Spark's own pool") << "memory_config.off_heap" << 1.0;
        QTest::newRow("the container otherwise") << "memory_config.container_limit" << 4.25;
        QTest::newRow("the container for the metaspace") << "memory_config.metaspace" << 4.25;
        QTest::newRow("none of a graphics processor's") << "memory_config.gpu" << 0.0;
        QTest::newRow("no memory at all") << "code.exception" << 0.0;
    }
    void classMemory_byClass_isTheMemoryThatRanOut()
    {
        QFETCH(QString, errorClass);
        const Resources r = resourcesOf({{"spark.executor.memory", "2g"},
                                         {"spark.executor.memoryOverhead", "768m"},
                                         {"spark.executor.pyspark.memory", "512m"},
                                         {"spark.memory.offHeap.size", "1g"},
                                         {"spark.driver.memory", "3g"},
                                         {"spark.driver.maxResultSize", "4g"},
                                         {"spark.kryoserializer.buffer.max", "256m"}});
        QTEST(classMemory(errorClass.toStdString(), r) / base::kGiB, "gib");
    }

    void classMemory_pythonWorkerWithoutALimit_livesInTheOverhead()
    {
        QCOMPARE(classMemory("memory_config.python_worker", resourcesOf({{"spark.executor.memoryOverhead", "1g"}})),
                 base::kGiB);
    }

    void classMemory_offHeapWithoutAPool_isTheLimitOfDirectMemoryElseTheOverhead()
    {
        const model::Config bare{{"spark.executor.memoryOverhead", "1g"}};
        QCOMPARE(classMemory("memory_config.off_heap", resourcesOf(bare)), base::kGiB);
        model::Config limited = bare;
        limited["spark.executor.extraJavaOptions"] = "-Xss4m -XX:MaxDirectMemorySize=256m -XX:+UseG1GC";
        QCOMPARE(classMemory("memory_config.off_heap", resourcesOf(limited)), 256.0 * base::kMiB);
        limited["spark.executor.extraJavaOptions"] = "-Xss4m";
        QCOMPARE(classMemory("memory_config.off_heap", resourcesOf(limited)), base::kGiB);
    }

    void observedNeed_byClass_takesTextThenPeakThenPast()
    {
        const auto need = [](const std::string &errorClass, std::map<std::string, double> captures,
                             model::Metrics metrics) {
            return observedNeed(failureOf(errorClass, {}, std::move(captures), std::move(metrics)));
        };
        QCOMPARE(need("memory_config.result_size", {{"size", 64.0}, {"limit", 32.0}}, {}), 64.0);
        QCOMPARE(
            need("memory_config.container_limit", {{"used", 9.0}}, {{std::string(model::metric::kPeakRssBytes), 5.0}}),
            9.0);
        QCOMPARE(need("memory_config.container_limit", {}, {{std::string(model::metric::kPeakRssBytes), 5.0}}), 5.0);
        QCOMPARE(need("memory_config.driver_heap", {}, {{std::string(model::metric::kPeakDriverHeapBytes), 7.0}}), 7.0);
        QCOMPARE(need("memory_config.off_heap", {{"size", 64.0}, {"used", 46.0}, {"limit", 64.0}}, {}), 110.0);
        QCOMPARE(need("memory_config.serializer_buffer", {{"need", 109.0}}, {}), 0.0);
        QCOMPARE(need("code.exception", {{"used", 9.0}}, {}), 0.0);
        QCOMPARE(need("memory_config.gpu", {{"used", 9.0}}, {{std::string(model::metric::kPeakRssBytes), 5.0}}), 0.0);
        RetryContext past = failureOf("memory_config.executor_heap", {});
        past.jobPast.peakHeapBytes = 11.0;
        QCOMPARE(observedNeed(past), 11.0);
    }

    void features_twoKindsOfMemory_lookAlikeInTheirClassMemory()
    {
        const auto heap = failureOf("memory_config.executor_heap", {{"spark.executor.memory", "1g"}}, {},
                                    {{std::string(model::metric::kPeakHeapBytes), base::kGiB}});
        const auto results = failureOf("memory_config.result_size", {{"spark.driver.maxResultSize", "32m"}},
                                       {{"size", 64.0 * base::kMiB}});
        QCOMPARE(feature(heap, {{"spark.executor.memory", "2g"}}, "class_memory_ratio"), 2.0);
        QCOMPARE(feature(results, {{"spark.driver.maxResultSize", "64m"}}, "class_memory_ratio"), 2.0);
        QCOMPARE(feature(heap, {{"spark.executor.memory", "2g"}}, "class_memory_over_need"), 2.0);
        QCOMPARE(feature(results, {{"spark.driver.maxResultSize", "64m"}}, "class_memory_over_need"), 1.0);
        QVERIFY(std::isnan(feature(failureOf("code.exception", {}), {}, "class_memory_ratio")));
    }

    void features_memoryOfAGraphicsProcessor_isNotRaisedByALargerContainer()
    {
        const auto device = failureOf("memory_config.gpu", {{"spark.executor.memory", "2g"}}, {{"used", 9.0}});
        const model::Config larger{{"spark.executor.memory", "8g"}};
        QVERIFY(std::isnan(feature(device, larger, "class_memory_ratio")));
        QVERIFY(std::isnan(feature(device, larger, "class_memory_over_need")));
    }

    void features_afterAFailedRetry_holdCandidatesAgainstTheLargestTried()
    {
        RetryContext context = failureOf("memory_config.executor_heap", {{"spark.executor.memory", "2g"}});
        context.tried = {{{"spark.executor.memory", "4g"}}};
        QCOMPARE(feature(context, {{"spark.executor.memory", "8g"}}, "class_memory_ratio_to_tried"), 2.0);
        QCOMPARE(feature(context, {{"spark.executor.memory", "8g"}}, "class_memory_ratio"), 4.0);
    }

    void support_cellOfResults_isHeldAgainstTheirSizeAndNotAgainstAHeap()
    {
        const Resources before = resourcesOf({{"spark.driver.maxResultSize", "32m"}});
        const Resources after = resourcesOf({{"spark.driver.maxResultSize", "64m"}});
        const auto small = failureOf("memory_config.result_size", {}, {{"size", 40.0 * base::kMiB}});
        const auto large = failureOf("memory_config.result_size", {}, {{"size", 100.0 * base::kMiB}});
        QVERIFY(Support::cellOf(small, before, after) != Support::cellOf(large, before, after));
    }
};

QTEST_GUILESS_MAIN(TestClassMemory)
#include "tst_class_memory.moc"

#include "predict/resources.hpp"

#include "base/units.hpp"
#include "predict/features.hpp"

#include <QtTest>

#include <cmath>

using namespace mulligan;
using namespace mulligan::predict;

class TestResources : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void resourcesOf_nothingSet_takesSparksDefaults()
    {
        const Resources r = resourcesOf({});
        QVERIFY(!r.known);
        QCOMPARE(r[Knob::ExecutorMemory], base::kGiB);
        QCOMPARE(r[Knob::ExecutorOverhead], 384.0 * base::kMiB);
        QCOMPARE(r[Knob::ExecutorInstances], 2.0);
    }

    void resourcesOf_memorySet_carriesItsOverhead()
    {
        const Resources r = resourcesOf({{"spark.executor.memory", "20g"}, {"spark.executor.cores", "4"}});
        QVERIFY(r.known);
        QCOMPARE(r[Knob::ExecutorOverhead], 2.0 * base::kGiB);
        QCOMPARE(r.executorContainer(), 22.0 * base::kGiB);
        QCOMPARE(r[Knob::ExecutorCores], 4.0);
    }

    void resourcesOf_nonsense_isTreatedAsNotSet_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("a word") << QByteArray("lots");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("negative") << QByteArray("-4g");
    }
    void resourcesOf_nonsense_isTreatedAsNotSet()
    {
        QFETCH(QByteArray, value);
        const Resources r = resourcesOf({{"spark.executor.memory", value.toStdString()}});
        QCOMPARE(r[Knob::ExecutorMemory], base::kGiB);
    }

    void memoryRatio_ofSeveralKnobs_isTheLargestGrowthElseTheLargestCut()
    {
        const Resources before = resourcesOf({{"spark.executor.memory", "4g"}, {"spark.driver.memory", "4g"}});
        const Resources more = resourcesOf({{"spark.executor.memory", "12g"}, {"spark.driver.memory", "2g"}});
        const Resources less = resourcesOf({{"spark.executor.memory", "4g"}, {"spark.driver.memory", "1g"}});
        QCOMPARE(memoryRatio(before, before), 1.0);
        QCOMPARE(memoryRatio(before, more), 3.0);
        QCOMPARE(memoryRatio(before, less), 0.25);
        QVERIFY(!dominates(more, before));
        QVERIFY(dominates(before, less));
        QVERIFY(dominates(before, before));
    }

    void features_ofOneRow_matchTheirNamesAndDirections()
    {
        QCOMPARE(featureNames().size(), monotoneDirections().size());
        RetryContext context;
        context.errorClass = "memory_config.executor_heap";
        context.config = {{"spark.executor.memory", "4g"}};
        context.metrics[std::string(model::metric::kPeakHeapBytes)] = 5.0 * base::kGiB;
        context.endedAt = base::fromCivil(2026, 7, 1, 13);
        Matrix matrix;
        const FeatureRow row(context);
        row.candidate(resourcesOf({{"spark.executor.memory", "10g"}}), matrix);
        QCOMPARE(matrix.rows(), size_t(1));
        QCOMPARE(matrix.columns, featureNames().size());
        const auto value = [&](const char *name) {
            for (size_t i = 0; i < featureNames().size(); ++i)
                if (featureNames()[i] == name)
                    return static_cast<double>(matrix.values[i]);
            qFatal("no feature %s", name);
        };
        QCOMPARE(value("hour"), 13.0);
        QCOMPARE(value("weekday"), 3.0);
        QCOMPARE(value("ratio_executor_memory"), 2.5);
        QCOMPARE(value("executor_headroom_over_peak"), 2.0);
        QVERIFY(std::isnan(value("driver_headroom_over_peak")));
        QVERIFY(std::isnan(value("class_rate")));
    }

    void features_moreMemory_neverLowerAMonotoneColumn()
    {
        RetryContext context;
        context.config = {{"spark.executor.memory", "6g"}};
        context.tried = {{{"spark.executor.memory", "9g"}}};
        context.metrics[std::string(model::metric::kPeakRssBytes)] = 7.0 * base::kGiB;
        context.captures["limit"] = 6.6 * base::kGiB;
        const FeatureRow row(context);
        Matrix matrix;
        for (int g = 1; g <= 40; ++g)
            row.candidate(resourcesOf({{"spark.executor.memory", std::to_string(g) + "g"}}), matrix);
        for (size_t i = 1; i < matrix.rows(); ++i)
            for (size_t c = 0; c < matrix.columns; ++c) {
                const float a = matrix.row(i - 1)[c];
                const float b = matrix.row(i)[c];
                if (monotoneDirections()[c] > 0)
                    QVERIFY2(std::isnan(a) ? std::isnan(b) : b >= a, featureNames()[c].c_str());
                else
                    QVERIFY2(std::isnan(a) ? std::isnan(b) : b == a, featureNames()[c].c_str());
            }
    }
};

QTEST_APPLESS_MAIN(TestResources)
#include "tst_resources.moc"

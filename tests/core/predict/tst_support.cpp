#include "predict/support.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::predict;

namespace
{

RetryContext failureOf(const std::string &errorClass, double peakGib = 0.0)
{
    RetryContext context;
    context.errorClass = errorClass;
    context.config = {{"spark.executor.memory", "4g"}};
    if (peakGib > 0.0)
        context.metrics[std::string(model::metric::kPeakHeapBytes)] = peakGib * 1024.0 * 1024.0 * 1024.0;
    return context;
}

Resources gib(int size)
{
    return resourcesOf({{"spark.executor.memory", std::to_string(size) + "g"}});
}

/// `rows` retries of the failure at `size` GiB, dealt out over `jobs` jobs.
void add(Support &support, const RetryContext &context, int size, std::uint32_t rows, std::uint32_t jobs)
{
    const std::uint32_t cell = Support::cellOf(context, resourcesOf(context.config), gib(size));
    for (std::uint32_t i = 0; i < rows; ++i)
        support.add(context.errorClass, cell, i % jobs);
}

bool supported(const Support &support, const RetryContext &context, int size)
{
    return support.supported(context, resourcesOf(context.config), gib(size));
}

const RetryContext kHeap = failureOf("memory_config.executor_heap");

} // namespace

class TestSupport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void supported_byRowsAndJobs_needsBoth_data()
    {
        QTest::addColumn<std::uint32_t>("rows");
        QTest::addColumn<std::uint32_t>("jobs");
        QTest::addColumn<bool>("expected");
        QTest::newRow("enough of both") << 30U << 5U << true;
        QTest::newRow("a row too few") << 29U << 5U << false;
        QTest::newRow("a job too few") << 300U << 4U << false;
    }
    void supported_byRowsAndJobs_needsBoth()
    {
        QFETCH(std::uint32_t, rows);
        QFETCH(std::uint32_t, jobs);
        QFETCH(bool, expected);
        Support support;
        add(support, kHeap, 8, rows, jobs);
        QCOMPARE(supported(support, kHeap, 8), expected);
    }

    void supported_ofARaise_reachesLargerRaisesOnly()
    {
        Support support;
        add(support, kHeap, 8, 30, 5);
        QVERIFY(supported(support, kHeap, 16));
        QVERIFY(supported(support, kHeap, 48));
        QVERIFY(!supported(support, kHeap, 5));
        QVERIFY(!supported(support, kHeap, 4));
        QVERIFY(!supported(support, kHeap, 2));
    }

    void supported_ofTheSameAgain_reachesNoRaise()
    {
        Support support;
        add(support, kHeap, 4, 100, 10);
        QVERIFY(supported(support, kHeap, 4));
        QVERIFY(!supported(support, kHeap, 8));
    }

    void supported_smallAndLargeRaisesTogether_countEachRowAndJobOnce()
    {
        Support support;
        add(support, kHeap, 8, 15, 3);
        add(support, kHeap, 16, 15, 3);
        QVERIFY(!supported(support, kHeap, 16)); // 30 rows, but of the same 3 jobs
        add(support, kHeap, 8, 5, 5);
        QVERIFY(supported(support, kHeap, 16));
        QVERIFY(!supported(support, kHeap, 8)); // 20 rows
    }

    void supported_byPeak_reachesMoreAboveItOnly()
    {
        Support support;
        add(support, failureOf(kHeap.errorClass, 6.0), 8, 30, 5); // 1.33 times the peak
        QVERIFY(supported(support, failureOf(kHeap.errorClass, 3.0), 8));
        QVERIFY(!supported(support, failureOf(kHeap.errorClass, 9.0), 8));
        QVERIFY(!supported(support, kHeap, 8)); // its peak is not known
    }

    void supported_ofARareKindOfMemory_goesByItsGroup()
    {
        Support support;
        add(support, failureOf("memory_config.driver_heap"), 8, 20, 5);
        add(support, failureOf("memory_config.python_worker"), 8, 10, 5);
        QVERIFY(supported(support, kHeap, 8));
        QVERIFY(!supported(support, failureOf("network.timeout"), 8));
    }

    void supported_ofOtherFailures_staysInItsBand()
    {
        const RetryContext timeout = failureOf("network.timeout");
        Support support;
        add(support, timeout, 8, 30, 5);
        QVERIFY(supported(support, timeout, 8));
        QVERIFY(!supported(support, timeout, 16));
    }

    void json_thereAndBack_judgesTheSame()
    {
        Support support;
        add(support, kHeap, 8, 30, 5);
        const auto read = Support::fromJson(support.toJson());
        QVERIFY(read.has_value());
        for (const int size : {2, 4, 5, 8, 16})
            QCOMPARE(supported(*read, kHeap, size), supported(support, kHeap, size));
    }
};

QTEST_APPLESS_MAIN(TestSupport)
#include "tst_support.moc"

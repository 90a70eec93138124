#include "model/metric_values.hpp"

#include <QtTest>

#include <limits>

using namespace mulligan::model;

class TestMetricValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void all_ofAnyMetrics_givesThemBack()
    {
        MetricNames names;
        const Metrics few{{"tasks", 4.0}};
        const Metrics many{{"cpu_seconds", 0.1 + 0.2}, {"gc_seconds", 0.0}, {"tasks", -1.0}, {"", 7.0}};
        for (const Metrics &metrics : {Metrics(), few, many}) {
            QCOMPARE(MetricValues(metrics).all(), metrics);
            QCOMPARE(names.share(metrics).all(), metrics);
            QCOMPARE(names.share(metrics).size(), metrics.size());
        }
    }

    void value_ofANameThatIsMissing_isAbsent()
    {
        const MetricValues values(Metrics{{"gc_seconds", 0.0}, {"tasks", 4.0}});
        QCOMPARE(values.value("gc_seconds"), std::optional(0.0));
        QCOMPARE(values.value("tasks"), std::optional(4.0));
        for (const char *name : {"", "a", "gc_second", "gc_secondss", "zz"})
            QVERIFY(!values.contains(name));
        QVERIFY(!MetricValues().contains("tasks"));
    }

    void share_rowsOfEqualNames_holdThemOnce()
    {
        MetricNames names;
        const auto a = names.share({{"cpu_seconds", 1.0}, {"tasks", 2.0}});
        const auto b = names.share({{"cpu_seconds", 3.0}, {"tasks", 4.0}});
        const auto other = names.share({{"cpu_seconds", 3.0}});
        QVERIFY(a.sharesNamesWith(b) && !a.sharesNamesWith(other));
        QVERIFY(!(a == b));
        QCOMPARE(*a.value("tasks"), 2.0);
        QCOMPARE(*b.value("tasks"), 4.0);
        QVERIFY(b == MetricValues(Metrics{{"cpu_seconds", 3.0}, {"tasks", 4.0}}));
    }
};

QTEST_APPLESS_MAIN(TestMetricValues)
#include "tst_metric_values.moc"

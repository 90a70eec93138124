#include "evaluate/truth_report.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::evaluate;

namespace
{

PolicyFigures figures(const char *policy, double total, double retryCost)
{
    PolicyFigures out;
    out.policy = policy;
    out.scope = Scope::MemoryConfig;
    out.episodes = 250;
    out.fixable = 200;
    out.fixedFirst = {0.85, 0.8, 0.9, "share", {}};
    out.fixedInTwo = {0.89, {}, {}, "share", {}};
    out.remediated = {0.7, 0.6, 0.8, "share", {}};
    out.retryCost = {retryCost, {}, {}, "usd", {}};
    out.total = {total, {}, {}, "usd", {}};
    out.totalAbovePolicy = {total - 100.0, -10.0, 10.0, "usd", {}};
    out.regretMedian = 0.2;
    return out;
}

TruthReport report()
{
    TruthReport out;
    out.episodes = 250;
    out.memoryConfigEpisodes = 250;
    out.policies = {figures("policy", 100.0, 4.0), figures("keep", 150.0, 9.0), figures("ceiling", 90.0, 3.0),
                    figures("oracle", 60.0, 2.0), figures("history", 160.0, 10.0)};
    Promise promise;
    promise.scope = Scope::MemoryConfig;
    promise.episodes = 250;
    promise.remediatedPredicted.value = 0.64;
    promise.remediated.value = 0.7;
    promise.totalPredicted.value = 110.0;
    promise.total.value = 100.0;
    promise.grossPredicted.value = 8.0;
    promise.gross.value = 10.0;
    out.promises = {promise};
    promise.workflow = "sorting";
    out.byWorkflow = {promise};
    out.curve = {{0.25, 100, 1.0, {0.5, {}, {}, "share", {}}, {0.4, {}, {}, "share", {}}}};
    out.bars = barsOf(out);
    return out;
}

const Bar *find(const std::vector<Bar> &bars, const char *name)
{
    const auto it = std::find_if(bars.begin(), bars.end(), [&](const Bar &bar) { return bar.name == name; });
    return it == bars.end() ? nullptr : &*it;
}

} // namespace

class TestTruthReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void barsOf_report_heldOrMissedByTheNumbers_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<double>("value");
        QTest::addColumn<bool>("held");
        QTest::newRow("episodes") << QByteArray("episodes") << 250.0 << true;
        QTest::newRow("first") << QByteArray("fixed_first") << 0.85 << true;
        QTest::newRow("two") << QByteArray("fixed_within_two") << 0.89 << false;
        QTest::newRow("keep") << QByteArray("below_keep") << 50.0 << true;
        QTest::newRow("ceiling") << QByteArray("below_ceiling") << -10.0 << false;
        QTest::newRow("regret") << QByteArray("regret_median") << 0.2 << true;
        QTest::newRow("retry cost") << QByteArray("retry_cost") << 0.4 << true;
        QTest::newRow("oracle") << QByteArray("oracle_retry_cost") << 0.2 << true;
        QTest::newRow("remediation") << QByteArray("remediation_error") << 0.06 << false;
        QTest::newRow("cost") << QByteArray("cost_error") << 0.1 << true;
        QTest::newRow("cost of all retries") << QByteArray("gross_cost_error") << 0.2 << false;
        QTest::newRow("saving") << QByteArray("saving_error") << 1.0 / 6.0 << false;
    }
    void barsOf_report_heldOrMissedByTheNumbers()
    {
        QFETCH(QByteArray, name);
        QFETCH(double, value);
        QFETCH(bool, held);
        const auto bars = barsOf(report());
        const Bar *bar = find(bars, name.constData());
        QVERIFY(bar != nullptr);
        QVERIFY2(std::abs(bar->value - value) < 1e-9, qPrintable(QString::number(bar->value)));
        QCOMPARE(bar->held, held);
    }

    void barsOf_nothingToCompareWith_leavesBarsOut()
    {
        TruthReport alone = report();
        alone.policies.resize(1);
        alone.policies[0].regretMedian.reset();
        alone.promises.clear();
        const auto bars = barsOf(alone);
        QVERIFY(find(bars, "below_keep") == nullptr);
        QVERIFY(find(bars, "retry_cost") == nullptr);
        QVERIFY(find(bars, "regret_median") == nullptr);
        QVERIFY(find(bars, "cost_error") == nullptr);
        QVERIFY(barsOf(TruthReport()).empty());
    }

    void truthToJson_figures_keepTheirIntervals()
    {
        const auto json = truthToJson(report());
        const auto &policy = json["policies"].items()[0];
        QCOMPARE(policy["fixed_first_share"]["value"].number(), 0.85);
        QCOMPARE(policy["fixed_first_share"]["low"].number(), 0.8);
        QVERIFY(policy["fixed_within_two_share"]["low"].isNull());
        QCOMPARE(json["predicted"]["memory_config"]["remediated_share"]["value"].number(), 0.64);
        QCOMPARE(json["realised"]["memory_config"]["remediated_share"]["value"].number(), 0.7);
        QCOMPARE(json["by_workflow"].items()[0]["workflow"].string(), std::string("sorting"));
        QCOMPARE(json["bars"].size(), size_t(12));
        QCOMPARE(json["learning_curve"].items()[0]["rows"].integer(), std::int64_t(100));
    }

    void truthToText_report_alignsAndMarksTheSameTables()
    {
        const QString text = QString::fromStdString(truthToText(report()));
        QVERIFY(text.contains("250 held-out episodes"));
        QVERIFY(text.contains("85.0 %"));
        QVERIFY(text.contains("sorting"));
        const QString marked = QString::fromStdString(truthToMarkdown(report()));
        QVERIFY(marked.contains("| policy | 250 | 85.0 % | 89.0 % | 70.0 % |"));
        QVERIFY(marked.contains("|---|---:|"));
        // Every row of a table has as many cells as its head.
        qsizetype bars = 0;
        for (const QString &line : marked.split('\n')) {
            if (!line.startsWith('|')) {
                bars = 0;
                continue;
            }
            QVERIFY2(bars == 0 || line.count('|') == bars, qPrintable(line));
            bars = line.count('|');
        }
    }
};

QTEST_GUILESS_MAIN(TestTruthReport)
#include "tst_truth_report.moc"

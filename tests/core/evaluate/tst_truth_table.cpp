#include "evaluate/truth_table.hpp"

#include <QtTest>

#include <cstdlib>

using namespace mulligan;
using evaluate::Answer;
using evaluate::Basis;

namespace
{

/// Configurations of two memory knobs, "heap" and "over", one other, "cores", and any text properties.
evaluate::TruthRules rules()
{
    const auto amount = [](const model::Config &config, const char *key, double fallback) {
        const auto it = config.find(key);
        return it == config.end() ? fallback : std::atof(it->second.c_str());
    };
    evaluate::TruthRules out;
    out.knobs = [amount](const model::Config &config, const std::string &) {
        evaluate::Knobs knobs;
        knobs.memory = {amount(config, "heap", 1.0), amount(config, "over", 1.0)};
        knobs.other = {amount(config, "cores", 1.0)};
        for (const auto &[key, value] : config)
            if (key != "heap" && key != "over" && key != "cores")
                knobs.rest.emplace(key, value);
        return knobs;
    };
    out.price = [](const evaluate::TruthRow &row) { return row.costUsd; };
    out.hourlyRate = [amount](const model::Config &config, const std::string &) { return amount(config, "heap", 1.0); };
    return out;
}

evaluate::TruthRow row(const char *variant, const model::Config &config, bool succeeds, double cost, int repeat = 1)
{
    evaluate::TruthRow out;
    out.job = "job";
    out.variant = variant;
    out.config = config;
    out.repeat = repeat;
    out.outcome = succeeds ? model::Outcome::Succeeded : model::Outcome::Failed;
    out.costUsd = cost;
    return out;
}

} // namespace

class TestTruthTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void build_repeats_areFoldedToShareAndMeans()
    {
        const auto table = evaluate::TruthTable::build(
            {row("v", {{"heap", "2"}}, true, 3.0, 1), row("v", {{"heap", "2"}}, false, 1.0, 2),
             row("v", {{"heap", "2"}}, true, 5.0, 3), row("v", {{"heap", "2"}}, false, 2.0, 4)},
            rules());
        QCOMPARE(table.rowCount(), size_t(4));
        QCOMPARE(table.cellCount(), size_t(1));
        QCOMPARE(table.answer(0, {{"heap", "2.0"}}), (Answer{Basis::Measured, 0.5, 1.5, 4.0}));
    }

    void answer_notRun_followsByDominanceOrIsUnknown_data()
    {
        QTest::addColumn<QString>("heap");
        QTest::addColumn<QString>("over");
        QTest::addColumn<QString>("extra"); // "cores" or a text property, with its value
        QTest::addColumn<int>("basis");
        QTest::addColumn<double>("success");
        QTest::addColumn<double>("costFail");
        QTest::addColumn<double>("costSuccess");
        const int unknown = static_cast<int>(Basis::Unknown);
        const int dominance = static_cast<int>(Basis::Dominance);
        QTest::newRow("more memory than a success succeeds, dearer by the ratio of the rates")
            << "16"
            << "1"
            << "" << dominance << 1.0 << 0.0 << 12.0;
        QTest::newRow("more of another memory than a success succeeds") << "8"
                                                                        << "2"
                                                                        << "" << dominance << 1.0 << 0.0 << 6.0;
        QTest::newRow("less memory than a failure fails, cheaper by the ratio of the rates")
            << "1"
            << "1"
            << "" << dominance << 0.0 << 0.5 << 0.0;
        QTest::newRow("between a failure and a success nobody knows") << "4"
                                                                      << "1"
                                                                      << "" << unknown << 0.0 << 0.0 << 0.0;
        QTest::newRow("more of one memory and less of the other nobody knows") << "16"
                                                                               << "0.5"
                                                                               << "" << unknown << 0.0 << 0.0 << 0.0;
        QTest::newRow("another number of cores nobody knows") << "16"
                                                              << "1"
                                                              << "cores=2" << unknown << 0.0 << 0.0 << 0.0;
        QTest::newRow("another text nobody knows") << "16"
                                                   << "1"
                                                   << "mode=fast" << unknown << 0.0 << 0.0 << 0.0;
    }
    void answer_notRun_followsByDominanceOrIsUnknown()
    {
        QFETCH(QString, heap);
        QFETCH(QString, over);
        QFETCH(QString, extra);
        const auto table = evaluate::TruthTable::build(
            {row("v", {{"heap", "2"}}, false, 1.0), row("v", {{"heap", "8"}}, true, 6.0)}, rules());
        model::Config config{{"heap", heap.toStdString()}, {"over", over.toStdString()}};
        if (!extra.isEmpty())
            config[extra.section('=', 0, 0).toStdString()] = extra.section('=', 1).toStdString();
        const Answer answer = table.answer(0, config);
        QTEST(static_cast<int>(answer.basis), "basis");
        QTEST(answer.success, "success");
        QTEST(answer.costFail, "costFail");
        QTEST(answer.costSuccess, "costSuccess");
    }

    void answer_boundsCross_takesTheNearerCell()
    {
        // By chance the larger one failed.
        const auto table = evaluate::TruthTable::build(
            {row("v", {{"heap", "2"}}, true, 1.0), row("v", {{"heap", "32"}}, false, 9.0)}, rules());
        QCOMPARE(table.answer(0, {{"heap", "3"}}).success, 1.0);
        QCOMPARE(table.answer(0, {{"heap", "30"}}).success, 0.0);
    }

    void variantOf_namesOfEveryForm_areFound_data()
    {
        QTest::addColumn<QStringList>("variants");
        QTest::addColumn<QString>("run");
        QTest::addColumn<int>("attempt");
        QTest::addColumn<int>("found"); // index into variants, -1: none
        QTest::newRow("the decision itself") << QStringList{"r/2", "r/3"} << "r" << 3 << 1;
        QTest::newRow("a later attempt asks the newest earlier one again")
            << QStringList{"r/2", "r/3"} << "r" << 7 << 1;
        QTest::newRow("an earlier attempt than any has none") << QStringList{"r/3"} << "r" << 2 << -1;
        QTest::newRow("the run") << QStringList{"r", "other"} << "r" << 5 << 0;
        QTest::newRow("the last part of the run's path") << QStringList{"small", "large"} << "job/2026/large" << 2 << 1;
        QTest::newRow("the job's only variant") << QStringList{"large"} << "job-17" << 2 << 0;
        QTest::newRow("one of two others is not guessed") << QStringList{"small", "large"} << "job-17" << 2 << -1;
        QTest::newRow("another run's decision does not stand in") << QStringList{"q/2"} << "r" << 2 << -1;
    }
    void variantOf_namesOfEveryForm_areFound()
    {
        QFETCH(QStringList, variants);
        QFETCH(QString, run);
        QFETCH(int, attempt);
        QFETCH(int, found);
        std::vector<evaluate::TruthRow> rows;
        for (const QString &variant : variants)
            rows.push_back(row(variant.toStdString().c_str(), {}, true, 1.0));
        const auto table = evaluate::TruthTable::build(rows, rules());
        const auto index = table.variantOf("job", run.toStdString(), attempt);
        QCOMPARE(index ? static_cast<int>(*index) : -1, found);
        QVERIFY(!table.variantOf("another job", run.toStdString(), attempt));
    }
};

QTEST_GUILESS_MAIN(TestTruthTable)
#include "tst_truth_table.moc"

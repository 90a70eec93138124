#include "optimize/pareto.hpp"
#include "optimize/space.hpp"

#include "base/units.hpp"

#include <QFile>
#include <QtTest>

#include <set>

using namespace mulligan;
using namespace mulligan::optimize;

namespace
{

Parameter memory()
{
    Parameter p;
    p.name = "spark.executor.memory";
    p.bareUnit = base::kMiB;
    p.initial = base::kGiB;
    p.lower = base::kGiB / 2;
    p.upper = 64 * base::kGiB;
    p.multipliers = {1.5, 2, 4};
    p.classes = {"memory_config.executor_heap"};
    p.memory = true;
    return p;
}

Parameter overhead()
{
    Parameter p = memory();
    p.name = "spark.executor.memoryOverhead";
    p.initial = 384 * base::kMiB;
    p.initialShareOf = 0.1;
    p.initialOf = "spark.executor.memory";
    p.lower = p.initial;
    p.multipliers = {2};
    p.classes = {"memory_config"};
    return p;
}

} // namespace

class TestSpace : public QObject
{
    Q_OBJECT

private slots:
    void enumerate_first_isUnchanged()
    {
        const auto all = enumerate({}, {}, "code.udf", {}, "");
        QCOMPARE(all.size(), size_t(1));
        QVERIFY(all[0].patch.empty());
    }

    void enumerate_jvmFlag_isChangedWithinItsOptionsOnly()
    {
        Parameter direct = memory();
        direct.name = "spark.executor.extraJavaOptions";
        direct.flag = "-XX:MaxDirectMemorySize";
        direct.bareUnit = 1.0;
        direct.initial = 0.0;
        direct.lower = 64 * base::kMiB;
        direct.multipliers = {2};
        direct.classes = {"memory_config.off_heap"};
        ParameterSpace s;
        s.parameters = {direct};
        const auto all =
            enumerate(s, {{direct.name, "-Xss4m -XX:MaxDirectMemorySize=64m -ea"}}, "memory_config.off_heap", {}, "");
        QCOMPARE(all.size(), size_t(2));
        QCOMPARE(all[1].patch, (model::Config{{direct.name, "-Xss4m -XX:MaxDirectMemorySize=128m -ea"}}));
        QCOMPARE(all[1].memoryRatio, 2.0);
        QCOMPARE(all[1].label, std::string("-XX:MaxDirectMemorySize 64m → 128m"));
        QCOMPARE(enumerate(s, {{direct.name, "-Xss4m"}}, "memory_config.off_heap", {}, "").size(), size_t(1));
    }

    void enumerate_twoFlagsOfTheSameOptions_areBothChanged()
    {
        Parameter one = memory();
        one.name = "spark.executor.extraJavaOptions";
        one.flag = "-XX:MaxDirectMemorySize";
        one.bareUnit = 1.0;
        one.initial = 0.0;
        one.lower = base::kMiB;
        one.multipliers = {2};
        one.classes = {"memory_config.off_heap"};
        Parameter other = one;
        other.flag = "-XX:MaxMetaspaceSize";
        ParameterSpace s;
        s.parameters = {one, other};
        const auto all = enumerate(s, {{one.name, "-XX:MaxMetaspaceSize=32m -XX:MaxDirectMemorySize=64m"}},
                                   "memory_config.off_heap", {}, "");
        QCOMPARE(all.size(), size_t(4));
        QCOMPARE(all[3].patch.at(one.name), std::string("-XX:MaxMetaspaceSize=64m -XX:MaxDirectMemorySize=128m"));
    }

    void enumerate_propertyThatIsOff_isNotTurnedOn()
    {
        ParameterSpace s;
        Parameter offHeap = memory();
        offHeap.name = "spark.memory.offHeap.size";
        offHeap.initial = 0.0;
        offHeap.multipliers.clear();
        offHeap.steps = {base::kGiB, 2 * base::kGiB};
        s.parameters = {offHeap};
        QCOMPARE(enumerate(s, {}, "memory_config.executor_heap", {}, "").size(), size_t(1));
        QCOMPARE(enumerate(s, {{offHeap.name, "1g"}}, "memory_config.executor_heap", {}, "").size(), size_t(2));
    }

    void enumerate_onlyRelevantProperties_exactly()
    {
        ParameterSpace s;
        s.parameters = {memory(), overhead()};
        QCOMPARE(enumerate(s, {{"spark.executor.memory", "4096"}}, "memory_config.executor_heap", {}, "").size(),
                 size_t(8));
        const auto limit = enumerate(s, {{"spark.executor.memory", "8g"}}, "memory_config.container_limit", {}, "");
        QCOMPARE(limit.size(), size_t(2));
        // Overhead not set: a tenth of the memory, doubled and rounded to whole MiB.
        QCOMPARE(limit[1].patch.at("spark.executor.memoryOverhead"), std::string("1638m"));
        QVERIFY(std::abs(limit[1].memoryRatio - 2.0) < 0.01);
    }

    void enumerate_boundsCeilingsAndConstraintsHold()
    {
        ParameterSpace s;
        s.parameters = {memory(), overhead()};
        s.parameters[0].ceilings["small"] = 6 * base::kGiB;
        s.constraints = {{{"spark.executor.memory", "spark.executor.memoryOverhead"}, 10 * base::kGiB, {}}};
        const model::Config old{{"spark.executor.memory", "4g"}};
        for (const auto &c : enumerate(s, old, "memory_config.executor_heap", {}, "")) {
            if (c.patch.count("spark.executor.memory") == 0)
                continue;
            const double heap = *base::parseBytes(c.patch.at("spark.executor.memory"), base::kMiB);
            QVERIFY(heap <= 9 * base::kGiB);
        }
        QCOMPARE(enumerate(s, old, "memory_config.executor_heap", {}, "small").size(), size_t(4));
    }

    void enumerate_tooMany_drawsSeededAndWithoutRepeats()
    {
        ParameterSpace s;
        for (int i = 0; i < 8; ++i) {
            Parameter p = memory();
            p.name = "p" + std::to_string(i);
            s.parameters.push_back(p);
        }
        s.searchBudget = 100;
        const auto a = enumerate(s, {}, "memory_config.executor_heap", {}, "");
        QCOMPARE(a, enumerate(s, {}, "memory_config.executor_heap", {}, ""));
        QCOMPARE(a.size(), size_t(101));
        std::set<model::Config> distinct;
        for (const auto &c : a)
            distinct.insert(c.patch);
        QCOMPARE(distinct.size(), a.size());
    }

    void shippedSpace_isReadAndSmall()
    {
        QFile f(QStringLiteral(MULLIGAN_SOURCE_DIR "/resources/space.yaml"));
        QVERIFY(f.open(QIODevice::ReadOnly));
        const auto s = parseSpace(f.readAll().toStdString(), "space.yaml");
        QVERIFY2(s.has_value(), s ? "" : s.error().text().c_str());
        for (const char *kind : {"driver_heap", "executor_heap", "container_limit", "off_heap", "metaspace",
                                 "result_size", "broadcast", "serializer_buffer"}) {
            const auto n = enumerate(*s, {}, std::string("memory_config.") + kind, {}, "").size();
            QVERIFY2(n > 1 && n <= 16, qPrintable(QString("%1 %2").arg(QLatin1String(kind)).arg(n)));
        }
    }

    void parseSpace_nonsense_saysWhereAndWhy_data()
    {
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *what, const char *parameters, const char *says) {
            QTest::newRow(what) << QByteArray(parameters) << QByteArray(says);
        };
        row("no parameters", "", "has no parameters");
        row("no room", "{name: a, upper: 1g, lower: 2g, multipliers: [2]}", "no room between");
        row("nothing to try", "{name: a, upper: 1g}", "neither multipliers nor steps");
        row("a list for a value", "{name: a, upper: [1g], steps: [1g]}", "single value");
        row("a step beyond upper", "{name: a, upper: 4g, steps: [1g, 64g]}", "'64g' of 'a' lies outside");
        row("steps that fall", "{name: a, upper: 4g, steps: [4g, 1g]}", "'1g' of 'a' is not above");
        row("twice the same", "{name: a, upper: 4g, steps: [1g]}, {name: a, upper: 4g, steps: [2g]}", "is there twice");
        row("a switch for a flag", "{name: x.extraJavaOptions, flag: '-XX:+UseG1GC', upper: 4g, steps: [1g]}",
            "no JVM flag with a value");
        row("a number for a flag", "{name: x.extraJavaOptions, flag: 5, upper: 4g, steps: [1g]}",
            "no JVM flag with a value");
        row("a flag of no options", "{name: spark.executor.memory, flag: '-XX:Max', upper: 4g, steps: [1g]}",
            "holds no JVM options");
        row("options without a flag", "{name: spark.executor.extraJavaOptions, upper: 4g, steps: [1g]}",
            "line of JVM options");
        row("a peak that is none", "{name: a, upper: 4g, steps: [1g], peak: peek_heap}", "no observed peak");
        row("an unknown key", "{name: a, uper: 4g, steps: [1g]}", "uper");
    }
    void parseSpace_nonsense_saysWhereAndWhy()
    {
        QFETCH(QByteArray, parameters);
        QFETCH(QByteArray, says);
        const auto read = parseSpace(("seed: 1\nparameters: [" + parameters + "]\n").toStdString(), "my.yaml");
        QVERIFY(!read.has_value());
        const QByteArray text = QByteArray::fromStdString(read.error().text());
        QVERIFY2(text.contains(says) && text.contains("my.yaml") && text.contains("line"), text.constData());
        QVERIFY2(!read.error().hint.empty(), text.constData());
    }

    void paretoFront_dropsTheBeaten()
    {
        std::vector<model::Candidate> c(4);
        c[0].scorer = {0.5, 1, 1};
        c[1].scorer = {0.4, 2, 2}; // beaten by 0
        c[2].scorer = {0.9, 3, 3};
        c[3].scorer = {0.5, 1, 1}; // equal to 0
        QCOMPARE(paretoFront(c), (std::vector<size_t>{0, 2}));
        c[1].memoryRatio = 1.5;
        c[2].memoryRatio = 2;
        c[3].memoryRatio = 4;
        QCOMPARE(pickBaseline(Baseline::Keep, c), size_t(0));
        QCOMPARE(pickBaseline(Baseline::Double, c), size_t(2));
        QCOMPARE(pickBaseline(Baseline::Ladder, c, 1), size_t(1));
        QCOMPARE(pickBaseline(Baseline::Ladder, c, 3), size_t(0));
        QCOMPARE(pickBaseline(Baseline::Ceiling, c), size_t(3));
    }
};

QTEST_APPLESS_MAIN(TestSpace)
#include "tst_space.moc"

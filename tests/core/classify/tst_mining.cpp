#include "classify/mining.hpp"

#include "labelled_lines.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::classify;
using mulligan::tests::groupingAccuracy;
using mulligan::tests::LabelledLines;

namespace
{

CauseKey line(std::string_view text)
{
    return {text, {}, {}};
}

/// Cluster of each line, all of them learned first and added in sorted order.
std::vector<std::uint32_t> mined(TemplateMiner &miner, const std::vector<std::string> &lines)
{
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < lines.size(); ++i)
        order.emplace_back(miner.learn(line(lines[i])), i);
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> out(lines.size());
    for (const auto &[look, i] : order)
        out[i] = miner.add(line(lines[i]));
    return out;
}

QString templateOf(const std::vector<std::string> &lines)
{
    TemplateMiner miner;
    const auto clusters = mined(miner, lines);
    for (const std::uint32_t cluster : clusters)
        if (cluster != clusters.front())
            return QStringLiteral("several");
    return QString::fromStdString(miner.clusters()[clusters.front()].text);
}

std::vector<std::string> texts(const std::vector<tests::LabelledLine> &lines)
{
    std::vector<std::string> out;
    for (const auto &each : lines)
        out.push_back(each.text);
    return out;
}

/// Id of each line's cluster.
std::vector<std::string> idsOf(const TemplateMiner &miner, const std::vector<std::uint32_t> &clusters)
{
    std::vector<std::string> out;
    for (const std::uint32_t cluster : clusters)
        out.push_back(miner.clusters()[cluster].id);
    return out;
}

} // namespace

class TestMining : public QObject
{
    Q_OBJECT

private slots:
    void add_labelledLines_areGroupedAsTheyWereWritten_data()
    {
        QTest::addColumn<quint64>("seed");
        for (const quint64 seed : {1, 2, 3})
            QTest::newRow(qPrintable(QStringLiteral("seed %1").arg(seed))) << seed;
    }
    void add_labelledLines_areGroupedAsTheyWereWritten()
    {
        QFETCH(quint64, seed);
        const auto lines = LabelledLines(seed).draw(4000);
        std::vector<int> truth;
        for (const auto &each : lines)
            truth.push_back(each.statement);
        TemplateMiner miner;
        const double accuracy = groupingAccuracy(truth, mined(miner, texts(lines)));
        QVERIFY2(accuracy >= 0.99, qPrintable(QString::number(accuracy)));
        // As Drain does it, words that tell statements apart are taken for parameters.
        MiningOptions drain;
        drain.constants = 0;
        TemplateMiner plain(drain);
        QVERIFY(groupingAccuracy(truth, mined(plain, texts(lines))) < accuracy);
    }

    void add_similarLines_giveATemplate_data()
    {
        QTest::addColumn<QStringList>("lines");
        QTest::addColumn<QString>("expected");
        QTest::newRow("only masked parts differ")
            << QStringList{"task 1 failed", "task 23 failed"} << "task <num> failed";
        QTest::newRow("a name with digits differs")
            << QStringList{"user etl1 has no quota", "user x_2y has no quota"} << "user <*> has no quota";
        QTest::newRow("many words differ") << QStringList{"user anna has no quota", "user bob has no quota",
                                                          "user carl has no quota", "user dora has no quota"}
                                           << "user <*> has no quota";
        QTest::newRow("few words differ")
            << QStringList{"stored as bytes in memory", "stored as values in memory"} << "several";
        QTest::newRow("lengths differ") << QStringList{"no space left", "no space left on device"} << "several";
        QTest::newRow("too little is equal") << QStringList{"open a1 b1 c1 d1", "open a2x b2x c2x d2x"} << "several";
        QTest::newRow("one token") << QStringList{"Killed", "Killed"} << "Killed";
        QTest::newRow("two single tokens") << QStringList{"Killed", "Evicted"} << "several";
        QTest::newRow("empty lines") << QStringList{"", "  "} << "";
    }
    void add_similarLines_giveATemplate()
    {
        QFETCH(QStringList, lines);
        QFETCH(QString, expected);
        std::vector<std::string> given;
        for (const QString &each : lines)
            given.push_back(each.toStdString());
        QCOMPARE(templateOf(given), expected);
        std::reverse(given.begin(), given.end());
        QCOMPARE(templateOf(given), expected);
    }

    void add_sameLineOtherKey_isAnotherCluster()
    {
        TemplateMiner miner;
        const CauseKey a{"java.io.IOException: closed", "java.io.IOException", "a.B.read\na.C.run"};
        CauseKey b = a;
        b.frames = "a.B.write\na.C.run";
        CauseKey c = a;
        c.exceptionClass = "java.io.EOFException";
        const std::set<std::uint32_t> clusters{miner.add(a), miner.add(b), miner.add(c), miner.add(a)};
        QCOMPARE(clusters.size(), std::size_t{3});
        QCOMPARE(miner.clusters()[0].frames, std::string("a.B.read\na.C.run"));
    }

    void add_anyOrder_givesTheSameClusters()
    {
        std::vector<std::string> lines = texts(LabelledLines(7).draw(2000));
        TemplateMiner first;
        const auto clusters = mined(first, lines);
        std::map<std::string, std::string> idOf;
        const auto ids = idsOf(first, clusters);
        for (std::size_t i = 0; i < lines.size(); ++i)
            idOf[lines[i]] = ids[i];
        base::Rng rng(1, "order");
        for (std::size_t i = lines.size(); i > 1; --i)
            std::swap(lines[i - 1], lines[rng.below(i)]);
        TemplateMiner second;
        const auto again = idsOf(second, mined(second, lines));
        for (std::size_t i = 0; i < lines.size(); ++i)
            QCOMPARE(again[i], idOf[lines[i]]);
    }

    void restore_moreLines_keepIdsOfWhatWasThere()
    {
        const std::vector<std::string> lines = texts(LabelledLines(9).draw(3000));
        const std::vector<std::string> early(lines.begin(), lines.begin() + 1000);
        TemplateMiner first;
        const auto before = idsOf(first, mined(first, early));
        TemplateMiner second;
        for (const MinedTemplate &each : first.clusters())
            second.restore(each);
        const auto after = mined(second, lines);
        const auto ids = idsOf(second, after);
        for (std::size_t i = 0; i < early.size(); ++i)
            QCOMPARE(ids[i], before[i]);
        // Later lines of a statement join its cluster.
        QVERIFY(second.clusters().size() < LabelledLines::statements() + 4);
        for (std::size_t i = 0; i < first.clusters().size(); ++i)
            QCOMPARE(second.clusters()[i].id, first.clusters()[i].id);
    }

    void restore_templateThatGrows_keepsItsId()
    {
        TemplateMiner first;
        const std::uint32_t cluster = first.add(line("queue q1 of tenant a1 is full today"));
        const std::string id = first.clusters()[cluster].id;
        TemplateMiner second;
        second.restore(first.clusters()[cluster]);
        QCOMPARE(second.add(line("queue x_2y of tenant a7 is full today")), std::uint32_t{0});
        QCOMPARE(second.clusters()[0].id, id);
        QCOMPARE(second.clusters()[0].text, std::string("queue <*> of tenant a<num> is full today"));
        TemplateMiner third;
        third.restore(second.clusters()[0]);
        // Who founded it comes back to it.
        QCOMPARE(third.add(line("queue q5 of tenant a9 is full today")), std::uint32_t{0});
        QCOMPARE(third.clusters().size(), std::size_t{1});
    }

    void add_everyLineOfACluster_isHeldByItsTemplate()
    {
        const std::vector<std::string> lines = texts(LabelledLines(11).draw(3000));
        TemplateMiner miner;
        std::vector<std::uint32_t> clusters;
        for (const std::string &each : lines) // as they come, nothing learned before
            clusters.push_back(miner.add(line(each)));
        text::LineMasker masker;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const text::MaskedLine &masked = masker.mask(lines[i]);
            const QStringList tokens = QString::fromStdString(miner.clusters()[clusters[i]].text).split(' ');
            QCOMPARE(static_cast<std::size_t>(tokens.size()), masked.tokens.size());
            for (int t = 0; t < tokens.size(); ++t)
                if (tokens[t] != QStringLiteral("<*>"))
                    QCOMPARE(tokens[t].toStdString(), std::string(masked.token(static_cast<std::size_t>(t))));
        }
    }

    void add_badLines_areClusteredAllTheSame_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("64 KB of one word") << QByteArray(65536, 'w');
        QTest::newRow("64 KB of words") << QByteArray("word ").repeated(13'000);
        QTest::newRow("64 KB of numbers") << QByteArray("12 ").repeated(22'000);
        QTest::newRow("binary") << QByteArray("\x00\x01\xff\xfe\x80 \x00 9", 9);
        QTest::newRow("placeholders of ours") << QByteArray("<*> <num> <more> <*>");
        QTest::newRow("one character") << QByteArray("x");
    }
    void add_badLines_areClusteredAllTheSame()
    {
        QFETCH(QByteArray, text);
        TemplateMiner miner;
        const std::string given = text.toStdString();
        const std::uint32_t cluster = miner.add(line(given));
        QVERIFY(cluster != kNoCluster);
        QCOMPARE(miner.add(line(given)), cluster);
        QCOMPARE(miner.add(line("something else")) == cluster, false);
        TemplateMiner again;
        again.restore(miner.clusters()[cluster]);
        QCOMPARE(again.add(line(given)), std::uint32_t{0});
        QVERIFY(miner.clusters()[cluster].text.size() <= text::kMaxMaskedBytes * 7);
    }

    void add_moreDifferentLinesThanThereIsRoom_leavesTheRest()
    {
        MiningOptions options;
        options.maxClusters = 500;
        options.maxLeafClusters = 20;
        TemplateMiner miner(options);
        base::Rng rng(3, "distinct");
        std::size_t without = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string text;
            for (int word = 0; word < 8; ++word) {
                for (int letter = 0; letter < 6; ++letter)
                    text += static_cast<char>('a' + rng.below(26));
                text += ' ';
            }
            without += miner.add(line(text)) == kNoCluster ? 1 : 0;
        }
        QVERIFY(miner.clusters().size() <= 500);
        QCOMPARE(without + miner.clusters().size() >= 20'000, true);
    }

    void causeKey_stackTrace_keepsWhatStaysFromBuildToBuild_data()
    {
        QTest::addColumn<QByteArray>("cause");
        QTest::addColumn<QByteArray>("frames");
        QTest::newRow("no stack") << QByteArray("No space left") << QByteArray();
        QTest::newRow("JVM frames") << QByteArray("java.io.IOException: x\n\tat a.b.C.read(C.java:12) "
                                                  "~[x.jar:1.2]\n\tat a.D.run(D.java)\n\tat e.F.g(F.java:1)")
                                    << QByteArray("a.b.C.read\na.D.run");
        QTest::newRow("modules and lambdas") << QByteArray(
            "x\n\tat java.base/java.util.Foo.bar(Foo.java:1)\n\tat a.B$$Lambda$123/0x00000008401.apply(Unknown Source)")
                                             << QByteArray("java.util.Foo.bar\na.B$$Lambda$.apply");
        QTest::newRow("anonymous functions")
            << QByteArray("x\n\tat a.B.$anonfun$main$12(B.scala:3)\n\tat "
                          "jdk.internal.reflect.GeneratedMethodAccessor45.invoke(Unknown Source)")
            << QByteArray("a.B.$anonfun$main$\njdk.internal.reflect.GeneratedMethodAccessor.invoke");
        QTest::newRow("Python") << QByteArray("KeyError: 'x'\n  File \"/opt/jobs/load.py\", line 12, in main\n    "
                                              "x[1]\n  File \"<string>\", line 1, in f")
                                << QByteArray("load.py:main\n<string>:f");
        QTest::newRow("carriage returns") << QByteArray("x\r\n\tat a.B.c(B.java:1)\r\n") << QByteArray("a.B.c");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
        QTest::newRow("an empty frame") << QByteArray("x\n\tat \n\tat (") << QByteArray();
    }
    void causeKey_stackTrace_keepsWhatStaysFromBuildToBuild()
    {
        QFETCH(QByteArray, cause);
        QFETCH(QByteArray, frames);
        const std::string text = cause.toStdString();
        const CauseKey key = causeKey(text, "E", 2);
        QCOMPARE(QByteArray::fromStdString(key.frames), frames);
        QCOMPARE(key.line, std::string_view(text).substr(0, text.find('\n')));
        QCOMPARE(causeKey(text, "E", 0).frames, std::string());
    }
};

QTEST_APPLESS_MAIN(TestMining)
#include "tst_mining.moc"

#include "classify/mining_rule.hpp"

#include "classify/mining_neighbours.hpp"
#include "classify/rule_file.hpp"
#include "text/backtracking_risk.hpp"
#include "text/pattern_set.hpp"

#include <QtTest>

#include <cmath>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

MinedPattern patternOf(const QStringList &lines, Generality generality = Generality::Narrowest)
{
    std::vector<std::string> held;
    for (const QString &line : lines)
        held.push_back(line.toStdString());
    const std::vector<std::string_view> views(held.begin(), held.end());
    return minePattern(views, generality);
}

bool matches(const std::string &expression, const QString &line)
{
    const auto set = text::PatternSet::make({{expression, false}});
    if (!set)
        return false;
    text::Match match;
    const std::string held = line.toStdString();
    return (*set)->search(0, held, 0, match) == text::Outcome::Match;
}

DraftSubject subjectOf(const std::vector<std::string> &members, const std::string &frames = {})
{
    DraftSubject subject;
    subject.cluster = {"0123456789ab", "java.io.IOException: Stream <num> of <path> is closed", "java.io.IOException",
                       frames};
    subject.members = members;
    subject.date = "2026-01-02";
    return subject;
}

} // namespace

class TestMiningRule : public QObject
{
    Q_OBJECT

private slots:
    void minePattern_lines_giveTheNarrowestExpression_data()
    {
        QTest::addColumn<QStringList>("lines");
        QTest::addColumn<QString>("expression");
        QTest::addColumn<bool>("anchored");
        const auto row = [](const char *name, const QStringList &lines, const char *expression, bool anchored = true) {
            QTest::newRow(name) << lines << QString::fromUtf8(expression) << anchored;
        };
        row("words alone", {"GC overhead limit exceeded"}, "^GC overhead limit exceeded");
        row("punctuation is escaped", {"a.B: x (y) [z] {1} *+?|^$\\"},
            R"(^a\.B: x \(y\) \[z\] \{\d+\} \*\+\?\|\^\$\\)");
        row("whole numbers", {"exit code 137", "exit code 1"}, R"(^exit code \d+)");
        row("numbers with points", {"ratio 0.5", "ratio 12"}, R"(^ratio [\d.,]+)");
        row("names", {"user etl1 unknown", "user x_2 unknown"}, R"(^user \w+ unknown)");
        row("names with points and dashes", {"user a-1 unknown", "user b.2 unknown"}, R"(^user [\w.-]+ unknown)");
        row("a common head and tail of a position", {"user=etl1, denied", "user=x2y, denied"}, R"(^user=\w+, denied)");
        row("paths", {"cannot read /a/b.csv now", "cannot read hdfs://nn:8020/c now"},
            R"(^cannot read [\w.$:/-]+ now)");
        row("anything", {"got a1%! there", "got (b2) there"}, R"(^got \S+ there)");
        row("quoted text", {"column 'a b' missing", "column 'c' missing"}, R"(^column '[^']+' missing)");
        row("a UUID", {"id 70293f72-844a-4b39-9ad6-fb0ad7e364e4 gone"}, R"(^id [0-9a-fA-F-]{36} gone)");
        row("a size", {"used 5.2 KB of", "used 1 GiB of"}, R"(^used [\d.,]{1,32} ?\w+ of)");
        row("a timestamp at the beginning is left out", {"2026-01-02 03:04:05 ERROR x failed"}, "ERROR x failed",
            false);
        row("more blanks than one", {"a  b", "a b"}, R"(^a[ \t]+b)");
        row("a tab", {"a\tb"}, R"(^a[ \t]+b)");
        row("a carriage return within the line", {"a\rb", "a \rb"}, R"(^a[ \t\r\f\x0b]+b)");
        row("a quoted text with line ends of other systems", {"h\"\"\"x\f4\"$", "h\"\"\"y\r5\"$"},
            "^h\"\"\"[^\"]+\"\\$");
        row("a line of JSON keeps what tells of the failure",
            {"{\"timestamp\":\"2025-10-01T12:00:01Z\",\"level\":\"error\",\"event\":\"Task failed\",\"logger\":"
             "\"task\",\"error_detail\":[{\"exc_type\":\"ShelfError\",\"exc_value\":\"no shelf 7\"}]}"},
            "^\\{\"timestamp\":\"[^\"]+\",\"level\":\"error\",\"event\":\"Task failed\",\"logger\":\"[^\"]+\","
            "\"error_detail\":\\[\\{\"exc_type\":\"ShelfError\",\"exc_value\":\"no shelf \\d+\"\\}\\]\\}");
        row("several of JSON, with blanks",
            {"{\"at\": \"1:02\", \"thrown\": {\"message\": \"no shelf 7\", \"name\": \"a.LateException\"}}",
             "{\"at\": \"x\", \"thrown\": {\"message\": \"no shelf 12\", \"name\": \"a.LateException\"}}"},
            "\"no shelf \\d+\", \"name\": \"a\\.LateException\"\\}\\}", false);
        row("words with JSON behind them",
            {"gave up on shelf wobble for {\"shelf\": \"s0\"}", "gave up on shelf wobble for {\"shelf\": \"s1\"}"},
            "^gave up on shelf wobble for \\{\"shelf\": \"[^\"]+\"\\}");
        row("a level with JSON behind it", {"ERROR {\"at\":\"1:02\",\"user\":\"etl\"}"}, "", false);
        row("JSON that tells of no failure", {"{\"at\":\"1:02\",\"user\":\"etl\"}"}, "", false);
        row("lengths that differ end it", {"lost one thing", "lost one"}, "^lost one");
        row("nothing in common", {"12", "13"}, "", false);
        row("no line", {}, "", false);
        row("an empty line", {""}, "", false);
        row("beyond ASCII", {QString::fromUtf8("表 12 がない")}, "^表 \\d+ がない");
    }
    void minePattern_lines_giveTheNarrowestExpression()
    {
        QFETCH(QStringList, lines);
        QFETCH(QString, expression);
        QFETCH(bool, anchored);
        const MinedPattern pattern = patternOf(lines);
        QCOMPARE(QString::fromStdString(pattern.expression), expression);
        QCOMPARE(pattern.anchored, anchored);
        if (expression.isEmpty())
            return;
        QVERIFY(text::checkPattern({pattern.expression, false}).has_value());
        QVERIFY(text::backtrackingRisk(text::readPattern(pattern.expression)).empty());
        for (const QString &line : lines)
            QVERIFY2(matches(pattern.expression, line), qPrintable(line));
    }

    void narrowestClass_anyBytes_matchesAllOfThem_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("expression");
        QTest::newRow("with blanks") << "a b"
                                     << ".{1,256}";
        QTest::newRow("with a line end") << "a b\rc"
                                         << R"([^\n]{1,256})";
        QTest::newRow("long") << QString(300, 'a') + " b"
                              << ".{1,512}";
    }
    void narrowestClass_anyBytes_matchesAllOfThem()
    {
        QFETCH(QString, value);
        QFETCH(QString, expression);
        const std::string held = value.toStdString();
        const std::vector<std::string_view> values{held};
        QCOMPARE(QString::fromStdString(narrowestClass(values)), expression);
        QVERIFY(matches("^(?:" + narrowestClass(values) + ")$", value));
    }

    void minePattern_fewValues_canBeListed()
    {
        const QStringList lines{"stored as bytes now", "stored as values now"};
        QCOMPARE(patternOf(lines, Generality::Alternatives).expression, std::string("^stored as (?:bytes|values) now"));
        QCOMPARE(patternOf(lines).expression, std::string(R"(^stored as \w+ now)"));
        QCOMPARE(patternOf({"h\"\"\"x\f4\"$"}, Generality::Alternatives).expression, std::string("^h\"\"\"x\\f4\"\\$"));
        QStringList many;
        for (int i = 0; i < 9; ++i)
            many << QStringLiteral("stored as %1 now").arg(QChar('a' + i));
        QCOMPARE(patternOf(many, Generality::Alternatives).expression, std::string(R"(^stored as \w+ now)"));
    }

    void minePattern_longOrBinaryLine_staysUsable_data()
    {
        QTest::addColumn<QString>("line");
        QTest::newRow("64 KB of words") << QStringLiteral("word ").repeated(13'000);
        QTest::newRow("one word of 64 KB") << QString(65'000, QChar('w'));
        QTest::newRow("control characters") << QStringLiteral("lost \x01\x02 link");
        QTest::newRow("only punctuation and words") << QStringLiteral("((((( a ]]]]] **** b");
        QTest::newRow("masked parts that touch") << QStringLiteral("x 12'a'34\"b\"/c/d@1 y");
    }
    void minePattern_longOrBinaryLine_staysUsable()
    {
        QFETCH(QString, line);
        const MinedPattern pattern = patternOf({line});
        QVERIFY(pattern.expression.size() <= kMaxMinedBytes + 1);
        if (pattern.expression.empty())
            return;
        QVERIFY(text::checkPattern({pattern.expression, false}).has_value());
        QVERIFY(matches(pattern.expression, line));
    }

    void minePattern_brokenUtf8_canBeWrittenToAFile()
    {
        const std::string line = "lost \xff\xfe link";
        const std::vector<std::string_view> lines{line};
        const MinedPattern pattern = minePattern(lines);
        QCOMPARE(pattern.expression, std::string("^lost .. link"));
    }

    void draftCandidates_cluster_goFromGeneralToNarrow()
    {
        const std::vector<std::string> members{
            "java.io.IOException: Stream 1 of /a is closed\n\tat a.B.read(B.java:1)\n\tat a.C$1.run(C.java:2)",
            "java.io.IOException: Stream 22 of /b is closed\n\tat a.B.read(B.java:7)\n\tat a.C$4.run(C.java:9)"};
        const auto candidates = draftCandidates(subjectOf(members, "a.B.read\na.C$.run"));
        QCOMPARE(candidates.size(), std::size_t{3});
        QCOMPARE(int(candidates[0].form), int(DraftForm::Plain));
        QCOMPARE(int(candidates[1].form), int(DraftForm::WholeLine));
        QCOMPARE(int(candidates[2].form), int(DraftForm::WithFrame));
        for (const DraftCandidate &each : candidates) {
            RulePack pack;
            pack.rules = {each.rule};
            const auto back = packFromText(writePack(pack), "draft.yaml");
            QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
            QCOMPARE(back->rules.front().any, each.rule.any);
            QCOMPARE(back->rules.front().all, each.rule.all);
            QCOMPARE(int(each.rule.status), int(RuleStatus::Draft));
            QCOMPARE(each.rule.errorClass, std::string("unclassified"));
            QCOMPARE(each.rule.created, std::string("2026-01-02"));
        }
        QCOMPARE(candidates[0].rule.id, std::string("mined.stream-of-is-closed.012345"));
        QCOMPARE(candidates[0].rule.any.front(),
                 std::string(R"(^java\.io\.IOException: Stream \d+ of [\w.$:/-]+ is closed)"));
        const Rule &framed = candidates[2].rule;
        QCOMPARE(int(framed.where), int(MatchWhere::RootCause));
        for (const std::string &pattern : framed.all)
            for (const std::string &member : members)
                QVERIFY2(matches(pattern, QString::fromStdString(member)), pattern.c_str());
        QVERIFY(!matches(framed.all[1], QStringLiteral("x\n\tat a.Bread.read(B.java:1)")));
    }

    void draftCandidates_nothingInCommon_areNone()
    {
        QVERIFY(draftCandidates(subjectOf({})).empty());
        QVERIFY(draftCandidates(subjectOf({"17", "18"})).empty());
    }

    void draft_withoutAClass_isReadOnlyWhileItIsADraft()
    {
        RulePack pack;
        pack.rules = {draftCandidates(subjectOf({"queue is full"})).front().rule};
        QVERIFY(packFromText(writePack(pack), "draft.yaml").has_value());
        pack.rules.front().status = RuleStatus::Active;
        const auto active = packFromText(writePack(pack), "draft.yaml");
        QVERIFY(!active.has_value());
        QVERIFY2(active.error().text().find("needs an error class") != std::string::npos,
                 active.error().text().c_str());
    }

    void addSamples_texts_onlyThoseThatDoWhatTheyShould()
    {
        Rule rule = draftCandidates(subjectOf({"queue 1 is full", "queue 2 is full"})).front().rule;
        const std::vector<std::string> members{"queue 1 is full",          "queue 1 is full", "queue 2 is full",
                                               std::string("bad \x01", 5), "another thing",   "queue 3 is full",
                                               "queue 4 is full"};
        const std::vector<std::string> near{"queue is full", "queue 9 is full of x", "queue 9 is empty"};
        const auto leftOut = addSamples(rule, members, near);
        QVERIFY(leftOut.has_value());
        QCOMPARE(rule.positive, (std::vector<std::string>{"queue 1 is full", "queue 2 is full", "queue 3 is full"}));
        QCOMPARE(rule.negative, (std::vector<std::string>{"queue is full", "queue 9 is empty"}));
        QCOMPARE(*leftOut, std::uint64_t{2});
    }

    void neighbours_similarity_isTheCosineOfWeightedWords()
    {
        // Words: 0 {disk, full}, 1 {disk, slow}, 2 {queue, full, now}; each of disk and full is in two of three texts.
        const NeighbourIndex index({"disk full", "disk <num> slow", "queue full now"});
        const double two = std::log(4.0 / 3.0) + 1.0;
        const double one = std::log(4.0 / 2.0) + 1.0;
        const double a = std::sqrt(2.0 * two * two);
        const double b = std::sqrt(two * two + one * one);
        const double c = std::sqrt(two * two + 2.0 * one * one);
        const auto near = index.of(0, 5, 0.0);
        QCOMPARE(near.size(), std::size_t{2});
        QCOMPARE(near[0].index, std::uint32_t{1});
        QVERIFY(std::abs(near[0].similarity - two * two / (a * b)) < 1e-12);
        QCOMPARE(near[1].index, std::uint32_t{2});
        QVERIFY(std::abs(near[1].similarity - two * two / (a * c)) < 1e-12);
        QCOMPARE(index.of(0, 1, 0.0).size(), std::size_t{1});
        QVERIFY(index.of(0, 5, 0.99).empty());
    }

    void neighbours_unknownText_isComparedAsWell()
    {
        const NeighbourIndex index({"disk full", "queue <*> blocked", ""});
        const auto near = index.like("Disk FULL", 3);
        QCOMPARE(near.size(), std::size_t{1});
        QCOMPARE(near[0].index, std::uint32_t{0});
        QVERIFY(std::abs(near[0].similarity - 1.0) < 1e-12);
        QVERIFY(index.like("nothing known", 3).empty());
        QVERIFY(index.like("", 3).empty());
        QVERIFY(index.of(2, 3).empty());
    }
};

QTEST_APPLESS_MAIN(TestMiningRule)
#include "tst_mining_rule.moc"

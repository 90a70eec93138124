#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "classify/classifier.hpp"
#include "classify/line_levels.hpp"

#include <QtTest>

#include <memory>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

const std::string kTrace = "java.io.IOException: disk gone\n\tat a.B.c(B.java:1)";

Rule rule(LeastLevel least, std::vector<std::string> any, MatchWhere where = MatchWhere::WholeLog)
{
    Rule made;
    made.id = "r";
    made.errorClass = "group.kind";
    made.where = where;
    made.lastLines = where == MatchWhere::LastLines ? 2 : 0;
    made.leastLevel = least;
    made.any = std::move(any);
    return made;
}

/// The verdict, which must be the same with and without the prefilter.
model::Verdict verdictOf(const Rule &of, const Subject &subject, std::uint64_t stepBudget = 0)
{
    std::vector<model::Verdict> verdicts;
    for (const bool prefilter : {true, false}) {
        RulePack pack;
        pack.rules = {of};
        const auto classifier = Classifier::make(pack, {.prefilter = prefilter, .stepBudget = stepBudget});
        if (!classifier)
            qFatal("%s", classifier.error().text().c_str());
        text::Scratch scratch = (*classifier)->makeScratch();
        verdicts.push_back((*classifier)->classify(subject, scratch));
    }
    if (!(verdicts[0] == verdicts[1]))
        qFatal("the prefilter changes the verdict");
    return verdicts.front();
}

model::Verdict verdictOf(const Rule &of, std::string_view text, std::string_view cause = {})
{
    Subject subject;
    subject.text = text;
    subject.rootCause = cause;
    return verdictOf(of, subject);
}

/// Line of the rule's match; -1: it does not match.
int lineOf(const model::Verdict &verdict)
{
    return verdict.matches.empty() ? -1 : verdict.matches.front().line;
}

std::string repeated(const std::string &text, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

} // namespace

Q_DECLARE_METATYPE(mulligan::classify::LeastLevel)

/// Rules that pass over lines whose logger marks them as harmless.
class TestLineLevels : public QObject
{
    Q_OBJECT

private slots:
    void classify_levelBeforeThePartThatIsLookedAt_decides_data()
    {
        QTest::addColumn<QString>("level");
        QTest::addColumn<LeastLevel>("least");
        QTest::addColumn<bool>("counts");
        QTest::newRow("any: INFO") << "INFO" << LeastLevel::Any << true;
        QTest::newRow("warn: INFO") << "INFO" << LeastLevel::Warn << false;
        QTest::newRow("warn: DEBUG") << "DEBUG" << LeastLevel::Warn << false;
        QTest::newRow("warn: [info]") << "[info]" << LeastLevel::Warn << false;
        QTest::newRow("warn: WARN") << "WARN" << LeastLevel::Warn << true;
        QTest::newRow("warn: ERROR") << "ERROR" << LeastLevel::Warn << true;
        QTest::newRow("warn: no level") << "main" << LeastLevel::Warn << true;
        QTest::newRow("error: INFO") << "INFO" << LeastLevel::Error << false;
        QTest::newRow("error: WARN") << "WARN" << LeastLevel::Error << false;
        QTest::newRow("error: ERROR") << "ERROR" << LeastLevel::Error << true;
        QTest::newRow("error: no level") << "main" << LeastLevel::Error << true;
        QTest::newRow("error: a wrapped line that states both") << "INFO - 10:00 ERROR" << LeastLevel::Error << true;
    }
    void classify_levelBeforeThePartThatIsLookedAt_decides()
    {
        QFETCH(QString, level);
        QFETCH(LeastLevel, least);
        QFETCH(bool, counts);
        const std::string text = "24/05/01 10:00:00 " + level.toStdString() + " Executor: " + kTrace;
        for (const auto where :
             {MatchWhere::Message, MatchWhere::RootCause, MatchWhere::WholeLog, MatchWhere::LastLines})
            QCOMPARE(lineOf(verdictOf(rule(least, {"disk gone"}, where), text)), counts ? 1 : -1);
        Rule all = rule(least, {}, MatchWhere::Message);
        all.all = {"IOException", "disk gone"};
        QCOMPARE(lineOf(verdictOf(all, text)), counts ? 1 : -1);
    }

    void classify_lossOfATaskThatTheJobWasAbortedFor_isAnError()
    {
        const std::string lost =
            "24/05/01 10:00:00 WARN TaskSetManager: Lost task 3.0 in stage 4.0 (TID 7) (w3 executor "
            "2): ";
        const std::string aborted = "\n24/05/01 10:00:09 ERROR TaskSetManager: Task 3 in stage 4.0 failed 4 times; "
                                    "aborting job\n";
        const std::string other = "\n24/05/01 10:00:09 ERROR TaskSetManager: Task 3 in stage 5.0 failed 4 times; "
                                  "aborting job\n";
        for (const auto where : {MatchWhere::Message, MatchWhere::RootCause, MatchWhere::WholeLog}) {
            const Rule made = rule(LeastLevel::Error, {"disk gone"}, where);
            Subject subject;
            const std::string text = lost + kTrace + aborted;
            subject.text = text;
            for (const std::string &cause : {std::string(), kTrace}) {
                subject.rootCause = cause;
                QCOMPARE(lineOf(verdictOf(made, subject)), 1);
            }
            QCOMPARE(lineOf(verdictOf(made, lost + kTrace + other)), -1);
            QCOMPARE(lineOf(verdictOf(made, lost + kTrace)), -1);
        }
    }

    void classify_frameOfAMarkedLine_hasNoLevel()
    {
        const Rule frames = rule(LeastLevel::Error, {"at a\\.B"}, MatchWhere::RootCause);
        QCOMPARE(lineOf(verdictOf(frames, "24/05/01 10:00:00 WARN Executor: " + kTrace)), 2);
    }

    void classify_trueLineBehindAHarmlessOne_isFoundAndCapturesComeFromIt()
    {
        Rule made = rule(LeastLevel::Error, {"lost disk (?<disk>\\w+)", "of node (?<node>\\w+)"});
        made.all = {"lost"};
        made.captures = {{"disk", "word"}, {"node", "word"}};
        const std::string text = "10:00 WARN A: lost disk sda of node n1, lost disk sda\n"
                                 "10:01 INFO A: lost disk sdb of node n2\n"
                                 "10:02 ERROR A: lost disk sdc of node n3\n"
                                 "10:03 ERROR A: lost disk sdd of node n4\n";
        const model::Verdict verdict = verdictOf(made, text);
        QCOMPARE(lineOf(verdict), 3);
        QCOMPARE(verdict.captures.at("disk").text, std::string("sdc"));
        QCOMPARE(verdict.captures.at("node").text, std::string("n3"));
        QCOMPARE(lineOf(verdictOf(made, std::string_view(text).substr(0, text.find("10:02")))), -1);
    }

    void classify_everyPatternOfAll_mustMatchInALineThatCounts()
    {
        Rule made = rule(LeastLevel::Error, {});
        made.all = {"first", "second"};
        QCOMPARE(lineOf(verdictOf(made, "ERROR: first\nINFO: second\n")), -1);
        QCOMPARE(lineOf(verdictOf(made, "ERROR: first\nINFO: second\nthen the second\n")), 1);
    }

    void classify_patternOfNone_seesHarmlessLines()
    {
        Rule made = rule(LeastLevel::Error, {"disk gone"});
        made.none = {"recovered"};
        QCOMPARE(lineOf(verdictOf(made, "10:00 ERROR A: disk gone\n10:01 INFO A: recovered\n")), -1);
        QCOMPARE(lineOf(verdictOf(made, "10:00 ERROR A: disk gone\n10:01 INFO A: gave up\n")), 1);
    }

    void classify_matchThatBeginsWithALineEnd_isOfTheLineBehind()
    {
        const Rule made = rule(LeastLevel::Error, {"(?:\\A|\\n)Killed"});
        QCOMPARE(lineOf(verdictOf(made, "10:00 INFO A: done\nKilled\n")), 1);
        QCOMPARE(lineOf(verdictOf(made, "10:00 INFO A: done\r\nKilled\n")), 1);
        QCOMPARE(lineOf(verdictOf(rule(LeastLevel::Error, {"\\n[^\\n]*Killed"}), "a\n10:00 INFO A: Killed\n")), -1);
        QCOMPARE(lineOf(verdictOf(rule(LeastLevel::Error, {"\\n[^\\n]*Killed"}), "a\nWARN: Killed\nKilled\n")), 2);
    }

    void classify_matchOverSeveralLines_isJudgedByTheOneItBeginsIn()
    {
        const Rule made = rule(LeastLevel::Warn, {"begin\\n[^\\n]*end"});
        QCOMPARE(lineOf(verdictOf(made, "INFO A: begin\nERROR A: end\n")), -1);
        QCOMPARE(lineOf(verdictOf(made, "ERROR A: begin\nINFO A: end\n")), 1);
    }

    void classify_blocks_areJudgedByTheLineOfTheMatch()
    {
        Rule made = rule(LeastLevel::Error, {"lost (?<disk>\\w+)"});
        made.captures = {{"disk", "word"}};
        made.block = Block{"^\\d\\d:\\d\\d ", Block::End::NextRecord, "", 10};
        const std::string text = "10:00 WARN A: lost sda\n\tlost nothing\n10:01 INFO A: lost sdb, lost sdc\n";
        const model::Verdict indented = verdictOf(made, text);
        QCOMPARE(indented.captures.at("disk").text, std::string("nothing"));
        QCOMPARE(lineOf(indented), 2);
        made.any = {"A: lost (?<disk>\\w+)"};
        QCOMPARE(lineOf(verdictOf(made, text)), -1);
        const model::Verdict third = verdictOf(made, text + "10:02 ERROR A: lost sdd\n");
        QCOMPARE(lineOf(third), 4);
        QCOMPARE(third.captures.at("disk").text, std::string("sdd"));
    }

    void classify_causeThatTheTextDoesNotHold_isJudgedByItsOwnLine()
    {
        const Rule made = rule(LeastLevel::Error, {"disk gone"}, MatchWhere::RootCause);
        QCOMPARE(lineOf(verdictOf(made, "10:00 WARN A: other", kTrace)), 0);
        QCOMPARE(lineOf(verdictOf(made, "10:00 ERROR A: other", "10:00 WARN A: " + kTrace)), -1);
    }

    void classify_causeThatStandsSeveralTimes_countsWhereOneOfThemDoes()
    {
        const Rule made = rule(LeastLevel::Error, {"disk gone"}, MatchWhere::Message);
        const std::string cause = "java.io.IOException: disk gone";
        QCOMPARE(lineOf(verdictOf(made, "a\n1 ERROR A: " + cause + "\n2 WARN A: " + cause + "\n", cause)), 2);
        QCOMPARE(lineOf(verdictOf(made, "a\n1 WARN A: " + cause + "\n2 ERROR A: " + cause + "\n", cause)), 3);
        QCOMPARE(lineOf(verdictOf(made, "a\n1 WARN A: " + cause + "\n2 INFO A: " + cause + "\n", cause)), -1);
    }

    void classify_manyHarmlessLines_theTrueOneIsFoundHoweverItIsLookedFor_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::newRow("within a line") << "lost \\w+ gone";
        QTest::newRow("within few bytes") << "lost [\\s\\S]{2,9}gone";
        QTest::newRow("over any distance") << "lost [\\s\\S]*?gone";
        QTest::newRow("with a look around") << "(?<=: )lost \\w+ gone";
        QTest::newRow("with a lazy begin") << "\\w{0,9}?lost \\w+ gone";
        QTest::newRow("without a text to look for") << "l\\w+ \\w+ g\\w+e";
    }
    void classify_manyHarmlessLines_theTrueOneIsFoundHoweverItIsLookedFor()
    {
        QFETCH(QString, pattern);
        for (const int lines : {3, 2000}) { // of the latter not every end of a required text is kept
            const std::string harmless = repeated("10:00 INFO A: lost sda gone\n", lines);
            const Rule made = rule(LeastLevel::Warn, {pattern.toStdString()});
            QCOMPARE(lineOf(verdictOf(made, harmless)), -1);
            QCOMPARE(lineOf(verdictOf(made, harmless + "10:01 ERROR A: lost sdb gone\n")), lines + 1);
        }
    }

    void classify_patternOfTheTextsBegin_isNotLookedForBehind()
    {
        const Rule made = rule(LeastLevel::Warn, {"\\A[^\\n]*lost"});
        QCOMPARE(lineOf(verdictOf(made, "INFO A: lost\nERROR A: lost\n")), -1);
        QCOMPARE(lineOf(verdictOf(made, "ERROR A: lost\n")), 1);
    }

    void classify_stepsOfAllSearches_comeOffOneBudget()
    {
        const std::string text =
            repeated("10:00 INFO A: lost " + std::string(40, 'x') + " gone\n", 200) + "10:01 ERROR A: lost x gone\n";
        Subject subject;
        subject.text = text;
        const Rule made = rule(LeastLevel::Warn, {"lost x+ gone"});
        const model::Verdict out = verdictOf(made, subject, 2'000);
        QCOMPARE(out.undetermined, std::vector<std::string>{"r"});
        QCOMPARE(lineOf(out), -1);
        QCOMPARE(lineOf(verdictOf(made, subject, 200'000)), 201);
        Rule first = made;
        first.leastLevel = LeastLevel::Any; // one line is within the small budget
        QCOMPARE(lineOf(verdictOf(first, subject, 2'000)), 1);
    }

    void classify_budgetOfABlockRule_isSharedByItsBlocks()
    {
        const std::string text = repeated("10:00 INFO A: lost " + std::string(40, 'x') + " gone\n", 200);
        Rule made = rule(LeastLevel::Warn, {"lost x+ gone"});
        made.block = Block{"10:", Block::End::NextRecord, "", 10};
        Subject subject;
        subject.text = text;
        QCOMPARE(verdictOf(made, subject, 5'000).undetermined, std::vector<std::string>{"r"});
        QVERIFY(verdictOf(made, subject, 500'000).undetermined.empty());
    }

    void precedes_leastLevel_isAsSpecificAsAPattern()
    {
        Rule plain = rule(LeastLevel::Any, {"a"});
        plain.id = "a";
        Rule leveled = rule(LeastLevel::Warn, {"a"});
        leveled.id = "b";
        QVERIFY(precedes(leveled, plain));
        plain.none = {"\\bINFO\\b"};
        QVERIFY(tied(leveled, plain));
    }

    void withItsLine_partWithinALine_beginsWithTheLine()
    {
        const std::string text = "a\n10:00 WARN A: " + kTrace + "\nb";
        QCOMPARE(std::string(withItsLine(kTrace, text)), "10:00 WARN A: " + kTrace);
        QCOMPARE(std::string(withItsLine("absent", text)), std::string("absent"));
        QCOMPARE(std::string(withItsLine("", text)), std::string());
    }
};

QTEST_APPLESS_MAIN(TestLineLevels)
#include "tst_line_levels.moc"

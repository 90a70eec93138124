#include "text/backtracking_risk.hpp"
#include "text/pattern_syntax.hpp"
#include "text/required_literals.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::text;

/// What a pattern's matches cannot do without, and what is told from its syntax alone.
class TestRequiredLiterals : public QObject
{
    Q_OBJECT

private slots:
    void requiredLiterals_pattern_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QStringList>("literals");
        QTest::addColumn<qint64>("before");
        QTest::newRow("a plain text is itself") << "abcd" << QStringList{"abcd"} << qint64{4};
        QTest::newRow("the longest part decides") << "ab\\d+cdef" << QStringList{"cdef"} << qint64{-1};
        QTest::newRow("what stands before is bounded") << "ab\\d{1,3}cdef" << QStringList{"cdef"} << qint64{9};
        QTest::newRow("branches are alternatives") << "(?:abc|defg)h" << QStringList{"abch", "defgh"} << qint64{5};
        QTest::newRow("small classes are spelled out") << "[Ee]xit" << QStringList{"Exit", "exit"} << qint64{4};
        QTest::newRow("an optional part is there or not")
            << "ab(?:cd)?ef" << QStringList{"abcdef", "abef"} << qint64{6};
        QTest::newRow("a branch without text leaves none") << "(?:abcd|\\d+)" << QStringList{} << qint64{-1};
        QTest::newRow("two bytes are too few") << "\\d+: \\d" << QStringList{} << qint64{-1};
        QTest::newRow("what is looked at but not taken is not required")
            << "abc(?=defgh)" << QStringList{"abc"} << qint64{3};
        QTest::newRow("texts that begin alike are looked for by their begin")
            << "Could not open (?:file|door)" << QStringList{"Could not open "} << qint64{19};
        QTest::newRow("texts that end alike are looked for by their end")
            << "[Cc]ould not open" << QStringList{"ould not open"} << qint64{14};
        QTest::newRow("some of several texts are taken together, others stand for themselves")
            << "[Cc]ould not open|[Cc]annot close" << QStringList{"annot close", "ould not open"} << qint64{14};
        QTest::newRow("a short end does not stand for long texts")
            << "(?:first of all things|then another) failed"
            << QStringList{"first of all things failed", "then another failed"} << qint64{26};
        QTest::newRow("what logs are full of does not stand for texts that begin with it")
            << "java\\.io\\.IOException: (?:abcd|efgh)"
            << QStringList{"java.io.IOException: abcd", "java.io.IOException: efgh"} << qint64{25};
        QTest::newRow("a repeat requires one round") << "\\d+(?:abcd)+" << QStringList{"abcd"} << qint64{-1};
    }
    void requiredLiterals_pattern()
    {
        QFETCH(QString, expression);
        QFETCH(QStringList, literals);
        QFETCH(qint64, before);
        const RequiredLiterals found = requiredLiterals(readPattern(expression.toStdString()));
        QStringList texts;
        const LiteralChoice best = found.choices.empty() ? LiteralChoice() : found.choices.front();
        for (const std::string &literal : best.literals)
            texts << QString::fromStdString(literal);
        QCOMPARE(texts, literals);
        QCOMPARE(best.before.bytes, before < 0 ? kNoBound : static_cast<size_t>(before));
    }

    /// Joined to every text before them they would be too many; their own begin is all that is kept.
    void requiredLiterals_manyBranchesBehindOthers_keepTheCommonEndOfThose()
    {
        const RequiredLiterals found = requiredLiterals(
            readPattern("(?:Error|Exception|Warning) \\((?:ABQX1|BCRY2|CDSZ3|DETA4|EFUB5|FGVC6|GHWD7|HIXE8|IJYF9)\\)"));
        const std::vector<std::string> codes = {" (ABQX1)", " (BCRY2)", " (CDSZ3)", " (DETA4)", " (EFUB5)",
                                                " (FGVC6)", " (GHWD7)", " (HIXE8)", " (IJYF9)"};
        const auto with = std::find_if(found.choices.begin(), found.choices.end(),
                                       [&](const LiteralChoice &choice) { return choice.literals == codes; });
        QVERIFY(with != found.choices.end());
        QCOMPARE(with->before.bytes, size_t{17}); // "Exception (ABQX1)"
    }

    void hitsOf_textsThatFewExamplesHold_areFewest()
    {
        GramCounts examples;
        for (int i = 0; i < 1000; ++i)
            examples.add("step " + std::to_string(i) + ": disk quota exceeded");
        examples.add("CODE-A: disk quota exceeded");
        const RequiredLiterals found = requiredLiterals(readPattern("CODE-A[:,]+ disk quota exceeded"));
        const auto hits = [&](const char *literal, const GramCounts *counts) {
            for (const LiteralChoice &choice : found.choices)
                if (choice.literals == std::vector<std::string>{literal})
                    return hitsOf(choice, counts);
            return -1.0;
        };
        QVERIFY(hits(" disk quota exceeded", nullptr) < hits("CODE-A", nullptr)); // the longer one
        QVERIFY(hits(" disk quota exceeded", &examples) > 800.0);
        QVERIFY(hits("CODE-A", &examples) >= 0.0);
        QVERIFY(hits("CODE-A", &examples) < 50.0);
        QCOMPARE(hitsOf(LiteralChoice(), &examples), 1000.0);
    }

    void hitsOf_whatLogsAreFullOf_isExpectedEverywhere()
    {
        const auto hitsOfText = [](const char *text) {
            return hitsOf(requiredLiterals(readPattern(text)).choices.front(), nullptr);
        };
        QVERIFY(hitsOfText("Finished task ") > 200.0);
        QVERIFY(hitsOfText("137") > 200.0); // a number like any other
        QVERIFY(hitsOfText("ORA-00942") < 200.0);
    }

    void gramCounts_textInExamples_isNotCountedTooSeldom()
    {
        GramCounts counts;
        counts.add("connection refused by connection pool");
        counts.add("refused");
        QCOMPARE(counts.examples(), size_t{2});
        QCOMPARE(counts.atMost("connection"), size_t{2});
        QCOMPARE(counts.atMost("refused"), size_t{2});
        QCOMPARE(counts.atMost("refused by"), size_t{1});
        QCOMPARE(counts.atMost("pool"), size_t{1});
        QCOMPARE(counts.atMost("zzz"), size_t{0});
        QCOMPARE(counts.atMost("by"), size_t{2}); // too short to tell
    }

    void requiredLiterals_newlines_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<qint64>("width");
        QTest::addColumn<qint64>("before");
        QTest::newRow("words and classes without newline stay on a line") << "a[\\w.]+ [^\\n]*bcd" << 0LL << 0LL;
        QTest::newRow("a class that leaves out white space too") << "abc[^\\s,]+" << 0LL << 0LL;
        QTest::newRow("a negated class takes any number") << "abc[^,]+" << -1LL << 0LL;
        QTest::newRow("white space takes any number") << "a\\s+bcd" << -1LL << -1LL;
        QTest::newRow("one white space takes one") << "a\\sbcd" << 1LL << 1LL;
        QTest::newRow("what is looked at is not taken") << "abc(?=\\n)" << 0LL << 0LL;
        QTest::newRow("newlines before and behind the text") << "\\n[^\\n]*\\nabcd\\n" << 3LL << 3LL;
        QTest::newRow("behind a text that is looked for") << "\\nabcd[ :]\\d+\\n\\d" << 2LL << 1LL;
        QTest::newRow("a range over the newline, three times at most") << "[\\t-\\r]{1,3}abc" << 3LL << 3LL;
        QTest::newRow("the branch that takes most") << "(?:\\n|\\d)abcdef(?:\\n\\n\\d+|e)" << 3LL << 1LL;
    }
    void requiredLiterals_newlines()
    {
        QFETCH(QString, expression);
        QFETCH(qint64, width);
        QFETCH(qint64, before);
        const auto bound = [](qint64 most) { return most < 0 ? kNoBound : static_cast<size_t>(most); };
        const RequiredLiterals found = requiredLiterals(readPattern(expression.toStdString()));
        QVERIFY(!found.choices.empty());
        QCOMPARE(found.width.newlines, bound(width));
        QCOMPARE(found.choices.front().before.newlines, bound(before));
    }

    void backtrackingRisk_pattern_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<bool>("risky");
        QTest::newRow("a repeat in a repeat") << "x(?:a+)+b" << true;
        QTest::newRow("a repeat in a repeat, fenced by a newline") << "x(?:\\t[^\\n]*\\n)*b" << false;
        QTest::newRow("two repeats side by side") << "x\\w*\\w*y" << true;
        QTest::newRow("two repeats over different bytes") << "x\\d+\\s+y" << false;
        QTest::newRow("a leading repeat over anything") << "[^\\n]*abc" << true;
        QTest::newRow("alternatives of which one is two of the other") << "x(?:a|aa)+!" << true;
        QTest::newRow("alternatives that take the same byte") << "x(?:\\w|a)*!" << true;
        QTest::newRow("alternatives that begin alike and end apart") << "x(?:ab|ac)+!" << false;
        QTest::newRow("alternatives of which none goes on as another begins") << "x(?:a|ab)+!" << false;
        QTest::newRow("a quoted text") << "\"(?:[^\"\\\\]|\\\\.)*\"" << false;
        QTest::newRow("a repeat of many rounds in another") << "x(\\d{1,1000}){1,1000}(?=!!)" << true;
        QTest::newRow("a repeat of few rounds in one of many") << "x(\\d{1,3}){1,1000}!" << false;
        QTest::newRow("a repeat of a fixed number of rounds in one of many") << "x(\\d{40}){1,1000}!" << false;
        QTest::newRow("many rounds in a few") << "x(\\d{1,1000}){1,3}!" << false;
        QTest::newRow("plain text") << "abc" << false;
    }
    void backtrackingRisk_pattern()
    {
        QFETCH(QString, expression);
        QFETCH(bool, risky);
        QCOMPARE(!backtrackingRisk(readPattern(expression.toStdString())).empty(), risky);
    }
};

QTEST_APPLESS_MAIN(TestRequiredLiterals)
#include "tst_required_literals.moc"

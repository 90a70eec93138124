#include "text/automaton.hpp"

#include "base/rng.hpp"
#include "core/text/random_patterns.hpp"
#include "text/pattern_set.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::text;

namespace
{

Automaton automatonOf(const std::string &expression, bool caseless = false, bool multiline = false)
{
    return Automaton(readPattern(expression, multiline), caseless);
}

bool mayMatch(const std::string &expression, const std::string &text, bool caseless = false)
{
    Automaton automaton = automatonOf(expression, caseless);
    return automaton.mayMatch(text, 0, text.size());
}

} // namespace

class TestAutomaton : public QObject
{
    Q_OBJECT

private slots:
    void mayMatch_text_isLetThroughWhereItHoldsAMatch_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char *name, const char *expression, const char *text, bool expected) {
            QTest::newRow(name) << QString(expression) << QString(text) << expected;
        };
        row("letters", "abc", "xxabcx", true);
        row("letters that do not follow each other", "abc", "ab abx c", false);
        row("a match that begins within a failed one", "aab", "aaab", true);
        row("one branch", "a(?:b|cd)e", "acde", true);
        row("neither branch", "a(?:b|cd)e", "ace abde", false);
        row("an endless repeat", "a[0-9]+b", "a12345b", true);
        row("an endless repeat without a round", "a[0-9]+b", "ab", false);
        row("too few rounds", "a[0-9]{3}b", "a12b", false);
        row("too many rounds", "a[0-9]{1,3}b", "a1234b", false);
        row("more rounds than are counted", "a[0-9]{1,300}b", "a1234b", true);
        row("fewer than a long repeat asks for, beyond what is counted", "a[0-9]{30}b", "a1234567890b", false);
        row("as many as a long repeat asks for", "a[0-9]{30}b", "a012345678901234567890123456789b", true);
        row("between the two ends of a long repeat", "a[0-9]{25,30}b", "a012345678901234567890123456b", true);
        row("a UUID", "^id [0-9a-f-]{36} gone", "id 70293f72-844a-4b39-9ad6-fb0ad7e364e4 gone", true);
        row("the text's begin", "^ab", "abc", true);
        row("elsewhere than at the text's begin", "^ab", "cab", false);
        row("a begin in one branch", "(?:^|\\n)ab", "c\nab", true);
        row("neither of the branches", "(?:^|\\n)ab", "c ab", false);
        row("an assertion that may hold", "ab\\b", "abc", true); // the engine decides
        row("a look-ahead that may hold", "ab(?!c)", "abc", true);
        row("what is not understood", "\\Qab\\E", "zz", true);
        row("a case of its own", "ab", "AB", false);
        row("either case by a flag", "(?i)ab", "AB", true);
        row("no text", "a", "", false);
    }
    void mayMatch_text_isLetThroughWhereItHoldsAMatch()
    {
        QFETCH(QString, expression);
        QFETCH(QString, text);
        QFETCH(bool, expected);
        QCOMPARE(mayMatch(expression.toStdString(), text.toStdString()), expected);
    }

    void mayMatch_caselessPattern_takesEitherCase()
    {
        QVERIFY(mayMatch("a[b-c]d", "ACD", true));
        QVERIFY(!mayMatch("a[b-c]d", "AED", true));
    }

    void mayMatch_window_countsOnlyWhatLiesInIt()
    {
        Automaton automaton = automatonOf("abc");
        const std::string text = "abc--abc";
        QVERIFY(automaton.mayMatch(text, 0, 3));
        QVERIFY(!automaton.mayMatch(text, 1, 7));
        QVERIFY(automaton.mayMatch(text, 1, 8));
    }

    void mayMatch_windowBehindTheBegin_isNotTakenForTheTextsBegin()
    {
        Automaton automaton = automatonOf("^abc");
        QVERIFY(!automaton.mayMatch("--abc", 2, 5));
        QVERIFY(automaton.mayMatch("abc", 0, 3));
    }

    void mayMatch_patternOfVeryManyStates_letsThroughAndStaysSmall()
    {
        // Which of the last twenty bytes were 'a' makes a million states.
        Automaton automaton = automatonOf("a[ab]{20}c");
        base::Rng rng(3, "automaton");
        std::string text(200'000, 'b');
        for (char &byte : text)
            byte = rng.chance(0.5) ? 'a' : 'b';
        for (int i = 0; i < 20; ++i)
            QVERIFY(automaton.mayMatch(text, 0, text.size()) || i == 0);
        QVERIFY2(automaton.bytes() < 2'000'000, std::to_string(automaton.bytes()).c_str());
    }

    void automaton_patternTooLarge_letsThrough() { QVERIFY(mayMatch("(?:(?:(?:abc){24}){24}){24}", "zz")); }

    void mayMatch_longText_skipsNoMatchAndFindsNoneThatIsNotThere_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("holds");
        QTest::addColumn<QString>("lacks");
        QTest::newRow("a class over and over") << "[0-9]{6}"
                                               << "123456"
                                               << "12345x12345 1 23456";
        QTest::newRow("letters of either case") << "(?i)quux"
                                                << "qUUx"
                                                << "quu xquu";
        QTest::newRow("branches of unequal length") << "(?:zq|qzzq)9"
                                                    << "qzzq9"
                                                    << "qzz9 z9";
        QTest::newRow("what may be left out") << "q?z9{2}"
                                              << "z99"
                                              << "qz9 q99";
        QTest::newRow("more than is looked ahead") << "qz[0-9a-f]{8}-q"
                                                   << "qz0123abcd-q"
                                                   << "qz0123abcd- qz0123abc-q";
        QTest::newRow("any byte between") << "q.z.9"
                                          << "q-z-9"
                                          << "q-z9 qz-9";
        QTest::newRow("an endless repeat first") << "9*qz"
                                                 << "99qz"
                                                 << "99q z";
    }
    void mayMatch_longText_skipsNoMatchAndFindsNoneThatIsNotThere()
    {
        QFETCH(QString, expression);
        QFETCH(QString, holds);
        QFETCH(QString, lacks);
        Automaton automaton = automatonOf(expression.toStdString());
        const std::string filler = "\tat com.example.Operator (Operator.scala) " + lacks.toStdString() + " ";
        std::string text;
        while (text.size() < 1000)
            text += filler;
        QVERIFY(!automaton.mayMatch(text, 0, text.size()));
        for (std::size_t at = 0; at <= text.size(); ++at) {
            std::string with = text;
            with.insert(at, ' ' + holds.toStdString() + ' ');
            QVERIFY2(automaton.mayMatch(with, 0, with.size()), std::to_string(at).c_str());
        }
        // At the very ends of what is searched.
        const std::string match = holds.toStdString();
        QVERIFY(automaton.mayMatch(text + match, 0, text.size() + match.size()));
        QVERIFY(!automaton.mayMatch(text + ' ' + match, 0, text.size() + match.size()));
        QVERIFY(automaton.mayMatch(match + text, 0, text.size()));
    }

    void mayMatch_randomPatterns_neverRejectsAMatchAndMostlyRejectsTheRest()
    {
        base::Rng rng(11, "automaton random");
        PatternMaker maker(rng, {});
        int matches = 0;
        int misses = 0;
        int rejected = 0;
        for (int round = 0; round < 6000; ++round) {
            const RandomPattern random = maker.make();
            const bool caseless = rng.chance(0.2);
            const bool multiline = rng.chance(0.2);
            const auto set = PatternSet::make(std::vector<Pattern>{{random.pattern, caseless, multiline}});
            if (!set)
                continue;
            Automaton automaton = automatonOf(random.pattern, caseless, multiline);
            for (int i = 0; i < 8; ++i) {
                std::string text = maker.noise() + (rng.chance(0.3) ? random.example : "") + maker.noise();
                while (i % 2 == 1 && text.size() < 600) // so long that what cannot begin a match is skipped
                    text = rng.chance(0.5) ? maker.noise() + text : text + maker.noise();
                Match match;
                const bool may = automaton.mayMatch(text, 0, text.size());
                const Outcome outcome = (*set)->search(0, text, 0, match);
                matches += outcome == Outcome::Match ? 1 : 0;
                misses += outcome == Outcome::NoMatch ? 1 : 0;
                rejected += may ? 0 : 1;
                if (outcome == Outcome::Match && !may)
                    QFAIL(("the automaton of " + random.pattern + " rejects: " + text).c_str());
            }
        }
        QVERIFY2(matches > 8'000, std::to_string(matches).c_str());
        QVERIFY2(rejected > misses / 2, (std::to_string(rejected) + " of " + std::to_string(misses)).c_str());
    }
};

QTEST_GUILESS_MAIN(TestAutomaton)
#include "tst_automaton.moc"

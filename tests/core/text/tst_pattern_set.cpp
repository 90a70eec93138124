#include "text/pattern_set.hpp"

#include "base/rng.hpp"

#include <QtTest>

#include <algorithm>
#include <chrono>
#include <malloc.h>
#include <set>

using namespace mulligan;
using namespace mulligan::text;

Q_DECLARE_METATYPE(mulligan::text::Outcome)

namespace
{

std::shared_ptr<const PatternSet> setOf(const std::vector<std::string> &expressions, PatternSetOptions options = {})
{
    std::vector<Pattern> patterns;
    for (const std::string &expression : expressions)
        patterns.push_back({expression, false});
    auto set = PatternSet::make(std::move(patterns), options);
    return set ? std::move(set).value() : nullptr;
}

/// The leftmost match of every pattern, with candidates found first.
std::vector<std::pair<Outcome, Match>> matchAll(const PatternSet &set, const std::string &text)
{
    Scratch scratch;
    set.prepare(scratch);
    (void)set.candidates(text, scratch);
    std::vector<std::pair<Outcome, Match>> all(set.size());
    for (std::uint32_t id = 0; id < set.size(); ++id)
        if (set.isCandidate(id, scratch))
            all[id].first = set.confirm(id, text, scratch, all[id].second);
    return all;
}

/// Patterns that lean on every part of the engine: lines, classes, bounds, context, flags, texts that are not UTF-8.
const std::vector<std::string> &tricky()
{
    static const std::vector<std::string> patterns = {"abc",
                                                      "a\\.b+c",
                                                      "\\babc\\b",
                                                      "[aA]bc(?:d|e)?f",
                                                      "abc[^\\n]*cab",
                                                      "abc\\n(?:\\t[^\\n]*\\n)+\\tcab",
                                                      "abc\\s+cab",
                                                      "abc.*cab",
                                                      "(?:^|\\n)abc",
                                                      "abc(?:\\n|$)",
                                                      "^abc",
                                                      "cab$",
                                                      "abc(?!c)",
                                                      "(?<=c)abc",
                                                      "(abc)\\1",
                                                      "(?i)ABC: cab",
                                                      "abc{2,3}a",
                                                      "(?:abc|cab){2}",
                                                      "abc\\Wcab",
                                                      "abc\\d{1,3}b",
                                                      "\\xffabc",
                                                      "ab\\xc3\\xa9c",
                                                      "[^abc\\n]{2}abc",
                                                      "(?<n>\\w+): abc",
                                                      "abc\n?c{1,2}a",
                                                      "(?:^|[\\s.])abc(?:[:\\s]|$)",
                                                      "(?:^|\n|: )abc\\b",
                                                      "abc[^c]{0,5}cab\\b",
                                                      "^abc[^\n]{0,4}b",
                                                      "[^:]{0,6}abc",
                                                      "\\sabc[ \\w]{0,3}\\s",
                                                      "abc\\.[\\w.]+: cab",
                                                      "(?:abc|cabb|bcaa)x?y?",
                                                      "\\bcab\\B",
                                                      "abc[ \\t]+at [^\\n]*\\n[ \\t]+at c",
                                                      "a[bc]{3}a",
                                                      "(?m)^abc$",
                                                      "(?m)abc\\r?$",
                                                      "(?s)abc.{0,9}cab",
                                                      "(?m)^\\s?cab[^\n]*$",
                                                      "\\S{0,2}?abc",
                                                      "(?:\\s??|b)cab(?<!bcab)",
                                                      "abc(?:[^\\n]*\\n?[^\\n]*cab: (?<v>\\d+))?"};
    return patterns;
}

std::string randomText(base::Rng &rng)
{
    static const std::vector<std::string> words = {
        "abc", "cab",   "bca", "abcc", "\n",  "\n\t", "\t at ",   " ",           ": ",
        ".",   "\r\n",  "9",   "12",   "ABC", "\xff", "\xc3\xa9", "\xe2\x82",    "abcd",
        "ef",  "\x00z", "ab",  "c",    "$",   "\f",   "aabbcca",  "abc.cab: cab"};
    std::string text;
    for (std::uint64_t i = 0, count = rng.below(60); i < count; ++i)
        text += words[rng.below(words.size())];
    return text;
}

} // namespace

class TestPatternSet : public QObject
{
    Q_OBJECT

private slots:
    void candidates_withAndWithoutPrefilter_giveTheSameMatches()
    {
        const auto fast = setOf(tricky());
        PatternSetOptions slowOptions;
        slowOptions.prefilter = false;
        const auto slow = setOf(tricky(), slowOptions);
        QVERIFY(fast && slow);
        base::Rng rng(7, "pattern_set");
        int matches = 0;
        for (int round = 0; round < 6000; ++round) {
            const std::string text = randomText(rng);
            const auto left = matchAll(*fast, text);
            const auto right = matchAll(*slow, text);
            for (std::uint32_t id = 0; id < fast->size(); ++id) {
                matches += left[id].first == Outcome::Match ? 1 : 0;
                if (left[id] != right[id])
                    QFAIL(("pattern " + tricky()[id] + " differs on: " + text).c_str());
            }
        }
        QVERIFY2(matches > 20'000, "the texts must make the patterns match often");
    }

    void prefiltered_patternWithRequiredText_isLookedForByTheScan()
    {
        const auto set = setOf({"Unable to acquire (?<size>\\d+) bytes", "\\d+ \\w+", "x\\Qab\\E"});
        QVERIFY(set->prefiltered(0));
        QVERIFY(!set->prefiltered(1)); // nothing in it must stand in the text
        QVERIFY(!set->prefiltered(2)); // its syntax means different things to the two engines
        Scratch scratch;
        set->prepare(scratch);
        const auto ids = set->candidates("nothing of interest", scratch);
        QCOMPARE(std::vector<std::uint32_t>(ids.begin(), ids.end()), (std::vector<std::uint32_t>{1, 2}));
    }

    /// However many patterns share a code, few texts hold it, while each of their words is common.
    void candidates_patternsThatShareACode_areLookedForByIt()
    {
        GramCounts examples;
        for (int i = 0; i < 1000; ++i)
            examples.add("connection refused by peer, or table does not exist");
        PatternSetOptions options;
        options.examples = std::make_shared<GramCounts>(examples);
        const auto set = setOf({"ABC-1207: .*connection refused by peer", "ABC-1207: .*table does not exist",
                                "connection refused by peer", "table does not exist"},
                               options);
        Scratch scratch;
        set->prepare(scratch);
        const auto found = [&](std::string_view text) {
            const auto ids = set->candidates(text, scratch);
            return std::vector<std::uint32_t>(ids.begin(), ids.end());
        };
        QCOMPARE(found("connection refused by peer, table does not exist"), (std::vector<std::uint32_t>{2, 3}));
        QCOMPARE(found("ABC-1207: a"), (std::vector<std::uint32_t>{0, 1}));
    }

    /// Sets of few texts, which Vectorscan 5.4.9 by itself misses some of where they nearly overlap.
    void candidates_fewTextsThatNearlyOverlap_areNotMissed()
    {
        base::Rng rng(4, "few texts");
        const auto random = [&](std::size_t bytes, std::string_view from) {
            std::string text;
            while (text.size() < bytes)
                text += from[rng.below(from.size())];
            return text;
        };
        std::vector<std::vector<std::string>> sets{{"at c", "abcab"}, {"at c", "xyca"}, {"at c", "cab"}};
        while (sets.size() < 1500)
            sets.push_back({random(3 + rng.below(3), "abcABC at"), random(6 + rng.below(5), "abcABC at")});
        int found = 0;
        for (const auto &texts : sets) {
            std::vector<Pattern> patterns;
            for (const std::string &text : texts)
                patterns.push_back({text}); // letters and blanks stand for themselves
            const auto set = std::move(PatternSet::make(patterns)).value();
            Scratch scratch;
            set->prepare(scratch);
            for (int i = 0; i < 8; ++i) {
                std::string text = random(rng.below(90), "B") + "at cabcat c" + random(rng.below(300), "abc t:xyz\n");
                text.insert(rng.below(text.size()), texts[rng.below(texts.size())]);
                (void)set->candidates(text, scratch);
                for (std::uint32_t id = 0; id < texts.size(); ++id) {
                    const std::size_t at = text.find(texts[id]);
                    Match match;
                    const Outcome outcome =
                        set->isCandidate(id, scratch) ? set->confirm(id, text, scratch, match) : Outcome::NoMatch;
                    QCOMPARE(outcome == Outcome::Match ? match.span.begin : std::string::npos, at);
                    found += at != std::string::npos ? 1 : 0;
                }
            }
        }
        QVERIFY(found > 10'000);
    }

    void guard_atTheBegin_isAskedAboutButNoCandidate()
    {
        std::vector<Pattern> patterns{{"gave up"}, {"\\A[^\\n]{0,20}\\bINFO\\b"}, {"never mind"}};
        patterns[1].guard = patterns[2].guard = true;
        const auto set = std::move(PatternSet::make(patterns)).value();
        QVERIFY(!set->prefiltered(1)); // asking costs less than all the ends of INFO
        QVERIFY(set->prefiltered(2));
        Scratch scratch;
        set->prepare(scratch);
        Match match;
        for (const auto &[text, guarded] : {std::pair("12:01 INFO it gave up", Outcome::Match),
                                            std::pair("12:01 WARN it gave up\nINFO", Outcome::NoMatch)}) {
            const auto ids = set->candidates(text, scratch);
            QCOMPARE(std::vector<std::uint32_t>(ids.begin(), ids.end()), std::vector<std::uint32_t>{0});
            QVERIFY(set->isCandidate(1, scratch));
            QCOMPARE(set->confirm(1, text, scratch, match), guarded);
        }
    }

    void confirm_namedGroups_areReportedWithTheirSpans()
    {
        const auto set = setOf({"(?<used>[\\d.]+ GB) of (?:(?<limit>[\\d.]+ GB)|(?<limit>all))"});
        const std::string text = "line\nused 9.1 GB of all\n";
        const auto all = matchAll(*set, text);
        QCOMPARE(all[0].first, Outcome::Match);
        QCOMPARE(all[0].second.groups.size(), size_t{2});
        QCOMPARE(text.substr(all[0].second.groups[0].span.begin, 6), std::string("9.1 GB"));
        QCOMPARE(std::string(all[0].second.groups[1].name), std::string("limit"));
        QCOMPARE(text.substr(all[0].second.groups[1].span.begin, 3), std::string("all"));
    }

    void search_catastrophicPattern_isUndeterminedWithinASecond()
    {
        const auto set = setOf({"(?:a|aa)+!", "(?:x+x+)+y"});
        const std::string text = std::string(65536, 'a') + std::string(65536, 'x');
        const auto begun = std::chrono::steady_clock::now();
        Match match;
        QCOMPARE(set->search(0, text, 0, match), Outcome::Undetermined);
        QCOMPARE(set->search(1, text, 65536, match), Outcome::Undetermined);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        QVERIFY2(seconds < 2.0, std::to_string(seconds).c_str());
    }

    /// Of the first search the engine is asked before the automaton, later the other way round.
    void confirm_again_outcomeAndStepsAreTheSame_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<Outcome>("expected");
        QTest::newRow("automaton says no") << "held by (?:a|aa)+!" << Outcome::NoMatch;
        QTest::newRow("engine alone says no") << "held by (?!a)\\w+" << Outcome::NoMatch;
        QTest::newRow("budget runs out") << "held by (?:a|aa)+(?=!)" << Outcome::Undetermined;
        QTest::newRow("match") << "held by a+" << Outcome::Match;
    }
    void confirm_again_outcomeAndStepsAreTheSame()
    {
        QFETCH(QString, expression);
        QFETCH(Outcome, expected);
        const auto set = setOf({expression.toStdString()});
        Scratch scratch;
        set->prepare(scratch);
        const std::string text = "held by " + std::string(60, 'a');
        std::set<std::uint64_t> left;
        for (int time = 0; time < 3; ++time) {
            QCOMPARE(set->candidates(text, scratch).size(), std::size_t{1});
            std::uint64_t steps = 1'000'000;
            Match match;
            QCOMPARE(set->confirm(0, text, 0, scratch, steps, match), expected);
            left.insert(steps);
        }
        QCOMPARE(left.size(), std::size_t{1});
        QCOMPARE(*left.begin() == 1'000'000, expression.endsWith(u'!'));
    }

    void search_smallBudget_isUndeterminedAndALargerOneMatches()
    {
        PatternSetOptions options;
        options.stepBudget = 50;
        const std::string text = std::string(1000, '-') + "abc";
        Match match;
        QCOMPARE(setOf({"[^c]+c"}, options)->search(0, text, 0, match), Outcome::Undetermined);
        QCOMPARE(setOf({"[^c]+c"})->search(0, text, 0, match), Outcome::Match);
    }

    /// Boost reads on below the lookbehind while it clears its stack.
    void search_budgetSpentInALookbehind_freesTheStack()
    {
        const auto set = setOf({"(?:(a)|b)*[^c]*(?<!x)z"});
        Match match;
        const auto search = [&](std::size_t length) { // each spends its budget at another place
            return set->search(0, std::string(4000 + length, 'a') + std::string(60, 'x'), 0, match);
        };
        QCOMPARE(search(0), Outcome::Undetermined);
        const std::size_t before = mallinfo2().uordblks;
        for (std::size_t length = 1; length <= 40; ++length)
            QCOMPARE(search(length), Outcome::Undetermined);
        const std::size_t after = mallinfo2().uordblks;
        QVERIFY2(after < before + 40 * 1024, std::to_string(after - before).c_str()); // a block has 4 KiB
    }

    void search_deepBacktracking_doesNotOverflowTheStack()
    {
        const auto set = setOf({"(?:(?:a)(?:b)?)*c"});
        Match match;
        const Outcome outcome = set->search(0, std::string(4'000'000, 'a'), 0, match);
        QVERIFY(outcome == Outcome::Undetermined || outcome == Outcome::NoMatch);
    }

    void confirm_overFewLines_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("begin"); // -1: no match
        QTest::newRow("a text that ends with its line's newline, which is no match") << "(?:^|\\n)Killed(?:\\n|$)"
                                                                                     << "x OOMKilled\ny\nz" << -1;
        QTest::newRow("behind such a one the match") << "(?:^|\\n)Killed(?:\\n|$)"
                                                     << "OOMKilled\nb\nKilled\n"
                                                     << 11;
        QTest::newRow("the line above belongs to it") << "\\n[a-z]+\\nError: \\d"
                                                      << "q\nab\nError: x\nab\nError: 7" << 13;
        QTest::newRow("the end of the text, not of what is searched") << "Error: \\d$"
                                                                      << "Error: 1\nError: 2" << 9;
        QTest::newRow("the end of the text within lines") << "a\\nbcd(?:\\n|$)"
                                                          << "a\nbcde\na\nbcd" << 7;
        QTest::newRow("no end but the last") << "abcd\\z"
                                             << "abcd\nabcd\nabc" << -1;
        QTest::newRow("the leftmost of two that overlap") << "(?:one\\n)?(?:two\\n)?three"
                                                          << "two\none\ntwo\nthree" << 4;
        QTest::newRow("the text's begin, within reach") << "\\A[a-z ]{0,5}Error"
                                                        << "ab Error\nError" << 0;
        QTest::newRow("the text's begin, out of the bytes' reach") << "\\A[a-z ]{0,5}Error"
                                                                   << "ab cdef Error" << -1;
        QTest::newRow("the text's begin, out of the lines' reach") << "^[a-z]*\\n?Error"
                                                                   << "ab\n\nError" << -1;
        QTest::newRow("the text's begin or a line's") << "(?:\\A|\\n)Error"
                                                      << "ab\n\nError" << 3;
        QTest::newRow("a line's begin") << "(?m)^Error"
                                        << "ab\nError" << 3;
        QTest::newRow("the text's begin") << "\\A(?:x\\n)?Error"
                                          << "y\nError\nx\nError" << -1;
    }
    void confirm_overFewLines()
    {
        QFETCH(QString, expression);
        QFETCH(QString, text);
        QFETCH(int, begin);
        const std::string bytes = text.toStdString();
        for (const bool prefilter : {true, false}) {
            PatternSetOptions options;
            options.prefilter = prefilter;
            const auto set = *PatternSet::make({{expression.toStdString(), false}}, options);
            QCOMPARE(set->prefiltered(0), prefilter);
            Scratch scratch;
            set->prepare(scratch);
            Match match;
            static_cast<void>(set->candidates(bytes, scratch));
            const Outcome outcome =
                set->isCandidate(0, scratch) ? set->confirm(0, bytes, scratch, match) : Outcome::NoMatch;
            QCOMPARE(outcome, begin < 0 ? Outcome::NoMatch : Outcome::Match);
            if (begin >= 0)
                QCOMPARE(match.span.begin, static_cast<size_t>(begin));
        }
    }

    void scratch_ofTwoSets_servesBoth()
    {
        const auto one = setOf({"alpha beta"});
        const auto two = setOf({"gamma delta", "alpha beta"});
        Scratch scratch;
        one->prepare(scratch);
        two->prepare(scratch);
        Match match;
        QCOMPARE(one->candidates("an alpha beta", scratch).size(), size_t{1});
        QCOMPARE(one->confirm(0, "an alpha beta", scratch, match), Outcome::Match);
        QCOMPARE(two->candidates("an alpha beta", scratch).size(), size_t{1});
        QVERIFY(two->isCandidate(1, scratch) && !two->isCandidate(0, scratch));
        Scratch moved = std::move(scratch);
        QCOMPARE(two->candidates("gamma delta alpha beta", moved).size(), size_t{2});
    }

    void candidates_unpreparedScratch_areAllPatterns()
    {
        const auto set = setOf({"alpha beta", "gamma delta"});
        Scratch scratch;
        QCOMPARE(set->candidates("nothing", scratch).size(), size_t{2});
    }

    void checkPattern_bad_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("text");
        QTest::newRow("a group that is not closed") << "(abc"
                                                    << "not a regular expression: the ( at character 1 is not closed";
        QTest::newRow("the inner one of two groups") << "a(b(c"
                                                     << "the ( at character 4 is not closed";
        QTest::newRow("a group after one that is closed")
            << QString::fromUtf8("(\\()é[(](b") << "the ( at character 9 is not";
        QTest::newRow("a list within a group that is not closed") << "(a[]b)"
                                                                  << "the [ at character 3 is not closed";
        QTest::newRow("a list with a named one that is closed") << "[[:alpha:]"
                                                                << "the [ at character 1 is not closed";
        QTest::newRow("a group closed too often") << "foo)"
                                                  << "at character 4";
        QTest::newRow("a backslash before nothing") << "x\\"
                                                    << "at its end";
        QTest::newRow("a star with nothing before it") << "*a"
                                                       << "at character 1";
        QTest::newRow("a class that is not closed") << "[a-"
                                                    << "not a regular expression";
        QTest::newRow("a range that runs backwards") << "[z-a]"
                                                     << "not a regular expression";
        QTest::newRow("a pattern that matches nothing at all") << "a*"
                                                               << "matches the empty text";
        QTest::newRow("an empty pattern") << ""
                                          << "empty";
        QTest::newRow("a pattern of 10,000 bytes") << QString(10'000, 'a') << "8,192";
        QTest::newRow("groups nested 5,000 deep") << QString(2500, '(') + "a" + QString(2500, ')') << "pattern";
    }
    void checkPattern_bad()
    {
        QFETCH(QString, expression);
        QFETCH(QString, text);
        const auto result = checkPattern({expression.toStdString(), false});
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, base::ErrorCode::InvalidArgument);
        QVERIFY2(result.error().message.find(text.toStdString()) != std::string::npos, result.error().text().c_str());
        QVERIFY(!result.error().hint.empty());
    }

    void make_badPattern_namesItsNumber()
    {
        const auto set = PatternSet::make({{"good", false}, {"(bad", false}});
        QVERIFY(!set.has_value());
        QCOMPARE(set.error().context, std::vector<std::string>{"pattern 1"});
    }

    void confirm_guardWhoseWordsLogsAreFullOf_isAskedWithoutBeingLookedFor()
    {
        const auto set = *PatternSet::make({{"Lost worker \\d"}, {"Finished task \\d", false, false, true}});
        Scratch scratch;
        set->prepare(scratch);
        QVERIFY(!set->prefiltered(1));
        const std::string text = "Lost worker 3\nFinished task 3\n";
        const auto candidates = set->candidates(text, scratch);
        QCOMPARE(std::vector<std::uint32_t>(candidates.begin(), candidates.end()), std::vector<std::uint32_t>{0});
        Match match;
        QCOMPARE(set->confirm(1, text, scratch, match), Outcome::Match);
        QCOMPARE(match.span.begin, size_t{14});
    }

    void confirm_patternOfSeveralRules_isTheSameForEach()
    {
        const auto set = *PatternSet::make({{"disk (?<name>\\w+) full"}, {"other"}, {"disk (?<name>\\w+) full"}});
        Scratch scratch;
        set->prepare(scratch);
        for (const std::string text : {"the disk sda full", "a disk full", "and again: disk sdb full"}) {
            (void)set->candidates(text, scratch);
            Match first;
            Match again;
            const Outcome outcome = set->confirm(0, text, scratch, first);
            QCOMPARE(set->confirm(2, text, scratch, again), outcome);
            QCOMPARE(again, first);
            std::uint64_t steps = 1'000;
            QCOMPARE(set->confirm(2, text, 0, scratch, steps, again), outcome);
            QVERIFY(outcome == Outcome::NoMatch || steps < 1'000); // they cost it what they cost the first
        }
    }
};

QTEST_APPLESS_MAIN(TestPatternSet)
#include "tst_pattern_set.moc"

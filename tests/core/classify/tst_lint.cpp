#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "classify/lint.hpp"
#include "classify/lint_hits.hpp"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

/// A sound rule of eleven lines.
std::string rule(const std::string &id, const std::string &pattern = "no space left", const std::string &more = {},
                 const std::string &where = "whole_log")
{
    return "  - id: " + id + "\n    title: t\n    class: storage.disk_full\n    domain: platform\n    action: retry\n"
           + (where == "whole_log" ? "    match:\n" : "    match:\n      where: " + where + "\n")
           + "      any:\n        - '" + pattern + "'\n" + more
           + "    samples:\n      positive: ['no space left']\n      negative: ['all is well']\n";
}

std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    const size_t at = text.find(from);
    if (at == std::string::npos)
        qFatal("the test's text has no '%s'", from.c_str());
    return text.replace(at, from.size(), to);
}

std::string shown(const Problem &problem)
{
    return std::string(name(problem.severity)) + ' ' + problem.rule + ' ' + problem.kind + ' '
           + std::to_string(problem.line);
}

} // namespace

/// What lint says of rule files that cannot be read whole.
class TestLint : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void lintFiles_faultsInSeveralRules_findsEachWithItsLine()
    {
        const std::string file = write("a.yaml", "schema: 1\nrules:\n" + rule("one", "oops (") + rule("two")
                                                     + rule("three", "fault", "    priority: 170\n    titel: x\n"));
        const LintReport report = lintFiles({file});
        QCOMPARE(report.rules, size_t(3));
        QCOMPARE(texts(report),
                 QStringList({"error one invalid 10", "error three invalid 33", "error three invalid 34"}));
        QCOMPARE(report.errors(), size_t(3));
        const Problem &pattern = report.problems.front();
        QCOMPARE(pattern.file, file);
        QVERIFY2(pattern.message.find("(match.any; line 10, column 11)") != std::string::npos, pattern.message.c_str());
    }

    void lintFiles_everyValueOfARuleIsBad_findsAllButWhatFollows()
    {
        const std::string file =
            write("a.yaml", "schema: 1\nrules:\n  - id: one\n    title: ''\n    class: storage\n"
                            "    domain: nobody\n    action: pray\n    status: on\n    transient: maybe\n"
                            "    priority: high\n    exit_code: x\n    captures: {a: litres, b: miles}\n"
                            "    match:\n      where: middle\n      case: some\n      any: word\n");
        const LintReport report = lintFiles({file});
        std::vector<int> lines;
        for (const Problem &problem : report.problems)
            lines.push_back(problem.line);
        QCOMPARE(lines, (std::vector<int>{4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 14, 15, 16}));
    }

    void lintFiles_brokenYamlBesideBadRules_findsBoth()
    {
        const std::string broken = write("a.yaml", "schema: 1\nrules: [[\n");
        const std::string bad = write("b.yaml", "schema: 1\nrules:\n" + rule("one", "d*"));
        const std::string missing = m_folder->filePath("c.yaml").toStdString();
        const LintReport report = lintFiles({missing, broken, bad});
        QCOMPARE(report.problems.size(), size_t(3));
        QCOMPARE(report.errors(), size_t(3));
        std::map<std::string, std::string> kinds;
        for (const Problem &problem : report.problems)
            kinds[problem.file] = problem.kind;
        QCOMPARE(kinds[broken], std::string("unreadable"));
        QCOMPARE(kinds[missing], std::string("unreadable"));
        QCOMPARE(kinds[bad], std::string("invalid"));
    }

    void lintFiles_idUsedTwice_isAnErrorBesideTheOthers()
    {
        write("a.yaml", "schema: 1\nrules:\n" + rule("one") + rule("two", "("));
        write("b.yaml", "schema: 1\nrules:\n" + rule("two"));
        const LintReport report = lintFiles({m_folder->path().toStdString()});
        QCOMPARE(texts(report), QStringList({"error two invalid 21", "error two invalid 3"}));
        QVERIFY2(report.problems[1].message.find("used twice") != std::string::npos,
                 report.problems[1].message.c_str());
    }

    void lintFiles_soundRuleBesideABadOne_isStillLookedAt()
    {
        const std::string file =
            write("a.yaml", "schema: 1\nrules:\n" + rule("bad", "(") + rule("slow", "no space (?:[a-z]+)+"));
        QCOMPARE(texts(lintFiles({file})), QStringList({"error bad invalid 10", "warning slow backtracking 21"}));
        QVERIFY(!lintFiles({file}).whole); // what takes every rule was not tried
    }

    void lintFiles_warningsAlone_areNoErrors()
    {
        const std::string file = write("a.yaml", "schema: 1\nrules:\n" + rule("slow", "no space (?:[a-z]+)+"));
        const LintReport report = lintFiles({file});
        QVERIFY(report.whole);
        QCOMPARE(texts(report), QStringList({"warning slow backtracking 10"}));
        QCOMPARE(report.errors(), size_t(0));
    }

    void lintFiles_failingSample_isAnError()
    {
        const std::string file = write("a.yaml", "schema: 1\nrules:\n" + rule("one", "something else"));
        QCOMPARE(texts(lintFiles({file})), QStringList({"error one failing_sample 12"}));
    }

    /// A draft competes with nobody, but does what its samples say.
    void lintFiles_draftWithWrongSamples_failsThem()
    {
        const std::string draft = "    status: draft\n    priority: 1\n";
        const std::string file =
            write("a.yaml", "schema: 1\nrules:\n" + rule("one")
                                + replaced(replaced(rule("two", "no space", draft), "['no space left']",
                                                    "['no space left', 'something else']"),
                                           "['all is well']", "['all is well', 'no space at all']"));
        const LintReport report = lintFiles({file});
        QCOMPARE(texts(report), QStringList({"error two failing_sample 25", "error two failing_sample 26"}));
        QCOMPARE(report.problems[0].message,
                 std::string("The sample 'something else' should be matched by the draft two, but its patterns do not "
                             "match it: widen a pattern or correct the sample."));
        QVERIFY2(report.problems[1].message.find("its pattern 'no space' matches on the sample's line 1")
                     != std::string::npos,
                 report.problems[1].message.c_str());
    }

    void lintFiles_ruleThatTakesManySamples_isNamedOnceAtItsOwnLine()
    {
        std::string text = "schema: 1\nrules:\n" + rule("taker", "no space", "    priority: 99\n");
        for (const char *id : {"a", "b", "c"})
            text += replaced(rule(id, std::string("left ") + id), "['no space left']",
                             std::string("['no space left ") + id + "']");
        QStringList singles = texts(lintFiles({write("a.yaml", text)}));
        QCOMPARE(singles,
                 QStringList({"error a failing_sample 24", "error b failing_sample 35", "error c failing_sample 46"}));
        text += replaced(rule("d", "left d"), "['no space left']", "['no space left d']");
        const LintReport report = lintFiles({write("a.yaml", text)});
        QCOMPARE(texts(report), QStringList({"error taker failing_sample 3"}));
        QCOMPARE(report.problems[0].message,
                 std::string("taker takes 4 samples of 4 other rules, such as a, b, c: narrow its patterns, or give it "
                             "a lower priority."));
    }

    void lintFiles_sampleThatNothingMatches_saysWhatToDo()
    {
        const LintReport report = lintFiles({write("a.yaml", "schema: 1\nrules:\n" + rule("one", "something else"))});
        QCOMPARE(report.problems[0].message,
                 std::string("The sample 'no space left' should be won by one, but no rule matches it: widen a pattern "
                             "or correct the sample."));
    }

    void lintFiles_placesForCaptures_data()
    {
        QTest::addColumn<QString>("summary");
        QTest::addColumn<QStringList>("found");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *summary, const QStringList &found, const char *says) {
            QTest::newRow(name) << summary << found << says;
        };
        const QStringList bad{"error one bad_template 12"};
        row("a place", "Frob {n}", {}, "");
        row("a place with a text instead", "Frob {n|some things}", {}, "");
        row("braces around no name", "Set {a: 1} and {\"b\"} and }", {}, "");
        row("a place that does not end", "Frob {n", bad, "'{n' is not closed, at its character 6 (line 12, column 14)");
        row("a place that does not end before the next", "Fröb {n {n}", bad, "at its character 6");
        row("a text instead that does not end", "Frob {n|some", bad, "'{n' is not closed");
        row("a place without a name", "Frob {}", bad, "'{}' names no capture");
        row("a text instead of nothing", "Frob {|x}", bad, "'{|x}' names no capture");
        row("a name between spaces", "Frob { n }", bad, "Write {n} without them.");
        row("a unit where none belongs", "Frob {n|seconds|x}", bad, "has more than one '|'");
        row("a capture that is not declared", "Frob {m}", {"error one undeclared_capture 12"}, "Name a group (?<m>…)");
    }
    void lintFiles_placesForCaptures()
    {
        QFETCH(QString, summary);
        QFETCH(QStringList, found);
        QFETCH(QString, says);
        const std::string more = "    captures: {n: word}\n    summary: '" + summary.toStdString() + "'\n";
        const LintReport report =
            lintFiles({write("a.yaml", "schema: 1\nrules:\n" + rule("one", "no (?<n>space) left", more))});
        QCOMPARE(texts(report), found);
        if (!found.isEmpty())
            QVERIFY2(QString::fromStdString(report.problems[0].message).contains(says),
                     report.problems[0].message.c_str());
    }

    void lintFiles_captureThatNoGroupHas_isToldAtItsOwnLine()
    {
        const LintReport report = lintFiles(
            {write("a.yaml", "schema: 1\nrules:\n" + rule("one", "no space left", "    captures:\n      q: word\n"))});
        QCOMPARE(texts(report), QStringList({"error one undeclared_capture 12"}));
    }

    void lintFiles_rulesAndPatterns_data()
    {
        QTest::addColumn<QString>("rules");
        QTest::addColumn<QStringList>("found");
        const auto row = [](const char *name, const std::string &rules, const QStringList &found) {
            QTest::newRow(name) << QString::fromStdString(rules) << found;
        };
        row("a rule behind one that is wider",
            rule("one", "no space", "    priority: 60\n") + rule("two", "no space left on", "    priority: 20\n"),
            {"error two failing_sample 25", "warning two shadowed 15"});
        row("a rule behind one that is wider, but for every second branch",
            rule("one", "no space", "    priority: 60\n") + rule("two", "(?:no space|none) left", "    priority: 20\n"),
            {"error two failing_sample 25"});
        row("a rule behind one that matches within part of what it requires",
            rule("one", "space (?:left|lost)", "    priority: 60\n")
                + rule("two", "no space left|no space lost", "    priority: 20\n"),
            {"error two failing_sample 25", "warning two shadowed 15"});
        row("a rule behind one that asks for the text's begin",
            rule("one", "^no space", "    priority: 60\n") + rule("two", "no space left", "    priority: 20\n"),
            {"error two failing_sample 25"});
        row("a rule behind one that looks at less",
            rule("one", "no space", "    priority: 60\n", "message")
                + rule("two", "no space left", "    priority: 20\n"),
            {"error two failing_sample 26"});
        const std::string warn = "      least_level: warn\n      any:";
        row("a rule behind one that is wider, but not on every line",
            replaced(rule("one", "no space", "    priority: 60\n"), "      any:", warn)
                + rule("two", "no space left", "    priority: 20\n"),
            {"error two failing_sample 26"});
        row("a rule behind one that is wider on the same lines",
            replaced(rule("one", "no space", "    priority: 60\n"), "      any:", warn)
                + replaced(rule("two", "no space left", "    priority: 20\n"), "      any:", warn),
            {"error two failing_sample 27", "warning two shadowed 16"});
        row("a rule of all levels that another one's lines do not reach",
            replaced(rule("one", "space left", "    priority: 60\n"), "      any:", warn)
                + replaced(rule("two", "no\\n[^x]*space left", "    priority: 20\n"), "      any:", warn),
            {"error two failing_sample 27"});
        row("a pattern that another one of the rule covers in the line it begins in",
            replaced(replaced(rule("one"), "      any:", warn), "'no space left'\n",
                     "'no space left'\n        - 'no space left on'\n"),
            {"note one dead_pattern 12"});
        row("a pattern that another one of the rule covers further down",
            replaced(replaced(rule("one"), "      any:", warn), "'no space left'\n",
                     "'no space left'\n        - 'on disk\\s+no space left'\n"),
            {});
        row("a pattern that two rules share for different lines",
            replaced(rule("one", "no space left", "    priority: 60\n"), "      any:", warn)
                + replaced(rule("two", "no space left", "    priority: 20\n"), "['no space left']",
                           "['INFO: no space left']"),
            {});
        row("a rule without case behind one with it",
            rule("one", "no space", "    priority: 60\n") + rule("two", "(?i)no space left", "    priority: 20\n"),
            {"error two failing_sample 25"});
        row("a pattern that another one of the rule covers",
            replaced(rule("one"), "'no space left'\n", "'no space left'\n        - 'no space left on'\n"),
            {"note one dead_pattern 11"});
        row("a pattern that stands twice",
            replaced(rule("one"), "'no space left'\n", "'no space left'\n        - 'no space left'\n"),
            {"warning one duplicate_pattern 11"});
        row("a covered pattern that captures",
            replaced(rule("one", "no space left", "    captures: {what: word}\n"), "'no space left'\n",
                     "'no space left'\n        - 'no space left on (?<what>x)'\n"),
            {});
        row("a pattern that two rules of a class share",
            rule("one", "no space left", "    priority: 60\n")
                + replaced(rule("two", "no space left", "    priority: 20\n"), "['no space left']", "[]"),
            {"warning one duplicate_pattern 10", "warning two shadowed 15", "warning two no_samples 15"});
        row("rules of two classes that match the same sample in the order of their ids",
            rule("one", "no space")
                + replaced(replaced(rule("two", "space left"), "['no space left']", "['any space left']"),
                           "storage.disk_full", "storage.throttled"),
            {"warning one overlapping 12"});
        row("a date that is none, and one before the other",
            rule("one", "no space left", "    created: yesterday\n    modified: 2024-02-01\n")
                + rule("two", "no space left",
                       "    created: 2024-02-02\n    modified: 2024-02-01\n    status: retired\n"),
            {"warning one dates 3", "warning two dates 16"});
        row("a retired rule whose sample nothing matches",
            replaced(rule("one", "no space", "    status: retired\n"), "['all is well']", "[]")
                + replaced(rule("two", "quota"), "['no space left']", "['quota']"),
            {"warning one no_samples 3", "warning one retired 3"});
        row("a pattern that not every engine takes", rule("one", "no space (?!right)"),
            {"warning one not_portable 10"});
        row("patterns that are written otherwise for other engines", rule("one", "(?i)no\\sspace.left$"), {});
        row("a class that the reading of patterns does not know leaves nothing to look for first",
            rule("one", "(?i)no\\hspace.left$"), {"warning one slow_pattern 10"});
        row("a pattern without a text to look for first", rule("one", "n. s\\w+ l[a-z]{3}"),
            {"warning one slow_pattern 10"});
        row("one whose small letters are either", rule("one", "(?i)no space left"), {});
        row("one beside another that must match as well",
            replaced(rule("one", "n. s\\w+ l[a-z]{3}"), "      any:", "      all: ['space']\n      any:"), {});
        row("lines and blocks",
            replaced(rule("one", "^no space left$"),
                     "      any:", "      multiline: true\n      block: {from: no}\n      any:"),
            {"warning one not_portable 12"});
        row("a block's pattern that may take long",
            replaced(rule("one"), "      any:", "      block: {from: '(?:n[a-z]+)+'}\n      any:"),
            {"warning one backtracking 9"});
    }
    void lintFiles_rulesAndPatterns()
    {
        QFETCH(QString, rules);
        QFETCH(QStringList, found);
        QStringList got = texts(lintFiles({write("a.yaml", "schema: 1\nrules:\n" + rules.toStdString())}));
        got.sort();
        found.sort();
        QCOMPARE(got, found);
    }

    void lintPack_twoThousandRules_findsTheOneThatIsShadowed()
    {
        RulePack pack;
        for (int i = 0; i < 2000; ++i) {
            Rule made;
            made.id = "rule." + std::to_string(i);
            made.errorClass = "test.kind";
            made.any = {"component C" + std::to_string(10'000 + i) + " ran out of \\w+"};
            made.positive = {"component C" + std::to_string(10'000 + i) + " ran out of slots"};
            made.negative = {"fine"};
            pack.rules.push_back(made);
        }
        pack.rules[1500].any = {"component C10003 ran out of slots"};
        pack.rules[1500].priority = 10;
        pack.rules[1500].positive.clear();
        QStringList found;
        for (const Problem &problem : lintPack(pack))
            found.append(QString::fromStdString(problem.rule + ' ' + problem.kind));
        found.sort();
        QCOMPARE(found, (QStringList{"rule.1500 no_samples", "rule.1500 shadowed"}));
    }

    void lintPack_classThatNoOtherRuleHas_isFlaggedNearAnotherOnly_data()
    {
        QTest::addColumn<QStringList>("classes");
        QTest::addColumn<QString>("flagged");
        QTest::addColumn<QString>("meant");
        const auto row = [](const char *name, const QStringList &classes, const char *flagged, const char *meant) {
            QTest::newRow(name) << classes << flagged << meant;
        };
        const QStringList full{"storage.disk_full", "storage.disk_full"};
        row("a letter left out", QStringList{"storage.disk_ful"} + full, "storage.disk_ful", "storage.disk_full");
        row("letters swapped", QStringList{"storage.dsik_full"} + full, "storage.dsik_full", "storage.disk_full");
        row("a slip in the group", QStringList{"storge.disk_full"} + full, "storge.disk_full", "storage.disk_full");
        row("a dash for a line, in a class known elsewhere", {"memory_config.executor-heap"},
            "memory_config.executor-heap", "memory_config.executor_heap");
        row("one rule alone of a class of its own", QStringList{"storage.tape_jam"} + full, "", "");
        row("a class known elsewhere, near another", QStringList{"memory_config.off_heap"} + full, "", "");
        row("several rules of the class", QStringList{"storage.disk_ful", "storage.disk_ful"} + full, "", "");
        row("a slip copied once, near a class known elsewhere", {"memory_config.of_heap", "memory_config.of_heap"},
            "memory_config.of_heap", "memory_config.off_heap");
        row("a slip copied once, near a class of clearly more rules",
            QStringList{"storage.disk_ful", "storage.disk_ful"} + full + full, "storage.disk_ful", "storage.disk_full");
        row("near a class of one rule, which may be the wrong one", {"storage.disk_ful", "storage.disk_full"}, "", "");
        row("another number", {"acme.step_1", "acme.step_2", "acme.step_2"}, "", "");
        row("short words are near by chance", {"a.cat", "a.car", "a.car"}, "", "");
        row("another kind of the group", {"network.reset", "network.refused", "network.refused"}, "", "");
        row("no class yet", {"unclassified", "unclassifeid.x", "unclassifeid.x"}, "", "");
    }
    void lintPack_classThatNoOtherRuleHas_isFlaggedNearAnotherOnly()
    {
        QFETCH(QStringList, classes);
        QFETCH(QString, flagged);
        QFETCH(QString, meant);
        RulePack pack;
        for (const QString &each : classes) {
            Rule made;
            made.id = "rule." + std::to_string(pack.rules.size());
            made.errorClass = each.toStdString();
            made.any = {"component " + made.id + " ran out"};
            made.positive = {"component " + made.id + " ran out"};
            made.negative = {"fine"};
            pack.rules.push_back(made);
        }
        const ClassNames known{"memory_config.off_heap", "memory_config.executor_heap"};
        const std::vector<Problem> problems = lintPack(pack, known);
        const qsizetype rules = flagged.isEmpty() ? 0 : classes.count(flagged);
        QCOMPARE(problems.size(), size_t(rules));
        if (flagged.isEmpty())
            return;
        QCOMPARE(problems[0].rule, std::string("rule.0"));
        QCOMPARE(problems[0].kind, std::string("lone_class"));
        QCOMPARE(int(problems[0].severity), int(Severity::Warning));
        const QString message = QString::fromStdString(problems[0].message);
        QVERIFY(message.startsWith(rules == 1 ? QStringLiteral("No other rule")
                                              : QStringLiteral("Only %1 rules").arg(rules)));
        QVERIFY2(message.contains(flagged) && message.contains("Did you mean '" + meant + "'?"), qPrintable(message));
    }

    void lintHits_history_data()
    {
        QTest::addColumn<int>("failures");
        QTest::addColumn<int>("successes");
        QTest::addColumn<QString>("kind");
        QTest::newRow("no hit at all") << 0 << 0 << "never_hit";
        QTest::newRow("failures alone") << 9 << 0 << "";
        QTest::newRow("a tenth of the hits are successes") << 9 << 1 << "";
        QTest::newRow("more than a tenth are") << 80 << 9 << "fires_on_successes";
        QTest::newRow("all of them are") << 0 << 1 << "fires_on_successes";
    }
    void lintHits_history()
    {
        QFETCH(int, failures);
        QFETCH(int, successes);
        QFETCH(QString, kind);
        RulePack pack;
        Rule made;
        made.id = "one";
        made.any = {"x"};
        pack.rules.push_back(made);
        made.id = "draft";
        made.status = RuleStatus::Draft;
        pack.rules.push_back(made);
        std::map<std::string, HitCounts> hits;
        if (failures + successes > 0)
            hits["one"] = {static_cast<std::uint64_t>(failures), static_cast<std::uint64_t>(successes), 0};
        const auto problems = lintHits(pack, hits, 100);
        QCOMPARE(problems.size(), size_t(kind.isEmpty() ? 0 : 1));
        if (!kind.isEmpty())
            QCOMPARE(QString::fromStdString(problems.front().kind), kind);
        QVERIFY(lintHits(pack, {}, 0).empty());
        for (const auto &[count, words] : {std::pair{999, "999"}, {1140, "1,140"}, {1234567, "1,234,567"}})
            QCOMPARE(lintHits(pack, {}, static_cast<std::uint64_t>(count)).front().message,
                     "It matches none of " + std::string(words) + " failures.");
        if (failures + successes == 1)
            QVERIFY2(problems.front().message.starts_with("Of its 1 hit 1 (100 %) is on an attempt that succeeded"),
                     problems.front().message.c_str());
    }

    void lintFiles_wrongValues_nameKeyPlaceAndRemedy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("found");
        const auto row = [](const char *name, const std::string &text, const QStringList &found) {
            QTest::newRow(name) << QString::fromStdString(text) << found;
        };
        const std::string head = "schema: 1\nrules:\n";
        row("a word for a number", head + rule("one", "no space left", "    priority: high\n"),
            {"11: 'priority' must be a whole number, found 'high' (line 11, column 15). Use 0 to 100."});
        row("nothing for a truth value", head + rule("one", "no space left", "    transient:\n    priority: 3\n"),
            {"11: 'transient' must be true or false, found nothing (line 11, column 5). Write true or false."});
        row("a list for a text", head + rule("one", "no space left", "    owner: [a]\n"),
            {"11: 'owner' must be text, found a list (line 11, column 12). Write one text, in quotes where it holds a "
             "': '."});
        row("a misspelt key is not missing too", head + replaced(rule("one"), "action:", "acton:"),
            {"7: A rule has no key 'acton' (line 7, column 5). Did you mean 'action'?"});
        row("a map of rules", head + "  a: b\n",
            {"3: 'rules' must be a list, and is a map (line 3, column 3). Begin each rule with a dash, as in '- id: "
             "…'."});
        row("no rules", head,
            {"2: 'rules' is empty (line 2, column 1). Add one entry a rule, each beginning with '- id: …'."});
        row("an entry of nothing", head + "  -\n\n\n",
            {"3: A rule must be a map (line 3, column 3). Begin it with '- id: …'."});
        row("an id twice", head + rule("one") + rule("one"),
            {"14: The rule id 'one' is used twice, on lines 3 and 14. Give one of them another id."});
    }
    void lintFiles_wrongValues_nameKeyPlaceAndRemedy()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, found);
        QStringList got;
        for (const Problem &problem : lintFiles({write("a.yaml", text.toStdString())}).problems)
            got.append(QString::number(problem.line) + ": " + QString::fromStdString(problem.message));
        QCOMPARE(got, found);
    }

    void lintFiles_sameFolderTwice_isOneError()
    {
        write("a.yaml", "schema: 1\nrules:\n" + rule("one") + rule("two", "quota"));
        const std::string folder = m_folder->path().toStdString();
        const LintReport report = lintFiles({folder, folder + "/."});
        QCOMPARE(report.errors(), size_t(1));
        const Problem &twice = *std::find_if(report.problems.begin(), report.problems.end(),
                                             [](const Problem &each) { return each.severity == Severity::Error; });
        QVERIFY2(twice.message.find("is given twice") != std::string::npos, twice.message.c_str());
    }

    void lintFiles_folder_namesWhatIsSkippedAndLinksToNothing()
    {
        write("a.yaml", "schema: 1\nrules:\n" + rule("one"));
        write(".b.yaml", "not rules");
        QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("more")));
        const std::string folder = m_folder->path().toStdString();
        LintReport report = lintFiles({folder});
        QCOMPARE(texts(report), QStringList({"warning  skipped_folder 0"}));
        QVERIFY2(report.problems[0].message.find("--rules " + folder + "/more") != std::string::npos,
                 report.problems[0].message.c_str());
        std::filesystem::create_symlink("gone.yaml", folder + "/c.yaml");
        report = lintFiles({folder + "/c.yaml"});
        QCOMPARE(texts(report), QStringList({"error  unreadable 0"}));
        QVERIFY2(report.problems[0].message.find("leads nowhere: there is no gone.yaml") != std::string::npos,
                 report.problems[0].message.c_str());
    }

    void lintFiles_noRules_isAnError()
    {
        const LintReport report = lintFiles({write("a.yaml", "schema: 1\nrules: []\n")});
        QCOMPARE(texts(report), QStringList({"error  unreadable 0"}));
    }

private:
    std::string write(const char *name, const std::string &text) const
    {
        const std::string path = m_folder->filePath(QString::fromLatin1(name)).toStdString();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    static QStringList texts(const LintReport &report)
    {
        QStringList all;
        for (const Problem &problem : report.problems)
            all.push_back(QString::fromStdString(shown(problem)));
        return all;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestLint)
#include "tst_lint.moc"

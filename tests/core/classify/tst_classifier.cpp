#include "classify/classifier.hpp"
#include "classify/subject_parts.hpp"

#include "classify/lint.hpp"
#include "classify/rule_tests.hpp"
#include "classify/templates.hpp"
#include "text/records.hpp"
#include "text/root_cause.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

Rule rule(const std::string &id, int priority, std::vector<std::string> any)
{
    Rule made;
    made.id = id;
    made.title = "Title of " + id;
    made.errorClass = "group." + std::string(id, 0, id.find('.'));
    made.priority = priority;
    made.any = std::move(any);
    made.file = "rules.yaml";
    made.line = 7;
    return made;
}

std::shared_ptr<const Classifier> compiled(std::vector<Rule> rules, ClassifierOptions options = {})
{
    RulePack pack;
    pack.rules = std::move(rules);
    auto made = Classifier::make(std::move(pack), options);
    return made ? std::move(made).value() : nullptr;
}

model::Verdict verdictOf(const Classifier &classifier, Subject subject)
{
    text::Scratch scratch = classifier.makeScratch();
    return classifier.classify(subject, scratch);
}

model::Verdict verdictOf(const Classifier &classifier, std::string_view text)
{
    Subject subject;
    subject.text = text;
    return verdictOf(classifier, subject);
}

std::vector<std::string> ruleIds(const model::Verdict &verdict)
{
    std::vector<std::string> ids;
    for (const model::RuleMatch &match : verdict.matches)
        ids.push_back(match.rule);
    return ids;
}

} // namespace

class TestClassifier : public QObject
{
    Q_OBJECT

private slots:
    void classify_severalRulesMatch_theHighestPriorityWinsAndAllAreKept()
    {
        const auto classifier = compiled({rule("low", 10, {"disk"}), rule("high", 90, {"full"}),
                                          rule("mid", 50, {"disk full"}), rule("none", 99, {"absent"})});
        const std::string text = "first\nthe disk full";
        const model::Verdict verdict = verdictOf(*classifier, text);
        QCOMPARE(verdict.rule, std::string("high"));
        QCOMPARE(verdict.errorClass, std::string("group.high"));
        QCOMPARE(ruleIds(verdict), (std::vector<std::string>{"high", "mid", "low"}));
        QVERIFY(verdict.matches[0].winner && !verdict.matches[1].winner && !verdict.matches[2].winner);
        QCOMPARE(verdict.matches[0].line, 2);
        QCOMPARE(text.substr(verdict.matches[0].begin, verdict.matches[0].end - verdict.matches[0].begin),
                 std::string("full"));
    }

    void classify_equalPriority_theMoreSpecificThenTheLowerIdWins()
    {
        Rule specific = rule("z.specific", 50, {"error"});
        specific.none = {"not there"};
        const auto first = compiled({rule("b", 50, {"error"}), rule("a", 50, {"error"}), specific});
        QCOMPARE(ruleIds(verdictOf(*first, "error")), (std::vector<std::string>{"z.specific", "a", "b"}));
        Rule scoped = rule("zz.scoped", 50, {"error"});
        scoped.scopeJobGlob = "etl-*";
        const auto second = compiled({specific, scoped});
        Subject subject;
        subject.text = "error";
        subject.job = "etl-daily";
        QCOMPARE(verdictOf(*second, subject).rule, std::string("zz.scoped"));
    }

    void classify_nothingMatches_isUnclassified()
    {
        const model::Verdict verdict = verdictOf(*compiled({rule("a", 50, {"error"})}), "all is well");
        QCOMPARE(verdict.errorClass, std::string(model::kUnclassified));
        QVERIFY(verdict.rule.empty() && verdict.matches.empty());
        QCOMPARE(verdictOf(*compiled({rule("a", 50, {"error"})}), std::string_view()), model::Verdict());
    }

    void classify_allAnyNone_areCombined_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("matches");
        QTest::newRow("all and one of any") << "alpha beta gamma" << true;
        QTest::newRow("one of all missing") << "alpha gamma" << false;
        QTest::newRow("none of any") << "alpha beta" << false;
        QTest::newRow("a forbidden one is there") << "alpha beta gamma omega" << false;
    }
    void classify_allAnyNone_areCombined()
    {
        QFETCH(QString, text);
        QFETCH(bool, matches);
        Rule made = rule("r", 50, {"gamma", "delta"});
        made.all = {"alpha", "beta"};
        made.none = {"omega"};
        QCOMPARE(!verdictOf(*compiled({made}), text.toStdString()).rule.empty(), matches);
    }

    void classify_where_looksOnlyThere_data()
    {
        QTest::addColumn<int>("where");
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("matches");
        const int cause = static_cast<int>(MatchWhere::RootCause);
        const int message = static_cast<int>(MatchWhere::Message);
        const int last = static_cast<int>(MatchWhere::LastLines);
        QTest::newRow("the root cause's frames belong to it") << cause << "d\\.E\\.f" << true;
        QTest::newRow("the outer exception does not") << cause << "outer" << false;
        QTest::newRow("the message is the cause's first line") << message << "deep reason" << true;
        QTest::newRow("its frames are not the message") << message << "d\\.E\\.f" << false;
        QTest::newRow("the last two lines") << last << "d\\.E\\.f" << true;
        QTest::newRow("what stands before them") << last << "outer" << false;
    }
    void classify_where_looksOnlyThere()
    {
        QFETCH(int, where);
        QFETCH(QString, pattern);
        QFETCH(bool, matches);
        Rule made = rule("r", 50, {pattern.toStdString()});
        made.where = static_cast<MatchWhere>(where);
        made.lastLines = made.where == MatchWhere::LastLines ? 2 : 0;
        const std::string text = "java.lang.Exception: outer\n\tat a.B.c(B.java:1)\nCaused by: java.io.IOException: "
                                 "deep reason\n\tat d.E.f(E.java:2)\n";
        const model::Verdict verdict = verdictOf(*compiled({made}), text);
        QCOMPARE(!verdict.rule.empty(), matches);
        if (matches) {
            const model::RuleMatch &match = verdict.matches.front();
            QVERIFY(std::string_view(text).substr(match.begin, match.end - match.begin).size() >= 5);
            QCOMPARE(match.line, 1
                                     + static_cast<int>(std::count(
                                         text.begin(), text.begin() + static_cast<std::ptrdiff_t>(match.begin), '\n')));
            QVERIFY(match.line >= 3);
        }
    }

    void classify_givenRootCause_isUsedAndPlacedInTheText()
    {
        Rule made = rule("r", 50, {"disk"});
        made.where = MatchWhere::RootCause;
        const auto classifier = compiled({made});
        Subject subject;
        subject.text = "a\nb\nthe disk is full\n";
        subject.rootCause = "the disk is full";
        QCOMPARE(verdictOf(*classifier, subject).matches.front().line, 3);
        subject.text = "another text";
        const model::Verdict elsewhere = verdictOf(*classifier, subject);
        QCOMPARE(elsewhere.rule, std::string("r"));
        QCOMPARE(elsewhere.matches.front().line, 0);
        subject.text = {};
        QCOMPARE(verdictOf(*compiled({rule("whole", 50, {"disk"})}), subject).rule, std::string("whole"));
    }

    void classify_causeToldWithinJson_isSeenEverywhereAndPlacedAtItsLine()
    {
        const std::string text = "{\"level\":\"info\",\"event\":\"began\"}\n"
                                 "{\"level\":\"error\",\"error_detail\":[{\"exc_type\":\"ShelfError\",\"exc_value\":"
                                 "\"no \\\"shelf\\\" 7\"}]}\n{\"level\":\"info\",\"event\":\"ended\"}\n";
        Rule byCause = rule("a.cause", 50, {"^ShelfError: no \"(?<what>\\w+)\""});
        byCause.where = MatchWhere::RootCause;
        Rule byMessage = rule("a.message", 40, {"^ShelfError: no \"shelf\" \\d$"});
        byMessage.where = MatchWhere::Message;
        Rule byLog = rule("a.log", 30, {"\nShelfError: no \"shelf\""});
        byLog.where = MatchWhere::WholeLog;
        Rule byLine = rule("a.line", 20, {"\"exc_type\":\"ShelfError\""});
        byLine.where = MatchWhere::WholeLog;
        const auto classifier = compiled({byCause, byMessage, byLog, byLine});
        Subject subject;
        subject.text = text;
        for (const char *cause : {"", "ShelfError: no \"shelf\" 7"}) { // found now, or when the text was imported
            subject.rootCause = cause;
            const model::Verdict verdict = verdictOf(*classifier, subject);
            QCOMPARE(ruleIds(verdict), (std::vector<std::string>{"a.cause", "a.message", "a.log", "a.line"}));
            for (const model::RuleMatch &match : verdict.matches) {
                QCOMPARE(match.line, 2);
                QVERIFY(match.end <= text.size() && match.begin < match.end);
                QVERIFY(match.evidence == model::Evidence::Failure);
            }
        }
        const std::string plain = "{\"level\":\"info\"}\n{\"error\":\"ShelfError: no shelf\"}\n";
        QCOMPARE(verdictOf(*compiled({rule("a.log", 30, {"^ShelfError|\\nShelfError"})}), plain).matches.at(0).line, 2);
        subject.rootCause = "ShelfError: no \"shelf\" of another text";
        const model::Verdict verdict = verdictOf(*classifier, subject);
        QCOMPARE(ruleIds(verdict), (std::vector<std::string>{"a.cause", "a.line"}));
        QCOMPARE(verdict.matches.front().line, 0);
    }

    void classify_textThatDockerKeeps_isSeenAsWrittenAndPlacedAtItsLines()
    {
        const std::string end = "\",\"stream\":\"stderr\",\"time\":\"2024-05-01T10:00:00.1Z\"}\n";
        const std::string text = "{\"log\":\"begun\\n" + end + "{\"log\":\"shop.ShelfException: no \\\"shelf\\\"\\n"
                                 + end + "{\"log\":\"\\tat a.B.c(B.java:1)\\n" + end + "{\"log\":\"exit code 137\\n"
                                 + end;
        Rule byCause = rule("a.cause", 50, {"\\Ashop.ShelfException: no \"shelf\"\n\tat a"});
        byCause.where = MatchWhere::RootCause;
        Rule byLog = rule("a.log", 40, {"\nshop.ShelfException: no \"(?<what>\\w+)\"\n"});
        byLog.where = MatchWhere::WholeLog;
        Rule byEnd = rule("a.end", 30, {"^exit code 137"});
        byEnd.where = MatchWhere::LastLines;
        byEnd.lastLines = 1;
        const model::Verdict verdict = verdictOf(*compiled({byCause, byLog, byEnd}), text);
        QCOMPARE(ruleIds(verdict), (std::vector<std::string>{"a.cause", "a.log", "a.end"}));
        QCOMPARE(verdict.matches.at(0).line, 2);
        QCOMPARE(text.substr(verdict.matches.at(0).begin, 21), std::string("{\"log\":\"shop.ShelfExc"));
        QCOMPARE(text.at(verdict.matches.at(0).end), '\n');
        QCOMPARE(verdict.matches.at(2).line, 4);
        const std::string quoted =
            "{\"log\":\"begun\\n" + end
            + "{\"log\":\"{\\\"level\\\":\\\"error\\\",\\\"error\\\":\\\"KeyError: no shelf\\\"}\\n" + end;
        Subject subject;
        subject.text = quoted;
        QCOMPARE(SubjectParts(subject).quotedAt(), std::optional(quoted.find('\n') + 1));
    }

    void classify_linesBehindHeads_areSeenWithoutAndPlacedWhereTheyStand_data()
    {
        QTest::addColumn<QString>("head");
        QTest::addColumn<QString>("tail");
        QTest::newRow("a CI runner's") << "2024-05-11T03:20:10.4864002Z "
                                       << "";
        QTest::newRow("an operator's") << "[2024-05-11, 03:20:11 UTC] {subprocess.py:93} INFO - "
                                       << "";
        QTest::newRow("a container's") << "[2024-05-11, 03:20:11 UTC] {pod_manager.py:471} INFO - [base] "
                                       << "";
        QTest::newRow("a pod's") << "[pod/load-x7/base] "
                                 << "";
        QTest::newRow("Airflow 3.0's") << "[2025-05-11, 03:20:11] INFO - "
                                       << ": chan=\"stdout\": source=\"task\"";
        QTest::newRow("Airflow 3.1's") << "[2025-05-11 03:20:11] INFO - "
                                       << " source=task.stdout loc=a.py:7";
        QTest::newRow("both") << "[2025-05-11 03:20:11] INFO - 2024-05-11T03:20:10.4864002Z "
                              << " source=task.stdout";
    }
    void classify_linesBehindHeads_areSeenWithoutAndPlacedWhereTheyStand()
    {
        QFETCH(QString, head);
        QFETCH(QString, tail);
        std::string text;
        for (const char *line : {"begun", "ERROR:  shop is full", "CONTEXT:  shop_fee() line 12", "a.ShelfException: 7",
                                 "\tat a.B.c(B.java:1)", "\tat a.B.d(B.java:2)"})
            text += head.toStdString() + line + tail.toStdString() + '\n';
        Rule byLog = rule("a.log", 50, {"ERROR: +(?<what>[^\\n]+)\\nCONTEXT: "});
        byLog.where = MatchWhere::WholeLog;
        byLog.leastLevel = LeastLevel::Error;
        byLog.captures = {{"what", "word"}};
        Rule byCause = rule("a.cause", 40, {"\\Aa.ShelfException: 7\\n\\tat a.B.c[^\\n]*\\n\\tat a.B.d[^\\n]*\\z"});
        byCause.where = MatchWhere::RootCause;
        Rule byEnd = rule("a.end", 30, {"\\A\\tat a.B.d\\(B.java:2\\)(?=\\n)"});
        byEnd.where = MatchWhere::LastLines;
        byEnd.lastLines = 1;
        const auto classifier = compiled({byLog, byCause, byEnd});
        const std::string found = text::findRootCause(text).text; // as it is kept by whoever imports the text
        for (const std::string &cause : {std::string(), found}) {
            Subject subject;
            subject.text = text;
            subject.rootCause = cause;
            const model::Verdict verdict = verdictOf(*classifier, subject);
            QCOMPARE(ruleIds(verdict), (std::vector<std::string>{"a.log", "a.cause", "a.end"}));
            QCOMPARE(verdict.captures.at("what").text, std::string("shop is full"));
            const auto lineOf = [&](std::size_t i) { return verdict.matches.at(i).line; };
            QCOMPARE((std::vector<int>{lineOf(0), lineOf(1), lineOf(2)}), (std::vector<int>{2, 4, 6}));
            const auto placed = [&](std::size_t i) {
                return text.substr(verdict.matches.at(i).begin,
                                   verdict.matches.at(i).end - verdict.matches.at(i).begin);
            };
            QVERIFY(placed(1).starts_with("a.ShelfException: 7"));
            QCOMPARE(placed(2), std::string("\tat a.B.d(B.java:2)"));
        }
    }

    void classify_causeInJsonBehindHeads_isPlacedAtItsQuotes()
    {
        const std::string head = "2024-05-11T03:20:10.4864002Z ";
        const std::string text = head + "begun\n" + head
                                 + "{\"level\":\"error\",\"error\":\"KeyError: no \\\"shelf\\\"\"}\n" + head + "bye\n";
        Rule byLog = rule("a.log", 50, {"KeyError: no \"shelf\""});
        byLog.where = MatchWhere::WholeLog;
        byLog.leastLevel = LeastLevel::Error;
        Subject subject;
        subject.text = text;
        const auto match = verdictOf(*compiled({byLog}), subject).matches.at(0);
        QCOMPARE(match.line, 2);
        QCOMPARE(match.begin, text.find("KeyError"));
        QCOMPARE(SubjectParts(subject).quotedAt(), std::optional(match.begin));
    }

    void classify_messageBelowItsException_isSeenBesideItAndPlacedThere()
    {
        const std::string text = "begun\nWorkflowError:\nno shelf 7 in the shop\n    shelf: 7\n";
        Rule byMessage = rule("a.message", 40, {"\\AWorkflowError: no shelf (?<what>\\d)"});
        byMessage.where = MatchWhere::Message;
        Rule byLog = rule("a.log", 30, {"WorkflowError:\nno shelf"});
        const auto classifier = compiled({byMessage, byLog});
        Subject subject;
        subject.text = text;
        for (const char *cause : {"", "WorkflowError: no shelf 7 in the shop\n    shelf: 7"}) {
            subject.rootCause = cause;
            const model::Verdict verdict = verdictOf(*classifier, subject);
            QCOMPARE(ruleIds(verdict), (std::vector<std::string>{"a.message", "a.log"}));
            for (const model::RuleMatch &match : verdict.matches)
                QCOMPARE(match.line, 2);
        }
    }

    void classify_causeToldWithinJson_countsAsItsLineDoes()
    {
        Rule byLog = rule("a.log", 30, {"refused \"by\" peer"});
        byLog.where = MatchWhere::WholeLog;
        byLog.leastLevel = LeastLevel::Error;
        Rule byCause = byLog;
        byCause.id = "a.cause";
        byCause.where = MatchWhere::RootCause;
        const auto classifier = compiled({byLog, byCause});
        const auto rulesAt = [&](const std::string &level) {
            const std::string text =
                "{\"level\":\"" + level + "\",\"message\":\"java.net.ConnectException: refused \\\"by\\\" peer\"}\n";
            return ruleIds(verdictOf(*classifier, text));
        };
        QCOMPARE(rulesAt("error"), (std::vector<std::string>{"a.cause", "a.log"}));
        QCOMPARE(rulesAt("warning"), std::vector<std::string>{});
    }

    void classify_causeToldWithinJson_leavesTheLogsEnd()
    {
        const std::string quoted =
            "{\"level\":\"error\",\"message\":\"java.io.IOException: \\\"disk full\\\" on /a\"}\n";
        Rule atEnd = rule("a.end", 30, {"exit code 137\n?$"});
        atEnd.where = MatchWhere::WholeLog;
        QCOMPARE(verdictOf(*compiled({atEnd}), quoted + "exit code 137\n").rule, atEnd.id);
        QCOMPARE(verdictOf(*compiled({atEnd}), quoted + "exit code 137 it was\n").rule, std::string());
        Rule open = rule("a.block", 30, {"\"disk full\""});
        open.where = MatchWhere::WholeLog;
        open.block = Block{};
        open.block->from = "^=== cleanup";
        open.block->end = Block::End::NextRecord;
        QCOMPARE(verdictOf(*compiled({open}), quoted + "=== cleanup\nremoved 3 files\n").rule, std::string());
        QCOMPARE(verdictOf(*compiled({open}), quoted + "=== cleanup\nthe \"disk full\" stays\n").rule, open.id);
    }

    void classify_scope_decidesWhichRulesTakePart_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("version");
        QTest::addColumn<bool>("matches");
        QTest::newRow("job and version fit") << "etl.daily.load"
                                             << "3.5.1" << true;
        QTest::newRow("another job") << "ml.daily.load"
                                     << "3.5.1" << false;
        QTest::newRow("another version") << "etl.daily.load"
                                         << "2.4.8" << false;
        QTest::newRow("the glob takes the whole name") << "etl.daily.loader"
                                                       << "3.5.1" << false;
    }
    void classify_scope_decidesWhichRulesTakePart()
    {
        QFETCH(QString, job);
        QFETCH(QString, version);
        QFETCH(bool, matches);
        Rule made = rule("r", 50, {"error"});
        made.scopeJobGlob = "etl.*.l?ad";
        made.scopeSparkVersion = "3.";
        const auto classifier = compiled({made});
        QVERIFY(classifier->hasScopes());
        const std::string jobName = job.toStdString();
        const model::Config config{{"spark.version", version.toStdString()}};
        Subject subject;
        subject.text = "error";
        subject.job = jobName;
        subject.config = &config;
        QCOMPARE(!verdictOf(*classifier, subject).rule.empty(), matches);
    }

    void classify_scopeOfAConfiguration_needsEveryPropertyAsItSays()
    {
        Rule made = rule("r", 50, {"error"});
        made.scopeConfig = {{"spark.a", "true"}, {"spark.b", "2"}};
        const auto classifier = compiled({made, rule("wide", 50, {"error"})});
        QVERIFY(classifier->hasScopes());
        QCOMPARE(classifier->scopeProperties(), (std::set<std::string>{"spark.a", "spark.b"}));
        const model::Config both{{"spark.a", "true"}, {"spark.b", "2"}, {"spark.c", "3"}};
        const model::Config one{{"spark.a", "true"}};
        const model::Config other{{"spark.a", "true"}, {"spark.b", "20"}};
        Subject subject;
        subject.text = "error";
        QCOMPARE(verdictOf(*classifier, subject).rule, std::string("wide"));
        for (const model::Config *config : {&one, &other}) {
            subject.config = config;
            QCOMPARE(verdictOf(*classifier, subject).rule, std::string("wide"));
        }
        subject.config = &both;
        QCOMPARE(verdictOf(*classifier, subject).rule, std::string("r"));
    }

    void classify_captures_fillTemplatesFromAllPatterns()
    {
        Rule made = rule(
            "r", 50, {"Container killed", "using (?<used>[\\d.]+ GB) of (?<limit>\\d+ GB)", "on host (?<host>\\S+)"});
        made.captures = {{"used", "bytes"}, {"limit", "bytes"}, {"host", "word"}, {"missing", "count"}};
        made.summary = "{used} of {limit|?} on {host}, {missing|none} and {missing}; {not a place} {}";
        const model::Verdict verdict =
            verdictOf(*compiled({made}), "Container killed\nusing 9.5 GB of 9 GB\non host w-7");
        QCOMPARE(verdict.summary, std::string("9.5 GB of 9 GB on w-7, none and unknown; {not a place} {}"));
        QCOMPARE(verdict.captures.at("used"), (model::Capture{"9.5 GB", "bytes", 9.5 * 1024 * 1024 * 1024}));
        QCOMPARE(verdict.captures.at("host"), (model::Capture{"w-7", "", std::nullopt}));
        QVERIFY(verdict.captures.count("missing") == 0);
    }

    void makeCapture_text_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<double>("value"); // -1: none
        QTest::newRow("gigabytes") << "9.1 GB"
                                   << "bytes" << 9.1 * 1073741824.0;
        QTest::newRow("plain bytes with commas") << "1,048,576"
                                                 << "bytes" << 1048576.0;
        QTest::newRow("the JVM's short form") << "512m"
                                              << "bytes" << 536870912.0;
        QTest::newRow("binary units") << "1.5 KiB"
                                      << "bytes" << 1536.0;
        QTest::newRow("bytes with a letter") << "104857600B"
                                             << "bytes" << 104857600.0;
        QTest::newRow("not a size") << "12 apples"
                                    << "bytes" << -1.0;
        QTest::newRow("seconds") << "120 seconds"
                                 << "seconds" << 120.0;
        QTest::newRow("milliseconds") << "10000 milliseconds"
                                      << "seconds" << 10.0;
        QTest::newRow("minutes") << "30.00m"
                                 << "seconds" << 1800.0;
        QTest::newRow("hours") << "2h"
                               << "seconds" << 7200.0;
        QTest::newRow("a count") << "1,207"
                                 << "count" << 1207.0;
        QTest::newRow("a word has no value") << "12"
                                             << "word" << -1.0;
        QTest::newRow("no number") << "many"
                                   << "count" << -1.0;
        QTest::newRow("more digits than a number holds") << QString(400, '9') << "count" << -1.0;
    }
    void makeCapture_text()
    {
        QFETCH(QString, text);
        QFETCH(QString, unit);
        QFETCH(double, value);
        const model::Capture capture = makeCapture(text.toStdString(), unit.toStdString());
        QCOMPARE(capture.text, text.toStdString());
        QCOMPARE(capture.value.value_or(-1.0), value);
    }

    void classify_budgetRunsOut_isUndeterminedAndOtherRulesStillDecide()
    {
        const auto classifier = compiled({rule("slow", 90, {"(?:x+x+)+(?=y)"}), rule("fast", 10, {"error"})});
        const model::Verdict verdict = verdictOf(*classifier, std::string(20'000, 'x') + " error");
        QCOMPARE(verdict.rule, std::string("fast"));
        QCOMPARE(verdict.undetermined, std::vector<std::string>{"slow"});
    }

    void classify_draftAndRetiredRules_takeNoPart()
    {
        Rule draft = rule("draft", 90, {"error"});
        draft.status = RuleStatus::Draft;
        Rule retired = rule("retired", 90, {"error"});
        retired.status = RuleStatus::Retired;
        const auto classifier = compiled({draft, retired, rule("a", 10, {"error"})});
        QCOMPARE(ruleIds(verdictOf(*classifier, "error")), std::vector<std::string>{"a"});
        QVERIFY(classifier->find("draft") != nullptr && classifier->find("nobody") == nullptr);
    }

    void without_disabledWinner_theNextMatchDecides()
    {
        Rule high = rule("high", 90, {"error (?<n>\\d+)"});
        high.captures = {{"n", "count"}};
        high.summary = "number {n}";
        Rule low = rule("low", 10, {"error (?<m>\\d+)"});
        low.captures = {{"m", "count"}};
        low.summary = "number {m}";
        low.advice = "look";
        const auto classifier = compiled({low, high});
        const model::Verdict verdict = verdictOf(*classifier, "error 12");
        QCOMPARE(verdict.summary, std::string("number 12"));
        QCOMPARE(classifier->without(verdict, {}), verdict);
        QCOMPARE(classifier->without(verdict, {"low"}).summary, std::string("number 12"));
        const model::Verdict left = classifier->without(verdict, {"high"});
        QCOMPARE(left.rule, std::string("low"));
        QCOMPARE(left.errorClass, std::string("group.low"));
        QVERIFY(left.summary.empty() && left.captures.empty() && left.advice == "look" && left.matches.front().winner);
        QCOMPARE(classifier->without(verdict, {"high", "low"}).errorClass, std::string(model::kUnclassified));
    }

    void make_badPattern_namesRuleFileAndLine()
    {
        RulePack pack;
        pack.rules = {rule("good", 1, {"a.c"}), rule("bad", 1, {"(unclosed"})};
        const auto made = Classifier::make(std::move(pack));
        QVERIFY(!made.has_value());
        QCOMPARE(made.error().code, base::ErrorCode::Parse);
        const std::string text = made.error().text();
        QVERIFY2(text.find("rule 'bad'") != std::string::npos && text.find("rules.yaml line 7") != std::string::npos
                     && text.find("(unclosed") != std::string::npos,
                 text.c_str());
    }

    void testPack_wrongSamples_areReported()
    {
        Rule made = rule("r", 50, {"error"});
        made.positive = {"an error", "all well"};
        made.negative = {"all well", "an error after all"};
        const SampleReport report = testPack(*compiled({made}));
        QCOMPARE(report.samples, std::uint64_t{4});
        QCOMPARE(report.failed.size(), size_t{2});
        QCOMPARE(report.failed[0].got, std::string("no rule"));
        QCOMPARE(report.failed[1].sample, std::string("an error after all"));
    }

    void classify_matchesBesideTheFailure_giveWayToOthers_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("rules"); // in order of precedence
        const auto row = [](const char *name, const char *text, const QStringList &rules) {
            QTest::newRow(name) << QString::fromUtf8(text) << rules;
        };
        row("both tell of the failure", "ERROR A: disk\nERROR B: quota\n", {"disk.full", "quota.used"});
        row("the first is information", "INFO A: disk\nERROR B: quota\n", {"quota.used", "disk.full"});
        row("the first is a client's that tries again",
            "WARN DFSClient: lost\njava.io.IOException: disk\nERROR B: quota\n", {"quota.used", "disk.full"});
        row("its word stands in both", "INFO A: disk\nERROR B: quota\nERROR A: disk\n", {"disk.full", "quota.used"});
        row("one of its words stands in both", "INFO A: volume\nERROR B: quota\nERROR A: disk\n",
            {"disk.full", "quota.used"});
        row("nothing else", "INFO A: disk\nall went on\n", {"disk.full"});
        row("a catch-all tells of the failure", "INFO A: disk\nERROR B: something\n", {"disk.full", "any.thing"});
        row("one pattern of a rule tells of it", "INFO A: heap\nERROR B: memory, quota\n",
            {"heap.memory", "quota.used"});
        row("a catch-all beside the failure goes last",
            "ERROR DFSClient: something\nINFO B: quota, any\nERROR B: any\n",
            {"quota.used", "last.resort", "any.thing"});
        row("it was got over", "WARN A: disk\nINFO DAGScheduler: Job 1 finished: a, took 1 s\nERROR B: quota\n",
            {"quota.used"});
        row("nothing else, and it was got over", "WARN A: disk\nINFO DAGScheduler: Job 1 finished: a, took 1 s\n", {});
        row("an error was not", "ERROR A: disk\nINFO DAGScheduler: Job 1 finished: a, took 1 s\n", {"disk.full"});
        row("circumstances were got over", "INFO A: heap\nINFO DAGScheduler: Job 1 finished: a\nERROR B: memory\n",
            {"heap.memory"});
        row("all of it was got over", "INFO A: heap, memory\nINFO DAGScheduler: Job 1 finished: a\nall went on\n", {});
        row("so often that the rest is passed over",
            (QByteArray("WARN A: disk\n").repeated(500) + "INFO DAGScheduler: Job 1 finished: a\nERROR B: disk\n")
                .constData(),
            {"disk.full"});
        row("all went well", "ERROR A: disk\nINFO A: Final app status: SUCCEEDED, exitCode: 0\n", {});
    }
    void classify_matchesBesideTheFailure_giveWayToOthers()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, rules);
        Rule memory = rule("heap.memory", 95, {});
        memory.all = {"heap", "memory"};
        const std::vector<Rule> pack = {rule("disk.full", 90, {"volume", "disk"}), rule("quota.used", 60, {"quota"}),
                                        rule("any.thing", kCatchAllPriority - 1, {"something"}),
                                        rule("last.resort", kCatchAllPriority - 10, {"any"}), memory};
        const auto classifier = compiled(pack);
        const std::string bytes = text.toStdString();
        const model::Verdict verdict = verdictOf(*classifier, bytes);
        QStringList found;
        for (const std::string &id : ruleIds(verdict))
            found += QString::fromStdString(id);
        QCOMPARE(found, rules);
        QCOMPARE(QString::fromStdString(verdict.rule), rules.isEmpty() ? QString() : rules.front());
        QVERIFY(verdict.matches.empty() || verdict.matches.front().winner);
        QCOMPARE(classifier->resolve(verdict.matches, verdict.captures), verdict);
        QCOMPARE(classifier->without(verdict, {}), verdict);
        ClassifierOptions unscanned;
        unscanned.scanSigns = false;
        Subject known;
        known.text = bytes;
        known.noSuccess = !text::Records(bytes).endWell() && !text::Records::holdsSignOfSuccess(bytes);
        QCOMPARE(verdictOf(*compiled(pack, unscanned), known), verdict);
    }

    void lintPack_problem_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("change");
        const char *kinds[] = {"undeclared_capture", "undeclared_capture", "unused_capture", "no_samples",
                               "backtracking",       "not_portable",       "invalid",        "failing_sample",
                               "shadowed",           "overlapping"};
        for (int i = 0; i < 10; ++i)
            QTest::addRow("%s, case %d", kinds[i], i) << kinds[i] << i;
    }
    void lintPack_problem()
    {
        QFETCH(QString, kind);
        QFETCH(int, change);
        Rule made = rule("a.rule", 50, {"error (?<n>\\d+)"});
        made.captures = {{"n", "count"}};
        made.summary = "{n}";
        made.positive = {"error 12"};
        made.negative = {"error"};
        Rule other = rule("b.rule", 40, {"fault \\d+"});
        other.positive = {"fault 3"};
        other.negative = {"fault"};
        RulePack pack;
        pack.rules = {made, other};
        QVERIFY2(lintPack(pack).empty(), "the rules are sound before the change");
        Rule &changed = pack.rules[0];
        switch (change) {
        case 0: changed.advice = "{host}"; break;
        case 1: changed.captures.emplace("host", "word"); break;
        case 2: changed.any = {"error (?<n>\\d+)(?<m>,)?"}; break;
        case 3: changed.negative.clear(); break;
        case 4: changed.any = {"error (?<n>(?:\\d+)+)"}; break;
        case 5: changed.any = {"(?<!no )error (?<n>\\d+)"}; break;
        case 6: changed.any.push_back("(open"); break;
        case 7: changed.positive.push_back("nothing"); break;
        case 8: pack.rules[1].any = changed.any, pack.rules[1].captures = changed.captures; break;
        default: changed.any.push_back("fault \\d+"), pack.rules[1].priority = 60; break;
        }
        const std::vector<Problem> problems = lintPack(pack);
        const auto found = std::find_if(problems.begin(), problems.end(),
                                        [&](const Problem &problem) { return problem.kind == kind.toStdString(); });
        QVERIFY(found != problems.end());
        QCOMPARE(found->line, 7);
        QVERIFY(!found->message.empty());
    }
};

QTEST_APPLESS_MAIN(TestClassifier)
#include "tst_classifier.moc"

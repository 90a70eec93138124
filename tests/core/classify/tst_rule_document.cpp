#include "classify/rule_document.hpp"

#include "base/rng.hpp"
#include "classify/rule_file.hpp"
#include "formats/file.hpp"

#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <map>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

const std::string kFile = "# All of storage.\n"
                          "schema: 1\n"
                          "\n"
                          "rules:   # worst first\n"
                          "  # Disks.\n"
                          "  - id: disk.full   # the usual one\n"
                          "    title: \"Disk full\"\n"
                          "    class: storage.disk_full\n"
                          "    domain: platform\n"
                          "    # people forget this\n"
                          "    transient: true\n"
                          "    action: retry\n"
                          "    match:\n"
                          "      any:\n"
                          "        # Linux\n"
                          "        - 'No space left'  # ENOSPC\n"
                          "        - \"disk\\tfull\"\n"
                          "        # the end\n"
                          "    samples:\n"
                          "      positive:\n"
                          "        - |-   # from a driver\n"
                          "          java.io.IOException: No space left on device\n"
                          "          \tat java.io.FileOutputStream.write\n"
                          "\n"
                          "          Caused by: # not a comment\n"
                          "        - No space left\n"
                          "\n"
                          "  - {id: dns.name, title: 'Name not found', class: network.dns, domain: platform,\n"
                          "     action: retry, match: {any: ['UnknownHost', \"Name or\"]}, owner: 'n''et'}\n"
                          "  # Zuletzt: Größe überschritten\n"
                          "  - id: size.limit\n"
                          "    title: Größe\n"
                          "    links: [https://example.org/a,\n"
                          "            'https://example.org/b']\n"
                          "    owner:\n"
                          "    class: quota.cloud\n"
                          "    domain: user\n"
                          "    action: stop\n"
                          "    match: {where: last_lines, last_lines: 5, any: [größer]}\n"
                          "    summary: >\n"
                          "      Too large,\n"
                          "      said the cloud.\n"
                          "    samples: {}\n"
                          "# end of file\n";

std::string withCrlf(std::string text)
{
    for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2))
        text.insert(at, "\r");
    return text;
}

RuleDocument document(const std::string &text)
{
    auto made = RuleDocument::parse(text, "test.yaml");
    if (!made)
        qFatal("%s", made.error().text().c_str());
    return std::move(made).value();
}

RuleDocument made(base::Result<RuleDocument> result)
{
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(result).value();
}

/// What the second text has in place of the first one's middle: "old → new", equal lines left out.
QString difference(const std::string &before, const std::string &after)
{
    const QStringList a = QString::fromStdString(before).split('\n');
    const QStringList b = QString::fromStdString(after).split('\n');
    qsizetype head = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head])
        ++head;
    qsizetype tail = 0;
    while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    return a.mid(head, a.size() - head - tail).join('\n') + " -> " + b.mid(head, b.size() - head - tail).join('\n');
}

/// One edit of a rule, by name, for tables.
using Change = void (*)(Rule &);

Rule newRule(const std::string &id)
{
    Rule rule;
    rule.id = id;
    rule.title = "It's new: all of it";
    rule.errorClass = "code.exception";
    rule.action = model::RuleAction::Stop;
    rule.created = "2026-02-03";
    rule.any = {"a 'quoted' \\d+ pattern"};
    rule.positive = {"first\n\tat second\nthird", "one line # no comment"};
    return rule;
}

std::vector<std::string> commentsOf(const std::string &text)
{
    std::vector<std::string> out;
    for (const QString &line : QString::fromStdString(text).split('\n'))
        if (line.trimmed().startsWith('#'))
            out.push_back(line.trimmed().toStdString());
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

Q_DECLARE_METATYPE(Change)

class TestRuleDocument : public QObject
{
    Q_OBJECT

private slots:
    void withRule_oneKey_changesItsLinesOnly_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *id, Change change, const char *expected) {
            QTest::newRow(name) << id << change << QString::fromUtf8(expected);
        };
        row(
            "a text in double quotes stays so", "disk.full", [](Rule &r) { r.title = "Disc's full"; },
            "    title: \"Disk full\" ->     title: \"Disc's full\"");
        row(
            "a plain word stays plain", "disk.full", [](Rule &r) { r.errorClass = "storage.throttled"; },
            "    class: storage.disk_full ->     class: storage.throttled");
        row(
            "what no longer can be plain is quoted", "size.limit", [](Rule &r) { r.title = "a: b"; },
            "    title: Größe ->     title: 'a: b'");
        row(
            "a truth value", "disk.full", [](Rule &r) { r.transient = false; },
            "    transient: true ->     transient: false");
        row(
            "a key before the comment that follows it", "disk.full", [](Rule &r) { r.id = "disk.filled"; },
            "  - id: disk.full   # the usual one ->   - id: disk.filled   # the usual one");
        row(
            "a new key comes after the one before it", "disk.full", [](Rule &r) { r.priority = 80; },
            " ->     priority: 80");
        row(
            "a new key in a nested map", "disk.full",
            [](Rule &r) {
                r.caseless = true;
                r.where = MatchWhere::Message;
            },
            " ->       where: message\n      case: insensitive");
        row(
            "a status that is new", "disk.full", [](Rule &r) { r.status = RuleStatus::Retired; },
            " ->     status: retired");
        row(
            "a list that is new", "disk.full", [](Rule &r) { r.negative = {"plenty of space"}; },
            " ->       negative:\n        - 'plenty of space'");
        row(
            "a pattern changed keeps its comment", "disk.full", [](Rule &r) { r.any[0] = "No space"; },
            "        - 'No space left'  # ENOSPC ->         - 'No space'  # ENOSPC");
        row(
            "a pattern more", "disk.full", [](Rule &r) { r.any.insert(r.any.begin() + 1, "ENOSPC"); },
            " ->         - 'ENOSPC'");
        row(
            "a pattern less", "disk.full", [](Rule &r) { r.any.erase(r.any.begin()); },
            "        - 'No space left'  # ENOSPC -> ");
        row(
            "a line of a literal block", "disk.full",
            [](Rule &r) { r.positive[0].replace(r.positive[0].find("device"), 6, "disk"); },
            "          java.io.IOException: No space left on device ->           java.io.IOException: No space left on "
            "disk");
        row(
            "a literal block to one line keeps its comment", "disk.full",
            [](Rule &r) { r.positive[0] = "No space left!"; },
            "          java.io.IOException: No space left on device\n          \tat java.io.FileOutputStream.write\n\n"
            "          Caused by: # not a comment ->           No space left!");
        row(
            "a plain text to several lines", "disk.full", [](Rule &r) { r.positive[1] = "No space left\n\tat x"; },
            "        - No space left ->         - |-\n          No space left\n          \tat x");
        row(
            "a sample at the end", "disk.full", [](Rule &r) { r.positive.push_back("a\r\nb"); },
            " ->         - \"a\\r\\nb\"");
        row(
            "a member within braces", "dns.name", [](Rule &r) { r.owner = "o'ps"; },
            "     action: retry, match: {any: ['UnknownHost', \"Name or\"]}, owner: 'n''et'} ->      action: retry, "
            "match: "
            "{any: ['UnknownHost', \"Name or\"]}, owner: 'o''ps'}");
        row(
            "an item within brackets within braces", "dns.name", [](Rule &r) { r.any[1] = "Name \"or\""; },
            "     action: retry, match: {any: ['UnknownHost', \"Name or\"]}, owner: 'n''et'} ->      action: retry, "
            "match: "
            "{any: ['UnknownHost', \"Name \\\"or\\\"\"]}, owner: 'n''et'}");
        row(
            "a list within brackets grows", "size.limit", [](Rule &r) { r.any.emplace_back("zu, groß"); },
            "    match: {where: last_lines, last_lines: 5, any: [größer]} ->     match: {where: last_lines, "
            "last_lines: 5, "
            "any: [größer, 'zu, groß']}");
        row(
            "a key without a value", "size.limit", [](Rule &r) { r.owner = "cloud"; },
            "    owner: ->     owner: cloud");
        row(
            "an empty map", "size.limit", [](Rule &r) { r.positive = {"zu größer"}; },
            "    samples: {} ->     samples:\n      positive:\n        - 'zu größer'");
        row(
            "a folded text", "size.limit", [](Rule &r) { r.summary = "Too large."; },
            "    summary: >\n      Too large,\n      said the cloud. ->     summary: |-\n      Too large.");
        row(
            "a key that becomes empty goes", "size.limit", [](Rule &r) { r.summary.clear(); },
            "    summary: >\n      Too large,\n      said the cloud. -> ");
    }
    void withRule_oneKey_changesItsLinesOnly()
    {
        QFETCH(QString, id);
        QFETCH(Change, change);
        QFETCH(QString, expected);
        for (const bool crlf : {false, true}) {
            const RuleDocument before = document(crlf ? withCrlf(kFile) : kFile);
            Rule rule = *before.find(id.toStdString());
            change(rule);
            const auto after = before.withRule(id.toStdString(), rule);
            QVERIFY2(after.has_value(), after ? "" : after.error().text().c_str());
            std::string text = after->text();
            if (crlf) {
                QCOMPARE(std::count(text.begin(), text.end(), '\r'), std::count(text.begin(), text.end(), '\n'));
                std::erase(text, '\r');
            }
            QCOMPARE(difference(kFile, text), expected);
            QVERIFY(sameRule(*after->find(rule.id), rule));
        }
    }

    void withRule_unchanged_isTheSameDocument()
    {
        const RuleDocument before = document(kFile);
        QCOMPARE(made(before.withRule(before.rules()[0])), before);
    }

    void withStatus_retiredAndRestored_givesTheSameBytes()
    {
        const RuleDocument before = document(kFile);
        const RuleDocument retired = made(before.withStatus("disk.full", RuleStatus::Retired));
        QVERIFY(retired.text() != before.text());
        QCOMPARE(retired.find("disk.full")->status, RuleStatus::Retired);
        QCOMPARE(made(retired.withStatus("disk.full", RuleStatus::Active)).text(), before.text());
    }

    void withAdded_anyPlace_putsWholeLines_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("after");
        QTest::addColumn<QStringList>("order");
        QTest::newRow("at the end") << "" << true << QStringList{"disk.full", "dns.name", "size.limit", "new.rule"};
        QTest::newRow("after the first") << "disk.full" << true
                                         << QStringList{"disk.full", "new.rule", "dns.name", "size.limit"};
        QTest::newRow("before the first")
            << "disk.full" << false << QStringList{"new.rule", "disk.full", "dns.name", "size.limit"};
        QTest::newRow("before the last and its comment")
            << "size.limit" << false << QStringList{"disk.full", "dns.name", "new.rule", "size.limit"};
    }
    void withAdded_anyPlace_putsWholeLines()
    {
        QFETCH(QString, id);
        QFETCH(bool, after);
        QFETCH(QStringList, order);
        const RuleDocument before = document(kFile);
        const RulePlace place{id.toStdString(), after ? RulePlace::Side::After : RulePlace::Side::Before};
        const RuleDocument added = made(before.withAdded(newRule("new.rule"), place));
        QStringList ids;
        for (const Rule &rule : added.rules())
            ids << QString::fromStdString(rule.id);
        QCOMPARE(ids, order);
        QVERIFY(sameRule(*added.find("new.rule"), newRule("new.rule")));
        for (const Rule &rule : before.rules())
            QCOMPARE(added.textOf(rule.id), before.textOf(rule.id));
        if (id != "size.limit") // where the file itself sets rules apart by a line, taking one out undoes putting it in
            QCOMPARE(made(added.without("new.rule")).text(), before.text());
    }

    void withAdded_emptyFile_writesTheFirstRule()
    {
        const RuleDocument added = made(RuleDocument::empty("a.yaml").withAdded(newRule("new.rule")));
        QCOMPARE(QString::fromStdString(added.text()), QString("schema: 1\n"
                                                               "rules:\n"
                                                               "  - id: new.rule\n"
                                                               "    title: 'It''s new: all of it'\n"
                                                               "    created: 2026-02-03\n"
                                                               "    class: code.exception\n"
                                                               "    domain: user\n"
                                                               "    transient: false\n"
                                                               "    priority: 50\n"
                                                               "    match:\n"
                                                               "      where: whole_log\n"
                                                               "      any:\n"
                                                               "        - 'a ''quoted'' \\d+ pattern'\n"
                                                               "    action: stop\n"
                                                               "    samples:\n"
                                                               "      positive:\n"
                                                               "        - |-\n"
                                                               "          first\n"
                                                               "          \tat second\n"
                                                               "          third\n"
                                                               "        - 'one line # no comment'\n"));
        QCOMPARE(made(added.without("new.rule")).text(), std::string("schema: 1\nrules: []\n"));
    }

    void moved_acrossTheFile_takesItsCommentsAlong()
    {
        const RuleDocument before = document(kFile);
        const RuleDocument after = made(before.moved("size.limit", {"disk.full", RulePlace::Side::Before}));
        QCOMPARE(after.rules()[0].id, std::string("size.limit"));
        QVERIFY(after.textOf("size.limit").starts_with("  # Zuletzt"));
        for (const Rule &rule : before.rules())
            QCOMPARE(after.textOf(rule.id), before.textOf(rule.id));
        QCOMPARE(commentsOf(after.text()), commentsOf(before.text()));
    }

    void moved_thereAndBack_givesTheSameBytes()
    {
        for (const char *gap : {"", "\n"}) {
            std::string text = "schema: 1\nrules:\n";
            for (const char *id : {"a", "b", "c"})
                text += std::string(id[0] == 'a' ? "" : gap) + "  # About " + id + "\n  - id: " + id
                        + "\n    title: t\n    class: a.b\n    domain: user\n    action: stop\n    match: {any: [x]}\n";
            const RuleDocument before = document(text);
            const RuleDocument last = made(before.moved("a", {}));
            QCOMPARE(last.rules()[2].id, std::string("a"));
            QCOMPARE(made(last.moved("a", {"b", RulePlace::Side::Before})).text(), text);
            const RuleDocument first = made(before.moved("c", {"a", RulePlace::Side::Before}));
            QCOMPARE(made(first.moved("c", {})).text(), text);
        }
    }

    void moved_toItsOwnPlace_changesNothing()
    {
        const RuleDocument before = document(kFile);
        QCOMPARE(made(before.moved("dns.name", {"disk.full", RulePlace::Side::After})), before);
        QCOMPARE(made(before.moved("dns.name", {"size.limit", RulePlace::Side::Before})), before);
        QCOMPARE(made(before.moved("size.limit", {})), before);
    }

    void edits_noBreakAtTheEnd_goOnHavingNone()
    {
        std::string text = kFile.substr(0, kFile.find("    samples: {}"));
        text.pop_back();
        text.replace(text.find("summary: >"), 10, "summary: >-");
        const RuleDocument before = document(text);
        Rule rule = *before.find("size.limit");
        rule.positive = {"zu größer"};
        rule.advice = "Smaller.";
        const RuleDocument after = made(before.withRule(rule));
        QCOMPARE(difference(text, after.text()), QString(" ->     advice: Smaller.\n    samples:\n      positive:\n"
                                                         "        - 'zu größer'"));
        QVERIFY(!after.text().ends_with('\n'));
        QVERIFY(!made(before.withAdded(newRule("n"))).text().ends_with('\n'));
        // A last sample that ends with a line break needs one.
        rule.positive = {"zu größer\n"};
        QCOMPARE(made(before.withRule(rule)).find("size.limit")->positive, rule.positive);
    }

    void linesOf_rule_countItsComments()
    {
        const RuleDocument file = document(kFile);
        QCOMPARE(file.linesOf("disk.full").first, 5);
        QCOMPARE(file.linesOf("disk.full").last, 26);
        QCOMPARE(file.linesOf("dns.name").first, 28);
        QCOMPARE(file.linesOf("none").first, 0);
    }

    void edits_impossible_failAndSayWhy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("edit");
        QTest::addColumn<QString>("error");
        const QString file = QString::fromStdString(kFile);
        QTest::newRow("a rule that does not exist") << file << 0 << "There is no rule 'none'";
        QTest::newRow("an id that is taken") << file << 1 << "There is a rule 'dns.name' already";
        QTest::newRow("a renaming to a taken id") << file << 2 << "There is a rule 'dns.name' already";
        QTest::newRow("a pattern that is none") << file << 3 << "match.any";
        QTest::newRow("a class that is none") << file << 4 << "is not an error class";
        QTest::newRow("a place that does not exist") << file << 5 << "There is no rule 'none'";
        const QString flow =
            "schema: 1\nrules: [{id: a, title: t, class: a.b, domain: user, action: stop, match: {any: [x]}}]\n";
        QTest::newRow("rules within brackets cannot be added to") << flow << 6 << "stand in brackets";
        const QString anchor = "schema: 1\nrules:\n  - id: a\n    title: &t x\n    summary: *t\n    class: a.b\n"
                               "    domain: user\n    action: stop\n    match: {any: [x]}\n";
        QTest::newRow("a text that others refer to") << anchor << 7 << "without disturbing other parts";
        const QString braces = "schema: 1\nrules:\n  - {id: a, title: t, class: a.b, # a comment\n     domain: user, "
                               "action: stop, match: {any: [x]}}\n";
        QTest::newRow("a comment that would be lost") << braces << 8 << "with comments in it";
    }
    void edits_impossible_failAndSayWhy()
    {
        QFETCH(QString, text);
        QFETCH(int, edit);
        QFETCH(QString, error);
        const RuleDocument before = document(text.toStdString());
        Rule rule = before.rules()[0];
        const auto result = [&]() -> base::Result<RuleDocument> {
            switch (edit) {
            case 0: return before.without("none");
            case 1: return before.withAdded(newRule("dns.name"));
            case 2: rule.id = "dns.name"; return before.withRule("disk.full", rule);
            case 3: rule.any = {"("}; return before.withRule(rule);
            case 4: rule.errorClass = "Nope"; return before.withRule(rule);
            case 5: return before.moved("disk.full", {"none", RulePlace::Side::After});
            case 6: return before.withAdded(newRule("b"));
            case 7: rule.title = "y"; return before.withRule(rule);
            default: rule.owner = "o"; return before.withRule(rule);
            }
        }();
        QVERIFY(!result.has_value());
        QVERIFY2(result.error().text().find(error.toStdString()) != std::string::npos, result.error().text().c_str());
        QCOMPARE(before.text(), text.toStdString());
    }

    void withRule_withinBracketsAndAliases_worksWhereItCan()
    {
        const RuleDocument flow = document(
            "schema: 1\nrules: [{id: a, title: t, class: a.b, domain: user, action: stop, match: {any: [x]}}]\n");
        Rule rule = flow.rules()[0];
        rule.title = "other, and more";
        QCOMPARE(made(flow.withRule(rule)).text(),
                 std::string("schema: 1\nrules: [{id: a, title: 'other, and more', class: a.b, domain: user, action: "
                             "stop, match: {any: [x]}}]\n"));
        const RuleDocument alias =
            document("schema: 1\nrules:\n  - id: a\n    title: &t x\n    summary: *t\n    class: a.b\n"
                     "    domain: user\n    action: stop\n    match: {any: [x]}\n");
        rule = alias.rules()[0];
        rule.summary = "y";
        QVERIFY(made(alias.withRule(rule)).text().find("    summary: 'y'\n") != std::string::npos);
    }

    void edits_behindAByteOrderMark_keepIt()
    {
        const std::string mark = "\xEF\xBB\xBF";
        const RuleDocument plain = document(kFile);
        const RuleDocument marked = document(mark + kFile);
        Rule rule = plain.rules().front();
        const std::string id = rule.id;
        QCOMPARE(marked.text(), mark + kFile);
        QCOMPARE(marked.textOf(id), plain.textOf(id));
        QCOMPARE(marked.linesOf(id).first, plain.linesOf(id).first);
        rule.title = "another";
        QCOMPARE(made(marked.withRule(rule)).text(), mark + made(plain.withRule(rule)).text());
        QCOMPARE(made(marked.without(id)).text(), mark + made(plain.without(id)).text());
        rule.id = "new.one";
        QCOMPARE(made(marked.withAdded(rule)).text(), mark + made(plain.withAdded(rule)).text());
        QVERIFY(!(marked == plain));
    }

    void edits_randomSequences_keepEverythingElse_data()
    {
        QTest::addColumn<QString>("text");
        for (const auto &entry :
             std::filesystem::directory_iterator(std::string(MULLIGAN_SOURCE_DIR) + "/resources/rules"))
            QTest::newRow(("shipped " + entry.path().filename().string()).c_str())
                << QString::fromStdString(*formats::readTextFile(entry.path().string()));
        QTest::newRow("a synthetic file of every style") << QString::fromStdString(kFile);
        QTest::newRow("the same with CRLF") << QString::fromStdString(withCrlf(kFile));
        QTest::newRow("the same without a last break") << QString::fromStdString(kFile.substr(0, kFile.size() - 1));
        QTest::newRow("rules at the margin") << "schema: 1\nrules:\n- id: a\n  title: t\n  class: a.b\n  domain: "
                                                "user\n  action: stop\n  match:\n    any:\n"
                                                "    - x\n    - y\n- id: b\n  title: t\n  class: a.b\n  domain: user\n "
                                                " action: stop\n  match: {any: [z]}\n";
    }
    void edits_randomSequences_keepEverythingElse()
    {
        QFETCH(QString, text);
        RuleDocument file = document(text.toStdString());
        std::vector<Rule> model = file.rules();
        base::Rng rng(7, text.left(200).toStdString());
        const int steps = text.size() < 10'000 ? 60 : 8; // large files are read slowly, and there are a hundred of them
        for (int step = 0; step < steps; ++step) {
            const RuleDocument before = file;
            const std::string touched = randomEdit(rng, step, file, model);
            const auto read = parseRules(file.text(), "test.yaml");
            QVERIFY2(read.has_value(), read ? "" : read.error().text().c_str());
            QCOMPARE(read->size(), model.size());
            for (size_t i = 0; i < model.size(); ++i)
                QVERIFY2(sameRule((*read)[i], model[i]), model[i].id.c_str());
            // Only some are compared each time: laying out a text is what takes long.
            for (size_t i = 0; i < model.size() && i < 3; ++i) {
                const std::string &id = model[rng.below(model.size())].id;
                if (id != touched && before.find(id) != nullptr)
                    QCOMPARE(file.textOf(id), before.textOf(id));
            }
            QVERIFY(file.rules().size() < before.rules().size() || keepsComments(before.text(), file.text()));
        }
    }

private:
    /// Comment lines of the older text are in the newer one as well.
    static bool keepsComments(const std::string &before, const std::string &after)
    {
        const auto old = commentsOf(before);
        const auto now = commentsOf(after);
        return std::includes(now.begin(), now.end(), old.begin(), old.end());
    }

    static std::string randomText(base::Rng &rng)
    {
        static const std::vector<std::string> kTexts{
            "plain",  "it's",        "a: b # c",        "line\n\tat two\n\nfour",
            "ends\n", "größer 漢字", "\"quoted\" \\d+", "- dash",
            "{brace", "tab\there",   "cr\r\nlf",        " leading\nsecond",
            "true",   "12",          "2026-01-02",      "x\n\n"};
        return kTexts[rng.below(kTexts.size())];
    }

    /// Makes one edit of the document and of what it should say; the id of the rule it is about.
    static std::string randomEdit(base::Rng &rng, int step, RuleDocument &file, std::vector<Rule> &model)
    {
        const size_t at = rng.below(model.size());
        const std::string id = model[at].id;
        const auto kind = rng.below(8);
        if (kind == 0) {
            const Rule rule = newRule("new." + std::to_string(step));
            file = made(file.withAdded(rule, {id, RulePlace::Side::After}));
            model.insert(model.begin() + static_cast<std::ptrdiff_t>(at) + 1, rule);
            return rule.id;
        }
        if (kind == 1 && model.size() > 2) {
            file = made(file.without(id));
            model.erase(model.begin() + static_cast<std::ptrdiff_t>(at));
            return id;
        }
        if (kind == 2) {
            const std::string other = model[rng.below(model.size())].id;
            file = made(file.moved(id, {other, RulePlace::Side::Before}));
            if (other != id) {
                const Rule rule = model[at];
                model.erase(model.begin() + static_cast<std::ptrdiff_t>(at));
                const auto to = std::find_if(model.begin(), model.end(), [&](const Rule &r) { return r.id == other; });
                model.insert(to, rule);
            }
            return id;
        }
        Rule &rule = model[at];
        randomChange(rng, rule);
        file = made(file.withRule(id, rule));
        return id;
    }

    static void randomChange(base::Rng &rng, Rule &rule)
    {
        const auto list = [&](std::vector<std::string> &items, bool mayBeEmpty) {
            const auto kind = rng.below(3);
            if (kind == 0 || items.empty())
                items.insert(items.begin() + static_cast<std::ptrdiff_t>(rng.below(items.size() + 1)), randomText(rng));
            else if (kind == 1 && (mayBeEmpty || items.size() > 1))
                items.erase(items.begin() + static_cast<std::ptrdiff_t>(rng.below(items.size())));
            else
                items[rng.below(items.size())] = randomText(rng);
        };
        switch (rng.below(9)) {
        case 0: rule.title = randomText(rng); break;
        case 1: rule.summary = rng.chance(0.3) ? "" : "said"; break;
        case 2: list(rule.positive, true); break;
        case 3: list(rule.negative, true); break;
        case 4: list(rule.links, true); break;
        case 5: rule.status = static_cast<RuleStatus>(rng.below(3)); break;
        case 6: rule.owner = rng.chance(0.3) ? "" : randomText(rng); break;
        case 7: rule.priority = static_cast<int>(rng.below(100)); break;
        default: rule.expires = rng.chance(0.4) ? "" : "2027-01-01"; break;
        }
    }
};

QTEST_APPLESS_MAIN(TestRuleDocument)
#include "tst_rule_document.moc"

#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "classify/blocks.hpp"
#include "classify/classifier.hpp"
#include "classify/rule_file.hpp"
#include "classify/rule_tests.hpp"

#include <QtTest>

#include <memory>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

const std::string kRecords = "10:01 INFO one\n"
                             "10:02 ERROR two\n"
                             "\tat a.b.C\n"
                             "\n"
                             "Caused by: disk\n"
                             "10:03 INFO three\r\n"
                             "10:04 ERROR four\n"
                             "\tat a.b.D";

std::string cutOf(const Block &block, const std::string &text, const text::PatternSetOptions &options = {})
{
    std::vector<text::Pattern> patterns = {{block.from, false, false}};
    if (block.end == Block::End::Pattern)
        patterns.push_back({block.to, false, false});
    const auto set = text::PatternSet::make(patterns, options);
    if (!set)
        return "bad pattern";
    text::Scratch scratch;
    (*set)->prepare(scratch);
    (void)(*set)->candidates(text, scratch);
    BlockPatterns definition;
    definition.block = block;
    definition.to = block.end == Block::End::Pattern ? 1 : 0;
    const BlockCut cut = cutBlocks(definition, **set, text, scratch);
    std::string out;
    for (const text::Span &span : cut.blocks)
        out += "[" + text.substr(span.begin, span.end - span.begin) + "]";
    return out + (cut.undetermined ? "?" : "");
}

Rule ruleOf(const std::string &id, const std::string &match)
{
    auto rules =
        parseRules("schema: 1\nrules:\n  - id: " + id + "\n    title: t\n    class: test." + id
                       + "\n    domain: user\n    action: stop\n    captures: {what: word}\n    match:\n" + match,
                   "rules.yaml");
    if (!rules)
        qFatal("%s", rules.error().text().c_str());
    return rules->front();
}

model::Verdict verdictOf(const std::vector<Rule> &rules, const std::string &text)
{
    RulePack pack;
    pack.rules = rules;
    const auto classifier = Classifier::make(pack);
    if (!classifier)
        qFatal("%s", classifier.error().text().c_str());
    text::Scratch scratch = (*classifier)->makeScratch();
    Subject subject;
    subject.text = text;
    return (*classifier)->classify(subject, scratch);
}

} // namespace

/// Rules that look at one block at a time.
class TestBlocks : public QObject
{
    Q_OBJECT

private slots:
    void cutBlocks_definition_data()
    {
        using End = Block::End;
        QTest::addColumn<Block>("block");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("blocks");
        const QString records = QString::fromStdString(kRecords);
        QTest::newRow("records last until the next one")
            << Block{"^\\d\\d:\\d\\d ", End::NextRecord, "", 200} << records
            << "[10:01 INFO one][10:02 ERROR two\n\tat a.b.C\n\nCaused by: disk][10:03 INFO three][10:04 ERROR "
               "four\n\tat a.b.D]";
        QTest::newRow("a blank line ends a block and belongs to none")
            << Block{"ERROR", End::BlankLine, "", 200} << records
            << "[10:02 ERROR two\n\tat a.b.C][10:04 ERROR four\n\tat a.b.D]";
        QTest::newRow("a blank line may hold white space")
            << Block{"ERROR", End::BlankLine, "", 200} << "ERROR\n \t\r\nmore"
            << "[ERROR]";
        QTest::newRow("a last line belongs to the block")
            << Block{"ERROR", End::Pattern, "^Caused by", 200} << records
            << "[10:02 ERROR two\n\tat a.b.C\n\nCaused by: disk][10:04 ERROR four\n\tat a.b.D]";
        QTest::newRow("the first line is not the last one too")
            << Block{"ERROR", End::Pattern, "ERROR|at", 200} << records
            << "[10:02 ERROR two\n\tat a.b.C][10:04 ERROR four\n\tat a.b.D]";
        QTest::newRow("another first line within a block is a line like any other")
            << Block{"^a", End::Pattern, "^z", 200} << "a1\na2\nb\nz\na3"
            << "[a1\na2\nb\nz][a3]";
        QTest::newRow("and so it is before a blank line") << Block{"^a", End::BlankLine, "", 200} << "a1\na2\n\na3\n"
                                                          << "[a1\na2][a3]";
        QTest::newRow("an end that never comes is the text's")
            << Block{"^a", End::Pattern, "^z", 200} << "x\na1\na2\nb\n"
            << "[a1\na2\nb]";
        QTest::newRow("an end that never comes is the longest block's, again and again")
            << Block{"^a", End::Pattern, "^z", 2} << "a1\nb1\nb2\na2\na3\na4\n"
            << "[a1\nb1][a2\na3][a4]";
        QTest::newRow("no block is longer than it may be")
            << Block{"^\\d\\d:\\d\\d ", End::NextRecord, "", 2} << records
            << "[10:01 INFO one][10:02 ERROR two\n\tat a.b.C][10:03 INFO three][10:04 ERROR four\n\tat a.b.D]";
        QTest::newRow("a block of one line each") << Block{"at ", End::BlankLine, "", 1} << "at a\nat b\nx\nat c\n"
                                                  << "[at a][at b][at c]";
        QTest::newRow("a line that ends a block by its place may begin one")
            << Block{"^a", End::Pattern, "^z", 2} << "a1\nb\na2\nz\na3"
            << "[a1\nb][a2\nz][a3]";
        QTest::newRow("a pattern is tried on single lines, without their ends")
            << Block{"one$", End::NextRecord, "", 200} << "one\r\ntwo\none"
            << "[one\r\ntwo][one]";
        QTest::newRow("a pattern over two lines begins nothing")
            << Block{"one\\s+two", End::NextRecord, "", 200} << "one\ntwo"
            << "";
        QTest::newRow("a text without a beginning has no block")
            << Block{"FATAL", End::NextRecord, "", 200} << records << "";
        QTest::newRow("an empty text") << Block{"a", End::NextRecord, "", 200} << ""
                                       << "";
    }
    void cutBlocks_definition()
    {
        QFETCH(Block, block);
        QFETCH(QString, text);
        QFETCH(QString, blocks);
        text::PatternSetOptions alone;
        alone.prefilter = false;
        QCOMPARE(QString::fromStdString(cutOf(block, text.toStdString())), blocks);
        QCOMPARE(QString::fromStdString(cutOf(block, text.toStdString(), alone)), blocks);
    }

    void cutBlocks_catastrophicPattern_isUndeterminedOnce()
    {
        std::string text;
        for (int i = 0; i < 1000; ++i)
            text += std::string(200, 'a') + "\n";
        QCOMPARE(cutOf(Block{"(?:a|aa)+!", Block::End::NextRecord, "", 200}, text), std::string("?"));
    }

    void classify_patternsInDifferentBlocks_doNotMatch()
    {
        const Rule rule = ruleOf("io", "      block: {from: '^\\d\\d:\\d\\d '}\n      all: ['ERROR', 'disk']\n"
                                       "      any: ['at a\\.b\\.(?<what>\\w)']\n");
        const model::Verdict verdict = verdictOf({rule}, kRecords);
        QCOMPARE(verdict.rule, std::string("io"));
        QCOMPARE(verdict.matches.front().line, 2);
        QCOMPARE(verdict.matches.front().begin, kRecords.find("ERROR two"));
        QCOMPARE(verdict.captures.at("what").text, std::string("C"));
        std::string apart = kRecords;
        apart.replace(apart.find("\nCaused"), 1, "\n10:02 INFO \n");
        QVERIFY(verdictOf({rule}, apart).rule.empty());
    }

    void classify_forbiddenPatternInAnotherBlock_doesNotMatter()
    {
        const Rule rule = ruleOf("io", "      block: {from: '^\\d\\d:\\d\\d '}\n      any: ['ERROR']\n"
                                       "      none: ['disk']\n");
        const model::Verdict verdict = verdictOf({rule}, kRecords);
        QCOMPARE(verdict.rule, std::string("io"));
        QCOMPARE(verdict.matches.front().line, 7);
    }

    void classify_capturesOfABlock_comeFromTheBlockThatMatched()
    {
        const Rule rule = ruleOf("io", "      block: {from: '^\\d\\d:\\d\\d '}\n"
                                       "      all: ['at a\\.b\\.(?<what>\\w)', 'four']\n");
        QCOMPARE(verdictOf({rule}, kRecords).captures.at("what").text, std::string("D"));
    }

    void classify_endsInABlock_areThoseOfTheBlock()
    {
        const Rule ends = ruleOf("ends", "      block: {from: 'INFO'}\n      any: ['^\\d+:\\d+ INFO three$']\n");
        QCOMPARE(verdictOf({ends}, "10:03 INFO three\r\n10:04 INFO four").rule, std::string("ends"));
        QVERIFY(verdictOf({ends}, "10:03 INFO three\nand more\n10:04 INFO four").rule.empty());
    }

    void classify_linesOfARule_areSeenByItsPatternsOnly()
    {
        const std::string text = "head\r\nERROR two\r\ntail";
        QVERIFY(verdictOf({ruleOf("text", "      any: ['^ERROR two$']\n")}, text).rule.empty());
        QCOMPARE(verdictOf({ruleOf("lines", "      multiline: true\n      any: ['^ERROR two$']\n")}, text).rule,
                 std::string("lines"));
        QCOMPARE(verdictOf({ruleOf("flag", "      any: ['(?m)^ERROR two$']\n")}, text).rule, std::string("flag"));
        QVERIFY(verdictOf({ruleOf("dot", "      any: ['head.*tail']\n")}, text).rule.empty());
        QCOMPARE(verdictOf({ruleOf("all", "      any: ['(?s)head.*tail']\n")}, text).rule, std::string("all"));
    }

    void classify_blockOfARule_makesItMoreSpecific()
    {
        const std::vector<Rule> rules = {ruleOf("a", "      any: ['ERROR']\n"),
                                         ruleOf("b", "      block: {from: '10:'}\n      any: ['ERROR']\n")};
        QCOMPARE(verdictOf(rules, kRecords).rule, std::string("b"));
    }

    void classify_blockThatCannotBeCut_isUndetermined()
    {
        RulePack pack;
        pack.rules = {ruleOf("slow", "      block: {from: '(?:a|aa)+!'}\n      any: ['ERROR']\n"),
                      ruleOf("sound", "      any: ['ERROR']\n")};
        const auto classifier = Classifier::make(pack);
        QVERIFY(classifier.has_value());
        text::Scratch scratch = (*classifier)->makeScratch();
        Subject subject;
        const std::string text = std::string(3000, 'a') + "\nERROR";
        subject.text = text;
        const model::Verdict verdict = (*classifier)->classify(subject, scratch);
        QCOMPARE(verdict.rule, std::string("sound"));
        QCOMPARE(verdict.undetermined, std::vector<std::string>{"slow"});
    }

    void testPack_samplesOfABlockRule_areRunLikeAnyOther()
    {
        Rule rule = ruleOf("io", "      block: {from: '^\\d\\d:'}\n      all: ['ERROR', 'disk']\n");
        rule.positive = {kRecords};
        rule.negative = {"10:01 ERROR\n10:02 disk"};
        RulePack pack;
        pack.rules = {rule};
        const auto classifier = Classifier::make(pack);
        QVERIFY(classifier.has_value());
        const SampleReport report = testPack(**classifier);
        QCOMPARE(report.samples, std::uint64_t{2});
        QVERIFY(report.failed.empty());
    }
};

QTEST_APPLESS_MAIN(TestBlocks)
#include "tst_blocks.moc"

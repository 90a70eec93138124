#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "base/rng.hpp"
#include "classify/classifier.hpp"

#include <QtTest>

#include <memory>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

constexpr int kRules = 2000;
constexpr size_t kLine = 65'536;

std::string number(int i)
{
    return std::to_string(10'000 + i);
}

/// The text that rule `i` looks for.
std::string messageOf(int i)
{
    switch (i % 5) {
    case 0: return "component C" + number(i) + " ran out of slots";
    case 1: return "E" + number(i) + ": 17 units lost after 3 s";
    case 2: return "QUEUE q" + number(i) + " IS FULL"; // the rule ignores case
    case 3: return "\nat line " + number(i) + "\n";
    default: return "begin " + number(i) + " and much more and end " + number(i);
    }
}

Rule ruleOf(int i)
{
    Rule rule;
    rule.id = "rule." + number(i);
    rule.errorClass = "test.r" + number(i);
    switch (i % 5) {
    case 0: rule.any = {"component C" + number(i) + " ran out of"}; break;
    case 1:
        rule.any = {"E" + number(i) + ": (?<units>\\d+) units lost"};
        rule.captures = {{"units", "count"}};
        break;
    case 2:
        rule.any = {"queue Q" + number(i) + " is full"};
        rule.caseless = true;
        break;
    case 3:
        rule.any = {"^at line " + number(i) + "$"};
        rule.multiline = true;
        break;
    default:
        rule.all = {"begin " + number(i) + " and", "end " + number(i)};
        rule.block = Block{"begin", Block::End::NextRecord, "", 5};
        break;
    }
    return rule;
}

RulePack packOf(int rules)
{
    RulePack pack;
    for (int i = 0; i < rules; ++i)
        pack.rules.push_back(ruleOf(i));
    return pack;
}

std::shared_ptr<const Classifier> compiled(RulePack pack, bool prefilter = true)
{
    ClassifierOptions options;
    options.prefilter = prefilter;
    auto made = Classifier::make(std::move(pack), options);
    return made ? std::move(made).value() : nullptr;
}

model::Verdict verdictOf(const Classifier &classifier, const std::string &text)
{
    text::Scratch scratch = classifier.makeScratch();
    Subject subject;
    subject.text = text;
    return classifier.classify(subject, scratch);
}

/// One line of 64 KB of what logs hold, with pieces that look like the messages.
std::string longLine(base::Rng &rng)
{
    std::string line;
    while (line.size() < kLine)
        line += "component C1 E10001 units of queue Q1 begin " + std::to_string(rng.below(1'000'000)) + " at line, ";
    line.resize(kLine);
    return line;
}

} // namespace

/// As many rules, and as long lines, as there may be.
class TestManyRules : public QObject
{
    Q_OBJECT

private slots:
    void classify_twoThousandRules_eachFindsItsOwnMessageInALineOf64KiB()
    {
        const auto classifier = compiled(packOf(kRules));
        QVERIFY(classifier);
        base::Rng rng(1, "many_rules");
        text::Scratch scratch = classifier->makeScratch();
        for (int i = 0; i < kRules; ++i) {
            std::string text = longLine(rng);
            const size_t at = i % 7 == 0 ? 0 : i % 7 == 1 ? text.size() : rng.below(text.size());
            text.insert(at, messageOf(i));
            Subject subject;
            subject.text = text;
            const model::Verdict verdict = classifier->classify(subject, scratch);
            QCOMPARE(verdict.rule, "rule." + number(i));
            QCOMPARE(verdict.matches.size(), size_t{1});
            QVERIFY(verdict.undetermined.empty());
            const model::RuleMatch &match = verdict.matches.front();
            QCOMPARE(match.begin, at + (i % 5 == 3 ? 1 : 0));
            QCOMPARE(match.line, i % 5 == 3 ? 2 : 1);
            if (i % 5 == 1)
                QCOMPARE(verdict.captures.at("units").text, std::string("17"));
        }
    }

    void classify_twoThousandRulesOnLongLines_areTheSameWithoutPrefilter()
    {
        const auto fast = compiled(packOf(kRules));
        const auto slow = compiled(packOf(kRules), false);
        QVERIFY(fast && slow);
        base::Rng rng(2, "many_rules");
        for (int round = 0; round < 2; ++round) {
            std::string text = longLine(rng) + "\r\n" + messageOf(round) + "\n";
            for (int hit = 0; hit < 30; ++hit)
                text.insert(rng.below(text.size()), messageOf(static_cast<int>(rng.below(kRules))));
            const model::Verdict left = verdictOf(*fast, text);
            QVERIFY(left.matches.size() > 20);
            QCOMPARE(left, verdictOf(*slow, text));
        }
    }

    void classify_hostilePatternsOnLongLines_areReportedAndHarmNoOther()
    {
        RulePack pack = packOf(200);
        const std::vector<std::string> hostile = {"(?:a|aa)+(?=!)", "(?:x+x+)+y", "(?:[^,]*,)*(?:[^,]*,)*(?=;;)",
                                                  "^(?:\\w+\\s?)*\\$", "(a*)*b\\1c"};
        for (size_t i = 0; i < hostile.size(); ++i) {
            Rule rule;
            rule.id = "hostile." + std::to_string(i);
            rule.errorClass = "test.hostile";
            rule.priority = 90;
            rule.any = {hostile[i]};
            if (i == 1)
                rule.block = Block{"x", Block::End::NextRecord, "", 10};
            pack.rules.push_back(rule);
        }
        const auto classifier = compiled(std::move(pack));
        QVERIFY(classifier);
        const std::string text = std::string(kLine, 'a') + "\n" + std::string(kLine, 'x') + "\n"
                                 + std::string(kLine, ',') + "\n" + messageOf(10) + "\n";
        const model::Verdict verdict = verdictOf(*classifier, text);
        QCOMPARE(verdict.rule, "rule." + number(10));
        for (const char *id : {"hostile.0", "hostile.1", "hostile.2"})
            QVERIFY2(std::count(verdict.undetermined.begin(), verdict.undetermined.end(), id) == 1, id);
        for (const std::string &id : verdict.undetermined)
            QVERIFY2(id.starts_with("hostile."), id.c_str());
    }

    void classify_patternTriedOnThousandsOfLines_hasOneBudgetForAllOfThem()
    {
        // Each line alone stays within a budget of its own; all of them together must not take hours.
        Rule rule;
        rule.id = "slow";
        rule.errorClass = "test.slow";
        rule.any = {"key (?:a|aa)+\\B\n"};
        RulePack pack;
        pack.rules = {rule};
        ClassifierOptions options;
        options.stepBudget = 100'000;
        const auto classifier = Classifier::make(pack, options);
        QVERIFY(classifier.has_value());
        const std::string line = "key " + std::string(18, 'a') + "\n";
        std::string text = line;
        QVERIFY(verdictOf(**classifier, text).undetermined.empty());
        for (int i = 0; i < 100; ++i)
            text += line;
        QCOMPARE(verdictOf(**classifier, text).undetermined, std::vector<std::string>{"slow"});
    }
};

QTEST_APPLESS_MAIN(TestManyRules)
#include "tst_many_rules.moc"

#include "pipeline/classify_workspace.hpp"
#include "random_rules.hpp"
#include "store/rule_hits.hpp"
#include "store/verdict_store.hpp"
#include "stored_verdicts.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;

namespace
{

/// Two workspaces of equal content, one kept up to date and one classified anew each time.
struct Twins {
    QTemporaryDir folder;
    store::Workspace updated;
    store::Workspace anew;

    static Twins make()
    {
        QTemporaryDir folder;
        auto a = store::Workspace::create(folder.filePath("a.mulligan").toStdString());
        auto b = store::Workspace::create(folder.filePath("b.mulligan").toStdString());
        if (!a || !b)
            qFatal("no workspaces");
        return {std::move(folder), std::move(*a), std::move(*b)};
    }

    void add(std::uint64_t seed, const std::string &source, int count)
    {
        for (store::Workspace *workspace : {&updated, &anew}) {
            const auto added = tests::RandomRules(seed).addAttempts(*workspace, source, count);
            QVERIFY2(added.has_value(), added ? "" : added.error().text().c_str());
        }
    }
};

std::int64_t number(store::Workspace &workspace, const char *sql)
{
    return workspace.connection().integer(sql).value_or(-1);
}

/// Every failure's verdict with its matches, as text, so that a difference can be read.
std::map<std::int64_t, std::string> told(store::Workspace &workspace)
{
    const auto stored = tests::loadVerdicts(workspace);
    std::map<std::int64_t, std::string> out;
    if (!stored)
        return out;
    for (const auto &[attempt, index] : stored->byAttempt) {
        const model::Verdict &v = stored->verdicts[index];
        std::string text = v.rule + "|" + v.errorClass + "|" + v.title + "|" + v.summary + "|"
                           + std::string(model::name(v.action)) + (v.transient ? "|transient" : "|")
                           + (v.exitCode ? std::to_string(*v.exitCode) : "");
        for (const auto &[name, capture] : v.captures)
            text += "|" + name + "=" + capture.text + " " + capture.unit + " "
                    + (capture.value ? std::to_string(*capture.value) : "-");
        for (const auto &match : v.matches)
            text += "|" + match.rule + ":" + std::to_string(match.pattern) + ":" + std::to_string(match.line) + ":"
                    + std::to_string(match.begin) + "-" + std::to_string(match.end) + (match.winner ? "!" : "");
        out[attempt] = text;
    }
    return out;
}

using Report = base::Result<pipeline::ClassifyReport>;

void holdsEqual(Twins &twins, const Report &updated, const Report &anew, const std::string &where)
{
    QVERIFY2(updated.has_value(), updated ? "" : updated.error().text().c_str());
    QVERIFY2(anew.has_value(), anew ? "" : anew.error().text().c_str());
    const auto left = told(twins.updated);
    const auto right = told(twins.anew);
    QCOMPARE(left.size(), right.size());
    for (const auto &[attempt, text] : right)
        QVERIFY2(left.at(attempt) == text, (where + ": " + left.at(attempt) + "  instead of  " + text).c_str());
    QVERIFY2(updated->byClass == anew->byClass, where.c_str());
    QVERIFY2(updated->byRule == anew->byRule, where.c_str());
    QVERIFY2(updated->hitsOnSuccesses == anew->hitsOnSuccesses, where.c_str());
    QCOMPARE(updated->failures, anew->failures);
    QCOMPARE(updated->classified, anew->classified);
    QCOMPARE(updated->unclassified, anew->unclassified);
    QVERIFY2(*store::ruleUse(twins.updated, {}) == *store::ruleUse(twins.anew, {}), where.c_str());
    QVERIFY2(*store::classifiedRules(twins.updated) == *store::classifiedRules(twins.anew), where.c_str());
    // Nothing is left of verdicts that nobody has.
    QCOMPARE(number(twins.updated, "SELECT count(*) FROM verdict"),
             number(twins.updated, "SELECT count(DISTINCT verdict_id) FROM attempt WHERE verdict_id IS NOT NULL"));
    QCOMPARE(number(twins.updated, "SELECT count(*) FROM verdict_subject"),
             number(twins.updated, "SELECT count(*) FROM verdict"));
    QCOMPARE(number(twins.updated, "SELECT count(*) FROM rule_match WHERE verdict_id NOT IN (SELECT id FROM verdict)"),
             std::int64_t(0));
}

} // namespace

class TestVerdictUpdate : public QObject
{
    Q_OBJECT

private slots:
    void classifyWorkspace_randomPacksAndEdits_isLikeClassifyingAnew_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<int>("rules");
        for (int seed = 0; seed < 24; ++seed)
            QTest::addRow("pack %d", seed) << seed << 2 + seed % 12;
    }
    void classifyWorkspace_randomPacksAndEdits_isLikeClassifyingAnew()
    {
        QFETCH(int, seed);
        QFETCH(int, rules);
        Twins twins = Twins::make();
        twins.add(static_cast<std::uint64_t>(seed), "first", 250);
        tests::RandomRules random(static_cast<std::uint64_t>(seed) + 1000);
        classify::RulePack pack = random.pack(rules);
        base::Progress progress;
        for (int step = 0; step < 12; ++step) {
            if (step == 5)
                twins.add(static_cast<std::uint64_t>(seed) + 500, "second", 60);
            const auto classifier = tests::compiled(pack);
            QVERIFY(classifier != nullptr);
            const auto updated = pipeline::classifyWorkspace(twins.updated, *classifier, {}, progress);
            const auto anew = pipeline::classifyWhole(twins.anew, *classifier, {}, progress);
            holdsEqual(twins, updated, anew, "step " + std::to_string(step));
            if (QTest::currentTestFailed())
                return;
            pack = random.edited(std::move(pack));
        }
    }

    void classifyWorkspace_oneRuleChanged_leavesOtherVerdictsAlone_data()
    {
        QTest::addColumn<int>("edit");
        QTest::addRow("nothing changed") << 0;
        QTest::addRow("it means something else") << 1;
        QTest::addRow("it matches otherwise") << 2;
        QTest::addRow("it is retired") << 3;
    }
    void classifyWorkspace_oneRuleChanged_leavesOtherVerdictsAlone()
    {
        QFETCH(int, edit);
        Twins twins = Twins::make();
        twins.add(5, "first", 200);
        auto pack = tests::RandomRules(6).pack(8);
        base::Progress progress;
        QVERIFY(pipeline::classifyWorkspace(twins.updated, *tests::compiled(pack), {}, progress).has_value());
        classify::Rule &rule = pack.rules.front();
        rule.any = {"never there"}; // whatever it matched, nothing else can change
        if (edit == 0)
            rule = tests::RandomRules(6).pack(8).rules.front();
        else if (edit == 1)
            (rule = tests::RandomRules(6).pack(8).rules.front()).errorClass = "another.class";
        else if (edit == 3)
            rule.status = classify::RuleStatus::Retired;
        // A mark in what cannot change shows whether anybody wrote it anew.
        const std::string others = "id NOT IN (SELECT verdict_id FROM rule_match WHERE rule = '" + rule.id + "')";
        QVERIFY(twins.updated.connection().run("UPDATE verdict SET title = 'mark' WHERE " + others).has_value());
        const auto marked = number(twins.updated, "SELECT count(*) FROM verdict WHERE title = 'mark'");
        const auto held = number(twins.updated, "SELECT sum(id * 31 + verdict_id) FROM attempt");
        QVERIFY(marked > 0);
        QVERIFY(pipeline::classifyWorkspace(twins.updated, *tests::compiled(pack), {}, progress).has_value());
        QCOMPARE(number(twins.updated, "SELECT count(*) FROM verdict WHERE title = 'mark'"), marked);
        QCOMPARE(number(twins.updated, "SELECT sum(id * 31 + verdict_id) FROM attempt"), held);
    }

    void classifyWorkspace_verdictsOfUnknownOrigin_areReplaced()
    {
        Twins twins = Twins::make();
        twins.add(7, "first", 100);
        {
            auto writer = store::VerdictWriter::begin(twins.updated);
            QVERIFY(writer.has_value());
            model::Verdict wrong;
            wrong.errorClass = "made.up";
            const auto id = writer->addVerdict(wrong);
            QVERIFY(id.has_value());
            QVERIFY(writer->assign(1, *id).has_value());
            QVERIFY(writer->commit().has_value());
        }
        const auto classifier = tests::compiled(tests::RandomRules(8).pack(5));
        base::Progress progress;
        holdsEqual(twins, pipeline::classifyWorkspace(twins.updated, *classifier, {}, progress),
                   pipeline::classifyWhole(twins.anew, *classifier, {}, progress), "unknown origin");
    }

    void classifyWorkspace_cancelled_keepsVerdictsAndPack()
    {
        Twins twins = Twins::make();
        twins.add(9, "first", 100);
        tests::RandomRules random(10);
        auto pack = random.pack(5);
        base::Progress progress;
        QVERIFY(pipeline::classifyWorkspace(twins.updated, *tests::compiled(pack), {}, progress).has_value());
        const auto verdicts = told(twins.updated);
        const auto rules = *store::classifiedRules(twins.updated);
        pack.rules.front().any = {"lost"};
        std::stop_source stop;
        stop.request_stop();
        const auto cancelled =
            pipeline::classifyWorkspace(twins.updated, *tests::compiled(pack), stop.get_token(), progress);
        QVERIFY(!cancelled.has_value());
        QCOMPARE(cancelled.error().code, base::ErrorCode::Cancelled);
        QVERIFY(told(twins.updated) == verdicts);
        QVERIFY(*store::classifiedRules(twins.updated) == rules);
    }

    void classifyNew_successesAdded_areTriedToo()
    {
        Twins twins = Twins::make();
        twins.add(11, "first", 100);
        const auto classifier = tests::compiled(tests::RandomRules(12).pack(8));
        base::Progress progress;
        QVERIFY(pipeline::classifyWorkspace(twins.updated, *classifier, {}, progress).has_value());
        twins.add(13, "second", 100);
        QVERIFY(pipeline::classifyNew(twins.updated, *classifier, {}, progress).has_value());
        QVERIFY(pipeline::classifyWhole(twins.anew, *classifier, {}, progress).has_value());
        QVERIFY(told(twins.updated) == told(twins.anew));
        QVERIFY(*store::ruleUse(twins.updated, {}) == *store::ruleUse(twins.anew, {}));
    }

    void ruleUse_failuresAndSuccesses_areCountedWithTheLastHit()
    {
        Twins twins = Twins::make();
        tests::RandomRules random(14);
        QVERIFY(random.addAttempts(twins.updated, "first", 150).has_value());
        const auto classifier = tests::compiled(random.pack(8));
        base::Progress progress;
        const auto report = pipeline::classifyWorkspace(twins.updated, *classifier, {}, progress);
        QVERIFY(report.has_value());
        const auto use = store::ruleUse(twins.updated, {});
        QVERIFY(use.has_value() && !use->empty());
        const auto stored = tests::loadVerdicts(twins.updated);
        for (const store::RuleUse &rule : *use) {
            std::uint64_t hits = 0;
            for (const auto &[attempt, index] : stored->byAttempt)
                for (const auto &match : stored->verdicts[index].matches)
                    hits += match.rule == rule.rule ? 1 : 0;
            QCOMPARE(rule.hits, hits);
            QCOMPARE(rule.wins, report->byRule.count(rule.rule) > 0 ? report->byRule.at(rule.rule) : 0);
            const auto onSuccesses = report->hitsOnSuccesses.find(rule.rule);
            QCOMPARE(rule.hitsOnSuccesses, onSuccesses == report->hitsOnSuccesses.end() ? 0 : onSuccesses->second);
            QCOMPARE(store::successesHit(twins.updated, rule.rule)->size(), size_t(rule.hitsOnSuccesses));
            QCOMPARE(rule.lastHit.has_value(), rule.hits > 0);
        }
    }
};

QTEST_APPLESS_MAIN(TestVerdictUpdate)
#include "tst_verdict_update.moc"

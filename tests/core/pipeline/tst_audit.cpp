#include "pipeline/audit.hpp"

#include "core/pipeline/audited_history.hpp"
#include "pipeline/audit_correction.hpp"

#include <QtTest>

#include <map>
#include <set>

using namespace mulligan;
using namespace mulligan::pipeline;

namespace
{

constexpr const char *kToldByJson =
    "{\"level\":\"error\",\"step\":\"load\",\"error\":\"ShelfError: no \\\"shelf\\\" 7\",\"run\":12}";

} // namespace

class TestAudit : public QObject
{
    Q_OBJECT

private slots:
    void drawAudit_classes_areDrawnInProportion()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        const auto sample = drawn(judged);
        QCOMPARE(sample.strata.size(), size_t{3});
        QCOMPARE(sample.strata[0], (store::AuditStratum{"network.dns", 30, 6}));
        QCOMPARE(sample.strata[1], (store::AuditStratum{"storage.disk_full", 60, 10}));
        QCOMPARE(sample.strata[2], (store::AuditStratum{"unclassified", 10, 4}));
        QCOMPARE(sample.withoutText, std::uint64_t{1});
        std::set<std::int64_t> attempts;
        for (const auto &item : sample.items) {
            attempts.insert(item.attemptId);
            QVERIFY(!item.answer.has_value());
            QCOMPARE(item.classNow, item.drawnClass);
        }
        QCOMPARE(attempts.size(), size_t{20}); // without replacement
    }

    void drawAudit_sameSeed_isTheSampleOfBefore()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        const auto first = drawn(judged);
        QCOMPARE(drawn(judged), first);
        JudgedWorkspace other(auditedHistory(), kRules);
        QCOMPARE(drawn(other).items, first.items);
        const auto more = drawn(judged, 20, 2);
        QVERIFY(more.id != first.id);
        QVERIFY(more.items.front().id > first.items.back().id);
        QCOMPARE(store::loadAuditSample(judged.workspace())->id, more.id);
    }

    void drawAudit_order_isRandomAcrossClasses()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        const auto sample = drawn(judged, 100);
        QCOMPARE(sample.items.size(), size_t{100});
        // Of 100 in a random order the first 50 hold 30 disks and 15 hosts, give or take five standard deviations.
        std::map<std::string, int> first;
        size_t turns = 0;
        for (size_t i = 0; i < 50; ++i) {
            ++first[sample.items[i].drawnClass];
            turns += i > 0 && sample.items[i].drawnClass != sample.items[i - 1].drawnClass ? 1 : 0;
        }
        QVERIFY(std::abs(first["storage.disk_full"] - 30) <= 12);
        QVERIFY(std::abs(first["network.dns"] - 15) <= 11);
        QVERIFY(first["unclassified"] >= 1);
        QVERIFY(turns >= 10);
        JudgedWorkspace other(auditedHistory(), kRules);
        const auto again = drawn(other, 100);
        const auto seeded = drawn(other, 100, 2);
        const auto runs = [](const store::AuditSample &of) {
            std::vector<std::string> out;
            for (const auto &item : of.items)
                out.push_back(item.run);
            return out;
        };
        QCOMPARE(runs(again), runs(sample));
        QVERIFY(runs(seeded) != runs(sample));
    }

    void auditFigures_unclassifiedUnanswered_coverageIsNotKnownYet()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        auto sample = drawn(judged);
        const auto answered = [&](bool unclassified) {
            std::vector<AuditReply> replies;
            for (const auto &item : sample.items)
                if ((item.drawnClass == "unclassified") == unclassified && (!unclassified || replies.empty()))
                    replies.push_back(reply(item.id, AuditSays::Confirmed));
            if (!answerAudit(judged.workspace(), sample, judged.pack(), replies, {}))
                qFatal("answers were refused");
            return *store::loadAuditSample(judged.workspace());
        };
        const AuditFigures none = auditFigures(sample);
        QCOMPARE(whyNoPrecision(none), std::string("16 classified failures still to be answered"));
        sample = answered(false);
        const AuditFigures half = auditFigures(sample);
        QCOMPARE(half.precision.value, 1.0);
        QVERIFY(whyNoPrecision(half).empty());
        for (const stats::Estimate &share : {half.coverage, half.recall, half.cause}) {
            QCOMPARE(share.sampled, std::uint64_t{0});
            QCOMPARE(whyNoShare(half, share), std::string("4 unclassified failures still to be answered"));
        }
        const formats::Json json = auditJson(sample, half);
        QVERIFY(json["coverage"]["value"].isNull() && json["recall"]["low"].isNull());
        QCOMPARE(json["coverage"]["reason"].string(), std::string("4 unclassified failures still to be answered"));
        QVERIFY(json["precision"].find("reason") == nullptr);
        QCOMPARE(json["unanswered"].integer(), std::int64_t{4});
        // One of them is enough for an estimate, with the interval that one gives.
        const AuditFigures known = auditFigures(answered(true));
        QCOMPARE(known.coverage.value, 1.0);
        QVERIFY(known.cause.value < 1.0);
        QVERIFY(whyNoShare(known, known.coverage).empty());
    }

    void drawAudit_nothingJudged_saysSo()
    {
        JudgedWorkspace judged({wordAttempt("daily", "1", 0, "")}, kRules);
        const auto sample = drawAudit(judged.workspace());
        QVERIFY(!sample.has_value());
        QCOMPARE(sample.error().code, base::ErrorCode::InsufficientData);
        QCOMPARE(store::loadAuditSample(judged.workspace())->id, std::int64_t{0});
    }

    void auditFigures_answers_areWeightedToThePopulation()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        auto sample = drawn(judged);
        std::vector<AuditReply> replies;
        int dns = 0;
        int unknown = 0;
        for (const auto &item : sample.items) {
            if (item.drawnClass == "network.dns") // two of six are wrong, one of them names no cause
                replies.push_back(++dns == 1 ? reply(item.id, AuditSays::Corrected, "storage.disk_full")
                                  : dns == 2 ? reply(item.id, AuditSays::NoCause)
                                             : reply(item.id, AuditSays::Confirmed));
            else if (item.drawnClass == "unclassified") // one of four could have been known
                replies.push_back(++unknown == 1 ? reply(item.id, AuditSays::Corrected, "network.dns")
                                                 : reply(item.id, AuditSays::Confirmed));
            else
                replies.push_back(reply(item.id, AuditSays::Confirmed));
        }
        const auto stored =
            answerAudit(judged.workspace(), sample, judged.pack(), replies, base::fromCivil(2026, 3, 2));
        QVERIFY2(stored.has_value(), stored ? "" : stored.error().text().c_str());
        sample = *store::loadAuditSample(judged.workspace(), sample.id);
        const AuditFigures figures = auditFigures(sample);
        QCOMPARE(figures.answered, std::uint64_t{20});
        QCOMPARE(figures.answeredPopulation, 1.0);
        QVERIFY(std::abs(figures.precision.value - (60.0 + 30.0 * 4 / 6) / 90.0) < 1e-12);
        // Causes: 60, 25 of 30, 2.5 of 10.
        QVERIFY(std::abs(figures.cause.value - 0.875) < 1e-12);
        QVERIFY(std::abs(figures.coverage.value - 85.0 / 87.5) < 1e-12);
        QVERIFY(std::abs(figures.recall.value - 80.0 / 87.5) < 1e-12);
        QCOMPARE(figures.byClass.size(), size_t{2});
        QCOMPARE(figures.byClass[0].name, std::string("storage.disk_full"));
        QCOMPARE(figures.byClass[0].estimate.value, 1.0);
        QCOMPARE(figures.byRule[1].name, std::string("dns.name"));
        QCOMPARE(figures.byRule[1].estimate.right, std::uint64_t{4});
        const auto bounds = stats::wilson(4.0 / 6.0 * 7.5, 7.5); // 6 of 30: 6 / (1 - 0.2)
        QVERIFY(std::abs(figures.byRule[1].estimate.low - bounds.low) < 1e-12);
        QCOMPARE(sample.items.front().answer->who, std::string("Ada"));
    }

    void auditFigures_changedVerdicts_areHeldToTheSameAnswers()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        auto sample = drawn(judged);
        std::vector<AuditReply> replies;
        for (const auto &item : sample.items)
            replies.push_back(item.drawnClass == "network.dns"
                                  ? reply(item.id, AuditSays::Corrected, "storage.disk_full")
                                  : reply(item.id, AuditSays::Confirmed));
        QVERIFY(answerAudit(judged.workspace(), sample, judged.pack(), replies, {}).has_value());
        QVERIFY(std::abs(auditFigures(*store::loadAuditSample(judged.workspace())).precision.value - 60.0 / 90.0)
                < 1e-12);
        std::vector<classify::Rule> mended = kRules;
        mended[1].errorClass = "storage.disk_full";
        judged.judge(mended);
        const AuditFigures figures = auditFigures(*store::loadAuditSample(judged.workspace()));
        QCOMPARE(figures.precision.value, 1.0);
        QCOMPARE(figures.changed, std::uint64_t{6});
        QCOMPARE(figures.byClass.size(), size_t{1});
    }

    void auditFigures_changedVerdictsUnanswered_countThoseOfNow()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        QCOMPARE(drawn(judged).items.size(), size_t{20});
        judged.judge({wordRule("none.such", "code.exception", "zzz")});
        const auto sample = *store::loadAuditSample(judged.workspace());
        const AuditFigures none = auditFigures(sample);
        QCOMPARE(whyNoShare(none, none.coverage), std::string("20 unclassified failures still to be answered"));
        // An answer on one that was drawn with a class and has none now is on an unclassified failure.
        const auto item = itemOf(sample, "network.dns").id;
        QVERIFY(answerAudit(judged.workspace(), sample, judged.pack(), {reply(item, AuditSays::Confirmed)}, {})
                    .has_value());
        const AuditFigures one = auditFigures(*store::loadAuditSample(judged.workspace()));
        QCOMPARE(whyNoShare(one, one.coverage), std::string("19 unclassified failures still to be answered"));
    }

    void sampleOfReplies_sheetOfAnOlderSample_isFound()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        const auto first = drawn(judged);
        const auto second = drawn(judged, 20, 2);
        const std::vector<AuditReply> old{reply(first.items[0].id, AuditSays::NoCause)};
        QCOMPARE(sampleOfReplies(judged.workspace(), second, old)->id, first.id);
        QCOMPARE(sampleOfReplies(judged.workspace(), second, {})->id, second.id);
        QCOMPARE(sampleOfReplies(judged.workspace(), second, {reply(9999, AuditSays::NoCause)})->id, second.id);
        const auto refused = answerAudit(judged.workspace(), second, judged.pack(), old, {});
        QVERIFY(!refused.has_value());
        QVERIFY2(refused.error().text().find("is of sample 1 (seed 1)") != std::string::npos
                     && refused.error().text().find("--seed 1 --size 20 --minimum 3") != std::string::npos,
                 refused.error().text().c_str());
    }

    void answers_equalTexts_holdForAll()
    {
        std::vector<model::Attempt> attempts;
        for (int i = 0; i < 6; ++i)
            attempts.push_back(wordAttempt("daily", runName(i), i, i < 4 ? "the disk" : "disk " + std::to_string(i)));
        JudgedWorkspace judged(attempts, kRules);
        auto sample = drawn(judged);
        QCOMPARE(sample.items.size(), size_t{6});
        std::vector<std::int64_t> same;
        for (const auto &item : sample.items)
            if (item.run < "run 4")
                same.push_back(item.id);
        QVERIFY(answerAudit(judged.workspace(), sample, judged.pack(), {reply(same[0], AuditSays::NoCause)}, {})
                    .has_value());
        sample = *store::loadAuditSample(judged.workspace());
        QCOMPARE(auditFigures(sample).answered, std::uint64_t{4});
        QVERIFY(sample.items.front().answer.has_value() || sample.items.back().answer.has_value());
        const auto refused =
            answerAudit(judged.workspace(), sample, judged.pack(),
                        {reply(same[1], AuditSays::Confirmed), reply(same[2], AuditSays::NoCause)}, {});
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().text().find("answered otherwise") != std::string::npos);
        QVERIFY(store::removeAuditAnswer(judged.workspace(), same[3]).has_value());
        QCOMPARE(auditFigures(*store::loadAuditSample(judged.workspace())).answered, std::uint64_t{0});
    }

    void sampleOf_matchOutsideTheCause_keepsItsLine()
    {
        const std::string text = "INFO disk almost full\nnothing to see\n"
                                 "java.lang.RuntimeException: job failed\n\tat a.B.c(B.java:1)\n"
                                 "Caused by: java.io.IOException: broken pipe\n\tat d.E.f(E.java:2)\n";
        const std::string cause = sampleOf(text);
        QVERIFY(cause.find("broken pipe") != std::string::npos);
        QVERIFY(cause.find("almost") == std::string::npos);
        const size_t at = text.find("almost");
        QCOMPARE(sampleOf(text, at, at + 6), "INFO disk almost full\n" + cause);
        const size_t inside = text.find("broken");
        QCOMPARE(sampleOf(text, inside, inside + 6), cause);
        QCOMPARE(sampleOf(text, inside, inside + 6, true), "Caused by: " + cause);
    }

    void sampleOf_matchAcrossTheCause_holdsItOnce()
    {
        const std::string line = "Caused by: java.io.IOException: broken pipe";
        const std::string text = "INFO began\njava.lang.RuntimeException: job failed\n\tat a.B.c(B.java:1)\n" + line
                                 + "\n\tat d.E.f(E.java:2)\n";
        const size_t at = text.find("Caused");
        QCOMPARE(sampleOf(text, at, at + line.size()), line + "\n\tat d.E.f(E.java:2)");
    }

    void sampleOf_causeThatJsonTells_isThereOnce_data()
    {
        QTest::addColumn<QString>("matched");
        QTest::addColumn<QString>("sample");
        const QString json = kToldByJson;
        const QString decoded = "ShelfError: no \"shelf\" 7";
        QTest::newRow("the match is of the cause as decoded")
            << "ShelfError: no \\\"shelf\\\" 7\",\"run\":12}" << decoded;
        QTest::newRow("the match is in the cause, where nothing is escaped") << "ShelfError" << decoded;
        QTest::newRow("the match is of other words of the JSON") << "\"step\":\"load\"" << json;
        QTest::newRow("the match is of the cause as it is escaped") << "no \\\"shelf" << json;
        QTest::newRow("the match is of another line") << "began" << "INFO began\n" + decoded;
    }

    void sampleOf_causeThatJsonTells_isThereOnce()
    {
        QFETCH(QString, matched);
        QFETCH(QString, sample);
        const std::string text = std::string("INFO began\n") + kToldByJson + "\nINFO ended\n";
        const size_t at = text.find(matched.toStdString());
        QVERIFY(at != std::string::npos);
        QCOMPARE(QString::fromStdString(sampleOf(text, at, at + static_cast<size_t>(matched.size()))), sample);
    }

    void corrections_becomeSamplesOfBothRules()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        auto sample = drawn(judged);
        std::int64_t dns = 0;
        std::int64_t unknown = 0;
        for (const auto &item : sample.items) {
            dns = item.drawnClass == "network.dns" ? item.id : dns;
            unknown = item.drawnClass == "unclassified" ? item.id : unknown;
        }
        QVERIFY(answerAudit(judged.workspace(), sample, judged.pack(),
                            {reply(dns, AuditSays::Corrected, "storage.disk_full"),
                             reply(unknown, AuditSays::Corrected, "network.dns", "dns.other")},
                            {})
                    .has_value());
        sample = *store::loadAuditSample(judged.workspace());
        classify::PackDocuments pack;
        for (const classify::Rule &rule : kRules) {
            auto with = pack.withAdded(rule, "rules.yaml");
            QVERIFY2(with.has_value(), with ? "" : with.error().text().c_str());
            pack = std::move(with).value();
        }
        const auto corrections = correctionsOf(judged.workspace(), sample, judged.pack());
        QVERIFY(corrections.has_value());
        QCOMPARE(corrections->size(), size_t{2});
        const auto corrected = withCorrections(pack, *corrections);
        QVERIFY2(corrected.has_value(), corrected ? "" : corrected.error().text().c_str());
        pack = corrected->documents;
        QCOMPARE(pack.find("disk.full")->positive.size(), size_t{1});
        QVERIFY(pack.find("disk.full")->positive[0].find("host") != std::string::npos);
        QCOMPARE(pack.find("dns.name")->negative, pack.find("disk.full")->positive);
        QCOMPARE(pack.find("dns.other")->positive.size(), size_t{1});
        QVERIFY(pack.find("dns.other")->positive[0].find("mystery") != std::string::npos);
        QCOMPARE(corrected->added.size(), size_t{3});
        for (const AddedSample &added : corrected->added) {
            const bool negative = added.kind == classify::SampleKind::Negative;
            QCOMPARE(negative, added.rule == "dns.name");
            QCOMPARE(added.sample, (negative ? pack.find(added.rule)->negative : pack.find(added.rule)->positive)[0]);
            QCOMPARE(added.file, std::string("rules.yaml"));
            QVERIFY(added.tested);
        }
        QVERIFY(corrected->unclear.empty());
        // Rules that are not yet mended fail all of them.
        const auto failing = failingSamples(*corrected);
        QVERIFY(failing.has_value());
        QCOMPARE(failing->size(), size_t{3});
        for (const FailingSample &each : *failing) {
            QVERIFY(each.added && each.line > 0);
            QCOMPARE(each.file, std::string("rules.yaml"));
        }
        // A second time there is nothing to add.
        const auto again = withCorrections(pack, *corrections);
        QVERIFY(again.has_value() && again->added.empty());
        QVERIFY(!failingSamples(*again)->front().added);
    }

    void withCorrections_ruleNotClearOrNotInForce_isSaid()
    {
        classify::PackDocuments pack;
        for (classify::Rule rule : kRules) {
            rule.status = rule.id == "disk.full" ? classify::RuleStatus::Draft : rule.status;
            pack = *pack.withAdded(rule, "rules.yaml");
        }
        Correction unclear{"java.io.IOException: mystery", "", 0, 0, "", "network.dns"};
        Correction draft{"java.io.IOException: mystery 2", "", 0, 0, "disk.full", "storage.disk_full"};
        const auto corrected = withCorrections(pack, {unclear, unclear, draft});
        QVERIFY(corrected.has_value());
        QCOMPARE(corrected->unclear, (std::vector<std::string>{"network.dns"}));
        QCOMPARE(corrected->added.size(), size_t{1});
        QVERIFY(corrected->added[0].tested); // a draft's on its own patterns, which do not match this one
        QCOMPARE(failingSamples(*corrected)->size(), size_t{1});
    }

    void withCorrection_ruleThatLooksAtLevels_keepsTheLevelInTheSample()
    {
        classify::PackDocuments pack;
        for (classify::Rule rule : kRules) {
            rule.leastLevel = rule.id == "disk.full" ? classify::LeastLevel::Error : classify::LeastLevel::Any;
            pack = *pack.withAdded(rule, "rules.yaml");
        }
        const std::string line = "10:00 WARN A: java.io.IOException: mystery";
        const auto levels = withCorrection(pack, {"begun\n" + line, "disk.full", 0, 0, "", ""});
        QCOMPARE(levels->find("disk.full")->negative, std::vector<std::string>{line});
        const auto plain = withCorrection(pack, {"begun\n" + line, "dns.name", 0, 0, "", ""});
        QCOMPARE(plain->find("dns.name")->negative, std::vector<std::string>{"java.io.IOException: mystery"});
    }

    void ruleMeant_classWithSeveralRules_isNotClear()
    {
        classify::RulePack pack;
        pack.rules = kRules;
        QCOMPARE(ruleMeant(pack, {"storage.disk_full", "", "", {}}), std::string("disk.full"));
        QCOMPARE(ruleMeant(pack, {"network.dns", "", "", {}}), std::string());
        QCOMPARE(ruleMeant(pack, {"network.dns", "dns.other", "", {}}), std::string("dns.other"));
        QCOMPARE(ruleMeant(pack, {"", "", "", {}}), std::string());
        QCOMPARE(rulesOfClass(pack, "network.dns"), (std::vector<std::string>{"dns.name", "dns.other"}));
        pack.rules[2].status = classify::RuleStatus::Retired;
        QCOMPARE(ruleMeant(pack, {"network.dns", "", "", {}}), std::string("dns.name"));
    }
};

QTEST_APPLESS_MAIN(TestAudit)
#include "tst_audit.moc"

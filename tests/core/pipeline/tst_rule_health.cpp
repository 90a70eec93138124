#include "pipeline/rule_health.hpp"

#include "core/pipeline/judged_workspace.hpp"
#include "pipeline/audit.hpp"
#include "pipeline/audit_replies.hpp"
#include "pipeline/rule_profile.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::pipeline;

namespace
{

classify::Rule dated(classify::Rule rule, const std::string &created, const std::string &expires)
{
    rule.created = created;
    rule.modified = created;
    rule.expires = expires;
    rule.owner = "storage";
    return rule;
}

const std::vector<classify::Rule> kRules{
    dated(wordRule("disk.full", "storage.disk_full", "disk"), "2026-01-01", "2026-03-31"),
    wordRule("any.error", "code.exception", "error", 10), wordRule("never.there", "network.dns", "zzz"),
    dated(wordRule("old.rule", "network.reset", "reset"), "2025-01-01", "2026-02-28")};

/// Eight weeks: a disk failure on each Monday, twice as many from the fifth week on; each says "error" as well; job
/// "dark" has failures that no rule knows.
std::vector<model::Attempt> history()
{
    std::vector<model::Attempt> out;
    int run = 0;
    for (int week = 0; week < 8; ++week) {
        for (int i = 0; i < (week < 4 ? 2 : 4); ++i)
            out.push_back(wordAttempt("daily", std::to_string(++run), 7 * week, "disk error"));
        out.push_back(wordAttempt("dark", std::to_string(++run), 7 * week, "nobody knows"));
    }
    out.push_back(wordAttempt("daily", "good", 3, "an error was ignored", model::Outcome::Succeeded));
    return out;
}

HealthReport health(JudgedWorkspace &judged, bool profile = false)
{
    HealthOptions options;
    options.now = base::fromCivil(2026, 3, 15);
    options.profile = profile;
    base::Progress progress;
    auto report = ruleHealth(judged.workspace(), judged.pack(), options, {}, progress);
    if (!report)
        qFatal("%s", report.error().text().c_str());
    return std::move(report).value();
}

const RuleHealth &ruleOf(const HealthReport &report, const std::string &id)
{
    for (const RuleHealth &rule : report.rules)
        if (rule.rule.id == id)
            return rule;
    qFatal("no rule %s", id.c_str());
}

} // namespace

class TestRuleHealth : public QObject
{
    Q_OBJECT

private slots:
    void weekOf_days_beginOnMonday()
    {
        const base::Instant monday = base::fromCivil(2026, 1, 5);
        QCOMPARE(store::weekOf(monday), monday);
        QCOMPARE(store::weekOf(base::fromCivil(2026, 1, 11, 23)), monday);
        QCOMPARE(store::weekOf(base::fromCivil(2026, 1, 4, 23)), base::fromCivil(2025, 12, 29));
    }

    void ruleHealth_rules_areCountedOverTime()
    {
        JudgedWorkspace judged(history(), kRules);
        const HealthReport report = health(judged);
        QCOMPARE(report.failures, std::uint64_t{32});
        QCOMPARE(report.rules.size(), size_t{4});
        const RuleHealth &disk = ruleOf(report, "disk.full");
        QCOMPARE(disk.use.hits, std::uint64_t{24});
        QCOMPARE(disk.use.wins, std::uint64_t{24});
        QCOMPARE(disk.use.hitsOnSuccesses, std::uint64_t{0});
        QCOMPARE(disk.activity.firstHit, base::fromCivil(2026, 1, 5, 12));
        QCOMPARE(*disk.use.lastHit, base::fromCivil(2026, 2, 23, 12));
        QCOMPARE(disk.activity.byWeek.size(), size_t{8});
        QCOMPARE(disk.activity.byWeek.at(base::fromCivil(2026, 2, 2)), (store::WeekHits{4, 4}));
        QCOMPARE(*disk.ageDays, 73);
        QCOMPARE(*disk.expiresInDays, 16);
        const RuleHealth &any = ruleOf(report, "any.error");
        QCOMPARE(any.use.hits, std::uint64_t{24});
        QCOMPARE(any.use.wins, std::uint64_t{0});
        QCOMPARE(any.activity.byWeek.at(base::fromCivil(2026, 2, 2)), (store::WeekHits{4, 0}));
        QCOMPARE(any.use.hitsOnSuccesses, std::uint64_t{1});
        QVERIFY(!any.ageDays.has_value());
    }

    void ruleHealth_concerns_comeWorstFirst()
    {
        JudgedWorkspace judged(history(), kRules);
        const HealthReport report = health(judged);
        QCOMPARE(report.rules[0].rule.id, std::string("old.rule"));
        QCOMPARE(report.rules[0].concerns, (std::vector<std::string>{"expired", "never_hit"}));
        QCOMPARE(report.rules[1].rule.id, std::string("disk.full"));
        QCOMPARE(report.rules[1].concerns, std::vector<std::string>{"expires_soon"});
        QCOMPARE(report.rules[2].concerns, std::vector<std::string>{"never_hit"});
        QVERIFY(report.rules[3].concerns.empty()); // one success in 25 hits is no concern yet
        QVERIFY(!report.rules[1].precision.has_value());
    }

    void ruleHealth_hitsOnSuccessesAlone_areHits()
    {
        auto rules = kRules;
        rules.push_back(wordRule("says.ignored", "network.dns", "ignored"));
        JudgedWorkspace judged(history(), rules);
        const HealthReport report = health(judged);
        const RuleHealth &rule = ruleOf(report, "says.ignored");
        QCOMPARE(rule.use.hits, std::uint64_t{0});
        QCOMPARE(rule.use.hitsOnSuccesses, std::uint64_t{1});
        QCOMPARE(rule.concerns, std::vector<std::string>{"fires_on_successes"});
    }

    void ruleHealth_otherPackGiven_showsTheOneOfTheVerdicts()
    {
        JudgedWorkspace judged(history(), kRules);
        QVERIFY(health(judged).pack == PackDifference{});
        classify::RulePack given;
        given.rules = {kRules[0], kRules[1], kRules[3], wordRule("new.rule", "network.dns", "nobody")};
        given.rules[0].expires = "2027-01-01"; // no verdict sees it
        given.rules[1].priority = 99;          // "any.error" would win now
        given.rules[1].title = "Other";
        classify::Rule draft = wordRule("draft.rule", "network.dns", "nobody");
        draft.status = classify::RuleStatus::Draft;
        given.rules.push_back(draft);
        base::Progress progress;
        HealthOptions options;
        options.now = base::fromCivil(2026, 3, 15);
        const auto report = ruleHealth(judged.workspace(), given, options, {}, progress);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->pack.added, std::vector<std::string>{"new.rule"});
        QCOMPARE(report->pack.changed, std::vector<std::string>{"any.error"});
        QCOMPARE(report->pack.removed, std::vector<std::string>{"never.there"});
        QCOMPARE(report->rules.size(), size_t{5}); // the draft is listed, the new rule is not
        QCOMPARE(ruleOf(*report, "any.error").rule.title, std::string("Says error"));
        QCOMPARE(ruleOf(*report, "any.error").use.hits, std::uint64_t{24});
        QCOMPARE(ruleOf(*report, "never.there").concerns, std::vector<std::string>{"never_hit"});
        QCOMPARE(ruleOf(*report, "disk.full").rule.expires, std::string("2027-01-01"));
        QVERIFY(ruleOf(*report, "draft.rule").concerns.empty());
    }

    void ruleHealth_packOfTheVerdictsUnknown_showsTheOneGiven()
    {
        JudgedWorkspace judged(history(), kRules);
        QVERIFY(judged.workspace().connection().run("DELETE FROM classified_rule").has_value());
        const HealthReport report = health(judged);
        QVERIFY(!report.pack.known);
        QCOMPARE(report.rules.size(), size_t{4});
    }

    void ruleHealth_auditedRule_showsItsPrecision()
    {
        JudgedWorkspace judged(history(), kRules);
        AuditOptions options;
        options.size = 32;
        const auto sample = drawAudit(judged.workspace(), options);
        QVERIFY(sample.has_value());
        std::vector<AuditReply> replies;
        for (const auto &item : sample->items)
            if (item.drawnClass == "storage.disk_full" && replies.empty()) // equal texts: one answer for all
                replies.push_back({item.id, AuditSays::NoCause, {}, {}, {}});
        QVERIFY(answerAudit(judged.workspace(), *sample, judged.pack(), replies, {}).has_value());
        const HealthReport report = health(judged);
        QCOMPARE(report.rules[0].rule.id, std::string("disk.full"));
        QCOMPARE(report.rules[0].concerns.front(), std::string("imprecise"));
        QCOMPARE(report.rules[0].precision->value, 0.0);
        QCOMPARE(report.rules[0].precision->high, 0.0); // all were looked at
    }

    void ruleHealth_classes_haveATrendOverWholeWeeks()
    {
        JudgedWorkspace judged(history(), kRules);
        const HealthReport report = health(judged);
        QCOMPARE(report.classes.size(), size_t{2});
        const ClassHealth &disk = report.classes[0];
        QCOMPARE(disk.errorClass, std::string("storage.disk_full"));
        QCOMPARE(disk.failures, std::uint64_t{24});
        // Six whole weeks, 2 2 2 4 4 4: the first and the last are cut off by the data.
        QCOMPARE(disk.recent, std::uint64_t{14});
        QCOMPARE(disk.previous, std::uint64_t{4});
        QVERIFY(disk.trend.has_value());
        QCOMPARE(report.wholeWeeks.size(), size_t{6});
        QCOMPARE(report.wholeWeeks.front(), base::fromCivil(2026, 1, 12));
        const formats::Json weeks = healthJson(report)["trend_weeks"];
        QCOMPARE(weeks["from"].string() + " " + weeks["to"].string(), std::string("2026-01-12 2026-02-22"));
        QVERIFY(disk.trend->perPeriod > 1.1 && disk.trend->perPeriod < 1.3);
        QVERIFY(disk.trend->low < 1.0);
        const ClassHealth &none = report.classes[1];
        QCOMPARE(none.errorClass, std::string("unclassified"));
        QVERIFY(std::abs(none.trend->perPeriod - 1.0) < 1e-9);
    }

    void ruleHealth_unclassified_isListedWorstFirst()
    {
        JudgedWorkspace judged(history(), kRules);
        const HealthReport report = health(judged);
        QCOMPARE(report.overall.failures, std::uint64_t{32});
        QCOMPARE(report.overall.unclassified, std::uint64_t{8});
        QCOMPARE(report.overall.byWeek.size(), size_t{8});
        QCOMPARE(report.byJob.size(), size_t{2});
        QCOMPARE(report.byJob[0].name, std::string("dark"));
        QCOMPARE(report.byJob[0].share(), 1.0);
        QCOMPARE(report.byTeam[0].name, std::string("team of dark"));
        QCOMPARE(report.byJob[1].unclassified, std::uint64_t{0});
        QCOMPARE(report.byJob[0].byWeek.at(base::fromCivil(2026, 1, 12)), (store::UnclassifiedCount{1, 1}));
    }

    void ruleHealth_notJudged_saysSo()
    {
        JudgedWorkspace judged({wordAttempt("daily", "1", 0, "x", model::Outcome::Succeeded)}, kRules);
        base::Progress progress;
        const auto report = ruleHealth(judged.workspace(), judged.pack(), {}, {}, progress);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::InsufficientData);
    }

    void profileRules_distinctTexts_areMeasuredOnce()
    {
        JudgedWorkspace judged(history(), kRules);
        const HealthReport report = health(judged, true);
        QCOMPARE(report.profiledTexts, std::uint64_t{2}); // equal texts count once
        QCOMPARE(report.profiledBytes, std::uint64_t{22});
        for (const RuleHealth &rule : report.rules)
            QVERIFY(rule.seconds.has_value() && *rule.seconds >= 0.0);
        base::Progress progress;
        const auto little = profileRules(judged.workspace(), judged.pack(), 12, {}, progress);
        QVERIFY2(little.has_value(), little ? "" : little.error().text().c_str());
        QCOMPARE(little->texts, std::uint64_t{1});
        std::stop_source stop;
        stop.request_stop();
        const auto cancelled = profileRules(judged.workspace(), judged.pack(), 1 << 20, stop.get_token(), progress);
        QVERIFY(!cancelled.has_value());
        QCOMPARE(cancelled.error().code, base::ErrorCode::Cancelled);
    }

    void healthJson_report_hasItsKeys()
    {
        JudgedWorkspace judged(history(), kRules);
        const formats::Json json = healthJson(health(judged));
        QCOMPARE(json["rules"].items().size(), size_t{4});
        QCOMPARE(json["unclassified"]["by_job"].items()[0]["job"].string(), std::string("dark"));
        QCOMPARE(json["unclassified"]["by_week"].items()[0]["week"].string(), std::string("2026-01-05"));
        QCOMPARE(json["classes"].items()[0]["recent"].integer(), std::int64_t{14});
    }
};

QTEST_APPLESS_MAIN(TestRuleHealth)
#include "tst_rule_health.moc"

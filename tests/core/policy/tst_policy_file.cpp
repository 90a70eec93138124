#include "policy/policy_file.hpp"

#include <QFile>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::policy;

namespace
{

std::string shipped(const char *file)
{
    QFile f(QStringLiteral(MULLIGAN_SOURCE_DIR "/resources/") + QLatin1String(file));
    return f.open(QIODevice::ReadOnly) ? f.readAll().toStdString() : std::string();
}

} // namespace

class TestPolicyFile : public QObject
{
    Q_OBJECT

private slots:
    void parsePolicy_shippedFile_isTheDefault()
    {
        const auto p = parsePolicy(shipped("policy.yaml"), "policy.yaml");
        QVERIFY2(p.has_value(), p ? "" : p.error().text().c_str());
        QCOMPARE(*p, Policy{});
        const auto i = parsePolicy(shipped("incumbent.yaml"), "incumbent.yaml");
        QVERIFY(i.has_value() && i->askModel.empty() && i->defaultAction == model::RuleAction::Retry);
    }

    void writePolicy_everythingSet_readsBackEqual()
    {
        Policy p;
        p.name = "a: \"quoted\" name";
        p.retryLimit = {1, 4, 2};
        p.backoff = {BackoffKind::Fixed, 30.5, 3.0, {1, 2, 3}};
        p.overrides = {{"x*", "", OverrideAction::AlwaysRetry}, {"", "r.1", OverrideAction::NeverAskModel}};
        p.askModel = {"network"};
        p.thresholds = {{"memory_config.executor_heap", 0.35}, {"data", 1.0}};
        p.objective = Objective::WeightedSum;
        p.ruleActions = {{"some.rule", model::RuleAction::Stop}};
        p.defaultAction = model::RuleAction::Retry;
        p.disabledRules = {"a.b", "c"};
        p.scope = Scope::Job;
        p.exploration = 0.05;
        p.changeConfig = false;
        const auto back = parsePolicy(writePolicy(p), "written");
        QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
        QCOMPARE(*back, p);
    }

    void writeEconomics_everythingSet_readsBackEqual()
    {
        Economics e;
        e.minutes = {{"access", 12.5}};
        e.prices = {{"eu.west", {0.1, 0.02}}};
        e.assumedVcores = 9;
        const auto back = parseEconomics(writeEconomics(e), "written");
        QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
        QCOMPARE(*back, e);
        QVERIFY(parseEconomics(shipped("economics.yaml"), "economics.yaml").has_value());
    }

    void parsePolicy_badInput_saysWhereAndWhat_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("threshold above one") << "name: x\nthreshold: 1.7\n"
                                             << "line 2";
        QTest::newRow("threshold is a word") << "threshold: high\n"
                                             << "a number from 0 to 1";
        QTest::newRow("unknown key") << "threshhold: 0.2\n"
                                     << "'threshold'";
        QTest::newRow("unknown domain") << "retry_limit: {users: 1}\n"
                                        << "retry_limit.user";
        QTest::newRow("negative limit") << "retry_limit: {user: -1}\n"
                                        << "whole number";
        QTest::newRow("unknown objective") << "objective: cheapest\n"
                                           << "expected_cost";
        QTest::newRow("unknown action") << "rule_actions: {r: maybe}\n"
                                        << "retry, stop, ask_model";
        QTest::newRow("too much exploration") << "exploration: 0.5\n"
                                              << "0.2";
        QTest::newRow("override without target") << "overrides: [{action: never_retry}]\n"
                                                 << "job or rule";
        QTest::newRow("override with unknown action") << "overrides: [{job: a, action: x}]\n"
                                                      << "always_retry";
        QTest::newRow("not a map") << "- a\n"
                                   << "map";
    }
    void parsePolicy_badInput_saysWhereAndWhat()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const auto p = parsePolicy(text.toStdString(), "mine.yaml");
        QVERIFY(!p.has_value());
        const QString error = QString::fromStdString(p.error().text());
        QVERIFY2(error.contains(expected) && error.contains("mine.yaml") && error.contains("line"), qPrintable(error));
    }

    void applySetting_reachesBothFiles()
    {
        Policy p;
        Economics e;
        for (const char *s : {"threshold=0.3", "thresholds.memory_config.executor_heap=0.4", "retry_limit.user=3",
                              "labour_rate=120", "backoff.cap.platform=1800", "ask_model=network, data",
                              "prices.eu.west.vcore_hour=0.2", "rule_action=retry"})
            QVERIFY2(applySetting(p, e, s).has_value(), s);
        QCOMPARE(p.defaultThreshold, 0.3);
        QCOMPARE(p.thresholdFor("memory_config.executor_heap"), 0.4);
        QCOMPARE(p.retryLimit[0], 3);
        QCOMPARE(e.labourRatePerHour, 120.0);
        QCOMPARE(p.backoff.capSeconds[1], 1800.0);
        QCOMPARE(p.askModel, (std::vector<std::string>{"network", "data"}));
        QCOMPARE(e.prices.at("eu.west").vcoreHour, 0.2);
        const Policy before = p;
        const auto bad = applySetting(p, e, "labor_rate=1");
        QVERIFY(!bad && bad.error().hint.find("labour_rate") != std::string::npos);
        QVERIFY(!applySetting(p, e, "thresholds.data=2") && !applySetting(p, e, "threshold"));
        QCOMPARE(p, before);
    }
};

QTEST_APPLESS_MAIN(TestPolicyFile)
#include "tst_policy_file.moc"

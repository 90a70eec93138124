#include "classify/expiry.hpp"
#include "classify/rule_file.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::classify;

class TestExpiry : public QObject
{
    Q_OBJECT

private slots:
    void expiryProblems_dates_areNamedInTime_data()
    {
        QTest::addColumn<QString>("expires");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("kind");
        const int active = static_cast<int>(RuleStatus::Active);
        QTest::newRow("no date") << "" << active << "";
        QTest::newRow("long before") << "2026-04-01" << active << "";
        QTest::newRow("a month before") << "2026-03-31" << active << "expires_soon";
        QTest::newRow("on its last day") << "2026-03-01" << active << "expires_soon";
        QTest::newRow("the day after") << "2026-02-28" << active << "expired";
        QTest::newRow("a draft too") << "2026-02-28" << static_cast<int>(RuleStatus::Draft) << "expired";
        QTest::newRow("but not a retired one") << "2026-02-28" << static_cast<int>(RuleStatus::Retired) << "";
    }
    void expiryProblems_dates_areNamedInTime()
    {
        QFETCH(QString, expires);
        QFETCH(int, status);
        QFETCH(QString, kind);
        RulePack pack;
        pack.rules.resize(1);
        pack.rules[0].id = "a";
        pack.rules[0].expires = expires.toStdString();
        pack.rules[0].status = static_cast<RuleStatus>(status);
        const auto problems = expiryProblems(pack, base::fromCivil(2026, 3, 1, 23, 59));
        QCOMPARE(problems.size(), kind.isEmpty() ? size_t{0} : size_t{1});
        if (!problems.empty()) {
            QCOMPARE(QString::fromStdString(problems[0].kind), kind);
            QCOMPARE(problems[0].severity, Severity::Warning);
            QVERIFY(problems[0].message.find(expires.toStdString()) != std::string::npos);
        }
    }

    void expires_ruleFile_isReadAndWritten()
    {
        const std::string head = "schema: 1\nrules:\n  - id: a\n    title: t\n    class: a.b\n    domain: user\n"
                                 "    action: stop\n    match: {any: [x]}\n    expires: ";
        const auto pack = packFromText(head + "2026-12-31\n", "a.yaml");
        QVERIFY2(pack.has_value(), pack ? "" : pack.error().text().c_str());
        QCOMPARE(pack->rules[0].expires, std::string("2026-12-31"));
        QCOMPARE(packFromText(writePack(*pack), "b.yaml")->rules[0].expires, std::string("2026-12-31"));
        for (const char *wrong : {"2026-02-30", "tomorrow", "2026-1-1", "[2026-01-01]"}) {
            const auto refused = packFromText(head + wrong + "\n", "a.yaml");
            QVERIFY2(!refused.has_value(), wrong);
            QVERIFY(refused.error().text().find("line 9") != std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(TestExpiry)
#include "tst_expiry.moc"

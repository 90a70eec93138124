#include "simulate/savings_json.hpp"

#include "base/rng.hpp"

#include <QtTest>

#include <cmath>

using namespace mulligan;

class TestSavingsJson : public QObject
{
    Q_OBJECT

private slots:
    void savingsToJson_anyAmounts_partsAddUpToNetInCents()
    {
        base::Rng rng(5);
        for (int i = 0; i < 2000; ++i) {
            model::SavingsReport r;
            auto &s = r.savings;
            for (auto *f : {&s.doomedRetriesAvoided, &s.addedRetries, &s.dearerConfig, &s.fixedByConfig,
                            &s.interventionsAvoided, &s.wronglyStopped}) {
                *f = {rng.uniform(-1000, 1000), std::nullopt, std::nullopt, "usd", {}};
                s.net.value += f->value;
            }
            s.net.unit = "usd";
            const formats::Json json = simulate::savingsToJson(r);
            long long cents = 0;
            for (const auto &[key, value] : s.parts())
                cents += std::llround(json["savings"][key]["value"].number() * 100.0);
            QCOMPARE(cents, std::llround(json["savings"]["net_usd"]["value"].number() * 100.0));
        }
    }

    void savingsToJson_anyGroups_columnsAddUpToTheirSumsInCents()
    {
        base::Rng rng(6);
        for (int i = 0; i < 200; ++i) {
            model::SavingsReport r;
            double net = 0.0;
            double cost = 0.0;
            for (int g = 0; g < 40; ++g) {
                r.groups.push_back({"c" + std::to_string(g), 1, rng.uniform(0, 90), 0.0, {}, 0.5, 0.5});
                r.groups.back().net = {rng.uniform(-90, 90), std::nullopt, std::nullopt, "usd", {}};
                net += r.groups.back().net.value;
                cost += r.groups.back().historyCost;
            }
            const formats::Json json = simulate::savingsToJson(r);
            long long netCents = 0;
            long long costCents = 0;
            for (const auto &group : json["groups"].items()) {
                netCents += std::llround(group["net_usd"]["value"].number() * 100.0);
                costCents += std::llround(group["history_cost_usd"].number() * 100.0);
            }
            QCOMPARE(netCents, std::llround(net * 100.0));
            QCOMPARE(costCents, std::llround(cost * 100.0));
        }
    }

    void savingsToJson_hasTheKeysOfTheCommandLine()
    {
        model::SavingsReport r;
        r.savings.retryCostShare = {0.5, 0.4, std::nullopt, "share", "history's F, 10.00 USD"};
        const formats::Json json = simulate::savingsToJson(r);
        for (const char *key : {"episodes", "failures", "remediated_share", "remediated_share_memory_config",
                                "interventions", "intervention_hours", "retry_cost_usd", "retry_cost_gross_usd",
                                "recovery_seconds_median", "recovery_seconds_p95", "wrongly_stopped", "censored"})
            for (const char *world : {"history", "policy"})
                QVERIFY2(json[world].find(key) != nullptr, key);
        for (const char *key : {"observed", "estimated", "modelled", "assumed", "unsupported"})
            QVERIFY2(json["provenance"].find(key) != nullptr, key);
        QCOMPARE(json["savings"]["retry_cost_share"]["denominator"].string(), std::string("history's F, 10.00 USD"));
        QVERIFY(json["savings"]["retry_cost_share"]["high"].isNull());
        QVERIFY(json["groups"].isArray() && json["months"].isArray());
    }
};

QTEST_APPLESS_MAIN(TestSavingsJson)
#include "tst_savings_json.moc"

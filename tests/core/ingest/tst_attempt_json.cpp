#include "ingest/attempt_json.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;

namespace
{

constexpr const char *kGood = R"({"job":"daily.orders","run":"2026-01-02","attempt":2,"outcome":"failed",)"
                              R"("started_at":"2026-01-02T03:04:05Z","ended_at":1767323105000)";

model::Attempt fullAttempt()
{
    model::Attempt a;
    a.job = "daily.orders";
    a.run = "2026-01-02";
    a.attempt = 3;
    a.outcome = model::Outcome::Killed;
    a.startedAt = {1767323045678};
    a.endedAt = {1767323105000};
    a.workflow = "warehouse";
    a.owner = "ana";
    a.team = "orders";
    a.cluster = "east";
    a.queue = "nightly";
    a.applicationId = "application_1700000000000_0042";
    a.trigger = model::Trigger::AutoRetry;
    a.exitCode = 143;
    a.errorText = "line one\nline \"two\"\té";
    a.rootCause = "java.lang.OutOfMemoryError: Java heap space";
    a.config = {{"spark.executor.memory", "4g"}, {"spark.executor.cores", "2"}};
    a.metrics = {{"peak_heap_bytes", 4.0e9}, {"gc_seconds", 12.5}};
    a.vcoreSeconds = 120.25;
    a.memoryGbSeconds = 480.0;
    a.costUsd = 1.75;
    a.costSource = model::CostSource::ResourceSeconds;
    a.manualMinutes = 12.0;
    a.action = "retry";
    a.actionProbability = 0.25;
    a.policyVersion = "7";
    return a;
}

} // namespace

class TestAttemptJson : public QObject
{
    Q_OBJECT

private slots:
    void attemptFromJson_writtenAttempt_isTheSame()
    {
        const model::Attempt attempt = fullAttempt();
        const formats::Json json = attemptToJson(attempt);
        const auto back = attemptFromJson(json);
        QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
        QVERIFY(back.value() == attempt);
        const auto fromText = attemptFromJsonText(formats::writeJson(json));
        QVERIFY2(fromText.has_value(), fromText ? "" : fromText.error().text().c_str());
        QVERIFY(fromText.value() == attempt);
    }

    void attemptToJson_attemptOfRequiredFields_leavesTheOthersOut()
    {
        model::Attempt attempt;
        attempt.job = "j";
        attempt.run = "r";
        attempt.outcome = model::Outcome::Succeeded;
        attempt.endedAt = {1000};
        QCOMPARE(QString::fromStdString(formats::writeJson(attemptToJson(attempt))),
                 QStringLiteral(R"({"job":"j","run":"r","attempt":1,"outcome":"succeeded",)"
                                R"("started_at":"1970-01-01T00:00:00Z","ended_at":"1970-01-01T00:00:01Z"})"));
    }

    void attemptFromJsonText_loggedCost_isMarkedAsLogged()
    {
        const auto attempt = attemptFromJsonText(std::string(kGood) + R"(,"cost_usd":2.5})");
        QVERIFY(attempt.has_value());
        QCOMPARE(attempt->costSource, model::CostSource::Logged);
        QCOMPARE(attempt->costUsd.value_or(0), 2.5);
    }

    void attemptFromJsonText_valuesOfConfig_becomeText()
    {
        const auto attempt = attemptFromJsonText(
            std::string(kGood) + R"(,"config":{"a":"x","b":12,"c":1.5,"d":true,"e":null},"run_id":1,"team":null})");
        QVERIFY(attempt.has_value());
        const model::Config expected{{"a", "x"}, {"b", "12"}, {"c", "1.5"}, {"d", "true"}};
        QVERIFY(attempt->config == expected);
        QVERIFY(attempt->team.empty());
    }

    void attemptFromJsonText_unknownKeys_areListed()
    {
        std::vector<std::string> unknown;
        const auto attempt =
            attemptFromJsonText(std::string(kGood) + R"(,"colour":"red","nested":{"job":1}})", &unknown);
        QVERIFY(attempt.has_value());
        QVERIFY((unknown == std::vector<std::string>{"colour", "nested"}));
    }

    void attemptFromJsonText_numericIds_becomeText()
    {
        const auto attempt = attemptFromJsonText(R"({"job":7,"run":42,"attempt":1,"outcome":"succeeded",)"
                                                 R"("started_at":0,"ended_at":0})");
        QVERIFY(attempt.has_value());
        QCOMPARE(attempt->job, std::string("7"));
        QCOMPARE(attempt->run, std::string("42"));
    }

    void attemptFromJsonText_badRecord_namesTheField_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const QByteArray good(kGood);
        const auto without = [&](const char *from, const char *to) { return QByteArray(good).replace(from, to) + '}'; };
        QTest::newRow("not JSON") << QByteArray("{\"job\":") << "Not a sound JSON object";
        QTest::newRow("an array") << QByteArray("[1]") << "Expected a JSON object";
        QTest::newRow("two objects") << good + "}{}"
                                     << "behind the JSON object";
        QTest::newRow("empty text") << QByteArray("") << "Not a sound JSON object";
        QTest::newRow("job is missing") << without("\"job\":\"daily.orders\",", "") << "field 'job': is missing";
        QTest::newRow("run is empty") << without("\"2026-01-02\"", "\"\"") << "field 'run': must not be empty";
        QTest::newRow("run is null") << without("\"2026-01-02\"", "null") << "field 'run': is missing";
        QTest::newRow("run is an object") << without("\"2026-01-02\"", "{}") << "field 'run': must be text";
        QTest::newRow("attempt 0") << without(":2,", ":0,")
                                   << "field 'attempt': must be a whole number from 1 on, found 0";
        QTest::newRow("attempt 1.5") << without(":2,", ":1.5,") << "field 'attempt': must be a whole number";
        QTest::newRow("attempt as text") << without(":2,", ":\"2\",") << "field 'attempt': must be a whole number";
        QTest::newRow("attempt beyond any sense") << without(":2,", ":99999999999999999999,") << "field 'attempt'";
        QTest::newRow("an outcome that is not there") << without("failed", "exploded")
                                                      << "must be one of succeeded, failed, killed, unknown, found "
                                                         "'exploded'";
        QTest::newRow("a date without zone") << without("05Z", "05")
                                             << "field 'started_at': '2026-01-02T03:04:05' is "
                                                "not a time: it has no zone";
        QTest::newRow("a date that is not there") << without("2026-01-02T03", "2026-02-30T03") << "no such date";
        QTest::newRow("a negative epoch") << without("1767323105000", "-1") << "field 'ended_at'";
        QTest::newRow("a fraction of an epoch") << without("1767323105000", "1767323105000.5") << "must be a time";
        QTest::newRow("a negative duration")
            << without("1767323105000", "1767323044000") << "field 'ended_at': lies 1 s before started_at";
        QTest::newRow("a negative cost") << good + ",\"cost_usd\":-0.01}"
                                         << "field 'cost_usd': must not be negative";
        QTest::newRow("a cost of no attempt") << good + ",\"cost_usd\":99999999999999999999}"
                                              << "field 'cost_usd': is more than one attempt takes (at most 1e9 USD";
        QTest::newRow("bytes for gigabytes") << good + ",\"memory_gb_seconds\":3.6e14}"
                                             << "is it in another unit?";
        QTest::newRow("vcore-seconds beyond any sense") << good + ",\"vcore_seconds\":1e308}"
                                                        << "field 'vcore_seconds': is more than one attempt takes";
        QTest::newRow("a cost as text") << good + ",\"cost_usd\":\"1\"}"
                                        << "field 'cost_usd': must be a number";
        QTest::newRow("a number that is infinite") << good + ",\"vcore_seconds\":1e999}"
                                                   << "JSON";
        QTest::newRow("a probability of 0") << good + ",\"action_probability\":0}"
                                            << "field 'action_probability'";
        QTest::newRow("a probability of 1.7") << good + ",\"action_probability\":1.7}"
                                              << "must lie above 0";
        QTest::newRow("a config that is text") << good + ",\"config\":\"x\"}"
                                               << "field 'config': must be an object";
        QTest::newRow("a config value that is a list") << good + ",\"config\":{\"k\":[1]}}"
                                                       << "field 'config': the value of 'k'";
        QTest::newRow("a negative metric") << good + ",\"metrics\":{\"tasks\":-1}}"
                                           << "field 'metrics': the value of 'tasks'";
        QTest::newRow("a metric as text") << good + ",\"metrics\":{\"tasks\":\"1\"}}"
                                          << "field 'metrics'";
        QTest::newRow("an exit code with a fraction") << good + ",\"exit_code\":1.5}"
                                                      << "field 'exit_code'";
        QTest::newRow("a trigger that is not there") << good + ",\"trigger\":\"cron\"}"
                                                     << "field 'trigger'";
        QTest::newRow("a field that appears twice") << good + ",\"job\":\"other\"}"
                                                    << "field 'job': appears twice";
        QTest::newRow("a name of 5,000 bytes") << good + ",\"owner\":\"" + QByteArray(5000, 'a') + "\"}"
                                               << "field 'owner': is longer than 4096 bytes";
        QTest::newRow("invalid UTF-8") << good + ",\"owner\":\"\xFF\"}"
                                       << "JSON";
    }
    void attemptFromJsonText_badRecord_namesTheField()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        const auto attempt = attemptFromJsonText(text.toStdString());
        QVERIFY(!attempt.has_value());
        QCOMPARE(attempt.error().code, base::ErrorCode::Parse);
        QVERIFY2(QString::fromStdString(attempt.error().message).contains(message), attempt.error().message.c_str());
        // What the tree form can tell, it tells in the same words.
        if (const auto json = formats::parseJson(text.toStdString()); json && !message.contains("JSON")) {
            const auto fromTree = attemptFromJson(json.value());
            QVERIFY(!fromTree.has_value());
            QVERIFY2(QString::fromStdString(fromTree.error().message).contains(message.section("found", 0, 0)),
                     fromTree.error().message.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestAttemptJson)
#include "tst_attempt_json.moc"

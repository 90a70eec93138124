#include "pipeline/decider.hpp"

#include "exported_world.hpp"
#include "ingest/attempt_json.hpp"
#include "pipeline/failure_reader.hpp"

#include <QProcess>
#include <QtTest>

#include <thread>

using namespace mulligan;

namespace
{

formats::Json failure(int attempt = 1)
{
    model::Attempt a;
    a.job = "etl.daily";
    a.run = "2026-05-02";
    a.attempt = attempt;
    a.outcome = model::Outcome::Failed;
    a.startedAt = base::fromCivil(2026, 5, 2, 1 + attempt);
    a.endedAt = a.startedAt.plusSeconds(600.0);
    a.trigger = attempt == 1 ? model::Trigger::Scheduled : model::Trigger::AutoRetry;
    a.errorText = "java.net.SocketTimeoutException: Read timed out";
    return ingest::attemptToJson(a);
}

formats::Json withHistory(int attempt, int automatic)
{
    formats::Json list = formats::Json::array();
    for (int i = 1; i < attempt; ++i) {
        formats::Json earlier = failure(i);
        if (i > 1 && i <= attempt - automatic)
            earlier.set("trigger", "manual");
        list.push(earlier);
    }
    return failure(attempt).set("history", list);
}

} // namespace

class TestDecider : public QObject
{
    Q_OBJECT

private:
    tests::ExportedWorld m_world;
    std::shared_ptr<const pipeline::Decider> m_decider;

    [[nodiscard]] formats::Json decide(const formats::Json &record) const
    {
        return m_decider->decideRecord(formats::writeJson(record)).value();
    }

private slots:
    void initTestCase()
    {
        const auto prepared = m_world.prepare(true);
        QVERIFY2(prepared.has_value(), prepared ? "" : prepared.error().text().c_str());
        pipeline::ExportOptions options;
        options.goldenRecords = 20;
        options.rollingPoints = 0;
        QVERIFY(m_world.exportTo("b.zip", options).has_value());
        const auto decider = pipeline::Decider::make(deploy::readTrustedBundle(m_world.path("b.zip")).value());
        QVERIFY2(decider.has_value(), decider ? "" : decider.error().text().c_str());
        m_decider = *decider;
    }

    void decideRecord_givesTheContractsKeysInOrder()
    {
        const auto decision = decide(failure());
        std::vector<std::string> keys;
        for (const auto &[key, value] : decision.members())
            keys.push_back(key);
        const std::vector<std::string> contract{
            "id",   "action",    "config",   "scope",     "delay_seconds",      "reason",        "class",
            "rule", "p_success", "cost_usd", "supported", "action_probability", "policy_version"};
        keys.resize(contract.size());
        QCOMPARE(keys, contract);
        QCOMPARE(decision["id"].string(), std::string("etl.daily/2026-05-02/1"));
        QCOMPARE(decision["class"].string(), std::string("network.timeout"));
        QCOMPARE(decision["action"].string(), std::string("retry"));
        QCOMPARE(decision["delay_seconds"].number(), 60.0);
    }

    void decideRecord_id_isGivenBackAsItIs()
    {
        QCOMPARE(decide(failure().set("id", "a-1"))["id"], formats::Json("a-1"));
        QCOMPARE(decide(failure().set("id", 17))["id"], formats::Json(17));
    }

    void decideRecord_costOfTheFailedAttempt_isGivenBackBesideTheEstimate()
    {
        const auto priced = decide(failure().set("job", "never.seen"));
        QVERIFY(priced["failed_cost_usd"].number() > 0.0);
        const auto logged = decide(failure().set("job", "never.seen").set("cost_usd", 12.5));
        QCOMPARE(logged["failed_cost_usd"].number(), 12.5);
        QCOMPARE(logged["cost_usd"], priced["cost_usd"]);
    }

    void decideRecord_countsAutomaticRetriesOfTheRun_data()
    {
        QTest::addColumn<int>("attempt");
        QTest::addColumn<int>("automatic");
        QTest::addColumn<double>("delay");
        QTest::newRow("none yet") << 1 << 0 << 60.0;
        QTest::newRow("one automatic retry doubles the wait") << 2 << 1 << 120.0;
        QTest::newRow("three automatic retries") << 4 << 3 << 480.0;
        QTest::newRow("two of them were started by a person") << 4 << 1 << 120.0;
        QTest::newRow("ten are the limit") << 11 << 10 << 0.0;
    }
    void decideRecord_countsAutomaticRetriesOfTheRun()
    {
        QFETCH(int, attempt);
        QFETCH(int, automatic);
        QFETCH(double, delay);
        const auto decision = decide(withHistory(attempt, automatic));
        QCOMPARE(decision["delay_seconds"].number(), delay);
        QCOMPARE(decision["reason"].string() == "limit", automatic >= 10);
    }

    void decideRecord_withoutHistory_limitsBindAllTheSame()
    {
        QCOMPARE(decide(failure(4))["delay_seconds"].number(), 480.0);
        QCOMPARE(decide(failure(11))["reason"].string(), std::string("limit"));
    }

    void decideLine_badRecord_isAnErrorNamingTheField_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const formats::Json &json, const char *text) {
            QTest::newRow(name) << QString::fromStdString(formats::writeJson(json)) << text;
        };
        row("a success", failure().set("outcome", "succeeded"), "outcome");
        row("an unknown outcome", failure().set("outcome", "unknown"), "outcome");
        row("an outcome there is none of", failure().set("outcome", "exploded"), "outcome");
        row("an end before the start", failure().set("ended_at", "2026-01-01T00:00:00Z"), "ended_at");
        row("a history that is no list", failure(2).set("history", "x"), "history");
        row("a history of another run",
            failure(2).set("history", formats::Json::array().push(failure(1).set("run", "other"))), "history[0]");
        row("a history that is not earlier", failure(2).set("history", formats::Json::array().push(failure(2))),
            "history[0]");
        row("a history that repeats itself",
            failure(3).set("history", formats::Json::array().push(failure(1)).push(failure(1))),
            "attempt 1 appears twice");
        row("a bad record within the history",
            failure(2).set("history", formats::Json::array().push(failure(1).set("attempt", 0))), "history[0]");
        row("an id that is a list", failure().set("id", formats::Json::array()), "id");
        QTest::newRow("no JSON at all") << "{broken"
                                        << "JSON";
        QTest::newRow("a list") << "[]"
                                << "";
        QTest::newRow("an empty object") << "{}"
                                         << "job";
    }
    void decideLine_badRecord_isAnErrorNamingTheField()
    {
        QFETCH(QString, line);
        QFETCH(QString, text);
        const std::string out = m_decider->decideLine(line.toStdString());
        QVERIFY(out.starts_with("{\"error\":{\"code\":\"") && out.find('\n') == std::string::npos);
        QVERIFY2(QString::fromStdString(out).contains(text), out.c_str());
        QVERIFY(!m_decider->decideRecord(line.toStdString()).has_value());
    }

    void decideLine_errorOfARecordWithAnId_namesIt()
    {
        const std::string line = formats::writeJson(failure().set("id", "x7").set("outcome", "succeeded"));
        QVERIFY(m_decider->decideLine(line).ends_with(",\"id\":\"x7\"}"));
    }

    void decideLine_errorOfANumberedRecord_saysWhichAndHow()
    {
        const auto broken = formats::parseJson(m_decider->decideLine("{\"id\": 4,", 17)).value();
        QCOMPARE(broken["record"].integer(), std::int64_t{17});
        QVERIFY(broken["error"]["context"].items()[0].string().starts_with("record 17, column"));
        const auto list = formats::parseJson(m_decider->decideLine("[]", 2)).value();
        QCOMPARE(list["record"].integer(), std::int64_t{2});
        QVERIFY(!list["error"]["hint"].string().empty());
        const std::string good = formats::writeJson(failure());
        QCOMPARE(m_decider->decideLine(good, 3), m_decider->decideLine(good));
    }

    void decideLine_fromSeveralThreads_givesTheSameBytes()
    {
        const pipeline::FailureReader reader(*m_world.workspace, m_world.session->history());
        std::vector<std::string> inputs;
        for (const std::uint32_t index : pipeline::spreadOverClasses(m_world.session->history(), 60))
            inputs.push_back(reader.lineAt(index).value());
        std::vector<std::string> alone;
        for (const auto &input : inputs)
            alone.push_back(m_decider->decideLine(input));
        std::vector<std::vector<std::string>> together(3, std::vector<std::string>(inputs.size()));
        std::vector<std::thread> threads;
        for (auto &results : together)
            threads.emplace_back([&results, &inputs, this] {
                for (size_t i = 0; i < inputs.size(); ++i)
                    results[i] = m_decider->decideLine(inputs[i]);
            });
        for (auto &thread : threads)
            thread.join();
        for (const auto &results : together)
            QCOMPARE(results, alone);
    }

    void decideRecord_failureBeforeTheSnapshot_knowsWhatIsKnownNow()
    {
        const pipeline::FailureReader reader(*m_world.workspace, m_world.session->history());
        const predict::PastIndex nothing;
        int differing = 0;
        for (const std::uint32_t index : pipeline::spreadOverClasses(m_world.session->history(), 60)) {
            const std::string line = reader.lineAt(index).value();
            const auto now = m_decider->decideRecord(line).value();
            const auto unknown = m_decider->decideRecordAsOf(line, nothing).value();
            QCOMPARE(unknown["class"].string(), now["class"].string());
            differing += unknown["p_success"] == now["p_success"] ? 0 : 1;
        }
        QVERIFY(differing > 0);
    }

    void make_incompleteBundle_namesTheFile_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *file : {"rules.yaml", "policy.yaml", "economics.yaml", "space.yaml", "history.jsonl"})
            QTest::newRow(file) << file;
    }
    void make_incompleteBundle_namesTheFile()
    {
        QFETCH(QString, file);
        auto bundle = deploy::readTrustedBundle(m_world.path("b.zip")).value();
        bundle.files.erase(file.toStdString());
        const auto decider = pipeline::Decider::make(bundle);
        QVERIFY(!decider.has_value());
        QVERIFY(decider.error().message.find(file.toStdString()) != std::string::npos);
    }

    void decide_asAProcess_givesTheSameBytesAsInProcess()
    {
        const QString program = QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan");
        if (!QFile::exists(program))
            QSKIP("The command line is not built.");
        const pipeline::FailureReader reader(*m_world.workspace, m_world.session->history());
        std::string input;
        std::string expected;
        size_t record = 0;
        for (const std::uint32_t index : pipeline::spreadOverClasses(m_world.session->history(), 300)) {
            const std::string line = reader.lineAt(index).value();
            input += line + "\n";
            expected += m_decider->decideLine(line, ++record) + "\n";
        }
        input += "{\"id\":\"bad\"}\n";
        expected += m_decider->decideLine("{\"id\":\"bad\"}", ++record) + "\n";
        QProcess process;
        process.start(program, {"decide", "--bundle", QString::fromStdString(m_world.path("b.zip"))});
        process.write(input.data(), static_cast<qint64>(input.size()));
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitCode(), 1);
        QCOMPARE(process.readAllStandardOutput(), QByteArray(expected.data(), static_cast<qsizetype>(expected.size())));
    }
};

QTEST_GUILESS_MAIN(TestDecider)
#include "tst_decider.moc"

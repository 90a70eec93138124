#include "base/progress.hpp"
#include "ingest/reader.hpp"
#include "pipeline/import_sources.hpp"
#include "store/history_loader.hpp"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <map>

using namespace mulligan;

namespace
{

/// Job, run and number of an attempt.
using Key = std::tuple<std::string, std::string, int>;
using Attempts = std::map<Key, model::Attempt>;

struct Collector : ingest::AttemptSink {
    Attempts attempts;
    QStringList problems;

    base::Result<void> accept(model::Attempt attempt) override
    {
        Key key(attempt.job, attempt.run, attempt.attempt);
        if (!attempts.emplace(std::move(key), std::move(attempt)).second)
            problems += "the same try twice";
        return {};
    }
    base::Result<void> reject(ingest::Reject reject) override
    {
        problems += QString::fromStdString(reject.reason);
        return {};
    }
};

Key keyOf(const std::string &task, int attempt, const std::string &index = {})
{
    return {"mulligan_synthetic." + task, "manual__synthetic" + index, attempt};
}

} // namespace

/// Runs a synthetic DAG with the real Airflow of each Python in $MULLIGAN_AIRFLOW_PYTHON (separated by colons), and
/// holds what is read of its database, of dumps of its tables and of its logs to what the tasks did.
class RealAirflow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void run_readThreeWays_tellsWhatHappened_data()
    {
        QTest::addColumn<QString>("python");
        const QString all = qEnvironmentVariable("MULLIGAN_AIRFLOW_PYTHON");
        QTest::newRow("the first Airflow") << all.section(':', 0, 0);
        QTest::newRow("the second Airflow") << all.section(':', 1, 1);
    }
    void run_readThreeWays_tellsWhatHappened()
    {
        QFETCH(QString, python);
        if (python.isEmpty() || QProcess::execute(python, {"-c", "import airflow"}) != 0)
            QSKIP("Airflow cannot be imported by a Python of $MULLIGAN_AIRFLOW_PYTHON; installer/setup.sh integration "
                  "installs it");
        QTemporaryDir folder;
        QVERIFY(folder.isValid());
        makeRuns(python, folder.path());
        if (QTest::currentTestFailed())
            return;
        const Attempts database = readAll(folder.filePath("metadata.db"));
        Attempts dumps = readAll(folder.filePath("task_instance.csv"));
        // A try that waited for its retry when the dump was made would stand in both.
        dumps.merge(readAll(folder.filePath("task_instance_history.csv")));
        const Attempts logs = readAll(folder.filePath("logs"));
        checkDatabase(database);
        checkLogs(logs);
        checkAgreement(database, dumps);
        checkAgreement(database, logs);
        checkImport(folder);
    }

private:
    static void makeRuns(const QString &python, const QString &folder)
    {
        QProcess runs;
        runs.start(python, {QStringLiteral(MULLIGAN_SOURCE_DIR "/tests/integration/airflow_runs.py"), folder});
        QVERIFY(runs.waitForFinished(145'000));
        const QByteArray said = runs.readAllStandardOutput() + runs.readAllStandardError();
        QVERIFY2(runs.exitStatus() == QProcess::NormalExit && runs.exitCode() == 0, said.constData());
    }

    static Attempts readAll(const QString &path)
    {
        const auto found = ingest::findSources(path.toStdString());
        if (!found)
            qFatal("%s", found.error().text().c_str());
        Collector sink;
        base::Progress progress;
        for (const auto &unit : found->units) {
            if (unit.format != ingest::Format::Airflow)
                qFatal("%s is not taken for Airflow's", unit.path.c_str());
            if (const auto read = ingest::readSource(unit, {}, sink, {}, progress); !read)
                qFatal("%s", read.error().text().c_str());
        }
        if (!sink.problems.isEmpty())
            qFatal("%s: %s", qPrintable(path), qPrintable(sink.problems.join("; ")));
        return std::move(sink.attempts);
    }

    static void checkDatabase(const Attempts &attempts)
    {
        using model::Outcome;
        using model::Trigger;
        const std::map<Key, std::pair<Outcome, Trigger>> expected{
            {keyOf("flaky", 1), {Outcome::Failed, Trigger::Scheduled}},
            {keyOf("flaky", 2), {Outcome::Failed, Trigger::AutoRetry}},
            {keyOf("flaky", 3), {Outcome::Succeeded, Trigger::AutoRetry}},
            {keyOf("doomed", 1), {Outcome::Failed, Trigger::Scheduled}},
            {keyOf("mapped", 1, "[0]"), {Outcome::Succeeded, Trigger::Scheduled}},
            {keyOf("mapped", 1, "[1]"), {Outcome::Failed, Trigger::Scheduled}},
            {keyOf("spark", 1), {Outcome::Succeeded, Trigger::Scheduled}},
            {keyOf("cleared", 1), {Outcome::Failed, Trigger::Scheduled}},
            {keyOf("cleared", 2), {Outcome::Succeeded, Trigger::Manual}},
            {keyOf("killed", 1), {Outcome::Failed, Trigger::Scheduled}},
        };
        QCOMPARE(attempts.size(), expected.size());
        for (const auto &[key, what] : expected) {
            const auto found = attempts.find(key);
            QVERIFY2(found != attempts.end(), std::get<0>(key).c_str());
            QCOMPARE(int(found->second.outcome), int(what.first));
            QCOMPARE(int(found->second.trigger), int(what.second));
            QCOMPARE(found->second.owner, std::string("ana"));
            QCOMPARE(found->second.team, std::string("payments"));
        }
    }

    static void checkLogs(const Attempts &attempts)
    {
        QCOMPARE(attempts.size(), std::size_t(10));
        const auto has = [&](const Key &key, const char *text) {
            return attempts.at(key).errorText.find(text) != std::string::npos;
        };
        QVERIFY(has(keyOf("flaky", 1), "RuntimeError: connection reset by peer"));
        QVERIFY(has(keyOf("doomed", 1), "Traceback (most recent call last):"));
        QVERIFY(has(keyOf("doomed", 1), "in price_of"));
        QVERIFY(has(keyOf("doomed", 1), "ValueError: order 13 has no price"));
        QVERIFY(has(keyOf("mapped", 1, "[1]"), "part 2 is missing"));
        QCOMPARE(attempts.at(keyOf("spark", 1)).applicationId, std::string("application_1700000000000_0042"));
        QVERIFY(attempts.at(keyOf("flaky", 3)).errorText.empty());
        // Only the log tells that it did not fail by itself.
        QCOMPARE(int(attempts.at(keyOf("killed", 1)).outcome), int(model::Outcome::Killed));
        QCOMPARE(attempts.at(keyOf("killed", 1)).exitCode.value_or(0), -9);
    }

    /// What both say must be the same, up to what only one of them can know.
    static void checkAgreement(const Attempts &database, const Attempts &others)
    {
        QCOMPARE(others.size(), database.size());
        for (const auto &[key, one] : database) {
            const auto found = others.find(key);
            QVERIFY2(found != others.end(), std::get<0>(key).c_str());
            const model::Attempt &other = found->second;
            const bool killed = one.outcome == model::Outcome::Failed && other.outcome == model::Outcome::Killed;
            QVERIFY2(other.outcome == one.outcome || killed, one.job.c_str());
            QVERIFY2(other.trigger == one.trigger || other.trigger == model::Trigger::Unset, one.job.c_str());
            QVERIFY(std::abs(base::secondsBetween(one.startedAt, other.startedAt)) < 10.0);
            QVERIFY(std::abs(base::secondsBetween(one.endedAt, other.endedAt)) < 15.0);
            QCOMPARE(other.workflow, one.workflow);
        }
    }

    static void checkImport(const QTemporaryDir &folder)
    {
        base::Progress progress;
        auto workspace = store::Workspace::create(folder.filePath("w.mulligan").toStdString());
        QVERIFY(workspace);
        const std::vector<std::string> paths{folder.path().toStdString()};
        const auto report = pipeline::importSources(*workspace, paths, {}, {}, progress);
        QVERIFY(report);
        QVERIFY(!report->anythingRejected());
        const auto history = store::loadHistory(*workspace, {}, progress);
        QVERIFY(history);
        QCOMPARE(history->attempts.size(), std::size_t(10));
        int manual = 0;
        for (const auto &attempt : history->attempts) {
            QVERIFY(attempt.trigger != model::Trigger::Unset);
            manual += attempt.trigger == model::Trigger::Manual ? 1 : 0;
        }
        QCOMPARE(manual, 1);
    }
};

QTEST_GUILESS_MAIN(RealAirflow)
#include "tst_real_airflow.moc"

#include "airflow_samples.hpp"
#include "ingest/airflow.hpp"
#include "ingest/airflow_log.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

const std::string kFolder = "logs/dag_id=shop/run_id=scheduled__2024-05-01T00:00:00+00:00/task_id=etl.load/";

std::string record(const std::string &second, const std::string &source, const std::string &message,
                   const std::string &level = "INFO")
{
    return "[2024-05-01T10:00:" + second + ".000+0000] {" + source + ":1} " + level + " - " + message + "\n";
}

std::string begin(int attempt = 1)
{
    return record("00", "taskinstance.py",
                  "Dependencies all met for dep_context=x ti=<TaskInstance: shop.etl.load "
                  "scheduled__2024-05-01T00:00:00+00:00 [queued]>")
           + record("01", "taskinstance.py", "Starting attempt " + std::to_string(attempt) + " of 3");
}

std::string marking(const std::string &state)
{
    return record("20", "taskinstance.py", "Marking task as " + state + ". dag_id=shop, task_id=etl.load, run_id=x");
}

std::string exited(int code)
{
    return record("21", "local_task_job_runner.py", "Task exited with return code " + std::to_string(code));
}

std::string json(const std::string &second, const std::string &level, const std::string &event,
                 const std::string &more = {})
{
    return R"({"timestamp":"2024-05-01T10:00:)" + second + R"(.500000Z","level":")" + level + R"(","event":")" + event
           + "\"" + more + ",\"logger\":\"task\"}\n";
}

struct Reading {
    CollectingSink sink;
    SourceReport report;
};

Reading readLog(const std::string &text, const std::string &name = kFolder + "attempt=1.log")
{
    Folder folder;
    Reading out;
    const auto report = readFile(folder.write(name, text), Format::Airflow, out.sink);
    if (!report)
        qFatal("%s", report.error().text().c_str());
    out.report = *report;
    return out;
}

} // namespace

class TestAirflowLog : public QObject
{
    Q_OBJECT

private slots:
    void readAirflow_zerosAtTheEnd_arePassedOver()
    {
        const std::string text = begin() + marking("FAILED") + std::string(5000, '\0');
        QVERIFY(airflow::looksLikeTaskLog(kFolder + "attempt=1.log", text));
        const auto got = readLog(text);
        QCOMPARE(got.sink.attempts.front().outcome, model::Outcome::Failed);
        QCOMPARE(got.sink.attempts.front().errorText, begin() + marking("FAILED"));
        QVERIFY(got.report.warnings.front().starts_with("lines hold zero bytes"));
    }

    void readAirflow_aFailedTry_givesPlaceTimesAndText()
    {
        const std::string trace = "Traceback (most recent call last):\n  File \"x.py\", line 1, in f\n"
                                  "ValueError: order 13 has no price\n";
        const auto got = readLog("*** Found local files:\n" + begin()
                                 + record("02", "taskinstance.py",
                                          "Exporting env vars: AIRFLOW_CTX_DAG_OWNER='ana' AIRFLOW_CTX_DAG_ID='shop'")
                                 + record("10", "taskinstance.py", "Task failed with exception", "ERROR") + trace
                                 + marking("UP_FOR_RETRY") + exited(1));
        QCOMPARE(got.sink.attempts.size(), std::size_t(1));
        const model::Attempt &a = got.sink.attempts.front();
        QCOMPARE(a.job, std::string("shop.etl.load"));
        QCOMPARE(a.workflow, std::string("shop"));
        QCOMPARE(a.run, std::string("scheduled__2024-05-01T00:00:00+00:00"));
        QCOMPARE(a.attempt, 1);
        QCOMPARE(a.outcome, model::Outcome::Failed);
        QCOMPARE(a.trigger, model::Trigger::Scheduled);
        QCOMPARE(a.owner, std::string("ana"));
        QCOMPARE(a.exitCode.value_or(-1), 1);
        QCOMPARE(base::formatInstant(a.startedAt), std::string("2024-05-01T10:00:01Z"));
        QCOMPARE(base::formatInstant(a.endedAt), std::string("2024-05-01T10:00:20Z"));
        QVERIFY(a.errorText.find(trace) != std::string::npos);
        QVERIFY(got.report.warnings.empty() && !got.report.truncated);
    }

    void readAirflow_endings_areOutcomes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("outcome");
        const auto row = [](const char *name, const std::string &text, const char *outcome) {
            QTest::newRow(name) << QString::fromStdString(text) << outcome;
        };
        row("success", begin() + marking("SUCCESS") + exited(0), "succeeded");
        row("failure", begin() + marking("FAILED") + exited(1), "failed");
        row("failure asked for at once",
            begin() + record("20", "taskinstance.py", "Immediate failure requested. Marking task as FAILED. dag_id=d"),
            "failed");
        row("only a return code", begin() + exited(2), "failed");
        row("killed with SIGKILL", begin() + exited(-9), "killed");
        row("killed in a shell", begin() + exited(137), "killed");
        row("terminated",
            begin() + record("19", "local_task_job.py", "Received SIGTERM. Terminating subprocesses")
                + marking("FAILED") + exited(143),
            "killed");
        row("a zombie",
            begin() + record("19", "scheduler_job_runner.py", "Detected zombie job: {'full_filepath': 'x'}", "ERROR")
                + marking("UP_FOR_RETRY"),
            "killed");
        row("set to success by hand",
            begin()
                + record("19", "local_task_job.py",
                         "State of this instance has been externally set to success. Terminating instance.")
                + record("19", "taskinstance.py", "Received SIGTERM. Terminating subprocesses.") + exited(-15),
            "succeeded");
        row("taken away by hand",
            begin()
                + record("19", "local_task_job.py",
                         "State of this instance has been externally set to restarting. Terminating instance.")
                + exited(-15),
            "killed");
        row("breaks off", begin(), "unknown");
        row("deferred", begin() + record("19", "taskinstance.py", "Pausing task as DEFERRED. dag_id=shop"), "unknown");
        row("rescheduled, then done",
            begin() + record("05", "taskinstance.py", "Rescheduling task, marking task as UP_FOR_RESCHEDULE")
                + exited(0) + begin() + marking("SUCCESS"),
            "succeeded");
        row("started once more when it was done",
            begin() + marking("SUCCESS") + exited(0)
                + record("30", "taskinstance.py", "Dependencies not met for <TaskInstance: shop.etl.load x [success]>")
                + record("31", "local_task_job_runner.py", "Task is not able to be run"),
            "succeeded");
        row("passed on by a subprocess",
            begin()
                + record("20", "base_task_runner.py",
                         "Job 3: Subtask load [2024-05-01 10:00:20,000] {taskinstance.py:1} INFO - Marking task as "
                         "FAILED."),
            "failed");
        row("skipped", begin() + marking("SKIPPED") + exited(0), "");
        row("Airflow 3, success",
            json("01", "info", "::group::Pre Execute") + json("02", "info", "::endgroup::")
                + json("03", "info", "::group::Post Execute") + json("04", "info", "::endgroup::"),
            "succeeded");
        row("Airflow 3, failure",
            json("01", "info", "::group::Pre Execute") + json("02", "error", "Task failed with exception")
                + json("03", "info", "::group::Post Execute") + json("04", "info", "::endgroup::"),
            "failed");
        row("Airflow 3, killed",
            json("01", "info", "DAG bundles loaded: x")
                + json("02", "critical", "Process terminated by signal. Likely out of memory error (OOM).",
                       R"(,"signal":-9,"signal_name":"SIGKILL")"),
            "killed");
        row("Airflow 3, ended by the program", json("01", "error", "Task exited", R"(,"exit_code":3)"), "failed");
        row("Airflow 3, deferred",
            json("01", "info", "::group::Post Execute") + json("02", "info", "Pausing task as DEFERRED. ")
                + json("03", "info", "::endgroup::"),
            "unknown");
        row("Airflow 3, skipped",
            json("01", "info", "::group::Post Execute") + json("02", "info", "Skipping task.", R"(,"reason":"no data")")
                + json("03", "info", "::endgroup::"),
            "");
        row("Airflow 3, said to have succeeded",
            json("01", "info", "x") + json("02", "info", "Task finished", R"(,"exit_code":0,"final_state":"success")"),
            "succeeded");
        row("Airflow 3.0, which says nothing of success", json("01", "info", "Done. Returned value was: None"),
            "unknown");
    }
    void readAirflow_endings_areOutcomes()
    {
        QFETCH(QString, text);
        QFETCH(QString, outcome);
        const auto got = readLog(text.toStdString());
        if (outcome.isEmpty()) {
            QVERIFY(got.sink.attempts.empty());
            QCOMPARE(got.report.warnings.at(0), std::string("the task was skipped, which is no attempt (once)"));
            return;
        }
        QCOMPARE(QString::fromStdString(std::string(name(got.sink.attempts.at(0).outcome))), outcome);
        QCOMPARE(got.sink.attempts[0].errorText.empty(), outcome == "succeeded");
        QCOMPARE(got.report.warnings.empty(), outcome != "unknown");
    }

    void readAirflow_aLogWithoutAnEnding_saysWhy()
    {
        const auto broken = readLog(begin());
        QVERIFY(broken.report.truncated);
        QVERIFY(broken.report.warnings.at(0).starts_with("the log breaks off before the task's end"));
        const auto cut = readLog(json("01", "info", "::group::Pre Execute") + json("02", "info", "::endgroup::"));
        QVERIFY(cut.report.truncated);
        const auto silent = readLog(json("01", "info", "Done. Returned value was: None"));
        QVERIFY(!silent.report.truncated);
        QVERIFY(silent.report.warnings.at(0).starts_with("the log tells of no failure"));
    }

    void readAirflow_paths_sayWhichTryItIs_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("expected");
        QTest::newRow("since 2.3") << "logs/dag_id=d/run_id=r/task_id=t/attempt=2.log"
                                   << "d.t r 2";
        QTest::newRow("a mapped task") << "dag_id=d/run_id=r/task_id=t/map_index=4/attempt=1.log"
                                       << "d.t r[4] 1";
        QTest::newRow("compressed, in an archive") << "logs.zip/dag_id=d/run_id=r/task_id=g.t/attempt=12.log.gz"
                                                   << "d.g.t r 12";
        QTest::newRow("before 2.3") << "logs/d/t/2021-05-01T00:00:00+00:00/3.log"
                                    << "d.t 2021-05-01T00:00:00+00:00 3";
        QTest::newRow("before 2.3, by hand") << "d/t/2021-05-01T01:02:03.123456+00:00/1.log"
                                             << "d.t 2021-05-01T01:02:03.123456+00:00 1";
    }
    void readAirflow_paths_sayWhichTryItIs()
    {
        QFETCH(QString, path);
        QFETCH(QString, expected);
        const auto got = readLog(record("01", "x.py", "a task's own words") + marking("FAILED"), path.toStdString());
        const model::Attempt &a = got.sink.attempts.at(0);
        QCOMPARE(QString::fromStdString(a.job + " " + a.run + " " + std::to_string(a.attempt)), expected);
        QCOMPARE(a.trigger, a.attempt == 1 ? model::Trigger::Scheduled : model::Trigger::Unset);
        QVERIFY(looksLikeAirflow(path.toStdString(), marking("FAILED")));
    }

    void readAirflow_oldLayout_takesTheRunFromTheText()
    {
        const std::string old = "[2021-05-01 10:00:00,123] {taskinstance.py:9} INFO - ";
        const auto got = readLog(old + "Starting attempt 1 of 1\n" + old + "Exporting the following env vars:\n"
                                     + "AIRFLOW_CTX_DAG_OWNER=ana\nAIRFLOW_CTX_DAG_ID=d\nAIRFLOW_CTX_TASK_ID=t\n"
                                     + "AIRFLOW_CTX_DAG_RUN_ID=scheduled__2021-05-01T00:00:00+00:00\n" + old
                                     + "Marking task as SUCCESS.dag_id=d, task_id=t\n",
                                 "d/t/2021-05-01T00:00:00+00:00/1.log");
        const model::Attempt &a = got.sink.attempts.at(0);
        QCOMPARE(a.run, std::string("scheduled__2021-05-01T00:00:00+00:00"));
        QCOMPARE(a.owner, std::string("ana"));
        QCOMPARE(a.outcome, model::Outcome::Succeeded);
        QCOMPARE(base::formatInstant(a.startedAt), std::string("2021-05-01T10:00:00.123Z"));
        QVERIFY(got.report.warnings.empty());
    }

    void readAirflow_aLogMovedElsewhere_isKnownByItsText()
    {
        const auto got = readLog(begin(2) + marking("FAILED"), "download.txt");
        QCOMPARE(storyOf(got.sink, "shop.etl.load", "scheduled__2024-05-01T00:00:00+00:00"), std::string("2 failed "));
        const std::string ids = R"(,"dag_id":"d","task_id":"t","run_id":"r","map_index":2,"try_number":3)";
        const auto three = readLog(json("01", "error", "Task failed with exception", ids), "download.txt");
        QCOMPARE(storyOf(three.sink, "d.t", "r[2]"), std::string("3 failed "));
        QVERIFY(looksLikeAirflow("download.txt", begin()));
        QVERIFY(looksLikeAirflow("download.txt", json("01", "info", "x", ids)));
    }

    void readAirflow_structuredTracebacks_readLikePythons()
    {
        const std::string frame = R"([{"filename":"a.py","lineno":7,"name":"load"}])";
        const auto got = readLog(json(
            "01", "error", "Task failed with exception",
            R"(,"error_detail":[{"exc_type":"RuntimeError","exc_value":"no load","is_cause":false,"frames":)" + frame
                + R"(},{"exc_type":"OSError","exc_value":"disk full","is_cause":true,"frames":)" + frame + "}]"));
        const std::string expected = "[2024-05-01T10:00:01.500000Z] {task} ERROR - Task failed with exception\n"
                                     "Traceback (most recent call last):\n  File \"a.py\", line 7, in load\n"
                                     "OSError: disk full\n\nThe above exception was the direct cause of the following "
                                     "exception:\n\nTraceback (most recent call last):\n"
                                     "  File \"a.py\", line 7, in load\nRuntimeError: no load\n";
        QCOMPARE(QString::fromStdString(got.sink.attempts.at(0).errorText), QString::fromStdString(expected));
    }

    void readAirflow_applicationIds_areFound_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("id");
        QTest::newRow("YARN") << "Submitted application application_1700000000000_0042"
                              << "application_1700000000000_0042";
        QTest::newRow("in an address") << "tracking URL: http://rm:8088/proxy/application_1700000000000_0042/"
                                       << "application_1700000000000_0042";
        QTest::newRow("Kubernetes") << "submission spark-0123456789abcdef0123456789abcdef is running"
                                    << "spark-0123456789abcdef0123456789abcdef";
        QTest::newRow("standalone") << "Connected to Spark cluster with app ID app-20240501100000-0007"
                                    << "app-20240501100000-0007";
        QTest::newRow("local") << "EventLoggingListener: local-1700000000000"
                               << "local-1700000000000";
        QTest::newRow("a driver only") << "Identified spark driver id: driver-20240501100000-0001"
                                       << "driver-20240501100000-0001";
        QTest::newRow("a scratch folder is none") << "Deleting /tmp/spark-01234567-89ab-cdef-0123-456789abcdef"
                                                  << "";
        QTest::newRow("a longer number is none") << "local-17000000000001"
                                                 << "";
        QTest::newRow("inside another word is none") << "myapplication_1700000000000_0042"
                                                     << "";
    }
    void readAirflow_applicationIds_areFound()
    {
        QFETCH(QString, line);
        QFETCH(QString, id);
        const auto got = readLog(begin() + record("05", "spark_submit.py", line.toStdString()) + marking("FAILED"));
        QCOMPARE(QString::fromStdString(got.sink.attempts.at(0).applicationId), id);
    }

    void readAirflow_severalApplications_theLastOfTheSurestKindCounts()
    {
        const auto got = readLog(begin() + record("05", "s.py", "application_1700000000000_0001")
                                 + record("06", "s.py", "application_1700000000000_0002")
                                 + record("07", "s.py", "Identified spark driver id: driver-1") + marking("FAILED"));
        QCOMPARE(got.sink.attempts.at(0).applicationId, std::string("application_1700000000000_0002"));
        QVERIFY(got.report.warnings.at(0).find("several Spark applications") != std::string::npos);
    }

    void readAirflow_anEnormousLog_keepsTheTailThatHoldsTheFailure()
    {
        std::string text = begin();
        const std::string filler = record("05", "x.py", std::string(200, 'x'));
        while (text.size() < 10u << 20)
            text += filler;
        const auto got = readLog(text + record("10", "t.py", "the very reason", "ERROR") + marking("FAILED"));
        const model::Attempt &a = got.sink.attempts.at(0);
        QVERIFY(a.errorText.size() <= airflow::kLogTextBytes && a.errorText.size() > airflow::kLogTextBytes / 2);
        QVERIFY(a.errorText.starts_with("[2024"));
        QVERIFY(a.errorText.find("the very reason") != std::string::npos);
        QCOMPARE(base::formatInstant(a.startedAt), std::string("2024-05-01T10:00:01Z"));
    }

    void readAirflow_secretsAndBrokenText_areMended()
    {
        const auto got = readLog(begin() + "password=hunter2-is-long \xFF\n" + marking("FAILED"));
        const std::string &text = got.sink.attempts.at(0).errorText;
        QVERIFY(text.find("hunter2") == std::string::npos);
        QVERIFY(text.find("\xEF\xBF\xBD") != std::string::npos);
    }

    void looksLikeAirflow_otherLogs_areNone()
    {
        QVERIFY(!looksLikeAirflow("logs/scheduler/2024-05-01/dag.py.log",
                                  record("01", "processor.py", "Started process (PID=1) to work on dag.py")));
        QVERIFY(!looksLikeAirflow("x.log", "24/05/01 10:00:00 INFO SparkContext: Running Spark version 3.5.0\n"));
        QVERIFY(!looksLikeAirflow("x.json", R"({"timestamp":"2024-05-01","level":"info","event":"started"})"));
        QVERIFY(!looksLikeAirflow("dag_id=d/run_id=r/task_id=t/attempt=1.log", ""));
        QVERIFY(!looksLikeAirflow("dag_id=d/run_id=r/task_id=t/attempt=1.log", std::string_view("ab\0c", 4)));
        QVERIFY(!looksLikeAirflow("a/b/2024-05-01/1.log", marking("FAILED")));
    }
};

QTEST_GUILESS_MAIN(TestAirflowLog)
#include "tst_airflow_log.moc"

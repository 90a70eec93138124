#include "spark_reading.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

using model::Outcome;

namespace
{

const char *const kOom = "java.lang.OutOfMemoryError: Java heap space\n\tat orders.Sum.grow(Sum.scala:9)";
const char *const kWrapped = "org.apache.spark.SparkException: Task failed while writing rows\n"
                             "\tat org.apache.spark.Writer.write(Writer.scala:1)\n"
                             "Caused by: java.io.IOException: cannot close\n\tat orders.Out.close(Out.scala:3)\n"
                             "\tSuppressed: java.lang.IllegalStateException: twice\n"
                             "\tCaused by: java.lang.Error: not this one\n"
                             "Caused by: java.lang.ArithmeticException: / by zero\n\tat orders.Rate.of(Rate.scala:4)\n";
const char *const kPython = "org.apache.spark.api.python.PythonException: Traceback (most recent call last):\n"
                            "  File \"orders.py\", line 3, in rate\n    return a / b\n"
                            "ZeroDivisionError: division by zero\n\n"
                            "\tat org.apache.spark.api.python.BasePythonRunner.read(PythonRunner.scala:5)";
const char *const kFetch = "org.apache.spark.shuffle.FetchFailedException: Failed to connect to worker-2:7337\n"
                           "\tat org.apache.spark.storage.Fetcher.next(Fetcher.scala:1)\n"
                           "Caused by: java.net.ConnectException: Connection refused\n\tat java.net.Socket.connect";
const char *const kContainer = "Container killed by YARN for exceeding physical memory limits. 5.1 GB of 5 GB used.";

std::string aborted(const std::string &recent)
{
    return "Job aborted due to stage failure: Task 3 in stage 2.0 failed 4 times, most recent failure: Lost task 3.3 "
           "in "
           "stage 2.0 (TID 9) (worker-1 executor 1): "
           + recent;
}

SparkLog begun()
{
    SparkLog log;
    log.begin().executor("1", 1).executor("2", 1);
    return log;
}

/// A job that runs and fails in stage 2, with whatever happened to its tasks in between.
SparkLog failedJob(const std::vector<Json> &tasks, const std::string &reason)
{
    SparkLog log = begun();
    log.jobStart(1, 5, {1, 2}).stage(1, 0, 8);
    for (const Json &task : tasks)
        log.taskFailed(2, 0, 20, task);
    return log.stage(2, 0, 30, reason).jobFailed(1, 30, reason + "\n\nDriver stacktrace:");
}

} // namespace

Q_DECLARE_METATYPE(SparkLog)
Q_DECLARE_METATYPE(Outcome)

class TestSparkOutcome : public QObject
{
    Q_OBJECT

private slots:
    void outcome_ofAnApplication_followsItsEvents_data()
    {
        QTest::addColumn<SparkLog>("log");
        QTest::addColumn<Outcome>("outcome");
        const auto oom = [] {
            return failedJob({SparkLog::exception("java.lang.OutOfMemoryError", "", kOom)}, aborted(kOom));
        };
        const char *const stopped = "Job 1 cancelled because SparkContext was shut down";
        const char *const group = "Job 1 cancelled part of cancelled job group 5f3a";
        QTest::newRow("no job at all and an end is a success") << begun().end() << Outcome::Succeeded;
        QTest::newRow("a job that succeeds and an end is a success")
            << begun().jobStart(0, 2, {0}).stage(0, 0, 3).jobSucceeded(0, 3).end() << Outcome::Succeeded;
        QTest::newRow("without an end nobody knows") << begun().jobStart(0, 2, {0}) << Outcome::Unknown;
        QTest::newRow("without an end nobody knows even after a failed job") << oom() << Outcome::Unknown;
        QTest::newRow("the last job failed") << oom().end() << Outcome::Failed;
        QTest::newRow("exit code 0 does not make a failed last job good") << oom().end(100, 0) << Outcome::Failed;
        QTest::newRow("a failed job followed by a good one was overcome")
            << oom().jobStart(2, 40, {3}).stage(3, 0, 50).jobSucceeded(2, 50).end() << Outcome::Succeeded;
        QTest::newRow("a good job that ran beside the failed one makes nothing good")
            << begun()
                   .jobStart(0, 2, {0})
                   .jobStart(1, 3, {1})
                   .stage(1, 0, 4, aborted(kOom))
                   .jobFailed(1, 4, aborted(kOom))
                   .stage(0, 0, 9)
                   .jobSucceeded(0, 9)
                   .end()
            << Outcome::Failed;
        QTest::newRow("an exit code other than 0 is a failure") << begun().end(100, 1) << Outcome::Failed;
        QTest::newRow("an exit code other than 0 is a failure after good jobs as well")
            << begun().jobStart(0, 2, {0}).jobSucceeded(0, 3).end(100, 137) << Outcome::Failed;
        QTest::newRow("SIGTERM with no failed work is a kill")
            << begun().jobStart(0, 2, {0}).end(100, 143) << Outcome::Killed;
        QTest::newRow("SIGTERM after a failed job is a failure") << oom().end(100, 143) << Outcome::Failed;
        QTest::newRow("a job running when the context stopped was killed")
            << begun().jobStart(1, 2, {1}).end(50).jobFailed(1, 50, stopped) << Outcome::Killed;
        QTest::newRow("a job whose tasks had failed when the context stopped has failed")
            << begun()
                   .jobStart(1, 2, {1})
                   .taskFailed(1, 0, 40, SparkLog::executorLost("1", "Executor Process Lost"))
                   .end(50)
                   .jobFailed(1, 50, stopped)
            << Outcome::Failed;
        QTest::newRow("task failures of another job do not turn a stopped one into a failed one")
            << begun()
                   .jobStart(0, 2, {7})
                   .taskFailed(7, 0, 3, SparkLog::exception("a.B", "c", "a.B: c"))
                   .jobStart(1, 4, {1})
                   .end(50)
                   .jobFailed(1, 50, stopped)
            << Outcome::Killed;
        QTest::newRow("a job that was cancelled last is a kill")
            << begun().jobStart(1, 2, {1}).jobFailed(1, 9, group).end() << Outcome::Killed;
        QTest::newRow("a job that its good SQL execution cancelled itself is a success")
            << begun().sqlStart(4, 1).jobStart(1, 2, {1}, 4).jobFailed(1, 9, group).sqlEnd(4, 10, "").end()
            << Outcome::Succeeded;
        QTest::newRow("jobs of a streaming query that was stopped are a success")
            << begun()
                   .jobStart(1, 2, {1})
                   .jobFailed(1, 9, group)
                   .event(SparkLog::named("org.apache.spark.sql.streaming.StreamingQueryListener$QueryTerminatedEvent")
                              .set("id", "q")
                              .set("runId", "5f3a")
                              .set("exception", Json()))
                   .end()
            << Outcome::Succeeded;
        QTest::newRow("an SQL error without any job is a failure")
            << begun().sqlStart(4, 1).sqlEnd(4, 2, "[TABLE_OR_VIEW_NOT_FOUND] no table orders").end()
            << Outcome::Failed;
        QTest::newRow("an SQL end that says nothing is no failure")
            << begun().sqlStart(4, 1).sqlEnd(4, 2).end() << Outcome::Succeeded;
        QTest::newRow("an SQL error followed by a good execution was overcome")
            << begun().sqlStart(4, 1).sqlEnd(4, 2, "no table").sqlStart(5, 3).sqlEnd(5, 4, "").end()
            << Outcome::Succeeded;
        QTest::newRow("a streaming query that ended with an exception is a failure")
            << begun()
                   .event(SparkLog::named("org.apache.spark.sql.streaming.StreamingQueryListener$QueryTerminatedEvent")
                              .set("id", "q")
                              .set("exception", "offset 12 is gone"))
                   .end()
            << Outcome::Failed;
        QTest::newRow("a Spark Connect operation that failed is a failure")
            << begun()
                   .event(SparkLog::named("org.apache.spark.sql.connect.service.SparkListenerConnectOperationFailed")
                              .set("operationId", "o")
                              .set("eventTime", SparkLog::at(5))
                              .set("errorMessage", "no plan"))
                   .end()
            << Outcome::Failed;
    }
    void outcome_ofAnApplication_followsItsEvents()
    {
        QFETCH(const SparkLog, log);
        QFETCH(const Outcome, outcome);
        const auto attempt = only(log);
        QCOMPARE(std::string(name(attempt.outcome)), std::string(name(outcome)));
        if (outcome == Outcome::Succeeded)
            QCOMPARE(attempt.errorText, std::string());
        if (outcome == Outcome::Failed || outcome == Outcome::Killed)
            QVERIFY(!attempt.errorText.empty() && !attempt.rootCause.empty());
    }

    void rootCause_ofAFailure_isTheDeepestCarrier_data()
    {
        QTest::addColumn<SparkLog>("log");
        QTest::addColumn<QString>("root");
        const auto ended = [](SparkLog log) { return log.end(); };
        const auto lost = SparkLog::executorLost("1", kContainer);
        const QString lostText =
            QString("ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: ") + kContainer;
        QTest::newRow("a task's exception") << ended(
            failedJob({SparkLog::exception("java.lang.OutOfMemoryError", "Java heap space", kOom)}, aborted(kOom)))
                                            << QString(kOom);
        QTest::newRow("the last cause at the margin of a task's exception")
            << ended(failedJob({SparkLog::exception("org.apache.spark.SparkException", "Task failed", kWrapped)},
                               aborted(kWrapped)))
            << "java.lang.ArithmeticException: / by zero\n\tat orders.Rate.of(Rate.scala:4)";
        QTest::newRow("the last line of a Python traceback") << ended(
            failedJob({SparkLog::exception("org.apache.spark.api.python.PythonException", "Traceback", kPython)},
                      aborted(kPython))) << "ZeroDivisionError: division by zero";
        QTest::newRow("the last exception of the failing stage attempt, not an earlier one") << ended(failedJob(
            {SparkLog::exception("a.Early", "x", "a.Early: x"), SparkLog::exception("a.Late", "y", "a.Late: y")},
            aborted("a.Late: y"))) << "a.Late: y";
        QTest::newRow("an exception where the stage only counts failures")
            << ended(failedJob({SparkLog::exception("a.Late", "y", "a.Late: y")},
                               "Job aborted due to stage failure: Task 3 in stage 2.0 failed 4 times"))
            << "a.Late: y";
        QTest::newRow("the loss of an executor that the stage names, not an exception the task got over") << ended(
            failedJob({SparkLog::exception("a.Flaky", "x", "a.Flaky: x"), lost}, aborted(lostText.toStdString())))
                                                                                                          << lostText;
        QTest::newRow("heap exhausted in a task, though its executor was lost after it")
            << ended(failedJob({SparkLog::exception("java.lang.OutOfMemoryError", "Java heap space", kOom),
                                SparkLog::executorLost("1", "exited with exit code 52 (JVM OOM)")},
                               aborted(kOom)))
            << QString(kOom);
        QTest::newRow("a container killed for its memory is the loss")
            << ended(failedJob({lost}, aborted(lostText.toStdString()))) << lostText;
        for (const char *reason : {"", "Slave lost",
                                   "Remote RPC client disassociated. Likely due to containers exceeding "
                                   "thresholds, or network issues."}) {
            QTest::addRow("why an executor was removed, where a task's end only says '%s'", reason)
                << ended(begun()
                             .jobStart(1, 5, {2})
                             .taskFailed(2, 0, 20, SparkLog::executorLost("1", reason))
                             .removed("1", 21, kContainer)
                             .stage(2, 0, 30, aborted("ExecutorLostFailure (executor 1 exited)"))
                             .jobFailed(1, 31, aborted("ExecutorLostFailure (executor 1 exited)")))
                << QString("Executor 1 was removed: ") + kContainer;
        }
        QTest::newRow("a task's end that says why, not a removal that does not")
            << ended(begun()
                         .jobStart(1, 5, {2})
                         .taskFailed(2, 0, 20, lost)
                         .removed("1", 21, "worker lost")
                         .stage(2, 0, 30, aborted(lostText.toStdString()))
                         .jobFailed(1, 31, aborted(lostText.toStdString())))
            << lostText;
        QTest::newRow("the loss of an executor unrelated to its tasks says so")
            << ended(failedJob({SparkLog::executorLost("7", "worker lost", false)}, aborted("ExecutorLostFailure")))
            << "ExecutorLostFailure (executor 7 exited unrelated to the running tasks) Reason: worker lost";
        QTest::newRow("an executor removed shortly before a fetch failed")
            << ended(begun()
                         .jobStart(1, 5, {2})
                         .removed("2", 19, kContainer)
                         .taskFailed(2, 0, 20, SparkLog::fetchFailed(kFetch))
                         .stage(2, 0, 30, kFetch)
                         .jobFailed(1, 31,
                                    "Job aborted due to stage failure: stage 2 has failed the maximum number of times"))
            << QString("Executor 2 was removed: ") + kContainer;
        QTest::newRow("a failed fetch with its cause, when no executor was lost")
            << ended(failedJob({SparkLog::fetchFailed(kFetch)},
                               aborted(std::string("FetchFailed(BlockManagerId(2), ") + kFetch)))
            << "org.apache.spark.shuffle.FetchFailedException: Failed to connect to worker-2:7337\n"
               "Caused by: java.net.ConnectException: Connection refused\n\tat java.net.Socket.connect";
        QTest::newRow("a failed fetch without an address")
            << ended(failedJob({SparkLog::fetchFailed("Missing an output location for shuffle 5", false)},
                               aborted("FetchFailed(null, shuffleId=5)")))
            << "Missing an output location for shuffle 5";
        QTest::newRow("an executor removed on purpose is no cause")
            << ended(begun()
                         .jobStart(1, 5, {2})
                         .removed("2", 19, "Executor killed by driver.")
                         .taskFailed(2, 0, 20, SparkLog::fetchFailed("gone"))
                         .stage(2, 0, 30, "FetchFailed(null)")
                         .jobFailed(1, 31, "aborted"))
            << "gone";
        QTest::newRow("an executor lost long before is no cause")
            << ended(begun()
                         .removed("2", 19, kContainer)
                         .jobStart(1, 500, {2})
                         .taskFailed(2, 0, 520, SparkLog::fetchFailed("gone"))
                         .stage(2, 0, 530, "FetchFailed(null)")
                         .jobFailed(1, 531, "aborted"))
            << "gone";
        QTest::newRow("the stage's own reason where no task failed")
            << ended(failedJob(
                   {}, "Job aborted due to stage failure: Total size of serialized results of 9 tasks (1100 MiB) is "
                       "bigger than spark.driver.maxResultSize (1024 MiB)"))
            << "Job aborted due to stage failure: Total size of serialized results of 9 tasks (1100 MiB) is bigger "
               "than "
               "spark.driver.maxResultSize (1024 MiB)";
        QTest::newRow("the stage's own reason, not an exception a task got over")
            << ended(failedJob(
                   {SparkLog::exception("a.Flaky", "x", "a.Flaky: x")},
                   "Job aborted due to stage failure: Task not serializable: java.io.NotSerializableException: a.B"))
            << "Job aborted due to stage failure: Task not serializable: java.io.NotSerializableException: a.B";
        QTest::newRow("the job's message where there is no stage")
            << ended(begun().jobStart(1, 5, {2}).jobFailed(1, 9, "java.lang.OutOfMemoryError: Java heap space"))
            << "java.lang.OutOfMemoryError: Java heap space";
        QTest::newRow("an SQL error begun after the failed job was caught")
            << ended(failedJob({}, "first trouble").sqlStart(8, 50).sqlEnd(8, 51, "[COLUMN_NOT_FOUND] no column price"))
            << "[COLUMN_NOT_FOUND] no column price";
        QTest::newRow("the job, not the SQL error that repeats it")
            << ended(begun()
                         .sqlStart(8, 1)
                         .jobStart(1, 5, {2}, 8)
                         .taskFailed(2, 0, 9, SparkLog::exception("a.Late", "y", "a.Late: y"))
                         .stage(2, 0, 9, aborted("a.Late: y"))
                         .jobFailed(1, 9, aborted("a.Late: y"))
                         .sqlEnd(8, 10, "Job aborted due to stage failure"))
            << "a.Late: y";
        QTest::newRow("the job's own exception, not an executor that happened to be lost before it")
            << ended(begun()
                         .jobStart(1, 5, {2})
                         .removed("2", 8, kContainer)
                         .jobFailed(1, 9, "java.lang.OutOfMemoryError: Java heap space"))
            << "java.lang.OutOfMemoryError: Java heap space";
        QTest::newRow("an executor lost just before a job that does not say why it failed")
            << ended(begun()
                         .jobStart(1, 5, {2})
                         .removed("2", 8, kContainer)
                         .jobFailed(1, 9, "Job aborted due to stage failure"))
            << QString("Executor 2 was removed: ") + kContainer;
        QTest::newRow("the exit code, not an executor whose loss failed nothing")
            << begun().removed("2", 99, kContainer).end(100, 1) << "The application ended with exit code 1";
        QTest::newRow("the job itself where its message is null") << ended(begun().jobStart(1, 5, {2}).jobEnd(
            1, 9, Json::object().set("Result", "JobFailed").set("Exception", Json::object().set("Message", Json()))))
                                                                  << "Job 1 failed";
        QTest::newRow("the stage that the job names, not one that failed after it")
            << ended(begun()
                         .jobStart(1, 5, {2, 3})
                         .taskFailed(2, 0, 9, SparkLog::exception("a.Late", "y", "a.Late: y"))
                         .stage(2, 0, 9, aborted("a.Late: y"))
                         .stage(3, 0, 9, "Another trouble")
                         .jobFailed(1, 9, aborted("a.Late: y") + "\n\nDriver stacktrace:"))
            << "a.Late: y";
        QTest::newRow("the exit code where there is nothing else")
            << begun().end(100, 13) << "The application ended with exit code 13";
    }
    void rootCause_ofAFailure_isTheDeepestCarrier()
    {
        QFETCH(const SparkLog, log);
        QFETCH(const QString, root);
        const auto attempt = only(log);
        QCOMPARE(std::string(name(attempt.outcome)), std::string("failed"));
        QCOMPARE(QString::fromStdString(attempt.rootCause), root);
    }

    void errorText_ofAFailure_labelsEveryCarrierOnce()
    {
        const auto attempt =
            only(begun()
                     .sqlStart(8, 1)
                     .jobStart(1, 5, {2}, 8)
                     .taskFailed(2, 0, 9, SparkLog::exception("a.Late", "y", "a.Late: y\n\tat a.B.c(B.scala:1)"))
                     .stage(2, 0, 9, aborted("a.Late: y\n\tat a.B.c(B.scala:1)"))
                     .jobFailed(1, 9, aborted("a.Late: y\n\tat a.B.c(B.scala:1)"))
                     .sqlEnd(8, 10, "Writing failed")
                     .end(100, 1));
        QCOMPARE(QString::fromStdString(attempt.errorText),
                 QString("Task 3.1 in stage 2.0 failed on executor 1 (worker-1):\na.Late: y\n\tat a.B.c(B.scala:1)\n"
                         "Stage 2.0 (save at Orders.scala:7) failed: %1a.Late: y\n"
                         "Job 1 failed: %1a.Late: y\n"
                         "The application ended with exit code 1\n"
                         "SQL execution 8 (insert into orders) failed: Writing failed")
                     .arg(QString::fromStdString(aborted(""))));
        QCOMPARE(attempt.exitCode, std::optional<int>(1));
    }

    void errorText_ofAFetchFailure_isWordedAsSparkWordsIt()
    {
        const auto attempt =
            only(failedJob({SparkLog::fetchFailed("gone")}, "FetchFailed(BlockManagerId(2, worker-2))").end());
        QVERIFY(attempt.errorText.starts_with("FetchFailed(BlockManagerId(2, worker-2, 7337), shuffleId=5, "
                                              "mapIndex=11, mapId=71, reduceId=3, message=\ngone\n)"));
    }

    void failedTasks_byReason_countOnlyRealFailures()
    {
        SparkLog log = begun();
        log.jobStart(1, 5, {2});
        const auto reason = [](const char *name) { return Json::object().set("Reason", name); };
        for (const Json &end : {SparkLog::exception("a.B", "", "a.B"), SparkLog::fetchFailed("gone"),
                                SparkLog::executorLost("1", "x"), SparkLog::executorLost("1", "x", false),
                                reason("TaskKilled").set("Kill Reason", "another attempt succeeded"),
                                reason("TaskCommitDenied"), reason("Resubmitted"), reason("TaskResultLost"),
                                reason("UnknownReason"), reason("Success"), reason("SomethingNew")})
            log.taskFailed(2, 0, 9, end);
        const auto attempt = only(log.stage(2, 0, 10).jobSucceeded(1, 11).end());
        QCOMPARE(attempt.metrics.at("tasks"), 11.0);
        QCOMPARE(attempt.metrics.at("failed_tasks"), 3.0);
        QCOMPARE(attempt.metrics.at("failed_jobs"), 0.0);
        QCOMPARE(std::string(name(attempt.outcome)), std::string("succeeded"));
    }

    void warnings_ofASuccessWithFailedJobs_countThem()
    {
        SourceReport report;
        const auto attempt = only(failedJob({}, "trouble").jobStart(2, 40, {3}).jobSucceeded(2, 50).end(), &report);
        QCOMPARE(attempt.metrics.at("failed_jobs"), 1.0);
        QCOMPARE(report.warnings, std::vector<std::string>{"1 job failed in 1 application that went on and succeeded"});
        QVERIFY(!report.truncated);
    }
};

QTEST_GUILESS_MAIN(TestSparkOutcome)
#include "tst_spark_outcome.moc"

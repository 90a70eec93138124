#include "text/root_cause.hpp"

#include <QtTest>

using namespace mulligan;
using text::findRootCause;

namespace
{

void row(const char *name, const QString &text, const char *cause, const char *exception = "")
{
    QTest::newRow(name) << text << QString::fromUtf8(cause) << QString::fromUtf8(exception);
}

const QString kLost = "24/05/01 10:00:20 INFO mapreduce.Job: Task Id : attempt_17_01_m_000004_0, Status : FAILED\n"
                      "Error: java.io.IOException: the disk is full\n\tat a.B.c(B.java:1)\n\n";
const QString kFailed = "24/05/01 10:00:22 INFO mapreduce.Job: Task Id : attempt_17_01_m_000001_3, Status : FAILED\n"
                        "Error: shop.ShelfException: no shelf\n\tat a.B.c(B.java:1)\n\n";
const QString kFlyteFrames = "      File \"/srv/flyte.py\", line 203, in entry\n        return f()\n"
                             "      File \"/srv/shop.py\", line 12, in load\n        raise Empty(\"no shelf\")\n";

} // namespace

/// What systems put around a cause: each row is written in a system's form, and its first cause line is asked for.
class TestCauseFinder : public QObject
{
    Q_OBJECT

private slots:
    void findRootCause_systemsLog_isTheFirstLineOfTheCause_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("exception");

        row("an exception that is indented", "    shop.ShelfException: no shelf\n        at a.B.c(B.java:1)\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("a traceback that is indented",
            "    Traceback (most recent call last):\n      File \"a.py\", line 1, in f\n        row['x']\n    Missing: "
            "'x'\n"
            "  all in all\n",
            "Missing: 'x'", "Missing");
        row("a traceback that has lost its indentation",
            "Traceback (most recent call last):\nFile \"a.py\", line 1, in f\nreturn g()\nFile \"a.py\", line 2, in g\n"
            "Missing: 'x'\n",
            "Missing: 'x'", "Missing");

        row("a traceback that breaks off",
            "Traceback (most recent call last):\nFile \"a.py\", line 1, in f\nreturn g()\n"
            "24/05/01 10:00:09 INFO Main: waiting\n24/05/01 10:00:09 ERROR Main: shop.ShelfException: no shelf\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("an exception that is another's message",
            "java.lang.RuntimeException: java.util.concurrent.ExecutionException: shop.ShelfException: no shelf\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("an exception that holds one that only follows",
            "a.FetchException: java.nio.channels.ClosedChannelException\n",
            "a.FetchException: java.nio.channels.ClosedChannelException", "a.FetchException");
        row("an exception that is written out as a value is none",
            "trino.exceptions.TrinoUserError: TrinoUserError(type=USER_ERROR)\n",
            "trino.exceptions.TrinoUserError: TrinoUserError(type=USER_ERROR)", "trino.exceptions.TrinoUserError");
        row("a wrapper that is logged later",
            "24/05/01 10:00:09 ERROR Main: shop.ShelfException: no shelf\n\tat a.B.c(B.java:1)\n"
            "24/05/01 10:00:10 ERROR ApplicationMaster: Uncaught exception: \n"
            "org.apache.spark.SparkException: Exception thrown in awaitResult: \n\tat a.B.c(B.java:1)\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("a wrapper with its cause",
            "24/05/01 10:00:09 ERROR ApplicationMaster: User class threw exception: org.apache.spark.SparkException: "
            "Exception thrown in awaitResult: \n\tat a.B.c(B.java:1)\nCaused by: shop.ShelfException: no shelf\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("a wrapper and nothing else",
            "Exception in thread \"main\" java.lang.reflect.UndeclaredThrowableException\n\tat a.B.c(B.java:1)\n",
            "java.lang.reflect.UndeclaredThrowableException", "java.lang.reflect.UndeclaredThrowableException");
        row("an error line before a wrapper",
            "24/05/01 10:00:09 ERROR Main: the shop has no shelf\n24/05/01 10:00:10 ERROR Main: ended\n"
            "org.apache.spark.SparkException: Job aborted.\n",
            "24/05/01 10:00:09 ERROR Main: the shop has no shelf");
        row("the head of a wrapper's own record",
            "24/05/01 10:00:10 ERROR Main: ended\norg.apache.spark.SparkException: Job aborted.\n",
            "org.apache.spark.SparkException: Job aborted.", "org.apache.spark.SparkException");

        row("an attempt of a job that came to its end",
            kLost
                + "24/05/01 10:00:41 INFO mapreduce.Job: Job job_17_01 completed successfully\n"
                  "shop.ShelfException: no shelf\n24/05/01 10:00:42 INFO A: bye\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("an attempt of another task than the job failed by",
            kFailed + kLost
                + "24/05/01 10:00:32 INFO mapreduce.Job: Job job_17_01 failed with state FAILED due to: Task failed "
                  "task_17_01_m_000001\nJob failed as tasks failed. failedMaps:1\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("an attempt that another one made up for",
            kFailed + kLost + "24/05/01 10:00:32 INFO TaskImpl: Task succeeded with attempt attempt_17_01_m_000004_1\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("an attempt that nothing made up for", kFailed + kLost, "java.io.IOException: the disk is full",
            "java.io.IOException");

        row("a state behind the message", "the shop has no shelf\nRESULT: FAILURE\n", "the shop has no shelf");
        row("a runner's state behind the message",
            "the shop has no shelf\nBuild step 'Execute shell' marked build as failure\nFinished: FAILURE\n",
            "the shop has no shelf");
        row("two states behind the message", "the shop has no shelf\nfinal_state = FAILED\nexit: 1\n",
            "the shop has no shelf");

        row("a logger without its file",
            "log4j:ERROR setFile(null,true) call failed.\njava.io.FileNotFoundException: /x.log (Permission denied)\n"
            "\tat a.B.c(B.java:1)\nSLF4J: Failed to load class \"org.slf4j.impl.StaticLoggerBinder\".\n"
            "the shop has no shelf\n",
            "the shop has no shelf");
        row("an exception right behind a logger's trace",
            "log4j:ERROR setFile(null,true) call failed.\njava.io.FileNotFoundException: /x.log (Permission denied)\n"
            "\tat a.B.c(B.java:1)\nshop.ShelfException: no shelf\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("an exception right behind a logger's warning",
            "SLF4J: Actual binding is of type [x]\nshop.ShelfException: no shelf\n", "shop.ShelfException: no shelf",
            "shop.ShelfException");
        row("a log4j 2 without its file",
            "main ERROR Unable to create file /x.log java.io.IOException: Permission denied\n\tat a.B.c(B.java:1)\n"
            "2024-05-01 10:00:00,000 main ERROR Unable to locate appender \"rolling\" for logger config \"root\"\n"
            "the shop has no shelf\n",
            "the shop has no shelf");

        row("the reason within a batch job",
            "airflow.exceptions.AirflowException: AWS Batch job (0a) failed: {'jobName': 'load', 'attempts': "
            "[{'container': {'reason': 'CannotPullContainerError: no such image'}}], 'statusReason': 'Task failed'}\n",
            "CannotPullContainerError: no such image'}}], 'statusReason': 'Task failed'}", "CannotPullContainerError");
        row("why a task did not start",
            "airflow.exceptions.AirflowException: The task failed to start due to: ResourceInitializationError: no "
            "secret\n",
            "ResourceInitializationError: no secret", "ResourceInitializationError");

        row("a short name of Druid's",
            "Caused by: org.apache.druid.java.util.common.ISE: no shelf\n\tat a.B.c(B.java:1)\n",
            "org.apache.druid.java.util.common.ISE: no shelf", "org.apache.druid.java.util.common.ISE");
        row("a task of Flyte's",
            "[1/1] currentAttempt done. Last Error: USER::Traceback (most recent call last):\n\n" + kFlyteFrames
                + "\nMessage:\n\n    Empty: no shelf\n\nUser error.\n",
            "Empty: no shelf", "Empty");
        row("an indented trace of Flyte's",
            "Trace:\n\n    Traceback (most recent call last):\n" + kFlyteFrames
                + "    Empty: no shelf\n\n    The above exception was the direct cause of the following exception:\n\n"
                  "    Traceback (most recent call last):\n"
                + kFlyteFrames + "    FlyteUserRuntimeException: error=USER\n\nMessage:\n\n    "
                + "FlyteUserRuntimeException: error=USER\n",
            "Empty: no shelf", "Empty");

        const QString airflow = "[2024-05-01, 10:05:00 UTC] {taskinstance.py:1560} ";
        row("a task that lost its heartbeat",
            "[2024-05-01, 10:05:00 UTC] {job.py:210} ERROR - Heartbeat time limit exceeded!\n" + airflow
                + "ERROR - Received SIGTERM. Terminating subprocesses.\n" + airflow
                + "ERROR - Task failed with exception\nTraceback (most recent call last):\n  File \"a.py\", line 1\n"
                  "airflow.exceptions.AirflowException: Task received SIGTERM signal\n",
            "[2024-05-01, 10:05:00 UTC] {job.py:210} ERROR - Heartbeat time limit exceeded!");
        row("a task that was told to end and ended",
            airflow + "ERROR - Received SIGTERM. Terminating subprocesses.\n" + airflow
                + "INFO - Task exited with return code 0\n",
            "[2024-05-01, 10:05:00 UTC] {taskinstance.py:1560} ERROR - Received SIGTERM. Terminating subprocesses.");
        row("a task that was told to end and succeeded",
            airflow + "ERROR - Received SIGTERM. Terminating subprocesses.\n" + airflow
                + "INFO - Marking task as SUCCESS. dag_id=a\n" + airflow + "INFO - Task exited with return code 0\n",
            "[2024-05-01, 10:05:00 UTC] {taskinstance.py:1560} INFO - Task exited with return code 0");
        row("an exception of any name in Airflow 3",
            "[2026-05-01T10:00:02.200Z] ERROR - Task failed with exception\nEmpty: no shelf\n"
            "File \"/dags/shop.py\", line 9 in load\n[2026-05-01T10:00:02.300Z] INFO - Task instance in failure "
            "state\n",
            "Empty: no shelf", "Empty");
        row("what Airflow fetches from a container's log",
            "[2024-05-01, 10:00:30 UTC] {task_log_fetcher.py:65} INFO - [2024-05-01 10:00:21,100] no shelf\n" + airflow
                + "ERROR - Task failed with exception\nairflow.exceptions.AirflowException: This task is not in "
                  "success "
                  "state - last 10 logs from Cloudwatch:\n",
            "airflow.exceptions.AirflowException: This task is not in success state - last 10 logs from Cloudwatch:",
            "airflow.exceptions.AirflowException");
        row("an exception that Airflow fetches from a container's log",
            "[2024-05-01, 10:00:30 UTC] {task_log_fetcher.py:65} INFO - [2024-05-01 10:00:21,100] ShelfError: no "
            "shelf\n"
                + airflow
                + "ERROR - Task failed with exception\nairflow.exceptions.AirflowException: This task is not in "
                  "success "
                  "state - last 10 logs from Cloudwatch:\n",
            "ShelfError: no shelf", "ShelfError");

        row("a state of Prefect's",
            "10:00:01.100 | ERROR   | Task run 'load-0' - Encountered exception during execution:\n"
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nEmpty: no shelf\n"
            "10:00:01.200 | ERROR   | Flow run 'a' - Finished in state Failed('encountered a LateError: x')\n"
            "Traceback (most recent call last):\n  File \"b.py\", line 1, in f\n"
            "prefect.exceptions.FailedRun: 1/4 states failed.\n",
            "Empty: no shelf", "Empty");
        row("an attempt that Prefect repeats",
            "10:00:01.100 | ERROR   | Task run 'a' - Task run failed with exception: X() - Retry 1/3 will start 9 "
            "second(s) from now\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nLateError: 5 s\n"
            "10:00:12.100 | ERROR   | Task run 'b' - the shop has no shelf\n",
            "10:00:12.100 | ERROR   | Task run 'b' - the shop has no shelf");
        row("a step of Dagster's",
            "dagster._core.errors.DagsterExecutionStepExecutionError: Error occurred while executing op \"load\"::\n\n"
            "ShelfError: no shelf\n\nStack Trace:\n  File \"a.py\", line 1, in f\n"
            "2024-05-01 10:00:01 +0000 - dagster - ERROR - a - Steps failed: ['load'].\n",
            "ShelfError: no shelf", "ShelfError");

        row("a region of HBase's",
            "org.apache.hadoop.hbase.client.RetriesExhaustedException: Failed after attempts=2, exceptions:\n"
            "2024-05-01T10:00:00Z, RpcRetryingCaller{pause=100}, java.net.ConnectException: refused by rs-1\n"
            "2024-05-01T10:00:01Z, RpcRetryingCaller{pause=100}, java.net.ConnectException: refused by rs-2\n\n"
            "\tat a.B.c(B.java:1)\n",
            "java.net.ConnectException: refused by rs-2", "java.net.ConnectException");
        row("actions of HBase's",
            "org.apache.hadoop.hbase.client.RetriesExhaustedWithDetailsException: Failed 312 actions: "
            "org.apache.hadoop.hbase.RegionTooBusyException: no room: 312 times\n",
            "org.apache.hadoop.hbase.RegionTooBusyException: no room: 312 times",
            "org.apache.hadoop.hbase.RegionTooBusyException");
        row("a message that holds a level",
            "24/05/01 10:00:00 ERROR A: quota of /shop/in.csv does not exist\n"
            "shop.FormatException: validation error: WARNING: Record 1\n",
            "shop.FormatException: validation error: WARNING: Record 1", "shop.FormatException");
        row("a notice of a database",
            "NOTICE:  table \"stage\" does not exist, skipping\npsql:a.sql:14: ERROR:  no shelf\nROLLBACK\n"
            "Command exited with return code 1\n",
            "psql:a.sql:14: ERROR:  no shelf");
        row("what a task's command says in Nextflow",
            "ERROR ~ Error executing process > 'ALIGN (1)'\n\nCaused by:\n  Process `ALIGN (1)` terminated with an "
            "error "
            "exit status (1)\n\nCommand error:\n  reading\n  no shelf\n\nWork dir:\n  /flows/0b\n",
            "no shelf");

        row("an error within JSON",
            "{\"level\":\"WARN\",\"stack_trace\":\"shop.LateException: x\\n\\tat a.B.c(B.java:1)\"}\n"
            "{\"level\":\"ERROR\",\"stack_trace\":\"a.OuterException: y\\n\\tat a.B.c(B.java:1)\\nCaused by: "
            "shop.ShelfException: no shelf\\n\\tat a.B.c(B.java:1)\\n\"}\n{\"level\":\"INFO\",\"message\":\"bye\"}\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("an error of fields",
            "time=\"10:00\" level=info msg=\"began\"\ntime=\"10:01\" level=error msg=\"the shop has no shelf\"\n"
            "time=\"10:02\" level=info msg=\"sub-process exited\"\nError: exit status 1\n",
            "time=\"10:01\" level=error msg=\"the shop has no shelf\"");
        row("an error between tabs",
            "2024-05-01T10:00:05.100Z\tERROR\tload\tthe shop has no shelf\n2024-05-01T10:00:05.200Z\tINFO\tload\tbye\n",
            "2024-05-01T10:00:05.100Z\tERROR\tload\tthe shop has no shelf");
        row("an error in R", "> load()\nError in load() : no shelf\nCalls: source -> load\nExecution halted\n",
            "Error in load() : no shelf");
        row("an answer of ClickHouse's",
            "Received exception from server (version 24.3.2):\nCode: 241. DB::Exception: Received from ch:9000. "
            "DB::Exception: no shelf\n(query: INSERT INTO a)\n",
            "Code: 241. DB::Exception: Received from ch:9000. DB::Exception: no shelf");
        row("a job of Dataproc's",
            "airflow.exceptions.AirflowException: Job failed:\nstatus {\n  details: \"Job failed with message "
            "[shop.ShelfException: no shelf]. More at x\"\n}\n",
            "shop.ShelfException: no shelf]. More at x\"", "shop.ShelfException");
        row("a script of SageMaker's",
            "shop.ShelfError: no shelf\n2024-05-01 10:05:16,101 toolkit ERROR    ExecuteUserScriptError:\nExitCode 1\n",
            "shop.ShelfError: no shelf", "shop.ShelfError");
        row("what a process of vLLM's logs",
            "(APIServer pid=1) INFO 10-01 11:59:00 [api.py:1] began\n"
            "(EngineCore_0 pid=7) ERROR 10-01 12:00:00 [core.py:700] EngineCore failed to start.\n"
            "(EngineCore_0 pid=7) ERROR 10-01 12:00:00 [core.py:700] Traceback (most recent call last):\n"
            "(EngineCore_0 pid=7) ERROR 10-01 12:00:00 [core.py:700]   File \"a.py\", line 691, in f\n"
            "(EngineCore_0 pid=7) ERROR 10-01 12:00:00 [core.py:700]     raise Full(\"x: ShelfError: no shelf\")\n"
            "(EngineCore_0 pid=7) ERROR 10-01 12:00:00 [core.py:700] FullError: no shelf\n"
            "(APIServer pid=1) Traceback (most recent call last):\n(APIServer pid=1)   File \"b.py\", line 1, in m\n"
            "(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above.\n",
            "FullError: no shelf", "FullError");
        row("what a process of Ray's writes",
            "(load pid=7, ip=10.0.0.2) Traceback (most recent call last):\n(load pid=7, ip=10.0.0.2)   File \"a.py\"\n"
            "(load pid=7, ip=10.0.0.2) Full: no shelf\n",
            "Full: no shelf", "Full");
        row("what a rank of PyTorch's writes",
            "[rank0]: Traceback (most recent call last):\n[rank0]:   File \"a.py\", line 1, in f\n[rank0]: Full: no "
            "shelf\n",
            "Full: no shelf", "Full");
        row("behind a service of Docker Compose's",
            "worker-1   | Traceback (most recent call last):\nworker-1   |   File \"a.py\", line 1, in f\nworker-1   | "
            "Full: no shelf\nworker-1   |\nscheduler  | it waits\n",
            "Full: no shelf", "Full");
        row("behind a pod of kubectl's",
            "[pod/load-x7/base] 2024-05-01T10:00:00.1Z Traceback (most recent call last):\n[pod/load-x7/base] "
            "2024-05-01T10:00:00.1Z   File \"a.py\"\n[pod/load-x7/base] 2024-05-01T10:00:00.1Z Full: no shelf\n",
            "Full: no shelf", "Full");
        row("JSON behind a service",
            "worker-1  | {\"level\":\"error\",\"error_detail\":[{\"exc_type\":\"Full\",\"exc_value\":\"no "
            "shelf\"}]}\nworker-1  | bye\n",
            "Full: no shelf", "Full");
        row("a table has no services", "id   | name\nERROR: no shelf\n", "ERROR: no shelf");
        row("a login to Kafka that failed",
            "[2024-05-01 10:00:00,123] ERROR [Producer clientId=a] Connection to node -1 (b/10.0.0.1:9096) failed "
            "authentication due to: no shelf (org.apache.kafka.clients.NetworkClient)\n[2024-05-01 10:00:01,123] WARN "
            "[Producer clientId=a] it ends\n",
            "[2024-05-01 10:00:00,123] ERROR [Producer clientId=a] Connection to node -1 (b/10.0.0.1:9096) failed "
            "authentication due to: no shelf (org.apache.kafka.clients.NetworkClient)");
        row("a client that has no node left",
            "24/05/01 10:00:02 ERROR rest.NetworkClient: Node [10.0.0.1:9200] failed (no shelf); no other nodes left - "
            "aborting...\n24/05/01 10:00:03 ERROR Main: bye\n",
            "24/05/01 10:00:02 ERROR rest.NetworkClient: Node [10.0.0.1:9200] failed (no shelf); no other nodes left - "
            "aborting...");
        row("what a task was lost of that the job was aborted for",
            "24/05/01 10:00:01 WARN TaskSetManager: Lost task 3.0 in stage 4.0 (TID 7) (w3 executor 2): "
            "shop.ShelfException: no shelf\n24/05/01 10:00:02 INFO TaskSetManager: Lost task 3.1 in stage 4.0 (TID 8) "
            "on w3, executor 2: shop.ShelfException (no shelf) [duplicate 1]\n24/05/01 10:00:03 WARN TaskSetManager: "
            "Lost task 5.0 in stage 4.0 (TID 9) (w3 executor 2): shop.LateException: x\n24/05/01 10:00:04 ERROR "
            "TaskSetManager: Task 3 in stage 4.0 failed 2 times; aborting job\n24/05/01 10:00:05 ERROR Main: "
            "shop.EndException: status code 1\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        const QString lost = "24/05/01 10:00:01 WARN TaskSetManager: Lost task 3.0 in stage 4.0 (TID 7) (w3 executor "
                             "2): shop.ShelfException: no shelf\n\tat shop.A.b(C.java:1)\n";
        const QString aborted = "24/05/01 10:00:04 ERROR TaskSetManager: Task 3 in stage 4.0 failed 4 times; "
                                "aborting job\n";
        const QString ended = "Exception in thread \"main\" org.apache.spark.SparkException: Job aborted due to "
                              "stage failure: Task 3 in stage 4.0 failed 4 times\n";
        row("what a task was lost of before a job that ends without the reason", lost + aborted + ended,
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("a job that ends without the reason, and nothing else", aborted + ended,
            "org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in stage 4.0 failed 4 times",
            "org.apache.spark.SparkException");
        row("what another stage's task was lost of before the job was aborted",
            lost
                + "24/05/01 10:00:02 WARN TaskSetManager: Lost task 3.0 in stage 3.0 (TID 7) (w3 executor 2): "
                  "shop.OtherException: x\n\tat shop.A.b(C.java:1)\nCaused by: shop.LateException: x\n"
                + aborted,
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("what a job was aborted for, right behind another stage's loss",
            "24/05/01 10:00:02 WARN TaskSetManager: Lost task 3.0 in stage 3.0 (TID 7) (w3 executor 2): "
            "shop.OtherException: x\norg.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in "
            "stage "
            "4.0 failed 4 times, most recent failure: Lost task 3.3 in stage 4.0 (TID 9) (w3 executor 2): "
            "shop.ShelfException: no shelf\n",
            "shop.ShelfException: no shelf", "shop.ShelfException");
        row("an executor that a task was lost with says no more",
            "24/05/01 10:00:00 ERROR Main: Container killed: OOMKilled\n24/05/01 10:00:01 WARN TaskSetManager: Lost "
            "task "
            "3.0 in stage 4.0 (TID 7) (w3 executor 2): ExecutorLostFailure (executor 2 exited caused by one of the "
            "running tasks)\n24/05/01 10:00:04 ERROR TaskSetManager: Task 3 in stage 4.0 failed 1 times; aborting "
            "job\n",
            "24/05/01 10:00:00 ERROR Main: Container killed: OOMKilled");
        row("a fetch that failed, and nothing else",
            "24/05/01 10:00:01 WARN TaskSetManager: Lost task 3.0 in stage 4.0 (TID 7) (w3 executor 2): "
            "FetchFailed(null, "
            "shuffleId=2, message=\n24/05/01 10:00:02 INFO DAGScheduler: Resubmitting ShuffleMapStage 3\n",
            "24/05/01 10:00:01 WARN TaskSetManager: Lost task 3.0 in stage 4.0 (TID 7) (w3 executor 2): "
            "FetchFailed(null, "
            "shuffleId=2, message=");
        row("an event of Kubernetes'",
            "Status:  Pending\n      Reason:       ImagePullBackOff\nEvents:\n"
            "  Warning  Failed     2m    kubelet            Failed to pull image \"a\": a: not found\n"
            "  Normal   BackOff    1m    kubelet            Back-off pulling image \"a\"\n",
            "  Warning  Failed     2m    kubelet            Failed to pull image \"a\": a: not found");
    }
    void findRootCause_systemsLog_isTheFirstLineOfTheCause()
    {
        QFETCH(QString, text);
        QFETCH(QString, cause);
        QFETCH(QString, exception);
        const text::RootCause found = findRootCause(text.toStdString());
        QCOMPARE(QString::fromStdString(found.text.substr(0, found.text.find('\n'))), cause);
        QCOMPARE(QString::fromStdString(found.exceptionClass), exception);
    }
};

QTEST_APPLESS_MAIN(TestCauseFinder)
#include "tst_cause_finder.moc"

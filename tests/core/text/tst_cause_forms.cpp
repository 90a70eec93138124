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

/// A text with something before each of its lines.
QString behind(const QString &head, const QString &text)
{
    QString out;
    for (const QString &line : text.split('\n', Qt::SkipEmptyParts))
        out += head + line + '\n';
    return out;
}

/// A text as Docker's json-file driver keeps it.
QString dockers(const QString &text)
{
    QString out;
    for (QString line : text.split('\n', Qt::SkipEmptyParts)) {
        line.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\t', "\\t")
            .replace('<', "\\u003c")
            .replace('>', "\\u003e");
        out += "{\"log\":\"" + line + "\\n\",\"stream\":\"stderr\",\"time\":\"2024-05-01T10:00:00.1Z\"}\n";
    }
    return out;
}

const QString kFrame = "  File \"/srv/shop.py\", line 12, in load\n    open_shelf()\n";
const QString kTraceback = "Traceback (most recent call last):\n" + kFrame;
const QString kJobs = kTraceback + "KeyError: 'shelf'\n";
const QString kIgnored = kTraceback + "PoolError: the pool is closed\n";
const QString kMember = "    | Traceback (most recent call last):\n    |   File \"/srv/shop.py\", line 12, in load\n"
                        "    |     open_shelf()\n";
const QString kGroup = "  + Exception Group Traceback (most recent call last):\n"
                       "  |   File \"/srv/shop.py\", line 3, in <module>\n  |     run()\n"
                       "  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)\n"
                       "  +-+---------------- 1 ----------------\n";
const QString kSecond = "    +---------------- 2 ----------------\n" + kMember
                        + "    | LateError: 5 s\n    +------------------------------------\n";
const QString kPod = "[2024-05-01T10:00:00.000+0000] {pod_manager.py:410} INFO - [base] ";
const QString kPodFailed = "[2024-05-01T10:00:09.000+0000] {taskinstance.py:3310} ERROR - Task failed with exception\n"
                           + kTraceback + "airflow.exceptions.AirflowException: Pod load-x7kqz returned a failure.\n";
const QString kRuleFailed =
    "[Sat Nov 28 10:00:00 2026]\nError in rule plot:\n    jobid: 1\n    output: b.txt\n"
    "    shell:\n        plot\n        (one of the commands exited with non-zero exit code; note "
    "that snakemake uses bash strict mode!)\n\n"
    "Shutting down, this might take some time.\nExiting because a job execution failed. Look "
    "above for error message\nComplete log: .snakemake/log/2026.snakemake.log\n";

} // namespace

/// Forms in which a text tells its cause: the first line of it is asked for.
class TestCauseForms : public QObject
{
    Q_OBJECT

private slots:
    void findRootCause_form_isTheFirstLineOfTheCause_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("exception");

        for (const char *head : {"Exception ignored in: <function Pool.__del__ at 0x7f>",
                                 "Exception ignored in thread started by: <bound method Pool.run>",
                                 "Exception ignored on calling ctypes callback function: <function stop>",
                                 "Exception ignored while calling deallocator <function Pool.__del__>:"})
            row(head, kJobs + head + '\n' + kIgnored, "KeyError: 'shelf'", "KeyError");
        const QString ignored = "Exception ignored in: <function Pool.__del__ at 0x7f>\n" + kIgnored;
        row("the job's own traceback right behind an ignored exception", ignored + kJobs, "KeyError: 'shelf'",
            "KeyError");
        row("an ignored exception that followed from another",
            kJobs + ignored + "\nDuring handling of the above exception, another exception occurred:\n\n" + kTraceback
                + "RuntimeError: gone\n",
            "KeyError: 'shelf'", "KeyError");
        row("what is said beside an ignored exception",
            "Exception ignored on calling ctypes callback function: <function stop>\n" + kIgnored
                + "the shop has no shelf\nCommand exited with return code 1\n",
            "the shop has no shelf");
        row("an ignored exception and nothing else", ignored, "PoolError: the pool is closed", "PoolError");

        row("the only member of a group",
            kGroup + kMember + "    | Empty: no shelf\n    +----------------------------\n", "Empty: no shelf",
            "Empty");
        row("the first member of a group", kGroup + kMember + "    | Empty: no shelf\n" + kSecond, "Empty: no shelf",
            "Empty");
        row("a member that only follows from the other",
            kGroup + kMember + "    | concurrent.futures.CancellationException: x\n" + kSecond, "LateError: 5 s",
            "LateError");
        row("the first member of a group within a group",
            kGroup
                + "    | Exception Group Traceback (most recent call last):\n    |   File \"/srv/shop.py\", line 3\n"
                  "    | ExceptionGroup: inner (2 sub-exceptions)\n    +-+---------------- 1 ----------------\n"
                  "      | Empty: no shelf\n      | ShelfError: no shelf\n      +---------------- 2 ----------------\n"
                  "      | ValueError: x\n      +------------------------------------\n"
                + kSecond,
            "ShelfError: no shelf", "ShelfError");
        row("the direct cause of a member",
            kGroup + kMember
                + "    | Empty: no shelf\n    | \n    | The above exception was the direct cause of the following "
                  "exception:\n    | \n"
                + kMember + "    | RuntimeError: cannot load\n" + kSecond,
            "Empty: no shelf", "Empty");
        row("a group that a later exception came of",
            kGroup + kMember + "    | Empty: no shelf\n" + kSecond
                + "\nThe above exception was the direct cause of the following exception:\n\n" + kTraceback
                + "RuntimeError: cannot load\n",
            "Empty: no shelf", "Empty");
        row("another exception behind a group", kGroup + kMember + "    | Empty: no shelf\n" + kSecond + '\n' + kJobs,
            "KeyError: 'shelf'", "KeyError");
        row("a group that is passed on", behind("[rank0]: ", kGroup + kMember + "    | Empty: no shelf\n" + kSecond),
            "Empty: no shelf", "Empty");

        row("the last words of a pod", kPod + "loading\n" + kPod + "the shop has no shelf\n" + kPodFailed,
            "the shop has no shelf");
        row("the last words of a pod whose operator waited",
            kPod + "the shop has no shelf\n"
                + "[2024-05-01T10:00:05.000+0000] {pod_manager.py:1} INFO - Pod load-x7kqz has phase Running\n"
                + kPodFailed + "[2024-05-01T10:00:10.000+0000] {runner.py:240} INFO - Task exited with return code 1\n",
            "the shop has no shelf");
        row("a pod that said nothing but information", kPod + "24/01/01 00:00:00 INFO Main: fine\n" + kPodFailed,
            "airflow.exceptions.AirflowException: Pod load-x7kqz returned a failure.",
            "airflow.exceptions.AirflowException");
        row("an exception of a pod's", behind(kPod, kJobs) + kPod + "bye\n" + kPodFailed, "KeyError: 'shelf'",
            "KeyError");

        row("a traceback behind Argo's pod", behind("load-x7kqz-1409876120: ", kTraceback + "Empty: no shelf\n"),
            "Empty: no shelf", "Empty");
        row("last words behind Argo's pod", behind("load-x7kqz: ", "the shop has no shelf\nError: exit status 1\n"),
            "the shop has no shelf");
        row("a command is no pod", "pip-install: the shop has no shelf\nexit status 1\n",
            "pip-install: the shop has no shelf");

        row("a message below its exception",
            kTraceback + "kedro.io.core.DatasetError: \nFailed while loading data from dataset Shelves().\nno shelf\n",
            "kedro.io.core.DatasetError: Failed while loading data from dataset Shelves().",
            "kedro.io.core.DatasetError");
        row("a message below its exception and its place",
            "MissingInputException in rule plot in file /srv/Snakefile, line 3:\nMissing input files for rule plot:\n"
            "    output: b.txt\n",
            "MissingInputException in rule plot in file /srv/Snakefile, line 3: Missing input files for rule plot:",
            "MissingInputException");
        row("an exception without a message", "java.lang.IllegalStateException:\n\tat a.B.c(B.java:1)\n",
            "java.lang.IllegalStateException:", "java.lang.IllegalStateException");
        row("what a rule's script raised",
            kJobs + kRuleFailed + "WorkflowError:\nAt least one job did not complete successfully.\n",
            "KeyError: 'shelf'", "KeyError");
        row("what Snakemake says of a rule's command",
            kJobs
                + "RuleException:\nCalledProcessError in file \"/srv/Snakefile\", line 12:\nCommand 'set -euo "
                  "pipefail; "
                  "plot' returned non-zero exit status 1.\n"
                + kRuleFailed,
            "KeyError: 'shelf'", "KeyError");
        row("what a rule's command said last", "plot: cannot draw\n" + kRuleFailed, "plot: cannot draw");

        row("a traceback that Docker keeps", dockers("begun\n" + kTraceback + "Empty: no \"shelf\"\n"),
            "Empty: no \"shelf\"", "Empty");
        row("a chain that Docker keeps",
            dockers("24/05/01 10:00:00 INFO A: begun\njava.lang.RuntimeException: x\n\tat a.B.c(B.java:1)\nCaused by: "
                    "shop.ShelfException: no \"shelf\"\n\tat a.B.c(B.java:1)\n24/05/01 10:00:00 INFO A: bye\n"),
            "shop.ShelfException: no \"shelf\"", "shop.ShelfException");
        row("last words that Docker keeps",
            dockers("begun\nthe shop has no <shelf>\nCommand exited with return code 1\n"), "the shop has no <shelf>");
        row("JSON that Docker keeps",
            dockers("{\"level\":\"error\",\"msg\":\"the shop has no "
                    "\\\"shelf\\\"\"}\n{\"level\":\"info\",\"msg\":\"bye\"}\n"),
            "the shop has no \"shelf\"");
        row("a text that Docker keeps and that is cut off",
            "0Z\"}\n" + dockers(kTraceback) + "{\"log\":\"Empty: no shelf\\n\",\"stream\":\"stderr\",\"ti",
            "Empty: no shelf", "Empty");
        row("a long line that Docker splits",
            "{\"log\":\"shop.ShelfException: " + QString(16384, 'x')
                + "\",\"stream\":\"stderr\",\"time\":\"\"}\n{\"log\":\" java.io.IOException: "
                  "y\\n\",\"stream\":\"stderr\"}\n",
            ("shop.ShelfException: " + QString(4075, 'x')).toUtf8().constData(), "shop.ShelfException");
        const QString cri = "2024-05-01T10:00:00.123456789Z stderr ";
        row("a line that CRI splits",
            behind(cri + "F ", kTraceback) + cri + "P Empty: no\n" + cri + "P  shelf\n" + cri + "F  here\n" + cri
                + "F bye\n",
            "Empty: no shelf here", "Empty");

        const QString end =
            "[2025-05-11, 03:21:40] ERROR - Task failed with exception: source=\"task\"\nAirflowException: "
            "Bash command failed. The command returned a non-zero exit code 1.\n";
        const QString stored = "{\"timestamp\":\"x\",\"level\":\"%1\",\"event\":\"%2\",\"logger\":\"task%3\"}\n";
        row("last words that Airflow 3 shows",
            "[2025-05-11, 03:20:10] INFO - the shop has no shelf: chan=\"stdout\": source=\"task\"\n" + end,
            "the shop has no shelf");
        row("last words of a container that Airflow 3 shows, before what it says itself",
            "[2025-05-11 03:20:10] INFO - [base] the shop has no shelf source=a.PodManager loc=a.py:1\n"
            "[2025-05-11 03:20:11] INFO - Pod load has phase Running source=a.PodManager loc=a.py:2\n"
                + end,
            "the shop has no shelf");
        row("last words that Airflow 3 stores",
            stored.arg("info", "the shop has no \\\"shelf\\\"", ".stdout")
                + stored.arg("error", "Bash command failed. The command returned a non-zero exit code 1.", ""),
            "the shop has no \"shelf\"");
        row("an exception of any name behind the source of what failed",
            "[2025-05-11, 03:21:40] ERROR - Task failed with exception: source=\"task\"\nNoShelf: none\n",
            "NoShelf: none", "NoShelf");

        row("a class of Python's with its message below",
            "Pipeline execution failed at stage load with exception:\n\n<class 'shop.api.NotFound'>\n404 no shelf\n",
            "shop.api.NotFound: 404 no shelf", "shop.api.NotFound");
        row("a class of Python's that is named as an exception",
            "<class 'shop.api.ShelfError'>\n404 no shelf\n24/05/01 10:00:00 INFO Main: bye\n",
            "shop.api.ShelfError: 404 no shelf", "shop.api.ShelfError");
        row("a class that is no exception, above what pandas tells of a table",
            "KeyError: 'shelf'\n<class 'pandas.core.frame.DataFrame'>\nRangeIndex: 7 entries, 0 to 6\n",
            "KeyError: 'shelf'", "KeyError");
        row("a class of Python's alone", "no shelf here\n<class 'shop.api.NotFound'>", "<class 'shop.api.NotFound'>");
        row("what a server answered",
            "shop.LoadFailedException: Failed to flush, Error "
            "response:\n{\"Status\":\"Fail\",\"Message\":\"/data/5.tmp: "
            "No such file\",\"Rows\":0}\n\tat a.B.c(B.java:1)\n",
            "/data/5.tmp: No such file");
        row("a server's answer that says nothing",
            "shop.LoadFailedException: Failed to flush, Error response:\n{\"Rows\":0}\n",
            "shop.LoadFailedException: Failed to flush, Error response:", "shop.LoadFailedException");
        row("what gsutil counts at its end",
            "ResumableUploadAbortException: 400 no shelf\nCommandException: 1 file/object could not be transferred.\n",
            "ResumableUploadAbortException: 400 no shelf", "ResumableUploadAbortException");
        row("what ClickHouse answered to a driver",
            "clickhouse_connect.driver.exceptions.DatabaseError: HTTPDriver for http://ch:8123 returned response code "
            "500)\n Code: 60. DB::Exception: no shelf. (NO_SHELF)\n",
            " Code: 60. DB::Exception: no shelf. (NO_SHELF)");
        row("a class of any name, by its frames",
            "begun\nshop.state.SchemaNotCompatible: no shelf\n\tat a.B.c(B.java:1)\n24/05/01 10:00:00 INFO A: bye\n",
            "shop.state.SchemaNotCompatible: no shelf", "shop.state.SchemaNotCompatible");
        row("a message of R's below its call",
            "> load()\nError in load(shelves) : \n  no shelf in the shop\nCalls: source -> load\nExecution halted\n",
            "Error in load(shelves) : no shelf in the shop");
        row("what a thread ended with",
            "Exception in thread \"main\" org.shop.NoShelf: no shelf\n\tat a.B.c(B.java:1)\n",
            "org.shop.NoShelf: no shelf", "org.shop.NoShelf");
        row("what a session of Livy's answers",
            "The code failed because of a fatal error:\n\tInvalid status code '400' from http://livy with \"no "
            "shelf\".\n\n"
            "Some things to try:\na) Make sure Spark has enough resources.\n",
            "Invalid status code '400' from http://livy with \"no shelf\".");

        row("what Airflow 3's task passes on",
            "{\"level\":\"info\",\"event\":\"ERROR: no \\\"shelf\\\" is left\",\"logger\":\"task.stdout\"}\n"
            "{\"level\":\"info\",\"event\":\"it ends\",\"logger\":\"task\"}\n",
            "ERROR: no \"shelf\" is left");
        row("an exception within a line of Airflow 3's",
            "[2025-03-17, 10:11:12] ERROR - Task failed with exception source=\"task\" "
            "error_detail=[{\"exc_type\":\"Empty\","
            "\"exc_value\":\"no 'shelf'\",\"exc_notes\":[],\"is_cause\":false,\"frames\":[]}]\n"
            "[2025-03-17, 10:11:12] INFO - Task instance in failure state\n",
            "Empty: no 'shelf'", "Empty");

        const QString activity = "{\n    \"errorCode\": \"2108\",\n    \"message\": \"the shop said \\\"no shelf\\\"\","
                                 "\n    \"failureType\": \"UserError\",\n    \"details\": []\n}\n";
        row("a document of an activity", activity, "the shop said \"no shelf\"");
        row("a document below a line", "Activity failed:\n" + activity, "the shop said \"no shelf\"");
        row("a document that a line begins", "Activity failed: " + activity, "the shop said \"no shelf\"");
        row("a document without a failure",
            "Activity done: {\n    \"errorCode\": \"\",\n    \"message\": \"fine\"\n}\n"
            "the shop has no shelf\n",
            "the shop has no shelf");
        row("a document that tells in its message alone",
            "{\n    \"code\": 404,\n    \"message\": \"the shelf \\\"7\\\" was not found\"\n}\nbye\n",
            "the shelf \"7\" was not found");

        const QString retry = "Retrying (Retry(total=4, connect=None)) after connection broken by "
                              "'NewConnectionError('x: Connection refused')': /shelves\n";
        row("a request that is made again", "the shop has no shelf\n" + retry + "Command exited with return code 1\n",
            "the shop has no shelf");
        row("a request that is made again, with a level",
            kJobs + "WARNING: " + retry + "2024-05-01 10:00:00,000 ERROR urllib3: " + retry, "KeyError: 'shelf'",
            "KeyError");
        row("a traceback behind a request that was made again", retry + kJobs, "KeyError: 'shelf'", "KeyError");
    }
    void findRootCause_form_isTheFirstLineOfTheCause()
    {
        QFETCH(QString, text);
        QFETCH(QString, cause);
        QFETCH(QString, exception);
        const text::RootCause found = findRootCause(text.toStdString());
        QCOMPARE(QString::fromStdString(found.text.substr(0, found.text.find('\n'))), cause);
        QCOMPARE(QString::fromStdString(found.exceptionClass), exception);
    }
};

QTEST_APPLESS_MAIN(TestCauseForms)
#include "tst_cause_forms.moc"

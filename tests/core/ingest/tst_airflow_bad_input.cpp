#include "airflow_samples.hpp"

#include <QtTest>

#include <filesystem>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

using base::ErrorCode;

Q_DECLARE_METATYPE(ErrorCode)

namespace
{

std::string bytesOf(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read a test file");
    return file.readAll().toStdString();
}

std::string without(std::string sql, const std::string &part)
{
    for (std::size_t at = sql.find(part); at != std::string::npos; at = sql.find(part))
        sql.erase(at, part.size());
    return sql;
}

} // namespace

class TestAirflowBadInput : public QObject
{
    Q_OBJECT

private slots:
    void readAirflow_aDatabaseThatCannotBeUsed_isAnError_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, const std::string &sql, ErrorCode code, const char *message) {
            QTest::newRow(name) << QString::fromStdString(sql) << code << message;
        };
        row("a workspace of ours", "PRAGMA application_id = 0x4D756C6C;" + schema::k210, ErrorCode::Unsupported,
            "It is a workspace of Mulligan, not a database of Airflow");
        row("another program's", "CREATE TABLE notes(x);", ErrorCode::Unsupported,
            "The database has no table task_instance");
        row("without tables", "PRAGMA user_version = 3;", ErrorCode::Unsupported, "The database has no tables");
        row("without dag_id", "CREATE TABLE task_instance(task_id, run_id, try_number, state, start_date);",
            ErrorCode::Unsupported, "Table task_instance has no column dag_id");
        row("without start_date", without(schema::k22, "start_date TIMESTAMP, "), ErrorCode::Unsupported,
            "Table task_instance has no column start_date");
        row("without any run", "CREATE TABLE task_instance(task_id, dag_id, try_number, state, start_date);",
            ErrorCode::Unsupported, "Table task_instance has no column run_id, nor execution_date");
        row("without try_number in the history", schema::k29 + without(schema::kHistory, "try_number INTEGER, "),
            ErrorCode::Unsupported, "Table task_instance_history has no column try_number");
        row("a view that leads nowhere", "CREATE VIEW task_instance AS SELECT * FROM gone;", ErrorCode::Io,
            "The database cannot be read: no such table: main.gone");
    }
    void readAirflow_aDatabaseThatCannotBeUsed_isAnError()
    {
        QFETCH(QString, sql);
        QFETCH(ErrorCode, code);
        QFETCH(QString, message);
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(makeDatabase(folder, sql.toStdString()), Format::Airflow, sink);
        QVERIFY(!report);
        QVERIFY2(QString::fromStdString(report.error().message).startsWith(message), report.error().message.c_str());
        QCOMPARE(int(report.error().code), int(code));
        QVERIFY(!report.error().hint.empty());
        QVERIFY(report.error().text().find("airflow.db") != std::string::npos);
    }

    void readAirflow_bytesThatAreNoSource_areAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("name");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        const QByteArray magic("SQLite format 3\0", 16);
        QTest::newRow("an empty file") << QByteArray() << "x.db" << ErrorCode::Parse << "The file is empty";
        QTest::newRow("nothing but the header's name")
            << magic << "x.db" << ErrorCode::Corrupt << "The database cannot be read";
        QTest::newRow("a header and junk")
            << magic + QByteArray(5000, 'x') << "x.db" << ErrorCode::Corrupt << "The database cannot be read";
        QTest::newRow("a log without a path that says what it is")
            << QByteArray("[2024-05-01T10:00:00.000+0000] {x.py:1} INFO - hello\n") << "some.log" << ErrorCode::Parse
            << "Nothing says of which try of which task";
        QTest::newRow("a log that names only its task")
            << QByteArray(
                   "[2024-05-01T10:00:00.000+0000] {x.py:1} INFO - Running <TaskInstance: d.t r [running]> on h\n")
            << "some.log" << ErrorCode::Parse << "Nothing says of which try of which task";
        QTest::newRow("a binary log") << QByteArray("\x7F"
                                                    "ELF\0\0\1",
                                                    7)
                                      << "dag_id=d/run_id=r/task_id=t/attempt=1.log" << ErrorCode::Parse
                                      << "It is a binary file, not the log of a task";
        QTest::newRow("a log without records")
            << QByteArray("hello\nworld\n") << "dag_id=d/run_id=r/task_id=t/attempt=1.log" << ErrorCode::Parse
            << "No line of it is a record of an Airflow task log";
        QTest::newRow("a log whose times cannot be")
            << QByteArray("[2024-13-41T10:00:00.000+0000] {x.py:1} INFO - hello\n")
            << "dag_id=d/run_id=r/task_id=t/attempt=1.log" << ErrorCode::Parse
            << "No line of it has a time that can be read";
        QTest::newRow("JSON that is no log")
            << QByteArray("{\"a\":1}\n{\"timestamp\":1,\"event\":2}\n") << "dag_id=d/run_id=r/task_id=t/attempt=1.log"
            << ErrorCode::Parse << "No line of it is a record";
        QTest::newRow("a table of something else")
            << QByteArray("dag_id,task_id\nd,t\n") << "x.csv" << ErrorCode::Parse << "No line of it is a record";
        QTest::newRow("damaged gzip") << QByteArray("\x1F\x8B\x08\0\0\0\0\0\0\3\xFF\xFF\xFF\xFF\xFF", 15) << "x.db.gz"
                                      << ErrorCode::Corrupt << "gzip";
    }
    void readAirflow_bytesThatAreNoSource_areAnError()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, name);
        QFETCH(ErrorCode, code);
        QFETCH(QString, message);
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(folder.write(name.toStdString(), bytes.toStdString()), Format::Airflow, sink);
        QVERIFY(!report);
        QVERIFY2(QString::fromStdString(report.error().message).contains(message), report.error().message.c_str());
        QCOMPARE(int(report.error().code), int(code));
        QVERIFY(sink.attempts.empty());
    }

    void readAirflow_badRows_areRejectedAndTheOthersRead_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("reason");
        QTest::newRow("a try of the wrong type") << "try_number = 'two'"
                                                 << "try_number: must be a whole number, found 'two'";
        QTest::newRow("a try that is a fraction") << "try_number = 1.5"
                                                  << "try_number: must be a whole number, found '1.5'";
        QTest::newRow("a negative try") << "try_number = -1"
                                        << "try_number: must not be negative";
        QTest::newRow("no try") << "try_number = NULL"
                                << "try_number: is missing";
        QTest::newRow("an end before the start") << "end_date = '2024-05-01 09:59:59'"
                                                 << "end_date: lies before start_date";
        QTest::newRow("an impossible date") << "start_date = '2024-02-30 10:00:00'"
                                            << "start_date: '2024-02-30";
        QTest::newRow("a date that is a number") << "start_date = 5"
                                                 << "start_date: '5' is not a time";
        QTest::newRow("a date that is bytes") << "start_date = x'00ff'"
                                              << "start_date: ";
        QTest::newRow("a state that is not there") << "state = 'flying'"
                                                   << "state: 'flying' is no state of a task";
        QTest::newRow("no dag") << "dag_id = ''"
                                << "dag_id: is missing";
        QTest::newRow("no task") << "task_id = NULL"
                                 << "task_id: is missing";
        QTest::newRow("no run") << "run_id = NULL"
                                << "run_id: is missing";
        QTest::newRow("an enormous id") << "task_id = x'ff'"
                                        << "task_id: is not valid UTF-8";
    }
    void readAirflow_badRows_areRejectedAndTheOthersRead()
    {
        QFETCH(QString, change);
        QFETCH(QString, reason);
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(makeDatabase(folder, schema::k210 + insertTry("task_instance", {.task = "good"})
                                                              + insertTry("task_instance", {.task = "bad"})
                                                              + "UPDATE task_instance SET " + change.toStdString()
                                                              + " WHERE task_id = 'bad';"),
                                     Format::Airflow, sink);
        QVERIFY2(report, report ? "" : report.error().text().c_str());
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        QCOMPARE(sink.attempts.at(0).job, std::string("shop.good"));
        QCOMPARE(sink.rejects.size(), std::size_t(1));
        const Reject &reject = sink.rejects.front();
        QVERIFY2(QString::fromStdString(reject.reason).contains(reason), reject.reason.c_str());
        QVERIFY2(reject.reason.starts_with("task_instance, dag '"), reject.reason.c_str());
        QVERIFY(reject.line >= 1 && !reject.text.empty());
    }

    void readAirflow_failuresThatHaveNoPlace_areRejected()
    {
        Folder folder;
        CollectingSink sink;
        const std::string fail = "INSERT INTO task_fail(dag_id, task_id, run_id, map_index, start_date, end_date) "
                                 "VALUES('shop', 'TASK', '"
                                 + TaskRow().run + "', -1, '" + momentOf(0) + "', '" + momentOf(1) + "');";
        const auto of = [&](const std::string &task) {
            return QString::fromStdString(fail).replace("TASK", task.c_str()).toStdString();
        };
        QVERIFY(readFile(makeDatabase(folder, schema::k29 + of("gone") + of("load")
                                                  + insertTry("task_instance", {.attempt = 1, .minute = 9})),
                         Format::Airflow, sink));
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        QCOMPARE(sink.rejects.size(), std::size_t(2));
        QVERIFY(sink.rejects[0].reason.ends_with("no row of task_instance tells which try failed"));
        QVERIFY(sink.rejects[1].reason.ends_with("there are more failures than tries"));
    }

    void readAirflow_emptyTables_giveAWarning()
    {
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(makeDatabase(folder, schema::k210), Format::Airflow, sink);
        QVERIFY(report);
        QCOMPARE(report->warnings, std::vector<std::string>{"table task_instance is empty (once)"});
    }

    void readAirflow_aTruncatedDatabase_isAnErrorOrRowsNeverACrash()
    {
        Folder folder;
        std::string sql = schema::k210;
        for (int i = 0; i < 300; ++i)
            sql += insertTry("task_instance", {.run = "run" + std::to_string(i)});
        const std::string whole = bytesOf(makeDatabase(folder, sql));
        QVERIFY(whole.size() > 20'000);
        int errors = 0;
        for (std::size_t size = 100; size < whole.size(); size += 1777) {
            CollectingSink sink;
            const auto report = readFile(folder.write("cut.db", whole.substr(0, size)), Format::Airflow, sink);
            errors += report ? 0 : 1;
            if (!report)
                QVERIFY2(report.error().message.starts_with("The database"), report.error().message.c_str());
        }
        QVERIFY(errors > 3);
        for (std::size_t at = 100; at < whole.size(); at += 997) {
            std::string damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ 0x5A);
            CollectingSink sink;
            (void)readFile(folder.write("cut.db", damaged), Format::Airflow, sink);
        }
    }

    void readAirflow_aLockedDatabase_saysSo()
    {
        Folder folder;
        const std::string path = makeDatabase(folder, schema::k210 + insertTry("task_instance", {}));
        auto writer = sqlite::Connection::open(path, sqlite::Access::ReadWrite);
        QVERIFY(writer);
        QVERIFY(writer->run("BEGIN EXCLUSIVE"));
        CollectingSink sink;
        const auto report = readFile(path, Format::Airflow, sink);
        QVERIFY(!report);
        QCOMPARE(int(report.error().code), int(ErrorCode::Conflict));
        QVERIFY2(report.error().text().find("database is locked") != std::string::npos, report.error().text().c_str());
        QVERIFY(report.error().hint.find("Another program holds it locked") != std::string::npos);
    }

    void readAirflow_aReadOnlyFile_isRead()
    {
        Folder folder;
        const std::string path = makeDatabase(folder, schema::k210 + insertTry("task_instance", {}));
        std::filesystem::permissions(path, std::filesystem::perms::owner_read);
        CollectingSink sink;
        QVERIFY(readFile(path, Format::Airflow, sink));
        QCOMPARE(sink.attempts.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestAirflowBadInput)
#include "tst_airflow_bad_input.moc"

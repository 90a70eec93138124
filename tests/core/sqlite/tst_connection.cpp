#include "sqlite/connection.hpp"

#include <QtTest>

#include <thread>

using namespace mulligan;
using namespace mulligan::sqlite;

class TestConnection : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        auto opened = Connection::open(path(), Access::Create, 50);
        QVERIFY(opened.has_value());
        m_connection = std::make_unique<Connection>(std::move(*opened));
        QVERIFY(m_connection->run("CREATE TABLE t(a UNIQUE, b)").has_value());
    }
    void cleanup() { m_connection.reset(); }

    void open_missingFile_isAnError()
    {
        const auto opened = Connection::open(path() + "-none", Access::ReadOnly);
        QVERIFY(!opened.has_value());
        QCOMPARE(opened.error().code, base::ErrorCode::Io);
        QVERIFY(opened.error().message.find("-none") != std::string::npos);
    }

    void bind_values_readBackAsTheyWere()
    {
        auto insert = m_connection->prepare("INSERT INTO t VALUES(?1, ?2)");
        QVERIFY(insert.has_value());
        const std::string withZero("a\0b", 3);
        insert->bind(1, std::int64_t(9'000'000'000));
        insert->bind(2, std::string_view(withZero));
        QVERIFY(insert->run().has_value());
        insert->bind(1, 0.5);
        insert->bindOptional(2, std::optional<double>());
        QVERIFY(insert->run().has_value());
        QCOMPARE(m_connection->changes(), std::int64_t(1));
        QCOMPARE(m_connection->lastRowId(), std::int64_t(2));
        auto rows = m_connection->prepare("SELECT a, b FROM t ORDER BY rowid");
        QVERIFY(rows->step().value_or(false));
        QCOMPARE(rows->integer(0), std::int64_t(9'000'000'000));
        QCOMPARE(std::string(rows->text(1)), withZero);
        QVERIFY(rows->step().value_or(false));
        QCOMPARE(rows->number(0), 0.5);
        QVERIFY(rows->isNull(1) && !rows->optionalNumber(1).has_value());
        QVERIFY(!rows->step().value_or(true));
    }

    void bind_emptyView_isEmptyTextAndNotNull()
    {
        auto insert = m_connection->prepare("INSERT INTO t VALUES(?1, NULL)");
        insert->bind(1, std::string_view());
        QVERIFY(insert->run().has_value());
        QCOMPARE(m_connection->integer("SELECT count(*) FROM t WHERE a = ''").value_or(-1), std::int64_t(1));
    }

    void bind_indexThatIsNotThere_isReportedByTheStep()
    {
        auto insert = m_connection->prepare("INSERT INTO t VALUES(?1, NULL)");
        insert->bind(9, std::int64_t(1));
        QVERIFY(!insert->run().has_value());
    }

    void failures_haveTheirCodes_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<int>("code");
        QTest::newRow("a unique value twice") << "INSERT INTO t VALUES(1, 1), (1, 2)" << int(base::ErrorCode::Conflict);
        QTest::newRow("no such table") << "INSERT INTO u VALUES(1)" << int(base::ErrorCode::Io);
        QTest::newRow("a file that may not grow")
            << "PRAGMA max_page_count = 1; INSERT INTO t SELECT value, randomblob(5000) FROM (WITH RECURSIVE n(value) "
               "AS "
               "(SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 500) SELECT value FROM n)"
            << int(base::ErrorCode::DiskFull);
    }
    void failures_haveTheirCodes()
    {
        QFETCH(QString, sql);
        QFETCH(int, code);
        const auto done = m_connection->run(sql.toStdString());
        QVERIFY(!done.has_value());
        QCOMPARE(base::codeName(done.error().code), base::codeName(static_cast<base::ErrorCode>(code)));
    }

    void readOnly_write_isPermissionDenied()
    {
        auto reading = Connection::open(path(), Access::ReadOnly);
        QVERIFY(reading.has_value());
        QCOMPARE(reading->run("INSERT INTO t VALUES(1, 1)").error().code, base::ErrorCode::PermissionDenied);
    }

    void immutable_writeAheadMode_leavesNoFilesBesideIt()
    {
        const QString odd = m_directory->filePath("odd ?%41#.sqlite");
        {
            const auto made = Connection::open(odd.toStdString(), Access::Create);
            QVERIFY(made.has_value());
            QVERIFY(made->run("PRAGMA journal_mode = WAL; CREATE TABLE u(a); INSERT INTO u VALUES(7)").has_value());
        }
        const auto opened = Connection::open(odd.toStdString(), Access::Immutable);
        QVERIFY(opened.has_value());
        QCOMPARE(opened->integer("SELECT a FROM u").value_or(0), std::int64_t(7));
        QVERIFY(!opened->run("DELETE FROM u").has_value());
        QVERIFY(!QFile::exists(odd + "-shm") && !QFile::exists(odd + "-wal"));
    }

    void transaction_notCommitted_isRolledBack()
    {
        {
            auto transaction = Transaction::begin(*m_connection);
            QVERIFY(transaction.has_value());
            QVERIFY(m_connection->run("INSERT INTO t VALUES(1, 1)").has_value());
        }
        QCOMPARE(m_connection->integer("SELECT count(*) FROM t").value_or(-1), std::int64_t(0));
        auto transaction = Transaction::begin(*m_connection);
        QVERIFY(m_connection->run("INSERT INTO t VALUES(1, 1)").has_value());
        QVERIFY(transaction->commit().has_value());
        QCOMPARE(m_connection->integer("SELECT count(*) FROM t").value_or(-1), std::int64_t(1));
    }

    void leaveLogOnClose_whatWasCommitted_isThereForTheNextConnectionWhichClearsUp()
    {
        QVERIFY(m_connection->run("PRAGMA journal_mode = WAL").has_value());
        m_connection->leaveLogOnClose();
        QVERIFY(m_connection->run("INSERT INTO t VALUES(1, 'kept')").has_value());
        {
            auto transaction = Transaction::begin(*m_connection);
            QVERIFY(transaction.has_value());
            QVERIFY(m_connection->run("INSERT INTO t VALUES(2, 'not')").has_value());
        }
        m_connection.reset();
        const QString log = QString::fromStdString(path()) + "-wal";
        QVERIFY(QFileInfo(log).size() > 0);
        {
            const auto next = Connection::open(path(), Access::ReadWrite);
            QVERIFY(next.has_value());
            QCOMPARE(*next->text("SELECT group_concat(b) FROM t"), std::string("kept"));
        }
        QVERIFY(!QFileInfo::exists(log));
    }

    void transaction_anotherHoldsTheLock_isAConflict()
    {
        auto other = Connection::open(path(), Access::ReadWrite, 50);
        auto held = Transaction::begin(*other);
        QVERIFY(held.has_value());
        const auto refused = Transaction::begin(*m_connection);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, base::ErrorCode::Conflict);
        QVERIFY(!refused.error().hint.empty());
    }

    void interruptOnStop_longQuery_isCancelledAtOnce()
    {
        std::stop_source stop;
        const InterruptOnStop interrupt(*m_connection, stop.get_token());
        std::thread stopper([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            stop.request_stop();
        });
        QElapsedTimer timer;
        timer.start();
        const auto result =
            m_connection->integer("WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n LIMIT "
                                  "2000000000) SELECT max(v) FROM n");
        stopper.join();
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, base::ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 5000);
    }

private:
    [[nodiscard]] std::string path() const { return m_directory->filePath("t.sqlite").toStdString(); }
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Connection> m_connection;
};

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"

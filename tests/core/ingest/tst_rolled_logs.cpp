#include "ingest/rolled_logs.hpp"

#include "ingest/find_sources.hpp"
#include "text_log_reading.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

// Every log below is synthetic.

namespace
{

const char *const kWork = "26/01/02 10:01:00 INFO DAGScheduler: Job 0 finished: count at Orders.scala:12, took 3.1 s\n";
const char *const kFailure = "26/01/02 10:02:00 INFO SparkContext: Starting job: save at Orders.scala:19\n"
                             "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n"
                             "\tat A.main(A.scala:1)\n";

Discovery foundIn(const Folder &folder)
{
    auto found = findSources(folder.path(""));
    if (!found)
        qFatal("%s", found.error().text().c_str());
    return withRolledLogsTogether(std::move(*found));
}

} // namespace

class TestRolledLogs : public QObject
{
    Q_OBJECT

private slots:
    void withRolledLogsTogether_partsOfOneLog_areOneAttempt_data()
    {
        QTest::addColumn<QString>("older");
        QTest::addColumn<QString>("younger");
        QTest::newRow("the number rises with age") << "spark.log.2"
                                                   << "spark.log.1";
        QTest::newRow("the number falls with age") << "spark.log.1"
                                                   << "spark.log.2";
    }
    void withRolledLogsTogether_partsOfOneLog_areOneAttempt()
    {
        QFETCH(const QString, older);
        QFETCH(const QString, younger);
        Folder folder;
        folder.write(older.toStdString(), driverHead());
        folder.write(younger.toStdString(), kWork);
        folder.write("spark.log", kFailure);
        const Discovery found = foundIn(folder);
        QCOMPARE(found.units.size(), std::size_t(1));
        const SourceUnit &unit = found.units.front();
        QVERIFY(unit.path.ends_with("spark.log"));
        QCOMPARE(unit.parts.size(), std::size_t(3));
        QVERIFY(unit.parts[0].ends_with(older.toStdString()));
        CollectingSink sink;
        base::Progress progress;
        const auto report = readSource(unit, {}, sink, {}, progress);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        QCOMPARE(sink.attempts[0].outcome, model::Outcome::Failed);
        QCOMPARE(sink.attempts[0].errorText, driverHead() + kWork + kFailure);
        QCOMPARE(report->bytes,
                 driverHead().size() + std::string_view(kWork).size() + std::string_view(kFailure).size());
        QCOMPARE(report->sha256, hashUnit(unit, {}, progress).value());
    }

    void withRolledLogsTogether_logsThatAreWhole_stayApart_data()
    {
        QTest::addColumn<QByteArray>("older");
        QTest::addColumn<QByteArray>("younger");
        const QByteArray run = QByteArray::fromStdString(driverHead());
        const QByteArray next = QByteArray(run).replace("26/01/02 10", "26/01/02 11");
        const QByteArray work = kWork;
        QTest::newRow("each begins with its start") << run << next;
        QTest::newRow("a start behind what precedes it")
            << run
            << "log4j:WARN x\n26/01/02 11:00:00 WARN NativeCodeLoader: Unable to load native-hadoop library\n"
               "26/01/02 11:00:00 INFO Orders: reading settings\n"
                   + next;
        QTest::newRow("the older one ended")
            << run + QByteArray::fromStdString(driverStop()) << QByteArray(work).replace("10:01", "10:10");
        QTest::newRow("a night lies between them") << run << QByteArray(work).replace("/02", "/03");
        QTest::newRow("the younger one is older") << run << QByteArray(work).replace("/02", "/01");
        QTest::newRow("another application goes on")
            << run << work + "26/01/02 10:01:01 INFO SparkUI: application app-20260102100001-0008 at h\n";
        QTest::newRow("warnings alone")
            << QByteArray("26/01/02 10:00:00 WARN TaskSetManager: Lost task 0.0\n26/01/02 10:00:01 WARN "
                          "TaskSetManager: Lost task 0.1\n")
            << QByteArray("26/01/02 10:05:00 WARN TaskSetManager: Lost task 1.0\n26/01/02 10:05:01 WARN "
                          "TaskSetManager: Lost task 1.1\n");
        QTest::newRow("what follows a pod")
            << QByteArray("26/01/02 10:00:00 INFO LoggingPodStatusWatcherImpl: phase: Failed\n")
            << QByteArray("26/01/02 10:30:00 INFO LoggingPodStatusWatcherImpl: phase: Failed\n");
    }
    void withRolledLogsTogether_logsThatAreWhole_stayApart()
    {
        QFETCH(const QByteArray, older);
        QFETCH(const QByteArray, younger);
        Folder folder;
        folder.write("spark.log.1", older.toStdString());
        folder.write("spark.log", younger.toStdString());
        const Discovery found = foundIn(folder);
        QCOMPARE(found.units.size(), std::size_t(2));
        QCOMPARE(found.units[0].parts.size(), std::size_t(1));
    }

    void withRolledLogsTogether_aPartThatBeginsInAFailure_goesOn()
    {
        Folder folder;
        folder.write("spark.log.1", driverHead());
        folder.write("spark.log", "26/01/02 10:05:00 ERROR ApplicationMaster: User class threw exception: a.B: c\n"
                                  "26/01/02 10:05:01 INFO ApplicationMaster: Final app status: FAILED, exitCode: 15\n");
        QCOMPARE(foundIn(folder).units.size(), std::size_t(1));
    }

    void withRolledLogsTogether_otherNames_stayApart()
    {
        Folder folder;
        folder.write("a.log", driverHead());
        folder.write("b.log", kWork + std::string(kFailure));
        folder.write("x/a.log.1", kWork + std::string(kFailure));
        QCOMPARE(foundIn(folder).units.size(), std::size_t(3));
    }
};

QTEST_GUILESS_MAIN(TestRolledLogs)
#include "tst_rolled_logs.moc"

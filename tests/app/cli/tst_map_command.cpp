#include "program.hpp"

#include <QFile>
#include <QtTest>

namespace
{

// Synthetic.
const QByteArray kTable = "JobName;RunId;Result;Begin;Elapsed\n"
                          "load;r1;OK;31.05.2024 01:00:00;60\n"
                          "load;r2;FAILED;31.05.2024 02:00:00;60\n"
                          "load;r2;OK;31.05.2024 02:10:00;60\n"
                          "load;r3;RUNNING;31.05.2024 03:00:00;60\n";

} // namespace

/// `mulligan map` and `mulligan import --map`: from a table of another system to attempts.
class MapCommand : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    QString write(const char *name, const QByteArray &content) const
    {
        QFile file(path(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
        return path(name);
    }

private Q_SLOTS:
    void map_thenImport_givesAttempts()
    {
        const QString table = write("runs.csv", kTable);
        const QString workspace = path("a.mulligan");
        QCOMPARE(cli::mulligan({"init", workspace}).exitCode, 0);
        const auto refused = cli::mulligan({"import", workspace, table});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.out.contains("mulligan map"), refused.out.constData());
        const auto mapped = cli::mulligan({"map", table, "--out", path("p.yaml")});
        QCOMPARE(mapped.exitCode, 0);
        QVERIFY2(mapped.out.contains("3 become attempts"), mapped.out.constData());
        const auto imported = cli::mulligan({"import", workspace, table, "--map", path("p.yaml"), "--json"});
        QCOMPARE(imported.exitCode, 0);
        QCOMPARE(imported.json()["attempts"].toInt(), 3);
    }

    void map_logOfSpark_needsNoProfileUnlessForced()
    {
        // Synthetic.
        const QString log = write("driver.log", "26/03/01 02:00:00 INFO SparkContext: Running Spark version 3.5.1\n"
                                                "26/03/01 02:05:00 ERROR Executor: Exception in task 0.0\n"
                                                "26/03/01 02:05:02 INFO ApplicationMaster: Final app status: FAILED, "
                                                "exitCode: 15\n");
        const auto refused = cli::mulligan({"map", log, "--out", path("log.yaml")});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("is a log of Spark, which needs no profile"), refused.err.constData());
        QVERIFY(!QFile::exists(path("log.yaml")));
        QCOMPARE(cli::mulligan({"map", log, "--force"}).exitCode, 0);
    }

    void import_standardInputWithAMap_isRead()
    {
        const QString workspace = path("b.mulligan");
        QCOMPARE(cli::mulligan({"init", workspace}).exitCode, 0);
        QCOMPARE(cli::mulligan({"map", write("runs.csv", kTable), "--out", path("p.yaml")}).exitCode, 0);
        const auto run = cli::mulligan({"import", workspace, "-", "--map", path("p.yaml"), "--json"}, kTable);
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.json()["attempts"].toInt(), 3);
    }

    void map_json_tellsEverything()
    {
        const auto run = cli::mulligan({"map", write("runs.csv", kTable), "--json"});
        QCOMPARE(run.exitCode, 0);
        const QJsonObject json = run.json();
        QCOMPARE(cli::missingKeys(json, {"profile", "fields", "open", "notes", "columns", "counts", "preview"}),
                 QStringList());
        QCOMPARE(json["counts"].toObject()["attempts"].toInt(), 3);
        QCOMPARE(json["preview"].toArray().size(), 4);
        QCOMPARE(json["columns"].toArray().at(3).toObject()["time"].toString(), QStringLiteral("%d.%m.%Y %H:%M:%S"));
    }

    void map_givenProfile_isTried()
    {
        const QString table = write("runs.csv", kTable);
        QCOMPARE(cli::mulligan({"map", table, "--out", path("p.yaml")}).exitCode, 0);
        const auto run = cli::mulligan({"map", table, "--map", path("p.yaml"), "--rows", "2"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.out.contains("line 2: {\"job\":\"load\""), run.out.constData());
    }

    void map_wrongContentOfAFile_exitsWithOne_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QString table = write("runs.csv", kTable);
        const QByteArray all = "fields: {job: JobName, run: JobName, outcome: JobName, started_at: JobName, "
                               "ended_at: JobName}\n";
        const QStringList tables{"import", path("w.mulligan"), table, "--map"};
        const QStringList redaction{"import", path("w.mulligan"), table, "--redact"};
        const auto row = [&](const char *name, const QStringList &lead, const char *file, const QByteArray &content) {
            QTest::newRow(name) << QStringList(lead) + QStringList{write(file, content)};
        };
        row("a version to come", tables, "a.yaml", "version: 2\n");
        row("no YAML", tables, "b.yaml", "version: 1\n  bad: [\n");
        row("an unknown encoding", tables, "c.yaml", "version: 1\nencoding: KLINGON\n" + all);
        row("an unknown zone", tables, "d.yaml", "version: 1\nzone: Mars/Base\n" + all);
        row("missing fields", tables, "e.yaml", "version: 1\nfields: {job: JobName}\n");
        row("missing fields, tried", {"map", table, "--map"}, "f.yaml", "version: 1\nfields: {job: JobName}\n");
        row("a pattern that misses its sample", redaction, "g.yaml",
            "version: 1\npatterns:\n  - {name: x, pattern: a, sample: b}\n");
    }
    void map_wrongContentOfAFile_exitsWithOne()
    {
        QFETCH(QStringList, arguments);
        QCOMPARE(cli::mulligan(arguments).exitCode, 1);
        arguments.append("--no-such-option");
        QCOMPARE(cli::mulligan(arguments).exitCode, 2);
    }

    void map_profileThatIsNotComplete_saysSoInPlaceOfRows()
    {
        const QString table = write("runs.csv", kTable);
        const auto run =
            cli::mulligan({"map", table, "--map", write("open.yaml", "version: 1\nfields: {job: JobName}\n")});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.out.startsWith("No attempts can be made with this profile: "), run.out.constData());
        QVERIFY2(!run.out.contains(": raw"), run.out.constData());
    }

    void map_proposalThatIsNotComplete_isDoneAndSaysWhatIsOpen()
    {
        const auto run = cli::mulligan({"map", write("other.csv", "id,colour\n1,red\n2,blue\n")});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.out.startsWith("# The proposal is not complete: "), run.out.constData());
    }

    void map_bytesAtRandom_areNoTable()
    {
        QByteArray bytes;
        std::uint32_t state = 7;
        for (int i = 0; i < 50'000; ++i) {
            state = state * 1'664'525U + 1'013'904'223U;
            bytes.append(static_cast<char>(state >> 24));
        }
        const auto run = cli::mulligan({"map", write("random.bin", bytes)});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.contains("No table was recognised"), run.err.constData());
    }

    void map_badUse_saysWhy_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("message");
        const QString table = write("runs.csv", kTable);
        const QString bad = write("bad.yaml", "version: 1\nfields: {jobb: JobName}\n");
        const QString open = write("open.yaml", "version: 1\nfields: {job: JobName}\n");
        QTest::newRow("no such file") << QStringList{"map", path("none")} << QByteArray("Cannot read");
        QTest::newRow("no table") << QStringList{"map", write("t.txt", "once upon a time\n")} << QByteArray("No table");
        QTest::newRow("a bad profile") << QStringList{"map", table, "--map", bad} << QByteArray("line 2, column 10");
        QTest::newRow("an open profile") << QStringList{"import", path("w.mulligan"), table, "--map", open}
                                         << QByteArray("run, outcome, started_at, ended_at");
        QTest::newRow("a profile that is not there")
            << QStringList{"import", path("w.mulligan"), table, "--map", path("none")} << QByteArray("Cannot read");
    }
    void map_badUse_saysWhy()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, message);
        const auto run = cli::mulligan(arguments);
        QVERIFY(run.exitCode == 1 || run.exitCode == 2);
        QVERIFY2(run.err.contains(message), run.err.constData());
    }
};

QTEST_GUILESS_MAIN(MapCommand)
#include "tst_map_command.moc"

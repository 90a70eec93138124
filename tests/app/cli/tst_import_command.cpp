#include "program.hpp"

#include <QDir>
#include <QFile>
#include <QtTest>

/// What `mulligan import` says and how it exits where only a part of what was named could be imported.
class ImportCommand : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_workspace;
    int m_number = 0;

    QString write(const char *name, const QByteArray &content) const
    {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
        return path;
    }
    static QByteArray row(const char *run)
    {
        return QByteArray("{\"job\":\"a\",\"run\":\"") + run
               + "\",\"attempt\":1,\"outcome\":\"failed\",\"started_at\":\"2026-01-01T00:00:00Z\","
                 "\"ended_at\":\"2026-01-01T00:10:00Z\"}\n";
    }

private Q_SLOTS:
    void init()
    {
        m_workspace = m_folder.filePath(QStringLiteral("w%1.mulligan").arg(++m_number));
        QCOMPARE(cli::mulligan({"init", m_workspace}).exitCode, 0);
    }

    void import_oneOfTwoFilesIsMissing_importsTheOtherAndExitsWith1()
    {
        const auto run =
            cli::mulligan({"import", m_workspace, write("good.jsonl", row("r1")), m_folder.filePath("gone.jsonl")});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.out.contains("gone.jsonl"), run.out.constData());
        QCOMPARE(cli::mulligan({"info", m_workspace, "--json"}).json()["attempts"].toInt(), 1);
    }

    void import_logsWithoutAZone_areToldOnceWithARemedy()
    {
        const auto log = [](int night) {
            return "26/03/0" + QByteArray::number(night)
                   + " 02:00:00 INFO SparkContext: Running Spark version 3.5.1\n26/03/0" + QByteArray::number(night)
                   + " 02:05:02 INFO SparkContext: Successfully stopped SparkContext\n";
        };
        const QString one = write("one.log", log(1) + log(2));
        const QString other = write("other.log", log(3));
        const auto run = cli::mulligan({"import", m_workspace, one, other});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.out.count("have no zone"), 1);
        QVERIFY2(run.out.contains("warning, of 2 sources: the log's times have no zone"), run.out.constData());
        QVERIFY(run.out.contains("event logs"));
    }

    void import_utf16WithItsMark_isReadAsUtf8_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("format");
        // Synthetic.
        QTest::newRow("CSV") << QByteArray(
            "job,run,attempt,outcome,started_at,ended_at,error_text\nnächtlich,r,1,failed,"
            "2026-01-01T00:00:00Z,2026-01-01T00:10:00Z,no space\n")
                             << "csv";
        QTest::newRow("JSON Lines") << row("r").replace("\"a\"", "\"nächtlich\"") << "attempts";
        QTest::newRow("a log of Spark") << QByteArray(
            "26/03/01 02:00:00 INFO SparkContext: Running Spark version 3.5.1\n"
            "26/03/01 02:00:00 INFO SparkContext: Submitted application: nächtlich\n"
            "26/03/01 02:05:01 ERROR ApplicationMaster: User class threw exception: "
            "java.lang.OutOfMemoryError: Java heap space\n"
            "26/03/01 02:05:02 INFO ApplicationMaster: Final app status: FAILED, exitCode: 15\n")
                                        << "spark-log";
    }
    void import_utf16WithItsMark_isReadAsUtf8()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, format);
        for (const auto encoding : {QStringConverter::Utf16LE, QStringConverter::Utf16BE}) {
            QStringEncoder encode(encoding, QStringConverter::Flag::WriteBom);
            const QString workspace = m_folder.filePath(QStringLiteral("u%1.mulligan").arg(++m_number));
            QCOMPARE(cli::mulligan({"init", workspace}).exitCode, 0);
            const QString file = write("wide", encode(QString::fromUtf8(content)));
            const auto run = cli::mulligan({"import", workspace, file, "--json"});
            QVERIFY2(run.exitCode == 0, run.out + run.err);
            QCOMPARE(run.json()["sources"][0]["format"].toString(), format);
            QCOMPARE(run.json()["attempts"].toInt(), 1);
            QCOMPARE(run.json()["rejected_rows"].toInt(), 0);
            QFile stored(workspace);
            QVERIFY(stored.open(QIODevice::ReadOnly));
            QVERIFY(stored.readAll().contains("nächtlich"));
        }
    }

    void import_deadLinkNamedDirectly_saysThatItLeadsNowhere()
    {
        const QString link = m_folder.filePath("dead");
        QVERIFY(QFile::link("/there/is/nothing", link));
        const auto run = cli::mulligan({"import", m_workspace, link});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.out.contains("the link leads nowhere; there is no '/there/is/nothing'"), run.out.constData());
        QVERIFY2(!run.out.contains("typing mistake"), run.out.constData());
    }

    void import_emptyInput_doesNotAdviseAFormat()
    {
        for (const QString &path : {write("empty.log", {}), QStringLiteral("-")}) {
            const auto run = cli::mulligan({"import", m_workspace, path});
            QCOMPARE(run.exitCode, 1);
            QVERIFY2(run.out.contains("it is empty") && !run.out.contains("--format"), run.out.constData());
        }
    }

    void import_folderWithAFileThatCannotBeUsed_exitsWith0()
    {
        QVERIFY(QDir(m_folder.path()).mkpath("mixed"));
        write("mixed/good.jsonl", row("r1"));
        write("mixed/notes.txt", "nothing of use\n");
        QCOMPARE(cli::mulligan({"import", m_workspace, m_folder.filePath("mixed")}).exitCode, 0);
    }

    void import_emptyFolder_saysThatNothingWasFound()
    {
        QVERIFY(QDir(m_folder.path()).mkpath("nothing"));
        const auto run = cli::mulligan({"import", m_workspace, m_folder.filePath("nothing")});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.out.contains("Nothing readable was found"), run.out.constData());
    }

    void import_oneOfEach_isWrittenInTheSingular()
    {
        const auto run = cli::mulligan({"import", m_workspace, write("half.jsonl", row("r1") + "{broken\n")});
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(run.out.contains("1 attempt, 1 failure, 1 row rejected"), run.out.constData());
        QVERIFY2(run.out.contains("'mulligan rejects " + m_workspace.toUtf8() + "'"), run.out.constData());
    }

    void import_secrets_areCountedByKind()
    {
        // The secrets are synthetic.
        const QByteArray first = row("r1").chopped(2) + ",\"error_text\":\"password=hunter2x token=a1b2c3d4e5\"}\n";
        const QByteArray second = row("r2").chopped(2)
                                  + ",\"owner\":\"ana\",\"error_text\":\"pwd=x7x7 of TCK-12, "
                                    "ana@example.org in /home/ana/x\"}\n";
        const QString file = write("secrets.jsonl", first + second);
        const auto run = cli::mulligan({"import", m_workspace, file});
        QVERIFY2(run.out.contains("3 secrets redacted (2 password, 1 token)"), run.out.constData());

        const QString other = m_folder.filePath("redacted.mulligan");
        QCOMPARE(cli::mulligan({"init", other}).exitCode, 0);
        const QString rules = write("redact.yaml", "version: 1\npatterns:\n  - name: ticket\n    pattern: 'TCK-\\d+'\n"
                                                   "    sample: TCK-1\n");
        const auto more = cli::mulligan(
            {"import", other, file, "--redact", rules, "--redact-emails", "--redact-user-paths", "--json"});
        const QJsonObject source = more.json()["sources"].toArray().first().toObject();
        QCOMPARE(source["redactions"].toInt(), 7);
        QCOMPARE(source["redacted"].toObject(),
                 (QJsonObject{{"password", 2}, {"token", 1}, {"ticket", 1}, {"email", 1}, {"user", 2}}));
    }

    void import_redactionOfAWorkspace_isRememberedShownAndReplacedByAFile()
    {
        // The secrets are synthetic.
        const auto text = [&](const char *run) {
            return row(run).chopped(2) + ",\"error_text\":\"TCK-12 of ana@example.org\"}\n";
        };
        const QString w = m_folder.filePath("promise.mulligan");
        QCOMPARE(cli::mulligan({"init", w}).exitCode, 0);
        const auto redacted = [&](const QString &file, const QStringList &more = {}) {
            const auto run = cli::mulligan(QStringList{"import", w, file, "--json"} + more);
            return run.json()["sources"].toArray().first().toObject()["redacted"].toObject();
        };
        const QString rules = write("tickets.yaml", "version: 1\npatterns:\n  - name: ticket\n    pattern: 'TCK-\\d+'\n"
                                                    "    sample: TCK-1\n");
        QCOMPARE(redacted(write("1.jsonl", text("p1")), {"--redact", rules}), (QJsonObject{{"ticket", 1}}));
        QCOMPARE(redacted(write("2.jsonl", text("p2"))), (QJsonObject{{"ticket", 1}}));
        const QJsonObject both{{"ticket", 1}, {"email", 1}};
        QCOMPARE(redacted(write("3.jsonl", text("p3")), {"--redact-emails"}), both);
        QCOMPARE(redacted(write("4.jsonl", text("p4"))), both);
        const auto info = cli::mulligan({"info", w, "--json"}).json()["redaction"].toObject();
        QCOMPARE(info["patterns"].toArray(), (QJsonArray{"ticket"}));
        QCOMPARE(info["emails"].toBool(), true);
        QCOMPARE(info["user_paths"].toBool(), false);
        QVERIFY(cli::mulligan({"info", w}).out.contains("built-in kinds of secrets, e-mail addresses, ticket\n"));
        QCOMPARE(redacted(write("5.jsonl", text("p5")), {"--redact", write("none.yaml", "version: 1\n")}),
                 QJsonObject());
        QCOMPARE(redacted(write("6.jsonl", text("p6"))), QJsonObject());
    }

    void import_redactionFileThatIsWrong_isRefusedBeforeAnythingIsRead()
    {
        const QString rules = write("bad.yaml", "version: 1\npatterns:\n  - {name: a, pattern: b, sample: c}\n");
        const auto run = cli::mulligan({"import", m_workspace, write("good.jsonl", row("r1")), "--redact", rules});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.contains("does not match its sample") && run.err.contains("line 3"), run.err.constData());
        QCOMPARE(cli::mulligan({"info", m_workspace, "--json"}).json()["attempts"].toInt(), 0);
    }

    void import_attemptsThatJoin_areNotCountedAsNew()
    {
        cli::mulligan({"import", m_workspace, write("a.jsonl", row("r1"))});
        const auto run = cli::mulligan({"import", m_workspace, write("b.jsonl", row("r1") + row("r2")), "--json"});
        QCOMPARE(run.json()["attempts"].toInt(), 1);
        QCOMPARE(run.json()["failures"].toInt(), 1);
        QCOMPARE(run.json()["sources"].toArray().first().toObject()["attempts"].toInt(), 2);
    }

    void import_fileOfBadRowsTwice_isRejectedBothTimes()
    {
        const QString file = write("bad.jsonl", "{\"job\":\"a\",\"run\":\"r1\",\"attempt\":1}\n");
        for (int i = 0; i < 2; ++i) {
            const auto run = cli::mulligan({"import", m_workspace, file, "--json"});
            QCOMPARE(run.exitCode, 1);
            QCOMPARE(run.json()["sources"].toArray().first().toObject()["status"].toString(),
                     QStringLiteral("rejected"));
        }
        QCOMPARE(cli::mulligan({"rejects", m_workspace}).lines().size(), 1);
    }
};

QTEST_GUILESS_MAIN(ImportCommand)
#include "tst_import_command.moc"

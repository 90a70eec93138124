#include "program.hpp"

#include <QJsonArray>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QtTest>

#include <signal.h>

/// What `mulligan watch` and `mulligan conflicts` say.
class WatchCommand : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_workspace;
    QString m_in;
    int m_number = 0;

    void write(const char *name, const QByteArray &content) const
    {
        QFile file(m_in + '/' + QString::fromLatin1(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
    }
    static QByteArray row(const char *run, const char *outcome = "failed", const QByteArray &more = {})
    {
        return QByteArray("{\"job\":\"a\",\"run\":\"") + run + "\",\"attempt\":1,\"outcome\":\"" + outcome
               + "\",\"started_at\":\"2026-01-01T00:00:00Z\",\"ended_at\":\"2026-01-01T00:10:00Z\"" + more + "}\n";
    }

private Q_SLOTS:
    void init()
    {
        m_workspace = m_folder.filePath(QStringLiteral("w%1.mulligan").arg(++m_number));
        m_in = m_folder.filePath(QStringLiteral("in%1").arg(m_number));
        QVERIFY(QDir().mkpath(m_in));
        QCOMPARE(cli::mulligan({"init", m_workspace}).exitCode, 0);
    }

    void watch_once_readsWhatIsNewAndNothingTwice()
    {
        write("a.jsonl", row("r1"));
        const auto first = cli::mulligan({"watch", m_workspace, m_in, "--once", "--json"});
        QCOMPARE(first.exitCode, 0);
        QCOMPARE(first.json()["new_sources"].toInt(), 1);
        QCOMPARE(first.json()["attempts"].toInt(), 1);
        for (const char *key :
             {"at", "new_sources", "grown_sources", "unchanged_files", "attempts", "failures", "rejected_rows",
              "conflicts", "classified", "unclassified", "open_failures", "recommendations", "without_recommendations",
              "data_until", "model", "model_to", "sources", "seconds"})
            QVERIFY2(first.json().contains(QLatin1String(key)), key);
        const auto second = cli::mulligan({"watch", m_workspace, m_in, "--once", "--json"});
        QCOMPARE(second.json()["unchanged_files"].toInt(), 1);
        QCOMPARE(second.json()["new_sources"].toInt(), 0);
        QCOMPARE(second.json()["attempts"].toInt(), 0);
        write("a.jsonl", row("r1") + row("r2"));
        const auto third = cli::mulligan({"watch", m_workspace, m_in, "--once", "--json"});
        QCOMPARE(third.json()["grown_sources"].toInt(), 1);
        QCOMPARE(third.json()["attempts"].toInt(), 1);
        const auto info = cli::mulligan({"info", m_workspace, "--json"}).json();
        QCOMPARE(info["attempts"].toInt(), 2);
        QCOMPARE(info["sources"].toInt(), 1);
        QVERIFY(!info["refreshed_at"].isNull());
    }

    void watch_redaction_isTheWorkspacesUnlessChosen()
    {
        // The address is synthetic; rejected rows show what was kept of them.
        const QByteArray bad = "{\"job\":\"a\",\"owner\":\"ana@example.org\"}\n";
        write("a.jsonl", row("r1"));
        QCOMPARE(cli::mulligan({"import", m_workspace, m_in + "/a.jsonl", "--redact-emails"}).exitCode, 0);
        write("b.jsonl", row("r2") + bad);
        QCOMPARE(cli::mulligan({"watch", m_workspace, m_in, "--once"}).exitCode, 0);
        const QByteArray rejects = cli::mulligan({"rejects", m_workspace}).out;
        QVERIFY2(rejects.contains("[redacted:email]") && !rejects.contains("ana@"), rejects.constData());
    }

    void watch_warningsAndRedactions_areTold()
    {
        write("a.jsonl", row("r1", "failed", ",\"error_text\":\"password=hunter2x\",\"colour\":\"red\""));
        const auto json = cli::mulligan({"watch", m_workspace, m_in, "--once", "--json"});
        const QJsonObject source = json.json()["sources"].toArray().at(0).toObject();
        QCOMPARE(source["warnings"].toArray().at(0).toString(),
                 QString("field 'colour' is not known and was ignored (once)"));
        QCOMPARE(source["redactions"].toInt(), 1);
        QCOMPARE(source["redacted"].toObject()["password"].toInt(), 1);
        write("b.jsonl", row("r2", "failed", ",\"error_text\":\"password=hunter2x\",\"colour\":\"red\""));
        const auto text = cli::mulligan({"watch", m_workspace, m_in, "--once"});
        QVERIFY2(text.out.contains("warning: " + m_in.toUtf8() + "/b.jsonl: field 'colour' is not known"),
                 text.out.constData());
        QVERIFY2(text.out.contains("1 secret redacted (1 password)"), text.out.constData());
    }

    void watch_options_areThoseOfImport()
    {
        write("a.jsonl", row("r1", "failed", ",\"owner\":\"ana\",\"error_text\":\"in /home/ana/x\""));
        write("b.csv", "name,number,result,begin,end\nj,1,failed,2026-01-01T00:00:00Z,2026-01-01T00:10:00Z\n");
        const QString profile = m_folder.filePath("profile.yaml");
        QCOMPARE(cli::mulligan({"map", m_in + "/b.csv", "--out", profile}).exitCode, 0);
        const auto rows = cli::mulligan(
            {"watch", m_workspace, m_in, "--once", "--json", "--redact-user-paths", "--format", "attempts"});
        QCOMPARE(rows.exitCode, 0);
        QCOMPARE(rows.json()["attempts"].toInt(), 1);
        const auto info = cli::mulligan({"info", m_workspace, "--json"}).json();
        QCOMPARE(info["redaction"].toObject()["user_paths"].toBool(), true);
        const auto mapped = cli::mulligan({"watch", m_workspace, m_in, "--once", "--json", "--map", profile});
        QVERIFY2(mapped.exitCode == 0, mapped.err.constData());
        QCOMPARE(mapped.json()["attempts"].toInt(), 1);
    }

    void watch_filesNotTaken_areNamedOnceAndCounted()
    {
        write("a.jsonl", row("r1"));
        write("README.md", "about\n");
        write("broken.jsonl.gz", QByteArray::fromHex("1f8b08000000000002ff4b4c4ae602004f81884704000000"));
        QProcess process;
        process.start(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"), {"watch", m_workspace, m_in, "--every", "1s"});
        QByteArray out;
        while (out.count("new source") < 3 && process.waitForReadyRead(60'000))
            out += process.readAllStandardOutput();
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        out += process.readAllStandardOutput();
        QVERIFY2(out.contains("1 file rejected, 1 file skipped"), out.constData());
        QCOMPARE(out.count("rejected " + m_in.toUtf8() + "/broken.jsonl.gz: Damaged gzip data"), 1);
        QCOMPARE(out.count("skipped " + m_in.toUtf8() + "/README.md: it is documentation"), 1);
    }

    void watch_running_takesUpAFileThatArrivesAndEndsOnASignal()
    {
        QProcess process;
        process.start(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"),
                      {"watch", m_workspace, m_in, "--every", "1s", "--json"});
        QVERIFY(process.waitForReadyRead(30'000));
        (void)process.readAllStandardOutput();
        write("late.jsonl", row("r1"));
        QByteArray lines;
        for (int i = 0; i < 30 && !lines.contains("\"new_sources\":1"); ++i) {
            process.waitForReadyRead(1'000);
            lines += process.readAllStandardOutput();
        }
        QVERIFY2(lines.contains("\"new_sources\":1"), lines.constData());
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 130);
    }

    void watch_signal_saysWhatAllRefreshesStored()
    {
        write("a.jsonl", row("r1") + row("r2"));
        QProcess process;
        process.start(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"), {"watch", m_workspace, m_in, "--every", "1s"});
        QByteArray out;
        while (out.count("new source") < 2 && process.waitForReadyRead(60'000))
            out += process.readAllStandardOutput();
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 130);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("Stopped after ")
                     && said.contains(" refreshes, which stored 1 new or grown source with 2 new attempts"),
                 said.constData());
        QVERIFY2(!said.contains("Import the same paths again"), said.constData());
    }

    void watch_badArguments_sayWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("no such folder") << QStringList{"FOLDER/none", "--once"} << 1 << QByteArray("There is no '");
        QTest::newRow("a time without sense")
            << QStringList{"FOLDER", "--every", "often"} << 2 << QByteArray("'often' is no time between refreshes");
        QTest::newRow("no time at all") << QStringList{"FOLDER", "--every", "0s"} << 2
                                        << QByteArray("such as --every 30m");
    }
    void watch_badArguments_sayWhatIsWrong()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, message);
        arguments.replaceInStrings(QStringLiteral("FOLDER"), m_in);
        const auto run = cli::mulligan(QStringList{"watch", m_workspace} + arguments);
        QCOMPARE(run.exitCode, exitCode);
        QVERIFY2(run.err.contains(message), run.err.constData());
    }

    void conflicts_sourcesThatDiffer_areListedWithBoth()
    {
        write("a.jsonl", row("r1"));
        write("b.jsonl", row("r1", "succeeded"));
        const auto run = cli::mulligan({"import", m_workspace, m_in, "--json"});
        QCOMPARE(run.json()["conflicts"].toInt(), 1);
        const auto list = cli::mulligan({"conflicts", m_workspace, "--json"}).json();
        QCOMPARE(list["field"].toString(), QStringLiteral("outcome"));
        QCOMPARE(list["kept"].toString(), QStringLiteral("failed"));
        QCOMPARE(list["other"].toString(), QStringLiteral("succeeded"));
        QVERIFY(list["kept_source"].toString().endsWith("a.jsonl"));
        QVERIFY(list["other_source"].toString().endsWith("b.jsonl"));
        const auto text = cli::mulligan({"conflicts", m_workspace});
        QVERIFY2(text.out.contains("outcome is failed"), text.out.constData());
    }

    void conflicts_manyAndLong_areCountedShortenedAndLimited()
    {
        // Synthetic: two hundred attempts whose times and a long option differ.
        const auto rows = [&](const char *hour, const QByteArray &last) {
            QByteArray out;
            for (int i = 0; i < 100; ++i)
                out += row(QByteArray::number(i).constData(), "failed",
                           ",\"config\":{\"spark.x\":\"" + QByteArray(500, 'o') + last + "\"}")
                           .replace("T00:", QByteArray("T") + hour);
            return out;
        };
        write("a.jsonl", rows("00:", "one"));
        write("b.jsonl", rows("05:", "two"));
        QCOMPARE(cli::mulligan({"import", m_workspace, m_in}).exitCode, 0);
        const auto text = cli::mulligan({"conflicts", m_workspace}).out;
        QVERIFY2(text.startsWith("200 facts on which sources differ:\n"), text.left(300).constData());
        QVERIFY2(text.contains("\n  times           100\n"), text.left(300).constData());
        QVERIFY2(text.contains(": times are 2026-01-01"), text.constData());
        QVERIFY2(text.contains("oone ("), text.constData());
        QVERIFY2(text.contains("and 150 more; --most 0 lists all"), text.right(300).constData());
        QCOMPARE(text.count(", attempt 1: "), 50);
        QVERIFY(!text.contains(QByteArray(100, 'o')));
        QCOMPARE(cli::mulligan({"conflicts", m_workspace, "--most", "3"}).out.count(", attempt 1: "), 3);
        QCOMPARE(cli::mulligan({"conflicts", m_workspace, "--most", "0"}).out.count(", attempt 1: "), 200);
        const auto all = cli::mulligan({"conflicts", m_workspace, "--json"});
        QCOMPARE(all.lines().size(), 200);
        QVERIFY(all.out.contains(QByteArray(500, 'o')));
    }
};

QTEST_GUILESS_MAIN(WatchCommand)
#include "tst_watch_command.moc"

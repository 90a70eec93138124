#include "program.hpp"

#include <QDir>
#include <QFile>
#include <QtTest>

#include <unistd.h>

/// A workspace that somebody shares: its file and its folder may not be written. Commands that only read work, the
/// others say why not. On a small synthetic history.
class ReadOnlyWorkspace : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_workspace;

    [[nodiscard]] QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    /// As a user without rights; root may write everything.
    static cli::Run asNobody(const QStringList &arguments)
    {
        QProcess process;
        process.setChildProcessModifier([] {
            if (::getuid() == 0 && ::setuid(65534) != 0)
                ::_exit(99);
        });
        process.start(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"), arguments);
        process.closeWriteChannel();
        cli::Run run;
        if (!process.waitForFinished(120'000))
            process.kill();
        run.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
        run.out = process.readAllStandardOutput();
        run.err = process.readAllStandardError();
        return run;
    }

    void share(bool shared) const
    {
        using Flags = QFileDevice::Permissions;
        const Flags reading = QFileDevice::ReadOwner | QFileDevice::ReadGroup | QFileDevice::ReadOther;
        const Flags entering = reading | QFileDevice::ExeOwner | QFileDevice::ExeGroup | QFileDevice::ExeOther;
        QVERIFY(QFile::setPermissions(m_workspace, shared ? reading : reading | QFileDevice::WriteOwner));
        QVERIFY(QFile::setPermissions(path("shared"), shared ? entering : entering | QFileDevice::WriteOwner));
        QVERIFY(QFile::setPermissions(m_folder.path(), entering | QFileDevice::WriteOwner));
    }

    static QByteArray row(int run, const char *outcome, const QByteArray &text)
    {
        const QByteArray day = QByteArray::number(10 + run % 18);
        return "{\"job\":\"orders\",\"run\":\"r" + QByteArray::number(run) + "\",\"attempt\":1,\"outcome\":\"" + outcome
               + "\",\"started_at\":\"2026-01-" + day + "T00:00:00Z\",\"ended_at\":\"2026-01-" + day
               + "T00:10:00Z\",\"cost_usd\":2.5,\"error_text\":\"" + text + "\"}\n";
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(QDir(m_folder.path()).mkdir("shared"));
        m_workspace = path("shared/w.mulligan");
        QFile file(path("history.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 12; ++i)
            file.write(row(i, "failed", "java.lang.OutOfMemoryError: Java heap space"));
        for (int i = 12; i < 18; ++i)
            file.write(row(i, "failed", "zorgification halted " + QByteArray::number(i)));
        file.close();
        QCOMPARE(cli::mulligan({"init", m_workspace}).exitCode, 0);
        QCOMPARE(cli::mulligan({"import", m_workspace, path("history.jsonl")}).exitCode, 0);
        QCOMPARE(cli::mulligan({"classify", m_workspace}).exitCode, 0);
        share(true);
        if (asNobody({"--version"}).exitCode != 0)
            QSKIP("The program lies where only its owner can run it");
    }
    void cleanupTestCase() { share(false); }

    void command_thatReads_works_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        const QString w = m_workspace;
        QTest::newRow("info") << QStringList{"info", w} << QByteArray("18");
        QTest::newRow("health") << QStringList{"rules", "health", w} << QByteArray("unclassified");
        QTest::newRow("diff") << QStringList{"rules", "diff", w, "shipped", "shipped"} << QByteArray("Net savings");
        QTest::newRow("lint") << QStringList{"rules", "lint", "--workspace", w} << QByteArray("0 errors");
        QTest::newRow("mine") << QStringList{"mine", w} << QByteArray("6 unclassified failures in 1 cluster");
        QTest::newRow("simulate") << QStringList{"simulate", w} << QByteArray("WITHOUT A MODEL");
        QTest::newRow("rejects") << QStringList{"rejects", w} << QByteArray();
        QTest::newRow("conflicts") << QStringList{"conflicts", w} << QByteArray();
    }
    void command_thatReads_works()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const auto run = asNobody(arguments);
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QVERIFY2(run.out.toLower().contains(says.toLower()), run.out.constData());
    }

    void mine_clusterOfTheList_givesItsDraft()
    {
        const auto list = asNobody({"mine", m_workspace, "--json"});
        const QString id = list.json()["clusters"].toArray().at(0).toObject()["id"].toString();
        QVERIFY2(!id.isEmpty(), list.out.constData());
        const auto draft = asNobody({"mine", m_workspace, "--rule", id});
        QVERIFY2(draft.exitCode == 0, draft.err.constData());
        QVERIFY(draft.out.startsWith("# Draft of cluster " + id.toUtf8()));
    }

    void audit_sampleDrawnBefore_isShown()
    {
        const auto none = asNobody({"audit", m_workspace});
        QCOMPARE(none.exitCode, 1);
        QVERIFY2(none.err.contains("may not be written"), none.err.constData());
        share(false);
        QCOMPARE(cli::mulligan({"audit", m_workspace}).exitCode, 0);
        share(true);
        const auto shown = asNobody({"audit", m_workspace});
        QVERIFY2(shown.exitCode == 0, shown.err.constData());
        QVERIFY(shown.out.contains("18 still to be answered"));
    }

    void command_thatWrites_saysWhyNot_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QString w = m_workspace;
        QTest::newRow("import") << QStringList{"import", w, path("history.jsonl")};
        QTest::newRow("classify") << QStringList{"classify", w};
        QTest::newRow("train") << QStringList{"train", w};
        QTest::newRow("a new sample") << QStringList{"audit", w, "--seed", "77"};
    }
    void command_thatWrites_saysWhyNot()
    {
        QFETCH(QStringList, arguments);
        const auto run = asNobody(arguments + QStringList{"--json"});
        QCOMPARE(run.exitCode, 1);
        const QJsonObject error = run.json()["error"].toObject();
        QCOMPARE(error["code"].toString(), QStringLiteral("permission_denied"));
        QVERIFY2(error["message"].toString().contains("may not be written: the file is write-protected"),
                 run.out.constData());
        QVERIFY(error["hint"].toString().contains("Copy it"));
    }
};

QTEST_GUILESS_MAIN(ReadOnlyWorkspace)
#include "tst_read_only_workspace.moc"

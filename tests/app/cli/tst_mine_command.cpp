#include "program.hpp"

#include <QFile>
#include <QtTest>

/// `mulligan mine` as a user meets it, on a small synthetic history.
class MineCommand : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_workspace;

    [[nodiscard]] QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    static QByteArray row(int run, const char *outcome, const QByteArray &text)
    {
        const QByteArray day = QByteArray::number(10 + run % 18);
        return "{\"job\":\"orders\",\"run\":\"r" + QByteArray::number(run) + "\",\"attempt\":1,\"outcome\":\"" + outcome
               + "\",\"started_at\":\"2026-01-" + day + "T00:00:00Z\",\"ended_at\":\"2026-01-" + day
               + "T00:10:00Z\",\"cost_usd\":2.5,\"owner\":\"ana\",\"error_text\":\"" + text + "\"}\n";
    }

    [[nodiscard]] QString firstCluster() const
    {
        const auto run = cli::mulligan({"mine", m_workspace, "--json"});
        return run.json()["clusters"].toArray().at(0).toObject()["id"].toString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_workspace = path("w.mulligan");
        QFile file(path("history.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 12; ++i)
            file.write(row(i, "failed",
                           "com.acme.FrobnicationException: frobnication " + QByteArray::number(i)
                               + " went sideways\\n\\tat com.acme.Frob.run(Frob.java:" + QByteArray::number(i) + ")"));
        file.write(row(20, "failed", "java.lang.OutOfMemoryError: Java heap space"));
        file.write(row(21, "failed", "zorgification halted"));
        file.close();
        // Rules of the test's own: the shipped pack's last resorts know any exception.
        QFile rules(path("rules.yaml"));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write(
            "schema: 1\nrules:\n  - id: memory.heap\n    title: Heap\n    class: memory_config.executor_heap\n"
            "    domain: user\n    action: ask_model\n    match: {any: ['OutOfMemoryError: Java heap space']}\n");
        rules.close();
        QCOMPARE(cli::mulligan({"init", m_workspace}).exitCode, 0);
        QCOMPARE(cli::mulligan({"import", m_workspace, path("history.jsonl")}).exitCode, 0);
    }

    void mine_beforeClassify_saysSo()
    {
        const auto run = cli::mulligan({"mine", m_workspace, "--json"});
        QCOMPARE(run.exitCode, 1);
        QCOMPARE(run.json()["error"].toObject()["code"].toString(), QStringLiteral("insufficient_data"));
        QVERIFY(run.json()["error"].toObject()["hint"].toString().contains("mulligan classify"));
    }

    void mine_unclassified_areListed()
    {
        QCOMPARE(cli::mulligan({"classify", m_workspace, "--rules", path("rules.yaml")}).exitCode, 0);
        const auto run = cli::mulligan({"mine", m_workspace, "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QCOMPARE(run.json()["failures"].toInt(), 13);
        QCOMPARE(run.json()["cluster_count"].toInt(), 2);
        const QJsonObject first = run.json()["clusters"].toArray().at(0).toObject();
        QCOMPARE(first["size"].toInt(), 12);
        QCOMPARE(first["cost_usd"].toDouble(), 30.0);
        QCOMPARE(first["template"].toString(),
                 QStringLiteral("com.acme.FrobnicationException: frobnication <num> went sideways"));
        QCOMPARE(first["exception"].toString(), QStringLiteral("com.acme.FrobnicationException"));
        QCOMPARE(first["frames"].toArray().at(0).toString(), QStringLiteral("com.acme.Frob.run"));
        QCOMPARE(first["examples"].toArray().size(), 3);
        QCOMPARE(first["checks"].toObject()["clean"].toBool(), true);
        QCOMPARE(first["first_seen"].toString(), QStringLiteral("2026-01-10T00:00:00Z"));
    }

    void mine_twice_givesTheSameIds()
    {
        const auto ids = [&] {
            QStringList out;
            for (const auto &each :
                 cli::mulligan({"mine", m_workspace, "--json", "--all"}).json()["clusters"].toArray())
                out += each.toObject()["id"].toString();
            return out;
        };
        const QStringList first = ids();
        QCOMPARE(first.size(), 3);
        QCOMPARE(ids(), first);
    }

    void mine_text_isATableThatFits()
    {
        const auto run = cli::mulligan({"mine", m_workspace, "--by", "cost", "--limit", "1"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.contains("13 unclassified failures in 2 clusters, of 14 failures"));
        QVERIFY(run.out.contains("frobnication <num> went sideways"));
        QVERIFY(run.out.contains("matches all 12 distinct texts, no other cluster and no success"));
        QVERIFY(run.out.contains("1 more; see --limit"));
        for (const QByteArray &line : run.out.split('\n'))
            if (!line.contains("--rule"))
                QVERIFY2(QString::fromUtf8(line).size() <= 100, line.constData());
    }

    void mine_harmlessLine_isNoCauseAndHasNoDraft()
    {
        const QString workspace = path("harmless.mulligan");
        QFile file(path("harmless.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 5; ++i)
            file.write(
                row(i, "failed",
                    "26/03/09 01:54:5" + QByteArray::number(i) + " INFO ShutdownHookManager: Shutdown hook called"));
        file.close();
        QCOMPARE(cli::mulligan({"init", workspace}).exitCode, 0);
        QCOMPARE(cli::mulligan({"import", workspace, file.fileName()}).exitCode, 0);
        QCOMPARE(cli::mulligan({"classify", workspace, "--rules", path("rules.yaml")}).exitCode, 0);
        const auto json = cli::mulligan({"mine", workspace, "--json"});
        QCOMPARE(json.json()["without_cause"].toInt(), 5);
        const QJsonObject cluster = json.json()["clusters"].toArray().at(0).toObject();
        QCOMPARE(cluster["without_cause"].toBool(), true);
        QCOMPARE(cluster["checks"].toObject()["clean"].toBool(), false);
        QCOMPARE(cluster["pattern"].toString(), QString());
        const auto text = cli::mulligan({"mine", workspace});
        QVERIFY2(text.out.contains("5 with a text that names no cause"), text.out.constData());
        QVERIFY2(text.out.contains("no cause in its text"), text.out.constData());
        QVERIFY2(!text.out.contains("draft matches"), text.out.constData());
        const auto draft = cli::mulligan({"mine", workspace, "--rule", cluster["id"].toString()});
        QCOMPARE(draft.exitCode, 1);
        QVERIFY2(draft.out.isEmpty() && draft.err.contains("no cause in its text"), draft.err.constData());
    }

    void mine_clusterOfSeveralRules_namesEachWithItsCount()
    {
        const QString workspace = path("several.mulligan");
        QFile file(path("several.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const char *heads[] = {"alpha fell\\n", "alpha fell\\n", "beta fell\\n", ""};
        for (int i = 0; i < 4; ++i)
            file.write(row(i, "failed", QByteArray(heads[i]) + "com.acme.FrobException: frob went sideways"));
        file.close();
        QFile rules(path("several.yaml"));
        QVERIFY(rules.open(QIODevice::WriteOnly));
        rules.write("schema: 1\nrules:\n");
        for (const char *name : {"alpha", "beta"})
            rules.write(QByteArray("  - {id: my.") + name + ", title: T, class: code." + name
                        + ", domain: user, action: stop, match: {any: ['" + name + " fell']}}\n");
        rules.close();
        QCOMPARE(cli::mulligan({"init", workspace}).exitCode, 0);
        QCOMPARE(cli::mulligan({"import", workspace, file.fileName()}).exitCode, 0);
        QCOMPARE(cli::mulligan({"classify", workspace, "--rules", rules.fileName()}).exitCode, 0);
        const auto run = cli::mulligan({"mine", workspace});
        QVERIFY2(
            run.out.contains("    3 others are classified by 2 rules\n        2 by my.alpha\n        1 by my.beta\n"),
            run.out.constData());
        const auto all = cli::mulligan({"mine", workspace, "--all"});
        QVERIFY2(all.out.contains("    3 of them are classified by 2 rules\n        2 by my.alpha\n"),
                 all.out.constData());
        const QJsonArray named = cli::mulligan({"mine", workspace, "--json"})
                                     .json()["clusters"]
                                     .toArray()
                                     .at(0)
                                     .toObject()["rules"]
                                     .toArray();
        QCOMPARE(named.size(), 2);
        QCOMPARE(named.at(0).toObject()["failures"].toInt(), 2);
    }

    void rule_cluster_isWrittenAsADraftThatCanBeTested()
    {
        const QString out = path("draft.yaml");
        const auto run = cli::mulligan({"mine", m_workspace, "--rule", firstCluster(), "--out", out, "--json"});
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QCOMPARE(run.json()["out"].toString(), out);
        QCOMPARE(run.json()["preview"].toObject()["unclassified_failures"].toInt(), 12);
        QCOMPARE(run.json()["rule"].toObject()["status"].toString(), QStringLiteral("draft"));
        QFile file(out);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray yaml = file.readAll();
        QVERIFY(yaml.startsWith("# Draft of cluster "));
        // A person chooses the class and puts it in force.
        yaml.replace("status: draft", "status: active");
        yaml.replace("class: unclassified", "class: code.frobnication");
        QFile accepted(path("accepted.yaml"));
        QVERIFY(accepted.open(QIODevice::WriteOnly));
        accepted.write(yaml);
        accepted.close();
        const auto test = cli::mulligan({"rules", "test", "--rules", path("accepted.yaml"), "--json"});
        QVERIFY2(test.exitCode == 0, test.out.constData());
        QVERIFY(test.json()["samples"].toInt() >= 3);
        const auto lint = cli::mulligan({"rules", "lint", "--rules", path("accepted.yaml"), "--json"});
        QVERIFY2(lint.exitCode == 0, lint.out.constData());
    }

    void rule_withoutOut_isPrintedAsYaml()
    {
        const auto run = cli::mulligan({"mine", m_workspace, "--rule", firstCluster().left(6)});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.startsWith("# Draft of cluster "));
        QVERIFY(run.out.contains("schema: 1"));
        QVERIFY(run.out.contains("# It would classify 12 failures of 1 job that cost $30.00."));
    }

    void rule_fileThatIsThere_isNotWrittenOver()
    {
        QFile there(path("mine.yaml"));
        QVERIFY(there.open(QIODevice::WriteOnly));
        there.write("# by hand\n");
        there.close();
        const auto run = cli::mulligan({"mine", m_workspace, "--rule", firstCluster(), "--out", there.fileName()});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.contains("exists already and is not written over"), run.err.constData());
        QVERIFY(there.open(QIODevice::ReadOnly));
        QCOMPARE(there.readAll(), QByteArray("# by hand\n"));
        const auto sheet = cli::mulligan({"audit", m_workspace, "--out", there.fileName()});
        QCOMPARE(sheet.exitCode, 1);
        QVERIFY2(sheet.err.contains("exists already and is not written over"), sheet.err.constData());
    }

    void mine_wrongUsage_saysSo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("message");
        QTest::newRow("an order that is none") << QStringList{"--by", "name"} << 2 << "--by";
        QTest::newRow("a limit that is no number") << QStringList{"--limit", "few"} << 2 << "--limit";
        QTest::newRow("--out without --rule") << QStringList{"--out", "x.yaml"} << 2 << "--rule";
        QTest::newRow("a cluster that is not there") << QStringList{"--rule", "zzz"} << 1 << "no cluster";
        QTest::newRow("writing over the workspace")
            << QStringList{"--rule", "0", "--out", "WORKSPACE"} << 1 << "not written over";
    }
    void mine_wrongUsage_saysSo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QString, message);
        arguments.replaceInStrings("WORKSPACE", m_workspace);
        const auto run = cli::mulligan(QStringList{"mine", m_workspace, "--json"} + arguments);
        QCOMPARE(run.exitCode, exitCode);
        const QString said = QString::fromUtf8(QJsonDocument(run.json()["error"].toObject()).toJson());
        QVERIFY2(said.contains(message), qPrintable(said));
    }
};

QTEST_GUILESS_MAIN(MineCommand)
#include "tst_mine_command.moc"

#include "program.hpp"

#include <QFile>
#include <QtTest>

/// `mulligan audit` as a user meets it, on a small synthetic history.
class AuditCommand : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_workspace;

    [[nodiscard]] QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    static QByteArray row(int run, const QByteArray &text)
    {
        const QByteArray day = QByteArray::number(10 + run % 18);
        return "{\"job\":\"orders\",\"run\":\"r" + QByteArray::number(run)
               + "\",\"attempt\":1,\"outcome\":\"failed\",\"started_at\":\"2026-01-" + day
               + "T00:00:00Z\",\"ended_at\":\"2026-01-" + day + "T00:10:00Z\",\"cost_usd\":2.5,\"error_text\":\"" + text
               + "\"}\n";
    }

    /// A workspace of its own, judged by the rules of rules.yaml, and its sheet.
    [[nodiscard]] QString judged(const char *name) const
    {
        const QString workspace = path(name);
        for (const QStringList &arguments :
             {QStringList{"init", workspace}, QStringList{"import", workspace, path("history.jsonl")},
              QStringList{"classify", workspace, "--rules", path("rules.yaml")}})
            if (cli::mulligan(arguments).exitCode != 0)
                qFatal("the workspace was not made");
        return workspace;
    }

    [[nodiscard]] QList<QJsonObject> sheet(const QString &workspace) const
    {
        const QString out = workspace + ".jsonl";
        QFile::remove(out);
        cli::mulligan({"audit", workspace, "--rules", path("rules.yaml"), "--out", out});
        QFile file(out);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no sheet was written");
        cli::Run read;
        read.out = file.readAll();
        return read.lines();
    }

    static QByteArray lines(const QList<QJsonObject> &rows)
    {
        QByteArray out;
        for (const QJsonObject &each : rows)
            out += QJsonDocument(each).toJson(QJsonDocument::Compact) + '\n';
        return out;
    }

    [[nodiscard]] cli::Run answer(const QString &workspace, const QByteArray &answers,
                                  const QStringList &more = {}) const
    {
        return cli::mulligan(QStringList{"audit", workspace, "--rules", path("rules.yaml"), "--answers", "-"} + more,
                             answers);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QByteArray history;
        for (int i = 0; i < 12; ++i)
            history += row(i, "com.acme.FrobnicationException: frobnication " + QByteArray::number(i));
        for (int i = 12; i < 20; ++i)
            history += row(i, "java.lang.OutOfMemoryError: Java heap space, task " + QByteArray::number(i));
        for (int i = 20; i < 26; ++i)
            history += row(i, "zorgification halted " + QByteArray::number(i));
        write(path("history.jsonl"), history);
        write(path("rules.yaml"),
              "schema: 1\nrules:\n"
              "  - id: memory.heap\n    title: Heap\n    class: memory_config.executor_heap\n"
              "    domain: user\n    action: ask_model\n    match: {any: ['OutOfMemoryError: Java heap space']}\n"
              "  - id: acme.frob\n    title: Frobnication\n    class: code.frobnication\n"
              "    domain: user\n    action: stop\n    match: {any: ['FrobnicationException']}\n");
        m_workspace = judged("w.mulligan");
    }

    void answers_ofAnotherWorkspace_areRefused()
    {
        auto rows = sheet(m_workspace);
        QVERIFY(rows.size() > 2);
        rows[1]["answer"] = QStringLiteral("confirmed");
        rows[1]["job"] = QStringLiteral("payments");
        const auto run = answer(m_workspace, lines(rows));
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.contains("The row is of job 'payments', run '"), run.err.constData());
        QVERIFY2(run.err.contains("line 2, item ") && run.err.contains("file -"), run.err.constData());
        QVERIFY(run.err.contains("remedy: Read the answers into the workspace that their sheet is of"));
    }

    void answers_counted_areSaidAlways()
    {
        const QString workspace = judged("counted.mulligan");
        const auto empty = answer(workspace, "");
        QCOMPARE(empty.exitCode, 0);
        QVERIFY2(empty.out.contains("No answer was read: standard input holds no row"), empty.out.constData());
        auto rows = sheet(workspace);
        QVERIFY(answer(workspace, lines(rows)).out.contains("none of the 26 rows of standard input has one"));
        for (int i = 0; i < 4; ++i)
            rows[i]["answer"] = QStringLiteral("confirmed");
        const auto some = answer(workspace, "\xEF\xBB\xBF" + lines(rows));
        QCOMPARE(some.exitCode, 0);
        QVERIFY2(some.out.contains("4 answers read from standard input; 22 of its rows have none yet"),
                 some.out.constData());
        QVERIFY2(some.out.contains("4 answered, 22 still to be answered"), some.out.constData());
        const auto json = answer(workspace, lines(rows), {"--json"}).json();
        QCOMPARE(json["replies"].toInt(), 4);
        QCOMPARE(json["rows_read"].toInt(), 26);
        QCOMPARE(json["unanswered"].toInt(), 22);
    }

    void figures_unclassifiedUnanswered_areNotKnownYet()
    {
        const QString workspace = judged("half.mulligan");
        auto rows = sheet(workspace);
        for (QJsonObject &each : rows)
            if (each["class"].toString() != QLatin1String("unclassified"))
                each["answer"] = QStringLiteral("confirmed");
        const auto half = answer(workspace, lines(rows));
        QCOMPARE(half.exitCode, 0);
        QVERIFY2(half.out.count("not known yet (6 unclassified failures still to be answered)") == 3,
                 half.out.constData());
        const QJsonObject coverage = answer(workspace, lines(rows), {"--json"}).json()["coverage"].toObject();
        QVERIFY(coverage["value"].isNull());
        QCOMPARE(coverage["reason"].toString(), QStringLiteral("6 unclassified failures still to be answered"));
        QVERIFY(cli::mulligan({"audit", "--help"}).out.contains("random order"));
    }

    void answers_sheetOfTheSampleBefore_findTheirs()
    {
        const QString workspace = judged("two.mulligan");
        auto rows = sheet(workspace);
        rows[0]["answer"] = QStringLiteral("no_cause");
        const auto one = answer(workspace, lines({rows[0]}));
        QVERIFY2(one.out.contains("1 answer read from standard input; 0 of its rows have none yet"),
                 one.out.constData());
        const auto drawn = cli::mulligan({"audit", workspace, "--seed", "2", "--size", "5"});
        QVERIFY2(drawn.out.contains("9 failures, more than the 5 asked for, since 3 of each of 3 classes were asked "
                                    "for (--minimum)\n"),
                 drawn.out.constData());
        QVERIFY2(drawn.out.contains("It takes the place of sample 1 (seed 1, 1 answered), which is kept, its answers "
                                    "too: 'mulligan audit "
                                    + workspace.toUtf8() + " --seed 1 --size 200 --minimum 3' shows it"),
                 drawn.out.constData());
        rows[1]["answer"] = QStringLiteral("no_cause");
        const auto found = answer(workspace, lines(rows));
        QVERIFY2(found.exitCode == 0, found.err.constData());
        QVERIFY2(found.out.contains("Sample 1 of ") && found.out.contains(" 2 answered"), found.out.constData());
        const auto refused = answer(workspace, lines(rows), {"--seed", "2", "--size", "5"});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("is of sample 1 (seed 1), and these answers are read for sample 2 (seed 2)"),
                 refused.err.constData());
        QCOMPARE(cli::mulligan({"audit", workspace, "--size", "5", "--minimum", "0", "--json"}).json()["items"].toInt(),
                 5);
    }

    void figures_tables_showWrongOnesFirstAndNoMoreThanAsked()
    {
        const QString workspace = judged("tables.mulligan");
        auto rows = sheet(workspace);
        for (QJsonObject &each : rows) {
            const bool heap = each["class"].toString() == QLatin1String("memory_config.executor_heap");
            each["answer"] = heap ? QStringLiteral("no_cause") : QStringLiteral("confirmed");
        }
        const QByteArray out = answer(workspace, lines(rows), {"--most", "1"}).out;
        QVERIFY2(out.contains("Precision by class, those with wrong answers first, then most failures first\n"
                              "  memory_config.executor_heap "),
                 out.constData());
        QVERIFY2(out.contains("  and 1 class more; --most shows more rows, --json all\n"), out.constData());
        QVERIFY(out.contains("shares are weighted to how many failures each class has"));
        const QByteArray help = cli::mulligan({"audit", "--help"}).out;
        QVERIFY2(help.contains("right_rule: with corrected") && help.contains("It is stored in the workspace"),
                 help.constData());
    }

    void addSamples_rulesThatFailThem_areListedWithTheRemedy()
    {
        const QString workspace = judged("samples.mulligan");
        auto rows = sheet(workspace);
        bool corrected = false;
        for (QJsonObject &each : rows) {
            if (corrected || each["class"].toString() != QLatin1String("code.frobnication"))
                continue;
            each["answer"] = QStringLiteral("corrected");
            each["class"] = QStringLiteral("memory_config.executor_heap");
            corrected = true;
        }
        QVERIFY(corrected);
        const QString rules = path("mine.yaml");
        QVERIFY(QFile::copy(path("rules.yaml"), rules));
        const QStringList arguments{"audit", workspace, "--rules", rules, "--answers", "-", "--add-samples"};
        const auto run = cli::mulligan(arguments, lines(rows));
        QVERIFY2(run.exitCode == 0, run.err.constData());
        QVERIFY2(run.out.contains("2 samples added, 1 rule file written"), run.out.constData());
        QVERIFY2(run.out.contains("1 positive to memory.heap (") && run.out.contains("1 negative to acme.frob ("),
                 run.out.constData());
        QVERIFY2(run.out.contains("2 samples of the rule files fail now, 2 of them added here"), run.out.constData());
        QVERIFY2(run.out.contains("memory.heap: expected rule memory.heap, got rule acme.frob"), run.out.constData());
        QVERIFY2(run.out.contains("'mulligan rules test --rules " + rules.toUtf8() + "' passes"), run.out.constData());
        QCOMPARE(cli::mulligan({"rules", "test", "--rules", rules}).exitCode, 1);
        // What is there already is not added again, and fails as before.
        const QJsonObject again = cli::mulligan(arguments + QStringList{"--json"}, lines(rows)).json();
        QCOMPARE(again["samples_added"].toInt(), 0);
        QCOMPARE(again["added"].toArray().size(), 0);
        QCOMPARE(again["failing_samples"].toArray().size(), 2);
        const QJsonObject failing = again["failing_samples"].toArray().at(0).toObject();
        QVERIFY(cli::missingKeys(failing, {"rule", "file", "line", "sample", "expected", "got", "added"}).isEmpty());
        QCOMPARE(failing["file"].toString(), rules);
        QCOMPARE(failing["added"].toBool(), false);
    }
};

QTEST_GUILESS_MAIN(AuditCommand)
#include "tst_audit_command.moc"

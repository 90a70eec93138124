#include "program.hpp"

#include "pipeline/resources.hpp"
#include "store/workspace.hpp"

#include <QFile>
#include <QtTest>

using namespace mulligan;

/// What commands make of the rules that are a workspace's own, as the window sets them. The failures are synthetic.
class OwnRules : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_workspace;

    [[nodiscard]] QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    void write(const char *name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    static QByteArray row(const QByteArray &outcome, const QByteArray &day)
    {
        return "{\"job\":\"a\",\"run\":\"" + day + "\",\"attempt\":1,\"outcome\":\"" + outcome + "\",\"started_at\":\""
               + day + "T00:00:00Z\",\"ended_at\":\"" + day
               + "T00:10:00Z\",\"cost_usd\":2,\"error_text\":\"java.lang.OutOfMemoryError: Java heap space\"}\n";
    }

    void setOwn(const QString &rules) const
    {
        auto workspace = store::Workspace::open(m_workspace.toStdString(), store::OpenMode::ReadWrite);
        QVERIFY(workspace);
        QVERIFY(pipeline::saveWorkspaceRules(*workspace, {rules.toStdString()}));
    }

    [[nodiscard]] QStringList classesBy(const QStringList &more) const
    {
        const auto run = cli::mulligan(QStringList{"classify", m_workspace, "--json"} + more);
        return run.exitCode == 0 ? run.json()["by_class"].toObject().keys() : QStringList{QString::fromUtf8(run.err)};
    }

private Q_SLOTS:
    void init()
    {
        m_workspace = path("w.mulligan");
        QFile::remove(m_workspace);
        QByteArray rows;
        for (int day = 1; day <= 9; ++day)
            rows += row("failed", "2026-01-0" + QByteArray::number(day));
        write("history.jsonl", rows + row("succeeded", "2026-06-01")); // long behind: what failed has had its time
        write("own.yaml", R"(schema: 1
rules:
  - id: own.heap
    title: Heap
    class: own.heap
    domain: user
    transient: false
    owner: us
    created: 2026-01-01
    modified: 2026-01-01
    action: ask_model
    match:
      any: ['Java heap space']
    summary: The heap is full.
    advice: Give it more.
    samples:
      positive: ['Java heap space']
      negative: ['heap']
)");
        QCOMPARE(cli::mulligan({"init", m_workspace}).exitCode, 0);
        QCOMPARE(cli::mulligan({"import", m_workspace, path("history.jsonl")}).exitCode, 0);
    }

    void classify_ownRules_goByThemUntilToldOtherwise()
    {
        const QStringList shipped = classesBy({});
        QCOMPARE(shipped, QStringList{"memory_config.executor_heap"});
        setOwn(path("own.yaml"));
        QCOMPARE(classesBy({}), QStringList{"own.heap"});
        QCOMPARE(classesBy({"--rules", "shipped"}), shipped);
        const auto said = cli::mulligan({"classify", m_workspace});
        QVERIFY2(said.out.startsWith("By the workspace's own rules: " + path("own.yaml").toUtf8() + '\n'),
                 said.out.constData());
        QCOMPARE(cli::mulligan({"classify", m_workspace, "--json"}).json()["rules"].toArray(),
                 QJsonArray{path("own.yaml")});
    }

    void commands_ownRules_findTheVerdictsUpToDate()
    {
        setOwn(path("own.yaml"));
        QCOMPARE(classesBy({}), QStringList{"own.heap"});
        const auto health = cli::mulligan({"rules", "health", m_workspace});
        QCOMPARE(health.exitCode, 0);
        QVERIFY2(!health.out.contains("another pack"), health.out.constData());
        const auto simulated = cli::mulligan({"simulate", m_workspace});
        QCOMPARE(simulated.exitCode, 0);
        QVERIFY2(!simulated.out.contains("Compared with them"), simulated.out.constData());
        QCOMPARE(classesBy({"--rules", "shipped"}), QStringList{"memory_config.executor_heap"});
        const auto otherwise = cli::mulligan({"simulate", m_workspace}).out.simplified();
        QVERIFY2(otherwise.contains("Compared with them the workspace's own rules have"), otherwise.constData());
    }

    void watch_ownRules_keepsTheVerdicts()
    {
        setOwn(path("own.yaml"));
        QVERIFY(QDir(m_folder.path()).mkpath("in"));
        QCOMPARE(cli::mulligan({"watch", m_workspace, path("in"), "--once"}).exitCode, 0);
        write("in/more.jsonl", row("failed", "2026-01-20"));
        QCOMPARE(cli::mulligan({"watch", m_workspace, path("in"), "--once"}).exitCode, 0);
        const auto health = cli::mulligan({"rules", "health", m_workspace});
        QVERIFY2(health.out.contains("own.heap"), health.out.constData());
    }

    void classify_ownRulesThatAreGone_saysWhoseTheyAre()
    {
        setOwn(path("nowhere"));
        const auto run = cli::mulligan({"classify", m_workspace});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.contains("the workspace's own rules"), run.err.constData());
        QVERIFY2(run.err.contains("--rules shipped"), run.err.constData());
    }
};

QTEST_GUILESS_MAIN(OwnRules)
#include "tst_own_rules.moc"

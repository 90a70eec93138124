#include "killed_import.hpp"
#include "program.hpp"

#include <QElapsedTimer>

using namespace mulligan;
using namespace killed_import;

namespace
{

/// A number from the environment: MULLIGAN_KILLS kills of an import of MULLIGAN_KILL_MB megabytes.
double asked(const char *variable, double fallback)
{
    bool good = false;
    const double value = qEnvironmentVariable(variable).toDouble(&good);
    return good && value > 0.0 ? value : fallback;
}

store::Workspace opened(const QString &path)
{
    auto workspace = store::Workspace::open(path.toStdString(), store::OpenMode::ReadWrite);
    if (!workspace)
        qFatal("%s", workspace.error().text().c_str());
    return std::move(*workspace);
}

} // namespace

/// The command line's import, killed again and again: whatever the moment, the workspace opens, holds whole sources
/// only, and ends with the rows of an import that nobody disturbed.
class TestImportKilled : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        writeSources(m_folder.filePath("in"), m_megabytes);
        const QString reference = m_folder.filePath("reference.mulligan");
        QCOMPARE(cli::mulligan({"init", reference}).exitCode, 0);
        QElapsedTimer timer;
        timer.start();
        const auto run = cli::mulligan({"--json", "import", reference, m_folder.filePath("in")}, {}, 3'600'000);
        QVERIFY2(run.exitCode == 0, run.err.constData());
        m_milliseconds = std::max<qint64>(timer.elapsed(), 20);
        auto workspace = opened(reference);
        m_sources = sourcesOf(workspace);
        m_digest = digestOf(workspace);
        QVERIFY(m_sources.size() > 2 && !m_sources.contains(""));
        qInfo("undisturbed: %.1f MB in %zu sources, %lld ms", m_megabytes, m_sources.size(),
              static_cast<long long>(m_milliseconds));
    }

    void import_killedAtAnyMoment_holdsWholeSourcesAndEndsWithTheSameRows()
    {
        const int kills = static_cast<int>(asked("MULLIGAN_KILLS", 8));
        QElapsedTimer timer;
        timer.start();
        int killed = 0;
        int halves = 0;
        int workspaces = 0;
        while (killed < kills) {
            const QString path = m_folder.filePath(QStringLiteral("w%1.mulligan").arg(workspaces++));
            QCOMPARE(cli::mulligan({"init", path}).exitCode, 0);
            // Every workspace is killed several times before it may finish, each time with more in it.
            for (int i = 0; i < 10 && killed < kills; ++i) {
                if (!killedOnce(path))
                    break;
                ++killed;
                bool whole = true;
                halves += holdsWholeSources(path, whole) ? 1 : 0;
                QVERIFY(whole);
            }
            const auto last = cli::mulligan({"--json", "import", path, m_folder.filePath("in")}, {}, 3'600'000);
            QVERIFY2(last.exitCode == 0, last.err.constData());
            auto workspace = opened(path);
            QCOMPARE(workspace.connection().text("PRAGMA integrity_check").value_or(""), std::string("ok"));
            QVERIFY(sourcesOf(workspace) == m_sources);
            QCOMPARE(digestOf(workspace), m_digest);
            for (const char *const suffix : {"", "-wal", "-shm", "-journal"})
                QFile::remove(path + QLatin1String(suffix));
            if (m_megabytes >= 100.0)
                qInfo("%d kills after %.0f s", killed, static_cast<double>(timer.elapsed()) / 1e3);
        }
        qInfo("%d kills of %d workspaces in %.0f s, %d of them with some sources stored and others not", killed,
              workspaces, static_cast<double>(timer.elapsed()) / 1e3, halves);
    }

private:
    /// Whether an import was killed before it came to its end.
    bool killedOnce(const QString &path)
    {
        QProcess process;
        process.start(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"),
                      {"--json", "import", path, m_folder.filePath("in")});
        process.waitForStarted();
        // Any moment up to the end, early ones more often: they cost less, and there is always something going on.
        const double share = m_rng.uniform() * m_rng.uniform();
        const auto wait = static_cast<int>(1.0 + share * static_cast<double>(m_milliseconds));
        if (process.waitForFinished(wait))
            return false;
        process.kill();
        process.waitForFinished(-1);
        return process.exitStatus() == QProcess::CrashExit;
    }

    /// Compares what is there with the undisturbed import, source by source. True: some are there, and not all.
    bool holdsWholeSources(const QString &path, bool &whole)
    {
        auto workspace = opened(path);
        if (m_megabytes < 100.0)
            whole = workspace.connection().text("PRAGMA quick_check").value_or("") == "ok";
        const auto there = sourcesOf(workspace);
        for (const auto &[source, counts] : there) {
            const auto found = m_sources.find(source);
            const bool same = found != m_sources.end() && found->second == counts;
            if (!same)
                qWarning("'%s' is not whole: %s", source.c_str(), counts.c_str());
            whole = whole && same;
        }
        return !there.empty() && there.size() < m_sources.size();
    }

    const double m_megabytes = asked("MULLIGAN_KILL_MB", 12);
    QTemporaryDir m_folder;
    base::Rng m_rng{20260103, "kills"};
    qint64 m_milliseconds = 0;
    std::map<std::string, std::string> m_sources;
    std::string m_digest;
};

QTEST_GUILESS_MAIN(TestImportKilled)
#include "tst_import_killed_slow.moc"

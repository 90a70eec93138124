#pragma once

#include "base/instant.hpp"
#include "desktop/session/session.hpp"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <string>

namespace mulligan::tests
{

inline constexpr int kJobs = 12;
inline constexpr int kRunsOfJob = 10;

/// A history of attempts as JSON Lines: every run fails once, half of them for want of memory, and is then retried;
/// every third retry fails too. The last row is no attempt. Synthetic.
inline QByteArray smallHistory()
{
    QByteArray out;
    const auto instant = [](std::int64_t minutes) {
        return QByteArray::fromStdString(base::formatInstant(base::Instant{1'767'225'600'000 + minutes * 60'000}));
    };
    const auto write = [&](int job, int run, int attempt, bool failed, std::int64_t start) {
        const bool memory = (job + run) % 2 == 0;
        out += "{\"job\":\"etl_" + QByteArray::number(job) + "\",\"run\":\"r" + QByteArray::number(run)
               + "\",\"attempt\":" + QByteArray::number(attempt) + ",\"outcome\":\"" + (failed ? "failed" : "succeeded")
               + "\",\"started_at\":\"" + instant(start) + "\",\"ended_at\":\"" + instant(start + 10)
               + "\",\"owner\":\"o" + QByteArray::number(job % 3) + "\",\"team\":\"t" + QByteArray::number(job % 2)
               + "\",\"trigger\":\"" + (attempt == 1 ? "scheduled" : "auto_retry")
               + "\",\"cost_usd\":1.5,\"config\":{\"spark.executor.memory\":\"" + QByteArray::number(attempt * 2)
               + "g\"}";
        if (failed)
            out += memory ? ",\"error_text\":\"java.lang.OutOfMemoryError: Java heap space\\n\\tat "
                            "org.example.Job.run(Job.java:"
                                + QByteArray::number(job) + ")\""
                          : QByteArray(",\"error_text\":\"the sky fell on the reticulator ") + QByteArray::number(run)
                                + "\"";
        out += "}\n";
    };
    for (int job = 0; job < kJobs; ++job) {
        for (int run = 0; run < kRunsOfJob; ++run) {
            const std::int64_t start = run * 3LL * 1440 + job * 15;
            write(job, run, 1, true, start);
            write(job, run, 2, (job + run) % 3 == 0, start + 12);
        }
    }
    return out + "{\"job\":\"broken\"}\n";
}

/// A pack of one rule, "test.heap", which knows the memory failures above.
inline QByteArray smallPack(const QByteArray &pattern = "OutOfMemoryError: Java heap space")
{
    return "schema: 1\n"
           "rules:\n"
           "  - id: test.heap\n"
           "    title: Heap is full\n"
           "    class: memory_config.executor_heap\n"
           "    domain: user\n"
           "    transient: false\n"
           "    action: ask_model\n"
           "    match:\n"
           "      any:\n"
           "        - '"
           + pattern
           + "'\n"
             "    samples:\n"
             "      positive:\n"
             "        - 'java.lang.OutOfMemoryError: Java heap space'\n";
}

inline void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY2(file.open(QIODevice::WriteOnly), qPrintable(file.errorString()));
    file.write(bytes);
}

/// A session on a fresh workspace in a folder of its own.
class SmallSession
{
public:
    explicit SmallSession(pipeline::Resources shipped = resources()) : session(std::move(shipped))
    {
        QObject::connect(&session, &desktop::Session::errorOccurred, &session,
                         [this](const base::Error &error) { errors.push_back(error); });
    }

    static pipeline::Resources resources()
    {
        return pipeline::findResources({}, MULLIGAN_SOURCE_DIR "/resources").value_or(pipeline::Resources{});
    }
    /// Makes the workspace and imports the small history under the small pack; waits for the pack and the replay.
    bool fill()
    {
        writeFile(folder.filePath(QStringLiteral("rules.yaml")), smallPack());
        writeFile(folder.filePath(QStringLiteral("history.jsonl")), smallHistory());
        session.createWorkspace(path());
        session.setRulePaths({folder.filePath(QStringLiteral("rules.yaml"))});
        QSignalSpy ended(&session, &desktop::Session::jobEnded);
        session.importPaths({folder.filePath(QStringLiteral("history.jsonl"))});
        for (const auto &error : errors)
            qWarning("%s", error.text().c_str());
        return (ended.count() == 1 || ended.wait(60'000))
               && waitFor([this] { return hasSmallPack() && session.replay() && !session.stale(); });
    }
    [[nodiscard]] bool hasSmallPack() const { return session.rules() && session.rules()->pack().rules.size() == 1; }
    [[nodiscard]] QString path() const { return folder.filePath(QStringLiteral("small.mulligan")); }
    static bool waitFor(const std::function<bool()> &done, int milliseconds = 60'000)
    {
        return QTest::qWaitFor(done, milliseconds);
    }

    QTemporaryDir folder;
    /// Nothing went wrong.
    [[nodiscard]] bool allWell() const
    {
        for (const auto &error : errors)
            qWarning("%s", error.text().c_str());
        return errors.empty();
    }

    std::vector<base::Error> errors;
    desktop::Session session;
};

} // namespace mulligan::tests

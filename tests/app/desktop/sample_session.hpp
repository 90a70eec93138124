#pragma once

#include "desktop/session/session.hpp"
#include "pipeline/resources.hpp"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

namespace mulligan::tests
{

/// A session on the part of the synthetic sample that comes as CSV: imported, classified and replayed with class rates
/// (no model is trained). Errors are collected in `errors`.
class SampleSession
{
public:
    SampleSession()
        : session(pipeline::Resources{MULLIGAN_SOURCE_DIR "/resources"}),
          folder(QDir::tempPath() + QStringLiteral("/mulligan-XXXXXX"))
    {
        QObject::connect(&session, &desktop::Session::errorOccurred, &session,
                         [this](const base::Error &error) { errors << QString::fromStdString(error.text()); });
    }

    /// Whether everything is there.
    bool open()
    {
        session.createWorkspace(path(QStringLiteral("sample.mulligan")));
        session.importPaths({QStringLiteral(MULLIGAN_SOURCE_DIR "/sample_data/synthetic/history_2.csv.zst")});
        return waitFor([this] { return session.replay() && session.lab().has_value() && !session.stale(); });
    }

    /// Lets events run until the figures are of the policy in force.
    bool settle()
    {
        return waitFor([this] { return session.replay() && !session.stale(); });
    }

    static bool waitFor(const std::function<bool()> &done, int milliseconds = 120000)
    {
        return QTest::qWaitFor(done, milliseconds);
    }

    [[nodiscard]] QString path(const QString &name) const { return folder.filePath(name); }

    desktop::Session session;
    QTemporaryDir folder;
    QStringList errors;
};

} // namespace mulligan::tests

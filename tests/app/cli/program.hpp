#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

/// Runs the command line as a user would: a process of its own, with the resources of this source tree.
namespace cli
{

struct Run {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;

    /// The one JSON object on standard output; empty when there is none.
    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    /// Every line of standard output as an object.
    [[nodiscard]] QList<QJsonObject> lines() const
    {
        QList<QJsonObject> objects;
        for (const QByteArray &line : out.split('\n'))
            if (!line.isEmpty())
                objects.push_back(QJsonDocument::fromJson(line).object());
        return objects;
    }
};

inline Run run(const QString &program, const QStringList &arguments, const QByteArray &input = {},
               int timeoutMs = 120'000)
{
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    Run run;
    if (!process.waitForFinished(timeoutMs))
        process.kill();
    run.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    return run;
}

inline Run mulligan(const QStringList &arguments, const QByteArray &input = {}, int timeoutMs = 120'000)
{
    return run(QStringLiteral(MULLIGAN_BINARY_DIR "/mulligan"), arguments, input, timeoutMs);
}

/// Keys of an object, in the order of the alphabet.
inline QStringList keysOf(const QJsonObject &object)
{
    return object.keys();
}

/// Keys that `object` lacks: the contract may be added to, never taken from.
inline QStringList missingKeys(const QJsonObject &object, const QStringList &contract)
{
    QStringList missing;
    for (const QString &key : contract)
        if (!object.contains(key))
            missing.push_back(key);
    return missing;
}

} // namespace cli

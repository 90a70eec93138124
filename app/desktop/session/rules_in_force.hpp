#pragma once

#include "classify/classifier.hpp"
#include "desktop/jobs/job.hpp"
#include "pipeline/resources.hpp"

#include <QFileSystemWatcher>
#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>

namespace mulligan::desktop
{

/// The rule pack in force. Compiles it in the background, watches its files and folders, and compiles anew when one
/// changes. A pack that does not compile leaves the old one in force and is kept as an error.
class RulesInForce : public QObject
{
    Q_OBJECT

public:
    RulesInForce(pipeline::Resources resources, QObject *parent);
    ~RulesInForce() override;

    [[nodiscard]] std::shared_ptr<const classify::Classifier> classifier() const { return m_classifier; }
    [[nodiscard]] const std::optional<base::Error> &error() const { return m_error; }
    /// A pack is being compiled: classifier() is the one before it.
    [[nodiscard]] bool loading() const { return m_job != nullptr; }
    [[nodiscard]] const QStringList &paths() const { return m_paths; }
    /// Files or folders; empty: the shipped pack. Loads it.
    void setPaths(const QStringList &paths);
    void reload();

Q_SIGNALS:
    void changed();      ///< another pack is in force, or error() changed
    void filesTouched(); ///< its files are not as they were read, and are being compiled

private:
    [[nodiscard]] QStringList roots() const;
    [[nodiscard]] QStringList ruleFiles() const;
    void watch();
    void reloadIfChanged();

    pipeline::Resources m_resources;
    QStringList m_paths;
    std::shared_ptr<const classify::Classifier> m_classifier;
    std::optional<base::Error> m_error;
    QFileSystemWatcher m_watcher;
    QStringList m_read; ///< the files as they were when they were last read: path, size and time of change
    QTimer m_settle;
    QPointer<Job> m_job;
    bool m_again = false;
};

} // namespace mulligan::desktop

#include "desktop/session/rules_in_force.hpp"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

namespace mulligan::desktop
{

namespace
{

// Editors write a file in several steps (truncate, write, rename); reading between two of them would show an error
// that is gone a moment later.
constexpr int kSettleMs = 250;

QStringList stampsOf(const QStringList &files)
{
    QStringList stamps;
    for (const QString &file : files) {
        const QFileInfo info(file);
        stamps << QStringLiteral("%1|%2|%3").arg(file).arg(info.size()).arg(info.lastModified().toMSecsSinceEpoch());
    }
    return stamps;
}

} // namespace

RulesInForce::RulesInForce(pipeline::Resources resources, QObject *parent)
    : QObject(parent), m_resources(std::move(resources))
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    connect(&m_settle, &QTimer::timeout, this, &RulesInForce::reloadIfChanged);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] { m_settle.start(); });
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, [this] { m_settle.start(); });
}

RulesInForce::~RulesInForce()
{
    delete m_job.data();
}

void RulesInForce::setPaths(const QStringList &paths)
{
    m_paths = paths;
    reload();
}

void RulesInForce::reloadIfChanged()
{
    watch();
    // Folders are watched too, and a workspace that lies beside its rules changes its folder whenever it is opened.
    if (stampsOf(ruleFiles()) == m_read)
        return;
    reload();
    // While they are compiled, which takes a large pack seconds: who edits the files need not wait for that.
    Q_EMIT filesTouched();
}

void RulesInForce::reload()
{
    watch();
    if (m_job) {
        m_again = true;
        return;
    }
    m_read = stampsOf(ruleFiles());
    std::vector<std::string> files;
    for (const QString &path : m_paths)
        files.push_back(path.toStdString());
    using Compiled = std::shared_ptr<const classify::Classifier>;
    m_job = startJob<Compiled>(
        this, tr("Reading the rules"),
        [resources = m_resources, files](std::stop_token, base::Progress &) {
            return pipeline::loadClassifier(resources, files);
        },
        [this](Compiled compiled) {
            m_classifier = std::move(compiled);
            m_error.reset();
        });
    connect(m_job, &Job::failed, this, [this](const base::Error &error) { m_error = error; });
    const auto ended = [this] {
        m_job = nullptr;
        if (std::exchange(m_again, false))
            reload();
        else
            Q_EMIT changed();
    };
    connect(m_job, &Job::finished, this, ended);
    connect(m_job, &Job::failed, this, ended);
    connect(m_job, &Job::cancelled, this, ended);
}

QStringList RulesInForce::roots() const
{
    return m_paths.isEmpty() ? QStringList{QString::fromStdString(m_resources.rulesFolder())} : m_paths;
}

QStringList RulesInForce::ruleFiles() const
{
    QStringList files;
    for (const QString &root : roots()) {
        const QFileInfo info(root);
        if (!info.isDir()) {
            files << root;
            continue;
        }
        const auto entries = QDir(root).entryInfoList({QStringLiteral("*.yaml"), QStringLiteral("*.yml")}, QDir::Files);
        for (const QFileInfo &file : entries)
            files << file.filePath();
    }
    return files;
}

void RulesInForce::watch()
{
    QStringList wanted;
    for (const QString &file : ruleFiles()) {
        if (QFileInfo::exists(file))
            wanted << file;
    }
    for (const QString &root : roots()) {
        // A file's folder as well: one that an editor replaces is a new one, which a watch on the old one misses.
        const QFileInfo info(root);
        wanted << (info.isDir() ? root : info.path());
    }
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    QStringList stale;
    for (const QString &path : watched) {
        if (!wanted.contains(path))
            stale << path;
    }
    if (!stale.isEmpty())
        m_watcher.removePaths(stale);
    QStringList fresh;
    for (const QString &path : std::as_const(wanted)) {
        if (!watched.contains(path))
            fresh << path;
    }
    if (!fresh.isEmpty())
        m_watcher.addPaths(fresh);
}

} // namespace mulligan::desktop

#include "desktop/session/rules_in_force.hpp"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>

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

/// `path`, or where that is no folder the nearest one above it.
QString nearestFolder(QString path)
{
    while (!QFileInfo(path).isDir()) {
        const QString above = QFileInfo(path).path();
        if (above == path)
            break;
        path = above;
    }
    return path;
}

} // namespace

RulesInForce::RulesInForce(pipeline::Resources resources, QObject *parent)
    : QObject(parent), m_resources(std::move(resources))
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    connect(&m_settle, &QTimer::timeout, this, &RulesInForce::reloadIfChanged);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] { m_settle.start(); });
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, [this](const QString &folder) {
        // Those around the rules are watched as well, and may never come to rest.
        if (!m_settle.isActive() || roots().contains(folder))
            m_settle.start();
    });
    // A folder further above that is moved tells nobody, nor do some network disks.
    if (auto *application = qobject_cast<QGuiApplication *>(QCoreApplication::instance()))
        connect(application, &QGuiApplication::applicationStateChanged, this, [this](Qt::ApplicationState state) {
            if (state == Qt::ApplicationActive)
                m_settle.start();
        });
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
        const QFileInfo info(QDir::cleanPath(root));
        if (info.isDir())
            wanted << root;
        // What lies around it as well: a file that is replaced or a folder that is moved away is not what is watched
        // any more, and what comes back comes into the nearest folder that is there.
        wanted << nearestFolder(info.path());
    }
    wanted.removeDuplicates();
    // All anew: a path that is watched may lead to another file by now.
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    if (!watched.isEmpty())
        m_watcher.removePaths(watched);
    m_watcher.addPaths(wanted);
}

} // namespace mulligan::desktop

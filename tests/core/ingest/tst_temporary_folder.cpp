#include "ingest/temporary_folder.hpp"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mulligan;
using ingest::TemporaryFolder;

/// Folders for temporary files, and what killed programs leave of them.
class TemporaryFolderTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_parent;

    /// A folder with a file in it, last changed so many seconds ago.
    QString leave(const QString &name, int secondsAgo) const
    {
        const QString path = m_parent.filePath(name);
        QDir().mkpath(path);
        QFile file(path + "/piece");
        if (!file.open(QIODevice::WriteOnly) || file.write("x") != 1)
            qFatal("cannot write %s", qPrintable(path));
        file.close();
        const time_t then = ::time(nullptr) - secondsAgo;
        const timespec times[2] = {{then, 0}, {then, 0}};
        ::utimensat(AT_FDCWD, path.toUtf8().constData(), times, 0);
        return path;
    }

private Q_SLOTS:
    void init() { qputenv("TMPDIR", m_parent.path().toUtf8()); }

    void create_givesAFolderOfOnesOwn_thatGoesWithTheObject()
    {
        QString path;
        {
            const auto folder = TemporaryFolder::create("archive");
            QVERIFY(folder.has_value());
            path = QString::fromStdString((*folder)->path());
            struct stat found = {};
            QCOMPARE(::stat(path.toUtf8().constData(), &found), 0);
            QCOMPARE(int(found.st_mode & 0777), 0700);
            QFile file(path + "/piece");
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        QVERIFY(!QDir(path).exists());
    }

    void create_whatAKilledProgramLeft_isRemoved()
    {
        const QString left = leave("mulligan-archive-dead01", 3600);
        QVERIFY(TemporaryFolder::create("archive").has_value());
        QVERIFY(!QDir(left).exists());
    }

    void create_whatMayBeInUse_stays()
    {
        const QString locked = leave("mulligan-archive-live01", 3600);
        const int lock = ::open(locked.toUtf8().constData(), O_RDONLY | O_DIRECTORY);
        QCOMPARE(::flock(lock, LOCK_EX | LOCK_NB), 0);
        const QString young = leave("mulligan-archive-young1", 5);
        const QString other = leave("mulligan-airflow-other1", 3600);
        const QString foreign = leave("somebody-archive-000001", 3600);
        QVERIFY(TemporaryFolder::create("archive").has_value());
        for (const QString &path : {locked, young, other, foreign})
            QVERIFY2(QFile::exists(path + "/piece"), qPrintable(path));
        ::close(lock);
    }

    void create_ofAFolderInUse_isNotTakenByTheNext()
    {
        const auto first = TemporaryFolder::create("archive");
        QVERIFY(first.has_value());
        const time_t then = ::time(nullptr) - 3600;
        const timespec times[2] = {{then, 0}, {then, 0}};
        QCOMPARE(::utimensat(AT_FDCWD, (*first)->path().c_str(), times, 0), 0);
        QVERIFY(TemporaryFolder::create("archive").has_value());
        QVERIFY(QDir(QString::fromStdString((*first)->path())).exists());
    }

    void create_aLinkInTheirPlace_isNotFollowed()
    {
        const QString target = leave("target", 3600);
        const QString link = m_parent.filePath("mulligan-archive-link01");
        QVERIFY(QFile::link(target, link));
        QVERIFY(TemporaryFolder::create("archive").has_value());
        QVERIFY(QFile::exists(target + "/piece"));
    }
};

QTEST_GUILESS_MAIN(TemporaryFolderTest)
#include "tst_temporary_folder.moc"

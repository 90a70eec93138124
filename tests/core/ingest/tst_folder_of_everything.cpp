#include "opened_archive.hpp"

#include <filesystem>
#include <map>
#include <set>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

/// A folder in which everything lies that can lie in one: nothing of it may go unmentioned.
class TestFolderOfEverything : public QObject
{
    Q_OBJECT

private slots:
    void findSources_folderOfEverything_accountsForEveryFile()
    {
        Folder folder;
        const auto link = [&](const std::string &target, const std::string &name) {
            QCOMPARE(::symlink(target.c_str(), folder.path(name).c_str()), 0);
        };
        folder.write("a.jsonl", kRow);
        folder.write("app.log.1", kEvent); // names say nothing: content decides
        folder.write("stderr", kEvent);
        folder.write("log4j.properties", "a=b\n");
        folder.write("below/deeper/rows", kRow);
        folder.write("eventlog_v2_x/events_1_x", kEvent);
        folder.write("eventlog_v2_x/events_2_x.compact", kEvent);
        folder.write("eventlog_v2_x/appstatus_x", "");
        folder.write("eventlog_v2_x/other", "words\n");
        folder.write(".hidden", kRow);
        folder.write(".hidden_folder/rows", kRow);
        folder.write("empty", "");
        folder.write("zeros", std::string(5000, '\0'));
        folder.write("picture.png", std::string("\x89PNG\r\n\x1A\n\0\0\0", 11));
        folder.write("damaged.zst", "\x28\xB5\x2F\xFD and so on");
        folder.write("cut.gz", "\x1F\x8B\x08");
        folder.write("all.zip", archive_test::makeArchive(archive_test::Shape::Zip, {{"a", kRow}}));
        QDir().mkpath(QString::fromStdString(folder.path("empty_folder")));
        link("nowhere", "dangling");
        link("circle_b", "circle_a");
        link("circle_a", "circle_b");
        link("a.jsonl", "link_to_file");
        link("..", "below/up");
        QCOMPARE(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
        makeSocket(folder.path("socket"));
        folder.write(std::string("latin\xE9"), kRow);

        const auto found = findSources(folder.path());
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        std::map<std::string, std::string> said;
        for (const auto &unit : found->units) {
            for (const auto &part : unit.parts)
                said[part] = "a source";
        }
        for (const auto &skipped : found->skipped)
            said[skipped.path] = skipped.reason;
        const std::set<std::string> silent{"empty_folder", "appstatus_x"}; // they hold nothing
        everyEntry(folder.path(), [&](const std::string &path, const std::string &name) {
            if (!silent.contains(name))
                QVERIFY2(said.contains(path), path.c_str());
        });
        const auto reason = [&](const std::string &name) { return QString::fromStdString(said[folder.path(name)]); };
        QCOMPARE(reason("app.log.1"), QString("a source"));
        QCOMPARE(reason("stderr"), QString("a source"));
        QCOMPARE(reason("link_to_file"), QString("a source"));
        QCOMPARE(reason("all.zip"), QString("a source"));
        QCOMPARE(reason("dangling"), QString("the link leads nowhere"));
        QCOMPARE(reason("circle_a"), QString("its links lead in a circle"));
        QCOMPARE(reason("below/up"), QString("links to folders are not followed"));
        QCOMPARE(reason("pipe"), QString("it is a pipe"));
        QCOMPARE(reason("socket"), QString("it is a socket"));
        QCOMPARE(reason("zeros"), QString("it holds nothing but zero bytes"));
        QCOMPARE(reason("picture.png"), QString("it is a binary file"));
        QVERIFY(reason("damaged.zst").startsWith("Damaged zstd data"));
        QVERIFY(reason("cut.gz").contains("break off"));
        QVERIFY(reason("eventlog_v2_x/events_1_x").contains("replaces it"));
    }

private:
    static void makeSocket(const std::string &path)
    {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        ::close(fd);
    }

    /// Visits files, links and whatever else there is, and folders that hold nothing; hidden folders as one.
    template <typename Visit> static void everyEntry(const std::string &folder, Visit visit)
    {
        namespace fs = std::filesystem;
        for (const auto &entry : fs::directory_iterator(folder)) {
            const std::string name = entry.path().filename().string();
            const bool folderHere = !entry.is_symlink() && entry.is_directory() && !name.starts_with('.');
            if (folderHere && !fs::is_empty(entry.path()))
                everyEntry(entry.path().string(), visit);
            else
                visit(entry.path().string(), name);
        }
    }
};

QTEST_GUILESS_MAIN(TestFolderOfEverything)
#include "tst_folder_of_everything.moc"

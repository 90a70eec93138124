#include "classify/pack_documents.hpp"

#include "classify/rule_file.hpp"
#include "formats/file.hpp"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

std::string ruleText(const std::string &id)
{
    return "  # About " + id + ".\n  - id: " + id
           + "\n    title: t\n    class: a.b\n    domain: user\n    action: stop\n" + "    match: {any: [" + id
           + "]}\n";
}

Rule newRule(const std::string &id)
{
    Rule rule;
    rule.id = id;
    rule.title = "new";
    rule.errorClass = "a.b";
    rule.any = {"n"};
    return rule;
}

/// Two synthetic rule files in a folder of their own.
struct Pack {
    Pack()
    {
        write("one.yaml", "schema: 1\nrules:\n" + ruleText("a") + ruleText("b"));
        write("two.yaml", "# Two.\nschema: 1\nrules:\n" + ruleText("c"));
    }
    [[nodiscard]] std::string path(const char *name) const { return folder.filePath(name).toStdString(); }
    void write(const char *name, const std::string &text) const
    {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    }
    [[nodiscard]] std::string read(const char *name) const { return formats::readTextFile(path(name)).value_or(""); }
    [[nodiscard]] PackDocuments::Opened open() const
    {
        auto opened = PackDocuments::open({folder.path().toStdString()});
        if (!opened)
            qFatal("%s", opened.error().text().c_str());
        return std::move(opened).value();
    }
    QTemporaryDir folder;
};

template <typename T> T made(base::Result<T> result)
{
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(result).value();
}

} // namespace

class TestPackDocuments : public QObject
{
    Q_OBJECT

private slots:
    void open_folder_isThePackThatLoadPackReads()
    {
        const Pack pack;
        const auto opened = pack.open();
        QCOMPARE(opened.documents.pack(), *loadPack({pack.folder.path().toStdString()}));
        QVERIFY(opened.documents.unsaved(opened.disk).empty());
        QVERIFY(changedOnDisk(opened.documents, opened.disk)->empty());
        pack.write("three.yaml", "schema: 1\nrules:\n" + ruleText("a"));
        QVERIFY(!PackDocuments::open({pack.folder.path().toStdString()}).has_value());
    }

    void edits_overFiles_keepIdsUnique()
    {
        const Pack pack;
        const auto documents = pack.open().documents;
        const auto taken = documents.withAdded(newRule("a"), pack.path("two.yaml"));
        QVERIFY(!taken.has_value());
        QCOMPARE(taken.error().code, base::ErrorCode::Conflict);
        Rule renamed = *documents.find("c");
        renamed.id = "b";
        QCOMPARE(documents.withRule("c", renamed).error().code, base::ErrorCode::Conflict);
        QCOMPARE(documents.withText(pack.path("two.yaml"), "schema: 1\nrules:\n" + ruleText("a")).error().code,
                 base::ErrorCode::Conflict);
        QCOMPARE(documents.without("nothing").error().code, base::ErrorCode::NotFound);
    }

    void moved_toAnotherFile_takesItsBytesAlong()
    {
        const Pack pack;
        const auto before = pack.open().documents;
        const auto after = made(before.moved("b", {"c", RulePlace::Side::Before}));
        QCOMPARE(after.file(pack.path("two.yaml"))->text(),
                 "# Two.\nschema: 1\nrules:\n" + ruleText("b") + ruleText("c"));
        QCOMPARE(after.file(pack.path("one.yaml"))->text(), "schema: 1\nrules:\n" + ruleText("a"));
        QCOMPARE(made(after.moved("b", {"a", RulePlace::Side::After})), before);
    }

    void savePack_edits_writeWhatDiffersAndKeepModeAndLinks()
    {
        const Pack pack;
        QVERIFY(QFile::setPermissions(pack.folder.filePath("one.yaml"), QFile::ReadOwner | QFile::WriteOwner));
        QVERIFY(QFile::rename(pack.folder.filePath("two.yaml"), pack.folder.filePath("real.txt")));
        QVERIFY(QFile::link("real.txt", pack.folder.filePath("two.yaml")));
        const auto opened = pack.open();
        const QDateTime untouched = QFileInfo(pack.folder.filePath("real.txt")).lastModified();
        const auto edited = made(opened.documents.withStatus("a", RuleStatus::Retired));
        QCOMPARE(edited.unsaved(opened.disk), std::vector<std::string>{pack.path("one.yaml")});
        const auto saved = made(savePack(edited, opened.disk));
        QCOMPARE(saved.written, std::vector<std::string>{pack.path("one.yaml")});
        QCOMPARE(pack.read("one.yaml"), edited.file(pack.path("one.yaml"))->text());
        QCOMPARE(QFile::permissions(pack.folder.filePath("one.yaml"))
                     & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOwner),
                 QFile::WriteOwner);
        QCOMPARE(QFileInfo(pack.folder.filePath("real.txt")).lastModified(), untouched);
        QVERIFY(changedOnDisk(edited, saved.disk)->empty());

        const auto again = made(savePack(made(edited.withStatus("c", RuleStatus::Draft)), saved.disk));
        QVERIFY(QFileInfo(pack.folder.filePath("two.yaml")).isSymLink());
        QVERIFY(pack.read("real.txt").find("draft") != std::string::npos);
        // Undoing goes back to the older documents; what was saved since is known all the same.
        QVERIFY(changedOnDisk(opened.documents, again.disk)->empty());
        const auto undone = made(savePack(opened.documents, again.disk));
        QCOMPARE(undone.written.size(), size_t{2});
        QCOMPARE(pack.open().documents, opened.documents);
    }

    void withAdded_newFile_isMadeWhenSaved()
    {
        const Pack pack;
        const auto opened = pack.open();
        const auto added = made(opened.documents.withAdded(newRule("d"), pack.path("three.yaml")));
        QVERIFY(!QFile::exists(pack.folder.filePath("three.yaml")));
        const auto saved = made(savePack(added, opened.disk));
        QCOMPARE(saved.written, std::vector<std::string>{pack.path("three.yaml")});
        QVERIFY(pack.open().documents.find("d") != nullptr);
    }

    void changedOnDisk_editsOfOthers_areNoticedAndKeepASaveOff()
    {
        const Pack pack;
        const auto opened = pack.open();
        const auto mine = made(opened.documents.withStatus("a", RuleStatus::Retired));
        const std::string theirs = "schema: 1\nrules:\n" + ruleText("a") + ruleText("e");
        pack.write("one.yaml", theirs);
        QVERIFY(QFile::remove(pack.folder.filePath("two.yaml")));
        const auto changes = made(changedOnDisk(mine, opened.disk));
        QCOMPARE(changes.size(), size_t{2});
        QCOMPARE(changes[0].kind, DiskChange::Kind::Modified);
        QVERIFY(changes[0].mine);
        QCOMPARE(changes[0].text, theirs);
        QCOMPARE(changes[1].kind, DiskChange::Kind::Removed);
        QVERIFY(!changes[1].mine);

        const auto saved = savePack(mine, opened.disk);
        QVERIFY(!saved.has_value());
        QCOMPARE(saved.error().code, base::ErrorCode::Conflict);
        QVERIFY(saved.error().text().find("one.yaml") != std::string::npos);
        QCOMPARE(pack.read("one.yaml"), theirs);
        QVERIFY(!QFile::exists(pack.folder.filePath("two.yaml")));
    }

    void savePack_whatIsFree_leavesWhatOthersChanged()
    {
        const Pack pack;
        const auto opened = pack.open();
        const auto mine = made(opened.documents.withStatus("a", RuleStatus::Retired));
        pack.write("two.yaml", "rules: [");
        QVERIFY(!savePack(mine, opened.disk).has_value());
        const auto saved = made(savePack(mine, opened.disk, SaveScope::WhatIsFree));
        QCOMPARE(saved.written, std::vector<std::string>{pack.path("one.yaml")});
        QCOMPARE(saved.left.size(), size_t{1});
        QCOMPARE(saved.left[0].path, pack.path("two.yaml"));
        QCOMPARE(pack.read("two.yaml"), std::string("rules: ["));
        QCOMPARE(made(changedOnDisk(mine, saved.disk)).size(), size_t{1}); // it is still one of others
    }

    void savePack_whatIsFree_writesNoHalfOfAMove()
    {
        const Pack pack;
        const auto opened = pack.open();
        const auto mine = made(opened.documents.moved("b", {"c", RulePlace::Side::Before}));
        pack.write("two.yaml", "rules: [");
        const std::string before = pack.read("one.yaml");
        const auto saved = savePack(mine, opened.disk, SaveScope::WhatIsFree);
        QVERIFY(!saved.has_value());
        QCOMPARE(saved.error().code, base::ErrorCode::Conflict);
        QVERIFY(saved.error().message.find("'b'") != std::string::npos);
        QCOMPARE(pack.read("one.yaml"), before);
    }

    void changedOnDisk_singleFilePutBackAfterItsRemovalWasTaken_isNoticed()
    {
        const Pack pack;
        const std::string path = pack.path("one.yaml");
        const std::string text = pack.read("one.yaml");
        // Named once more as one of its folder it is still one file.
        const std::string again = std::filesystem::path(path).parent_path() / "." / "one.yaml";
        for (const auto &paths : {std::vector<std::string>{path}, std::vector<std::string>{path, again}}) {
            const auto opened = made(PackDocuments::open({path}));
            PackOnDisk disk = opened.disk;
            disk.paths = paths;
            QVERIFY(made(changedOnDisk(opened.documents, disk)).empty());
            std::filesystem::remove(path);
            const auto removed = made(changedOnDisk(opened.documents, disk));
            QCOMPARE(removed.size(), size_t{1});
            const auto without = opened.documents.withoutFile(path);
            const auto after = knowing(disk, removed[0]);
            QVERIFY(made(changedOnDisk(without, after)).empty());
            pack.write("one.yaml", text);
            const auto back = made(changedOnDisk(without, after));
            QCOMPARE(back.size(), size_t{1});
            QCOMPARE(back[0].kind, DiskChange::Kind::Appeared);
            QCOMPARE(back[0].path, path);
            QCOMPARE(back[0].text, text);
        }
    }

    void changedOnDisk_newFileInTheFolder_isNoticed()
    {
        const Pack pack;
        const auto opened = pack.open();
        pack.write("three.yaml", "schema: 1\nrules:\n" + ruleText("d"));
        pack.write("zero.yaml", "schema: 1\nrules:\n" + ruleText("e"));
        const auto changes = made(changedOnDisk(opened.documents, opened.disk));
        QCOMPARE(changes.size(), size_t{2});
        QCOMPARE(changes[0].kind, DiskChange::Kind::Appeared);
        QCOMPARE(changes[0].path, pack.path("three.yaml"));
        QCOMPARE(changes[1].path, pack.path("zero.yaml"));
    }
};

QTEST_APPLESS_MAIN(TestPackDocuments)
#include "tst_pack_documents.moc"

#include "classify/pack_merge.hpp"

#include "formats/file.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

std::string ruleText(const std::string &id, const std::string &title = "t")
{
    return "  - id: " + id + "\n    title: " + title
           + "\n    class: a.b\n    domain: user\n    action: stop\n    match: {any: [" + id + "]}\n";
}

const std::string kHead = "schema: 1\nrules:\n";

template <typename T> T made(base::Result<T> result)
{
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(result).value();
}

/// Two synthetic rule files, one.yaml with a and b, two.yaml with c, opened for editing.
struct Pack {
    Pack()
    {
        write("one.yaml", kHead + ruleText("a") + ruleText("b"));
        write("two.yaml", kHead + ruleText("c"));
        opened = made(PackDocuments::open({folder.path().toStdString()}));
    }
    void write(const char *name, const std::string &text) const
    {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    }
    [[nodiscard]] PackDocuments titled(const std::string &id, const std::string &title) const
    {
        Rule rule = *opened.documents.find(id);
        rule.title = title;
        return made(opened.documents.withRule(rule));
    }
    [[nodiscard]] std::vector<FileMerge> changes(const PackDocuments &mine) const
    {
        std::vector<FileMerge> out;
        for (auto &change : made(changedOnDisk(mine, opened.disk)))
            out.push_back(weighed(mine, opened.disk, change));
        return out;
    }
    QTemporaryDir folder;
    PackDocuments::Opened opened;
};

} // namespace

class TestPackMerge : public QObject
{
    Q_OBJECT

private slots:
    void weighed_editsOfOtherRules_needNoChoice()
    {
        const Pack pack;
        const PackDocuments mine = pack.titled("a", "mine");
        pack.write("one.yaml", kHead + ruleText("a") + ruleText("b", "theirs"));
        const auto changes = pack.changes(mine);
        QCOMPARE(changes.size(), size_t{1});
        QVERIFY(changes[0].change.mine);
        QVERIFY(!changes[0].needsChoice());
        QCOMPARE(changes[0].theirs, std::vector<std::string>{"b"});
        const auto both = made(merged(mine, pack.opened.disk, changes, ConflictAnswer::TakeTheirs));
        QCOMPARE(both.find("a")->title, std::string("mine"));
        QCOMPARE(both.find("b")->title, std::string("theirs"));
    }

    void weighed_addedAndRemovedRules_areToldFromChangedOnes()
    {
        const Pack pack;
        const PackDocuments mine = made(pack.titled("a", "mine").without("c"));
        pack.write("one.yaml", kHead + ruleText("b", "theirs") + ruleText("new"));
        pack.write("two.yaml", kHead + ruleText("c", "theirs"));
        const auto changes = pack.changes(mine);
        QCOMPARE(changes[0].both, std::vector<std::string>{"a"});
        QCOMPARE(changes[0].theirs, (std::vector<std::string>{"b", "new"}));
        QCOMPARE(changes[0].fates, (RuleFates{{"new"}, {"a"}, {}}));
        QCOMPARE(changes[1].both, std::vector<std::string>{"c"});
        QCOMPARE(changes[1].fates, (RuleFates{{}, {}, {"c"}}));
        QVERIFY(QFile::remove(pack.folder.filePath("one.yaml")));
        QCOMPARE(pack.changes(pack.opened.documents)[0].fates.removed, (std::vector<std::string>{"a", "b"}));
    }

    void sharedId_ruleInTwoFiles_namesItAndTheOther()
    {
        const Pack pack;
        pack.write("three.yaml", kHead + ruleText("d") + ruleText("b"));
        const auto &documents = pack.opened.documents;
        const auto changes = pack.changes(documents);
        const SharedId expected{"b", pack.folder.filePath("one.yaml").toStdString()};
        QCOMPARE(sharedId(documents, changes, changes[0]), std::optional(expected));
        pack.write("one.yaml", kHead + ruleText("a")); // it moved, which is no clash
        const auto moved = pack.changes(documents);
        QCOMPARE(sharedId(documents, moved, moved[0]), std::nullopt);
        QCOMPARE(sharedId(documents, moved, moved[1]), std::nullopt);
    }

    void merged_bothChangedARule_answerDecidesAboutThatAlone()
    {
        const Pack pack;
        const PackDocuments mine = pack.titled("a", "mine");
        pack.write("one.yaml", kHead + ruleText("a", "theirs") + ruleText("b", "theirs"));
        pack.write("two.yaml", kHead + ruleText("c", "theirs"));
        const auto changes = pack.changes(mine);
        QVERIFY(changes[0].needsChoice() && !changes[1].needsChoice());
        const auto kept = made(merged(mine, pack.opened.disk, changes, ConflictAnswer::KeepMine));
        QCOMPARE(kept.find("a")->title, std::string("mine"));
        QCOMPARE(kept.find("b")->title, std::string("theirs"));
        QCOMPARE(kept.find("c")->title, std::string("theirs"));
        const auto taken = made(merged(mine, pack.opened.disk, changes, ConflictAnswer::TakeTheirs));
        QCOMPARE(taken.find("a")->title, std::string("theirs"));
    }

    void merged_removedFile_isChosenWhole()
    {
        const Pack pack;
        const PackDocuments mine = pack.titled("a", "mine");
        QVERIFY(QFile::remove(pack.folder.filePath("one.yaml")));
        QVERIFY(QFile::remove(pack.folder.filePath("two.yaml")));
        const auto changes = pack.changes(mine);
        QVERIFY(changes[0].needsChoice());
        QCOMPARE(changes[0].theirs, (std::vector<std::string>{"a", "b"}));
        QVERIFY(!changes[1].needsChoice());
        const auto kept = made(merged(mine, pack.opened.disk, changes, ConflictAnswer::KeepMine));
        QCOMPARE(kept.files().size(), size_t{1});
        QCOMPARE(kept.find("a")->title, std::string("mine"));
        QVERIFY(made(merged(mine, pack.opened.disk, changes, ConflictAnswer::TakeTheirs)).files().empty());
    }

    void merged_whatIsNoRuleFile_canBeKeptAgainstAndNotTaken()
    {
        const Pack pack;
        const PackDocuments mine = pack.titled("a", "mine");
        pack.write("one.yaml", "schema: 1\nrules: [\n");
        const auto changes = pack.changes(mine);
        QVERIFY(changes[0].needsChoice() && !changes[0].readable && changes[0].whole);
        QCOMPARE(made(merged(mine, pack.opened.disk, changes, ConflictAnswer::KeepMine)), mine);
        const auto taken = merged(mine, pack.opened.disk, changes, ConflictAnswer::TakeTheirs);
        QVERIFY(!taken.has_value());
        QCOMPARE(taken.error().code, base::ErrorCode::Parse);
    }

    void merged_undoneTake_keepsTheWholeFileOfMine()
    {
        const Pack pack;
        pack.write("one.yaml", kHead + ruleText("a") + ruleText("b", "theirs"));
        auto changes = pack.changes(pack.opened.documents);
        changes[0].change.mine = true;
        changes[0].undone = true;
        QVERIFY(changes[0].needsChoice());
        const auto &mine = pack.opened.documents;
        QCOMPARE(made(merged(mine, pack.opened.disk, changes, ConflictAnswer::KeepMine)), mine);
        const auto taken = made(merged(mine, pack.opened.disk, changes, ConflictAnswer::TakeTheirs));
        QCOMPARE(taken.find("b")->title, std::string("theirs"));
    }

    void merged_newFiles_joinThePack()
    {
        const Pack pack;
        pack.write("three.yaml", kHead + ruleText("d"));
        pack.write("zero.yaml", kHead + ruleText("e"));
        const auto &documents = pack.opened.documents;
        const auto changes = pack.changes(documents);
        QCOMPARE(changes.size(), size_t{2});
        QVERIFY(!changes[0].needsChoice() && !changes[1].needsChoice());
        const auto taken = made(merged(documents, pack.opened.disk, changes, ConflictAnswer::TakeTheirs));
        QCOMPARE(taken.files().size(), size_t{4});
        QVERIFY(taken.find("d") != nullptr && taken.find("e") != nullptr);
    }

    void merged_ruleTheyMovedIntoAnotherFile_isTakenOrRefused()
    {
        const Pack pack;
        pack.write("one.yaml", kHead + ruleText("a"));
        pack.write("two.yaml", kHead + ruleText("c") + ruleText("b"));
        const auto &documents = pack.opened.documents;
        const auto taken =
            made(merged(documents, pack.opened.disk, pack.changes(documents), ConflictAnswer::TakeTheirs));
        QCOMPARE(taken, made(PackDocuments::open({pack.folder.path().toStdString()})).documents);
        const PackDocuments mine = pack.titled("b", "mine");
        const auto refused = merged(mine, pack.opened.disk, pack.changes(mine), ConflictAnswer::KeepMine);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, base::ErrorCode::Conflict);
    }

    void knowing_changes_areWhatMergesBeginAt()
    {
        const Pack pack;
        const std::string theirs = kHead + ruleText("a", "theirs");
        pack.write("one.yaml", theirs);
        QVERIFY(QFile::remove(pack.folder.filePath("two.yaml")));
        PackOnDisk disk = pack.opened.disk;
        for (const auto &change : made(changedOnDisk(pack.opened.documents, disk)))
            disk = knowing(std::move(disk), change);
        QCOMPARE(disk.known.size(), size_t{1});
        QCOMPARE(disk.known.begin()->second.text(), theirs);
        QCOMPARE(disk.hashes.size(), size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestPackMerge)
#include "tst_pack_merge.moc"

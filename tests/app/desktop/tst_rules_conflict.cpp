#include "desktop/pages/rules_conflict_dialog.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_notice.hpp"
#include "desktop/shell/theme.hpp"
#include "small_history.hpp"

#include <QLabel>
#include <QPushButton>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

/// What is shown where somebody else changed a rule file that is edited here.
class RulesConflictTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void notice_conflict_offersTheDifference();
    void dialog_bothChanged_showsBothSidesAndCounts();
    void dialog_keepMine_savesOverTheirs();
    void dialog_takeTheirs_givesUpTheEdits();
    void dialog_decideLater_changesNothing();
    void dialog_theirsIsNoRuleFile_saysSoAndStays();
    void dialog_removedFile_isShownAsRemoved();
    void dialog_draft_isNamed();
    void dialog_changedAgain_showsTheNewest();
    void keepMine_fileThatOnlyOthersChanged_isTaken();
    void keepMine_whatOthersWroteIsNoRuleFile_isNotWrittenOver();
    void notice_onlyOthersWroteNoRuleFile_offersNoChoice();
    void notice_sameIdInANewFile_namesTheRuleAndBothFiles();

private:
    /// A pack of two files, mine.yaml with test.heap and other.yaml with test.sky.
    void usePackOfTwo();
    void editTitle(const std::string &title);
    /// Edits here and there, and waits until the window knows.
    void clash();
    [[nodiscard]] bool says(const QString &words) const;
    [[nodiscard]] QPushButton *button(QWidget &in, const QString &title) const;
    [[nodiscard]] QString path(const char *name) const { return m_small->folder.filePath(QLatin1String(name)); }
    [[nodiscard]] RulesConflictDialog *dialog() const { return m_notice->findChild<RulesConflictDialog *>(); }
    void open();
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<RulesEditorController> m_controller;
    std::unique_ptr<RulesNotice> m_notice;
};

namespace
{

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray theirs()
{
    return tests::smallPack().replace("Heap is full", "Heap by others");
}

QByteArray other(const QByteArray &title)
{
    return tests::smallPack("the sky fell").replace("test.heap", "test.sky").replace("Heap is full", title);
}

} // namespace

void RulesConflictTest::init()
{
    m_small = std::make_unique<SmallSession>();
    tests::writeFile(path("rules.yaml"), tests::smallPack());
    m_small->session.setRulePaths({path("rules.yaml")});
    QVERIFY(SmallSession::waitFor([&] { return m_small->hasSmallPack(); }));
    m_controller = std::make_unique<RulesEditorController>(m_small->session);
    QVERIFY(SmallSession::waitFor([&] { return m_controller->opened(); }));
    m_notice = std::make_unique<RulesNotice>(*m_controller);
}

void RulesConflictTest::cleanup()
{
    m_notice.reset();
    m_controller.reset();
    m_small.reset();
}

void RulesConflictTest::editTitle(const std::string &title)
{
    auto rule = m_controller->rule();
    QVERIFY(rule.has_value());
    rule->title = title;
    m_controller->edit(*rule, QStringLiteral("title"));
}

void RulesConflictTest::clash()
{
    editTitle("Mine");
    tests::writeFile(path("rules.yaml"), theirs());
    QVERIFY(SmallSession::waitFor([&] { return !m_controller->conflicts().empty(); }));
}

QPushButton *RulesConflictTest::button(QWidget &in, const QString &title) const
{
    for (auto *each : in.findChildren<QPushButton *>())
        if (each->text() == title && each->isVisibleTo(&in))
            return each;
    return nullptr;
}

void RulesConflictTest::open()
{
    m_notice->show();
    QTest::qWait(1); // buttons of before go, and those of now come
    auto *shows = button(*m_notice, QStringLiteral("Show difference…"));
    QVERIFY(shows != nullptr);
    shows->click();
    QVERIFY(dialog() != nullptr);
    QVERIFY(dialog()->isVisible());
}

bool RulesConflictTest::says(const QString &words) const
{
    for (const auto *label : dialog()->findChildren<QLabel *>())
        if (label->isVisible() && label->text().contains(words))
            return true;
    return false;
}

void RulesConflictTest::notice_conflict_offersTheDifference()
{
    QVERIFY(button(*m_notice, QStringLiteral("Show difference…")) == nullptr);
    clash();
    open();
    button(*m_notice, QStringLiteral("Show difference…"))->click();
    QCOMPARE(m_notice->findChildren<RulesConflictDialog *>().size(), 1);
}

void RulesConflictTest::dialog_bothChanged_showsBothSidesAndCounts()
{
    clash();
    open();
    const QString shown = dialog()->view().toPlainText();
    QVERIFY2(shown.contains(QStringLiteral("rules.yaml · changed on disk")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("    4       −     title: Heap by others")), qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("          4 +     title: Mine")), qPrintable(shown));
    // The date of the change is the editor's own line.
    QVERIFY(says(QStringLiteral("Lines: 1 changed, 1 only in the editor, 0 only on disk")));
}

void RulesConflictTest::dialog_keepMine_savesOverTheirs()
{
    clash();
    open();
    button(*dialog(), QStringLiteral("Keep mine"))->click();
    QVERIFY(m_controller->conflicts().empty());
    QVERIFY(!dialog()->isVisible());
    QVERIFY(m_controller->save());
    QVERIFY(bytesOf(path("rules.yaml")).contains("title: Mine"));
}

void RulesConflictTest::dialog_takeTheirs_givesUpTheEdits()
{
    clash();
    open();
    button(*dialog(), QStringLiteral("Take theirs"))->click();
    QVERIFY(!dialog()->isVisible());
    QCOMPARE(m_controller->rule()->title, std::string("Heap by others"));
    m_small->session.undoStack()->undo();
    QCOMPARE(m_controller->rule()->title, std::string("Mine"));
}

void RulesConflictTest::dialog_decideLater_changesNothing()
{
    clash();
    open();
    button(*dialog(), QStringLiteral("Decide later"))->click();
    QVERIFY(!dialog()->isVisible());
    QCOMPARE(m_controller->conflicts().size(), size_t{1});
    QCOMPARE(m_controller->rule()->title, std::string("Mine"));
    QVERIFY(bytesOf(path("rules.yaml")) == theirs());
}

void RulesConflictTest::dialog_theirsIsNoRuleFile_saysSoAndStays()
{
    editTitle("Mine");
    tests::writeFile(path("rules.yaml"), "schema: 1\nrules: [\n");
    QVERIFY(!m_controller->save()); // the session keeps the older pack, so that only a save looks at the disk
    QVERIFY(SmallSession::waitFor([&] { return !m_controller->conflicts().empty(); }));
    open();
    QVERIFY(says(QStringLiteral("What somebody else wrote into rules.yaml is no rule file")));
    QVERIFY(!button(*dialog(), QStringLiteral("Take theirs"))->isEnabled());
    m_controller->resolve(classify::ConflictAnswer::TakeTheirs);
    QVERIFY(dialog()->isVisible());
    QVERIFY(says(QStringLiteral("line 3")));
    QCOMPARE(m_controller->rule()->title, std::string("Mine"));
    button(*dialog(), QStringLiteral("Keep mine"))->click();
    QVERIFY(!dialog()->isVisible());
}

void RulesConflictTest::dialog_removedFile_isShownAsRemoved()
{
    editTitle("Mine");
    QVERIFY(QFile::remove(path("rules.yaml")));
    QVERIFY(!m_controller->save());
    QVERIFY(SmallSession::waitFor([&] { return !m_controller->conflicts().empty(); }));
    open();
    QVERIFY(dialog()->view().toPlainText().contains(QStringLiteral("removed from the disk")));
    QVERIFY(says(QStringLiteral("Somebody else removed rules.yaml, in which you have edits")));
    QVERIFY(!says(QStringLiteral("changed rules.yaml")));
    QCOMPARE(dialog()->view().counts().removed, 0);
    QVERIFY(dialog()->view().counts().added > 10);
}

void RulesConflictTest::dialog_draft_isNamed()
{
    clash();
    open();
    QVERIFY(!says(QStringLiteral("not right yet")));
    auto rule = m_controller->rule();
    rule->any = {"("};
    m_controller->edit(*rule, QStringLiteral("pattern"));
    QVERIFY(says(QStringLiteral("What you typed into test.heap is not right yet")));
}

void RulesConflictTest::dialog_changedAgain_showsTheNewest()
{
    clash();
    open();
    tests::writeFile(path("rules.yaml"), tests::smallPack().replace("Heap is full", "Heap once more"));
    QVERIFY(SmallSession::waitFor(
        [&] { return dialog()->view().toPlainText().contains(QStringLiteral("Heap once more")); }));
}

void RulesConflictTest::usePackOfTwo()
{
    QVERIFY(QDir(m_small->folder.path()).mkdir(QStringLiteral("pack")));
    tests::writeFile(path("pack/mine.yaml"), tests::smallPack());
    tests::writeFile(path("pack/other.yaml"), other("Sky fell"));
    m_small->session.setRulePaths({path("pack")});
    QVERIFY(SmallSession::waitFor([&] { return m_controller->opened() && m_controller->state().ids().size() == 2; }));
    m_controller->select("test.heap");
}

void RulesConflictTest::keepMine_fileThatOnlyOthersChanged_isTaken()
{
    usePackOfTwo();
    editTitle("Mine");
    tests::writeFile(path("pack/mine.yaml"), theirs());
    tests::writeFile(path("pack/other.yaml"), other("Sky by others"));
    QVERIFY(SmallSession::waitFor([&] {
        return m_controller->conflicts().size() == 1
               && m_controller->state().find("test.sky")->title == "Sky by others";
    }));
    m_controller->resolve(classify::ConflictAnswer::KeepMine);
    QCOMPARE(m_controller->state().find("test.heap")->title, std::string("Mine"));
    QCOMPARE(m_controller->state().find("test.sky")->title, std::string("Sky by others"));
    QCOMPARE(m_controller->unsavedFiles(), QStringList{path("pack/mine.yaml")});
    QVERIFY(m_controller->save());
    QVERIFY(bytesOf(path("pack/other.yaml")).contains("Sky by others"));
}

void RulesConflictTest::keepMine_whatOthersWroteIsNoRuleFile_isNotWrittenOver()
{
    usePackOfTwo();
    editTitle("Mine");
    tests::writeFile(path("pack/mine.yaml"), theirs());
    const QByteArray halfWritten = other("Sky fell") + "  - id: half\n    match: [\n";
    tests::writeFile(path("pack/other.yaml"), halfWritten);
    QVERIFY(!m_controller->save());
    QVERIFY(SmallSession::waitFor([&] { return m_controller->conflicts().size() == 2; }));
    m_controller->resolve(classify::ConflictAnswer::KeepMine);
    QVERIFY(m_controller->save()); // nothing of the other file is ours
    QVERIFY(bytesOf(path("pack/mine.yaml")).contains("Mine"));
    QCOMPARE(bytesOf(path("pack/other.yaml")), halfWritten);
    QCOMPARE(m_controller->state().find("test.heap")->title, std::string("Mine"));
    tests::writeFile(path("pack/other.yaml"), other("Sky by others"));
    QVERIFY(SmallSession::waitFor([&] { return m_controller->state().find("test.sky")->title == "Sky by others"; }));
    QVERIFY(!m_controller->dirty());
    QVERIFY(bytesOf(path("pack/other.yaml")).contains("Sky by others"));
}

void RulesConflictTest::notice_onlyOthersWroteNoRuleFile_offersNoChoice()
{
    usePackOfTwo();
    tests::writeFile(path("pack/other.yaml"), "schema: 1\nrules: [\n");
    m_controller->lookAtDisk();
    QVERIFY(SmallSession::waitFor([&] { return !m_controller->conflicts().empty(); }));
    m_notice->show();
    QTest::qWait(1);
    QVERIFY(button(*m_notice, QStringLiteral("Keep mine")) == nullptr);
    QVERIFY(button(*m_notice, QStringLiteral("Try again")) != nullptr);
    open();
    QVERIFY(says(QStringLiteral("wrote into other.yaml cannot be taken yet")));
    QVERIFY(!says(QStringLiteral("editing")));
    QVERIFY(button(*dialog(), QStringLiteral("Take theirs")) == nullptr);
}

void RulesConflictTest::notice_sameIdInANewFile_namesTheRuleAndBothFiles()
{
    usePackOfTwo();
    tests::writeFile(path("pack/new.yaml"), other("Sky again"));
    QVERIFY(SmallSession::waitFor([&] { return !m_controller->conflicts().empty(); }));
    QCOMPARE(
        m_notice->accessibleName(),
        QStringLiteral("The rule test.sky is in two files: in other.yaml, and in new.yaml, which somebody else put "
                       "beside it. Rename or remove it in one of them. Until then new.yaml is left out, and the "
                       "rules of before stay."));
    tests::writeFile(path("pack/new.yaml"), other("Sky again").replace("test.sky", "test.cloud"));
    QVERIFY(SmallSession::waitFor([&] { return !m_controller->taken().empty(); }));
    QVERIFY2(m_notice->accessibleName().contains(QStringLiteral("put the file new.yaml there and added test.cloud")),
             qPrintable(m_notice->accessibleName()));
}

QTEST_MAIN(RulesConflictTest)
#include "tst_rules_conflict.moc"

#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_notice.hpp"
#include "small_history.hpp"

#include <QDir>
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>

using namespace mulligan;
using namespace mulligan::desktop;
using classify::ConflictAnswer;
using tests::SmallSession;

namespace
{

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray sky(const QByteArray &title)
{
    return "  # kept: above the second\n"
           "  - id: test.sky\n"
           "    title: "
           + title
           + "\n"
             "    class: service.unavailable\n"
             "    domain: platform\n"
             "    transient: true\n"
             "    action: retry\n"
             "    match:\n"
             "      any:\n"
             "        - 'the sky fell' # kept: beside\n";
}

/// Two rules in a file, with comments.
QByteArray packOfTwo(const QByteArray &heapTitle = "Heap is full", const QByteArray &skyTitle = "Sky fell")
{
    return "# kept: head\n" + tests::smallPack().replace("Heap is full", heapTitle) + sky(skyTitle);
}

} // namespace

/// What others do to the rule files while they are open, and how that comes together with the edits here.
class RulesDiskTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void others_changedAnotherRule_isMergedWithoutAsking();
    void others_addedAndRemovedRules_areNamedAsThat();
    void others_removedWhatIsEdited_isNamedAsThat();
    void others_changedTheRuleThatIsTyped_isAConflict();
    void keepMine_bothChangedARule_keepsTheirChangeOfAnother();
    void takeTheirs_bothChangedARule_keepsMyEditOfAnother();
    void takeTheirs_undone_isAConflictAgainAndNotWrittenOver();
    void takenWithoutAsking_undone_isAskedAboutBeforeASave();
    void keepMine_undone_isAskedAboutAgain();
    void ownSave_undone_isNoConflict();
    void undone_redone_isNoConflict();
    void save_removedByOthers_saysWhereToDecide();
    void removed_nothingUnsaved_isSaid();
    void removed_putBack_isAsBefore_data();
    void removed_putBack_isAsBefore();
    void removed_undone_isMadeAgainBySaving();
    void removed_edited_isCalledRemoved();
    void unreadable_edited_saysWhatRemains();
    void notice_nothingNew_keepsItsButtons();
    void others_largePack_isSeenBeforeItIsCompiled();

private:
    void write(const QByteArray &bytes) { tests::writeFile(file(), bytes); }
    void retitle(const std::string &id, const std::string &title);
    [[nodiscard]] std::string title(const std::string &id) const;
    [[nodiscard]] QString file() const { return m_small->folder.filePath(QStringLiteral("rules.yaml")); }
    [[nodiscard]] bool waitForConflict() const;
    [[nodiscard]] bool waitForTaken() const;
    [[nodiscard]] QString notice() const;
    [[nodiscard]] QPushButton *button(const QString &title) const;
    /// Edits test.heap, which others change as well, with test.sky.
    void clash();
    [[nodiscard]] QUndoStack &stack() { return *m_small->session.undoStack(); }
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<RulesEditorController> m_controller;
    std::unique_ptr<RulesNotice> m_notice;
};

void RulesDiskTest::init()
{
    m_small = std::make_unique<SmallSession>();
    write(packOfTwo());
    m_small->session.setRulePaths({file()});
    QVERIFY(SmallSession::waitFor(
        [&] { return m_small->session.rules() && m_small->session.rules()->pack().rules.size() == 2; }));
    m_controller = std::make_unique<RulesEditorController>(m_small->session);
    QVERIFY(SmallSession::waitFor([&] { return m_controller->opened(); }));
    m_notice = std::make_unique<RulesNotice>(*m_controller);
}

void RulesDiskTest::cleanup()
{
    m_notice.reset();
    m_controller.reset();
    m_small.reset();
}

void RulesDiskTest::retitle(const std::string &id, const std::string &title)
{
    m_controller->select(id);
    auto rule = m_controller->rule();
    QVERIFY(rule.has_value());
    rule->title = title;
    m_controller->edit(*rule, QStringLiteral("title"));
}

std::string RulesDiskTest::title(const std::string &id) const
{
    const auto rule = m_controller->state().find(id);
    return rule ? rule->title : std::string();
}

bool RulesDiskTest::waitForConflict() const
{
    return SmallSession::waitFor([&] { return !m_controller->conflicts().empty(); });
}

bool RulesDiskTest::waitForTaken() const
{
    return SmallSession::waitFor([&] { return !m_controller->taken().empty(); });
}

QString RulesDiskTest::notice() const
{
    return m_notice->isHidden() ? QString() : m_notice->accessibleName();
}

QPushButton *RulesDiskTest::button(const QString &title) const
{
    // The last one: those of before go with the next turn of the event loop.
    QPushButton *found = nullptr;
    for (auto *each : m_notice->findChildren<QPushButton *>())
        found = each->text() == title ? each : found;
    return found;
}

void RulesDiskTest::clash()
{
    retitle("test.heap", "Mine");
    write(packOfTwo("Heap by others", "Sky by others"));
    QVERIFY(waitForConflict());
}

void RulesDiskTest::others_changedAnotherRule_isMergedWithoutAsking()
{
    retitle("test.heap", "Mine");
    write(packOfTwo("Heap is full", "Sky by others").replace("kept: head", "kept: their head"));
    QVERIFY(waitForTaken());
    QVERIFY(m_controller->conflicts().empty());
    QCOMPARE(title("test.heap"), std::string("Mine"));
    QCOMPARE(title("test.sky"), std::string("Sky by others"));
    QVERIFY2(notice().contains(QStringLiteral("changed test.sky in rules.yaml")), qPrintable(notice()));
    QVERIFY(m_controller->save());
    const QByteArray saved = bytesOf(file());
    for (const char *kept : {"Mine", "Sky by others", "kept: their head", "kept: above the second", "kept: beside"})
        QVERIFY2(saved.contains(kept), saved.constData());
    QVERIFY(m_notice->isHidden());
}

void RulesDiskTest::others_addedAndRemovedRules_areNamedAsThat()
{
    write(packOfTwo("Heap by others").replace("test.sky", "test.cloud"));
    QVERIFY(waitForTaken());
    QVERIFY2(notice().contains(QStringLiteral(
                 "Somebody else changed test.heap, added test.cloud and removed test.sky in rules.yaml")),
             qPrintable(notice()));
}

void RulesDiskTest::others_removedWhatIsEdited_isNamedAsThat()
{
    retitle("test.sky", "Mine");
    write(packOfTwo("Heap by others").replace("test.sky", "test.cloud"));
    QVERIFY(waitForConflict());
    for (const char *words : {"You changed test.sky and they removed it, which is to be decided",
                              "They also changed test.heap and added test.cloud; that is taken either way"})
        QVERIFY2(notice().contains(QLatin1String(words)), qPrintable(notice()));
}

void RulesDiskTest::others_changedTheRuleThatIsTyped_isAConflict()
{
    m_controller->select("test.heap");
    auto rule = m_controller->rule();
    rule->any = {"("};
    m_controller->edit(*rule, QStringLiteral("pattern"));
    write(packOfTwo("Heap by others", "Sky by others"));
    QVERIFY(waitForConflict());
    QCOMPARE(m_controller->conflicts().front().both, std::vector<std::string>{"test.heap"});
    m_controller->resolve(ConflictAnswer::KeepMine);
    QCOMPARE(m_controller->rule()->any, std::vector<std::string>{"("});
    QCOMPARE(title("test.sky"), std::string("Sky by others"));
    stack().undo();
    m_controller->resolve(ConflictAnswer::TakeTheirs);
    QCOMPARE(title("test.heap"), std::string("Heap by others"));
    QVERIFY(m_controller->state().drafts.empty());
}

void RulesDiskTest::keepMine_bothChangedARule_keepsTheirChangeOfAnother()
{
    clash();
    QVERIFY2(notice().contains(QStringLiteral("Both changed test.heap")), qPrintable(notice()));
    QVERIFY2(notice().contains(QStringLiteral("They also changed test.sky; that is taken either way")),
             qPrintable(notice()));
    m_controller->resolve(ConflictAnswer::KeepMine);
    QCOMPARE(title("test.heap"), std::string("Mine"));
    QCOMPARE(title("test.sky"), std::string("Sky by others"));
    QVERIFY(m_controller->save());
    QVERIFY(bytesOf(file()).contains("Sky by others") && bytesOf(file()).contains("title: Mine"));
}

void RulesDiskTest::takeTheirs_bothChangedARule_keepsMyEditOfAnother()
{
    retitle("test.sky", "My sky");
    retitle("test.heap", "Mine");
    write(packOfTwo("Heap by others"));
    QVERIFY(waitForConflict());
    m_controller->resolve(ConflictAnswer::TakeTheirs);
    QCOMPARE(title("test.heap"), std::string("Heap by others"));
    QCOMPARE(title("test.sky"), std::string("My sky"));
}

void RulesDiskTest::takeTheirs_undone_isAConflictAgainAndNotWrittenOver()
{
    clash();
    m_controller->resolve(ConflictAnswer::TakeTheirs);
    QVERIFY(m_controller->conflicts().empty());
    stack().undo();
    QCOMPARE(title("test.heap"), std::string("Mine"));
    QCOMPARE(m_controller->conflicts().size(), size_t{1});
    QVERIFY2(notice().contains(QStringLiteral("You undid what somebody else wrote into rules.yaml")),
             qPrintable(notice()));
    QVERIFY(!m_controller->save());
    QVERIFY(bytesOf(file()).contains("Heap by others"));
    m_controller->resolve(ConflictAnswer::KeepMine);
    QVERIFY(m_controller->save());
    QVERIFY(bytesOf(file()).contains("title: Mine") && bytesOf(file()).contains("Sky by others"));
}

void RulesDiskTest::takenWithoutAsking_undone_isAskedAboutBeforeASave()
{
    retitle("test.heap", "Mine");
    write(packOfTwo("Heap is full", "Sky by others"));
    QVERIFY(waitForTaken());
    stack().undo();
    QCOMPARE(title("test.sky"), std::string("Sky fell"));
    QVERIFY(!m_controller->save());
    QVERIFY(bytesOf(file()).contains("Sky by others"));
    m_controller->resolve(ConflictAnswer::TakeTheirs);
    QCOMPARE(title("test.sky"), std::string("Sky by others"));
    QCOMPARE(title("test.heap"), std::string("Mine"));
    stack().undo();
    // Who undid it and keeps theirs out means the whole of it.
    m_controller->resolve(ConflictAnswer::KeepMine);
    QVERIFY(m_controller->save());
    QVERIFY(!bytesOf(file()).contains("Sky by others"));
}

void RulesDiskTest::keepMine_undone_isAskedAboutAgain()
{
    clash();
    m_controller->resolve(ConflictAnswer::KeepMine);
    QVERIFY(m_controller->save());
    stack().undo();
    QCOMPARE(m_controller->conflicts().size(), size_t{1});
    QVERIFY(!m_controller->save());
    QVERIFY(bytesOf(file()).contains("Sky by others"));
}

void RulesDiskTest::ownSave_undone_isNoConflict()
{
    retitle("test.heap", "Mine");
    QVERIFY(m_controller->save());
    stack().undo();
    QVERIFY(m_controller->conflicts().empty());
    QVERIFY(m_controller->save());
    QCOMPARE(bytesOf(file()), packOfTwo());
}

void RulesDiskTest::undone_redone_isNoConflict()
{
    clash();
    m_controller->resolve(ConflictAnswer::TakeTheirs);
    stack().undo();
    QVERIFY(!m_controller->conflicts().empty());
    stack().redo();
    QVERIFY(m_controller->conflicts().empty());
    QVERIFY(!m_controller->dirty());
}

void RulesDiskTest::save_removedByOthers_saysWhereToDecide()
{
    QSignalSpy refused(m_controller.get(), &RulesEditorController::refused);
    retitle("test.heap", "Mine");
    QVERIFY(QFile::remove(file()));
    QVERIFY(!m_controller->save());
    QCOMPARE(refused.count(), 1);
    const QString words = QString::fromStdString(refused.front().front().value<base::Error>().hint);
    QVERIFY2(words.contains(QStringLiteral("Keep mine or Take theirs")), qPrintable(words));
    QVERIFY2(!words.contains(QStringLiteral("Take over")), qPrintable(words));
    QVERIFY(waitForConflict());
    QVERIFY(button(QStringLiteral("Keep mine")) != nullptr);
}

void RulesDiskTest::removed_nothingUnsaved_isSaid()
{
    QVERIFY(QFile::remove(file()));
    QVERIFY(waitForTaken());
    QVERIFY2(notice().contains(QStringLiteral("Somebody else removed rules.yaml from the disk, and with it test.heap, "
                                              "test.sky")),
             qPrintable(notice()));
    QVERIFY(m_controller->state().ids().empty());
    button(QStringLiteral("Understood"))->click();
    QVERIFY(m_notice->isHidden());
}

void RulesDiskTest::removed_putBack_isAsBefore_data()
{
    QTest::addColumn<bool>("edited");
    QTest::addColumn<bool>("moved");
    QTest::newRow("written anew") << false << false;
    QTest::newRow("moved back") << false << true;
    QTest::newRow("written anew beside an edit") << true << false;
    QTest::newRow("moved back beside an edit") << true << true;
}

void RulesDiskTest::removed_putBack_isAsBefore()
{
    QFETCH(bool, edited);
    QFETCH(bool, moved);
    if (edited)
        retitle("test.heap", "Mine");
    const QString aside = m_small->folder.filePath(QStringLiteral("aside"));
    QVERIFY(QFile::rename(file(), aside));
    QVERIFY(SmallSession::waitFor([&] { return m_small->session.rulesError().has_value(); }));
    QVERIFY(SmallSession::waitFor([&] { return !notice().isEmpty(); }));
    if (moved)
        QVERIFY(QFile::rename(aside, file()));
    else
        write(packOfTwo());
    QVERIFY(SmallSession::waitFor([&] { return !m_small->session.rulesError().has_value(); }, 5000));
    QTRY_COMPARE(m_controller->state().ids().size(), size_t(2));
    QCOMPARE(title("test.heap"), std::string(edited ? "Mine" : "Heap is full"));
    QTRY_VERIFY(m_controller->conflicts().empty());
    QVERIFY2(!notice().contains(QLatin1String("removed")), qPrintable(notice()));
}

void RulesDiskTest::removed_undone_isMadeAgainBySaving()
{
    QVERIFY(QFile::remove(file()));
    QVERIFY(waitForTaken());
    stack().undo();
    QVERIFY2(notice().contains(QStringLiteral("You undid that somebody else removed rules.yaml")),
             qPrintable(notice()));
    m_controller->resolve(ConflictAnswer::KeepMine);
    QVERIFY(m_controller->save());
    QCOMPARE(bytesOf(file()), packOfTwo());
}

void RulesDiskTest::removed_edited_isCalledRemoved()
{
    retitle("test.heap", "Mine");
    QVERIFY(QFile::remove(file()));
    QVERIFY(waitForConflict());
    QVERIFY2(notice().contains(QStringLiteral("Somebody else removed rules.yaml, in which you have edits")),
             qPrintable(notice()));
    QVERIFY(!notice().contains(QStringLiteral("changed")));
}

void RulesDiskTest::unreadable_edited_saysWhatRemains()
{
    retitle("test.heap", "Mine");
    write("schema: 1\nrules: [\n");
    QVERIFY(waitForConflict());
    for (const char *words : {"rules.yaml is no rule file", "line 3", "Your edits stay", "as soon as it changes"})
        QVERIFY2(notice().contains(QLatin1String(words)), qPrintable(notice()));
    QVERIFY(!button(QStringLiteral("Take theirs"))->isEnabled());
    QVERIFY(button(QStringLiteral("Keep mine"))->isEnabled());
    write(packOfTwo("Heap is full", "Sky by others"));
    QVERIFY(waitForTaken());
    QCOMPARE(title("test.heap"), std::string("Mine"));
}

void RulesDiskTest::notice_nothingNew_keepsItsButtons()
{
    clash();
    const QPointer<QPushButton> before = button(QStringLiteral("Keep mine"));
    QSignalSpy looked(m_controller.get(), &RulesEditorController::filesChanged);
    m_controller->lookAtDisk();
    QVERIFY(looked.wait());
    QTest::qWait(1);
    QVERIFY(before != nullptr);
}

void RulesDiskTest::others_largePack_isSeenBeforeItIsCompiled()
{
    QDir folder(m_small->folder.path());
    QVERIFY(folder.mkdir(QStringLiteral("pack")));
    const QDir shipped(QString::fromStdString(SmallSession::resources().rulesFolder()));
    for (const QString &name : shipped.entryList({QStringLiteral("*.yaml")}, QDir::Files))
        QVERIFY(QFile::copy(shipped.filePath(name), folder.filePath(QStringLiteral("pack/") + name)));
    tests::writeFile(folder.filePath(QStringLiteral("pack/own.yaml")), packOfTwo());
    m_small->session.setRulePaths({folder.filePath(QStringLiteral("pack"))});
    const auto ready = [&] {
        return m_controller->state().find("test.sky") && m_controller->state().ids().size() > 100
               && m_small->session.rules()->pack().rules.size() > 100;
    };
    QVERIFY(SmallSession::waitFor(ready));
    QSignalSpy compiled(&m_small->session, &Session::rulesChanged);
    QElapsedTimer since;
    since.start();
    tests::writeFile(folder.filePath(QStringLiteral("pack/own.yaml")), packOfTwo("Heap is full", "Sky by others"));
    QVERIFY(waitForTaken());
    qInfo("seen after %lld ms", static_cast<long long>(since.elapsed()));
    QCOMPARE(compiled.count(), 0);
    QCOMPARE(title("test.sky"), std::string("Sky by others"));
}

QTEST_MAIN(RulesDiskTest)
#include "tst_rules_disk.moc"

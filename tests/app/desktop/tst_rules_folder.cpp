#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_notice.hpp"
#include "desktop/pages/rules_page.hpp"
#include "small_history.hpp"

#include <QDir>
#include <QGuiApplication>
#include <QPushButton>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

namespace
{

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray other(const QByteArray &title = "Sky fell")
{
    return tests::smallPack("the sky fell").replace("test.heap", "test.sky").replace("Heap is full", title);
}

} // namespace

/// A pack that is a folder of files, mine.yaml with test.heap and other.yaml with test.sky, and what happens to it as
/// a whole.
class RulesFolderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void folder_movedAway_isToldAndNothingIsTaken();
    void folder_movedAway_isNotSavedAsAFragment();
    void folder_back_isNoticed();
    void folder_above_movedAway_isToldWhenTheWindowIsUsed();
    void folder_backBeforeItWasMissed_isNoticed();
    void folder_movedAway_canBeWrittenAnewWhole();
    void takeTheirs_fileIsBackAgain_readsTheDisk();
    void save_anotherFileIsBroken_writesMine();
    void save_anEditedFileIsBroken_writesTheOthersAndNamesIt();
    void page_brokenFileIsMended_takesBackWhatWasRefused();

private:
    void retitle(const std::string &id, const std::string &title);
    [[nodiscard]] QString path(const char *name) const { return m_small->folder.filePath(QLatin1String(name)); }
    [[nodiscard]] bool saysGone() const
    {
        return notice().contains(QStringLiteral("is gone; the rules are those last"));
    }
    [[nodiscard]] QString notice() const { return m_notice->isHidden() ? QString() : m_notice->accessibleName(); }
    [[nodiscard]] size_t rules() const { return m_controller->state().ids().size(); }
    void moveAway();
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<RulesEditorController> m_controller;
    std::unique_ptr<RulesNotice> m_notice;
};

void RulesFolderTest::init()
{
    m_small = std::make_unique<SmallSession>();
    QVERIFY(QDir(m_small->folder.path()).mkpath(QStringLiteral("above/pack")));
    tests::writeFile(path("above/pack/mine.yaml"), tests::smallPack());
    tests::writeFile(path("above/pack/other.yaml"), other());
    m_small->session.setRulePaths({path("above/pack")});
    m_controller = std::make_unique<RulesEditorController>(m_small->session);
    QVERIFY(SmallSession::waitFor([&] {
        return rules() == 2 && m_small->session.rules() && m_small->session.rules()->pack().rules.size() == 2;
    }));
    m_notice = std::make_unique<RulesNotice>(*m_controller);
}

void RulesFolderTest::cleanup()
{
    m_notice.reset();
    m_controller.reset();
    m_small.reset();
}

void RulesFolderTest::retitle(const std::string &id, const std::string &title)
{
    m_controller->select(id);
    auto rule = m_controller->rule();
    QVERIFY(rule.has_value());
    rule->title = title;
    m_controller->edit(*rule, QStringLiteral("title"));
}

void RulesFolderTest::moveAway()
{
    QVERIFY(QDir().rename(path("above/pack"), path("above/away")));
    QVERIFY(SmallSession::waitFor([&] { return saysGone(); }, 10'000));
}

void RulesFolderTest::folder_movedAway_isToldAndNothingIsTaken()
{
    moveAway();
    QVERIFY2(notice().contains(path("above/pack")), qPrintable(notice()));
    QVERIFY(SmallSession::waitFor([&] { return m_small->session.rulesError().has_value(); }));
    QCOMPARE(rules(), size_t{2});
    QCOMPARE(m_small->session.rules()->pack().rules.size(), size_t{2});
    QVERIFY(!m_controller->dirty());
}

void RulesFolderTest::folder_movedAway_isNotSavedAsAFragment()
{
    QSignalSpy refused(m_controller.get(), &RulesEditorController::refused);
    retitle("test.heap", "Mine");
    QVERIFY(QDir().rename(path("above/pack"), path("above/away")));
    QVERIFY(!m_controller->save()); // before the window has noticed
    QVERIFY(saysGone());
    QCOMPARE(refused.count(), 1);
    const auto hint = QString::fromStdString(refused.front().front().value<base::Error>().hint);
    QVERIFY2(hint.contains(QStringLiteral("Save as own pack")), qPrintable(hint));
    QVERIFY(!QDir(path("above/pack")).exists());
    m_controller->resolve(classify::ConflictAnswer::TakeTheirs);
    QCOMPARE(rules(), size_t{2});
    QCOMPARE(m_controller->state().find("test.heap")->title, std::string("Mine"));
}

void RulesFolderTest::folder_back_isNoticed()
{
    moveAway();
    retitle("test.heap", "Mine");
    tests::writeFile(path("above/away/other.yaml"), other("Sky by others"));
    QVERIFY(QDir().rename(path("above/away"), path("above/pack")));
    QVERIFY(SmallSession::waitFor([&] { return m_controller->state().find("test.sky")->title == "Sky by others"; },
                                  10'000));
    QVERIFY(!saysGone());
    QVERIFY(m_controller->save());
    QVERIFY(bytesOf(path("above/pack/mine.yaml")).contains("title: Mine"));
    // It is watched again.
    tests::writeFile(path("above/pack/other.yaml"), other("Sky again"));
    QVERIFY(
        SmallSession::waitFor([&] { return m_controller->state().find("test.sky")->title == "Sky again"; }, 10'000));
}

void RulesFolderTest::folder_above_movedAway_isToldWhenTheWindowIsUsed()
{
    QVERIFY(QDir().rename(path("above"), path("elsewhere")));
    Q_EMIT qGuiApp->applicationStateChanged(Qt::ApplicationActive);
    QVERIFY(SmallSession::waitFor([&] { return saysGone(); }, 10'000));
    QVERIFY(QDir().rename(path("elsewhere"), path("above")));
    QVERIFY(SmallSession::waitFor([&] { return !saysGone(); }, 10'000));
    QCOMPARE(rules(), size_t{2});
}

void RulesFolderTest::folder_backBeforeItWasMissed_isNoticed()
{
    retitle("test.heap", "Mine");
    QVERIFY(QDir().rename(path("above/pack"), path("above/away")));
    QVERIFY(!m_controller->save());
    QVERIFY(QDir().rename(path("above/away"), path("above/pack"))); // what watches the files finds them as before
    QVERIFY(saysGone());
    QVERIFY(SmallSession::waitFor([&] { return !saysGone(); }, 10'000));
    QVERIFY(m_controller->save());
}

void RulesFolderTest::folder_movedAway_canBeWrittenAnewWhole()
{
    moveAway();
    retitle("test.heap", "Mine");
    QVERIFY(m_controller->copyPack(path("anew")));
    QVERIFY(SmallSession::waitFor([&] { return m_controller->opened() && !m_controller->goneFolder(); }));
    QVERIFY(bytesOf(path("anew/mine.yaml")).contains("title: Mine"));
    QCOMPARE(bytesOf(path("anew/other.yaml")), other());
    QCOMPARE(rules(), size_t{2});
    QVERIFY(!m_controller->dirty());
}

void RulesFolderTest::takeTheirs_fileIsBackAgain_readsTheDisk()
{
    retitle("test.heap", "Mine");
    QVERIFY(QDir().rename(path("above/pack/mine.yaml"), path("away.yaml")));
    QVERIFY(SmallSession::waitFor([&] { return !m_controller->conflicts().empty(); }));
    QVERIFY(QDir().rename(path("away.yaml"), path("above/pack/mine.yaml")));
    m_controller->resolve(classify::ConflictAnswer::TakeTheirs); // before the window has noticed
    QVERIFY(m_controller->conflicts().empty());
    QCOMPARE(rules(), size_t{2});
    QCOMPARE(m_controller->state().find("test.heap")->title, std::string("Mine"));
    QVERIFY(m_controller->save());
}

void RulesFolderTest::save_anotherFileIsBroken_writesMine()
{
    QSignalSpy refused(m_controller.get(), &RulesEditorController::refused);
    const QByteArray broken = other() + "  - id: [broken\n";
    tests::writeFile(path("above/pack/other.yaml"), broken);
    retitle("test.heap", "Mine");
    QVERIFY(m_controller->save());
    QVERIFY(refused.isEmpty());
    QVERIFY(bytesOf(path("above/pack/mine.yaml")).contains("title: Mine"));
    QCOMPARE(bytesOf(path("above/pack/other.yaml")), broken);
    QCOMPARE(rules(), size_t{2});
    for (const char *words : {"wrote into other.yaml cannot be taken yet", "Mend it on disk"})
        QVERIFY2(notice().contains(QLatin1String(words)), qPrintable(notice()));
}

void RulesFolderTest::save_anEditedFileIsBroken_writesTheOthersAndNamesIt()
{
    QSignalSpy refused(m_controller.get(), &RulesEditorController::refused);
    retitle("test.heap", "Mine");
    retitle("test.sky", "My sky");
    tests::writeFile(path("above/pack/other.yaml"), other() + "  - id: [broken\n");
    QVERIFY(!m_controller->save());
    QVERIFY(bytesOf(path("above/pack/mine.yaml")).contains("title: Mine"));
    QCOMPARE(m_controller->unsavedFiles(), QStringList{path("above/pack/other.yaml")});
    QCOMPARE(refused.count(), 1);
    const auto error = refused.front().front().value<base::Error>();
    QVERIFY2(error.message.find("other.yaml") != std::string::npos, error.message.c_str());
    for (const char *words : {"All other files are saved", "mend it there, or choose Keep mine"})
        QVERIFY2(error.hint.find(words) != std::string::npos, error.hint.c_str());
    const auto buttons = m_notice->findChildren<QPushButton *>();
    QVERIFY(std::any_of(buttons.begin(), buttons.end(),
                        [](const auto *each) { return each->text() == QLatin1String("Keep mine"); }));
}

void RulesFolderTest::page_brokenFileIsMended_takesBackWhatWasRefused()
{
    RulesPage page(m_small->session);
    auto *controller = page.findChild<RulesEditorController *>();
    QVERIFY(SmallSession::waitFor([&] { return controller->state().ids().size() == 2; }));
    controller->select("test.sky");
    auto rule = controller->rule();
    rule->title = "My sky";
    controller->edit(*rule, QStringLiteral("title"));
    tests::writeFile(path("above/pack/other.yaml"), other() + "  - id: [broken\n");
    page.saveEdits();
    QVERIFY(!m_small->errors.empty());
    QSignalSpy settled(&m_small->session, &Session::errorSettled);
    tests::writeFile(path("above/pack/other.yaml"), other());
    QVERIFY(settled.count() > 0 || settled.wait(10'000));
    QVERIFY(settled.front().front().value<base::Error>().message.find("other.yaml") != std::string::npos);
    QVERIFY(controller->save());
}

QTEST_MAIN(RulesFolderTest)
#include "tst_rules_folder.moc"

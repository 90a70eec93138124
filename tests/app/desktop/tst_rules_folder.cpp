#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_notice.hpp"
#include "small_history.hpp"

#include <QDir>
#include <QGuiApplication>
#include <QPushButton>

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
    void folder_movedAway_canBeWrittenAnewWhole();
    void takeTheirs_fileIsBackAgain_readsTheDisk();

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

QTEST_MAIN(RulesFolderTest)
#include "tst_rules_folder.moc"

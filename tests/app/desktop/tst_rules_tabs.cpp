#include "desktop/pages/rules_audit_panel.hpp"
#include "desktop/pages/rules_compare_panel.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_health_panel.hpp"
#include "desktop/pages/rules_mining_panel.hpp"
#include "desktop/pages/rules_page.hpp"
#include "small_history.hpp"

#include <QLabel>
#include <QPushButton>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

/// The tabs beside the editor, and what they share with it.
class RulesTabsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void page_nameOfATab_showsIt_data();
    void page_nameOfATab_showsIt();
    void page_ruleAskedByATab_isShownByTheEditor();
    void editor_editOfATab_isOneStepThatCanBeUndone();
    void editor_shippedPack_refusesEditsOfTabs();
    void tab_withoutFailures_offersToImport();

private:
    std::unique_ptr<SmallSession> m_small;
};

void RulesTabsTest::initTestCase()
{
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
}

void RulesTabsTest::page_nameOfATab_showsIt_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"health", "audit", "mining", "compare"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void RulesTabsTest::page_nameOfATab_showsIt()
{
    QFETCH(QString, name);
    RulesPage page(m_small->session);
    page.show();
    page.reveal(name);
    auto *tab = page.findChild<RulesPanel *>(name);
    QVERIFY(tab != nullptr);
    QVERIFY(tab->isVisible());
}

void RulesTabsTest::page_ruleAskedByATab_isShownByTheEditor()
{
    RulesPage page(m_small->session);
    page.show();
    auto *editor = page.findChild<RulesEditorController *>();
    QVERIFY(SmallSession::waitFor([&] { return editor->opened(); }));
    page.reveal(QStringLiteral("health"));
    auto *tab = page.findChild<RulesHealthPanel *>();
    Q_EMIT tab->navigationRequested(QStringLiteral("rules"), QStringLiteral("rule:test.heap"));
    QVERIFY(!tab->isVisible());
    QCOMPARE(editor->selected(), std::string("test.heap"));
}

void RulesTabsTest::editor_editOfATab_isOneStepThatCanBeUndone()
{
    RulesEditorController editor(m_small->session);
    QVERIFY(!editor.documents().has_value()); // still being read
    QVERIFY(SmallSession::waitFor([&] { return editor.opened(); }));
    const auto before = editor.documents();
    QVERIFY(before.has_value());
    const auto after = before->withSample("test.heap", classify::SampleKind::Negative, "all is well");
    QVERIFY(after.has_value());
    const int steps = m_small->session.undoStack()->count();
    QVERIFY(editor.editDocuments(*after, "test.heap", QStringLiteral("samples")));
    QCOMPARE(m_small->session.undoStack()->count(), steps + 1);
    QCOMPARE(editor.rule()->negative, std::vector<std::string>{"all is well"});
    QVERIFY(editor.dirty());
    m_small->session.undoStack()->undo();
    QVERIFY(*editor.documents() == *before);
    QVERIFY(!editor.dirty());
}

void RulesTabsTest::editor_shippedPack_refusesEditsOfTabs()
{
    Session session(SmallSession::resources());
    RulesEditorController editor(session);
    QVERIFY(SmallSession::waitFor([&] { return editor.opened(); }));
    QSignalSpy touched(&editor, &RulesEditorController::readOnlyTouched);
    const auto before = editor.documents();
    const auto rule = before->pack().rules.front().id;
    const auto after = before->withStatus(rule, classify::RuleStatus::Retired);
    QVERIFY(after.has_value());
    QVERIFY(!editor.editDocuments(*after, rule, QStringLiteral("retire")));
    QCOMPARE(touched.count(), 1);
    QVERIFY(*editor.documents() == *before);
}

void RulesTabsTest::tab_withoutFailures_offersToImport()
{
    SmallSession empty;
    empty.session.createWorkspace(empty.path());
    RulesMiningPanel panel(empty.session);
    QSignalSpy asked(&panel, &Page::navigationRequested);
    panel.show();
    QPushButton *offered = nullptr;
    for (auto *button : panel.findChildren<QPushButton *>())
        if (button->isVisible())
            offered = button;
    QVERIFY(offered != nullptr);
    QCOMPARE(offered->text(), QStringLiteral("Import"));
    offered->click();
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("data"));
}

QTEST_MAIN(RulesTabsTest)
#include "tst_rules_tabs.moc"

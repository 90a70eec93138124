#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what they bring from the standard library
#include "desktop/pages/rules_columns.hpp"
#include "desktop/pages/rules_editor_checks.hpp"
#include "desktop/pages/rules_editor_effect.hpp"
#include "desktop/pages/rules_editor_samples.hpp"
#include "desktop/pages/rules_editor_view.hpp"
#endif
#include "desktop/pages/rules_detail_panel.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_list.hpp"
#include "desktop/pages/rules_editor_notice.hpp"
#include "desktop/pages/rules_page.hpp"
#include "desktop/pages/rules_trial_panel.hpp"
#include "desktop/shell/main_window.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/message_bar.hpp"
#include "desktop/widgets/table_view.hpp"
#include "formats/file.hpp"
#include "small_history.hpp"

#include <QComboBox>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTest>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

/// What the window and the Rules page tell of files, of what is unsaved, and of what went wrong.
class RulesPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void title_editedRules_areMarkedUntilSaved();
    void title_editedPolicy_isMarkedUntilSavedOrTakenBack();
    void list_ruleMadeAfterReveal_staysSelected();
    void list_savedRule_losesItsDotAtOnce();
    void list_search_findsEveryWordInAnyField_data();
    void list_search_findsEveryWordInAnyField();
    void message_packMended_goes();
    void message_otherPackChosen_goes();
    void message_ofSomethingElse_staysWhenThePackIsMended();
    void message_saveRefusedForADraft_goesWithTheDraft();
    void verdict_whatCannotBeRead_isADraft_data();
    void verdict_whatCannotBeRead_isADraft();
    void verdict_exitCodeMended_goesIntoTheFile();
    void verdict_capturesMended_goIntoTheFile();
    void head_twoFolders_namesBoth();
    void notice_packBroken_saysInFullWhichRulesAreInForce();
    void effect_rulesNotCompiledYet_asksForNoImport();
    void effect_savedRules_saysThatFiguresAreOfTheOlderOnes();
    void effect_fileMissing_saysWhatItIsComparedWith();
    void samples_edited_areNotJudgedByTheOlderRun();
    void trial_edited_isGreyUntilItIsTriedAgain();
    void trial_ordinaryWindow_hasMostOfTheRoom();
    void view_smallWindow_showsAllItsTabs();
    void trial_retiredRule_saysWhyItDoesNotMatch();
    void overview_narrowPane_showsTheActionWhole();

private:
    void editTitle(const std::string &title);
    [[nodiscard]] RulesEditorController &editor() const { return *m_window->findChild<RulesEditorController *>(); }
    [[nodiscard]] MessageBar &bar() const { return *m_window->findChild<MessageBar *>(); }
    [[nodiscard]] QString firstRule() const;
    [[nodiscard]] QString rules() const { return m_small->folder.filePath(QStringLiteral("rules.yaml")); }
    void breakThePack();
    void changePattern();
    /// Types into a field of the Verdict tab in place of what it has.
    void typeVerdict(const QString &field, const QString &typed);
    [[nodiscard]] RuleEffectCard &effect() const { return *m_window->findChild<RuleEffectCard *>(); }
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
};

namespace
{

QString tipsOf(const QWidget &in)
{
    QStringList tips;
    for (const auto *label : in.findChildren<QLabel *>())
        tips << label->toolTip();
    return tips.join(QLatin1Char('\n'));
}

bool saysAnywhere(const QWidget &in, const QString &words)
{
    for (const auto *label : in.findChildren<QLabel *>())
        if (label->text().contains(words))
            return true;
    return false;
}

} // namespace

void RulesPageTest::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
    m_settings = std::make_unique<QSettings>(m_small->folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
}

void RulesPageTest::init()
{
    tests::writeFile(rules(), tests::smallPack());
    m_small->session.setRulePaths({rules()});
    m_small->session.undoStack()->clear();
    QVERIFY(SmallSession::waitFor([&] { return m_small->hasSmallPack() && !m_small->session.rulesError(); }));
    m_window = std::make_unique<MainWindow>(m_small->session, *m_settings);
    m_window->show();
    m_window->showPage(QStringLiteral("rules"), QStringLiteral("overview:test.heap"));
    QVERIFY(SmallSession::waitFor([&] { return editor().opened() && firstRule().contains(QLatin1String("Heap")); }));
}

void RulesPageTest::cleanup()
{
    m_window.reset();
}

void RulesPageTest::editTitle(const std::string &title)
{
    auto rule = editor().rule();
    QVERIFY(rule.has_value());
    rule->title = title;
    editor().edit(*rule, QStringLiteral("title"));
}

QString RulesPageTest::firstRule() const
{
    const auto *list = m_window->findChild<RulesListPanel *>();
    for (const auto *table : list->findChildren<TableView *>())
        if (table->accessibleName() == QLatin1String("Rules"))
            return table->model()->index(0, 0).data().toString();
    return {};
}

void RulesPageTest::title_editedRules_areMarkedUntilSaved()
{
    QVERIFY(!m_window->isWindowModified());
    editTitle("Full");
    QVERIFY(m_window->isWindowModified());
    m_window->save();
    QVERIFY(!m_window->isWindowModified());
    m_small->session.undoStack()->undo();
    QVERIFY(m_window->isWindowModified());
    m_small->session.undoStack()->redo();
    QVERIFY(!m_window->isWindowModified());
}

void RulesPageTest::title_editedPolicy_isMarkedUntilSavedOrTakenBack()
{
    auto policy = m_small->session.policy();
    policy.disabledRules.insert("test.heap");
    m_small->session.setPolicy(policy, QStringLiteral("off"));
    QVERIFY(m_window->isWindowModified());
    m_small->session.undoStack()->undo();
    QVERIFY(!m_window->isWindowModified());
    m_small->session.undoStack()->redo();
    m_window->save();
    QVERIFY(!m_window->isWindowModified());
    m_small->session.undoStack()->undo();
    QVERIFY(m_window->isWindowModified());
    m_window->save();
    QVERIFY(!m_window->isWindowModified());
}

void RulesPageTest::list_ruleMadeAfterReveal_staysSelected()
{
    editor().addBlank();
    const auto *list = m_window->findChild<RulesListPanel *>();
    QVERIFY(SmallSession::waitFor([&] { return list->line("new.rule") != nullptr; }));
    QCOMPARE(editor().selected(), std::string("new.rule"));
}

void RulesPageTest::list_savedRule_losesItsDotAtOnce()
{
    editTitle("Heap again");
    QVERIFY(SmallSession::waitFor([&] { return firstRule() == QString::fromUtf8("• Heap again"); }));
    m_window->save();
    QCOMPARE(firstRule(), QStringLiteral("Heap again"));
}

void RulesPageTest::list_search_findsEveryWordInAnyField_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("found");
    QTest::newRow("the id") << "test.heap" << true;
    QTest::newRow("a title in other case") << "HEAP IS" << true;
    QTest::newRow("the file") << "rules.yaml" << true;
    QTest::newRow("words of several fields") << "  rules.yaml   full test.he " << true;
    QTest::newRow("one word that is nowhere") << "test.heap sky" << false;
}

void RulesPageTest::list_search_findsEveryWordInAnyField()
{
    QFETCH(QString, words);
    QFETCH(bool, found);
    for (auto *line : m_window->findChild<RulesListPanel *>()->findChildren<QLineEdit *>())
        if (line->accessibleName() == QLatin1String("Search rules"))
            line->setText(words);
    QCOMPARE(firstRule().contains(QLatin1String("Heap")), found);
    const auto &list = *m_window->findChild<RulesListPanel *>();
    QCOMPARE(saysAnywhere(list, QStringLiteral("0 of 1 rules")), !found);
    QCOMPARE(list.findChild<EmptyState *>()->isVisible(), !found);
    if (found)
        return;
    QVERIFY(saysAnywhere(list, QStringLiteral("None of 1 rules has every word of “test.heap sky”")));
    list.findChild<EmptyState *>()->findChild<QPushButton *>()->click();
    QVERIFY(firstRule().contains(QLatin1String("Heap")) && saysAnywhere(list, QStringLiteral("1 rule")));
}

void RulesPageTest::breakThePack()
{
    tests::writeFile(rules(), "schema: 1\nrules: [\n");
    QVERIFY(SmallSession::waitFor([&] { return m_small->session.rulesError().has_value(); }));
    QVERIFY(bar().isVisible());
}

void RulesPageTest::message_packMended_goes()
{
    breakThePack();
    tests::writeFile(rules(), tests::smallPack());
    QVERIFY(SmallSession::waitFor([&] { return !m_small->session.rulesError().has_value(); }));
    QVERIFY(!bar().isVisible());
}

void RulesPageTest::message_otherPackChosen_goes()
{
    breakThePack();
    const QString other = m_small->folder.filePath(QStringLiteral("other.yaml"));
    tests::writeFile(other, tests::smallPack());
    m_small->session.setRulePaths({other});
    QVERIFY(SmallSession::waitFor([&] { return !m_small->session.rulesError().has_value(); }));
    QVERIFY(!bar().isVisible());
}

void RulesPageTest::message_ofSomethingElse_staysWhenThePackIsMended()
{
    breakThePack();
    QVERIFY(SmallSession::waitFor([&] { return !editor().conflicts().empty(); }));
    Q_EMIT m_small->session.errorOccurred(base::makeError(base::ErrorCode::Io, "The disk is full"));
    // At once: a file that is found half written is another error, which is shown in its turn.
    QVERIFY(formats::writeFileAtomically(rules().toStdString(), tests::smallPack().toStdString()).has_value());
    QVERIFY(SmallSession::waitFor([&] { return !m_small->session.rulesError().has_value(); }));
    QVERIFY(bar().isVisible());
    QVERIFY(saysAnywhere(bar(), QStringLiteral("The disk is full")));
}

void RulesPageTest::message_saveRefusedForADraft_goesWithTheDraft()
{
    editor().duplicate(); // test.heap_copy
    auto rule = editor().rule();
    rule->id = "test.heap";
    editor().edit(*rule, QStringLiteral("id"));
    QVERIFY(!editor().save());
    QVERIFY(bar().isVisible());
    editTitle("Still taken");
    QVERIFY(bar().isVisible());
    m_small->session.undoStack()->undo();
    m_small->session.undoStack()->undo();
    QVERIFY(editor().state().drafts.empty());
    QVERIFY(!bar().isVisible());
}

void RulesPageTest::typeVerdict(const QString &field, const QString &typed)
{
    m_window->showPage(QStringLiteral("rules"), QStringLiteral("verdict:test.heap"));
    QWidget *found = nullptr;
    for (auto *each : m_window->findChild<RulesEditorView *>()->findChildren<QWidget *>())
        found = each->accessibleName() == field ? each : found;
    QVERIFY(found != nullptr);
    QTest::keyClick(found, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(found, Qt::Key_Delete);
    for (const QChar each : typed)
        each == QLatin1Char('\n') ? QTest::keyClick(found, Qt::Key_Return) : QTest::keyClick(found, each.toLatin1());
}

void RulesPageTest::verdict_whatCannotBeRead_isADraft_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("why");
    const QString code = QStringLiteral("Exit code");
    const QString captures = QStringLiteral("Captures");
    QTest::newRow("a word for an exit code") << code << "abc"
                                             << "The exit code 'abc' is no number";
    QTest::newRow("two exit codes") << code << "137, 143"
                                    << "The exit code '137, 143' is no number";
    QTest::newRow("a minus sign alone") << code << "-"
                                        << "The exit code '-' is no number";
    QTest::newRow("a capture that is a word") << captures << "DELRULE"
                                              << "The capture 'DELRULE' has no unit";
    QTest::newRow("a capture without a colon") << captures << "used bytes oops"
                                               << "The capture 'used bytes oops' has no unit";
    QTest::newRow("a capture after a right one") << captures << "asked: bytes\noops"
                                                 << "The capture 'oops' has no unit";
    QTest::newRow("a capture without a name") << captures << ": bytes"
                                              << "The capture ': bytes' has no unit";
    QTest::newRow("a capture declared twice") << captures << "used: bytes\nused: count"
                                              << "The capture 'used: count' has no unit";
    QTest::newRow("a unit that is none") << captures << "used: miles"
                                         << "'miles' is no unit";
}

void RulesPageTest::verdict_whatCannotBeRead_isADraft()
{
    QFETCH(QString, field);
    QFETCH(QString, typed);
    QFETCH(QString, why);
    typeVerdict(field, typed);
    const auto *view = m_window->findChild<RulesEditorView *>();
    QVERIFY(saysAnywhere(*view, QStringLiteral("Not in its file yet: ") + why));
    QVERIFY(SmallSession::waitFor([&] { return firstRule().startsWith(QStringLiteral("⚠ ")); }));
    QVERIFY(!editor().save());
    QVERIFY(saysAnywhere(bar(), why));
    // Another field leaves it, and so does looking at the rule again.
    editTitle("Heap again");
    Q_EMIT editor().selectionChanged();
    QVERIFY(saysAnywhere(*view, QStringLiteral("Not in its file yet: ") + why));
    for (const auto *line : view->findChildren<QLineEdit *>())
        if (line->accessibleName() == field)
            QCOMPARE(line->text(), typed);
    for (const auto *lines : view->findChildren<QPlainTextEdit *>())
        if (lines->accessibleName() == field)
            QCOMPARE(lines->toPlainText(), typed);
    while (m_small->session.undoStack()->canUndo())
        m_small->session.undoStack()->undo();
    QVERIFY(editor().state().drafts.empty());
    QVERIFY(!editor().dirty());
}

void RulesPageTest::verdict_exitCodeMended_goesIntoTheFile()
{
    typeVerdict(QStringLiteral("Exit code"), QStringLiteral("abc"));
    typeVerdict(QStringLiteral("Exit code"), QStringLiteral("-9"));
    QVERIFY(editor().state().drafts.empty());
    QCOMPARE(editor().rule()->exitCode, std::optional(-9));
    typeVerdict(QStringLiteral("Exit code"), {});
    QVERIFY(!editor().rule()->exitCode);
}

void RulesPageTest::verdict_capturesMended_goIntoTheFile()
{
    typeVerdict(QStringLiteral("Captures"), QStringLiteral("used"));
    QVERIFY(!editor().state().drafts.empty());
    typeVerdict(QStringLiteral("Captures"), QStringLiteral("used: bytes\nasked: count"));
    QVERIFY(editor().state().drafts.empty());
    const std::map<std::string, std::string> wanted{{"asked", "count"}, {"used", "bytes"}};
    QVERIFY(editor().rule()->captures == wanted);
}

void RulesPageTest::head_twoFolders_namesBoth()
{
    const QString first = m_small->folder.filePath(QStringLiteral("packs/base"));
    const QString second = m_small->folder.filePath(QStringLiteral("packs/extra"));
    QVERIFY(QDir().mkpath(first) && QDir().mkpath(second));
    tests::writeFile(first + QStringLiteral("/a.yaml"), tests::smallPack());
    tests::writeFile(second + QStringLiteral("/b.yaml"), tests::smallPack("sky").replace("test.heap", "test.sky"));
    m_small->session.setRulePaths({first, second});
    const auto *page = m_window->findChild<RulesPage *>();
    QVERIFY(SmallSession::waitFor([&] { return saysAnywhere(*page, QStringLiteral("2 rules, base, extra")); }, 20'000));
}

void RulesPageTest::notice_packBroken_saysInFullWhichRulesAreInForce()
{
    m_window->resize(1024, 768);
    breakThePack();
    QVERIFY(SmallSession::waitFor([&] { return !editor().conflicts().empty(); }));
    const QString words =
        QStringLiteral("The newest files do not compile: the rules of before stay in force (1 of them).");
    const QLabel *label = nullptr;
    for (const auto *each : m_window->findChild<RulesNotice *>()->findChildren<QLabel *>())
        label = each->text().contains(words) ? each : label;
    QVERIFY(label != nullptr && label->isVisible());
    QVERIFY(label->wordWrap());
    QVERIFY(SmallSession::waitFor([&] { return label->height() >= label->heightForWidth(label->width()); }));
}

void RulesPageTest::changePattern()
{
    auto rule = editor().rule();
    QVERIFY(rule.has_value());
    rule->any = {"OutOfMemoryError"};
    editor().edit(*rule, QStringLiteral("pattern"));
}

void RulesPageTest::effect_savedRules_saysThatFiguresAreOfTheOlderOnes()
{
    QVERIFY(SmallSession::waitFor([&] { return saysAnywhere(effect(), QStringLiteral("As last classified: edit")); }));
    changePattern();
    QVERIFY(editor().save());
    QVERIFY(SmallSession::waitFor([&] {
        return saysAnywhere(effect(), QStringLiteral("As last classified, by other rules than those in force: "
                                                     "classify again"));
    }));
    QVERIFY(tipsOf(effect()).contains(QStringLiteral("Since the last classification: 1 rule changed (test.heap).")));
}

void RulesPageTest::effect_fileMissing_saysWhatItIsComparedWith()
{
    QVERIFY(QFile::remove(rules()));
    QVERIFY(SmallSession::waitFor(
        [&] { return saysAnywhere(effect(), QStringLiteral("Against the rules of before: Of ")); }));
    QVERIFY(saysAnywhere(effect(), QStringLiteral("become unclassified")));
}

void RulesPageTest::samples_edited_areNotJudgedByTheOlderRun()
{
    const auto *checks = m_window->findChild<RulesEditorChecks *>();
    const auto *view = m_window->findChild<RulesEditorView *>();
    QVERIFY(SmallSession::waitFor([&] { return !checks->checking(); }));
    QVERIFY(saysAnywhere(view->samples(), QStringLiteral("1 of 1 pass")));
    QVERIFY(saysAnywhere(*m_window, QString::fromUtf8("✓ 1 samples pass")));
    changePattern();
    QVERIFY(checks->checking());
    QVERIFY(saysAnywhere(view->samples(), QString::fromUtf8("Checking 1 against the whole pack…")));
    QVERIFY(!saysAnywhere(*m_window, QStringLiteral("samples pass")));
    QVERIFY(SmallSession::waitFor([&] { return saysAnywhere(view->samples(), QStringLiteral("1 of 1 pass")); }));
}

void RulesPageTest::trial_edited_isGreyUntilItIsTriedAgain()
{
    const auto *trial = m_window->findChild<RuleTrialPanel *>();
    const auto answer = [&] {
        for (const auto *label : trial->findChildren<QLabel *>())
            if (label->text() == trial->answer())
                return label;
        return static_cast<const QLabel *>(nullptr);
    };
    const auto settled = [&] { return trial->answer().contains(QLatin1String("wins")) && answer()->isEnabled(); };
    QVERIFY(SmallSession::waitFor(settled));
    changePattern();
    QVERIFY(!answer()->isEnabled());
    QVERIFY(SmallSession::waitFor(settled));
}

void RulesPageTest::trial_ordinaryWindow_hasMostOfTheRoom()
{
    m_window->resize(1280, 800);
    const auto *trial = m_window->findChild<RuleTrialPanel *>();
    QVERIFY(SmallSession::waitFor([&] { return trial->answer().contains(QLatin1String("wins")); }));
    QTest::qWait(1);
    const auto *log = trial->findChild<QPlainTextEdit *>();
    QVERIFY2(log->height() > effect().height(),
             qPrintable(QStringLiteral("%1 beside %2").arg(log->height()).arg(effect().height())));
    // What the effect says unasked is in sight.
    for (const auto *label : effect().findChildren<QLabel *>())
        if (label->isVisible() && !label->text().isEmpty())
            QVERIFY2(label->visibleRegion().boundingRect().height() >= label->height(), qPrintable(label->text()));
}

void RulesPageTest::view_smallWindow_showsAllItsTabs()
{
    m_window->resize(1024, 700);
    QTest::qWait(1);
    const auto *bar = m_window->findChild<RulesEditorView *>()->findChild<QTabBar *>();
    QVERIFY2(bar->tabRect(bar->count() - 1).right() < bar->width(),
             qPrintable(QStringLiteral("%1 of %2").arg(bar->tabRect(bar->count() - 1).right()).arg(bar->width())));
    QCOMPARE(bar->tabRect(0).left(), 0);
}

void RulesPageTest::effect_rulesNotCompiledYet_asksForNoImport()
{
    Session session(SmallSession::resources());
    session.openWorkspace(m_small->path());
    QVERIFY(!session.rules());
    RulesPage page(session);
    page.show();
    page.activate();
    const auto *effect = page.findChild<RuleEffectCard *>();
    QVERIFY(!saysAnywhere(*effect, QStringLiteral("Import a history")));
    QVERIFY(saysAnywhere(*effect, QStringLiteral("The rules are being compiled…")));
    QVERIFY(SmallSession::waitFor([&] { return saysAnywhere(*effect, QStringLiteral("As last classified")); }));
}

void RulesPageTest::trial_retiredRule_saysWhyItDoesNotMatch()
{
    editor().setStatus(classify::RuleStatus::Retired);
    const auto *trial = m_window->findChild<RuleTrialPanel *>();
    QVERIFY(SmallSession::waitFor(
        [&] {
            return saysAnywhere(*trial, QStringLiteral("Its patterns are found in this log, but the rule is retired: "
                                                       "only active rules classify."));
        },
        20'000));
    // A draft is tried as if it were active, unless it takes an active rule out of the pack.
    editor().setStatus(classify::RuleStatus::Draft);
    QVERIFY(SmallSession::waitFor(
        [&] { return saysAnywhere(*trial, QStringLiteral("but the rule is draft: only active rules classify.")); },
        20'000));
    QVERIFY(editor().save());
    QVERIFY(SmallSession::waitFor([&] { return trial->answer().contains(QLatin1String("executor_heap")); }, 20'000));
    QVERIFY(!saysAnywhere(*trial, QStringLiteral("only active rules classify")));
}

void RulesPageTest::overview_narrowPane_showsTheActionWhole()
{
    RuleDetailPanel panel;
    RuleLine line;
    line.rule.id = "test.heap";
    line.rule.action = model::RuleAction::AskModel;
    panel.setRule(line, {});
    panel.resize(300, 500);
    panel.show();
    const auto *action = panel.findChild<QComboBox *>();
    QVERIFY(SmallSession::waitFor([&] { return action->isVisible(); }));
    QVERIFY2(action->width() >= action->sizeHint().width(), qPrintable(QString::number(action->sizeHint().width())));
    QVERIFY(panel.width() <= 320);
}

QTEST_MAIN(RulesPageTest)
#include "tst_rules_page.moc"

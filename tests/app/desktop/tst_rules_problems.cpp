#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what they bring from the standard library
#include "desktop/pages/rules_editor_checks.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_list.hpp"
#endif
#include "desktop/widgets/table_view.hpp"
#include "small_history.hpp"

#include <QComboBox>
#include <QTabWidget>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

namespace
{

/// Rules of one pattern each, without samples.
QByteArray rule(const QByteArray &id, const QByteArray &pattern, const QByteArray &sample = {})
{
    return "  - id: " + id + "\n    title: " + id
           + "\n    class: service.unavailable\n    domain: platform\n    transient: true\n    action: retry\n"
             "    match:\n      any:\n        - '"
           + pattern + "'\n"
           + (sample.isEmpty() ? QByteArray() : "    samples:\n      positive:\n        - '" + sample + "'\n");
}

PackProblem problem(const char *id, const char *kind, classify::Severity severity, const char *message)
{
    return {id, kind, message, "/x/y.yaml", 7, severity};
}

/// As a pack for many systems has them, in the order of the checks.
std::vector<PackProblem> manyProblems()
{
    using classify::Severity;
    std::vector<PackProblem> problems{
        problem("a.heap", "failing_sample", Severity::Error, "The sample 'out of heap' should be won by the rule"),
        problem("b.net", "overlapping", Severity::Warning, "Its pattern stands in another rule too"),
        problem("b.net", "no_samples", Severity::Warning, "It has no negative sample"),
        problem("c.disk", "dead_pattern", Severity::Note, "A pattern is not needed")};
    for (int i = 0; i < 1200; ++i)
        problems.push_back(problem(("z." + std::to_string(i)).c_str(), "never_hit", Severity::Warning,
                                   "It matches none of 1,140 failures."));
    return problems;
}

QStringList entries(const QComboBox &box)
{
    QStringList all;
    for (int i = 0; i < box.count(); ++i)
        if (!box.itemText(i).isEmpty()) // no separator
            all << box.itemText(i);
    return all;
}

void choose(QComboBox &box, const char *beginning)
{
    for (int i = 0; i < box.count(); ++i)
        if (box.itemText(i).startsWith(QLatin1String(beginning)))
            box.setCurrentIndex(i);
}

} // namespace

class RulesProblemsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tab_manyNeverHit_namesTheWorstFirst();
    void table_narrowList_showsWhatIsWrongAndOfWhich();
    void kinds_chosen_showsThoseAloneAndStaysWhenCheckedAgain();
    void tab_nothingChecked_claimsNothing();
    void copy_problem_hasWhatItsRowDoesNotShow();
    void next_kindChosen_goesThroughThatKind();
    void checks_history_comesLast();
    void checks_editAfterTheHistory_dropsOnlyWhatTheRuleShowed();
    void checks_editWhileTheHistoryIsRead_stillAnswers();
    void checks_otherHistory_dropsWhatTheLastShowed();
    void checks_otherHistoryWhileOneIsRead_answersOfTheNewOne();
    void checks_otherHistoryWhileItsFindingsAreCarriedOn_dropsThem();
    void checks_historyAnswered_isNotReadAnewByEdits();

private:
    [[nodiscard]] TableView *table() const;
    [[nodiscard]] QComboBox *kinds() const { return m_list->findChild<QComboBox *>(); }
    std::unique_ptr<RulesListPanel> m_list;
};

void RulesProblemsTest::init()
{
    m_list = std::make_unique<RulesListPanel>();
    m_list->resize(290, 500);
    m_list->show();
    m_list->setProblems(manyProblems(), false);
    m_list->showProblems();
    QTest::qWait(1);
}

TableView *RulesProblemsTest::table() const
{
    for (auto *each : m_list->findChildren<TableView *>())
        if (each->accessibleName() == QLatin1String("Problems of the pack"))
            return each;
    return nullptr;
}

void RulesProblemsTest::tab_manyNeverHit_namesTheWorstFirst()
{
    auto *tabs = m_list->findChild<QTabWidget *>();
    QVERIFY2(tabs->tabText(1).startsWith(QLatin1String("1 error")), qPrintable(tabs->tabText(1)));
    QVERIFY2(tabs->tabText(1).endsWith(QChar(0x2026)), qPrintable(tabs->tabText(1)));
    QVERIFY(tabs->tabToolTip(1).contains(QLatin1String("Never hit: 1,200")));
    m_list->resize(700, 500);
    QTest::qWait(1);
    QCOMPARE(tabs->tabText(1), QStringLiteral("1 error, 2 warnings, 1 note, 1,200 never hit"));
    m_list->setProblems({}, false);
    QCOMPARE(tabs->tabText(1), QStringLiteral("No problems"));
}

void RulesProblemsTest::table_narrowList_showsWhatIsWrongAndOfWhich()
{
    auto *shown = table();
    QVERIFY(shown->columnViewportPosition(kProblemText) >= 0);
    QVERIFY(shown->columnViewportPosition(kProblemText) + shown->columnWidth(kProblemText)
            <= shown->viewport()->width());
    QVERIFY(shown->columnWidth(kProblemText) > 200);
    // The second line has the rule and the kind; what a row cuts, its tool tip has whole.
    QVERIFY(shown->rowHeight(0) >= 2 * shown->fontMetrics().height());
    const QString tip = shown->model()->index(0, kProblemText).data(Qt::ToolTipRole).toString();
    for (const char *part : {"The sample 'out of heap' should be won by the rule", "a.heap", "failing sample"})
        QVERIFY2(tip.contains(QLatin1String(part)), qPrintable(tip));
}

void RulesProblemsTest::kinds_chosen_showsThoseAloneAndStaysWhenCheckedAgain()
{
    QCOMPARE(entries(*kinds()), (QStringList{QStringLiteral("All problems (1,204)"), QStringLiteral("Errors (1)"),
                                             QStringLiteral("Warnings (2)"), QStringLiteral("Notes (1)"),
                                             QStringLiteral("Failing sample (1)"), QStringLiteral("Overlapping (1)"),
                                             QStringLiteral("Missing sample (1)"), QStringLiteral("Dead pattern (1)"),
                                             QStringLiteral("Never hit (1,200)")}));
    const std::pair<const char *, int> counts[] = {
        {"Errors", 1}, {"Warnings", 2}, {"Never hit", 1200}, {"Failing", 1}, {"All", 1204}};
    for (const auto &[name, count] : counts) {
        choose(*kinds(), name);
        QCOMPARE(table()->model()->rowCount(), count);
    }
    choose(*kinds(), "Warnings");
    auto problems = manyProblems();
    problems.erase(problems.begin() + 1);
    m_list->setProblems(problems, false);
    QCOMPARE(kinds()->currentText(), QStringLiteral("Warnings (1)"));
    QCOMPARE(table()->model()->rowCount(), 1);
    // Of a kind that is gone nothing would be seen.
    problems.erase(problems.begin() + 1);
    m_list->setProblems(problems, false);
    QCOMPARE(table()->model()->rowCount(), 1202);
}

void RulesProblemsTest::tab_nothingChecked_claimsNothing()
{
    RulesListPanel list;
    list.resize(330, 500);
    list.show();
    const auto *tabs = list.findChild<QTabWidget *>();
    QCOMPARE(tabs->tabText(1), QStringLiteral("Problems"));
    list.setProblems({}, false);
    QCOMPARE(tabs->tabText(1), QStringLiteral("No problems"));
    list.setProblems(manyProblems(), false);
    list.forgetProblems();
    QCOMPARE(tabs->tabText(1), QStringLiteral("Problems"));
    for (const auto *each : list.findChildren<TableView *>())
        QCOMPARE(each->model()->rowCount(), 0);
}

void RulesProblemsTest::copy_problem_hasWhatItsRowDoesNotShow()
{
    table()->selectRow(0);
    const QString copied = table()->selectionText();
    for (const char *part : {"a.heap", "failing sample", "y.yaml", "7", "out of heap"})
        QVERIFY2(copied.contains(QLatin1String(part)), qPrintable(copied));
}

void RulesProblemsTest::next_kindChosen_goesThroughThatKind()
{
    QStringList rules;
    connect(m_list.get(), &RulesListPanel::problemActivated, this,
            [&](const QString &id, int line) { rules << id + QString::number(line); });
    choose(*kinds(), "Notes");
    m_list->nextProblem();
    m_list->nextProblem();
    choose(*kinds(), "Errors");
    m_list->nextProblem();
    QCOMPARE(rules, (QStringList{QStringLiteral("c.disk7"), QStringLiteral("c.disk7"), QStringLiteral("a.heap7")}));
}

namespace
{

/// A pack with two rules that never hit, one whose sample fails, and the checks of it.
struct CheckedPack {
    bool open()
    {
        if (!small.fill())
            return false;
        tests::writeFile(small.folder.filePath(QStringLiteral("rules.yaml")),
                         tests::smallPack("OutOfMemoryError") + rule("test.one", "one that is never written")
                             + rule("test.two", "two that is never written", "another text"));
        QSignalSpy changed(&small.session, &Session::rulesChanged);
        small.session.setRulePaths({small.folder.filePath(QStringLiteral("rules.yaml"))});
        controller = std::make_unique<RulesEditorController>(small.session);
        controller->open();
        if (!SmallSession::waitFor([&] { return controller->opened() && controller->state().ids().size() == 3; }))
            return false;
        checks = std::make_unique<RulesEditorChecks>(*controller);
        return SmallSession::waitFor([&] { return !checks->checking(); });
    }
    bool run()
    {
        checks->runNow();
        return settle();
    }
    bool settle()
    {
        return SmallSession::waitFor([&] { return !checks->checking(); });
    }
    void edit(const std::string &id, const std::function<void(classify::Rule &)> &how)
    {
        controller->select(id);
        auto changed = *controller->rule();
        how(changed);
        controller->edit(changed, QStringLiteral("field"));
    }
    QStringList neverHit() const
    {
        QStringList ids;
        for (const auto &each : checks->checks().problems)
            if (each.kind == "never_hit")
                ids << QString::fromStdString(each.rule);
        return ids;
    }

    SmallSession small;
    std::unique_ptr<RulesEditorController> controller;
    std::unique_ptr<RulesEditorChecks> checks;
};

const QStringList kBoth{QStringLiteral("test.one"), QStringLiteral("test.two")};

} // namespace

void RulesProblemsTest::checks_history_comesLast()
{
    CheckedPack pack;
    QVERIFY(pack.open());
    QVERIFY(pack.neverHit().isEmpty());
    QVERIFY(pack.run());
    QCOMPARE(pack.neverHit(), kBoth);
    const auto &problems = pack.checks->checks().problems;
    QVERIFY(problems.front().severity == classify::Severity::Error);
    QCOMPARE(problems.front().kind, std::string("failing_sample"));
    QCOMPARE(problems[problems.size() - 2].kind, std::string("never_hit"));
}

void RulesProblemsTest::checks_editAfterTheHistory_dropsOnlyWhatTheRuleShowed()
{
    CheckedPack pack;
    QVERIFY(pack.open() && pack.run());
    // What decides nothing about its texts leaves what they showed.
    pack.edit("test.one", [](classify::Rule &r) { r.title = "Another title"; });
    QVERIFY(pack.settle());
    QCOMPARE(pack.neverHit(), kBoth);
    pack.edit("test.one", [](classify::Rule &r) { r.any.front() = "the sky fell"; });
    QVERIFY(pack.settle());
    QCOMPARE(pack.neverHit(), QStringList{QStringLiteral("test.two")});
    pack.small.session.undoStack()->undo();
    QVERIFY(pack.settle());
    QCOMPARE(pack.neverHit(), kBoth);
}

void RulesProblemsTest::checks_editWhileTheHistoryIsRead_stillAnswers()
{
    CheckedPack pack;
    QVERIFY(pack.open());
    pack.checks->runNow();
    pack.edit("test.heap", [](classify::Rule &r) { r.title = "Another title"; });
    QVERIFY(pack.settle());
    QCOMPARE(pack.neverHit(), kBoth);
}

void RulesProblemsTest::checks_otherHistory_dropsWhatTheLastShowed()
{
    CheckedPack pack;
    QVERIFY(pack.open() && pack.run());
    pack.checks->forgetHistory();
    QVERIFY(pack.settle());
    QVERIFY(pack.neverHit().isEmpty());
    QVERIFY(!pack.checks->checks().problems.empty());
}

void RulesProblemsTest::checks_otherHistoryWhileOneIsRead_answersOfTheNewOne()
{
    CheckedPack pack;
    QVERIFY(pack.open());
    pack.checks->runNow();
    pack.checks->forgetHistory();
    QTest::qWait(300); // long enough for what was being read, had it gone on
    QVERIFY(!pack.checks->checks().history);
    QVERIFY(pack.checks->checking());
    QVERIFY(pack.settle());
    QVERIFY(pack.checks->checks().history); // it was asked for, and is answered of what is there now
    QCOMPARE(pack.neverHit(), kBoth);
}

void RulesProblemsTest::checks_otherHistoryWhileItsFindingsAreCarriedOn_dropsThem()
{
    CheckedPack pack;
    QVERIFY(pack.open() && pack.run());
    pack.edit("test.one", [](classify::Rule &r) { r.title = "Another title"; });
    bool forgotten = false;
    connect(pack.checks.get(), &RulesEditorChecks::checksChanged, pack.checks.get(), [&] {
        if (!std::exchange(forgotten, true)) // the check that the edit asked for begins, with the findings of before
            pack.checks->forgetHistory();
    });
    QVERIFY(SmallSession::waitFor([&] { return forgotten; }));
    QVERIFY(pack.settle());
    QVERIFY(!pack.checks->checks().history);
    QVERIFY(pack.neverHit().isEmpty());
}

void RulesProblemsTest::checks_historyAnswered_isNotReadAnewByEdits()
{
    CheckedPack pack;
    QVERIFY(pack.open() && pack.run());
    const auto read = pack.checks->checks().history;
    QVERIFY(read);
    pack.edit("test.one", [](classify::Rule &r) { r.title = "Another title"; });
    QVERIFY(pack.settle());
    QVERIFY(pack.checks->checks().history == read);
    // An edit while it is read asks for it once more, and only once.
    pack.checks->runNow();
    pack.edit("test.one", [](classify::Rule &r) { r.title = "A third title"; });
    QVERIFY(pack.settle());
    const auto again = pack.checks->checks().history;
    QVERIFY(again && again != read);
    pack.edit("test.one", [](classify::Rule &r) { r.title = "A fourth title"; });
    QVERIFY(pack.settle());
    QVERIFY(pack.checks->checks().history == again);
}

QTEST_MAIN(RulesProblemsTest)
#include "tst_rules_problems.moc"

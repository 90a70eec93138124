#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what it brings from the standard library
#include "desktop/pages/rules_columns.hpp"
#include "desktop/pages/rules_editor_effect.hpp"
#endif
#include "desktop/pages/rules_detail_panel.hpp"
#include "desktop/pages/rules_page.hpp"
#include "desktop/pages/rules_trial_panel.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/pattern_edit.hpp"
#include "desktop/widgets/table_view.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

class RulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void page_history_showsHitsOfTheRule();
    void page_smallWindow_fits();
    void page_shortcut_worksWithTheFocusOutsideThePage();
    void page_ruleSwitchedOff_changesPolicyAndShowsTheEffect();
    void page_otherAction_changesPolicyAndCanBeUndone();
    void page_sampleThatFails_isListedAsProblem();
    void ruleColumns_anyLine_makeASoundModel();
    void page_pastedLog_isClassifiedAndMarked();
    void page_typedPattern_changesTheRuleAndItsEffect();
    void effect_progressBarComesOn_movesNothing();
    void page_save_writesTheFile();
    void trial_unclassified_followsAnotherClassification();

private:
    [[nodiscard]] QString effect() const;
    [[nodiscard]] TableView *rulesTable() const;
    /// The page's first tab; the others have tables and figures of their own.
    [[nodiscard]] QWidget *editor() const { return m_page->findChild<QWidget *>(QStringLiteral("rules")); }
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<RulesPage> m_page;
};

void RulesTest::initTestCase()
{
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
}

void RulesTest::init()
{
    m_page = std::make_unique<RulesPage>(m_small->session);
    m_page->resize(1000, 600);
    m_page->show();
    m_page->activate();
    auto *table = rulesTable();
    QVERIFY(SmallSession::waitFor([&] { return table->model()->rowCount() == 1; }));
    m_page->reveal(QStringLiteral("overview:test.heap"));
}

TableView *RulesTest::rulesTable() const
{
    for (auto *table : editor()->findChildren<TableView *>()) {
        if (table->accessibleName() == QLatin1String("Rules"))
            return table;
    }
    return nullptr;
}

QString RulesTest::effect() const
{
    for (const auto *label : editor()->findChildren<QLabel *>()) {
        if (label->text().startsWith(QLatin1String("Net savings")))
            return label->text();
    }
    return {};
}

void RulesTest::page_history_showsHitsOfTheRule()
{
    auto *table = rulesTable();
    const auto wins = m_small->session.info().classes.at("memory_config.executor_heap");
    QVERIFY(
        SmallSession::waitFor([&] { return table->model()->index(0, 4).data().toString() == QString::number(wins); }));
    QVERIFY(m_page->findChild<RuleDetailPanel *>()->findChild<QTextBrowser *>()->toPlainText().contains(
        QLatin1String("OutOfMemoryError")));
    QVERIFY(effect().startsWith(QLatin1String("Net savings")));
    // The small history has no models.
    QVERIFY2(effect().endsWith(QLatin1String("no model: rules and base rates alone")), qPrintable(effect()));
}

void RulesTest::page_smallWindow_fits()
{
    // What a window of 1,200 pixels leaves for a page.
    QVERIFY2(m_page->minimumSizeHint().width() <= 980, qPrintable(QString::number(m_page->minimumSizeHint().width())));
}

void RulesTest::page_shortcut_worksWithTheFocusOutsideThePage()
{
    QWidget window;
    auto *layout = new QVBoxLayout(&window);
    auto *outside = new QPushButton(QStringLiteral("outside"), &window);
    layout->addWidget(outside);
    layout->addWidget(m_page.get());
    const auto back = qScopeGuard([this] { m_page->setParent(nullptr); }); // it is the test's, not the window's
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    outside->setFocus();
    QTest::keyClick(outside, Qt::Key_F, Qt::ControlModifier); // search
    QVERIFY(m_page->isAncestorOf(QApplication::focusWidget()));
    m_page->hide();
    outside->setFocus();
    QTest::keyClick(outside, Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(QApplication::focusWidget(), outside);
}

void RulesTest::page_ruleSwitchedOff_changesPolicyAndShowsTheEffect()
{
    auto &session = m_small->session;
    auto *enabled = m_page->findChild<RuleDetailPanel *>()->findChild<QCheckBox *>();
    QVERIFY(enabled->isChecked());
    enabled->click();
    QVERIFY(session.policy().disabledRules.count("test.heap") == 1);
    QVERIFY(SmallSession::waitFor([&] { return !session.stale() && effect().contains(QChar(0x2192)); }));
    QVERIFY(!enabled->isChecked());
    session.undoStack()->undo();
    QVERIFY(session.policy().disabledRules.empty());
    QVERIFY(enabled->isChecked());
    QVERIFY(SmallSession::waitFor([&] { return !session.stale(); }));
    QVERIFY(!effect().contains(QChar(0x2192)));
}

void RulesTest::page_otherAction_changesPolicyAndCanBeUndone()
{
    auto &session = m_small->session;
    auto *action = m_page->findChild<RuleDetailPanel *>()->findChild<QComboBox *>();
    const int stop = action->findData(static_cast<int>(model::RuleAction::Stop));
    action->setCurrentIndex(stop);
    Q_EMIT action->activated(stop);
    QCOMPARE(session.policy().ruleActions.at("test.heap"), model::RuleAction::Stop);
    QVERIFY(rulesTable()->model()->index(0, 3).data().toString().contains(QLatin1String("stop")));
    session.undoStack()->undo();
    QVERIFY(session.policy().ruleActions.empty());
    QCOMPARE(action->currentIndex(), 0);
}

void RulesTest::page_sampleThatFails_isListedAsProblem()
{
    const QString file = m_small->folder.filePath(QStringLiteral("rules.yaml"));
    tests::writeFile(file, tests::smallPack("something else"));
    const auto tables = m_page->findChildren<TableView *>();
    const auto problems = std::find_if(tables.begin(), tables.end(), [](const TableView *table) {
        return table->accessibleName() == QLatin1String("Problems of the pack");
    });
    QVERIFY(problems != tables.end());
    const auto listed = [model = (*problems)->model()] {
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, 1).data().toString() == QLatin1String("failing sample"))
                return true;
        }
        return false;
    };
    QVERIFY(SmallSession::waitFor(listed, 10'000));
    tests::writeFile(file, tests::smallPack());
    QVERIFY(SmallSession::waitFor([&] { return !listed(); }, 10'000));
}

void RulesTest::ruleColumns_anyLine_makeASoundModel()
{
    RowsModel<RuleLine> model(ruleColumns(), nullptr);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    RuleLine off;
    off.rule.id = "a";
    off.enabled = false;
    RuleLine edited;
    edited.otherAction = model::RuleAction::Retry;
    model.setRows({off, edited});
    QCOMPARE(model.index(0, 3).data().toString(), QStringLiteral("switched off"));
    QCOMPARE(model.index(1, 3).data().toString(), QStringLiteral("retry (edited)"));
    RowsModel<PackProblem> problems(problemColumns(), nullptr);
    QAbstractItemModelTester problemTester(&problems, QAbstractItemModelTester::FailureReportingMode::QtTest);
    problems.setRows({{"r", "no_samples", "none", "/x/y.yaml", 3, classify::Severity::Error}});
    QCOMPARE(problems.index(0, 2).data().toString(), QStringLiteral("y.yaml"));
}

void RulesTest::page_pastedLog_isClassifiedAndMarked()
{
    m_page->reveal(QStringLiteral("text:é first line\njava.lang.OutOfMemoryError: Java heap space\n"));
    auto *trial = m_page->findChild<RuleTrialPanel *>();
    QVERIFY(
        SmallSession::waitFor([&] { return trial->answer().contains(QLatin1String("memory_config.executor_heap")); }));
    const auto marks = trial->findChild<QPlainTextEdit *>()->extraSelections();
    QVERIFY(!marks.isEmpty());
    QCOMPARE(marks.first().cursor.selectedText(), QStringLiteral("OutOfMemoryError: Java heap space"));
    m_page->reveal(QStringLiteral("text:all is well"));
    QVERIFY(SmallSession::waitFor([&] { return trial->answer().contains(QLatin1String("unclassified")); }));
    QVERIFY(trial->findChild<QPlainTextEdit *>()->extraSelections().isEmpty());
}

void RulesTest::page_typedPattern_changesTheRuleAndItsEffect()
{
    auto &session = m_small->session;
    m_page->reveal(QStringLiteral("edit:test.heap"));
    auto *effect = m_page->findChild<RuleEffectCard *>();
    const auto says = [&](const QString &words) {
        for (const auto *label : effect->findChildren<QLabel *>()) {
            if (label->text().contains(words))
                return true;
        }
        return false;
    };
    QVERIFY(SmallSession::waitFor([&] { return says(QStringLiteral("As last classified")); }));
    // An unedited rule shows what the stored verdicts say of it.
    const auto wins = session.info().classes.at("memory_config.executor_heap");
    const auto figure = [&](const QString &name) {
        for (const auto *label : effect->findChildren<QLabel *>())
            if (label->accessibleName().startsWith(name))
                return label->text();
        return QString();
    };
    QCOMPARE(figure(QStringLiteral("What the failures it decides cost")), moneyText(1.5 * static_cast<double>(wins)));
    QCOMPARE(figure(QStringLiteral("Successful attempts it matches")), QStringLiteral("0"));
    PatternEdit *field = nullptr;
    for (auto *each : m_page->findChildren<PatternEdit *>()) {
        if (each->accessibleName() == QLatin1String("pattern 1"))
            field = each;
    }
    QVERIFY(field != nullptr);
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("the sky fell"));
    QVERIFY(SmallSession::waitFor([&] { return says(QStringLiteral("newly classified")); }));
    QVERIFY(says(QStringLiteral("become unclassified")));
    QTest::keyClicks(field, QStringLiteral("("));
    QCOMPARE(field->extraSelections().size(), 1);
    while (session.undoStack()->canUndo())
        session.undoStack()->undo();
    QCOMPARE(field->pattern(), QStringLiteral("OutOfMemoryError: Java heap space"));
    QVERIFY(field->extraSelections().isEmpty());
    QVERIFY(SmallSession::waitFor([&] { return says(QStringLiteral("As last classified")); }));
}

void RulesTest::effect_progressBarComesOn_movesNothing()
{
    auto *effect = m_page->findChild<RuleEffectCard *>();
    auto *bar = effect->findChild<QProgressBar *>();
    auto *cancel = effect->findChild<QPushButton *>();
    auto *words = effect->findChild<QScrollArea *>();
    QVERIFY(SmallSession::waitFor([&] { return !bar->isVisible(); }));
    const int least = effect->minimumSizeHint().height();
    const QPoint place = words->pos();
    bar->show();
    cancel->show();
    QTest::qWait(1);
    QCOMPARE(effect->minimumSizeHint().height(), least);
    QCOMPARE(words->pos(), place);
    QVERIFY(!words->geometry().intersects(bar->geometry()));
    bar->hide();
    cancel->hide();
}

void RulesTest::page_save_writesTheFile()
{
    auto &session = m_small->session;
    QVERIFY(!m_page->saveEdits());
    m_page->reveal(QStringLiteral("about:test.heap"));
    QLineEdit *title = nullptr;
    for (auto *line : m_page->findChildren<QLineEdit *>()) {
        if (line->accessibleName() == QLatin1String("Title"))
            title = line;
    }
    QVERIFY(title != nullptr);
    title->selectAll();
    QTest::keyClicks(title, QStringLiteral("Full"));
    QVERIFY(m_page->saveEdits());
    QFile file(m_small->folder.filePath(QStringLiteral("rules.yaml")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("title: Full"));
    while (session.undoStack()->canUndo())
        session.undoStack()->undo();
    QVERIFY(m_page->saveEdits());
}

void RulesTest::trial_unclassified_followsAnotherClassification()
{
    auto &session = m_small->session;
    auto *trial = m_page->findChild<RuleTrialPanel *>();
    auto *source = trial->findChild<QComboBox *>();
    source->setCurrentText(QStringLiteral("Unclassified failures"));
    Q_EMIT source->activated(source->currentIndex());
    QVERIFY(SmallSession::waitFor([&] { return trial->text().contains(QLatin1String("the sky fell")); }));
    tests::writeFile(m_small->folder.filePath(QStringLiteral("rules.yaml")), tests::smallPack("the sky fell"));
    QVERIFY(SmallSession::waitFor([&] { return session.rules()->pack().rules.front().any.front() == "the sky fell"; }));
    session.classify();
    QVERIFY(SmallSession::waitFor([&] { return trial->text().contains(QLatin1String("OutOfMemoryError")); }, 20'000));
}

QTEST_MAIN(RulesTest)
#include "tst_rules.moc"

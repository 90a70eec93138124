#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what it brings from the standard library
#include "desktop/pages/rules_columns.hpp"
#endif
#include "desktop/pages/rules_page.hpp"
#include "desktop/pages/rules_trial_panel.hpp"
#include "desktop/widgets/table_view.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBrowser>

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
    void page_ruleSwitchedOff_changesPolicyAndShowsTheEffect();
    void page_otherAction_changesPolicyAndCanBeUndone();
    void page_sampleThatFails_isListedAsProblem();
    void ruleColumns_anyLine_makeASoundModel();
    void trial_pastedText_isClassifiedAndHighlighted();
    void trial_unknownText_isUnclassified();

private:
    [[nodiscard]] QString effect() const;
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
    auto *table = m_page->findChild<TableView *>();
    QVERIFY(SmallSession::waitFor([&] { return table->model()->rowCount() == 1; }));
}

QString RulesTest::effect() const
{
    for (const auto *label : m_page->findChildren<QLabel *>()) {
        if (label->text().startsWith(QLatin1String("Net savings")))
            return label->text();
    }
    return {};
}

void RulesTest::page_history_showsHitsOfTheRule()
{
    auto *table = m_page->findChild<TableView *>();
    const auto wins = m_small->session.info().classes.at("memory_config.executor_heap");
    QVERIFY(
        SmallSession::waitFor([&] { return table->model()->index(0, 4).data().toString() == QString::number(wins); }));
    QVERIFY(m_page->findChild<QTextBrowser *>()->toPlainText().contains(QLatin1String("OutOfMemoryError")));
    QVERIFY(effect().startsWith(QLatin1String("Net savings")));
}

void RulesTest::page_ruleSwitchedOff_changesPolicyAndShowsTheEffect()
{
    auto &session = m_small->session;
    auto *enabled = m_page->findChild<QCheckBox *>();
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
    auto *action = m_page->findChild<QComboBox *>();
    const int stop = action->findData(static_cast<int>(model::RuleAction::Stop));
    action->setCurrentIndex(stop);
    Q_EMIT action->activated(stop);
    QCOMPARE(session.policy().ruleActions.at("test.heap"), model::RuleAction::Stop);
    QVERIFY(m_page->findChild<TableView *>()->model()->index(0, 3).data().toString().contains(QLatin1String("stop")));
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
    problems.setRows({{"r", "no_samples", "none", "/x/y.yaml", 3}});
    QCOMPARE(problems.index(0, 2).data().toString(), QStringLiteral("y.yaml"));
}

void RulesTest::trial_pastedText_isClassifiedAndHighlighted()
{
    RuleTrialPanel panel;
    panel.setClassifier(m_small->session.rules());
    panel.setText(QStringLiteral("é first line\njava.lang.OutOfMemoryError: Java heap space\n"));
    QVERIFY(panel.answer().startsWith(QLatin1String("memory_config.executor_heap")));
    const auto selections = panel.findChild<QPlainTextEdit *>()->extraSelections();
    QVERIFY(!selections.isEmpty());
    QCOMPARE(selections.first().cursor.selectedText(), QStringLiteral("OutOfMemoryError: Java heap space"));
}

void RulesTest::trial_unknownText_isUnclassified()
{
    RuleTrialPanel panel;
    panel.setClassifier(m_small->session.rules());
    panel.setText(QStringLiteral("all is well"));
    QVERIFY(panel.answer().contains(QLatin1String("unclassified")));
    QVERIFY(panel.findChild<QPlainTextEdit *>()->extraSelections().isEmpty());
    panel.setText({});
    QVERIFY(panel.answer().isEmpty());
}

QTEST_MAIN(RulesTest)
#include "tst_rules.moc"

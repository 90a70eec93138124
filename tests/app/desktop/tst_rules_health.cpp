#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what it brings from the standard library
#include "desktop/pages/rules_health_columns.hpp"
#endif
#include "desktop/pages/rules_health_controller.hpp"
#include "desktop/pages/rules_health_panel.hpp"
#include "desktop/widgets/table_view.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

class RulesHealthTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void healthLines_weeks_countFromTheLastOfTheData();
    void healthColumns_anyLine_makeASoundModel();
    void sharePoints_weeks_haveWilsonIntervals();
    void panel_history_listsRulesClassesAndJobs();
    void panel_windowOf1280_showsEveryColumn();
    void panel_windowOf1024_keepsTheColumnsThatTellMost();
    void panel_auditedPrecision_hasRoomForItsInterval();
    void panel_order_isSaidInItsHeaders();
    void panel_search_leavesFittingRules();
    void panel_concern_leavesRulesThatHaveIt();
    void panel_ruleActivated_goesToTheEditor();
    void panel_jobActivated_goesToItsUnclassifiedFailures();
    void panel_byTeam_listsTeams();
    void panel_measureTime_showsTheColumn();
    void panel_rulesChangedSince_saysSoAndClassifiesAgain();
    void panel_noWorkspace_saysSo();
    void controller_time_staysWhenReadAnew();

private:
    [[nodiscard]] TableView *table(const char *name) const;
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<RulesHealthPanel> m_panel;
};

namespace
{

QModelIndex rowOf(const QAbstractItemModel *model, const QString &first)
{
    for (int row = 0; row < model->rowCount(); ++row)
        if (model->index(row, 0).data().toString() == first)
            return model->index(row, 0);
    return {};
}

} // namespace

void RulesHealthTest::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
}

TableView *RulesHealthTest::table(const char *name) const
{
    for (auto *each : m_panel->findChildren<TableView *>())
        if (each->accessibleName() == QLatin1String(name))
            return each;
    return nullptr;
}

void RulesHealthTest::init()
{
    m_panel = std::make_unique<RulesHealthPanel>(m_small->session);
    m_panel->resize(1200, 700);
    m_panel->show();
    QVERIFY(SmallSession::waitFor([&] { return table("Health of the rules")->model()->rowCount() == 1; }));
}

void RulesHealthTest::healthLines_weeks_countFromTheLastOfTheData()
{
    pipeline::HealthReport report;
    report.from = base::fromCivil(2026, 1, 7); // a Wednesday
    report.to = base::fromCivil(2026, 1, 28);
    pipeline::RuleHealth rule;
    rule.activity.byWeek[base::fromCivil(2026, 1, 5)] = {3, 2};
    rule.activity.byWeek[base::fromCivil(2026, 1, 26)] = {7, 7};
    report.rules = {rule};
    QCOMPARE(healthLines(report).front().weeks, (QVector<double>{3, 0, 0, 7}));
    report.from = base::fromCivil(2024, 1, 1);
    QCOMPARE(healthLines(report).front().weeks.size(), qsizetype(kTrendWeeks));
    QCOMPARE(healthLines(report).front().weeks.back(), 7.0);
}

void RulesHealthTest::healthColumns_anyLine_makeASoundModel()
{
    RowsModel<HealthLine> model(healthColumns(), nullptr);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    HealthLine never;
    never.health.rule.id = "a.never";
    never.health.concerns = {"expired", "never_hit"};
    never.health.rule.expires = "2025-01-01";
    never.health.expiresInDays = -400;
    HealthLine good;
    good.health.rule.id = "b.good";
    good.health.use.hits = 90;
    good.health.use.hitsOnSuccesses = 10;
    good.health.precision = stats::Estimate{0.9, 0.8, 0.95, 40, 40, 36, 90};
    good.health.seconds = 0.0123;
    model.setRows({never, good});
    const auto cell = [&](int row, int column) { return model.index(row, column).data().toString(); };
    QCOMPARE(cell(0, kHealthConcern), QStringLiteral("expired, never hit"));
    QCOMPARE(cell(0, kHealthLast), QStringLiteral("never"));
    QCOMPARE(cell(0, kHealthExpires), QStringLiteral("2025-01-01, expired"));
    QCOMPARE(cell(0, kHealthPrecision), QString());
    QVERIFY2(cell(1, kHealthSuccesses).startsWith(QLatin1String("10 (10.0")), qPrintable(cell(1, kHealthSuccesses)));
    QVERIFY2(cell(1, kHealthPrecision).startsWith(QLatin1String("90.0")), qPrintable(cell(1, kHealthPrecision)));
    QCOMPARE(cell(1, kHealthTime), QStringLiteral("12.3 ms"));
    model.sort(kHealthPrecision, Qt::DescendingOrder);
    QCOMPARE(cell(0, kHealthRule), QStringLiteral("b.good"));
    RowsModel<ClassLine> classes(classColumns(), nullptr);
    QAbstractItemModelTester classTester(&classes, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ClassLine growing;
    growing.health.errorClass = "a.b";
    growing.health.trend = stats::Trend{1.2, 1.1, 1.31, 1.0};
    classes.setRows({growing});
    QVERIFY(classes.index(0, kClassGrowth).data().toString().startsWith(QLatin1String("+20.0")));
}

void RulesHealthTest::sharePoints_weeks_haveWilsonIntervals()
{
    pipeline::UnclassifiedHealth health;
    health.byWeek[base::fromCivil(2026, 1, 5)] = {10, 5};
    health.byWeek[base::fromCivil(2026, 1, 12)] = {0, 0};
    const auto points = sharePoints(health);
    QCOMPARE(points.size(), 1);
    QCOMPARE(points[0].share, 0.5);
    // Wilson's interval of 5 in 10 at 95 %: 0.5 ± 1.96 · sqrt(0.25/10 + 1.96²/400) / (1 + 1.96²/10).
    QVERIFY(std::abs(points[0].low - 0.2366) < 1e-4);
    QVERIFY(std::abs(points[0].high - 0.7634) < 1e-4);
}

void RulesHealthTest::panel_history_listsRulesClassesAndJobs()
{
    const auto *rules = table("Health of the rules")->model();
    const auto memory = m_small->session.info().classes.at("memory_config.executor_heap");
    QCOMPARE(rules->index(0, kHealthRule).data().toString(), QStringLiteral("test.heap"));
    QCOMPARE(rules->index(0, kHealthHits).data().toString(), QString::number(memory));
    QVERIFY(rowOf(table("Classes and their trend")->model(), QStringLiteral("memory_config.executor_heap")).isValid());
    QCOMPARE(table("Unclassified share by job or team")->model()->rowCount(), tests::kJobs);
    QVERIFY(m_panel->findChild<ShareChart *>()->accessibleDescription().contains(QLatin1String("All failures")));
}

void RulesHealthTest::panel_windowOf1280_showsEveryColumn()
{
    m_panel->resize(1064, 600); // what a window of 1280 leaves beside the list of pages
    for (const char *name : {"Health of the rules", "Classes and their trend", "Unclassified share by job or team"}) {
        const auto *shown = table(name);
        QTRY_COMPARE(shown->horizontalScrollBar()->maximum(), 0);
        QVERIFY2(shown->columnWidth(0) >= 56, name);
    }
    m_panel->resize(1700, 900);
    QTRY_COMPARE(table("Health of the rules")->columnWidth(0), 200);
}

void RulesHealthTest::panel_windowOf1024_keepsTheColumnsThatTellMost()
{
    const auto *rules = table("Health of the rules");
    const auto *shares = table("Unclassified share by job or team");
    const int before = rules->columnWidth(kHealthOwner);
    m_panel->resize(808, 560); // what a window of 1,024 by 700 leaves
    for (const TableView *shown :
         std::initializer_list<const TableView *>{rules, table("Classes and their trend"), shares})
        QTRY_COMPARE(shown->horizontalScrollBar()->maximum(), 0);
    for (const int column : {kHealthRule, kHealthConcern, kHealthHits, kHealthWins, kHealthSuccesses, kHealthPrecision})
        QVERIFY2(!rules->isColumnHidden(column), qPrintable(QString::number(column)));
    QVERIFY(rules->isColumnHidden(kHealthExpires) && rules->isColumnHidden(kHealthOwner));
    QVERIFY(rules->columnWidth(kHealthRule) >= 150 && shares->columnWidth(kShareName) >= 84);
    QVERIFY(!shares->isColumnHidden(kShareShare));
    m_panel->resize(1200, 700);
    QTRY_VERIFY(!rules->isColumnHidden(kHealthOwner));
    QVERIFY(rules->columnWidth(kHealthOwner) >= before);
}

void RulesHealthTest::panel_auditedPrecision_hasRoomForItsInterval()
{
    m_panel->resize(1224, 700); // what a window of 1,440 leaves
    const auto *rules = table("Health of the rules");
    const QString widest = estimateText(stats::Estimate{1.0, 0.511, 1.0, 4.0, 4, 4, 9.0});
    const int needed = rules->fontMetrics().horizontalAdvance(widest) + 8;
    QVERIFY2(rules->columnWidth(kHealthPrecision) >= needed, qPrintable(QString::number(needed)));
}

void RulesHealthTest::panel_order_isSaidInItsHeaders()
{
    const auto help = [&](const char *name, int column) {
        return table(name)->model()->headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString();
    };
    QVERIFY(help("Classes and their trend", kClassGrowth).contains(QLatin1String("lower end")));
    QVERIFY(help("Unclassified share by job or team", kShareShare).contains(QLatin1String("lower end")));
    // The words of a header have room.
    m_panel->resize(1064, 600); // what a window of 1,280 leaves
    QTest::qWait(1);
    const auto *classes = table("Classes and their trend");
    QFont bold = classes->horizontalHeader()->font();
    bold.setBold(true);
    const int words = QFontMetrics(bold).horizontalAdvance(QStringLiteral("4 weeks"));
    QVERIFY2(classes->columnWidth(kClassRecent) >= words + 10,
             qPrintable(QStringLiteral("%1 of %2").arg(classes->columnWidth(kClassRecent)).arg(classes->width())));
}

void RulesHealthTest::panel_search_leavesFittingRules()
{
    auto *search = m_panel->findChild<QLineEdit *>();
    search->setText(QStringLiteral("HEAP IS"));
    QCOMPARE(table("Health of the rules")->model()->rowCount(), 1);
    search->setText(QStringLiteral("nothing of the kind"));
    QCOMPARE(table("Health of the rules")->model()->rowCount(), 0);
}

void RulesHealthTest::panel_concern_leavesRulesThatHaveIt()
{
    m_panel->reveal(QStringLiteral("never_hit"));
    QCOMPARE(table("Health of the rules")->model()->rowCount(), 0);
    for (auto *combo : m_panel->findChildren<QComboBox *>())
        if (combo->accessibleName() == QLatin1String("Which rules are listed"))
            combo->setCurrentIndex(0);
    QCOMPARE(table("Health of the rules")->model()->rowCount(), 1);
}

void RulesHealthTest::panel_ruleActivated_goesToTheEditor()
{
    QSignalSpy asked(m_panel.get(), &Page::navigationRequested);
    auto *rules = table("Health of the rules");
    rules->setCurrentIndex(rules->model()->index(0, 0));
    Q_EMIT rules->activated(rules->currentIndex());
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("rules"));
    QCOMPARE(asked[0][1].toString(), QStringLiteral("rule:test.heap"));
}

void RulesHealthTest::panel_jobActivated_goesToItsUnclassifiedFailures()
{
    QSignalSpy asked(m_panel.get(), &Page::navigationRequested);
    auto *worst = table("Unclassified share by job or team");
    const QString job = worst->model()->index(0, 0).data().toString();
    Q_EMIT worst->activated(worst->model()->index(0, 0));
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("failures"));
    QCOMPARE(asked[0][1].toString(), QStringLiteral("job:%1\nclass:unclassified").arg(job));
}

void RulesHealthTest::panel_byTeam_listsTeams()
{
    m_panel->reveal(QStringLiteral("team"));
    const auto *worst = table("Unclassified share by job or team")->model();
    QCOMPARE(worst->rowCount(), 2);
    QVERIFY(rowOf(worst, QStringLiteral("t0")).isValid());
}

void RulesHealthTest::panel_measureTime_showsTheColumn()
{
    auto *rules = table("Health of the rules");
    QVERIFY(rules->isColumnHidden(kHealthTime));
    for (auto *button : m_panel->findChildren<QPushButton *>())
        if (button->text() == QLatin1String("Measure time"))
            button->click();
    QVERIFY(SmallSession::waitFor([&] { return !rules->isColumnHidden(kHealthTime); }));
    QVERIFY(rules->model()->index(0, kHealthTime).data().toString().endsWith(QLatin1String("ms")));
}

void RulesHealthTest::panel_rulesChangedSince_saysSoAndClassifiesAgain()
{
    QPushButton *again = nullptr;
    for (auto *button : m_panel->findChildren<QPushButton *>())
        again = button->text() == QLatin1String("Classify again") ? button : again;
    QVERIFY(again != nullptr && !again->isVisible());
    const QString rules = m_small->folder.filePath(QStringLiteral("rules.yaml"));
    tests::writeFile(rules, tests::smallPack("the sky fell"));
    QVERIFY(SmallSession::waitFor([&] { return again->isVisible(); }));
    bool said = false;
    for (const auto *label : m_panel->findChildren<QLabel *>())
        said = said
               || (label->isVisible()
                   && label->text()
                          == QLatin1String("Figures of older rules than those in force. Since then: 1 rule changed "
                                           "(test.heap)."));
    QVERIFY(said);
    again->click();
    QVERIFY(SmallSession::waitFor([&] { return !again->isVisible(); }));
    tests::writeFile(rules, tests::smallPack()); // as the other tests know it
    QVERIFY(SmallSession::waitFor([&] { return again->isVisible(); }));
    again->click();
    QVERIFY(SmallSession::waitFor([&] { return !again->isVisible(); }));
}

void RulesHealthTest::panel_noWorkspace_saysSo()
{
    SmallSession empty;
    RulesHealthPanel panel(empty.session);
    panel.show();
    bool said = false;
    for (const auto *label : panel.findChildren<QLabel *>())
        said = said || (label->isVisible() && label->text() == QLatin1String("No workspace is open"));
    QVERIFY(said);
}

void RulesHealthTest::controller_time_staysWhenReadAnew()
{
    RulesHealthController controller(m_small->session, nullptr);
    QSignalSpy changed(&controller, &RulesHealthController::changed);
    controller.measureTime();
    QVERIFY(changed.wait(20'000));
    QVERIFY(controller.report()->rules.front().seconds.has_value());
    const double seconds = *controller.report()->rules.front().seconds;
    controller.load();
    QVERIFY(changed.wait(20'000));
    QCOMPARE(controller.report()->rules.front().seconds, std::optional(seconds));
    QVERIFY(m_small->allWell());
}

QTEST_MAIN(RulesHealthTest)
#include "tst_rules_health.moc"

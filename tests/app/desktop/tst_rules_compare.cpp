#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what it brings from the standard library
#include "desktop/pages/rules_compare_columns.hpp"
#include "desktop/pages/rules_pack_choice.hpp"
#endif
#include "desktop/pages/rules_compare_controller.hpp"
#include "desktop/pages/rules_compare_panel.hpp"
#include "desktop/widgets/table_view.hpp"
#include "rule_files.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QToolButton>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

class RulesCompareTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void moveKind_move_saysWhatChanges_data();
    void moveKind_move_saysWhatChanges();
    void moveColumns_anyLine_makeASoundModel();
    void compareVerdict_figures_sayWhetherSomethingIsLost_data();
    void compareVerdict_figures_sayWhetherSomethingIsLost();
    void successLines_rules_mostGainedFirst();
    void readChoice_source_givesItsPack_data();
    void readChoice_source_givesItsPack();
    void readChoice_whatIsNotThere_saysWhy();
    void chooser_path_joinsTheList();
    void panel_nothingCompared_hasOneButtonToCompare();
    void panel_export_showsThatItIsAMenu();
    void panel_export_waitsForAComparison();
    void panel_samePack_saysThatNothingChanges();
    void panel_wider_listsWhatIsNewlyClassified();
    void panel_narrower_saysWhatIsLostAndWhichJobs();
    void panel_comparing_showsProgressThatCanBeCancelled();
    void panel_kind_leavesMovesOfThatKind();
    void panel_moveActivated_goesToTheRule();
    void panel_brokenFile_reportsAndStaysAsItWas();
    void panel_comparedAgain_dropsTheErrorOfBefore();
    void panel_ordinaryWidths_showHowManyAndHowMuch_data();
    void panel_ordinaryWidths_showHowManyAndHowMuch();

private:
    [[nodiscard]] TableView *table(const char *name) const;
    [[nodiscard]] bool says(const QString &words) const;
    bool compare(const QString &a, const QString &b);
    [[nodiscard]] QString file(const char *name, const QByteArray &bytes) const;
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<RulesComparePanel> m_panel;
};

namespace
{

/// The small pack with a rule for what it does not know.
QByteArray widerPack()
{
    return tests::smallPack()
           + "  - id: test.sky\n"
             "    title: The sky fell\n"
             "    class: service.unavailable\n"
             "    domain: platform\n"
             "    transient: true\n"
             "    action: retry\n"
             "    match:\n"
             "      any:\n"
             "        - 'the sky fell'\n"
             "    samples:\n"
             "      positive:\n"
             "        - 'the sky fell'\n";
}

} // namespace

void RulesCompareTest::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
}

void RulesCompareTest::init()
{
    m_small->errors.clear();
    m_panel = std::make_unique<RulesComparePanel>(m_small->session);
    m_panel->resize(1200, 700);
    m_panel->show();
}

TableView *RulesCompareTest::table(const char *name) const
{
    for (auto *each : m_panel->findChildren<TableView *>())
        if (each->accessibleName() == QLatin1String(name))
            return each;
    return nullptr;
}

bool RulesCompareTest::says(const QString &words) const
{
    for (const auto *label : m_panel->findChildren<QLabel *>())
        if (label->isVisible() && label->text().contains(words))
            return true;
    return false;
}

QString RulesCompareTest::file(const char *name, const QByteArray &bytes) const
{
    const QString path = m_small->folder.filePath(QLatin1String(name));
    tests::writeFile(path, bytes);
    return path;
}

bool RulesCompareTest::compare(const QString &a, const QString &b)
{
    QSignalSpy changed(&m_panel->comparing(), &RulesCompareController::changed);
    m_panel->reveal(a + QLatin1Char('|') + b);
    return changed.count() > 0 || changed.wait(60'000);
}

void RulesCompareTest::moveKind_move_saysWhatChanges_data()
{
    QTest::addColumn<QString>("fromRule");
    QTest::addColumn<QString>("toRule");
    QTest::addColumn<QString>("toClass");
    QTest::addColumn<int>("action");
    QTest::addColumn<int>("kind");
    const auto row = [](const char *name, const char *from, const char *to, const char *toClass,
                        model::RuleAction action, MoveKind kind) {
        QTest::newRow(name) << QString::fromUtf8(from) << QString::fromUtf8(to) << QString::fromUtf8(toClass)
                            << static_cast<int>(action) << static_cast<int>(kind);
    };
    using model::RuleAction;
    row("from no rule to one", "", "b", "a.b", RuleAction::Retry, MoveKind::Classified);
    row("from a rule to none", "a", "", "unclassified", RuleAction::Retry, MoveKind::Unclassified);
    row("to a rule of another class", "a", "b", "c.d", RuleAction::Stop, MoveKind::OtherClass);
    row("the same class with another action", "a", "a", "a.b", RuleAction::Stop, MoveKind::OtherAction);
    row("another rule that says the same", "a", "b", "a.b", RuleAction::Retry, MoveKind::OtherRule);
}

void RulesCompareTest::moveKind_move_saysWhatChanges()
{
    QFETCH(QString, fromRule);
    QFETCH(QString, toRule);
    QFETCH(QString, toClass);
    QFETCH(int, action);
    QFETCH(int, kind);
    pipeline::RuleMove move;
    move.fromRule = fromRule.toStdString();
    move.toRule = toRule.toStdString();
    move.fromClass = "a.b";
    move.toClass = toClass.toStdString();
    move.fromAction = model::RuleAction::Retry;
    move.toAction = static_cast<model::RuleAction>(action);
    QCOMPARE(static_cast<int>(moveKind(move)), kind);
}

void RulesCompareTest::moveColumns_anyLine_makeASoundModel()
{
    RowsModel<pipeline::RuleMove> model(moveColumns(), nullptr);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    pipeline::RuleMove move;
    move.toRule = "b";
    move.fromAction = model::RuleAction::AskModel;
    move.toAction = model::RuleAction::Stop;
    move.failures = 12;
    move.costUsd = 3.5;
    model.setRows({move});
    QCOMPARE(model.index(0, kMoveFrom).data().toString(), QStringLiteral("no rule"));
    QVERIFY(model.index(0, kMoveAction).data().toString().contains(QChar(0x2192)));
    QCOMPARE(model.index(0, kMoveCost).data().toString(), QStringLiteral("$3.50"));
    RowsModel<SuccessLine> successes(successColumns(), nullptr);
    QAbstractItemModelTester successTester(&successes, QAbstractItemModelTester::FailureReportingMode::QtTest);
    successes.setRows({{"r", 1, 2}});
    QCOMPARE(successes.index(0, 2).data().toString(), QStringLiteral("2"));
}

void RulesCompareTest::compareVerdict_figures_sayWhetherSomethingIsLost_data()
{
    QTest::addColumn<int>("newly");
    QTest::addColumn<int>("lost");
    QTest::addColumn<int>("moved");
    QTest::addColumn<int>("successes");
    QTest::addColumn<double>("net");
    QTest::addColumn<int>("verdict");
    const auto row = [](const char *name, int newly, int lost, int moved, int successes, double net,
                        CompareVerdict verdict) {
        QTest::newRow(name) << newly << lost << moved << successes << net << static_cast<int>(verdict);
    };
    row("nothing changes", 0, 0, 0, 0, 0.0, CompareVerdict::Same);
    row("more is known", 5, 0, 0, 0, 0.0, CompareVerdict::Better);
    row("more is saved", 0, 0, 2, 0, 10.0, CompareVerdict::Better);
    row("fewer successes are hit", 0, 0, 0, -2, 0.0, CompareVerdict::Better);
    row("less is known", 0, 5, 0, 0, 0.0, CompareVerdict::Worse);
    row("less is saved", 0, 0, 2, 0, -10.0, CompareVerdict::Worse);
    row("a fraction of a cent is nothing", 1, 0, 0, 0, -0.001, CompareVerdict::Better);
    row("more is known, but successes are hit", 5, 0, 0, 1, 0.0, CompareVerdict::Mixed);
    row("only classes change", 0, 0, 3, 0, 0.0, CompareVerdict::Mixed);
}

void RulesCompareTest::compareVerdict_figures_sayWhetherSomethingIsLost()
{
    QFETCH(int, newly);
    QFETCH(int, lost);
    QFETCH(int, moved);
    QFETCH(int, successes);
    QFETCH(double, net);
    QFETCH(int, verdict);
    pipeline::PackComparison comparison;
    comparison.change.failures = 100;
    comparison.change.newlyClassified = static_cast<std::uint64_t>(newly);
    comparison.change.newlyUnclassified = static_cast<std::uint64_t>(lost);
    comparison.change.changed = static_cast<std::uint64_t>(newly + lost + moved);
    comparison.onSuccessesA["r"] = 5;
    comparison.onSuccessesB["r"] = static_cast<std::uint64_t>(5 + successes);
    comparison.savings.emplace();
    comparison.savings->after.savings.net.value = net;
    QCOMPARE(static_cast<int>(compareVerdict(comparison)), verdict);
    QVERIFY(!verdictHeading(comparison).isEmpty());
    comparison.savings->after.modelFallback = true;
    comparison.savings->after.modelCaveat = "No model is trained.";
    QVERIFY(verdictText(comparison, {}, {}).endsWith(QLatin1String("No model is trained.")));
}

void RulesCompareTest::successLines_rules_mostGainedFirst()
{
    pipeline::PackComparison comparison;
    comparison.onSuccessesA = {{"a", 5}, {"b", 1}};
    comparison.onSuccessesB = {{"b", 9}, {"c", 2}};
    const auto lines = successLines(comparison);
    QCOMPARE(lines.size(), size_t(3));
    QCOMPARE(lines[0].rule, std::string("b"));
    QCOMPARE(lines[1].rule, std::string("c"));
    QCOMPARE(lines[2].rule, std::string("a"));
    QCOMPARE(lines[2].after, std::uint64_t(0));
}

void RulesCompareTest::readChoice_source_givesItsPack_data()
{
    QTest::addColumn<int>("source");
    QTest::addColumn<int>("rules");
    using Source = PackChoice::Source;
    QTest::newRow("in force") << static_cast<int>(Source::InForce) << 1;
    QTest::newRow("as edited") << static_cast<int>(Source::Edited) << 2;
    QTest::newRow("as last classified") << static_cast<int>(Source::Classified) << 1;
    QTest::newRow("a file") << static_cast<int>(Source::Path) << 2;
}

void RulesCompareTest::readChoice_source_givesItsPack()
{
    QFETCH(int, source);
    QFETCH(int, rules);
    const QString wider = file("wider.yaml", widerPack());
    PackSources sources{m_small->session.rules(), tests::RuleFiles(wider).documents(), m_small->session.resources(),
                        m_small->session.path().toStdString()};
    const auto read = readChoice({static_cast<PackChoice::Source>(source), wider.toStdString()}, sources);
    QVERIFY2(read.has_value(), read ? "" : read.error().text().c_str());
    QCOMPARE(static_cast<int>(read.value()->pack().rules.size()), rules);
}

void RulesCompareTest::readChoice_whatIsNotThere_saysWhy()
{
    using Source = PackChoice::Source;
    const PackSources none{nullptr, std::nullopt, m_small->session.resources(), m_small->session.path().toStdString()};
    for (const auto source : {Source::InForce, Source::Edited}) {
        const auto read = readChoice({source, {}}, none);
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code, base::ErrorCode::NotFound);
        QVERIFY(!read.error().hint.empty());
    }
    QVERIFY(!readChoice({Source::Path, "/no/such/file.yaml"}, none).has_value());
    const QString text = file("no_bundle.zip", "this is no zip");
    QVERIFY(!readChoice({Source::Bundle, text.toStdString()}, none).has_value());
}

void RulesCompareTest::chooser_path_joinsTheList()
{
    PackChooser chooser(QStringLiteral("A"), PackChoice::Source::Shipped, nullptr);
    QCOMPARE(chooser.choice().source, PackChoice::Source::Shipped);
    QSignalSpy changed(&chooser, &PackChooser::choiceChanged);
    const int before = chooser.count();
    chooser.choose({PackChoice::Source::Path, "/rules/mine.yaml"});
    QCOMPARE(chooser.count(), before + 1);
    QCOMPARE(chooser.currentText(), QStringLiteral("mine.yaml"));
    QCOMPARE(chooser.choice().path, std::string("/rules/mine.yaml"));
    QCOMPARE(changed.count(), 1);
    chooser.choose({PackChoice::Source::InForce, {}});
    chooser.choose({PackChoice::Source::Path, "/rules/mine.yaml"});
    QCOMPARE(chooser.count(), before + 1);
}

void RulesCompareTest::panel_nothingCompared_hasOneButtonToCompare()
{
    int shown = 0;
    for (const auto *button : m_panel->findChildren<QPushButton *>())
        shown += button->isVisible() && button->text() == QLatin1String("Compare") ? 1 : 0;
    QCOMPARE(shown, 1);
}

void RulesCompareTest::panel_export_showsThatItIsAMenu()
{
    const QToolButton *found = nullptr;
    for (const auto *each : m_panel->findChildren<QToolButton *>())
        if (each->menu() != nullptr)
            found = each;
    QVERIFY(found != nullptr);
    QCOMPARE(found->text(), QStringLiteral("Export ▾"));
    QCOMPARE(found->popupMode(), QToolButton::InstantPopup);
    QCOMPARE(found->menu()->actions().size(), 2);
}

void RulesCompareTest::panel_export_waitsForAComparison()
{
    const auto *save = m_panel->findChild<QToolButton *>(QStringLiteral("boxed"));
    QVERIFY(save != nullptr);
    QVERIFY(!save->isEnabled());
    QVERIFY(save->toolTip().contains(QStringLiteral("Compare two packs first")));
    QVERIFY(compare(QStringLiteral("in-force"), QStringLiteral("in-force")));
    QTRY_VERIFY(save->isEnabled());
    QVERIFY(save->toolTip().startsWith(QStringLiteral("Writes")));
}

void RulesCompareTest::panel_samePack_saysThatNothingChanges()
{
    QVERIFY(compare(QStringLiteral("in-force"), QStringLiteral("classified")));
    QCOMPARE(m_panel->comparing().comparison()->change.changed, std::uint64_t(0));
    QVERIFY(says(QStringLiteral("No verdict changes")));
    QCOMPARE(table("Failures that are judged otherwise")->model()->rowCount(), 0);
    QVERIFY(m_small->allWell());
}

void RulesCompareTest::panel_wider_listsWhatIsNewlyClassified()
{
    QVERIFY(compare(QStringLiteral("in-force"), file("wider.yaml", widerPack())));
    const auto unknown = m_small->session.info().classes.at("unclassified");
    const auto &change = m_panel->comparing().comparison()->change;
    QCOMPARE(change.newlyClassified, unknown);
    QCOMPARE(change.newlyClassifiedCostUsd, 1.5 * static_cast<double>(unknown));
    const auto *moves = table("Failures that are judged otherwise")->model();
    QCOMPARE(moves->rowCount(), 1);
    QCOMPARE(moves->index(0, kMoveTo).data().toString(), QStringLiteral("test.sky"));
    QCOMPARE(moves->index(0, kMoveFailures).data().toString(), QString::number(unknown));
    QVERIFY(says(QStringLiteral("%1 are newly classified").arg(unknown)));
    const auto *examples = table("Examples of the selected move")->model();
    QVERIFY(examples->rowCount() > 0);
    QVERIFY(examples->index(0, 3).data().toString().contains(QLatin1String("the sky fell")));
    QVERIFY(m_small->allWell());
}

void RulesCompareTest::panel_narrower_saysWhatIsLostAndWhichJobs()
{
    QVERIFY(compare(file("wider.yaml", widerPack()), QStringLiteral("in-force")));
    QVERIFY(m_panel->comparing().comparison()->change.newlyUnclassified > 0);
    QCOMPARE(table("Failures that are judged otherwise")->model()->index(0, kMoveKind).data().toString(),
             QStringLiteral("no longer classified"));
    QVERIFY(table("Examples of the selected move")
                ->model()
                ->index(0, 0)
                .data()
                .toString()
                .startsWith(QLatin1String("etl_")));
}

void RulesCompareTest::panel_comparing_showsProgressThatCanBeCancelled()
{
    m_panel->reveal(QStringLiteral("shipped|in-force"));
    QVERIFY(m_panel->comparing().running());
    QVERIFY(says(QStringLiteral("Comparing the shipped pack with the pack in force…")));
    QVERIFY(says(QStringLiteral("Comparing two packs"))); // beside the bar
    auto *bar = m_panel->findChild<QProgressBar *>();
    QVERIFY(bar != nullptr && bar->isVisible());
    QPushButton *cancel = nullptr;
    for (auto *button : m_panel->findChildren<QPushButton *>())
        cancel = button->isVisible() && button->text() == QLatin1String("Cancel") ? button : cancel;
    QVERIFY(cancel != nullptr);
    cancel->click();
    QVERIFY(SmallSession::waitFor([&] { return !m_panel->comparing().running(); }));
    QVERIFY(!m_panel->comparing().comparison() && !bar->isVisible() && !cancel->isVisible());
    QVERIFY(says(QStringLiteral("Choose two packs above")));
    // What was compared before stays where a later one is cancelled.
    QVERIFY(compare(QStringLiteral("in-force"), QStringLiteral("classified")));
    m_panel->reveal(QStringLiteral("shipped|in-force"));
    QVERIFY(!says(QStringLiteral("No verdict changes")));
    cancel->click();
    QVERIFY(SmallSession::waitFor([&] { return says(QStringLiteral("No verdict changes")); }));
    QVERIFY(m_small->allWell());
}

void RulesCompareTest::panel_kind_leavesMovesOfThatKind()
{
    QVERIFY(compare(QStringLiteral("in-force"), file("wider.yaml", widerPack())));
    QComboBox *kind = nullptr;
    for (auto *each : m_panel->findChildren<QComboBox *>())
        if (each->accessibleName() == QLatin1String("Which moves are listed"))
            kind = each;
    QVERIFY(kind != nullptr);
    kind->setCurrentIndex(kind->findData(static_cast<int>(MoveKind::Unclassified)));
    QCOMPARE(table("Failures that are judged otherwise")->model()->rowCount(), 0);
    kind->setCurrentIndex(kind->findData(static_cast<int>(MoveKind::Classified)));
    QCOMPARE(table("Failures that are judged otherwise")->model()->rowCount(), 1);
}

void RulesCompareTest::panel_moveActivated_goesToTheRule()
{
    QVERIFY(compare(QStringLiteral("in-force"), file("wider.yaml", widerPack())));
    QSignalSpy asked(m_panel.get(), &Page::navigationRequested);
    auto *moves = table("Failures that are judged otherwise");
    Q_EMIT moves->activated(moves->model()->index(0, 0));
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][1].toString(), QStringLiteral("rule:test.sky"));
}

void RulesCompareTest::panel_brokenFile_reportsAndStaysAsItWas()
{
    QSignalSpy failed(&m_panel->comparing(), &RulesCompareController::failed);
    m_panel->reveal(QStringLiteral("in-force|") + file("broken.yaml", "schema: 1\nrules:\n  - id: 7 7\n"));
    QVERIFY(failed.count() > 0 || failed.wait(20'000));
    QVERIFY(!m_panel->comparing().comparison());
    QCOMPARE(m_small->errors.size(), size_t(1));
    QVERIFY(says(QStringLiteral("Choose two packs")));
}

void RulesCompareTest::panel_comparedAgain_dropsTheErrorOfBefore()
{
    QSignalSpy settled(&m_small->session, &Session::errorSettled);
    QSignalSpy told(&m_small->session, &Session::errorOccurred);
    m_panel->reveal(QStringLiteral("in-force|") + file("broken.yaml", "schema: 1\nrules:\n  - id: 7 7\n"));
    QVERIFY(told.count() > 0 || told.wait(20'000));
    QCOMPARE(settled.count(), 0);
    QVERIFY(compare(QStringLiteral("in-force"), QStringLiteral("in-force")));
    QCOMPARE(settled.count(), 1);
    QVERIFY(settled.first().first().value<base::Error>() == told.first().first().value<base::Error>());
}

void RulesCompareTest::panel_ordinaryWidths_showHowManyAndHowMuch_data()
{
    QTest::addColumn<int>("width");
    QTest::newRow("what a window of 1,024 pixels leaves") << 808;
    QTest::newRow("what a window of 1,280 pixels leaves") << 1064;
}

void RulesCompareTest::panel_ordinaryWidths_showHowManyAndHowMuch()
{
    QFETCH(int, width);
    m_panel->resize(width, 560);
    QVERIFY(compare(QStringLiteral("in-force"), file("sky.yaml", tests::smallPack("the sky fell"))));
    const auto *moves = table("Failures that are judged otherwise");
    QTest::qWait(1);
    for (const int column : {kMoveKind, kMoveFailures, kMoveCost, kMoveFrom, kMoveTo, kMoveAction}) {
        QVERIFY(!moves->isColumnHidden(column));
        const int end = moves->columnViewportPosition(column) + moves->columnWidth(column);
        QVERIFY2(end <= moves->viewport()->width() + 1, qPrintable(QStringLiteral("%1: %2").arg(column).arg(end)));
    }
    // A file has what a narrow table leaves out.
    QVERIFY(moves->selectionText().contains(QLatin1String("From class")));
    QCOMPARE(table("Examples of the selected move")->horizontalScrollBar()->maximum(), 0);
    const auto *successes = table("Rules that match successful attempts");
    QVERIFY(successes->columnViewportPosition(2) < successes->viewport()->width() - 30);
}

QTEST_MAIN(RulesCompareTest)
#include "tst_rules_compare.moc"

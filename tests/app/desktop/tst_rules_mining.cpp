#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over what it brings from the standard library
#include "desktop/pages/rules_mining_columns.hpp"
#include "desktop/pages/rules_pack_access.hpp"
#endif
#include "desktop/pages/rules_mining_controller.hpp"
#include "desktop/pages/rules_mining_draft.hpp"
#include "desktop/pages/rules_mining_panel.hpp"
#include "desktop/widgets/edit_preview.hpp"
#include "desktop/widgets/table_view.hpp"
#include "rule_files.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

class RulesMiningTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void templateHtml_text_marksVariablePartsAlone_data();
    void templateHtml_text_marksVariablePartsAlone();
    void clusterColumns_anyLine_makeASoundModel();
    void checkLines_draft_sayWhatFails();
    void effectText_otherRules_areNamed();
    void panel_history_listsItsClusterWithADraft();
    void panel_windowOf1024_leavesTheTemplateReadable();
    void panel_windowOf1024_hasTheButtonInSightAndNamesWhole();
    void panel_search_leavesFittingClusters();
    void panel_withoutClass_cannotBeAccepted();
    void panel_accepted_goesIntoThePackAfterAPreview();
    void panel_previewRefused_changesNothing();
    void controller_anotherCluster_draftsThatOne();

private:
    [[nodiscard]] TableView *table(const char *name) const;
    template <typename Widget> [[nodiscard]] Widget *named(const char *name) const;
    [[nodiscard]] QPushButton *acceptButton() const;
    bool waitForDraft();
    std::unique_ptr<SmallSession> m_small;
    std::unique_ptr<tests::RuleFiles> m_files;
    std::unique_ptr<RulesMiningPanel> m_panel;
};

template <typename Widget> Widget *RulesMiningTest::named(const char *name) const
{
    for (auto *each : m_panel->findChildren<Widget *>())
        if (each->accessibleName() == QLatin1String(name))
            return each;
    return nullptr;
}

TableView *RulesMiningTest::table(const char *name) const
{
    return named<TableView>(name);
}

QPushButton *RulesMiningTest::acceptButton() const
{
    for (auto *each : m_panel->findChildren<QPushButton *>())
        if (each->text() == QStringLiteral("Add to the pack…"))
            return each;
    return nullptr;
}

bool RulesMiningTest::waitForDraft()
{
    return SmallSession::waitFor([&] { return m_panel->mining().draft().has_value(); }, 20'000);
}

void RulesMiningTest::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
}

void RulesMiningTest::init()
{
    m_files = std::make_unique<tests::RuleFiles>(m_small->folder.filePath(QStringLiteral("rules.yaml")));
    m_panel = std::make_unique<RulesMiningPanel>(m_small->session);
    m_panel->setPack(m_files.get());
    m_panel->resize(1200, 700);
    m_panel->show();
    QVERIFY(SmallSession::waitFor([&] { return m_panel->mining().report().has_value(); }));
}

void RulesMiningTest::templateHtml_text_marksVariablePartsAlone_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("marked");
    QTest::addColumn<QString>("holds");
    QTest::newRow("a wildcard is marked") << "lost executor <*>" << 1 << "&lt;*&gt;</span>";
    QTest::newRow("a masked number is marked") << "task <num> of <num>" << 2 << "&lt;num&gt;</span>";
    QTest::newRow("the words' own brackets are not") << "List<String> x" << 0 << "List&lt;String&gt;";
    QTest::newRow("an open bracket is no end") << "a < b & <*>" << 1 << "a &lt; b &amp; ";
    QTest::newRow("no variable part") << "all is well" << 0 << "all is well";
}

void RulesMiningTest::templateHtml_text_marksVariablePartsAlone()
{
    QFETCH(QString, text);
    QFETCH(int, marked);
    QFETCH(QString, holds);
    const QString html = templateHtml(text.toStdString());
    QCOMPARE(html.count(QStringLiteral("<span")), marked);
    QVERIFY2(html.contains(holds), qPrintable(html));
}

void RulesMiningTest::clusterColumns_anyLine_makeASoundModel()
{
    RowsModel<pipeline::MinedCluster> model(clusterColumns(), nullptr);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    pipeline::MinedCluster cheap;
    cheap.cluster.text = "a <*>";
    cheap.failures = 9;
    cheap.costUsd = 1;
    pipeline::MinedCluster dear;
    dear.cluster.exceptionClass = "java.io.IOException";
    dear.failures = 1;
    dear.costUsd = 1234.0;
    model.setRows({cheap, dear});
    model.sort(kClusterCost, Qt::DescendingOrder);
    QCOMPARE(model.index(0, kClusterCost).data().toString(), QStringLiteral("$1234"));
    QCOMPARE(model.index(0, kClusterException).data().toString(), QStringLiteral("IOException"));
    model.sort(kClusterFailures, Qt::DescendingOrder);
    QCOMPARE(model.index(0, kClusterFailures).data().toString(), QStringLiteral("9"));
    RowsModel<pipeline::ClusterNeighbour> neighbours(neighbourColumns(), nullptr);
    QAbstractItemModelTester neighbourTester(&neighbours, QAbstractItemModelTester::FailureReportingMode::QtTest);
    neighbours.setRows({{"id", "words", 0.5, "", "unclassified", 3}});
    QCOMPARE(neighbours.index(0, 1).data().toString(), QStringLiteral("unclassified"));
}

void RulesMiningTest::checkLines_draft_sayWhatFails()
{
    pipeline::RuleDraft draft;
    draft.checks.members = 5;
    draft.checks.membersMatched = 5;
    auto lines = checkLines(draft);
    QCOMPARE(lines.size(), size_t(3));
    for (const auto &line : lines)
        QVERIFY2(line.well, qPrintable(line.text));
    draft.checks.membersMatched = 4;
    draft.checks.otherCauses = 2;
    draft.checks.successes = 1;
    draft.checks.undetermined = 1;
    draft.checks.backtracking = "nested repeats";
    lines = checkLines(draft);
    QCOMPARE(lines.size(), size_t(5));
    for (const auto &line : lines)
        QVERIFY2(!line.well, qPrintable(line.text));
    QVERIFY(lines[0].text.contains(QStringLiteral("4 of the 5")));
    QVERIFY(lines[4].text.contains(QStringLiteral("nested repeats")));
}

void RulesMiningTest::effectText_otherRules_areNamed()
{
    pipeline::RuleDraft draft;
    draft.preview.unclassifiedFailures = 12;
    draft.preview.unclassifiedCostUsd = 18.0;
    draft.preview.jobs = 3;
    QCOMPARE(effectText(draft), QStringLiteral("Classifies 12 failures ($18.00) of 3 jobs that no rule knows today."));
    draft.preview.fromRules["spark.heap"] = 4;
    QVERIFY(effectText(draft).contains(QStringLiteral("spark.heap (4)")));
}

void RulesMiningTest::panel_history_listsItsClusterWithADraft()
{
    // "the sky fell on the reticulator N" is the only thing that the small pack does not know.
    const auto *clusters = table("Clusters of failures")->model();
    QCOMPARE(clusters->rowCount(), 1);
    QVERIFY(clusters->index(0, kClusterTemplate).data().toString().startsWith(QLatin1String("the sky fell")));
    const auto unknown = m_small->session.info().classes.at("unclassified");
    QCOMPARE(clusters->index(0, kClusterFailures).data().toString(), QString::number(unknown));
    QVERIFY(waitForDraft());
    QVERIFY(m_panel->mining().draft()->checks.clean());
    QCOMPARE(m_panel->mining().draft()->preview.unclassifiedFailures, unknown);
    QVERIFY(named<QPlainTextEdit>("Pattern of the draft rule")->toPlainText().contains(QLatin1String("reticulator")));
    QVERIFY(named<QPlainTextEdit>("Examples of the cluster")->toPlainText().contains(QLatin1String("the sky fell")));
    QVERIFY(named<QLabel>("Template of the cluster")->text().contains(QLatin1String("<span")));
}

void RulesMiningTest::panel_windowOf1024_leavesTheTemplateReadable()
{
    const auto *clusters = table("Clusters of failures");
    m_panel->resize(808, 560); // what a window of 1,024 by 700 leaves
    QTRY_VERIFY(clusters->columnWidth(kClusterTemplate) >= 200);
    QVERIFY(clusters->columnWidth(kClusterTemplate) < clusters->width());
    QVERIFY(!clusters->isColumnHidden(kClusterFailures) && !clusters->isColumnHidden(kClusterCost));
    m_panel->resize(1400, 700);
    QTRY_VERIFY(!clusters->isColumnHidden(kClusterLast) && !clusters->isColumnHidden(kClusterShare));
}

void RulesMiningTest::panel_windowOf1024_hasTheButtonInSightAndNamesWhole()
{
    QVERIFY(waitForDraft());
    m_panel->resize(808, 560); // what a window of 1,024 by 700 leaves
    QTest::qWait(1);
    const auto *button = acceptButton();
    QVERIFY(button->visibleRegion().boundingRect() == button->rect());
    const auto *id = named<QLineEdit>("Id of the rule");
    QVERIFY(id->width() >= id->fontMetrics().horizontalAdvance(QStringLiteral("mined.sky-fell-reticulator")) + 16);
}

void RulesMiningTest::panel_search_leavesFittingClusters()
{
    auto *search = named<QLineEdit>("Search clusters");
    search->setText(QStringLiteral("SKY"));
    QCOMPARE(table("Clusters of failures")->model()->rowCount(), 1);
    search->setText(QStringLiteral("sea"));
    QCOMPARE(table("Clusters of failures")->model()->rowCount(), 0);
}

void RulesMiningTest::panel_withoutClass_cannotBeAccepted()
{
    QVERIFY(waitForDraft());
    QVERIFY(!acceptButton()->isEnabled());
    QVERIFY(acceptButton()->toolTip().contains(QLatin1String("class")));
    auto *errorClass = named<QLineEdit>("Class of the rule");
    errorClass->setText(QStringLiteral("unclassified"));
    QVERIFY(!acceptButton()->isEnabled());
    errorClass->setText(QStringLiteral("memory_config.executor_heap"));
    QVERIFY(acceptButton()->isEnabled());
    named<QLineEdit>("Id of the rule")->setText(QStringLiteral("test.heap"));
    QVERIFY(!acceptButton()->isEnabled());
}

void RulesMiningTest::panel_accepted_goesIntoThePackAfterAPreview()
{
    QVERIFY(waitForDraft());
    named<QLineEdit>("Class of the rule")->setText(QStringLiteral("memory_config.executor_heap"));
    named<QLineEdit>("Id of the rule")->setText(QStringLiteral("test.sky"));
    auto *status = named<QComboBox>("Status of the rule");
    status->setCurrentIndex(status->findData(static_cast<int>(classify::RuleStatus::Active)));
    QSignalSpy asked(m_panel.get(), &Page::navigationRequested);
    acceptButton()->click();
    auto *preview = m_panel->findChild<EditPreview *>();
    QVERIFY(preview != nullptr);
    QVERIFY2(preview->text().contains(QLatin1String("test.sky")), qPrintable(preview->text()));
    QCOMPARE(m_files->edits, 0);
    preview->accept();
    QCOMPARE(m_files->edits, 1);
    QCOMPARE(m_files->rule, std::string("test.sky"));
    const auto *added = m_files->now.find("test.sky");
    QVERIFY(added != nullptr);
    QCOMPARE(added->status, classify::RuleStatus::Active);
    QCOMPARE(added->errorClass, std::string("memory_config.executor_heap"));
    // As the rule of that class has them.
    QCOMPARE(added->action, m_files->now.find("test.heap")->action);
    QVERIFY(!added->positive.empty());
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][1].toString(), QStringLiteral("rule:test.sky"));
    QVERIFY(m_small->allWell());
}

void RulesMiningTest::panel_previewRefused_changesNothing()
{
    QVERIFY(waitForDraft());
    named<QLineEdit>("Class of the rule")->setText(QStringLiteral("memory_config.executor_heap"));
    acceptButton()->click();
    auto *preview = m_panel->findChild<EditPreview *>();
    QVERIFY(preview != nullptr);
    preview->reject();
    QCOMPARE(m_files->edits, 0);
}

void RulesMiningTest::controller_anotherCluster_draftsThatOne()
{
    RulesMiningController controller(m_small->session, nullptr);
    QSignalSpy mined(&controller, &RulesMiningController::changed);
    controller.mine(pipeline::MineOrder::Cost, true);
    QVERIFY(mined.wait(20'000));
    const auto &clusters = controller.report()->clusters;
    QCOMPARE(clusters.size(), size_t(2));
    controller.select(clusters[0].cluster.id);
    controller.select(clusters[1].cluster.id);
    QVERIFY(controller.drafting());
    QVERIFY(SmallSession::waitFor([&] { return controller.draft().has_value(); }, 20'000));
    QCOMPARE(controller.draft()->cluster, clusters[1].cluster.id);
    controller.select("no such cluster");
    QVERIFY(SmallSession::waitFor([&] { return controller.draftError().has_value(); }, 20'000));
    QCOMPARE(controller.draftError()->code, base::ErrorCode::NotFound);
    QVERIFY(!controller.draft());
}

QTEST_MAIN(RulesMiningTest)
#include "tst_rules_mining.moc"

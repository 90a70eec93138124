#include "desktop/models/failure_search.hpp"
#include "desktop/models/failures_model.hpp"
#include "desktop/models/page_cache.hpp"
#include "desktop/pages/failures_export.hpp"
#include "desktop/pages/failures_page.hpp"
#include "desktop/pages/failures_run_panel.hpp"
#include "desktop/widgets/log_view.hpp"
#include "desktop/widgets/table_view.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <numeric>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

namespace
{

std::vector<store::FailureRow> madeUpRows(std::span<const std::int64_t> ids)
{
    std::vector<store::FailureRow> rows;
    for (const auto id : ids) {
        store::FailureRow row;
        row.id = id;
        row.job = "job " + std::to_string(id);
        rows.push_back(row);
    }
    return rows;
}

std::vector<std::int64_t> firstIds(std::int64_t count)
{
    std::vector<std::int64_t> ids(static_cast<size_t>(count));
    std::iota(ids.begin(), ids.end(), 1);
    return ids;
}

} // namespace

class FailuresTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pageCache_moreThanItHolds_dropsTheOneUnusedLongest();
    void failuresModel_anyIds_isASoundModel();
    void failuresModel_rowsAskedFor_fetchesOnlyTheirPages();
    void failuresModel_rowsThatAreGone_leaveAGapNotAShift();
    void failureSearch_newerRequest_isTheOnlyOneAnswered();
    void page_history_listsFailuresAndDetailsTheFirst();
    void page_revealClass_filtersByIt();
    void page_revealTerms_filterTogether();
    void page_typedText_filtersAfterAPause();
    void page_withoutData_saysWhatToDoNext();
    void logView_spanAfterOtherScripts_isHighlightedWhereItIs();
    void logView_hugeText_showsThePartAroundTheMatch();
    void configChanges_changedSettings_areNamed();
    void csvField_oddTexts_areQuotedAndHarmless_data();
    void csvField_oddTexts_areQuotedAndHarmless();
    void exportFailures_all_writesEveryRowOnce();
    void exportFailures_noSuchFolder_saysSo();

private:
    [[nodiscard]] std::unique_ptr<FailuresPage> shownPage();
    std::unique_ptr<SmallSession> m_small;
};

void FailuresTest::initTestCase()
{
    m_small = std::make_unique<SmallSession>();
    QVERIFY(m_small->fill());
}

std::unique_ptr<FailuresPage> FailuresTest::shownPage()
{
    auto page = std::make_unique<FailuresPage>(m_small->session);
    page->resize(1100, 700);
    page->show();
    page->activate();
    return page;
}

void FailuresTest::pageCache_moreThanItHolds_dropsTheOneUnusedLongest()
{
    PageCache<int> cache(2);
    cache.put(1, {10});
    cache.put(2, {20});
    QVERIFY(cache.find(1) != nullptr);
    cache.put(3, {30});
    QVERIFY(cache.find(2) == nullptr);
    QCOMPARE((*cache.find(1))[0], 10);
    cache.put(1, {11});
    QCOMPARE((*cache.find(1))[0], 11);
    QCOMPARE(cache.size(), size_t{2});
    cache.clear();
    QVERIFY(cache.find(3) == nullptr);
}

void FailuresTest::failuresModel_anyIds_isASoundModel()
{
    FailuresModel model(madeUpRows);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setIds(firstIds(450));
    QCOMPARE(model.rowCount(), 450);
    QCOMPARE(model.index(333, 1).data().toString(), QStringLiteral("job 334"));
    model.setIds({});
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.rowOf(1), -1);
}

void FailuresTest::failuresModel_rowsAskedFor_fetchesOnlyTheirPages()
{
    std::vector<std::int64_t> fetched;
    FailuresModel model([&](std::span<const std::int64_t> ids) {
        fetched.push_back(ids.front());
        return madeUpRows(ids);
    });
    model.setIds(firstIds(1'000'000));
    for (const int row : {0, 1, 199, 500'000, 500'001, 999'999, 5})
        QVERIFY(!model.index(row, 1).data().toString().isEmpty());
    QCOMPARE(fetched, (std::vector<std::int64_t>{1, 500'001, 999'801}));
}

void FailuresTest::failuresModel_rowsThatAreGone_leaveAGapNotAShift()
{
    FailuresModel model([](std::span<const std::int64_t> ids) {
        auto rows = madeUpRows(ids);
        rows.erase(rows.begin() + 2);
        return rows;
    });
    model.setIds(firstIds(10));
    QCOMPARE(model.index(1, 1).data().toString(), QStringLiteral("job 2"));
    QCOMPARE(model.index(2, 1).data().toString(), QString());
    QCOMPARE(model.index(3, 1).data().toString(), QStringLiteral("job 4"));
}

void FailuresTest::failureSearch_newerRequest_isTheOnlyOneAnswered()
{
    FailureSearch search;
    search.setPath(m_small->path());
    std::vector<size_t> answers;
    connect(&search, &FailureSearch::found, this,
            [&](const std::vector<std::int64_t> &ids) { answers.push_back(ids.size()); });
    store::FailureFilter filter;
    for (int i = 0; i < 30; ++i) {
        filter.job = "etl_" + std::to_string(i % 5);
        search.request(filter, {});
    }
    filter.job = "etl_7";
    search.request(filter, {});
    QVERIFY(SmallSession::waitFor([&] { return !search.running(); }));
    QCOMPARE(answers.size(), size_t{1});
    auto expected = store::findFailures(*m_small->session.workspace(), filter, {}, {});
    QVERIFY(expected.has_value());
    QCOMPARE(answers[0], expected->size());
    QVERIFY(answers[0] > 0);
}

void FailuresTest::page_history_listsFailuresAndDetailsTheFirst()
{
    const auto page = shownPage();
    auto *table = page->findChild<TableView *>();
    const auto failures = static_cast<int>(m_small->session.info().failures);
    QVERIFY(SmallSession::waitFor([&] { return table->model()->rowCount() == failures; }));
    QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto *log = page->findChild<LogView *>();
    QVERIFY(SmallSession::waitFor([&] { return !log->toPlainText().isEmpty(); }));
    // Filtered down to what the rule knows, the match is highlighted in the log.
    page->reveal(QStringLiteral("rule:test.heap"));
    QVERIFY(SmallSession::waitFor(
        [&] { return table->model()->rowCount() < failures && !log->extraSelections().isEmpty(); }));
    QCOMPARE(log->extraSelections().first().cursor.selectedText(), QStringLiteral("OutOfMemoryError: Java heap space"));
}

void FailuresTest::page_revealClass_filtersByIt()
{
    const auto page = shownPage();
    auto *table = page->findChild<TableView *>();
    page->reveal(QStringLiteral("class:unclassified"));
    const auto expected = static_cast<int>(m_small->session.info().classes.at("unclassified"));
    QVERIFY(SmallSession::waitFor([&] { return table->model()->rowCount() == expected; }));
    page->reveal(QStringLiteral("class:memory_config"));
    const auto memory = static_cast<int>(m_small->session.info().classes.at("memory_config.executor_heap"));
    QVERIFY(SmallSession::waitFor([&] { return table->model()->rowCount() == memory; }));
}

void FailuresTest::page_revealTerms_filterTogether()
{
    const auto page = shownPage();
    auto *table = page->findChild<TableView *>();
    const auto unclassified = static_cast<int>(m_small->session.info().classes.at("unclassified"));
    page->reveal(QStringLiteral("team:t0\nclass:unclassified"));
    const auto ofTeam = [&] { return table->model()->rowCount(); };
    QVERIFY(SmallSession::waitFor([&] { return ofTeam() > 0 && ofTeam() < unclassified; }));
    const int first = ofTeam();
    page->reveal(QStringLiteral("team:t1\nclass:unclassified"));
    // A failure is of one team or the other.
    QVERIFY(SmallSession::waitFor([&] { return ofTeam() == unclassified - first; }));
}

void FailuresTest::page_typedText_filtersAfterAPause()
{
    const auto page = shownPage();
    auto *table = page->findChild<TableView *>();
    QVERIFY(SmallSession::waitFor([&] { return table->model()->rowCount() > 0; }));
    QTest::keyClicks(page->findChild<QLineEdit *>(), QStringLiteral("reticul"));
    const auto expected = static_cast<int>(m_small->session.info().classes.at("unclassified"));
    QVERIFY(SmallSession::waitFor([&] { return table->model()->rowCount() == expected; }));
}

void FailuresTest::page_withoutData_saysWhatToDoNext()
{
    SmallSession empty;
    FailuresPage page(empty.session);
    page.show();
    QSignalSpy asked(&page, &Page::navigationRequested);
    QPushButton *button = nullptr;
    for (auto *candidate : page.findChildren<QPushButton *>()) {
        if (button == nullptr && candidate->isVisible())
            button = candidate;
    }
    QVERIFY(button != nullptr);
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("action:import-files"));
}

void FailuresTest::logView_spanAfterOtherScripts_isHighlightedWhereItIs()
{
    const std::string before = "メモリ不足 🔥 é ";
    const std::string match = "heap space";
    LogView view;
    view.setLog(before + match + " gone", {{before.size(), before.size() + match.size()}});
    QCOMPARE(view.extraSelections().size(), 1);
    QCOMPARE(view.extraSelections().first().cursor.selectedText(), QStringLiteral("heap space"));
    view.setLog("short", {{3, 90}});
    QCOMPARE(view.extraSelections().first().cursor.selectedText(), QStringLiteral("rt"));
}

void FailuresTest::logView_hugeText_showsThePartAroundTheMatch()
{
    std::string log(3u << 20, 'x');
    for (size_t i = 79; i < log.size(); i += 80)
        log[i] = '\n';
    const size_t at = 2u << 20;
    log.replace(at, 6, "needle");
    LogView view;
    view.setLog(log, {{at, at + 6}});
    QVERIFY(static_cast<size_t>(view.toPlainText().size()) < (1u << 20) + 200);
    QCOMPARE(view.extraSelections().first().cursor.selectedText(), QStringLiteral("needle"));
}

void FailuresTest::configChanges_changedSettings_areNamed()
{
    const model::Config before{{"spark.executor.memory", "4g"}, {"a", "1"}, {"gone", "x"}};
    const model::Config after{{"spark.executor.memory", "8g"}, {"a", "1"}, {"new", "y"}};
    const QStringList changes = configChanges(before, after);
    QCOMPARE(changes, (QStringList{QStringLiteral("gone x → unset"), QStringLiteral("new unset → y"),
                                   QStringLiteral("executor.memory 4g → 8g")}));
    QVERIFY(configChanges(before, before).isEmpty());
}

void FailuresTest::csvField_oddTexts_areQuotedAndHarmless_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    QTest::addRow("plain") << QStringLiteral("abc") << QStringLiteral("abc");
    QTest::addRow("a comma") << QStringLiteral("a,b") << QStringLiteral("\"a,b\"");
    QTest::addRow("quotes and lines") << QStringLiteral("a\"b\nc") << QStringLiteral("\"a\"\"b\nc\"");
    QTest::addRow("a formula") << QStringLiteral("=HYPERLINK(1)") << QStringLiteral("'=HYPERLINK(1)");
    QTest::addRow("a negative number") << QStringLiteral("-12.5") << QStringLiteral("-12.5");
    QTest::addRow("empty") << QStringLiteral("") << QStringLiteral("");
}

void FailuresTest::csvField_oddTexts_areQuotedAndHarmless()
{
    QFETCH(QString, text);
    QFETCH(QString, field);
    QCOMPARE(csvField(text), field);
}

void FailuresTest::exportFailures_all_writesEveryRowOnce()
{
    auto ids = store::findFailures(*m_small->session.workspace(), {}, {}, {});
    QVERIFY(ids.has_value());
    const QString path = m_small->folder.filePath(QStringLiteral("out.csv"));
    base::Progress progress;
    const auto rows = exportFailures(m_small->path().toStdString(), *ids, path, {}, progress);
    QVERIFY(rows.has_value());
    QCOMPARE(*rows, m_small->session.info().failures);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QCOMPARE(static_cast<std::uint64_t>(lines.size()), *rows + 2); // a heading, and nothing after the last line end
    QCOMPARE(lines[0].count(','), static_cast<int>(store::kFailureColumnCount) - 1);
}

void FailuresTest::exportFailures_noSuchFolder_saysSo()
{
    base::Progress progress;
    const auto rows = exportFailures(m_small->path().toStdString(), {},
                                     m_small->folder.filePath(QStringLiteral("none/out.csv")), {}, progress);
    QVERIFY(!rows.has_value());
    QVERIFY(rows.error().message.find("out.csv") != std::string::npos);
    QVERIFY(!rows.error().hint.empty());
}

QTEST_MAIN(FailuresTest)
#include "tst_failures.moc"

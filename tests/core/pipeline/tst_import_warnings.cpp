#include "import_folder.hpp"

using namespace mulligan;
using namespace mulligan::importing;

class TestImportWarnings : public QObject
{
    Q_OBJECT

private slots:
    void importSources_oneAttemptOutweighsAllOthers_isWarnedOf_data()
    {
        QTest::addColumn<double>("dearest");
        QTest::addColumn<int>("others");
        QTest::addColumn<bool>("warned");
        QTest::newRow("a slip of the unit") << 1e6 << 200 << true;
        QTest::newRow("a dear one") << 90.0 << 200 << false;
        QTest::newRow("too few to tell") << 1e6 << 20 << false;
    }
    void importSources_oneAttemptOutweighsAllOthers_isWarnedOf()
    {
        QFETCH(double, dearest);
        QFETCH(int, others);
        QFETCH(bool, warned);
        std::string rows = row("dear", 1, "failed", ",\"cost_usd\":" + std::to_string(dearest));
        for (int i = 0; i < others; ++i)
            rows += row("r" + std::to_string(i), 1, "failed", ",\"cost_usd\":1");
        Folder folder;
        write(folder.at("a.jsonl"), rows);
        auto workspace = folder.create();
        const auto report = import(workspace, folder.at("a.jsonl"));
        QVERIFY(report.has_value());
        const auto &warnings = report->sources.front().warnings;
        QCOMPARE(warnings.size(), std::size_t(warned ? 1 : 0));
        const std::string begin = "attempt 1 of job 'orders', run 'dear' alone is 99 % of the cost of 201 attempts "
                                  "(1,000,000.00 USD)";
        QVERIFY2(!warned || warnings.front().starts_with(begin), warned ? warnings.front().c_str() : "");
    }

    void importSources_attemptOfDecades_isWarnedOf()
    {
        const std::string line = "{\"job\":\"j\",\"run\":\"r\",\"attempt\":1,\"outcome\":\"failed\",\"started_at\":"
                                 "\"1973-01-01T00:00:00Z\",\"ended_at\":\"2026-01-01T00:00:00Z\"}\n";
        Folder folder;
        write(folder.at("a.jsonl"), line + row("r", 1, "failed"));
        auto workspace = folder.create();
        const auto report = import(workspace, folder.at("a.jsonl"));
        QVERIFY(report.has_value());
        const auto &warnings = report->sources.front().warnings;
        QCOMPARE(warnings.size(), std::size_t(1));
        QVERIFY2(warnings.front().starts_with("1 attempt lasts longer than a year (the longest 53 years, attempt 1 of "
                                              "job 'j', run 'r')"),
                 warnings.front().c_str());
    }
};

QTEST_GUILESS_MAIN(TestImportWarnings)
#include "tst_import_warnings.moc"

#include "pipeline/savings_report.hpp"

#include "../report/sample_report.hpp"
#include "formats/file.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <map>

using namespace mulligan;

class TestSavingsReport : public QObject
{
    Q_OBJECT

private slots:
    void makeReportInput_listsEverySettingAsItCanBeSet()
    {
        policy::Policy policy;
        policy.thresholds["memory_config"] = 0.35;
        policy.overrides = {{"etl.*", "", policy::OverrideAction::NeverRetry}};
        policy::Economics economics;
        economics.currency = "EUR";
        economics.labourRatePerHour = 77.0;
        const auto input = pipeline::makeReportInput(tests::sampleReport().savings, std::nullopt, policy, economics,
                                                     "some/folder/w.mulligan", base::fromCivil(2026, 5, 1));
        QCOMPARE(input.workspace, std::string("w.mulligan"));
        QCOMPARE(input.currency, std::string("EUR"));
        const std::map<std::string, std::string> settings(input.policy.begin(), input.policy.end());
        QCOMPARE(settings.at("thresholds.memory_config"), std::string("0.35"));
        QCOMPARE(settings.at("retry_limit.user"), std::string("2"));
        QVERIFY(settings.contains("overrides[1].job"));
        const std::map<std::string, std::string> costs(input.economics.begin(), input.economics.end());
        QCOMPARE(std::stod(costs.at("labour_rate")), 77.0);
    }

    void writeReportFile_endingChoosesTheFormat_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("a page") << "r.html" << QByteArray("<!DOCTYPE html>");
        QTest::newRow("a page, in capitals") << "R.HTML" << QByteArray("<!DOCTYPE html>");
        QTest::newRow("a table") << "r.csv" << QByteArray("section,key,value");
        QTest::newRow("a workbook") << "r.xlsx" << QByteArray("PK");
    }
    void writeReportFile_endingChoosesTheFormat()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, begin);
        QTemporaryDir folder;
        const std::string path = folder.filePath(file).toStdString();
        QVERIFY(pipeline::writeReportFile(tests::sampleReport(), path).has_value());
        QVERIFY(formats::readTextFile(path).value().starts_with(begin.toStdString()));
    }

    void writeReportFile_anotherEnding_namesThoseThereAre()
    {
        const auto written = pipeline::writeReportFile(tests::sampleReport(), "r.docx");
        QVERIFY(!written.has_value());
        QCOMPARE(written.error().code, base::ErrorCode::Unsupported);
        for (const char *ending : {".html", ".xlsx", ".csv", ".pdf"})
            QVERIFY(written.error().hint.find(ending) != std::string::npos);
    }

    void writeReportFile_noFolder_isNotFound()
    {
        for (const char *path : {"/no-such-folder/r.html", "/no-such-folder/r.csv", "/no-such-folder/r.xlsx"}) {
            const auto written = pipeline::writeReportFile(tests::sampleReport(), path);
            QVERIFY(!written.has_value());
            QCOMPARE(written.error().code, base::ErrorCode::NotFound);
        }
    }
};

QTEST_APPLESS_MAIN(TestSavingsReport)
#include "tst_savings_report.moc"

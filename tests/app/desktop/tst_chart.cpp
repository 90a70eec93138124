#include "desktop/charts/axis.hpp"
#include "desktop/charts/bar_chart.hpp"
#include "desktop/charts/calibration_chart.hpp"
#include "desktop/charts/chart_export.hpp"
#include "desktop/charts/column_chart.hpp"
#include "desktop/charts/figure_table.hpp"
#include "desktop/charts/provenance_bar.hpp"
#include "desktop/charts/waterfall_chart.hpp"
#include "desktop/charts/xy_chart.hpp"

#include <QPainter>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace mulligan;
using namespace mulligan::desktop;

/// Axes and decimation by their definitions; charts by the pixels they change and the files they write.
class Chart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void niceTicks_range_coversItInRoundSteps_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("step");
        QTest::newRow("shares") << 0.0 << 1.0 << 5 << 0.2;
        QTest::newRow("a range across zero") << -1200.0 << 4300.0 << 5 << 2000.0;
        QTest::newRow("thousands") << 0.0 << 9500.0 << 4 << 2500.0;
        QTest::newRow("cents") << 0.0 << 0.037 << 4 << 0.01;
        QTest::newRow("one negative value") << -40.0 << -40.0 << 4 << 10.0;
    }
    void niceTicks_range_coversItInRoundSteps()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, count);
        QFETCH(double, step);
        const AxisTicks ticks = niceTicks(low, high, count);
        QCOMPARE(ticks.step, step);
        QVERIFY(ticks.low <= low && ticks.high >= high);
        const auto values = ticks.values();
        QCOMPARE(values.front(), ticks.low);
        QVERIFY(std::abs(values.back() - ticks.high) < 1e-9 * step + 1e-12);
        for (const double value : values)
            QVERIFY(std::abs(value / step - std::round(value / step)) < 1e-6);
    }

    void niceTicks_nothingToShow_givesTheUnitRange()
    {
        const AxisTicks ticks = niceTicks(INFINITY, -INFINITY, 5);
        QCOMPARE(ticks.low, 0.0);
        QCOMPARE(ticks.high, 1.0);
    }

    void decimated_manyPoints_keepsEveryPeakWithTwoPointsAPixel()
    {
        QVector<QPointF> points;
        for (int i = 0; i < 100000; ++i)
            points << QPointF(i, std::sin(i * 0.01));
        points[54321].setY(25.0);
        points[77777].setY(-25.0);
        const auto kept = decimated(points, 400);
        QVERIFY(kept.size() <= 2 * 400 + 2);
        QVERIFY(kept.contains(points[54321]));
        QVERIFY(kept.contains(points[77777]));
        QCOMPARE(kept.front(), points.front());
        QCOMPARE(kept.back(), points.back());
        QVERIFY(std::is_sorted(kept.begin(), kept.end(), [](auto a, auto b) { return a.x() < b.x(); }));
    }

    void decimated_fewPoints_keepsAll()
    {
        const QVector<QPointF> points{{0, 1}, {1, 5}, {2, -3}};
        QCOMPARE(decimated(points, 300), points);
    }

    void axisMoneyText_amounts_areShort_data()
    {
        QTest::addColumn<double>("amount");
        QTest::addColumn<double>("step");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero has no cents") << 0.0 << 500.0 << QStringLiteral("$0");
        QTest::newRow("hundreds") << 750.0 << 250.0 << QStringLiteral("$750");
        QTest::newRow("thousands") << 2500.0 << 500.0 << QStringLiteral("$2.5k");
        QTest::newRow("a loss") << -10000.0 << 5000.0 << QStringLiteral("−$10k");
        QTest::newRow("millions") << 1200000.0 << 200000.0 << QStringLiteral("$1.2M");
        QTest::newRow("cents on a fine axis") << 0.25 << 0.05 << QStringLiteral("$0.25");
    }
    void axisMoneyText_amounts_areShort()
    {
        QFETCH(double, amount);
        QFETCH(double, step);
        QFETCH(QString, text);
        QCOMPARE(axisMoneyText(amount, step, QStringLiteral("USD")), text);
    }

    void provenance_kinds_differByMoreThanColour()
    {
        QSet<int> patterns;
        for (size_t i = 0; i < model::kProvenanceCount; ++i)
            patterns << provenancePattern(static_cast<model::Provenance>(i));
        QCOMPARE(patterns.size(), static_cast<qsizetype>(model::kProvenanceCount));
    }

    void charts_withFigures_drawAndDescribeThem_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("word");
        QTest::newRow("a waterfall names its parts") << 0 << QStringLiteral("Net");
        QTest::newRow("bars name their rows") << 1 << QStringLiteral("memory");
        QTest::newRow("columns name their months") << 2 << QStringLiteral("2026-01");
        QTest::newRow("calibration names its shares") << 3 << QStringLiteral("70.0");
        QTest::newRow("provenance names its kinds") << 4 << QStringLiteral("Observed");
    }
    void charts_withFigures_drawAndDescribeThem()
    {
        QFETCH(int, kind);
        QFETCH(QString, word);
        const std::unique_ptr<PaintedChart> chart = filled(kind);
        chart->resize(500, 300);
        QVERIFY2(chart->accessibleDescription().contains(word), qPrintable(chart->accessibleDescription()));
        QImage image(500, 300, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        chart->paintChart(painter, QRectF(0, 0, 500, 300), {&Theme::light(), chart->font()});
        painter.end();
        QImage blank(image.size(), image.format());
        blank.fill(Qt::white);
        QVERIFY(image != blank);
    }

    void save_picture_writesPngAndSvg()
    {
        QTemporaryDir folder;
        const auto chart = filled(0);
        chart->resize(500, 300);
        const QString png = folder.filePath(QStringLiteral("chart.png"));
        const QString svg = folder.filePath(QStringLiteral("chart.svg"));
        QVERIFY(saveChartPng(chart->picture(), png).has_value());
        QVERIFY(saveChartSvg(chart->picture(), svg).has_value());
        const QImage image(png);
        QVERIFY(image.width() >= 1000); // twice the logical size
        QFile file(svg);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray content = file.readAll();
        QVERIFY(content.contains("<svg"));
        QVERIFY(content.contains("Net"));
    }

    void save_toAFolderThatIsNot_namesThePath()
    {
        const auto saved = saveChartPng(filled(0)->picture(), QStringLiteral("/nowhere/at/all/chart.png"));
        QVERIFY(!saved.has_value());
        QCOMPARE(saved.error().code, base::ErrorCode::Io);
        QVERIFY(saved.error().text().find("/nowhere/at/all/chart.png") != std::string::npos);
    }

    void xyChart_replace_decimatesAndMovesItsMarker()
    {
        XyChart chart(QStringLiteral("Curve"), {QStringLiteral("x"), 0.0, 1.0, {}}, {QStringLiteral("y"), {}, {}, {}});
        chart.resize(400, 300);
        XyContent content;
        XyLine line;
        for (int i = 0; i <= 20000; ++i)
            line.points << QPointF(i / 20000.0, std::sin(i * 0.001));
        content.lines.push_back(line);
        content.marker = 0.5;
        QElapsedTimer clock;
        clock.start();
        chart.replace(content);
        chart.setMarker(0.25, QStringLiteral("Now"));
        QVERIFY(clock.elapsed() < 2000);
        QVERIFY(!chart.grab().toImage().isNull());
    }

    void figureTable_numbers_sortAsNumbersAndExportAsCsv()
    {
        FigureTable table(QStringLiteral("t"), {QStringLiteral("Name"), QStringLiteral("Cost")});
        table.replace({{{QStringLiteral("a,b"), {}, false, {}}, {QStringLiteral("$9"), 9.0, false, {}}},
                       {{QStringLiteral("c"), {}, false, {}}, {QStringLiteral("$10"), 10.0, false, {}}}});
        table.sortItems(1, Qt::DescendingOrder);
        QCOMPARE(table.item(0, 1)->text(), QStringLiteral("$10"));
        QCOMPARE(table.toCsv(), QStringLiteral("Name,Cost\nc,$10\n\"a,b\",$9\n"));
        QCOMPARE(table.toText(), QStringLiteral("c\t$10\na,b\t$9"));
    }

private:
    static std::unique_ptr<PaintedChart> filled(int kind)
    {
        const QString usd = QStringLiteral("USD");
        if (kind == 0) {
            auto chart = std::make_unique<WaterfallChart>(QStringLiteral("Waterfall"));
            chart->replace({{QStringLiteral("Part"), 40.0, 30.0, 50.0, {}},
                            {QStringLiteral("Loss"), -15.0, {}, {}, {}},
                            {QStringLiteral("Net"), 25.0, {}, {}, {}}},
                           usd);
            return chart;
        }
        if (kind == 1) {
            auto chart = std::make_unique<BarChart>(QStringLiteral("Bars"), QStringLiteral("net"), true);
            chart->replace({{{}, QStringLiteral("memory"), -3.0, QStringLiteral("−$3"), {}, {}}});
            return chart;
        }
        if (kind == 2) {
            auto chart = std::make_unique<ColumnChart>(QStringLiteral("Months"), QStringLiteral("net"));
            chart->replace({{QStringLiteral("2026-01"), 5.0, 1.0, 9.0, {}}}, usd);
            return chart;
        }
        if (kind == 3) {
            auto chart = std::make_unique<CalibrationChart>(QStringLiteral("Calibration"));
            chart->replace({{0.7, 0.65, 0.6, 0.7, 100}});
            return chart;
        }
        auto chart = std::make_unique<ProvenanceBar>(QStringLiteral("Provenance"));
        ProvenanceShares shares{};
        shares[0] = {10, 5.0};
        shares[2] = {5, 20.0};
        chart->replace(shares, usd);
        return chart;
    }
};

QTEST_MAIN(Chart)
#include "tst_chart.moc"

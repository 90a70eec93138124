#include "desktop/charts/baseline_name.hpp"
#include "desktop/pages/model_figures.hpp"
#include "desktop/pages/model_page.hpp"
#include "desktop/session/session.hpp"

#include <QLabel>
#include <QPushButton>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::desktop;

class Model : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void baselineRows_card_marksTheBestOfEachColumn()
    {
        const auto rows = baselineRows(card());
        QCOMPARE(rows.size(), 4);
        QCOMPARE(rows[0][1].text, QStringLiteral("0.850"));
        QVERIFY(rows[0][1].strong);  // highest AUC
        QVERIFY(!rows[0][5].strong); // calibration error: a baseline is lower
        QVERIFY(rows[2][5].strong);
        for (int column = 1; column <= 5; ++column) {
            int strong = 0;
            for (const auto &row : rows)
                strong += row[column].strong ? 1 : 0;
            QVERIFY(strong >= 1);
        }
    }

    void modelTiles_card_compareWithTheBestBaseline()
    {
        const auto tiles = modelTiles(card(), QStringLiteral("USD"));
        QCOMPARE(tiles.size(), 4);
        QCOMPARE(tiles[0].tone, KpiTone::Better);
        QVERIFY(tiles[0].comparison.contains(QStringLiteral("0.800")));
        QCOMPARE(tiles[2].tone, KpiTone::Worse);
        QVERIFY(tiles[3].value.contains(QStringLiteral("1.50")));
    }

    void classRows_card_areOrderedByRows()
    {
        const auto rows = classRows(card(), QStringLiteral("USD"));
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[0][0].text, QStringLiteral("memory_config.executor_heap"));
        QCOMPARE(rows[1][3].text, QString(QChar(0x2013))); // one outcome only: no AUC
    }

    void precisionRecall_card_guessingIsTheShareOfSuccesses()
    {
        const XyContent content = precisionRecall(card());
        QCOMPARE(content.lines.size(), size_t(2));
        QCOMPARE(content.lines[1].points.front().y(), 0.4);
        QVERIFY(content.lines[0].points.front().x() <= content.lines[0].points.back().x());
    }

    void importanceBars_manyFeatures_showsTheFirst()
    {
        QCOMPARE(importanceBars(card(), 1).size(), 1);
        QCOMPARE(importanceBars(card(), 9).size(), 2);
    }

    void baselineName_known_isInWords_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("name");
        QTest::newRow("overall") << QStringLiteral("overall_rate") << QStringLiteral("Overall success rate");
        QTest::newRow("by class") << QStringLiteral("class_rate") << QStringLiteral("Success rate by class");
        QTest::newRow("by job") << QStringLiteral("job_rate") << QStringLiteral("Success rate by job");
        QTest::newRow("another stays as it is") << QStringLiteral("other") << QStringLiteral("other");
    }
    void baselineName_known_isInWords()
    {
        QFETCH(QString, key);
        QFETCH(QString, name);
        QCOMPARE(baselineName(key.toStdString()), name);
    }

    void page_withoutAWorkspace_saysWhatToDoNext()
    {
        Session session(pipeline::Resources{MULLIGAN_SOURCE_DIR "/resources"});
        ModelPage page(session);
        QSignalSpy spy(&page, &Page::navigationRequested);
        page.resize(900, 600);
        page.show();
        const auto buttons = page.findChildren<QPushButton *>();
        const auto next = std::find_if(buttons.begin(), buttons.end(), [](auto *b) { return b->isVisible(); });
        QVERIFY(next != buttons.end());
        (*next)->click();
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy.front().front().toString(), QStringLiteral("start"));
    }

private:
    static model::ModelCard card()
    {
        model::ModelCard card;
        card.success = {0.85, 0.75, 0.42, 0.13, 0.05};
        card.cost = {1.5, 0.3, -0.2};
        card.baselines = {{"class_rate", {0.8, 0.7, 0.48, 0.16, 0.07}},
                          {"job_rate", {0.6, 0.5, 0.60, 0.2, 0.03}},
                          {"overall_rate", {0.5, 0.3, 0.64, 0.22, 0.04}}};
        card.calibration = {{0.2, 0.2, 0.1, 0.3, 50}, {0.6, 0.6, 0.5, 0.7, 50}};
        card.precisionRecall = {{1.0, 0.4}, {0.0, 1.0}, {0.5, 0.8}};
        card.importance = {{"p_class", 0.7}, {"attempt", 0.3}};
        card.byClass["code.udf"] = {10, 0.0, std::nullopt, 0.1, {}};
        card.byClass["memory_config.executor_heap"] = {100, 0.5, 0.8, 0.2, {}};
        return card;
    }
};

QTEST_MAIN(Model)
#include "tst_model.moc"

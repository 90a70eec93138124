#include "desktop/charts/interval_chart.hpp"
#include "desktop/charts/share_chart.hpp"
#include "desktop/widgets/sparkline.hpp"

#include <QPainter>
#include <QStandardItemModel>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::desktop;

/// Charts of shares: by the pixels they change, what they say in words, and the files they write.
class ShareCharts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void shareChart_weeks_areDrawnAndDescribed();
    void shareChart_oneWeek_isDrawn();
    void shareChart_second_isToldByName();
    void shareChart_picture_isWrittenAsPngAndSvg();
    void intervalChart_rows_areDrawnAndDescribed();
    void intervalChart_unknownRow_isSaidAndNotDrawn();
    void intervalChart_narrow_hasItsLinesBelowTheWords();
    void sparkline_counts_changeTheCell();

private:
    static QVector<SharePoint> weeks(int count, double share)
    {
        QVector<SharePoint> points;
        for (int week = 0; week < count; ++week)
            points.append({{1'767'571'200'000 + week * 7 * base::kMsPerDay},
                           share,
                           share - 0.05,
                           share + 0.05,
                           share * 100,
                           100});
        return points;
    }
    static QImage drawn(const PaintedChart &chart, const Theme &theme)
    {
        QImage image(420, 220, QImage::Format_RGB32);
        image.fill(theme.surface);
        QPainter painter(&image);
        chart.paintChart(painter, QRectF(0, 0, 420, 220), {&theme, chart.font()});
        return image;
    }
    static int pixels(const QImage &image, const QColor &colour)
    {
        int count = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                count += image.pixelColor(x, y) == colour ? 1 : 0;
        return count;
    }
};

void ShareCharts::shareChart_weeks_areDrawnAndDescribed()
{
    ShareChart chart(QStringLiteral("Unclassified"), QStringLiteral("Share"));
    QCOMPARE(pixels(drawn(chart, Theme::light()), Theme::light().policy), 0);
    chart.replace(QStringLiteral("All"), weeks(6, 0.3));
    QVERIFY(chart.accessibleDescription().contains(QStringLiteral("2026-01-05")));
    QVERIFY(chart.accessibleDescription().contains(QStringLiteral("30.0")));
    for (const Theme *theme : {&Theme::light(), &Theme::dark()})
        QVERIFY(pixels(drawn(chart, *theme), theme->policy) > 100);
}

void ShareCharts::shareChart_oneWeek_isDrawn()
{
    ShareChart chart(QStringLiteral("Unclassified"), QStringLiteral("Share"));
    chart.replace(QStringLiteral("All"), weeks(1, 0.2));
    QVERIFY(pixels(drawn(chart, Theme::light()), Theme::light().policy) > 0);
}

void ShareCharts::shareChart_second_isToldByName()
{
    ShareChart chart(QStringLiteral("Unclassified"), QStringLiteral("Share"));
    chart.replace(QStringLiteral("All"), weeks(4, 0.2));
    QCOMPARE(pixels(drawn(chart, Theme::light()), Theme::light().modelled), 0);
    chart.replace(QStringLiteral("All"), weeks(4, 0.2), QStringLiteral("etl_1"), weeks(4, 0.6));
    QVERIFY(pixels(drawn(chart, Theme::light()), Theme::light().modelled) > 20);
}

void ShareCharts::shareChart_picture_isWrittenAsPngAndSvg()
{
    const QTemporaryDir folder;
    ShareChart chart(QStringLiteral("Unclassified"), QStringLiteral("Share"));
    chart.resize(400, 200);
    chart.replace(QStringLiteral("All"), weeks(4, 0.2));
    const QString png = folder.filePath(QStringLiteral("a.png"));
    const QString svg = folder.filePath(QStringLiteral("a.svg"));
    QVERIFY(saveChartPng(chart.picture(), png).has_value());
    QVERIFY(saveChartSvg(chart.picture(), svg).has_value());
    QVERIFY(!QImage(png).isNull());
    QFile file(svg);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("<polyline"));
}

void ShareCharts::intervalChart_rows_areDrawnAndDescribed()
{
    IntervalChart chart(QStringLiteral("Audit"));
    chart.replace({{QStringLiteral("Precision"), 0.9, 0.8, 0.95, true, {}}});
    QVERIFY2(chart.accessibleDescription().contains(QStringLiteral("90.0")), qPrintable(chart.accessibleDescription()));
    QVERIFY(pixels(drawn(chart, Theme::light()), Theme::light().policy) > 30);
}

void ShareCharts::intervalChart_unknownRow_isSaidAndNotDrawn()
{
    IntervalChart chart(QStringLiteral("Audit"));
    chart.replace({{QStringLiteral("Precision"), 0.0, 0.0, 1.0, false, {}}});
    QVERIFY(chart.accessibleDescription().contains(QStringLiteral("not known yet")));
    QCOMPARE(pixels(drawn(chart, Theme::light()), Theme::light().policy), 0);
}

void ShareCharts::intervalChart_narrow_hasItsLinesBelowTheWords()
{
    IntervalChart chart(QStringLiteral("Audit"));
    chart.replace({{QStringLiteral("Precision"), 0.98, 0.0, 1.0, true, {}}});
    chart.show();
    const Theme &theme = Theme::light();
    // How long the drawn interval is.
    const auto lengthAt = [&](int width) {
        chart.resize(width, chart.height());
        chart.resize(width, chart.sizeHint().height());
        QImage image(width, chart.height(), QImage::Format_RGB32);
        image.fill(theme.surface);
        QPainter painter(&image);
        chart.paintChart(painter, QRectF(0, 0, width, chart.height()), {&theme, chart.font()});
        int first = width;
        int last = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < width; ++x)
                if (image.pixelColor(x, y) == theme.policy) {
                    first = std::min(first, x);
                    last = std::max(last, x);
                }
        return last - first;
    };
    QVERIFY(lengthAt(600) > 150);
    const int wide = chart.sizeHint().height();
    // From no share to all: as long as the chart is wide, not the rest that its words leave.
    QVERIFY2(lengthAt(250) > 180, qPrintable(QString::number(lengthAt(250))));
    QVERIFY(chart.sizeHint().height() > wide);
}

void ShareCharts::sparkline_counts_changeTheCell()
{
    QStandardItemModel model(2, 1);
    QTableView view;
    view.setModel(&model);
    view.setItemDelegateForColumn(0,
                                  new SparklineDelegate(
                                      [](const QModelIndex &index) {
                                          return index.row() == 0 ? QVector<double>{0, 3, 5} : QVector<double>{0, 0, 0};
                                      },
                                      &view));
    view.resize(300, 120);
    const QImage image = view.viewport()->grab().toImage();
    const auto in = [&](int row) {
        return pixels(image.copy(view.visualRect(model.index(row, 0))), Theme::current().policy);
    };
    QVERIFY(in(0) > 20);
    QCOMPARE(in(1), 0);
}

QTEST_MAIN(ShareCharts)
#include "tst_share_chart.moc"

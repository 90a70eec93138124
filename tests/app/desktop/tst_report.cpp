#include "desktop/pages/report_controller.hpp"
#include "desktop/print/report_blocks.hpp"
#include "desktop/print/report_document.hpp"
#include "desktop/print/report_pdf.hpp"
#include "pipeline/savings_report.hpp"
#include "sample_session.hpp"

#include <QPainter>
#include <QtTest>

#include <map>

using namespace mulligan;
using namespace mulligan::desktop;

class Report : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paginate_longTable_repeatsItsHeadingOnEveryPage()
    {
        QVector<QStringList> rows;
        for (int i = 0; i < 200; ++i)
            rows << QStringList{QStringLiteral("row %1").arg(i), QStringLiteral("1")};
        const ReportBlocks blocks =
            tableBlocks({{QStringLiteral("Name"), 1, false}, {QStringLiteral("Value"), 1, true}}, rows);
        const auto pages = paginate(blocks, 50, 790);
        QVERIFY(pages.size() > 2);
        size_t placed = 0;
        for (const auto &page : pages) {
            QCOMPARE(page.front().top, 50.0);
            for (const PlacedBlock &block : page)
                QVERIFY(block.top + block.block->height <= 790.0 + 1e-6);
            placed += page.size();
        }
        // Every row and the heading once, and the heading again on each page after the first.
        QCOMPARE(placed, blocks.size() + pages.size() - 1);
    }

    void paginate_headingBeforeATallBlock_movesWithIt()
    {
        ReportBlocks blocks;
        blocks.push_back(drawingBlock(700, [](QPainter &, const QRectF &) {}));
        blocks.push_back(headingBlock(QStringLiteral("Chart")));
        blocks.push_back(drawingBlock(200, [](QPainter &, const QRectF &) {}));
        const auto pages = paginate(blocks, 50, 790);
        QCOMPARE(pages.size(), size_t(2));
        QCOMPARE(pages[0].size(), size_t(1));
        QCOMPARE(pages[1].front().block, &blocks[1]);
    }

    void document_withoutAnything_stillHasAPage()
    {
        report::ReportInput input;
        input.savings.policyName = "Empty";
        const ReportDocument document(input);
        QVERIFY(document.pageCount() >= 1);
        QVERIFY(document.title().contains(QStringLiteral("Empty")));
    }

    void writeReportPdf_folderThatIsNot_namesThePath()
    {
        const auto written = writeReportPdf(ReportDocument({}), QStringLiteral("/nowhere/at/all/out.pdf"));
        QVERIFY(!written.has_value());
        QVERIFY(written.error().text().find("/nowhere/at/all/out.pdf") != std::string::npos);
    }

    void controller_withoutAWorkspace_refusesToWrite()
    {
        Session session(pipeline::Resources{MULLIGAN_SOURCE_DIR "/resources"});
        ReportController controller(session);
        controller.update();
        QVERIFY(!controller.document());
        const auto written = controller.write(QStringLiteral("x.html"));
        QVERIFY(!written.has_value());
        QCOMPARE(written.error().code, base::ErrorCode::InsufficientData);
    }

    void controller_replayed_writesEveryFormat()
    {
        tests::SampleSession sample;
        QVERIFY2(sample.open(), qPrintable(sample.errors.join(QLatin1Char('\n'))));
        ReportController controller(sample.session);
        controller.update();
        QVERIFY(controller.document() != nullptr);
        QVERIFY(controller.document()->pageCount() >= 2);
        const QVector<std::pair<const char *, QByteArray>> kinds{
            {"out.pdf", "%PDF"}, {"out.html", "<!"}, {"out.xlsx", "PK"}, {"out.csv", "section"}};
        for (const auto &[name, start] : kinds) {
            const QString path = sample.path(QLatin1String(name));
            const auto written = controller.write(path);
            QVERIFY2(written.has_value(), name);
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(file.read(64).toLower().contains(start.toLower()), name);
        }
        QVERIFY(!controller.write(sample.path(QStringLiteral("out.docx"))).has_value());

        // The same pages on screen: something is drawn on each.
        for (int page = 0; page < controller.document()->pageCount(); ++page) {
            QImage image(595, 842, QImage::Format_RGB32);
            image.fill(Qt::white);
            const QImage blank = image;
            QPainter painter(&image);
            controller.document()->paintPage(painter, page);
            painter.end();
            QVERIFY(image != blank);
        }

        checkUnattended(sample);
    }

private:
    /// The report that needs no window: of the settings it is asked for, not of those in the workspace.
    static void checkUnattended(const tests::SampleSession &sample)
    {
        const pipeline::Resources &resources = sample.session.resources();
        const QString path = sample.path(QStringLiteral("unattended.pdf"));
        pipeline::ReplayRequest request;
        request.workspace = sample.session.path().toStdString();
        request.settings = {"threshold=0.77", "currency=EUR"};
        base::Progress progress;
        const auto input = pipeline::replayedReport(resources, request, base::Instant{}, {}, progress);
        QVERIFY2(input.has_value(), input ? "" : input.error().text().c_str());
        const std::map<std::string, std::string> policy(input->policy.begin(), input->policy.end());
        QCOMPARE(policy.at("threshold"), std::string("0.77"));
        QCOMPARE(input->currency, std::string("EUR"));

        const auto pages = renderReportPdf(resources, request, path);
        QVERIFY2(pages.has_value(), pages ? "" : pages.error().text().c_str());
        QVERIFY(*pages > 1 && QFile::exists(path));

        request.settings = {"treshold=0.5"};
        const auto refused = renderReportPdf(resources, request, path);
        QVERIFY(!refused.has_value());
        QVERIFY2(refused.error().hint.find("threshold") != std::string::npos, refused.error().text().c_str());
    }
};

QTEST_MAIN(Report)
#include "tst_report.moc"

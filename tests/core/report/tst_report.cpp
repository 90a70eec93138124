#include "sample_report.hpp"

#include "base/rng.hpp"
#include "formats/byte_source.hpp"
#include "formats/csv.hpp"
#include "formats/file.hpp"
#include "formats/zip.hpp"
#include "report/svg.hpp"
#include "report/tables.hpp"
#include "report/text.hpp"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <regex>

using namespace mulligan;

namespace
{

std::int64_t cents(double amount)
{
    return std::llround(amount * 100.0);
}

report::ReportInput randomReport(base::Rng &rng)
{
    report::ReportInput in = tests::sampleReport();
    model::Savings &s = in.savings.savings;
    s.net.value = 0.0;
    for (auto *part : {&s.doomedRetriesAvoided, &s.addedRetries, &s.dearerConfig, &s.fixedByConfig,
                       &s.interventionsAvoided, &s.wronglyStopped}) {
        part->value = rng.uniform(-900.0, 900.0);
        s.net.value += part->value;
    }
    in.savings.groups.clear();
    for (int i = 0; i < 40; ++i)
        in.savings.groups.push_back({"class" + std::to_string(i),
                                     3,
                                     rng.uniform(0.0, 500.0),
                                     rng.uniform(0.0, 500.0),
                                     {rng.uniform(-99.0, 99.0), {}, {}, "usd", {}},
                                     0.5,
                                     0.6});
    return in;
}

/// Text between tags of every cell of the table whose heading row holds `heading`.
std::vector<std::string> cellsAfter(const std::string &html, const std::string &heading)
{
    std::vector<std::string> out;
    const size_t begin = html.find(heading);
    const std::string table = html.substr(begin, html.find("</table>", begin) - begin);
    const std::regex cell("<td[^>]*>([^<]*)");
    for (std::sregex_iterator it(table.begin(), table.end(), cell), end; it != end; ++it)
        out.push_back((*it)[1]);
    return out;
}

double numberIn(std::string text)
{
    text.erase(std::remove(text.begin(), text.end(), ','), text.end());
    const size_t minus = text.find("\xE2\x88\x92");
    if (minus != std::string::npos)
        text.replace(minus, 3, "-");
    return std::stod(text);
}

std::vector<std::vector<std::string>> csvRows(const std::string &text)
{
    const auto source = formats::memorySource(text);
    formats::CsvReader reader(*source);
    formats::CsvRecord record;
    std::vector<std::vector<std::string>> rows;
    for (;;) {
        const auto more = reader.next(record);
        if (!more || !*more)
            return rows;
        rows.emplace_back(record.fields.begin(), record.fields.begin() + static_cast<long>(record.count));
    }
}

const char *kHostile = "<script>alert('x')</script> & \"quoted\" \xff\x01";

} // namespace

class TestReport : public QObject
{
    Q_OBJECT

private slots:
    void partRows_anyAmounts_addUpToNetToTheCent()
    {
        base::Rng rng(7);
        for (int i = 0; i < 1000; ++i) {
            const auto in = randomReport(rng);
            std::int64_t sum = 0;
            for (const auto &row : report::partRows(in.savings.savings))
                sum += cents(row.amount);
            QCOMPARE(sum, cents(report::netAmount(in.savings.savings)));
            QVERIFY(std::abs(report::netAmount(in.savings.savings) - in.savings.savings.net.value) < 0.0051);
        }
    }

    void groupTable_moreGroupsThanFit_restIsOneRowAndColumnsAddUp()
    {
        base::Rng rng(8);
        for (int i = 0; i < 200; ++i) {
            const auto in = randomReport(rng);
            const auto table = report::groupTable(in.savings.groups, 12, false);
            QCOMPARE(table.rows.size(), size_t(12));
            QCOMPARE(table.rows.back().key, std::string("29 others"));
            QCOMPARE(table.total.episodes, std::uint64_t(120));
            std::int64_t net = 0;
            std::int64_t history = 0;
            double exact = 0.0;
            for (const auto &row : table.rows) {
                net += cents(row.net.value);
                history += cents(row.historyCost);
            }
            for (const auto &group : in.savings.groups)
                exact += group.net.value;
            QCOMPARE(net, cents(table.total.net.value));
            QCOMPARE(history, cents(table.total.historyCost));
            QVERIFY(std::abs(exact - table.total.net.value) < 0.0051);
        }
    }

    void groupTable_cutShort_showsTheCentsOfTheWholeTable()
    {
        base::Rng rng(12);
        for (int i = 0; i < 50; ++i) {
            const auto in = randomReport(rng);
            const auto all = report::groupTable(in.savings.groups, in.savings.groups.size(), true);
            const auto cut = report::groupTable(in.savings.groups, 12, false);
            QCOMPARE(cents(cut.total.net.value), cents(all.total.net.value));
            for (size_t row = 0; row + 1 < cut.rows.size(); ++row) {
                const auto same = [&](const auto &group) { return group.key == cut.rows[row].key; };
                const auto whole = std::find_if(all.rows.begin(), all.rows.end(), same);
                QVERIFY(whole != all.rows.end());
                QCOMPARE(cut.rows[row].net.value, whole->net.value);
                QCOMPARE(cut.rows[row].historyCost, whole->historyCost);
            }
        }
    }

    void toText_anotherCurrency_isNamedThroughout()
    {
        report::ReportInput in = tests::sampleReport();
        in.savings.currency = "EUR";
        for (auto *share : {&in.savings.savings.retryCostShare, &in.savings.savings.allErrorCostShare,
                            &in.savings.savings.memoryConfigCostShare})
            share->denominator = "history";
        in.savings.notes.clear();
        const QString text = QString::fromStdString(report::toText(in.savings, false));
        QVERIFY(text.contains("24,729.00 EUR") && text.contains("moved, EUR"));
        QVERIFY2(!text.contains("usd", Qt::CaseInsensitive), qPrintable(text));
    }

    void everyFormat_withoutAModel_saysSoBesideTheFigure()
    {
        report::ReportInput in = tests::sampleReport();
        const std::string trained = report::toText(in.savings, false) + report::toHtml(in) + report::toCsv(in);
        QVERIFY(trained.find("WITHOUT A MODEL") == std::string::npos && trained.find("caveat") == std::string::npos);
        QVERIFY(trained.find("without a model") == std::string::npos);
        in.savings.modelFallback = true;
        in.savings.modelCaveat = "No model is trained. Base rates stand in.";
        const std::string text = report::toText(in.savings, false);
        const size_t net = text.find("Net savings    ");
        QVERIFY(text.substr(net, text.find('\n', net) - net).ends_with("WITHOUT A MODEL"));
        QVERIFY(text.find(in.savings.modelCaveat) < text.find("What net savings are made of"));
        const std::string html = report::toHtml(in);
        QVERIFY(html.find("net savings, without a model</span>") != std::string::npos);
        QVERIFY(html.find("<p class=\"warn\">No model is trained. Base rates stand in.</p>") != std::string::npos);
        QVERIFY(report::toCsv(in).find("about,model_caveat,No model is trained. Base rates stand in.")
                != std::string::npos);
    }

    void toTextAndToHtml_explainTheLetters()
    {
        const report::ReportInput in = tests::sampleReport();
        const QString text = QString::fromStdString(report::toText(in.savings, false));
        const QString html = QString::fromStdString(report::toHtml(in));
        for (const char *letter : {"F: what failed", "X: what dearer", "L: people"}) {
            QVERIFY2(text.simplified().contains(letter), letter);
            QVERIFY2(html.contains(letter), letter);
        }
    }

    void toHtml_printedParts_addUpToThePrintedNet()
    {
        base::Rng rng(9);
        for (int i = 0; i < 50; ++i) {
            const std::string html = report::toHtml(randomReport(rng));
            const auto cells = cellsAfter(html, "<th>Part</th>");
            QCOMPARE(cells.size(), size_t(21));
            std::int64_t sum = 0;
            for (size_t row = 0; row < 6; ++row)
                sum += cents(numberIn(cells[row * 3 + 1]));
            QCOMPARE(sum, cents(numberIn(cells[19])));
        }
    }

    void toHtml_hostileNames_areEscapedEverywhere()
    {
        report::ReportInput in = tests::sampleReport();
        in.workspace = in.currency = in.savings.policyName = in.savings.policyVersion = kHostile;
        in.savings.economicsHash = in.savings.modelId = kHostile;
        in.savings.groups[0].key = in.savings.months[0].key = kHostile;
        in.savings.notes = {kHostile};
        in.savings.savings.retryCostShare.denominator = kHostile;
        in.policy = {{kHostile, kHostile}};
        in.card->fallback = true;
        in.card->fallbackReason = kHostile;
        const std::string html = report::toHtml(in);
        QVERIFY(html.find("<script") == std::string::npos);
        QVERIFY(html.find("&lt;script&gt;alert(&#39;x&#39;)") != std::string::npos);
        QVERIFY(html.find('\xff') == std::string::npos && html.find('\x01') == std::string::npos);
        QVERIFY(QString::fromUtf8(html.c_str()).contains(QChar(0xFFFD)));
    }

    void toHtml_isOneFileWithoutScriptsOrOutsideResources()
    {
        const std::string html = report::toHtml(tests::sampleReport());
        for (const char *outside : {"<script", "<link", "<img", "http:", "https:", "url(", "@import"})
            QVERIFY2(html.find(outside) == std::string::npos, outside);
        for (const char *needed : {"prefers-color-scheme:dark", "@media print", "What net savings are made of",
                                   "How far net savings can be trusted", "History against policy", "By class",
                                   "By month", "The model behind it", "Read this with it", "Appendix"})
            QVERIFY2(html.find(needed) != std::string::npos, needed);
        for (const char *tag : {"table", "tr", "td", "section", "svg", "ul", "div", "main"}) {
            const auto count = [&html](const std::string &text) {
                size_t n = 0;
                for (size_t at = html.find(text); at != std::string::npos; at = html.find(text, at + 1))
                    ++n;
                return n;
            };
            const std::string name(tag);
            QCOMPARE(count("<" + name + ">") + count("<" + name + " "), count("</" + name + ">"));
        }
    }

    void headline_saysWhatTheIntervalMeans_data()
    {
        QTest::addColumn<double>("net");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<QString>("expected");
        QTest::newRow("a sure saving") << 100.0 << 50.0 << 150.0
                                       << "Even the low end of the 95 % interval is a saving.";
        QTest::newRow("a sure loss") << -100.0 << -150.0 << -50.0 << "cost 100.00 USD more than history did";
        QTest::newRow("it could be nothing") << 20.0 << -30.0 << 70.0 << "cannot be told from none";
        QTest::newRow("nothing changes") << 0.0 << 0.0 << 0.0 << "cost exactly what history cost";
    }
    void headline_saysWhatTheIntervalMeans()
    {
        QFETCH(double, net);
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(QString, expected);
        model::SavingsReport r;
        r.savings.doomedRetriesAvoided.value = r.savings.net.value = net;
        r.savings.net.low = low;
        r.savings.net.high = high;
        QVERIFY(QString::fromStdString(report::headline(r, "USD")).contains(expected));
    }

    void headline_noInterval_saysThereIsTooLittleData()
    {
        model::SavingsReport r;
        r.savings.doomedRetriesAvoided.value = r.savings.net.value = 5.0;
        QVERIFY(report::headline(r, "USD").find("too little data") != std::string::npos);
    }

    void toText_fitsIntoEightyColumnsAndNamesEveryProvenance()
    {
        report::ReportInput in = tests::sampleReport();
        in.savings.groups[0].key = "a class with a name that is much longer than its column can hold";
        in.savings.notes.push_back("Ein längerer Satz mit Umlauten, der über das Ende der Zeile hinausläuft: äöü.");
        const QString text = QString::fromStdString(report::toText(in.savings, false));
        for (const QString &line : text.split('\n')) {
            QVERIFY2(line.size() <= 80, qPrintable(line));
            QVERIFY2(!line.endsWith(' '), qPrintable(line));
        }
        for (const char *word : {"Observed", "Estimated", "Modelled", "Assumed", "Unsupported", "24,729.00",
                                 "memory_config.container_limit", "Wrongly stopped", "95 % interval"})
            QVERIFY2(text.contains(word), word);
        QVERIFY(!text.contains('\033'));
        QVERIFY(report::toText(in.savings, true).find("\033[32m") != std::string::npos);
    }

    void toText_sumOfPrintedParts_isThePrintedNet()
    {
        base::Rng rng(10);
        const auto in = randomReport(rng);
        const std::string text = report::toText(in.savings, false);
        std::int64_t sum = 0;
        for (const auto &row : report::partRows(in.savings.savings)) {
            const size_t at = text.find("  " + std::string(row.title) + " ");
            QVERIFY(at != std::string::npos);
            sum += cents(numberIn(text.substr(at + 32, 16)));
        }
        const size_t net = text.find("\n  Net savings ");
        QCOMPARE(sum, cents(numberIn(text.substr(net + 33, 16))));
    }

    void toCsv_isRectangularAndHoldsTheFigures()
    {
        const auto rows = csvRows(report::toCsv(tests::sampleReport()));
        QCOMPARE(rows.front(), (std::vector<std::string>{"section", "key", "value", "low", "high", "unit"}));
        std::int64_t parts = 0;
        std::int64_t net = 0;
        for (const auto &row : rows) {
            QCOMPARE(row.size(), size_t(6));
            if (row[0] == "savings" && row[5] == "USD" && row[1] != "net_per_30_days")
                (row[1] == "net" ? net : parts) += cents(std::stod(row[2]));
        }
        QCOMPARE(parts, net);
        QCOMPARE(net, std::int64_t(2472900));
    }

    void toCsv_textThatLooksLikeAFormula_isNotRun()
    {
        report::ReportInput in = tests::sampleReport();
        in.savings.groups[0].key = "=HYPERLINK(\"x\")";
        in.savings.notes = {"+cmd|' /C calc'!A0", "@SUM(1)"};
        for (const auto &row : csvRows(report::toCsv(in))) {
            for (const auto &field : row)
                QVERIFY2(field.empty() || (field[0] != '=' && field[0] != '@' && field.rfind("+c", 0) != 0),
                         field.c_str());
        }
    }

    void writeXlsx_sheetsHoldNumbersThatAddUp()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("r.xlsx").toStdString();
        const report::ReportInput in = tests::sampleReport();
        const auto written = report::writeXlsx(in, path);
        QVERIFY2(written.has_value(), written ? "" : written.error().text().c_str());
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
        const auto entries = formats::readZip(path);
        QVERIFY(entries.has_value());
        std::map<std::string, std::string> files;
        for (const auto &entry : *entries)
            files[entry.name] = entry.content;
        for (const char *sheet : {"Summary", "Parts", "KPIs", "Provenance", "Classes", "Months", "Notes"})
            QVERIFY2(files["xl/workbook.xml"].find(std::string("name=\"") + sheet + "\"") != std::string::npos, sheet);
        const std::string parts = files["xl/worksheets/sheet2.xml"];
        std::int64_t sum = 0;
        const std::regex cell("<c r=\"B[2-7]\"[^>]*><v>([^<]*)</v>");
        for (std::sregex_iterator it(parts.begin(), parts.end(), cell), end; it != end; ++it)
            sum += cents(std::stod((*it)[1]));
        QCOMPARE(sum, std::int64_t(2472900));
        QVERIFY(parts.find("<f>SUM(B2:B7)</f><v>24729</v>") != std::string::npos);
    }

    void writeXlsx_badPath_saysWhy_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("code");
        QTest::newRow("the folder does not exist") << "/nonexistent-folder/r.xlsx"
                                                   << "not_found";
        QTest::newRow("the path runs through a file") << "/etc/hostname/r.xlsx"
                                                      << "io";
    }
    void writeXlsx_badPath_saysWhy()
    {
        QFETCH(QString, path);
        QFETCH(QString, code);
        const auto written = report::writeXlsx(tests::sampleReport(), path.toStdString());
        QVERIFY(!written.has_value());
        if (code == "not_found")
            QCOMPARE(written.error().code, base::ErrorCode::NotFound);
        QVERIFY(written.error().message.find("r.xlsx") != std::string::npos);
    }

    void waterfallSvg_lossesAndEmptyReports_stayWithinTheDrawing_data()
    {
        QTest::addColumn<double>("scale");
        QTest::newRow("nothing at all") << 0.0;
        QTest::newRow("all parts negated") << -1.0;
        QTest::newRow("a billion times as much") << 1e9;
        QTest::newRow("fractions of a cent") << 1e-7;
    }
    void waterfallSvg_lossesAndEmptyReports_stayWithinTheDrawing()
    {
        QFETCH(double, scale);
        model::Savings s = tests::sampleReport().savings.savings;
        for (auto *f : {&s.doomedRetriesAvoided, &s.addedRetries, &s.dearerConfig, &s.fixedByConfig,
                        &s.interventionsAvoided, &s.wronglyStopped, &s.net}) {
            f->value *= scale;
            f->low = f->high = std::nullopt;
        }
        const std::string svg = report::waterfallSvg(report::partRows(s), s.net, report::netAmount(s), "USD");
        QVERIFY(svg.find("nan") == std::string::npos && svg.find("inf") == std::string::npos);
        const std::regex rect("<rect x=\"([-0-9.]+)\" y=\"[-0-9.]+\" width=\"([-0-9.]+)\"");
        int rects = 0;
        for (std::sregex_iterator it(svg.begin(), svg.end(), rect), end; it != end; ++it, ++rects) {
            QVERIFY(std::stod((*it)[1]) >= 213.0);
            QVERIFY(std::stod((*it)[1]) + std::stod((*it)[2]) <= 648.0);
        }
        QCOMPARE(rects, 7);
    }
};

QTEST_APPLESS_MAIN(TestReport)
#include "tst_report.moc"

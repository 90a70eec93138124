#include "evaluate/truth_reader.hpp"

#include "formats/compress.hpp"
#include "formats/file.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;

namespace
{

const std::string kLine =
    R"({"job":"a","variant":"small","config":{"spark.executor.memory":"2g","n":3,"f":0.6,"b":true},)"
    R"("repeat":2,"outcome":"failed","seconds":12.5,"cost_usd":0.25})"
    "\n";

base::Result<std::vector<evaluate::TruthRow>> read(const std::string &text, std::size_t limit = 4096)
{
    base::Progress progress;
    const auto source = formats::memorySource(text);
    return evaluate::readTruth(*source, "truth.jsonl", {}, progress, limit);
}

} // namespace

class TestTruthReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readTruth_fullLine_givesEveryField()
    {
        const auto rows = read("\n" + kLine
                               + R"({"job":"a","config":{},"outcome":"killed","seconds":0,"cost_usd":0,)"
                                 R"("vcore_seconds":8,"memory_gb_seconds":16,"workflow":"not needed"})");
        QVERIFY2(rows.has_value(), rows.has_value() ? "" : rows.error().text().c_str());
        QCOMPARE(rows->size(), size_t(2));
        const evaluate::TruthRow &first = rows->front();
        QCOMPARE(first.job, std::string("a"));
        QCOMPARE(first.variant, std::string("small"));
        QCOMPARE(first.config,
                 (model::Config{{"spark.executor.memory", "2g"}, {"n", "3"}, {"f", "0.6"}, {"b", "true"}}));
        QCOMPARE(first.repeat, 2);
        QCOMPARE(first.outcome, model::Outcome::Failed);
        QCOMPARE(first.seconds, 12.5);
        QCOMPARE(first.costUsd, 0.25);
        QVERIFY(!first.vcoreSeconds);
        QCOMPARE(first.line, std::uint64_t(2));
        QCOMPARE(rows->back().outcome, model::Outcome::Killed);
        QCOMPARE(rows->back().repeat, 1);
        QCOMPARE(*rows->back().vcoreSeconds, 8.0);
        QCOMPARE(*rows->back().memoryGbSeconds, 16.0);
    }

    void readTruth_compressedFile_isDecoded()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("truth.jsonl.zst").toStdString();
        const auto packed = formats::zstdCompress(kLine);
        QVERIFY(packed.has_value());
        QVERIFY(formats::writeFileAtomically(path, *packed).has_value());
        base::Progress progress;
        const auto rows = evaluate::readTruth(path, {}, progress);
        QVERIFY(rows.has_value());
        QCOMPARE(rows->size(), size_t(1));
        // One that breaks off is a broken truth, not a short one.
        QVERIFY(formats::writeFileAtomically(path, packed->substr(0, packed->size() - 6)).has_value());
        QVERIFY(!evaluate::readTruth(path, {}, progress).has_value());
        std::string many;
        for (int i = 1; i <= 2000; ++i)
            many += "{\"job\":\"a\",\"config\":{},\"repeat\":" + std::to_string(i)
                    + ",\"outcome\":\"failed\",\"seconds\":1,\"cost_usd\":0}\n";
        const auto large = formats::zstdCompress(many);
        QVERIFY(large.has_value());
        QVERIFY(formats::writeFileAtomically(path, large->substr(0, large->size() / 2)).has_value());
        const auto half = evaluate::readTruth(path, {}, progress);
        QVERIFY(!half.has_value());
        QVERIFY2(half.error().message.find("compressed file breaks off") != std::string::npos,
                 half.error().text().c_str());
        const auto missing = evaluate::readTruth(folder.filePath("none").toStdString(), {}, progress);
        QCOMPARE(missing.error().code, base::ErrorCode::NotFound);
    }

    void readTruth_badInput_saysWhereAndWhy_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        const auto with = [](const char *field, const char *value) {
            QByteArray line = QByteArray::fromStdString(kLine);
            const qsizetype at = line.indexOf(QByteArray("\"") + field + "\"");
            qsizetype end = line.indexOf(",\"", at);
            if (QByteArray(field) == "config")
                end = line.indexOf("},", at) + 1;
            if (end < 0)
                end = line.indexOf("}\n", at);
            line.replace(at, end - at, value);
            return line;
        };
        const int parse = static_cast<int>(base::ErrorCode::Parse);
        QTest::newRow("an empty file") << QByteArray() << static_cast<int>(base::ErrorCode::InsufficientData)
                                       << "The truth file holds no rows (file truth.jsonl)";
        QTest::newRow("a second line that is no JSON") << QByteArray::fromStdString(kLine) + "job: a\n"
                                                       << parse << "Not valid JSON";
        QTest::newRow("the line of it is named") << QByteArray::fromStdString(kLine) + "job: a\n"
                                                 << parse << "file truth.jsonl; line 2, column 1";
        QTest::newRow("a line that breaks off") << QByteArray("{\"job\":\"a\",\"variant\":") << parse << "breaks off";
        QTest::newRow("an array") << QByteArray("[1]") << parse << "The line is not a JSON object";
        QTest::newRow("no job") << with("job", "\"j\":1") << parse << "'job' is missing";
        QTest::newRow("an empty job") << with("job", "\"job\":\"\"") << parse << "'job' must not be empty";
        QTest::newRow("a job that is a number")
            << with("job", "\"job\":3") << parse << "'job' must be a text (file truth.jsonl; line 1, column 2)";
        QTest::newRow("a variant that is a number")
            << with("variant", "\"variant\":3") << parse << "'variant' must be a text";
        QTest::newRow("no configuration") << with("config", "\"c\":1") << parse << "'config' is missing";
        QTest::newRow("a configuration that is a text")
            << with("config", "\"config\":\"2g\"") << parse << "'config' must be an object of Spark properties";
        QTest::newRow("a setting that is a list")
            << with("config", "\"config\":{\"k\":[]}") << parse << "'config' must give 'k' a text";
        QTest::newRow("repeat zero") << with("repeat", "\"repeat\":0") << parse
                                     << "'repeat' must be a whole number from 1";
        QTest::newRow("repeat one and a half")
            << with("repeat", "\"repeat\":1.5") << parse << "'repeat' must be a whole";
        QTest::newRow("an unknown outcome")
            << with("outcome", "\"outcome\":\"unknown\"") << parse << "'outcome' must be succeeded, failed or killed";
        QTest::newRow("no outcome") << with("outcome", "\"o\":1") << parse << "'outcome' is missing";
        QTest::newRow("negative seconds")
            << with("seconds", "\"seconds\":-1") << parse << "'seconds' must not be negative";
        QTest::newRow("no cost") << with("cost_usd", "\"c\":1") << parse << "'cost_usd' is missing";
        QTest::newRow("a cost that is a text")
            << with("cost_usd", "\"cost_usd\":\"1\"") << parse << "'cost_usd' must be a number";
        QTest::newRow("negative vcore seconds") << with("cost_usd", "\"cost_usd\":1,\"vcore_seconds\":-2") << parse
                                                << "'vcore_seconds' must not be negative";
        QTest::newRow("a repeat given twice")
            << QByteArray::fromStdString(kLine + kLine) << static_cast<int>(base::ErrorCode::Conflict)
            << "Repeat 2 of this configuration stands in line 1 already";
        QTest::newRow("a line beyond the limit")
            << QByteArray(5000, 'x') << static_cast<int>(base::ErrorCode::LimitExceeded) << "longer than 4096 bytes";
    }
    void readTruth_badInput_saysWhereAndWhy()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, code);
        QFETCH(QString, message);
        const auto rows = read(text.toStdString());
        QVERIFY(!rows.has_value());
        const QString said = QString::fromStdString(rows.error().text());
        QVERIFY2(said.contains(message), qPrintable(said));
        QCOMPARE(static_cast<int>(rows.error().code), code);
        QVERIFY(!rows.error().hint.empty());
    }

    void readTruth_stopRequested_isCancelled()
    {
        base::Progress progress;
        std::stop_source stop;
        stop.request_stop();
        const auto source = formats::memorySource(kLine);
        const auto rows = evaluate::readTruth(*source, "truth.jsonl", stop.get_token(), progress);
        QCOMPARE(rows.error().code, base::ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestTruthReader)
#include "tst_truth_reader.moc"

#include "text_log_reading.hpp"

#include "formats/byte_source.hpp"
#include "formats/json.hpp"
#include "formats/line_reader.hpp"
#include "ingest/log_files.hpp"
#include "ingest/recognise.hpp"
#include "text/root_cause.hpp"

#include <QtTest>

#include <algorithm>
#include <map>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

const std::string kLab = MULLIGAN_SOURCE_DIR "/sample_data/spark_lab/";
constexpr int kEvery = 17; ///< of the history's rows one in so many is compared

std::vector<formats::Json> historyRows()
{
    std::vector<formats::Json> rows;
    const auto source = formats::openDecoded(kLab + "history.jsonl.zst");
    if (!source)
        qFatal("the history is not there");
    formats::LineReader lines(**source);
    formats::Line line;
    for (auto more = lines.next(line); more && *more; more = lines.next(line)) {
        auto row = formats::parseJson(line.text);
        if (row)
            rows.push_back(*row);
    }
    return rows;
}

} // namespace

/// The driver logs of the laboratory came from real runs of Spark, whose outcomes its history knows.
class TestSparkLabLogs : public QObject
{
    Q_OBJECT

private slots:
    void recogniseFile_everyDriverLog_isASparkLog()
    {
        const QDir folder(QString::fromStdString(kLab + "driver_logs"));
        const QStringList names = folder.entryList(QDir::Files);
        QVERIFY(names.size() > 1600);
        for (const QString &name : names) {
            const std::string path = folder.filePath(name).toStdString();
            const auto recognised = recogniseFile(path, path, true);
            QVERIFY(recognised);
            QVERIFY2(recognised->format == Format::SparkLog, path.c_str());
        }
    }

    void readSparkLog_aDriverLog_agreesWithTheHistory()
    {
        const auto rows = historyRows();
        QVERIFY(rows.size() > 1600);
        const LogFiles files(kLab + "history.jsonl.zst");
        std::map<std::string, int> outcomes;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const bool killed = rows[i]["outcome"].string() == "killed";
            if (i % kEvery != 0 && !killed)
                continue;
            const std::string &log = rows[i]["log_path"].string();
            CollectingSink sink;
            const auto report = readFile(kLab + log, Format::SparkLog, sink);
            QVERIFY(report);
            QCOMPARE(sink.attempts.size(), std::size_t(1));
            const model::Attempt &attempt = sink.attempts.front();
            QVERIFY2(name(attempt.outcome) == rows[i]["outcome"].string(), log.c_str());
            QCOMPARE(attempt.applicationId, rows[i]["application_id"].string());
            QCOMPARE(attempt.config.at("spark.version"), std::string("4.3.0"));
            ++outcomes[rows[i]["outcome"].string()];
            if (attempt.outcome == model::Outcome::Succeeded)
                continue;
            const auto whole = files.read(log);
            QVERIFY(whole);
            const std::string expected = text::findRootCause(whole->text).text;
            const std::string cause =
                attempt.rootCause.empty() ? text::findRootCause(attempt.errorText).text : attempt.rootCause;
            QVERIFY2(cause == expected, (log + "\n" + cause + "\n-- expected\n" + expected).c_str());
        }
        QVERIFY(outcomes["failed"] > 50 && outcomes["succeeded"] > 20 && outcomes["killed"] > 5);
    }
};

QTEST_GUILESS_MAIN(TestSparkLabLogs)
#include "tst_spark_lab_logs.moc"

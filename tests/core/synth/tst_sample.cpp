#include "core/synth/folder_reading.hpp"
#include "synth/synth.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;

/// sample_data/synthetic is what its README says it is.
class TestSample : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sample_commandOfItsReadme_makesItAgain()
    {
        const std::string committed = MULLIGAN_SOURCE_DIR "/sample_data/synthetic";
        const std::string readme = reading::content(committed + "/README.md");
        QVERIFY(
            readme.find("mulligan synth --out DIR --jobs 150 --days 120 --seed 1 --event-log-share 0.003 --compress\n")
            != std::string::npos);
        QTemporaryDir scratch;
        synth::SynthOptions options;
        options.outDir = scratch.filePath("again").toStdString();
        options.jobs = 150;
        options.days = 120;
        options.seed = 1;
        options.eventLogShare = 0.003;
        options.compress = true;
        base::Progress progress;
        const auto report = synth::synthesize(options, {}, progress);
        QVERIFY(report.has_value());
        QVERIFY(report->failures >= 1500);
        // Decoded: another version of zstd packs the same content in other bytes.
        QCOMPARE(reading::hashes(options.outDir), reading::hashes(committed));
    }

    void sample_size_staysSmall()
    {
        std::uintmax_t bytes = 0;
        for (const auto &entry :
             std::filesystem::recursive_directory_iterator(MULLIGAN_SOURCE_DIR "/sample_data/synthetic"))
            bytes += entry.is_regular_file() ? entry.file_size() : 0;
        QVERIFY2(bytes > 0 && bytes <= 5'000'000, std::to_string(bytes).c_str());
    }
};

QTEST_GUILESS_MAIN(TestSample)
#include "tst_sample.moc"

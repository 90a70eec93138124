#include "core/synth/folder_reading.hpp"
#include "synth/synth.hpp"

#include "base/instant.hpp"
#include "model/attempt.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <fstream>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

using namespace mulligan;
using synth::SynthOptions;

namespace
{

SynthOptions smallWorld(const QString &folder, std::uint64_t seed = 5)
{
    SynthOptions options;
    options.outDir = folder.toStdString();
    options.jobs = 40;
    options.days = 40;
    options.seed = seed;
    return options;
}

base::Result<synth::SynthReport> make(const SynthOptions &options)
{
    base::Progress progress;
    return synth::synthesize(options, {}, progress);
}

double number(const std::map<std::string, std::string> &row, const std::string &key)
{
    const auto it = row.find(key);
    return it == row.end() ? NAN : std::stod(it->second);
}

} // namespace

class TestSynth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_world = m_folder.filePath("world");
        const auto report = make(smallWorld(m_world));
        QVERIFY2(report.has_value(), report.has_value() ? "" : report.error().text().c_str());
        m_report = *report;
        m_rows = reading::attempts(m_world.toStdString());
    }

    void synthesize_sameOptions_giveTheSameBytes()
    {
        const QString again = m_folder.filePath("again");
        QVERIFY(make(smallWorld(again)).has_value());
        QVERIFY(!reading::hashes(again.toStdString()).empty());
        QCOMPARE(reading::hashes(again.toStdString()), reading::hashes(m_world.toStdString()));
    }

    void synthesize_otherSeed_givesAnotherWorld()
    {
        const QString other = m_folder.filePath("other");
        QVERIFY(make(smallWorld(other, 6)).has_value());
        const auto ours = reading::hashes(m_world.toStdString());
        const auto others = reading::hashes(other.toStdString());
        for (const char *file : {"history.jsonl", "history_2.csv", "truth.jsonl"})
            QVERIFY2(ours.at(file) != others.at(file), file);
    }

    void synthesize_moreJobs_leaveTheFirstJobsAsTheyAre()
    {
        SynthOptions options = smallWorld(m_folder.filePath("more"));
        options.jobs = 45;
        QVERIFY(make(options).has_value());
        const auto rows = reading::attempts(options.outDir);
        QVERIFY(rows.size() > m_rows.size());
        QCOMPARE(rows.front(), m_rows.front());
    }

    void synthesize_everyFile_isListedAndThere()
    {
        std::set<std::string> listed(m_report.files.begin(), m_report.files.end());
        QCOMPARE(listed.size(), m_report.files.size());
        std::set<std::string> found;
        for (const auto &[name, hash] : reading::hashes(m_world.toStdString()))
            found.insert(name);
        QCOMPARE(found, listed);
        for (const char *name : {"history.jsonl", "history_2.csv", "truth.jsonl", "README.md"})
            QVERIFY2(listed.count(name) == 1, name);
    }

    void history_loggedDollars_areThoseOfTheShippedPrices()
    {
        const std::string shipped = reading::content(MULLIGAN_SOURCE_DIR "/resources/economics.yaml");
        QVERIFY(shipped.find("price: {vcore_hour: 0.05, gib_hour: 0.006}") != std::string::npos);
        int compared = 0;
        for (const auto &row : m_rows) {
            if (!row.count("cost_usd"))
                continue;
            const double usd =
                number(row, "vcore_seconds") / 3600 * 0.05 + number(row, "memory_gb_seconds") / 3600 * 0.006;
            QVERIFY(std::abs(number(row, "cost_usd") - usd) < 2e-6);
            ++compared;
        }
        QVERIFY(compared > 100);
    }

    void synthesize_countsOfTheReport_areThoseOfTheFiles()
    {
        std::uint64_t failures = 0;
        std::set<std::string> runs;
        std::set<std::string> failing;
        for (const auto &row : m_rows) {
            runs.insert(row.at("run"));
            if (row.at("outcome") == "failed" || row.at("outcome") == "killed") {
                ++failures;
                failing.insert(row.at("run"));
            }
        }
        QCOMPARE(m_rows.size(), std::size_t(m_report.attempts));
        QCOMPARE(failures, m_report.failures);
        QCOMPARE(std::uint64_t(runs.size()), m_report.runs);
        QCOMPARE(std::uint64_t(failing.size()), m_report.episodes);
        QCOMPARE(std::uint64_t(reading::jsonLines((m_world + "/truth.jsonl").toStdString()).size()),
                 m_report.truthRows);
    }

    void history_everyLine_parses()
    {
        int bad = 0;
        const auto first = reading::jsonLines((m_world + "/history.jsonl").toStdString(), &bad);
        const auto second = reading::csvRows((m_world + "/history_2.csv").toStdString(), &bad);
        QCOMPARE(bad, 0);
        QVERIFY(first.size() > second.size());
        QVERIFY(second.size() > 100);
    }

    void history_requiredFields_areValid()
    {
        for (const auto &row : m_rows) {
            QVERIFY(!row.at("job").empty() && !row.at("run").empty());
            QVERIFY(std::stoi(row.at("attempt")) >= 1);
            QVERIFY(model::outcomeFromName(row.at("outcome")).has_value());
            const auto start = base::parseInstant(row.at("started_at"));
            const auto end = base::parseInstant(row.at("ended_at"));
            QVERIFY(start.has_value() && end.has_value());
            QVERIFY(start->ms <= end->ms);
            if (row.count("trigger"))
                QVERIFY(model::triggerFromName(row.at("trigger")).has_value());
            if (row.count("action_probability")) {
                const double p = number(row, "action_probability");
                QVERIFY(p > 0.0 && p <= 1.0);
            }
            for (const char *amount : {"cost_usd", "vcore_seconds", "memory_gb_seconds", "manual_minutes"})
                QVERIFY(!row.count(amount) || number(row, amount) >= 0.0);
        }
    }

    void history_attemptsOfARun_areNumberedAndDoNotOverlap()
    {
        for (std::size_t i = 1; i < m_rows.size(); ++i) {
            const auto &before = m_rows[i - 1];
            const auto &row = m_rows[i];
            if (before.at("run") != row.at("run")) {
                QCOMPARE(row.at("attempt"), std::string("1"));
                continue;
            }
            QCOMPARE(std::stoi(row.at("attempt")), std::stoi(before.at("attempt")) + 1);
            QVERIFY(base::parseInstant(row.at("started_at"))->ms > base::parseInstant(before.at("ended_at"))->ms);
            QVERIFY(before.at("outcome") != "succeeded");
        }
    }

    void history_texts_standWithFailures()
    {
        int harmless = 0;
        for (const auto &row : m_rows) {
            const bool failed = row.at("outcome") == "failed" || row.at("outcome") == "killed";
            const bool byPerson = row.count("trigger") && row.at("trigger") == "manual";
            QCOMPARE(row.count("action"), std::size_t(failed && !byPerson ? 1 : 0));
            if (failed)
                QVERIFY(row.at("error_text").size() > 40);
            else if (row.count("error_text")) {
                ++harmless;
                QVERIFY(row.at("error_text").find("ERROR") == std::string::npos);
                QVERIFY(row.at("error_text").find("Exception") == std::string::npos);
            }
        }
        QVERIFY(harmless > 10);
    }

    void history_failureShareAndSources_areAsPromised()
    {
        const double share = double(m_report.episodes) / double(m_report.runs);
        QVERIFY2(share > 0.05 && share < 0.18, std::to_string(share).c_str());
        std::map<std::string, int> sources;
        std::map<std::string, int> failuresByJob;
        for (const auto &row : m_rows) {
            ++sources[row.count("cost_usd") ? "logged" : row.count("vcore_seconds") ? "resources" : "duration"];
            failuresByJob[row.at("job")] += row.at("outcome") == "failed" ? 1 : 0;
        }
        QVERIFY(sources["logged"] > 100 && sources["resources"] > 100 && sources["duration"] > 100);
        std::vector<int> counts;
        int all = 0;
        for (const auto &[job, count] : failuresByJob) {
            counts.push_back(count);
            all += count;
        }
        std::sort(counts.rbegin(), counts.rend());
        int most = 0;
        for (std::size_t i = 0; i < counts.size() / 5; ++i)
            most += counts[i];
        QVERIFY2(most * 2 > all, "a fifth of the jobs makes more than half of the failures");
    }

    void synthesize_compressed_holdsTheSameContent()
    {
        SynthOptions options = smallWorld(m_folder.filePath("compressed"));
        options.compress = true;
        QVERIFY(make(options).has_value());
        for (const char *file : {"history.jsonl", "history_2.csv", "truth.jsonl"})
            QVERIFY2(reading::content(options.outDir + "/" + file + ".zst")
                         == reading::content((m_world + "/" + file).toStdString()),
                     file);
    }

    void synthesize_overAnEarlierWorld_leavesNothingOfIt()
    {
        const QString folder = m_folder.filePath("twice");
        SynthOptions options = smallWorld(folder, 9);
        options.eventLogShare = 0.2;
        QVERIFY(make(options).has_value());
        std::ofstream((folder + "/notes.txt").toStdString()) << "mine";
        QVERIFY(make(smallWorld(folder)).has_value());
        auto found = reading::hashes(folder.toStdString());
        QCOMPARE(found.erase("notes.txt"), std::size_t(1));
        QCOMPARE(found, reading::hashes(m_world.toStdString()));
    }

    void synthesize_cancelled_saysSoAndLeavesNoHalfFile()
    {
        const QString folder = m_folder.filePath("cancelled");
        std::stop_source stop;
        stop.request_stop();
        base::Progress progress;
        const auto report = synth::synthesize(smallWorld(folder), stop.get_token(), progress);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
        QVERIFY(reading::hashes(folder.toStdString()).empty());
    }

    void synthesize_badOptions_areRefused_data()
    {
        QTest::addColumn<double>("jobs");
        QTest::addColumn<double>("days");
        QTest::addColumn<double>("share");
        QTest::addColumn<double>("exploration");
        QTest::addColumn<QString>("text");
        QTest::newRow("no jobs are refused") << 0.0 << 10.0 << 0.1 << 0.1 << "number of jobs";
        QTest::newRow("no days are refused") << 10.0 << 0.0 << 0.1 << 0.1 << "number of days";
        QTest::newRow("more than ten years are refused") << 10.0 << 4000.0 << 0.1 << 0.1 << "number of days";
        QTest::newRow("a negative share is refused") << 10.0 << 10.0 << -0.1 << 0.1 << "event log";
        QTest::newRow("a share that is not a number is refused") << 10.0 << 10.0 << double(NAN) << 0.1 << "event log";
        QTest::newRow("certain exploration is refused") << 10.0 << 10.0 << 0.1 << 1.0 << "exploration";
    }
    void synthesize_badOptions_areRefused()
    {
        QFETCH(double, jobs);
        QFETCH(double, days);
        QFETCH(double, share);
        QFETCH(double, exploration);
        QFETCH(QString, text);
        SynthOptions options = smallWorld(m_folder.filePath("refused"));
        options.jobs = std::uint64_t(jobs);
        options.days = std::uint64_t(days);
        options.eventLogShare = share;
        options.exploration = exploration;
        const auto report = make(options);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::InvalidArgument);
        QVERIFY2(report.error().message.find(text.toStdString()) != std::string::npos, report.error().message.c_str());
        QVERIFY(!report.error().hint.empty());
        QVERIFY(!QFile::exists(m_folder.filePath("refused")));
    }

    void synthesize_badFolder_isRefused_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("code");
        QTest::newRow("no folder named") << "none" << int(base::ErrorCode::InvalidArgument);
        QTest::newRow("a file in the way of the folder") << "file" << int(base::ErrorCode::Conflict);
        QTest::newRow("a file in the way above the folder") << "file above" << int(base::ErrorCode::Conflict);
        QTest::newRow("a folder in the way of a file") << "folder" << int(base::ErrorCode::Conflict);
        QTest::newRow("a folder that may not be written") << "locked" << int(base::ErrorCode::PermissionDenied);
    }
    void synthesize_badFolder_isRefused()
    {
        QFETCH(QString, kind);
        QFETCH(int, code);
        QTemporaryDir scratch;
        SynthOptions options = smallWorld(scratch.filePath("out"));
        if (kind == "none")
            options.outDir.clear();
        if (kind == "file" || kind == "file above")
            std::ofstream(options.outDir) << "here first";
        if (kind == "file above")
            options.outDir += "/deeper/still";
        if (kind == "folder")
            QVERIFY(QDir().mkpath(scratch.filePath("out/truth.jsonl")));
        const bool root = ::geteuid() == 0;
        if (kind == "locked") {
            QVERIFY(QDir().mkpath(scratch.filePath("out")));
            QCOMPARE(::chmod(scratch.path().toStdString().c_str(), 0755), 0);
            QCOMPARE(::chmod(options.outDir.c_str(), 0555), 0);
            // Root may write everywhere, so somebody else tries.
            QVERIFY(!root || ::seteuid(65534) == 0);
        }
        const auto report = make(options);
        QVERIFY(!root || ::seteuid(0) == 0);
        QVERIFY(!report.has_value());
        QCOMPARE(int(report.error().code), code);
        if (kind != "none")
            QVERIFY(report.error().message.find("out") != std::string::npos);
        if (kind == "folder")
            QVERIFY(reading::hashes(options.outDir).empty());
    }

    void readme_saysThatItIsSyntheticAndHowToMakeItAgain()
    {
        const std::string text = reading::content((m_world + "/README.md").toStdString());
        QVERIFY(text.find("Everything here is synthetic") != std::string::npos);
        QVERIFY(text.find("mulligan synth --out DIR --jobs 40 --days 40 --seed 5\n") != std::string::npos);
        QVERIFY(text.find("| attempts | " + std::to_string(m_report.attempts) + " |") != std::string::npos);
    }

private:
    QTemporaryDir m_folder;
    QString m_world;
    synth::SynthReport m_report;
    std::vector<std::map<std::string, std::string>> m_rows;
};

QTEST_GUILESS_MAIN(TestSynth)
#include "tst_synth.moc"

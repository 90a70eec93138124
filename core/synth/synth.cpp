#include "synth/synth.hpp"

#include "synth/chain.hpp"
#include "synth/event_log.hpp"
#include "synth/output.hpp"
#include "synth/readme.hpp"
#include "synth/records.hpp"

#include <cmath>
#include <memory>

namespace mulligan::synth
{

namespace
{

constexpr std::uint64_t kMostJobs = 1'000'000;
constexpr std::uint64_t kMostDays = 3'660;

base::Error outOfRange(const std::string &what, const std::string &range)
{
    return base::makeError(base::ErrorCode::InvalidArgument, what + " is out of range", "Give " + range + ".");
}

base::Result<void> check(const SynthOptions &options)
{
    if (options.jobs < 1 || options.jobs > kMostJobs)
        return outOfRange("The number of jobs", "1 to 1,000,000");
    if (options.days < 1 || options.days > kMostDays)
        return outOfRange("The number of days", "1 to 3,660");
    if (!(options.eventLogShare >= 0.0 && options.eventLogShare <= 1.0))
        return outOfRange("The share of runs with an event log", "a number from 0 to 1");
    if (!(options.exploration >= 0.0 && options.exploration <= 0.9))
        return outOfRange("The chance of exploration", "a number from 0 to 0.9");
    return {};
}

/// Spreads a history over the files.
class Files : public ChainSink
{
public:
    Files(OutputFolder &folder, const World &world, bool compress)
        : m_folder(folder), m_compress(compress),
          m_second(world.from.plusSeconds(std::floor(static_cast<double>(world.days) * 0.75) * 86400.0))
    {
    }

    base::Result<void> open()
    {
        MULLIGAN_TRY(m_jsonLines, m_folder.create("history.jsonl", m_compress));
        MULLIGAN_TRY(m_csv, m_folder.create("history_2.csv", m_compress));
        MULLIGAN_TRY(m_truth, m_folder.create("truth.jsonl", m_compress));
        return m_csv->write(csvHeader());
    }

    base::Result<void> logged(const Logged &logged) override
    {
        const bool first = logged.scheduled < m_second;
        MULLIGAN_CHECK(first ? m_jsonLines->write(jsonLine(logged.attempt)) : m_csv->write(csvRecord(logged.attempt)));
        if (logged.eventLog)
            return writeEventLog(m_folder, logged, m_compress);
        return {};
    }

    base::Result<void> potential(const Potential &potential) override
    {
        ++m_truthRows;
        return m_truth->write(truthLine(potential));
    }

    base::Result<void> keep()
    {
        MULLIGAN_CHECK(m_jsonLines->keep());
        MULLIGAN_CHECK(m_csv->keep());
        return m_truth->keep();
    }
    [[nodiscard]] std::uint64_t truthRows() const { return m_truthRows; }

private:
    OutputFolder &m_folder;
    bool m_compress;
    base::Instant m_second; ///< runs from here on go to the CSV file
    std::unique_ptr<OutputFile> m_jsonLines;
    std::unique_ptr<OutputFile> m_csv;
    std::unique_ptr<OutputFile> m_truth;
    std::uint64_t m_truthRows = 0;
};

} // namespace

base::Result<SynthReport> synthesize(const SynthOptions &options, std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_CHECK(check(options));
    MULLIGAN_TRY(auto folder, OutputFolder::open(options.outDir));
    const World world = makeWorld(options.seed, options.days);
    Files files(folder, world, options.compress);
    MULLIGAN_CHECK(files.open());
    progress.begin("Writing a synthetic history", options.jobs);
    ChainCounts counts;
    const ChainOptions chain{options.eventLogShare, options.exploration};
    for (std::uint64_t i = 0; i < options.jobs; ++i) {
        MULLIGAN_CHECK(liveJob(world, makeJob(world, i), chain, files, counts, stop));
        progress.advance();
    }
    MULLIGAN_CHECK(files.keep());
    SynthReport report;
    report.attempts = counts.attempts;
    report.failures = counts.failures;
    report.runs = counts.runs;
    report.episodes = counts.episodes;
    report.explored = counts.explored;
    report.truthRows = files.truthRows();
    MULLIGAN_CHECK(folder.writeWhole("README.md", readmeText(options, report)));
    report.files = folder.files();
    return report;
}

} // namespace mulligan::synth

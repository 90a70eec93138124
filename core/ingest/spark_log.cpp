#include "ingest/spark_log.hpp"

#include "formats/line_reader.hpp"
#include "ingest/log_division.hpp"
#include "ingest/log_judgement.hpp"
#include "ingest/log_recognition.hpp"
#include "ingest/log_warnings.hpp"
#include "ingest/row_reading.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mulligan::ingest
{

namespace
{

/// Emptied while its writer went on, a log begins with zeros up to where that one stood.
std::string_view withoutZerosAtFront(std::string_view line)
{
    line.remove_prefix(std::min(line.find_first_not_of('\0'), line.size()));
    return line;
}

/// The log may lie in the folders that YARN keeps logs in: application_…/container_…/stderr.
void takePath(LogFacts &facts, std::string_view path)
{
    if (!facts.application.id.empty() && facts.application.attempt != 0)
        return;
    for (auto found = applicationIn(path); found; found = applicationIn(path)) {
        const bool same = facts.application.id.empty() || facts.application.id == found->id;
        if (same)
            facts.application = {found->id, std::max(facts.application.attempt, found->attempt)};
        if (path.find('/') == std::string_view::npos)
            break;
        path.remove_prefix(path.find('/') + 1);
    }
}

/// Reads a log as the applications that wrote it one after another.
class SparkLogReading
{
public:
    SparkLogReading(RowReading &reading, const std::string &path) : m_reading(reading), m_path(path) {}

    base::Result<void> read(std::size_t maxLineBytes)
    {
        for (bool more = true; more;) {
            MULLIGAN_CHECK(readPart(maxLineBytes));
            MULLIGAN_TRY(more, m_reading.openNext());
        }
        return finish();
    }

private:
    base::Result<void> readPart(std::size_t maxLineBytes)
    {
        formats::LineReader lines(m_reading.source(), maxLineBytes);
        formats::Line line;
        const std::uint64_t before = m_lines;
        for (;;) {
            MULLIGAN_CHECK(m_reading.tick());
            MULLIGAN_TRY(const bool more, lines.next(line));
            if (!more)
                break;
            m_lines = before + line.number;
            if (line.overLimit)
                MULLIGAN_CHECK(m_reading.outlet().reject(
                    m_lines, 0, "The line is longer than " + std::to_string(maxLineBytes) + " bytes", line.text));
            m_damaged += line.text.find('\0') != std::string_view::npos ? 1 : 0;
            m_division.take(withoutZerosAtFront(line.text), m_lines);
            for (LogSection &section : m_division.takeEnded())
                MULLIGAN_CHECK(deliver(section, false));
        }
        return {};
    }

    base::Result<void> finish()
    {
        m_division.finish();
        std::vector<LogSection> rest = m_division.takeEnded();
        for (LogSection &section : rest)
            MULLIGAN_CHECK(deliver(section, &section == &rest.back()));
        if (m_damaged > 0)
            m_reading.outlet().warn(kZeroBytes, m_damaged);
        return {};
    }

    base::Result<void> deliver(LogSection &section, bool last)
    {
        LogFacts &facts = section.reading.facts();
        if (facts.records == 0)
            return base::makeError(base::ErrorCode::Parse, "It holds no record of a Spark log",
                                   "Give the log as log4j wrote it, each record with its time, level and class; logs "
                                   "of other programs belong beside an attempt record that names them in log_path.");
        ++m_sections;
        if (!facts.first)
            return m_reading.outlet().reject(section.line, 0,
                                             "No record of the log has a date, so the attempt has no time",
                                             section.reading.text().take());
        warn(facts, last);
        if (m_sections == 1 || !facts.application.id.empty())
            takePath(facts, m_path);
        std::string text = section.reading.text().take();
        if (section.reading.text().wasRepaired() && !std::exchange(m_repaired, true))
            m_reading.outlet().warn("the log is not UTF-8: what is no text was replaced by U+FFFD; where it matters, "
                                    "convert it (iconv -f WINDOWS-1252 -t UTF-8) and import that");
        facts.begun = section.process || m_sections > 1;
        model::Attempt attempt = attemptOf(std::move(facts), std::move(text), m_path);
        if (attempt.applicationId.empty() && !m_runs.insert(attempt.run).second)
            attempt.run += "#" + std::to_string(m_sections); // two that began alike at the same time
        return m_reading.outlet().accept(std::move(attempt), section.line);
    }

    void warn(const LogFacts &facts, bool last)
    {
        RowOutlet &outlet = m_reading.outlet();
        if (facts.unzoned && !std::exchange(m_unzoned, true))
            outlet.warn(kTimesWithoutZone);
        if (facts.backwards)
            outlet.warn("the log's times go backwards; the attempt ends where it starts");
        if (!breaksOff(facts))
            return;
        if (facts.exitAfterError) {
            outlet.warn(kExitAfterError);
        } else if (facts.shutDown) {
            outlet.warn("the log ends with the shutdown of its process, but nothing in it says how the "
                        "application ended (no final status, no exception that reached the top, no stop of its "
                        "context): outcome unknown");
        } else if (!last) {
            outlet.warn("another application's log begins before one says how its application ended: outcome unknown");
        } else {
            m_reading.breaksOff();
            outlet.warn("the log breaks off before it says how the application ended");
        }
    }

    RowReading &m_reading;
    const std::string &m_path;
    LogDivision m_division;
    std::uint64_t m_lines = 0;    ///< of all parts so far
    std::size_t m_sections = 0;   ///< so far
    std::set<std::string> m_runs; ///< of those that no application names
    std::uint64_t m_damaged = 0;  ///< lines that hold zero bytes
    bool m_unzoned = false;       ///< that times have no zone was said
    bool m_repaired = false;      ///< that bytes are not UTF-8 was said
};

} // namespace

bool looksLikeSparkLog(std::string_view head)
{
    return hasSparkRecords(head);
}

base::Result<SourceReport> readSparkLog(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                        std::stop_token stop, base::Progress &progress)
{
    RowReading reading(unit, options, sink, std::move(stop), progress);
    MULLIGAN_CHECK(reading.open());
    SparkLogReading log(reading, unit.path);
    MULLIGAN_CHECK(log.read(std::min(options.maxLineBytes, LogReading::kMaxLineBytes)));
    return reading.finish();
}

} // namespace mulligan::ingest

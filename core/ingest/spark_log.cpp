#include "ingest/spark_log.hpp"

#include "formats/line_reader.hpp"
#include "ingest/log_judgement.hpp"
#include "ingest/log_reading.hpp"
#include "ingest/log_recognition.hpp"
#include "ingest/row_reading.hpp"

#include <algorithm>

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

/// Takes every line of the source; returns the number of the first record's line.
base::Result<std::uint64_t> takeLines(RowReading &reading, std::size_t maxLineBytes, LogReading &log)
{
    formats::LineReader lines(reading.source(), maxLineBytes);
    formats::Line line;
    std::uint64_t first = 0;
    std::uint64_t damaged = 0;
    for (;;) {
        MULLIGAN_CHECK(reading.tick());
        MULLIGAN_TRY(const bool more, lines.next(line));
        if (!more)
            break;
        if (line.overLimit)
            MULLIGAN_CHECK(reading.outlet().reject(
                line.number, 0, "The line is longer than " + std::to_string(maxLineBytes) + " bytes", line.text));
        damaged += line.text.find('\0') != std::string_view::npos ? 1 : 0;
        log.take(withoutZerosAtFront(line.text));
        if (first == 0 && log.facts().records > 0)
            first = line.number;
    }
    if (damaged > 0)
        reading.outlet().warn("lines hold zero bytes, as a crash or the emptying of a log that is being written leaves "
                              "them; the rest of them was read",
                              damaged);
    return std::max<std::uint64_t>(first, 1);
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
    LogReading log;
    MULLIGAN_TRY(const std::uint64_t first,
                 takeLines(reading, std::min(options.maxLineBytes, LogReading::kMaxLineBytes), log));
    LogFacts &facts = log.facts();
    if (facts.records == 0)
        return base::makeError(base::ErrorCode::Parse, "It holds no record of a Spark log",
                               "Give the log as log4j wrote it, each record with its time, level and class; logs of "
                               "other programs belong beside an attempt record that names them in log_path.");
    if (!facts.first) {
        MULLIGAN_CHECK(reading.outlet().reject(first, 0, "No record of the log has a date, so the attempt has no time",
                                               log.text().take()));
        return reading.finish();
    }
    if (facts.unzoned)
        reading.outlet().warn("the log's times have no zone and were taken as UTC");
    if (facts.backwards)
        reading.outlet().warn("the log's times go backwards; the attempt ends where it starts");
    if (breaksOff(facts) && facts.shutDown) {
        reading.outlet().warn("the log ends with the shutdown of its process, but nothing in it says how the "
                              "application ended (no final status, no exception that reached the top, no stop of its "
                              "context): outcome unknown");
    } else if (breaksOff(facts)) {
        reading.breaksOff();
        reading.outlet().warn("the log breaks off before it says how the application ended");
    }
    takePath(facts, unit.path);
    std::string text = log.text().take();
    if (log.text().wasRepaired())
        reading.outlet().warn("the log is not UTF-8: what is no text was replaced by U+FFFD; where it matters, convert "
                              "it (iconv -f WINDOWS-1252 -t UTF-8) and import that");
    MULLIGAN_CHECK(reading.outlet().accept(attemptOf(std::move(facts), std::move(text), unit.path), first));
    return reading.finish();
}

} // namespace mulligan::ingest

#include "ingest/spark_event_log.hpp"

#include "formats/byte_source.hpp"
#include "formats/line_reader.hpp"
#include "ingest/redacting_sink.hpp"
#include "ingest/spark_attempt.hpp"
#include "ingest/spark_log_notes.hpp"
#include "ingest/spark_text.hpp"
#include "ingest/watched_source.hpp"

#include <algorithm>
#include <memory>

namespace mulligan::ingest
{

namespace
{

using spark::EventKind;

constexpr std::size_t kMostRepairedBytes = 4u << 20;

bool canBeRepaired(std::string_view line)
{
    return line.size() <= kMostRepairedBytes && !formats::isValidUtf8(line);
}
constexpr std::uint64_t kHopelessLines = 1000; ///< so many lines without one event are not an event log

/// One reading of one source.
class Reading
{
public:
    Reading(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink, std::stop_token stop,
            base::Progress &progress)
        : m_unit(unit), m_options(options), m_sink(sink), m_stop(std::move(stop)), m_progress(progress)
    {
    }

    base::Result<SourceReport> run();

private:
    base::Result<void> readPart(const std::string &path);
    base::Result<void> takeLine(const formats::Line &line);
    base::Result<void> takeEvent(EventKind kind, const formats::Line &line);
    base::Result<void> begin(const formats::Line &line);
    template <typename Event> base::Result<void> take(const formats::Line &line);
    template <typename Event> base::Result<void> takePrelude(const formats::Line &line, bool opens);
    base::Result<void> unusable(const formats::Line &line, std::string reason);
    base::Result<void> finish(const spark::AttemptBuilder &builder);
    std::string_view repaired(std::string_view line);
    template <typename Event> base::Result<void> parse(std::string_view line, Event &event);
    base::Result<void> takeLongLine(const formats::Line &line);

    const SourceUnit &m_unit;
    const ReadOptions &m_options;
    AttemptSink &m_sink;
    std::stop_token m_stop;
    base::Progress &m_progress;
    formats::Sha256 m_hash;
    spark::EventParser m_parser;
    SourceReport m_report;
    std::string m_part; ///< name of the part being read, when there are several
    spark::AttemptBuilder m_current;
    std::unique_ptr<spark::AttemptBuilder> m_next; ///< an application whose start event has not come yet
    std::uint64_t m_events = 0;                    ///< of kinds we know
    spark::LogNotes m_notes;
    std::string m_repaired; ///< a line whose bytes were not UTF-8
};

base::Result<SourceReport> Reading::run()
{
    const std::vector<std::string> parts = m_unit.parts.empty() ? std::vector<std::string>{m_unit.path} : m_unit.parts;
    m_notes.parts = spark::sayingOf(parts);
    for (const std::string &part : parts) {
        m_part = parts.size() > 1 ? std::string(spark::fileNameOf(part)) : std::string();
        MULLIGAN_CHECK(readPart(part));
    }
    if (m_events == 0)
        return base::makeError(base::ErrorCode::Parse,
                               m_report.bytes == 0 ? "The Spark event log is empty" : "There is no Spark event in it",
                               "Check that it is an event log (spark.eventLog.dir) and was copied whole.")
            .in("file " + m_unit.path);
    MULLIGAN_CHECK(finish(m_current));
    m_report.warnings = m_notes.warnings();
    m_report.sha256 = m_hash.hexDigest();
    return std::move(m_report);
}

base::Result<void> Reading::readPart(const std::string &path)
{
    MULLIGAN_TRY(auto opened, formats::openDecoded(path, {&m_hash, false, true}));
    WatchedSource source(std::move(opened), m_report.bytes, m_stop, m_progress);
    formats::LineReader lines(source, m_options.maxLineBytes);
    formats::Line line;
    for (;;) {
        auto more = lines.next(line);
        if (!more)
            return std::move(more).error().in("file " + path);
        if (!*more)
            break;
        MULLIGAN_CHECK(takeLine(line));
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    }
    m_notes.brokenEnds += source.truncated() ? 1 : 0;
    m_report.truncated = m_report.truncated || source.truncated();
    m_report.bytes += source.rawBytes();
    return {};
}

base::Result<void> Reading::takeLine(const formats::Line &line)
{
    if (line.overLimit)
        return takeLongLine(line);
    std::string_view event = spark::eventAtFront(line.text);
    if (event.empty()) {
        if (spark::trimmed(line.text).empty())
            return {};
        auto name = m_parser.eventName(line.text);
        if (!name && canBeRepaired(line.text)) {
            const std::uint64_t rejected = m_report.rejectedRows;
            formats::Line sound = line;
            sound.text = repaired(line.text);
            MULLIGAN_CHECK(takeLine(sound));
            m_notes.repairedLines += m_report.rejectedRows == rejected ? 1 : 0;
            return {};
        }
        if (!name)
            return unusable(line, std::move(name).error().message);
        event = *name;
        if (event.empty())
            return unusable(line, "The object has no \"Event\"");
    }
    const EventKind kind = spark::eventKind(event);
    if (kind != EventKind::Unknown && kind != EventKind::Skipped)
        return takeEvent(kind, line);
    // Events that are passed over are not parsed; that they break off is seen all the same.
    if (!spark::trimmed(line.text).ends_with('}'))
        return unusable(line, "The JSON object breaks off");
    // Unknown events alone do not make a Spark log: other programs write "Event" as well.
    m_events += kind == EventKind::Skipped ? 1 : 0;
    if (kind == EventKind::Unknown)
        m_notes.unknownEvent(event);
    return {};
}

/// Plans grow beyond any limit; an event of which nothing is read is no loss.
base::Result<void> Reading::takeLongLine(const formats::Line &line)
{
    const std::string_view event = spark::eventAtFront(line.text);
    if (event.empty() || spark::eventKind(event) != EventKind::Skipped)
        return unusable(line, "The line is longer than " + std::to_string(m_options.maxLineBytes) + " bytes");
    ++m_events;
    ++m_notes.longPassedOver;
    return {};
}

/// The line with what is not UTF-8 replaced, until the next one is.
std::string_view Reading::repaired(std::string_view line)
{
    m_repaired = formats::repairedUtf8(line);
    const std::size_t size = m_repaired.size();
    m_repaired.append(formats::kJsonPadding, ' ');
    return std::string_view(m_repaired).substr(0, size);
}

/// Before 3.0 Spark wrote its host's charset: what is not UTF-8 then is replaced, since the event counts for more.
template <typename Event> base::Result<void> Reading::parse(std::string_view line, Event &event)
{
    auto parsed = m_parser.parse(line, event);
    if (parsed || !canBeRepaired(line))
        return parsed;
    event = {};
    parsed = m_parser.parse(repaired(line), event);
    m_notes.repairedLines += parsed ? 1 : 0;
    return parsed;
}

template <typename Event> base::Result<void> Reading::take(const formats::Line &line)
{
    Event event;
    if (auto parsed = parse(line.text, event); !parsed)
        return unusable(line, std::move(parsed).error().message);
    ++m_events;
    m_next.reset();
    m_current.add(std::move(event));
    return {};
}

/// Events that stand before an application's start event. One that `opens` may belong to the next application; whether
/// it does shows when the start event comes, or something else (then a rolled part began with a copy of them).
template <typename Event> base::Result<void> Reading::takePrelude(const formats::Line &line, bool opens)
{
    Event event;
    if (auto parsed = parse(line.text, event); !parsed)
        return unusable(line, std::move(parsed).error().message);
    ++m_events;
    if (m_next == nullptr && opens && m_current.started())
        m_next = std::make_unique<spark::AttemptBuilder>();
    if (m_next != nullptr)
        m_next->add(event);
    if (m_next == nullptr || (std::is_same_v<Event, spark::ExecutorAdded> && !m_current.ended()))
        m_current.add(event);
    return {};
}

base::Result<void> Reading::begin(const formats::Line &line)
{
    spark::ApplicationStart event;
    if (auto parsed = parse(line.text, event); !parsed)
        return unusable(line, std::move(parsed).error().message);
    ++m_events;
    if (m_current.started()) {
        MULLIGAN_CHECK(finish(m_current));
        m_current = m_next != nullptr ? std::move(*m_next) : spark::AttemptBuilder();
    }
    m_next.reset();
    m_current.add(event);
    return {};
}

base::Result<void> Reading::takeEvent(EventKind kind, const formats::Line &line)
{
    switch (kind) {
    case EventKind::LogStart: return takePrelude<spark::LogStart>(line, true);
    case EventKind::EnvironmentUpdate: return takePrelude<spark::EnvironmentUpdate>(line, m_current.ended());
    case EventKind::ResourceProfileAdded: return takePrelude<spark::ResourceProfile>(line, m_current.ended());
    case EventKind::ExecutorAdded: return takePrelude<spark::ExecutorAdded>(line, false);
    case EventKind::ApplicationStart: return begin(line);
    case EventKind::ApplicationEnd: return take<spark::ApplicationEnd>(line);
    case EventKind::ExecutorRemoved: return take<spark::ExecutorRemoved>(line);
    case EventKind::ExecutorMetricsUpdate:
    case EventKind::StageExecutorMetrics: return take<spark::ExecutorMetrics>(line);
    case EventKind::JobStart: return take<spark::JobStart>(line);
    case EventKind::JobEnd: return take<spark::JobEnd>(line);
    case EventKind::StageCompleted: return take<spark::StageCompleted>(line);
    case EventKind::TaskEnd: return take<spark::TaskEnd>(line);
    case EventKind::SqlExecutionStart: return take<spark::SqlExecutionStart>(line);
    case EventKind::SqlExecutionEnd: return take<spark::SqlExecutionEnd>(line);
    case EventKind::StreamingQueryTerminated: return take<spark::StreamingQueryTerminated>(line);
    case EventKind::ConnectOperationFailed: return take<spark::ConnectOperationFailed>(line);
    case EventKind::Unknown:
    case EventKind::Skipped: break;
    }
    return {};
}

base::Result<void> Reading::unusable(const formats::Line &line, std::string reason)
{
    // The last line of a log that is being written breaks off: no event is lost that was ever whole.
    if (!line.complete && !line.overLimit && m_events > 0) {
        ++m_notes.brokenEnds;
        m_report.truncated = true;
        return {};
    }
    Reject reject;
    reject.line = line.number;
    reject.reason = m_part.empty() ? std::move(reason) : m_part + ": " + reason;
    // Some slack, so that a secret that straddles the limit is still recognised whole.
    reject.text = formats::repairedUtf8(line.text.substr(0, 4 * RedactingSink::kMostRejectBytes));
    ++m_report.rejectedRows;
    MULLIGAN_CHECK(m_sink.reject(std::move(reject)));
    if (m_events == 0 && m_report.rejectedRows >= kHopelessLines)
        return base::makeError(base::ErrorCode::Parse,
                               "There is no Spark event in the first " + std::to_string(kHopelessLines) + " lines",
                               "Check that it is an event log (spark.eventLog.dir) and was copied whole.")
            .in("file " + m_unit.path);
    return {};
}

base::Result<void> Reading::finish(const spark::AttemptBuilder &builder)
{
    m_report.truncated = m_report.truncated || !builder.ended();
    if (!builder.usable()) {
        ++m_notes.withoutTime;
        return {};
    }
    // A folder may have been renamed; its parts still name the application.
    const bool rolling = !m_unit.parts.empty() && spark::rollingPart(spark::fileNameOf(m_unit.parts.front()));
    const std::string &named = rolling ? m_unit.parts.front() : m_unit.path;
    spark::BuiltAttempt built = builder.build(spark::logNameOf(named), m_notes.parts.incomplete());
    m_notes.withoutEnd += built.ended ? 0 : 1;
    m_notes.withoutStart += built.named ? 0 : 1;
    m_notes.unsure += built.unsure ? 1 : 0;
    m_notes.backwards += built.backwards ? 1 : 0;
    m_notes.overcome += built.overcomeJobs > 0 ? 1 : 0;
    m_notes.overcomeJobs += built.overcomeJobs;
    ++m_report.attempts;
    const model::Outcome outcome = built.attempt.outcome;
    m_report.failures += outcome == model::Outcome::Failed || outcome == model::Outcome::Killed ? 1 : 0;
    return m_sink.accept(std::move(built.attempt));
}

} // namespace

base::Result<SourceReport> readSparkEventLog(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                             std::stop_token stop, base::Progress &progress)
{
    return Reading(unit, options, sink, std::move(stop), progress).run();
}

} // namespace mulligan::ingest

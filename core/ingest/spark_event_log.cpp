#include "ingest/spark_event_log.hpp"

#include "formats/byte_source.hpp"
#include "formats/line_reader.hpp"
#include "ingest/redacting_sink.hpp"
#include "ingest/spark_attempt.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace mulligan::ingest
{

namespace
{

using spark::EventKind;

constexpr std::size_t kMostUnknownNames = 64;
constexpr std::uint64_t kHopelessLines = 1000; ///< so many lines without one event are not an event log

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t from = text.find_first_not_of(kSpace);
    return from == std::string_view::npos ? std::string_view()
                                          : text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

std::string_view fileName(std::string_view path)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// The application's id as Spark names a log by it: "eventlog_v2_app-1", "app-1.zstd.inprogress", "app-1/EVENT_LOG_1".
std::string idFromPath(std::string_view path)
{
    std::string_view id = fileName(path);
    if (id.starts_with("EVENT_LOG_") && path.size() > id.size() + 1)
        id = fileName(path.substr(0, path.rfind('/')));
    if (id.starts_with("eventlog_v2_"))
        id.remove_prefix(12);
    for (const std::string_view suffix :
         {".inprogress", ".compact", ".zstd", ".zst", ".lz4", ".lzf", ".snappy", ".gz"}) {
        if (id.ends_with(suffix))
            id.remove_suffix(suffix.size());
    }
    return id.empty() ? "unnamed" : std::string(id);
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many)
{
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

/// Tells progress and looks for a stop whenever bytes are asked for, even in the middle of an endless line.
class WatchedSource : public formats::ByteSource
{
public:
    WatchedSource(std::unique_ptr<ByteSource> from, std::uint64_t before, const std::stop_token &stop,
                  base::Progress &progress)
        : m_from(std::move(from)), m_before(before), m_stop(stop), m_progress(progress)
    {
    }
    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Reading was cancelled");
        // Pieces, so that decoding a large buffer does not delay the stop.
        auto got = m_from->read(buffer.first(std::min<std::size_t>(buffer.size(), 1u << 18)));
        m_progress.setDone(m_before + m_from->rawBytes());
        return got;
    }
    [[nodiscard]] bool truncated() const override { return m_from->truncated(); }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_from->rawBytes(); }

private:
    std::unique_ptr<ByteSource> m_from;
    std::uint64_t m_before;
    const std::stop_token &m_stop;
    base::Progress &m_progress;
};

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
    void addWarnings();
    void warn(std::uint64_t count, std::string text)
    {
        if (count > 0)
            m_report.warnings.push_back(std::move(text));
    }

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
    std::map<std::string, std::uint64_t, std::less<>> m_unknown;
    std::uint64_t m_unknownEvents = 0;
    std::uint64_t m_compactParts = 0;
    std::uint64_t m_brokenEnds = 0;
    std::uint64_t m_withoutEnd = 0;
    std::uint64_t m_withoutStart = 0;
    std::uint64_t m_overcome = 0;
    std::uint64_t m_overcomeJobs = 0;
    std::uint64_t m_withoutTime = 0;
};

base::Result<SourceReport> Reading::run()
{
    const std::vector<std::string> parts = m_unit.parts.empty() ? std::vector<std::string>{m_unit.path} : m_unit.parts;
    for (const std::string &part : parts) {
        m_part = parts.size() > 1 ? std::string(fileName(part)) : std::string();
        m_compactParts += part.ends_with(".compact") ? 1 : 0;
        MULLIGAN_CHECK(readPart(part));
    }
    if (m_events == 0)
        return base::makeError(base::ErrorCode::Parse,
                               m_report.bytes == 0 ? "The Spark event log is empty" : "There is no Spark event in it",
                               "Check that it is an event log (spark.eventLog.dir) and was copied whole.")
            .in("file " + m_unit.path);
    MULLIGAN_CHECK(finish(m_current));
    addWarnings();
    m_report.sha256 = m_hash.hexDigest();
    return std::move(m_report);
}

base::Result<void> Reading::readPart(const std::string &path)
{
    MULLIGAN_TRY(auto opened, formats::openDecoded(path, {&m_hash}));
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
            return base::makeError(base::ErrorCode::Cancelled, "Reading was cancelled");
    }
    m_brokenEnds += source.truncated() ? 1 : 0;
    m_report.truncated = m_report.truncated || source.truncated();
    m_report.bytes += source.rawBytes();
    return {};
}

base::Result<void> Reading::takeLine(const formats::Line &line)
{
    if (line.overLimit)
        return unusable(line, "The line is longer than " + std::to_string(m_options.maxLineBytes) + " bytes");
    std::string_view event = spark::eventAtFront(line.text);
    if (event.empty()) {
        if (trimmed(line.text).empty())
            return {};
        auto name = m_parser.eventName(line.text);
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
    if (!trimmed(line.text).ends_with('}'))
        return unusable(line, "The JSON object breaks off");
    // Unknown events alone do not make a Spark log: other programs write "Event" as well.
    m_events += kind == EventKind::Skipped ? 1 : 0;
    if (kind == EventKind::Unknown) {
        ++m_unknownEvents;
        if (const auto found = m_unknown.find(event); found != m_unknown.end())
            ++found->second;
        else if (m_unknown.size() < kMostUnknownNames)
            m_unknown.emplace(spark::frontOf(event, 200), 1);
    }
    return {};
}

template <typename Event> base::Result<void> Reading::take(const formats::Line &line)
{
    Event event;
    if (auto parsed = m_parser.parse(line.text, event); !parsed)
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
    if (auto parsed = m_parser.parse(line.text, event); !parsed)
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
    if (auto parsed = m_parser.parse(line.text, event); !parsed)
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
        ++m_brokenEnds;
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
        ++m_withoutTime;
        return {};
    }
    spark::BuiltAttempt built = builder.build(idFromPath(m_unit.path));
    m_withoutEnd += built.ended ? 0 : 1;
    m_withoutStart += built.named ? 0 : 1;
    m_overcome += built.overcomeJobs > 0 ? 1 : 0;
    m_overcomeJobs += built.overcomeJobs;
    ++m_report.attempts;
    const model::Outcome outcome = built.attempt.outcome;
    m_report.failures += outcome == model::Outcome::Failed || outcome == model::Outcome::Killed ? 1 : 0;
    return m_sink.accept(std::move(built.attempt));
}

void Reading::addWarnings()
{
    warn(m_withoutEnd, counted(m_withoutEnd, "application has", "applications have")
                           + " no end event (still running, or the log breaks off): outcome unknown");
    warn(m_brokenEnds, "The log breaks off inside its last line or compressed frame; what came before was read");
    warn(m_compactParts, "The log was compacted by Spark: events of finished jobs are missing, metrics are too low");
    warn(m_overcome, counted(m_overcomeJobs, "job", "jobs") + " failed in "
                         + counted(m_overcome, "application that", "applications that") + " went on and succeeded");
    warn(m_withoutStart, counted(m_withoutStart, "application has", "applications have")
                             + " no start event: named by configuration or file");
    warn(m_withoutTime,
         counted(m_withoutTime, "application has", "applications have") + " no event with a time and cannot be used");
    std::string names;
    for (const auto &[name, count] : m_unknown) {
        if (names.size() < 300)
            names += (names.empty() ? "" : ", ") + name + " (" + std::to_string(count) + ")";
    }
    warn(m_unknownEvents, counted(m_unknownEvents, "event", "events") + " of unknown kinds passed over: " + names);
}

/// Position behind the string that begins at `at` (on its quote), or npos when it does not end.
std::size_t behindString(std::string_view text, std::size_t at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return std::string_view::npos;
}

} // namespace

bool looksLikeSparkEventLog(std::string_view head)
{
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (head.starts_with(kByteOrderMark))
        head.remove_prefix(kByteOrderMark.size());
    head = trimmed(head);
    if (!head.starts_with('{'))
        return false;
    int depth = 0;
    for (std::size_t at = 0; at < head.size();) {
        const char c = head[at];
        if (c == '\n' || (depth == 1 && c == '}'))
            return false;
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (c != '"') {
            ++at;
            continue;
        }
        const std::size_t end = behindString(head, at);
        if (end == std::string_view::npos)
            return false;
        const std::size_t next = head.find_first_not_of(" \t", end);
        if (depth == 1 && head.substr(at, end - at) == "\"Event\"" && next != std::string_view::npos
            && head[next] == ':')
            return true;
        at = end;
    }
    return false;
}

base::Result<SourceReport> readSparkEventLog(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                             std::stop_token stop, base::Progress &progress)
{
    return Reading(unit, options, sink, std::move(stop), progress).run();
}

} // namespace mulligan::ingest

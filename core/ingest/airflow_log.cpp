#include "ingest/airflow_log.hpp"

#include "formats/byte_source.hpp"
#include "formats/line_reader.hpp"
#include "ingest/airflow_log_ending.hpp"
#include "ingest/airflow_log_line.hpp"
#include "ingest/airflow_rows.hpp"
#include "ingest/log_warnings.hpp"
#include "ingest/recognise.hpp"
#include "ingest/row_outlet.hpp"
#include "ingest/terminal_codes.hpp"

#include <algorithm>

namespace mulligan::ingest::airflow
{

namespace
{

constexpr std::size_t kLinesPerTick = 64;

class TaskLog
{
public:
    TaskLog(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink, std::stop_token stop,
            base::Progress &progress)
        : m_unit(unit), m_options(options), m_outlet(sink, options, m_report), m_stop(std::move(stop)),
          m_progress(progress)
    {
    }

    base::Result<SourceReport> read()
    {
        MULLIGAN_TRY(m_source, formats::openDecoded(m_unit.parts.empty() ? m_unit.path : m_unit.parts.front(),
                                                    {&m_hash, false, true}));
        MULLIGAN_CHECK(readLines());
        if (m_source->truncated()) {
            m_report.truncated = true;
            m_outlet.warn("the compressed data break off; the lines before were read");
        }
        if (m_damaged > 0)
            m_outlet.warn(kZeroBytes, m_damaged);
        MULLIGAN_CHECK(deliver());
        m_outlet.finish();
        m_report.sha256 = m_hash.hexDigest();
        m_report.bytes = m_source->rawBytes();
        m_progress.setDone(m_report.bytes);
        return std::move(m_report);
    }

private:
    base::Result<void> readLines()
    {
        formats::LineReader lines(*m_source, m_options.maxLineBytes);
        formats::Line line;
        for (;;) {
            if (m_lines++ % kLinesPerTick == 0) {
                if (m_stop.stop_requested())
                    return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
                m_progress.setDone(m_source->rawBytes());
            }
            MULLIGAN_TRY(const bool more, lines.next(line));
            if (!more)
                return {};
            if (line.overLimit)
                m_outlet.warn("a line is longer than " + std::to_string(m_options.maxLineBytes)
                              + " bytes; only its beginning was kept");
            if (m_records == 0 && line.text.find('\0') != std::string_view::npos && isBinary(line.text))
                return base::makeError(base::ErrorCode::Parse, "It is a binary file, not the log of a task")
                    .in("line " + std::to_string(line.number));
            m_damaged += line.text.find('\0') != std::string_view::npos ? 1 : 0;
            if (line.text.empty() || line.text.find_first_not_of('\0') != std::string_view::npos)
                take(m_codes.without(line.text), line.overLimit);
        }
    }

    void take(std::string_view line, bool overLimit)
    {
        std::optional<LogLine> record;
        std::string_view shown = line;
        if (line.starts_with('{') && !overLimit) {
            record = m_json.read(line);
            if (record) {
                m_structured = true;
                shown = m_json.rendered();
                m_fromText.complete(m_json.place());
            }
        }
        if (!record) {
            record = readTextRecord(line);
            m_fromText.complete(placeInText(record ? record->message : line));
        }
        if (record) {
            m_records += 1;
            m_ending.take(*record);
        }
        noteApplication(shown);
        keep(shown);
    }

    void noteApplication(std::string_view text)
    {
        auto found = applicationIn(text);
        if (!found || found->rank < m_application.rank || found->id == m_application.id)
            return;
        if (found->rank == m_application.rank)
            m_severalApplications = true;
        m_application = std::move(*found);
    }

    void keep(std::string_view line)
    {
        m_text += line.substr(0, kLogTextBytes);
        m_text += '\n';
        if (m_text.size() > 2 * kLogTextBytes)
            cut();
    }

    /// Leaves the last lines that fit.
    void cut()
    {
        if (m_text.size() <= kLogTextBytes)
            return;
        const std::size_t from = m_text.find('\n', m_text.size() - kLogTextBytes);
        m_text.erase(0,
                     from == std::string::npos || from + 1 >= m_text.size() ? m_text.size() - kLogTextBytes : from + 1);
    }

    [[nodiscard]] base::Result<LogPlace> place() const
    {
        LogPlace out = placeOfPath(m_unit.path).value_or(LogPlace{});
        const bool sameJob = out.task.empty() || m_fromText.job.empty() || m_fromText.job == out.dag + "." + out.task;
        if (sameJob)
            out.complete(m_fromText);
        if ((out.job.empty() && (out.dag.empty() || out.task.empty())) || out.run.empty() || out.attempt == 0)
            return base::makeError(base::ErrorCode::Parse,
                                   "Nothing says of which try of which task this is the log: neither the path "
                                   "(dag_id=…/run_id=…/task_id=…/attempt=1.log) nor its text",
                                   "Import the folder of logs as Airflow lays it out.");
        return out;
    }

    base::Result<void> deliver()
    {
        if (m_records == 0)
            return base::makeError(base::ErrorCode::Parse, "No line of it is a record of an Airflow task log",
                                   "Airflow writes lines such as '[2024-05-01T10:00:00.000+0000] {taskinstance.py:1} "
                                   "INFO - …', or JSON objects with timestamp and event.");
        MULLIGAN_TRY(const LogPlace where, place());
        if (!m_ending.start())
            return base::makeError(base::ErrorCode::Parse, "No line of it has a time that can be read");
        if (m_ending.how() == Ending::Skipped) {
            m_outlet.warn("the task was skipped, which is no attempt");
            return {};
        }
        return m_outlet.accept(attempt(where), 1);
    }

    model::Attempt attempt(const LogPlace &where)
    {
        model::Attempt out;
        out.job = where.dag.empty() || where.task.empty() ? where.job : where.dag + "." + where.task;
        out.workflow = where.dag;
        out.run = runOf(where.run, where.mapIndex);
        out.attempt = where.attempt;
        out.owner = where.owner;
        out.outcome = m_ending.outcome();
        out.startedAt = *m_ending.start();
        out.endedAt = std::max(m_ending.end(), out.startedAt);
        out.exitCode = m_ending.exitCode();
        out.applicationId = formats::repairedUtf8(m_application.id);
        if (where.attempt == 1)
            out.trigger = model::Trigger::Scheduled;
        for (std::string *text : {&out.job, &out.workflow, &out.run, &out.owner})
            *text = formats::repairedUtf8(*text);
        warnOf(where, out.outcome);
        if (out.outcome != model::Outcome::Succeeded) {
            cut();
            std::replace(m_text.begin(), m_text.end(), '\0', ' ');
            out.errorText = formats::repairedUtf8(m_text);
        }
        return out;
    }

    void warnOf(const LogPlace &where, model::Outcome outcome)
    {
        if (where.runIsDate)
            m_outlet.warn("the log names no run_id; its execution date stands for it, so it joins no database row");
        if (m_severalApplications)
            m_outlet.warn("the log speaks of several Spark applications; the last one was taken");
        if (outcome != model::Outcome::Unknown)
            return;
        if (m_ending.how() == Ending::Waiting) {
            m_outlet.warn("the task waits to go on (deferred or rescheduled); its outcome is unknown");
        } else if (m_structured && !m_ending.hasGroups()) {
            m_outlet.warn("the log tells of no failure, and in Airflow 3.0 none tells of success; the outcome is "
                          "unknown unless the database has it");
        } else {
            m_report.truncated = true;
            m_outlet.warn("the log breaks off before the task's end; its outcome is unknown");
        }
    }

    const SourceUnit &m_unit;
    const ReadOptions &m_options;
    SourceReport m_report;
    RowOutlet m_outlet;
    std::stop_token m_stop;
    base::Progress &m_progress;
    formats::Sha256 m_hash;
    std::unique_ptr<formats::ByteSource> m_source;
    std::uint64_t m_lines = 0;
    std::uint64_t m_records = 0;
    std::uint64_t m_damaged = 0; ///< lines that hold zero bytes
    TerminalCodes m_codes;
    JsonRecords m_json;
    LogPlace m_fromText;
    LogEnding m_ending;
    ApplicationName m_application;
    bool m_severalApplications = false;
    bool m_structured = false; ///< of Airflow 3
    std::string m_text;
};

/// Whether one of the first lines is a record.
bool hasRecord(std::string_view head)
{
    constexpr int kLines = 50;
    for (int i = 0; i < kLines && !head.empty(); ++i) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        const std::string_view line = head.substr(0, end);
        if (isTextRecord(line)
            || (line.starts_with("{\"timestamp\":") && line.find("\"event\":") != std::string_view::npos))
            return true;
        head.remove_prefix(std::min(end + 1, head.size()));
    }
    return false;
}

} // namespace

bool looksLikeTaskLog(std::string_view path, std::string_view head)
{
    if (head.empty() || isBinary(head))
        return false;
    TerminalCodes codes;
    head = codes.without(head);
    const auto place = placeOfPath(path);
    if (place && !place->runIsDate)
        return true;
    if (!hasRecord(head))
        return false;
    const auto has = [&](std::string_view text) { return head.find(text) != std::string_view::npos; };
    return place || (has("<TaskInstance: ") && (has("Dependencies all met for ") || has("Starting attempt ")))
           || (has("\"try_number\":") && has("\"dag_id\":") && has("\"logger\":\"task\""));
}

base::Result<SourceReport> readTaskLog(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                       std::stop_token stop, base::Progress &progress)
{
    return TaskLog(unit, options, sink, std::move(stop), progress).read();
}

} // namespace mulligan::ingest::airflow

#include "ingest/airflow_csv.hpp"

#include "formats/byte_source.hpp"
#include "formats/csv.hpp"
#include "formats/line_reader.hpp"
#include "ingest/airflow_rows.hpp"
#include "ingest/row_outlet.hpp"

#include <algorithm>

namespace mulligan::ingest::airflow
{

namespace
{

constexpr std::uint64_t kRowsPerTick = 64;
constexpr std::size_t kHeadBytes = 1u << 16;

struct Header {
    std::vector<std::optional<Column>> columns;
    bool isHistory = false;

    [[nodiscard]] bool has(Column column) const
    {
        return std::find(columns.begin(), columns.end(), std::optional(column)) != columns.end();
    }
    /// The column that is needed and not there.
    [[nodiscard]] std::optional<std::string> missing() const
    {
        for (const Column column :
             {Column::DagId, Column::TaskId, Column::TryNumber, Column::State, Column::StartDate}) {
            if (!has(column))
                return std::string(name(column));
        }
        return has(Column::RunId) || has(Column::ExecutionDate) ? std::nullopt : std::optional<std::string>("run_id");
    }
};

Header headerOf(const std::vector<std::string> &fields, std::size_t count)
{
    Header out;
    for (std::size_t i = 0; i < count; ++i) {
        out.columns.push_back(columnFromName(fields[i]));
        out.isHistory = out.isHistory || fields[i] == "task_instance_id";
    }
    return out;
}

base::Error badHeader(std::string message)
{
    return base::makeError(base::ErrorCode::Parse, std::move(message),
                           "The first line names the columns of task_instance or task_instance_history, as in "
                           "'sqlite3 -header -csv airflow.db \"SELECT * FROM task_instance\"'.")
        .in("line 1");
}

base::Result<char> delimiterOfFile(const std::string &path)
{
    MULLIGAN_TRY(const auto source, formats::openDecoded(path, {nullptr, false, true}));
    MULLIGAN_TRY(const std::string head, formats::readHead(*source, kHeadBytes));
    return formats::delimiterOf(head.substr(0, head.find('\n')));
}

bool isNull(std::string_view field)
{
    return field.empty() || field == "\\N" || field == "NULL";
}

class Dump
{
public:
    Dump(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink, std::stop_token stop,
         base::Progress &progress)
        : m_path(unit.parts.empty() ? unit.path : unit.parts.front()), m_shown(unit.path), m_options(options),
          m_outlet(sink, options, m_report), m_stop(std::move(stop)), m_progress(progress)
    {
    }

    base::Result<SourceReport> read()
    {
        MULLIGAN_TRY(m_delimiter, delimiterOfFile(m_path));
        MULLIGAN_CHECK(pass(nullptr, [this](const formats::CsvRecord &record, const Header &header) {
            learn(record, header);
            return base::Result<void>();
        }));
        formats::Sha256 hash;
        MULLIGAN_CHECK(pass(
            &hash, [this](const formats::CsvRecord &record, const Header &header) { return take(record, header); }));
        m_outlet.finish();
        m_report.sha256 = hash.hexDigest();
        m_progress.setDone(m_report.bytes);
        return std::move(m_report);
    }

private:
    template <typename Take> base::Result<void> pass(formats::Sha256 *hash, Take use)
    {
        MULLIGAN_TRY(const auto source, formats::openDecoded(m_path, {hash, false, true}));
        formats::CsvOptions options;
        options.delimiter = m_delimiter;
        options.maxRecordBytes = m_options.maxLineBytes;
        formats::CsvReader csv(*source, options);
        formats::CsvRecord record;
        MULLIGAN_TRY(const bool any, csv.next(record));
        if (!any)
            return badHeader("The file is empty");
        if (!record.problem.empty())
            return badHeader(record.problem);
        Header header = headerOf(record.fields, record.count);
        header.isHistory = header.isHistory || m_shown.find("history") != std::string::npos;
        if (const auto missing = header.missing())
            return badHeader("Column '" + *missing + "' is missing");
        for (std::uint64_t rows = 0;; ++rows) {
            if (rows % kRowsPerTick == 0) {
                if (m_stop.stop_requested())
                    return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
                // Half the way for each of the two passes.
                m_progress.setDone(((hash != nullptr ? m_report.bytes : 0) + source->rawBytes()) / 2);
            }
            MULLIGAN_TRY(const bool more, csv.next(record));
            if (!more)
                break;
            MULLIGAN_CHECK(use(record, header));
        }
        m_report.bytes = source->rawBytes();
        if (hash != nullptr && source->truncated()) {
            m_report.truncated = true;
            m_outlet.warn("the compressed data break off; the rows before were read");
        }
        return {};
    }

    static Row rowOf(const formats::CsvRecord &record, const Header &header)
    {
        Row row;
        row.table = header.isHistory ? Table::History : Table::TaskInstance;
        row.line = record.line;
        for (std::size_t i = 0; i < record.count; ++i) {
            if (header.columns[i] && !isNull(record.fields[i]))
                row[*header.columns[i]] = record.fields[i];
        }
        return row;
    }

    void learn(const formats::CsvRecord &record, const Header &header)
    {
        if (!record.problem.empty() || record.count != header.columns.size())
            return;
        const auto read = readTry(rowOf(record, header));
        if (const auto *one = std::get_if<Try>(&read))
            m_retries.note(*one);
    }

    base::Result<void> take(const formats::CsvRecord &record, const Header &header)
    {
        if (!record.problem.empty())
            return m_outlet.reject(record.line, record.problemColumn, record.problem, record.raw);
        if (record.looseQuotes)
            m_outlet.warn(kLooseQuotes);
        if (record.count != header.columns.size())
            return m_outlet.reject(record.line, std::min(record.count, header.columns.size()) + 1,
                                   formats::wrongWidth(record.count, header.columns.size()), record.raw);
        const Row row = rowOf(record, header);
        const auto read = readTry(row);
        if (const auto *problem = std::get_if<std::string>(&read))
            return m_outlet.reject(record.line, numberOf(header, *problem), row.place() + ": " + *problem, record.raw);
        if (const auto *never = std::get_if<NeverRan>(&read)) {
            m_outlet.warn("rows " + never->why + " never ran and are no attempts");
            return {};
        }
        const Try &one = std::get<Try>(read);
        return m_outlet.accept(attemptOf(one, triggerOf(one, m_retries)), record.line, record.raw);
    }

    /// 1-based number of the field a problem names at its beginning.
    static std::uint64_t numberOf(const Header &header, std::string_view problem)
    {
        const auto column = columnFromName(problem.substr(0, problem.find(':')));
        for (std::size_t i = 0; i < header.columns.size(); ++i) {
            if (column && header.columns[i] == column)
                return i + 1;
        }
        return 0;
    }

    const std::string &m_path;
    const std::string &m_shown;
    const ReadOptions &m_options;
    SourceReport m_report;
    RowOutlet m_outlet;
    std::stop_token m_stop;
    base::Progress &m_progress;
    char m_delimiter = ',';
    Retries m_retries;
};

} // namespace

bool looksLikeDump(std::string_view head)
{
    if (head.starts_with("\xEF\xBB\xBF"))
        head.remove_prefix(3);
    const std::string_view line = head.substr(0, head.find('\n'));
    if (line.find("dag_id") == std::string_view::npos)
        return false;
    const auto source = formats::memorySource(line);
    formats::CsvOptions options;
    options.delimiter = formats::delimiterOf(line);
    formats::CsvReader csv(*source, options);
    formats::CsvRecord record;
    const auto any = csv.next(record);
    return any && *any && record.problem.empty() && !headerOf(record.fields, record.count).missing();
}

base::Result<SourceReport> readDump(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                    std::stop_token stop, base::Progress &progress)
{
    return Dump(unit, options, sink, std::move(stop), progress).read();
}

} // namespace mulligan::ingest::airflow

#include "ingest/row_readers.hpp"

#include "formats/csv.hpp"
#include "formats/line_reader.hpp"
#include "ingest/mapped_rows.hpp"
#include "ingest/recognise.hpp"
#include "ingest/row_reading.hpp"

#include <algorithm>
#include <set>

namespace mulligan::ingest
{

namespace
{

constexpr std::string_view kConfigPrefix = "config.";
constexpr std::string_view kMetricsPrefix = "metrics.";

/// What one column of the file stands for.
struct Column {
    std::string name;
    std::optional<Field> field; ///< nothing: it is not known and is passed over
    std::string member;         ///< of config or metrics, when the column is one of their members
};

Column columnOf(const std::string &name)
{
    Column column;
    column.name = name;
    if (name.starts_with(kConfigPrefix) && name.size() > kConfigPrefix.size()) {
        column.field = Field::Config;
        column.member = name.substr(kConfigPrefix.size());
    } else if (name.starts_with(kMetricsPrefix) && name.size() > kMetricsPrefix.size()) {
        column.field = Field::Metrics;
        column.member = name.substr(kMetricsPrefix.size());
    } else {
        column.field = fieldFromName(name);
    }
    return column;
}

constexpr Field kNeeded[] = {Field::Job, Field::Run, Field::Attempt, Field::Outcome, Field::StartedAt, Field::EndedAt};

base::Error badHeader(std::string message)
{
    return base::makeError(
               base::ErrorCode::Parse, std::move(message),
               "The first line names the columns: job, run, attempt, outcome, started_at, ended_at and more. A "
               "table under other names is read by a profile, which 'mulligan map FILE' proposes.")
        .in("line 1");
}

std::string inLowerCase(std::string_view name)
{
    std::string out(name);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return out;
}

/// The needed fields among the names of a header.
std::set<Field> neededIn(std::span<const std::string> names)
{
    std::set<Field> found;
    for (const std::string &name : names) {
        const auto field = fieldFromName(name);
        if (field && std::find(std::begin(kNeeded), std::end(kNeeded), *field) != std::end(kNeeded))
            found.insert(*field);
    }
    return found;
}

/// Databases write names in upper case; a header that is whole then is meant so.
bool isWholeInLowerCase(std::span<const std::string> names)
{
    std::vector<std::string> lower;
    for (const std::string &name : names)
        lower.push_back(inLowerCase(name));
    return neededIn(names).size() < std::size(kNeeded) && neededIn(lower).size() == std::size(kNeeded);
}

base::Result<std::vector<Column>> columnsOf(const formats::CsvRecord &header)
{
    const bool lower = isWholeInLowerCase({header.fields.data(), header.count});
    if (!header.problem.empty())
        return badHeader(header.problem);
    std::vector<Column> columns;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < header.count; ++i) {
        if (!formats::isValidUtf8(header.fields[i]))
            return badHeader("The header is not valid UTF-8");
        const std::string known = inLowerCase(header.fields[i]);
        const std::string &name = lower && fieldFromName(known) ? known : header.fields[i];
        columns.push_back(columnOf(name));
        if (!seen.insert(name).second)
            return badHeader("Column '" + header.fields[i] + "' appears twice");
    }
    for (const Field field : kNeeded) {
        if (seen.count(std::string(name(field))) == 0)
            return badHeader("Column '" + std::string(name(field)) + "' is missing");
    }
    return columns;
}

/// Gives back what was read to recognise the delimiter, and then the rest of the file.
class WithHead : public formats::ByteSource
{
public:
    explicit WithHead(formats::ByteSource &rest) : m_rest(rest) {}
    base::Result<void> readHead()
    {
        std::vector<char> buffer(kHeadBytes);
        while (m_head.size() < kHeadBytes && m_head.find('\n') == std::string::npos) {
            MULLIGAN_TRY(const std::size_t got, m_rest.read({buffer.data(), kHeadBytes - m_head.size()}));
            if (got == 0)
                break;
            m_head.append(buffer.data(), got);
        }
        return {};
    }
    [[nodiscard]] const std::string &head() const { return m_head; }
    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_at == m_head.size())
            return m_rest.read(buffer);
        const std::size_t size = m_head.copy(buffer.data(), buffer.size(), m_at);
        m_at += size;
        return size;
    }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_rest.rawBytes(); }

private:
    static constexpr std::size_t kHeadBytes = 1u << 16;
    formats::ByteSource &m_rest;
    std::string m_head;
    std::size_t m_at = 0;
};

/// Why a field's bytes cannot be taken; empty when they can.
std::string_view damageOf(const std::string &text)
{
    if (!formats::isValidUtf8(text))
        return "not valid UTF-8; if the file is in another encoding, convert it (iconv -f WINDOWS-1252 -t UTF-8), or "
               "read it by a profile that names the encoding (mulligan map FILE --force)";
    return text.find('\0') == text.npos ? "" : "it holds zero bytes, as a damaged file does";
}

class CsvAttempts
{
public:
    CsvAttempts(RowReading &reading, formats::ByteSource &source, formats::CsvOptions options)
        : m_reading(reading), m_options(options), m_csv(source, std::move(options)), m_builder(true)
    {
    }

    base::Result<void> readAll()
    {
        formats::CsvRecord record;
        MULLIGAN_TRY(const bool header, m_csv.next(record));
        if (!header)
            return badHeader("The file is empty");
        MULLIGAN_TRY(m_columns, columnsOf(record));
        m_reading.outlet().headedBy({record.fields.data(), record.count}, m_options);
        for (const Column &column : m_columns) {
            if (!column.field)
                m_reading.outlet().warn("column '" + column.name.substr(0, 100) + "' is not known and was ignored");
        }
        for (;;) {
            MULLIGAN_CHECK(m_reading.tick());
            MULLIGAN_TRY(const bool more, m_csv.next(record));
            if (!more)
                return {};
            MULLIGAN_CHECK(take(record));
        }
    }

private:
    base::Result<void> take(const formats::CsvRecord &record)
    {
        RowOutlet &outlet = m_reading.outlet();
        if (record.openAtEnd)
            m_reading.breaksOff();
        if (!record.problem.empty())
            return outlet.reject(record.line, record.problemColumn, record.problem, record.raw);
        if (record.looseQuotes)
            outlet.warn(kLooseQuotes);
        if (record.count != m_columns.size())
            return outlet.reject(record.line, std::min(record.count, m_columns.size()) + 1,
                                 formats::wrongWidth(record.count, m_columns.size()), record.raw);
        m_builder.clear();
        for (std::size_t i = 0; i < record.count; ++i) {
            const std::string &text = record.fields[i];
            if (text.empty() || !m_columns[i].field)
                continue;
            if (const auto damage = damageOf(text); !damage.empty())
                return outlet.reject(record.line, i + 1, "field '" + m_columns[i].name + "': " + std::string(damage),
                                     record.raw);
            set(m_columns[i], text);
        }
        return m_reading.deliver(m_builder, record.line, record.raw,
                                 [&](std::string_view field) { return numberOf(field); });
    }

    void set(const Column &column, const std::string &text)
    {
        const FieldValue value = FieldValue::of(std::string_view(text));
        if (!column.member.empty())
            return m_builder.setMember(*column.field, column.member, value);
        if (*column.field != Field::Config && *column.field != Field::Metrics)
            return m_builder.set(*column.field, value);
        const auto read = m_json.read(text, [&](std::string_view key, formats::JsonCursor &item) {
            m_builder.setMember(*column.field, key, FieldValue::of(item));
        });
        if (!read)
            m_builder.fail(*column.field, "must be a JSON object: " + read.error().message);
    }

    /// 1-based number of a column, of the first member's for config and metrics; 0 when it is not there.
    [[nodiscard]] std::uint64_t numberOf(std::string_view field) const
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (m_columns[i].field && name(*m_columns[i].field) == field)
                return i + 1;
        }
        return 0;
    }

    RowReading &m_reading;
    formats::CsvOptions m_options;
    formats::CsvReader m_csv;
    AttemptBuilder m_builder;
    formats::JsonReader m_json;
    std::vector<Column> m_columns;
};

} // namespace

CsvHeader csvHeaderOf(std::string_view head)
{
    if (formats::namedDelimiter(head))
        head.remove_prefix(std::min(head.find('\n') + 1, head.size()));
    const std::string_view line = head.substr(0, head.find('\n'));
    CsvHeader out;
    const std::unique_ptr<formats::ByteSource> source = formats::memorySource(line);
    formats::CsvReader reader(*source, {formats::delimiterOf(line)});
    formats::CsvRecord record;
    const auto read = reader.next(record);
    if (!read || !read.value())
        return out;
    const std::span<const std::string> names(record.fields.data(), record.count);
    const std::set<Field> found = neededIn(names);
    out.known = static_cast<std::size_t>(
        std::count_if(names.begin(), names.end(), [](const auto &name) { return fieldFromName(name).has_value(); }));
    out.identifies = found.contains(Field::Job) && found.contains(Field::Run);
    out.complete = found.size() == std::size(kNeeded);
    out.completeInLowerCase = isWholeInLowerCase(names);
    return out;
}

base::Result<SourceReport> readCsv(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                   std::stop_token stop, base::Progress &progress)
{
    if (unit.mapping)
        return readMapped(unit, options, sink, std::move(stop), progress);
    RowReading reading(unit, options, sink, std::move(stop), progress);
    MULLIGAN_CHECK(reading.open());
    WithHead source(reading.source());
    MULLIGAN_CHECK(source.readHead());
    if (!source.head().empty() && isBinary(source.head()))
        return base::makeError(base::ErrorCode::Unsupported, "This is a binary file, not CSV",
                               "Name a file of comma- or tab-separated attempt records.");
    const std::string_view firstLine = std::string_view(source.head()).substr(0, source.head().find('\n'));
    const auto named = formats::namedDelimiter(firstLine);
    formats::CsvOptions dialect{named.value_or(formats::delimiterOf(firstLine)), options.maxLineBytes};
    dialect.skipLines = named ? 1 : 0;
    CsvAttempts csv(reading, source, std::move(dialect));
    MULLIGAN_CHECK(csv.readAll());
    return reading.finish();
}

} // namespace mulligan::ingest

#include "ingest/row_feed.hpp"

#include "formats/csv.hpp"
#include "formats/json_check.hpp"
#include "formats/json_path.hpp"
#include "formats/line_reader.hpp"

#include <algorithm>
#include <set>

namespace mulligan::ingest
{

formats::CsvOptions csvOptionsOf(const Dialect &dialect, std::size_t maxBytes)
{
    formats::CsvOptions options;
    options.delimiter = dialect.delimiter.back();
    options.delimiterLead = dialect.delimiter.substr(0, dialect.delimiter.size() - 1);
    options.quote = dialect.quote.empty() ? '\0' : dialect.quote.front();
    options.escape = dialect.escape;
    options.comment = dialect.comment;
    options.skipLines = static_cast<std::size_t>(dialect.skipLines);
    options.maxRecordBytes = maxBytes;
    return options;
}

namespace
{

using formats::Json;

/// A name for every column: the header's, a number where it has none, and a number behind it where it repeats one.
std::vector<std::string> columnNames(const formats::CsvRecord &first, bool header)
{
    std::vector<std::string> names;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < first.count; ++i) {
        std::string name = header ? formats::repairedUtf8(first.fields[i]) : std::string();
        const std::size_t begin = name.find_first_not_of(" \t\r\n");
        name = begin == name.npos ? std::to_string(i + 1)
                                  : name.substr(begin, name.find_last_not_of(" \t\r\n") - begin + 1);
        const std::string own = name;
        for (int number = 2; !seen.insert(name).second; ++number)
            name = own + " (" + std::to_string(number) + ")";
        names.push_back(std::move(name));
    }
    return names;
}

class CsvFeed : public RowFeed
{
public:
    CsvFeed(formats::ByteSource &source, const Dialect &dialect, std::size_t maxBytes)
        : m_csv(source, csvOptionsOf(dialect, maxBytes)), m_header(dialect.header)
    {
    }

    base::Result<void> begin()
    {
        MULLIGAN_TRY(const bool any, m_csv.next(m_record));
        if (!any)
            return base::makeError(base::ErrorCode::Parse, "The file is empty",
                                   "Check that this is the file you meant.");
        if (!m_record.problem.empty())
            return base::makeError(base::ErrorCode::Parse, m_record.problem,
                                   "Check delimiter, quote and the lines to skip.")
                .in("line " + std::to_string(m_record.line));
        m_columns = columnNames(m_record, m_header);
        m_kept = !m_header;
        return {};
    }

    [[nodiscard]] const std::vector<std::string> &columns() const override { return m_columns; }

    base::Result<bool> next(RawRow &row) override
    {
        if (!m_kept) {
            MULLIGAN_TRY(const bool more, m_csv.next(m_record));
            if (!more)
                return false;
        }
        m_kept = false;
        row.line = m_record.line;
        row.raw = m_record.raw;
        row.problem = m_record.problem;
        row.problemColumn = m_record.problemColumn;
        row.breaksOff = false;
        row.looseQuotes = m_record.looseQuotes;
        row.cells.clear();
        for (std::size_t i = 0; i < m_record.count; ++i)
            row.cells.push_back({m_record.fields[i], false});
        const std::size_t known = m_columns.size();
        const auto surplus = row.cells.begin() + static_cast<std::ptrdiff_t>(std::min(known, row.cells.size()));
        const bool odd = std::any_of(surplus, row.cells.end(), [](const Cell &cell) { return !cell.text.empty(); });
        // Some writers end every row but not the header with a delimiter.
        if (row.problem.empty() && (m_record.count < known || odd)) {
            row.problem = formats::wrongWidth(m_record.count, known);
            row.problemColumn = std::min(m_record.count, known) + 1;
        }
        return true;
    }

private:
    formats::CsvReader m_csv;
    bool m_header;
    bool m_kept = false;
    formats::CsvRecord m_record;
    std::vector<std::string> m_columns;
};

/// What the readers of JSON share: the records of the document at hand, one after another.
class JsonFeed : public RowFeed
{
public:
    explicit JsonFeed(std::vector<std::string> paths) : m_paths(std::move(paths)) {}
    [[nodiscard]] const std::vector<std::string> &columns() const override { return m_paths; }

protected:
    base::Result<void> take(Json document, const std::string &records)
    {
        m_document = std::move(document);
        m_at = 0;
        MULLIGAN_TRY(m_records, recordsIn(m_document, records));
        return {};
    }
    [[nodiscard]] bool hasRecord() const { return m_at < m_records.size(); }
    void forget()
    {
        m_records.clear();
        m_at = 0;
    }
    /// Cells of the next record. Numbers keep a mark, since JSON writes them in one way only.
    void fill(RawRow &row)
    {
        const Json &record = *m_records[m_at++];
        row.problem.clear();
        row.problemColumn = 0;
        row.breaksOff = false;
        row.cells.clear();
        m_texts.clear();
        m_texts.reserve(m_paths.size());
        if (!record.isObject())
            row.problem = "the row is no JSON object";
        for (const auto &path : m_paths) {
            const Json *value = formats::valueAt(record, path);
            if (value == nullptr || value->isNull()) {
                row.cells.push_back({});
            } else if (value->isString()) {
                row.cells.push_back({value->string(), false});
            } else {
                m_texts.push_back(formats::writeJson(*value));
                row.cells.push_back({m_texts.back(), value->isNumber()});
            }
        }
    }
    void useRecordAsRaw(RawRow &row)
    {
        m_raw = formats::writeJson(*m_records[m_at - 1]);
        row.raw = m_raw;
    }
    [[nodiscard]] std::size_t recordCount() const { return m_records.size(); }

private:
    std::vector<std::string> m_paths;
    Json m_document;
    std::vector<const Json *> m_records;
    std::size_t m_at = 0;
    std::vector<std::string> m_texts;
    std::string m_raw;
};

class JsonLinesFeed : public JsonFeed
{
public:
    JsonLinesFeed(formats::ByteSource &source, const Mapping &mapping, std::vector<std::string> paths,
                  std::size_t maxBytes)
        : JsonFeed(std::move(paths)), m_lines(source, maxBytes), m_mapping(mapping), m_maxBytes(maxBytes)
    {
    }

    base::Result<bool> next(RawRow &row) override
    {
        while (!hasRecord()) {
            MULLIGAN_TRY(const bool more, m_lines.next(m_line));
            if (!more)
                return false;
            if (m_line.text.find_first_not_of(" \t\r") == std::string_view::npos)
                continue;
            if (refuse(row))
                return true;
        }
        fill(row);
        row.line = m_line.number;
        row.raw = m_line.text;
        if (recordCount() > 1)
            useRecordAsRaw(row);
        return true;
    }

private:
    /// Reads the line at hand; true when there is no record in it but something to say.
    bool refuse(RawRow &row)
    {
        forget();
        row.line = m_line.number;
        row.raw = m_line.text;
        row.cells.clear();
        row.breaksOff = false;
        row.problemColumn = 0;
        if (m_line.overLimit) {
            row.problem = "the line is longer than " + std::to_string(m_maxBytes) + " bytes";
            return true;
        }
        auto json = formats::parseJson(m_line.text);
        if (!json) {
            const auto problem = formats::findJsonProblem(m_line.text);
            row.breaksOff = problem && problem->atEnd && !m_line.complete;
            row.problem = row.breaksOff ? "the file breaks off inside this line"
                                        : "not valid JSON: " + (problem ? problem->message : json.error().message);
            row.problemColumn = problem ? problem->offset + 1 : 0;
            return true;
        }
        if (const auto taken = take(std::move(json).value(), m_mapping.records); !taken) {
            row.problem = taken.error().message;
            return true;
        }
        return false;
    }

    formats::LineReader m_lines;
    formats::Line m_line;
    const Mapping &m_mapping;
    std::size_t m_maxBytes;
};

class JsonDocumentFeed : public JsonFeed
{
public:
    using JsonFeed::JsonFeed;

    base::Result<void> begin(formats::ByteSource &source, const Mapping &mapping, std::size_t maxBytes)
    {
        std::string text;
        std::vector<char> buffer(1u << 16);
        for (;;) {
            MULLIGAN_TRY(const std::size_t got, source.read(buffer));
            if (got == 0)
                break;
            text.append(buffer.data(), got);
            if (text.size() > maxBytes)
                return base::makeError(base::ErrorCode::LimitExceeded,
                                       "The JSON document is larger than " + std::to_string(maxBytes) + " bytes",
                                       "Write its records one a line (JSON Lines), which are read piece by piece.");
        }
        MULLIGAN_TRY(auto document, formats::parseJson(text));
        return take(std::move(document), mapping.records);
    }

    base::Result<bool> next(RawRow &row) override
    {
        if (!hasRecord())
            return false;
        fill(row);
        row.line = ++m_number;
        useRecordAsRaw(row);
        return true;
    }

private:
    std::uint64_t m_number = 0; ///< of the record, which stands in for the line that a tree no longer knows
};

} // namespace

base::Result<std::vector<const Json *>> recordsIn(const Json &document, const std::string &records)
{
    const Json *at = formats::valueAt(document, records);
    if (at == nullptr || (!at->isArray() && !at->isObject()))
        return base::makeError(base::ErrorCode::Parse,
                               records.empty() ? std::string("It holds no records")
                                               : "It holds no records at '" + records + "'",
                               "Name the way to the list of records in the profile, such as records: apps.app.");
    std::vector<const Json *> out;
    if (at->isObject())
        out.push_back(at);
    for (const Json &item : at->items())
        out.push_back(&item);
    return out;
}

base::Result<std::unique_ptr<RowFeed>> openRows(formats::ByteSource &source, const Mapping &mapping,
                                                std::vector<std::string> paths, std::size_t maxBytes)
{
    if (mapping.format == RowFormat::JsonLines)
        return std::unique_ptr<RowFeed>(std::make_unique<JsonLinesFeed>(source, mapping, std::move(paths), maxBytes));
    if (mapping.format == RowFormat::Json) {
        auto feed = std::make_unique<JsonDocumentFeed>(std::move(paths));
        MULLIGAN_CHECK(feed->begin(source, mapping, maxBytes));
        return std::unique_ptr<RowFeed>(std::move(feed));
    }
    auto feed = std::make_unique<CsvFeed>(source, mapping.dialect, maxBytes);
    MULLIGAN_CHECK(feed->begin());
    return std::unique_ptr<RowFeed>(std::move(feed));
}

} // namespace mulligan::ingest

#include "formats/csv.hpp"

#include <algorithm>
#include <vector>

namespace mulligan::formats
{

namespace
{

constexpr std::size_t kRawLimit = 4096;
constexpr int kEnd = -1;

/// Bytes one at a time with one byte of look-ahead, from a chunk.
class Bytes
{
public:
    explicit Bytes(ByteSource &source) : m_source(source), m_buffer(1u << 16) {}

    base::Result<int> peek()
    {
        if (m_at == m_size && !m_finished) {
            MULLIGAN_TRY(m_size, m_source.read(m_buffer));
            m_at = 0;
            m_finished = m_size == 0;
        }
        return m_at < m_size ? static_cast<unsigned char>(m_buffer[m_at]) : kEnd;
    }
    void take() { ++m_at; }

private:
    ByteSource &m_source;
    std::vector<char> m_buffer;
    std::size_t m_at = 0;
    std::size_t m_size = 0;
    bool m_finished = false;
};

} // namespace

struct CsvReader::State {
    State(ByteSource &source, CsvOptions chosen) : bytes(source), options(chosen) {}

    Bytes bytes;
    CsvOptions options;
    std::uint64_t line = 1;
    std::uint64_t offset = 0; ///< of the current byte within its record
    bool atStart = true;

    base::Result<void> skipByteOrderMark()
    {
        atStart = false;
        for (const int expected : {0xEF, 0xBB, 0xBF}) {
            MULLIGAN_TRY(const int c, bytes.peek());
            if (c != expected)
                return {};
            bytes.take();
        }
        return {};
    }

    std::string &newField(CsvRecord &record)
    {
        if (record.count == record.fields.size())
            record.fields.emplace_back();
        record.fields[record.count].clear();
        return record.fields[record.count++];
    }

    void took(int c, CsvRecord &record)
    {
        bytes.take();
        ++offset;
        if (c == '\n')
            ++line;
        if (record.raw.size() < kRawLimit)
            record.raw += static_cast<char>(c);
    }

    void complain(CsvRecord &record, std::string why, std::uint64_t column)
    {
        if (record.problem.empty()) {
            record.problem = std::move(why);
            record.problemColumn = column;
        }
    }

    /// Takes a quoted field's content up to its closing quote; false when the input ends first.
    base::Result<bool> takeQuoted(CsvRecord &record, std::string &field)
    {
        const std::uint64_t opened = offset;
        for (;;) {
            MULLIGAN_TRY(const int c, bytes.peek());
            if (c == kEnd) {
                complain(record, "A quote is opened and never closed", opened);
                return false;
            }
            took(c, record);
            if (c == '"') {
                MULLIGAN_TRY(const int next, bytes.peek());
                if (next != '"')
                    return true;
                took(next, record);
            }
            append(record, field, c);
        }
    }

    void append(CsvRecord &record, std::string &field, int c)
    {
        if (offset > options.maxRecordBytes)
            complain(record, "The record is longer than " + std::to_string(options.maxRecordBytes) + " bytes", 0);
        else
            field += static_cast<char>(c);
    }

    /// Reads one record; its line end is taken.
    base::Result<void> takeRecord(CsvRecord &record)
    {
        std::string *field = &newField(record);
        bool fieldStart = true;
        for (;;) {
            MULLIGAN_TRY(const int c, bytes.peek());
            if (c == kEnd)
                return {};
            took(c, record);
            if (c == '\n') {
                if (!field->empty() && field->back() == '\r')
                    field->pop_back();
                return {};
            }
            if (c == '"' && fieldStart) {
                MULLIGAN_TRY(const bool closed, takeQuoted(record, *field));
                if (!closed)
                    return {};
            } else if (c == options.delimiter) {
                field = &newField(record);
                fieldStart = true;
                continue;
            } else {
                append(record, *field, c);
            }
            fieldStart = false;
        }
    }
};

CsvReader::CsvReader(ByteSource &source, CsvOptions options) : m_state(std::make_unique<State>(source, options))
{
}
CsvReader::~CsvReader() = default;

base::Result<bool> CsvReader::next(CsvRecord &record)
{
    State &s = *m_state;
    if (s.atStart)
        MULLIGAN_CHECK(s.skipByteOrderMark());
    for (;;) {
        record.count = 0;
        record.raw.clear();
        record.problem.clear();
        record.problemColumn = 0;
        record.line = s.line;
        s.offset = 0;
        MULLIGAN_TRY(const int c, s.bytes.peek());
        if (c == kEnd)
            return false;
        MULLIGAN_CHECK(s.takeRecord(record));
        while (!record.raw.empty() && (record.raw.back() == '\n' || record.raw.back() == '\r'))
            record.raw.pop_back();
        const bool empty = record.count == 1 && record.fields[0].empty() && record.raw.empty();
        if (!empty)
            return true;
    }
}

char delimiterOf(std::string_view header)
{
    const auto count = [&](char c) { return std::count(header.begin(), header.end(), c); };
    if (count('\t') > count(',') && count('\t') >= count(';'))
        return '\t';
    return count(';') > count(',') ? ';' : ',';
}

void appendCsvField(std::string &out, std::string_view field, char delimiter)
{
    if (field.find_first_of("\"\r\n") == std::string_view::npos && field.find(delimiter) == std::string_view::npos) {
        out += field;
        return;
    }
    out += '"';
    for (const char c : field) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

} // namespace mulligan::formats

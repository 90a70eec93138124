#include "formats/csv.hpp"

#include <algorithm>
#include <vector>

namespace mulligan::formats
{

namespace
{

constexpr std::size_t kRawLimit = 4096;
constexpr int kEnd = -1;
constexpr std::size_t kChunk = 1u << 16;

/// Bytes one at a time with one byte of look-ahead, from a chunk.
class Bytes
{
public:
    explicit Bytes(ByteSource &source) : m_source(source), m_buffer(kChunk) {}

    base::Result<int> peek()
    {
        if (m_at == m_size && !m_finished) {
            m_buffer.resize(kChunk);
            MULLIGAN_TRY(m_size, m_source.read(m_buffer));
            m_at = 0;
            m_finished = m_size == 0;
        }
        return m_at < m_size ? static_cast<unsigned char>(m_buffer[m_at]) : kEnd;
    }
    void take() { ++m_at; }
    /// Whether the next bytes are `text`, of which the chunk holds at most a few.
    base::Result<bool> startsWith(std::string_view text)
    {
        while (m_size - m_at < text.size() && !m_finished) {
            m_buffer.erase(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(m_at));
            m_size -= m_at;
            m_at = 0;
            m_buffer.resize(std::max(m_size + text.size(), kChunk));
            MULLIGAN_TRY(const std::size_t got, m_source.read({m_buffer.data() + m_size, m_buffer.size() - m_size}));
            m_size += got;
            m_finished = got == 0;
        }
        return std::string_view(m_buffer.data() + m_at, m_size - m_at).starts_with(text);
    }

private:
    ByteSource &m_source;
    std::vector<char> m_buffer;
    std::size_t m_at = 0;
    std::size_t m_size = 0;
    bool m_finished = false;
};

} // namespace

struct CsvReader::State {
    State(ByteSource &source, CsvOptions chosen)
        : bytes(source), options(std::move(chosen)), delimiter(static_cast<unsigned char>(options.delimiter)),
          quote(options.quote == '\0' ? kNever : static_cast<unsigned char>(options.quote))
    {
    }

    static constexpr int kNever = -2; // no byte, and not the end either
    Bytes bytes;
    CsvOptions options;
    int delimiter;
    int quote;
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
            if (c == '\\' && options.escape == CsvEscape::Backslash) {
                MULLIGAN_CHECK(takeEscaped(record, field, true));
                continue;
            }
            if (c == quote) {
                MULLIGAN_TRY(const int next, bytes.peek());
                if (next != quote)
                    return true;
                took(next, record);
            }
            append(record, field, c);
        }
    }

    /// Takes what follows a backslash. One that escapes nothing stands for itself, so that a path of Windows stays.
    base::Result<void> takeEscaped(CsvRecord &record, std::string &field, bool inQuotes)
    {
        MULLIGAN_TRY(const int c, bytes.peek());
        const bool plain = c == quote || c == '\\' || c == delimiter || c == '\n';
        const bool control = !inQuotes && (c == 'n' || c == 'r' || c == 't');
        if (!plain && !control) {
            append(record, field, '\\');
            return {};
        }
        took(c, record);
        append(record, field, plain ? c : c == 'n' ? '\n' : c == 'r' ? '\r' : '\t');
        return {};
    }

    base::Result<void> skipLine()
    {
        for (;;) {
            MULLIGAN_TRY(const int c, bytes.peek());
            if (c == kEnd)
                return {};
            bytes.take();
            if (c == '\n') {
                ++line;
                return {};
            }
        }
    }

    base::Result<void> skipAtStart()
    {
        MULLIGAN_CHECK(skipByteOrderMark());
        for (std::size_t i = 0; i < options.skipLines; ++i)
            MULLIGAN_CHECK(skipLine());
        return {};
    }

    base::Result<void> skipComments()
    {
        for (;;) {
            MULLIGAN_TRY(const int c, bytes.peek());
            MULLIGAN_TRY(const bool comment, bytes.startsWith(options.comment));
            if (c == kEnd || !comment)
                return {};
            MULLIGAN_CHECK(skipLine());
        }
    }

    /// Whether the delimiter's last byte ends a field here: of one of several bytes the others stand before it.
    bool endsField(std::string &field) const
    {
        if (options.delimiterLead.empty())
            return true;
        if (!field.ends_with(options.delimiterLead))
            return false;
        field.resize(field.size() - options.delimiterLead.size());
        return true;
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
            if (c == quote && fieldStart) {
                MULLIGAN_TRY(const bool closed, takeQuoted(record, *field));
                if (!closed)
                    return {};
            } else if (c == delimiter && endsField(*field)) {
                field = &newField(record);
                fieldStart = true;
                continue;
            } else if (c == '\\' && options.escape == CsvEscape::Backslash) {
                MULLIGAN_CHECK(takeEscaped(record, *field, false));
            } else {
                append(record, *field, c);
            }
            fieldStart = false;
        }
    }
};

CsvReader::CsvReader(ByteSource &source, CsvOptions options)
    : m_state(std::make_unique<State>(source, std::move(options)))
{
}
CsvReader::~CsvReader() = default;

base::Result<bool> CsvReader::next(CsvRecord &record)
{
    State &s = *m_state;
    if (s.atStart)
        MULLIGAN_CHECK(s.skipAtStart());
    for (;;) {
        if (!s.options.comment.empty())
            MULLIGAN_CHECK(s.skipComments());
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

#include "formats/csv.hpp"

#include "formats/csv_bytes.hpp"
#include "formats/open_quote.hpp"

#include <algorithm>
#include <optional>

namespace mulligan::formats
{

namespace
{

constexpr std::size_t kRawLimit = 8200;
constexpr int kEnd = CsvBytes::kEnd;
constexpr std::size_t kMostBlanks = 64; ///< behind a quote; more are text

} // namespace

struct CsvReader::State {
    State(ByteSource &source, CsvOptions chosen)
        : bytes(source), options(std::move(chosen)), delimiter(static_cast<unsigned char>(options.delimiter)),
          quote(options.quote == '\0' ? kNever : static_cast<unsigned char>(options.quote))
    {
    }

    static constexpr int kNever = -2; // no byte, and not the end either
    CsvBytes bytes;
    CsvOptions options;
    int delimiter;
    int quote;
    std::uint64_t line = 1;
    std::uint64_t offset = 0; ///< of the current byte within its record
    std::size_t width = 0;    ///< fields of the first record
    bool atStart = true;
    std::optional<OpenQuote> open; ///< of the field at hand
    bool canGoBack = false;        ///< to the line behind the one of the open quote
    std::size_t openedRaw = 0;     ///< bytes of the raw text up to there

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
        if (open)
            watchQuoted(c, record);
    }

    /// Keeps what follows the line of the open quote, so that it can be read again, within the limit.
    void watchQuoted(int c, const CsvRecord &record)
    {
        open->take(c);
        if (c == '\n' && open->lineEnds() == 1) {
            openedRaw = record.raw.size();
            bytes.mark();
            canGoBack = true;
        }
        if (canGoBack && offset > options.maxRecordBytes) {
            bytes.forget();
            canGoBack = false;
        }
    }

    void complain(CsvRecord &record, std::string why, std::uint64_t column)
    {
        if (record.problem.empty()) {
            record.problem = std::move(why);
            record.problemColumn = column;
        }
    }

    /// Takes a quoted field's content up to its closing quote; false when there is none and the record ends here.
    base::Result<bool> takeQuoted(CsvRecord &record, std::string &field)
    {
        const std::uint64_t opened = offset;
        open.emplace(delimiter, width, line);
        for (;;) {
            MULLIGAN_TRY(const int c, bytes.peek());
            record.openAtEnd = record.openAtEnd || c == kEnd;
            if (c == kEnd || (canGoBack && open->swallowsRows())) {
                giveUp(record, opened, open->holdsRow());
                return false;
            }
            took(c, record);
            if (c == '\\' && options.escape == CsvEscape::Backslash) {
                MULLIGAN_CHECK(takeEscaped(record, field, true));
                continue;
            }
            if (c == quote) {
                MULLIGAN_TRY(const int next, bytes.peek());
                if (next != quote) {
                    MULLIGAN_TRY(const AfterQuote after, takeBlanks(record));
                    if (after.fieldEnds) {
                        endQuoted();
                        appendAll(record, field, after.blanks);
                        return true;
                    }
                    if (canGoBack && after.blanks.empty() && open->opensAnother()) {
                        giveUp(record, opened, true);
                        return false;
                    }
                    record.looseQuotes = true;
                    append(record, field, c);
                    appendAll(record, field, after.blanks);
                    continue;
                }
                took(next, record);
            }
            append(record, field, c);
        }
    }

    struct AfterQuote {
        std::string blanks;
        bool fieldEnds = false; ///< behind them
    };

    /// Takes the blanks behind a quote, which closes its field only before a delimiter or a line end.
    base::Result<AfterQuote> takeBlanks(CsvRecord &record)
    {
        AfterQuote after;
        for (;;) {
            MULLIGAN_TRY(const int c, bytes.peek());
            const bool lead =
                !options.delimiterLead.empty() && c == static_cast<unsigned char>(options.delimiterLead.front());
            after.fieldEnds = c == delimiter || lead || c == '\n' || c == '\r' || c == kEnd;
            if (after.fieldEnds || (c != ' ' && c != '\t') || after.blanks.size() >= kMostBlanks)
                return after;
            after.blanks += static_cast<char>(c);
            took(c, record);
        }
    }

    void endQuoted()
    {
        open.reset();
        bytes.forget();
        canGoBack = false;
    }

    /// Reports a quote that nobody closes. Where it swallowed what may be rows, reading goes on behind its own line.
    void giveUp(CsvRecord &record, std::uint64_t opened, bool rows)
    {
        std::string why = "A quote opened in line " + std::to_string(open->line()) + " is never closed";
        if (canGoBack && rows) {
            bytes.goBack();
            record.raw.resize(openedRaw);
            line = open->line() + 1;
        } else if (open->lineEnds() > 0) {
            why += "; the lines to the end of the file, line " + std::to_string(line) + ", are part of this row";
        }
        complain(record, std::move(why), opened);
        endQuoted();
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

    void appendAll(CsvRecord &record, std::string &field, std::string_view text)
    {
        for (const char c : text)
            append(record, field, static_cast<unsigned char>(c));
    }

    /// Reads one record; its line end is taken.
    base::Result<void> takeRecord(CsvRecord &record)
    {
        std::string *field = &newField(record);
        bool fieldStart = true;
        bool returned = false; // the byte before is a "\r" that no quote and no escape makes part of a field
        for (;;) {
            MULLIGAN_TRY(const int c, bytes.peek());
            if (c == kEnd)
                return {};
            took(c, record);
            if (c == '\n') {
                if (returned && field->ends_with('\r'))
                    field->pop_back();
                return {};
            }
            returned = c == '\r';
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
        record.looseQuotes = false;
        record.openAtEnd = false;
        record.line = s.line;
        s.offset = 0;
        MULLIGAN_TRY(const int c, s.bytes.peek());
        if (c == kEnd)
            return false;
        MULLIGAN_CHECK(s.takeRecord(record));
        while (!record.raw.empty() && (record.raw.back() == '\n' || record.raw.back() == '\r'))
            record.raw.pop_back();
        const bool empty = record.count == 1 && record.fields[0].empty() && record.raw.empty();
        if (!empty) {
            if (s.width == 0 && record.problem.empty())
                s.width = record.count;
            return true;
        }
    }
}

char delimiterOf(std::string_view header)
{
    const auto count = [&](char c) { return std::count(header.begin(), header.end(), c); };
    char best = ',';
    for (const char other : {'\t', ';', '|'}) {
        if (count(other) > count(best))
            best = other;
    }
    return best;
}

std::optional<char> namedDelimiter(std::string_view text)
{
    constexpr std::string_view kMark = "sep=";
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    const bool named = line.size() == kMark.size() + 1
                       && std::equal(kMark.begin(), kMark.end(), line.begin(),
                                     [](char mark, char c) { return c == mark || c == mark - ('a' - 'A'); });
    return named ? std::optional(line.back()) : std::nullopt;
}

std::string wrongWidth(std::size_t fields, std::size_t header)
{
    return "the row has " + std::to_string(fields) + (fields == 1 ? " field" : " fields") + " where the header has "
           + std::to_string(header);
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

#pragma once

#include "base/result.hpp"
#include "formats/byte_source.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::formats
{

/// One record. `fields` beyond `count` are scratch of earlier records.
struct CsvRecord {
    std::vector<std::string> fields;
    std::size_t count = 0;
    std::uint64_t line = 0;          ///< 1-based line the record starts on
    std::string raw;                 ///< its text, at most 8,200 bytes
    std::string problem;             ///< what is wrong with its form (open quote, over the limit), else empty
    std::uint64_t problemColumn = 0; ///< 1-based byte of the problem within its record
    bool looseQuotes = false;        ///< a quote stands single inside a quoted field and was taken as part of it
    bool openAtEnd = false;          ///< a quote is open where the input ends: more input may make another record of it
};

/// How a character that would end a field stands inside one.
enum class CsvEscape {
    Doubled,   ///< a quote inside quotes is written twice
    Backslash, ///< a backslash takes the next character as it is; outside of quotes \n, \r and \t are line end and tab
};

struct CsvOptions {
    char delimiter = ',';                   ///< of several bytes (UTF-8): the last one
    std::size_t maxRecordBytes = 64u << 20; ///< a longer record is passed over in constant memory and reported
    std::string delimiterLead = {};         ///< of several bytes: those before the last one
    char quote = '"';                       ///< '\0': there are no quotes
    CsvEscape escape = CsvEscape::Doubled;
    std::string comment = {};  ///< lines that begin so are passed over; empty: there are none
    std::size_t skipLines = 0; ///< lines before the first record that are passed over
};

/// Reads comma- or tab-separated records (RFC 4180): quoted fields with doubled quotes and line ends inside, "\n",
/// "\r\n" or, where the first 64 KiB have no other, "\r" alone, a byte order mark dropped, empty lines passed over. A
/// quote inside quotes that stands single, and not before a delimiter or a line end, belongs to the field, as in "say
/// "yes" now". A record with bad form is delivered with `problem` set; reading goes on at the next line. So it does
/// behind the line of a quote that is never closed, where what it swallowed looks like rows: when the input ends,
/// another quote opens, or a long field holds hardly anything else. To go back a field of several lines is kept in
/// memory, up to `maxRecordBytes`.
class CsvReader
{
public:
    explicit CsvReader(ByteSource &source, CsvOptions options = {});
    ~CsvReader();

    /// Reads the next record; false at the end. Errors: those of the source.
    [[nodiscard]] base::Result<bool> next(CsvRecord &record);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Delimiter of a header line: the most frequent of comma, tab, semicolon and bar (a tie goes to the one named first).
[[nodiscard]] char delimiterOf(std::string_view header);
/// The delimiter that a line of its own before the header names, as Excel reads and writes it ("sep=;"); nothing: the
/// text does not begin so.
[[nodiscard]] std::optional<char> namedDelimiter(std::string_view text);
/// "the row has 1 field where the header has 6".
[[nodiscard]] std::string wrongWidth(std::size_t fields, std::size_t header);
/// Appends one field, quoted where RFC 4180 asks for it.
void appendCsvField(std::string &out, std::string_view field, char delimiter = ',');

} // namespace mulligan::formats

#pragma once

#include "ingest/reader.hpp"
#include "ingest/secret_columns.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// What a reader of separated values says of rows with such quotes.
inline constexpr std::string_view kLooseQuotes =
    "quotes inside quoted fields are not doubled; they were taken as part of the text";

/// What stands between a reader of rows and its sink: counts, keeps rejected text short and readable, and says
/// each warning once. Redaction comes behind it (RedactingSink).
class RowOutlet
{
public:
    RowOutlet(AttemptSink &sink, const ReadOptions & /*options*/, SourceReport &report) : m_sink(sink), m_report(report)
    {
    }

    /// `raw`: the row's text, if it has one.
    [[nodiscard]] base::Result<void> accept(model::Attempt attempt, std::uint64_t line, std::string_view raw = {});
    /// `text` may be of any length and need not be valid UTF-8.
    [[nodiscard]] base::Result<void> reject(std::uint64_t line, std::uint64_t column, std::string reason,
                                            std::string_view text);
    /// Tells the names of the columns, before the first row of a table, and how its rows are written: secrets that
    /// only the header names are found in rejected rows by it.
    void headedBy(std::span<const std::string> names, formats::CsvOptions dialect)
    {
        m_secretColumns = SecretColumns(names, std::move(dialect));
    }
    /// Counts a warning; equal texts are one kind.
    void warn(std::string_view kind, std::uint64_t times = 1);
    /// Writes the warnings into the report, by text.
    void finish();

private:
    AttemptSink &m_sink;
    SourceReport &m_report;
    std::map<std::string, std::uint64_t, std::less<>> m_warnings;
    std::uint64_t m_otherWarnings = 0;
    SecretColumns m_secretColumns;
};

} // namespace mulligan::ingest

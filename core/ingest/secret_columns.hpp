#pragma once

#include "formats/csv.hpp"
#include "ingest/redact.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// The columns of a table whose names say that their values are secrets ("api_key", "db_password"). What is said in the
/// header stands in no row, so rows that are kept as text need this to have their secrets found.
class SecretColumns
{
public:
    SecretColumns() = default;
    /// `names` are those of the header in order, `dialect` is how the rows are written.
    SecretColumns(std::span<const std::string> names, formats::CsvOptions dialect);

    /// The values under such columns in the text of one row, in order. In a row that has more or fewer fields than the
    /// header the value may have moved by as many, and what looks random there counts too; a row whose quotes do not
    /// close is divided at every delimiter.
    [[nodiscard]] std::vector<SecretSpan> valuesIn(std::string_view row) const;

private:
    struct Column {
        std::size_t at = 0;
        std::string_view kind;
        bool certain = false;
    };
    std::vector<Column> m_columns;
    std::size_t m_width = 0;
    formats::CsvOptions m_dialect;
};

} // namespace mulligan::ingest

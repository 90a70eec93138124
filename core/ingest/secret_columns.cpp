#include "ingest/secret_columns.hpp"

#include "ingest/secret_names.hpp"

#include <algorithm>
#include <optional>

namespace mulligan::ingest
{

namespace
{

struct Field {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// End of the quoted field whose content begins at `i`, or nothing where its quotes do not close.
std::optional<std::size_t> closingQuote(std::string_view row, std::size_t i, const formats::CsvOptions &dialect)
{
    for (; i < row.size(); ++i) {
        if (row[i] == '\\' && dialect.escape == formats::CsvEscape::Backslash)
            ++i;
        else if (row[i] == dialect.quote) {
            if (i + 1 >= row.size() || row[i + 1] != dialect.quote)
                return i;
            ++i;
        }
    }
    return std::nullopt;
}

/// The fields of a row without their quotes; nothing where quotes that count do not close.
std::optional<std::vector<Field>> fieldsOf(std::string_view row, const formats::CsvOptions &dialect, bool quotesCount)
{
    const std::string delimiter = dialect.delimiterLead + dialect.delimiter;
    std::vector<Field> fields;
    for (std::size_t i = 0; i <= row.size();) {
        std::size_t from = i;
        Field field{i, i};
        if (quotesCount && dialect.quote != '\0' && i < row.size() && row[i] == dialect.quote) {
            const auto close = closingQuote(row, i + 1, dialect);
            if (!close)
                return std::nullopt;
            field = {i + 1, *close};
            from = *close + 1;
        }
        const std::size_t end = std::min(row.find(delimiter, from), row.size());
        if (from == i)
            field.end = end;
        fields.push_back(field);
        i = end + delimiter.size();
    }
    return fields;
}

/// A field without the white space around it.
Field trimmed(std::string_view row, Field field)
{
    constexpr std::string_view kSpace = " \t\r\n";
    while (field.begin < field.end && kSpace.find(row[field.begin]) != std::string_view::npos)
        ++field.begin;
    while (field.end > field.begin && kSpace.find(row[field.end - 1]) != std::string_view::npos)
        --field.end;
    return field;
}

} // namespace

SecretColumns::SecretColumns(std::span<const std::string> names, formats::CsvOptions dialect)
    : m_width(names.size()), m_dialect(std::move(dialect))
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::string name = names[i];
        std::replace(name.begin(), name.end(), ' ', '_');
        const SecretName secret = secretPropertyOf(name);
        // A job's table calls the fingerprint of an error its signature.
        if (secret && secret.kind != "signature")
            m_columns.push_back({i, secret.kind, secret.certain});
    }
}

std::vector<SecretSpan> SecretColumns::valuesIn(std::string_view row) const
{
    std::vector<SecretSpan> out;
    if (m_columns.empty())
        return out;
    auto fields = fieldsOf(row, m_dialect, true);
    if (!fields)
        fields = fieldsOf(row, m_dialect, false);
    const std::size_t count = fields->size();
    const std::size_t surplus = count > m_width ? count - m_width : 0;
    const std::size_t lack = count < m_width ? m_width - count : 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Field field = trimmed(row, (*fields)[i]);
        const std::string_view value = row.substr(field.begin, field.end - field.begin);
        if (isPlaceholder(value))
            continue;
        const auto secret = std::find_if(m_columns.begin(), m_columns.end(), [&](const Column &column) {
            const bool own = column.at == i;
            return (own && column.certain) || (i + lack >= column.at && i <= column.at + surplus && looksRandom(value));
        });
        if (secret != m_columns.end())
            out.push_back({field.begin, field.end, secret->kind});
    }
    return out;
}

} // namespace mulligan::ingest

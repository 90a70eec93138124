#include "ingest/table_sniff.hpp"

#include "formats/csv.hpp"
#include "formats/json_path.hpp"
#include "ingest/column_profile.hpp"
#include "ingest/mapped_time.hpp"
#include "ingest/mapping_units.hpp"

#include <algorithm>
#include <map>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kRecords = 100;
constexpr std::size_t kMaxRecordBytes = 1u << 20;

/// How well a dialect cuts a text into records of one width.
struct Cut {
    double score = 0.0;
    std::size_t width = 0;
    std::uint64_t firstLine = 1; ///< of the first record of that width
    std::vector<std::vector<std::string>> records;
};

std::vector<formats::CsvRecord> recordsOf(const std::string &text, const formats::CsvOptions &options)
{
    std::vector<formats::CsvRecord> out;
    const auto source = formats::memorySource(text);
    formats::CsvReader reader(*source, options);
    while (out.size() < kRecords) {
        formats::CsvRecord record;
        const auto more = reader.next(record);
        if (!more || !more.value())
            break;
        record.fields.resize(record.count);
        out.push_back(std::move(record));
    }
    return out;
}

Cut tryCut(const std::string &text, const formats::CsvOptions &options)
{
    constexpr double kWidest = 12.0; // beyond that more columns prove nothing more
    const auto records = recordsOf(text, options);
    std::map<std::size_t, std::size_t> widths;
    for (const auto &record : records) {
        if (record.problem.empty() && record.count > 1)
            ++widths[record.count];
    }
    Cut cut;
    if (widths.empty())
        return cut;
    const auto best = std::max_element(widths.begin(), widths.end(),
                                       [](const auto &a, const auto &b) { return a.second < b.second; });
    cut.width = best->first;
    const double share = static_cast<double>(best->second) / static_cast<double>(records.size());
    cut.score = share * share * std::min(kWidest, static_cast<double>(cut.width));
    bool found = false;
    for (const auto &record : records) {
        if (!found && record.count != cut.width)
            continue;
        if (!found)
            cut.firstLine = record.line;
        found = true;
        cut.records.push_back(record.fields);
    }
    return cut;
}

/// Whether a record could not be a header: some of it is a number, a time or empty, or it repeats itself.
bool isData(const std::vector<std::string> &record)
{
    std::vector<std::string> sorted = record;
    std::sort(sorted.begin(), sorted.end());
    const bool repeats = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
    return repeats || std::any_of(record.begin(), record.end(), [](const std::string &field) {
               const bool time = field.size() >= 19 && field[4] == '-' && field[7] == '-';
               return readNumber(field, NumberStyle()).has_value() || time;
           });
}

/// "#" where lines that begin so stand before the table and are none of its rows.
std::string commentOf(const std::string &text)
{
    if (!text.starts_with('#'))
        return {};
    const std::string first = text.substr(0, text.find('\n'));
    const std::size_t behind = text.find("\n") == text.npos ? text.size() : text.find('\n') + 1;
    const std::string second = text.substr(behind, text.find('\n', behind) - behind);
    const char delimiter = formats::delimiterOf(second);
    const bool header =
        std::count(first.begin(), first.end(), delimiter) > 0
        && std::count(first.begin(), first.end(), delimiter) == std::count(second.begin(), second.end(), delimiter);
    return header ? std::string() : "#";
}

bool sniffCsv(const std::string &text, std::string_view path, Mapping &mapping)
{
    Dialect &dialect = mapping.dialect;
    dialect.comment = commentOf(text);
    Cut best;
    const bool backslashes = text.find("\\\"") != text.npos;
    const bool singleQuotes = text.find(",'") != text.npos || text.find(";'") != text.npos || text.starts_with('\'');
    for (const char delimiter : {',', ';', '\t', '|', '\x01', '~', '^'}) {
        for (const char quote : {'"', '\''}) {
            for (const auto escape : {formats::CsvEscape::Doubled, formats::CsvEscape::Backslash}) {
                if ((quote == '\'' && !singleQuotes) || (escape == formats::CsvEscape::Backslash && !backslashes))
                    continue;
                formats::CsvOptions options{delimiter, kMaxRecordBytes};
                options.quote = quote;
                options.escape = escape;
                options.comment = dialect.comment;
                Cut cut = tryCut(text, options);
                const bool preferred = path.ends_with(".tsv") && delimiter == '\t' && cut.score > 0;
                if (cut.score + (preferred ? 0.5 : 0.0) <= best.score * 1.001)
                    continue;
                best = std::move(cut);
                dialect.delimiter = delimiter;
                dialect.quote = quote;
                dialect.escape = escape;
            }
        }
    }
    if (best.width < 2)
        return false;
    dialect.skipLines = static_cast<int>(best.firstLine) - 1;
    if (!dialect.comment.empty() && text.starts_with(dialect.comment))
        dialect.skipLines = 0; // what is passed over there are comments
    dialect.header = !best.records.empty() && !isData(best.records.front());
    return true;
}

/// The way to the longest list of objects in a document, to a depth at which lists of records stand.
void findRecords(const formats::Json &json, const std::string &path, int depth, std::string &best, std::size_t &most)
{
    constexpr int kDeepest = 4;
    if (json.isArray() && json.size() > most && json.items().front().isObject()) {
        most = json.size();
        best = path;
    }
    if (depth == kDeepest)
        return;
    for (const auto &[key, member] : json.members())
        findRecords(member, path.empty() ? key : path + "." + key, depth + 1, best, most);
}

bool sniffJson(const std::string &text, std::size_t begin, Mapping &mapping)
{
    const std::size_t lineEnd = std::min(text.find('\n', begin), text.size());
    const bool more = text.find_first_not_of(" \t\r\n", lineEnd) != text.npos;
    const bool firstLine = formats::parseJson(std::string_view(text).substr(begin, lineEnd - begin)).has_value();
    if (text[begin] == '{' && firstLine && more) {
        mapping.format = RowFormat::JsonLines;
        return true;
    }
    const auto document = formats::parseJson(text);
    if (!document)
        return text[begin] == '{' && firstLine;
    std::size_t most = 0;
    findRecords(*document, {}, 0, mapping.records, most);
    mapping.format = most > 0 ? RowFormat::Json : RowFormat::JsonLines;
    return most > 0 || document->isObject();
}

} // namespace

bool sniffTable(const std::string &text, std::string_view path, Mapping &mapping)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos)
        return false;
    if (text[begin] == '{' || text[begin] == '[')
        return sniffJson(text, begin, mapping);
    mapping.format = RowFormat::Csv;
    return sniffCsv(text, path, mapping);
}

} // namespace mulligan::ingest

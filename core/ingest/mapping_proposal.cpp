#include "ingest/mapping_proposal.hpp"

#include "formats/text_encoding.hpp"
#include "ingest/column_profile.hpp"
#include "ingest/field_chooser.hpp"
#include "ingest/null_words.hpp"
#include "ingest/table_sniff.hpp"

#include <algorithm>
#include <cstdio>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kRows = 500;

std::string trimmed(const std::string &text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == text.npos ? std::string() : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// The rows' values by column, empty where they mean nothing.
std::vector<std::vector<std::string>> valuesOf(const Preview &preview, const Mapping &mapping)
{
    std::vector<std::vector<std::string>> out(preview.columns.size());
    for (const auto &row : preview.rows) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            std::string text = i < row.cells.size() ? trimmed(row.cells[i]) : std::string();
            if (std::find(mapping.nulls.begin(), mapping.nulls.end(), text) != mapping.nulls.end())
                text.clear();
            out[i].push_back(std::move(text));
        }
    }
    return out;
}

/// Adds the words that this table has for "nothing" to the mapping, and says so.
void takeNullWords(const std::vector<std::vector<std::string>> &values, Proposal &out)
{
    std::string list;
    for (std::string &word : nullWordsOf(values)) {
        list += (list.empty() ? "'" : ", '") + word + "'";
        out.mapping.nulls.push_back(std::move(word));
    }
    if (!list.empty())
        out.notes.push_back(list + " among numbers or times: taken for no value, wherever it stands (nulls)");
}

std::string percent(double certainty)
{
    char text[16];
    std::snprintf(text, sizeof text, "%.0f %%", certainty * 100.0);
    return text;
}

/// Whether a decoded text holds what no text does: bytes at random decode to something in WINDOWS-1252. Those that some
/// writers put between fields and rows (Hive's \001 and \002, ASCII's separators) may stand in one.
bool isNoText(std::string_view text)
{
    constexpr std::string_view kInTexts = "\t\n\r\f\x01\x02\x1B\x1C\x1D\x1E\x1F";
    constexpr std::ptrdiff_t kOneIn = 50;
    const auto odd = std::count_if(text.begin(), text.end(), [&](char c) {
        return static_cast<unsigned char>(c) < 0x20 && kInTexts.find(c) == std::string_view::npos;
    });
    return odd * kOneIn > static_cast<std::ptrdiff_t>(text.size());
}

} // namespace

std::string_view name(ColumnType type)
{
    static constexpr std::string_view kNames[] = {"empty", "number", "time", "category", "text"};
    return kNames[static_cast<std::size_t>(type)];
}

Proposal proposeMapping(const FileHead &head, std::string_view path)
{
    Proposal out;
    const auto encoding = formats::guessEncoding(head.bytes);
    out.mapping.encoding = encoding.encoding;
    if (!encoding.sure)
        out.notes.push_back("the text is not UTF-8; " + encoding.encoding + " is a guess: look at names with accents");
    auto text = formats::decodeText(head.bytes, encoding.encoding, head.cut);
    const bool table = text && !isNoText(*text) && sniffTable(*text, path, out.mapping);
    if (!table)
        out.notes.push_back("its form is not clear: neither separated values nor JSON");
    const Preview preview = table ? previewMapping(head, out.mapping, kRows) : Preview();
    out.rows = preview.rows.size();
    takeNullWords(valuesOf(preview, out.mapping), out);
    const auto values = valuesOf(preview, out.mapping);
    if (out.mapping.format == RowFormat::Csv)
        out.mapping.numbers = guessNumberStyle(values);
    for (std::size_t i = 0; i < values.size(); ++i)
        out.columns.push_back(profileColumn(preview.columns[i], values[i], out.mapping.numbers));
    FieldChooser(out, values).chooseAll();
    out.open = openFields(out.mapping);
    return out;
}

std::string proposalText(const Proposal &proposal)
{
    std::string yaml = mappingText(proposal.mapping);
    for (const auto &field : proposal.fields) {
        const std::string line = "\n  " + field.target + ":\n";
        const std::size_t at = yaml.find(line);
        if (at != yaml.npos)
            yaml.insert(at + line.size() - 1, "  # " + percent(field.certainty) + ": " + field.why);
    }
    std::string comments = "# Proposed by Mulligan from the first rows (" + std::to_string(proposal.rows)
                           + "). Go over " + "it, then import with --map.\n";
    const auto comment = [&](std::string note) {
        std::replace_if(
            note.begin(), note.end(), [](unsigned char c) { return c < 0x20; }, ' ');
        comments += "# " + note + '\n';
    };
    for (const Field field : proposal.open)
        comment("OPEN: no column was found for '" + std::string(name(field)) + "'");
    for (const auto &note : proposal.notes)
        comment("Note: " + note);
    for (const auto &column : proposal.columns) {
        const bool used =
            std::any_of(proposal.mapping.fields.begin(), proposal.mapping.fields.end(), [&](const auto &field) {
                const auto columns = columnsOf(field);
                return std::find(columns.begin(), columns.end(), column.name) != columns.end();
            });
        if (!used)
            comment("Not used: column '" + column.name + "' (" + std::string(name(column.type)) + ")");
    }
    return comments + yaml;
}

} // namespace mulligan::ingest

#pragma once

#include "formats/byte_source.hpp"
#include "formats/csv.hpp"
#include "formats/hash.hpp"
#include "formats/json.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// What a synthetic history's folder holds, read back by means of the formats alone.
namespace reading
{

/// Decoded content of a file; "" and `ok` false when it cannot be read.
inline std::string content(const std::string &path, bool *ok = nullptr)
{
    const auto source = mulligan::formats::openDecoded(path);
    if (ok != nullptr)
        *ok = source.has_value();
    std::string text;
    if (!source.has_value())
        return text;
    std::vector<char> buffer(1 << 16);
    for (;;) {
        const auto got = (*source)->read(buffer);
        if (!got.has_value() || *got == 0)
            return text;
        text.append(buffer.data(), *got);
    }
}

/// Relative path → SHA-256 of the decoded content, of every file below.
inline std::map<std::string, std::string> hashes(const std::string &folder)
{
    std::map<std::string, std::string> found;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            found[std::filesystem::relative(entry.path(), folder).generic_string()] =
                mulligan::formats::sha256Hex(content(entry.path().string()));
    return found;
}

inline std::vector<mulligan::formats::Json> jsonLines(const std::string &path, int *bad = nullptr)
{
    std::vector<mulligan::formats::Json> rows;
    const std::string text = content(path);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const auto row = mulligan::formats::parseJson(text.substr(begin, end - begin));
        if (row.has_value())
            rows.push_back(*row);
        else if (bad != nullptr)
            ++*bad;
        begin = end + 1;
    }
    return rows;
}

/// Records of a CSV file by column; config is parsed, numbers stay text.
inline std::vector<std::map<std::string, std::string>> csvRows(const std::string &path, int *bad = nullptr)
{
    const std::string text = content(path);
    const auto source = mulligan::formats::memorySource(text);
    mulligan::formats::CsvReader reader(*source);
    mulligan::formats::CsvRecord record;
    std::vector<std::string> header;
    std::vector<std::map<std::string, std::string>> rows;
    for (auto more = reader.next(record); more.has_value() && *more; more = reader.next(record)) {
        if (header.empty()) {
            header.assign(record.fields.begin(), record.fields.begin() + static_cast<std::ptrdiff_t>(record.count));
            continue;
        }
        if ((record.count != header.size() || !record.problem.empty()) && bad != nullptr)
            ++*bad;
        std::map<std::string, std::string> row;
        for (std::size_t i = 0; i < std::min(record.count, header.size()); ++i)
            if (!record.fields[i].empty())
                row[header[i]] = record.fields[i];
        rows.push_back(std::move(row));
    }
    return rows;
}

/// All attempts of a folder with their fields as text, in the order of the files.
inline std::vector<std::map<std::string, std::string>> attempts(const std::string &folder)
{
    std::vector<std::map<std::string, std::string>> rows;
    for (const auto &json : jsonLines(folder + "/history.jsonl")) {
        std::map<std::string, std::string> row;
        for (const auto &[key, value] : json.members())
            row[key] = value.isString() ? value.string() : mulligan::formats::writeJson(value);
        rows.push_back(std::move(row));
    }
    for (auto &row : csvRows(folder + "/history_2.csv"))
        rows.push_back(std::move(row));
    return rows;
}

} // namespace reading

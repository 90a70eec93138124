#include "ingest/mapped_rows.hpp"

#include "ingest/known_profile.hpp"
#include "ingest/mapping.hpp"
#include "ingest/recognise.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace mulligan::ingest
{

namespace fs = std::filesystem;

namespace
{

/// Whether a file's name says that it may be of the profile's format.
bool nameFits(const fs::path &path, RowFormat format)
{
    static constexpr std::array<std::string_view, 3> kCsv{".csv", ".tsv", ".txt"};
    static constexpr std::array<std::string_view, 3> kJson{".jsonl", ".ndjson", ".json"};
    std::string extension = path.extension().string();
    if (extension == ".gz" || extension == ".zst")
        extension = path.stem().extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    const auto &known = format == RowFormat::Csv ? kCsv : kJson;
    return std::find(known.begin(), known.end(), extension) != known.end();
}

/// Why a folder is not gone into; the reason is empty when it is.
Skipped closedFolder(const fs::path &folder)
{
    if (folder.filename().string().starts_with('.'))
        return {folder.string(), "hidden folders are passed over"};
    std::error_code failed;
    if (fs::is_symlink(folder, failed))
        return {folder.string(), "links to folders are not followed"};
    (void)fs::directory_iterator(folder, failed);
    if (failed)
        return {folder.string(), base::systemError(failed.value(), "Cannot list", folder.string()).text(), true};
    return {};
}

/// A file or standard input; of an archive it is what lies in it that is read by the profile.
base::Result<Discovery> namedSource(const std::string &path, const std::shared_ptr<const Mapping> &mapping)
{
    MULLIGAN_TRY(auto found, findSources(path, rowReader(*mapping)));
    for (SourceUnit &unit : found.units)
        unit.mapping = mapping;
    return found;
}

} // namespace

base::Result<Discovery> findMappedSources(const std::string &path, const std::shared_ptr<const Mapping> &mapping)
{
    std::error_code failed;
    if (path == "-" || !fs::is_directory(path, failed))
        return namedSource(path, mapping);
    Discovery found;
    auto entry = fs::recursive_directory_iterator(path, failed);
    for (const auto end = fs::recursive_directory_iterator(); !failed && entry != end; entry.increment(failed)) {
        const fs::path &file = entry->path();
        std::error_code unknown;
        if (entry->is_directory(unknown)) {
            if (Skipped closed = closedFolder(file); !closed.reason.empty()) {
                entry.disable_recursion_pending();
                found.skipped.push_back(std::move(closed));
            }
            continue;
        }
        std::string why = excludedName(file.filename().string());
        if (why.empty() && !entry->is_regular_file(unknown))
            why = "it is not a plain file";
        if (why.empty() && !nameFits(file, mapping->format))
            why = "its name is not that of a file in the profile's format " + std::string(name(mapping->format));
        if (why.empty())
            found.units.push_back({file.string(), rowReader(*mapping), {file.string()}, nullptr, 0, mapping});
        else
            found.skipped.push_back({file.string(), std::move(why)});
    }
    if (failed)
        return base::systemError(failed.value(), "Cannot list", path);
    std::sort(found.units.begin(), found.units.end(),
              [](const SourceUnit &a, const SourceUnit &b) { return a.path < b.path; });
    std::sort(found.skipped.begin(), found.skipped.end(),
              [](const Skipped &a, const Skipped &b) { return a.path < b.path; });
    return found;
}

} // namespace mulligan::ingest

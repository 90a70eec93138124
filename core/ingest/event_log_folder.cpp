#include "ingest/event_log_folder.hpp"

#include "ingest/spark_log_parts.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

namespace mulligan::ingest
{

namespace fs = std::filesystem;
using spark::RollingPart;

namespace
{

constexpr std::string_view kRollingFolder = "eventlog_v2_";
constexpr std::string_view kRollingMarker = "appstatus_";

std::string joined(const std::string &folder, const std::string &name)
{
    return (fs::path(folder) / name).string();
}

void addRolling(const std::string &folder, const std::string &shown, const std::vector<std::string> &names,
                FolderLogs &out)
{
    std::map<std::string, std::vector<RollingPart>> byApplication;
    for (const auto &name : names) {
        if (auto part = spark::rollingPart(name)) {
            byApplication[part->application].push_back(std::move(*part));
            out.taken.push_back(name);
        } else if (name.starts_with(kRollingMarker)) {
            out.taken.push_back(name);
        }
    }
    for (auto &[application, parts] : byApplication) {
        std::sort(parts.begin(), parts.end(), [](const RollingPart &a, const RollingPart &b) {
            return std::pair(a.number, a.compact) < std::pair(b.number, b.compact);
        });
        const auto last = std::find_if(parts.rbegin(), parts.rend(), [](const auto &part) { return part.compact; });
        const auto first = last == parts.rend() ? parts.begin() : std::prev(last.base());
        for (auto part = parts.begin(); part != first; ++part)
            out.skipped.push_back({joined(shown, part->name), "the compacted part " + first->name + " replaces it"});
        SourceUnit unit;
        unit.path = byApplication.size() == 1 ? shown : joined(shown, "events_*_" + application);
        unit.format = Format::SparkEventLog;
        for (auto part = first; part != parts.end(); ++part)
            unit.parts.push_back(joined(folder, part->name));
        out.units.push_back(std::move(unit));
    }
}

/// "eventlog-2021-06-14--20-00.gz" and the like.
bool isDatedLog(const std::string &name)
{
    constexpr std::string_view kDated = "eventlog-";
    return name.starts_with(kDated) && name.size() > kDated.size() && name[kDated.size()] >= '0'
           && name[kDated.size()] <= '9';
}

void addDatabricks(const std::string &folder, const std::string &shown, const std::vector<std::string> &names,
                   FolderLogs &out)
{
    SourceUnit unit{shown, Format::SparkEventLog, {}, nullptr};
    for (const auto &name : names) {
        if (isDatedLog(name)) {
            unit.parts.push_back(joined(folder, name));
            out.taken.push_back(name);
        }
    }
    if (unit.parts.empty())
        return;
    // The current file goes on where the last dated one ended.
    if (std::find(names.begin(), names.end(), "eventlog") != names.end()) {
        unit.parts.push_back(joined(folder, "eventlog"));
        out.taken.emplace_back("eventlog");
    }
    out.units.push_back(std::move(unit));
}

void addOldForm(const std::string &folder, const std::string &shown, const std::vector<std::string> &names,
                FolderLogs &out)
{
    constexpr std::string_view kLog = "EVENT_LOG_";
    SourceUnit unit{shown, Format::SparkEventLog, {}, nullptr};
    std::vector<std::string> markers;
    for (const auto &name : names) {
        if (name.starts_with(kLog)) {
            unit.parts.push_back(joined(folder, name));
            out.taken.push_back(name);
        } else if (name == "APPLICATION_COMPLETE" || name.starts_with("SPARK_VERSION_")
                   || name.starts_with("COMPRESSION_CODEC_")) {
            markers.push_back(name);
        }
    }
    if (unit.parts.empty())
        return;
    // By number: a tenth part would come before the second by name.
    std::stable_sort(unit.parts.begin(), unit.parts.end(),
                     [](const std::string &a, const std::string &b) { return a.size() < b.size(); });
    out.taken.insert(out.taken.end(), markers.begin(), markers.end());
    out.units.push_back(std::move(unit));
}

} // namespace

FolderLogs logsOfFolder(const std::string &folder, const std::string &shown, const std::vector<std::string> &names)
{
    FolderLogs out;
    const fs::path path(shown);
    const std::string own = path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
    // A folder that was renamed still holds Spark's marker.
    const bool marked = std::any_of(names.begin(), names.end(),
                                    [](const std::string &name) { return name.starts_with(kRollingMarker); });
    if (own.starts_with(kRollingFolder) || marked)
        addRolling(folder, shown, names, out);
    addDatabricks(folder, shown, names, out);
    addOldForm(folder, shown, names, out);
    return out;
}

} // namespace mulligan::ingest

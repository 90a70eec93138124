#include "ingest/event_log_folder.hpp"

#include "ingest/recognise.hpp"
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

/// The unit that parts of one log make, in order; parts that a compacted one replaces are left out.
SourceUnit unitOf(const std::string &folder, const std::string &shown, std::string path,
                  std::vector<RollingPart> &parts, std::vector<Skipped> &skipped)
{
    std::sort(parts.begin(), parts.end(), [](const RollingPart &a, const RollingPart &b) {
        return std::pair(a.number, a.compact) < std::pair(b.number, b.compact);
    });
    const auto last = std::find_if(parts.rbegin(), parts.rend(), [](const auto &part) { return part.compact; });
    const auto first = last == parts.rend() ? parts.begin() : std::prev(last.base());
    for (auto part = parts.begin(); part != first; ++part)
        skipped.push_back({joined(shown, part->name), "the compacted part " + first->name + " replaces it"});
    SourceUnit unit;
    unit.path = std::move(path);
    unit.format = Format::SparkEventLog;
    for (auto part = first; part != parts.end(); ++part)
        unit.parts.push_back(joined(folder, part->name));
    return unit;
}

std::string pathOfLog(const std::string &shown, const std::string &application)
{
    return joined(shown, "events_*_" + application);
}

/// Other programs name files alike ("events_2024_01.csv"), so outside Spark's own folders the content must say it.
bool holdsSparkEvents(const std::string &folder, const RollingPart &part)
{
    const std::string path = joined(folder, part.name);
    std::error_code unknown;
    if (!fs::is_regular_file(path, unknown))
        return false;
    const auto recognised = recogniseFile(path, path, true);
    return recognised && recognised->format == Format::SparkEventLog;
}

/// `spark`: the folder is Spark's own.
void addRolling(const std::string &folder, const std::string &shown, const std::vector<std::string> &names, bool spark,
                FolderLogs &out)
{
    std::map<std::string, std::vector<RollingPart>> byApplication;
    for (const auto &name : names) {
        if (auto part = spark::rollingPart(name))
            byApplication[part->application].push_back(std::move(*part));
        else if (name.starts_with(kRollingMarker))
            out.taken.push_back(name);
    }
    const bool alone = byApplication.size() == 1;
    for (auto &[application, parts] : byApplication) {
        if (!spark && !holdsSparkEvents(folder, parts.front()))
            continue;
        for (const RollingPart &part : parts)
            out.taken.push_back(part.name);
        const std::string path = spark && alone ? shown : pathOfLog(shown, application);
        out.units.push_back(unitOf(folder, shown, path, parts, out.skipped));
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
    addRolling(folder, shown, names, own.starts_with(kRollingFolder) || marked, out);
    addDatabricks(folder, shown, names, out);
    addOldForm(folder, shown, names, out);
    return out;
}

Discovery withPartsTogether(Discovery found)
{
    std::map<std::pair<std::string, std::string>, std::vector<RollingPart>> logs;
    const auto keyOf = [](const SourceUnit &unit, const RollingPart &part) {
        return std::pair(fs::path(unit.path).parent_path().string(), part.application);
    };
    const auto partOf = [](const SourceUnit &unit) {
        const bool single = unit.format == Format::SparkEventLog && unit.keepAlive == nullptr && unit.parts.size() == 1
                            && unit.parts.front() == unit.path;
        return single ? spark::rollingPart(spark::fileNameOf(unit.path)) : std::nullopt;
    };
    for (const SourceUnit &unit : found.units) {
        auto part = partOf(unit);
        if (!part)
            continue;
        auto &parts = logs[keyOf(unit, *part)];
        // Named twice it is still one part.
        if (std::none_of(parts.begin(), parts.end(), [&](const auto &other) { return other.name == part->name; }))
            parts.push_back(std::move(*part));
    }
    Discovery out;
    out.skipped = std::move(found.skipped);
    for (SourceUnit &unit : found.units) {
        const auto part = partOf(unit);
        const auto log = part ? logs.find(keyOf(unit, *part)) : logs.end();
        if (part && log == logs.end())
            continue; // it went with the first of its log
        if (!part || log->second.size() < 2) {
            out.units.push_back(std::move(unit));
            continue;
        }
        const auto &[folder, application] = log->first;
        const bool own = spark::fileNameOf(folder).starts_with(kRollingFolder);
        out.units.push_back(
            unitOf(folder, folder, own ? folder : pathOfLog(folder, application), log->second, out.skipped));
        logs.erase(log);
    }
    return out;
}

} // namespace mulligan::ingest

#include "pipeline/import_plan.hpp"

#include "ingest/container_logs.hpp"
#include "ingest/event_log_folder.hpp"
#include "ingest/mapped_rows.hpp"
#include "ingest/rolled_logs.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include <sys/stat.h>

namespace mulligan::pipeline
{

namespace
{

int turnOf(ingest::Format format)
{
    switch (format) {
    case ingest::Format::Auto:
    case ingest::Format::Attempts:
    case ingest::Format::Csv:
    case ingest::Format::Airflow: return 0;
    case ingest::Format::SparkEventLog: return 1;
    case ingest::Format::SparkLog:
    case ingest::Format::YarnLog: return 2;
    case ingest::Format::Archive: return 3;
    }
    return 0;
}

ImportedSource passedOver(std::string path, SourceStatus status, std::string format, std::string reason)
{
    ImportedSource source;
    source.path = std::move(path);
    source.format = std::move(format);
    source.status = status;
    source.reason = std::move(reason);
    return source;
}

std::optional<store::FileSeen> stateOf(const std::string &file)
{
    struct stat status {
    };
    if (::stat(file.c_str(), &status) != 0)
        return std::nullopt;
    store::FileSeen seen;
    seen.path = file;
    seen.bytes = static_cast<std::uint64_t>(status.st_size);
    seen.modifiedNs = std::int64_t(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    return seen;
}

bool isUnchanged(const ingest::SourceUnit &unit, const std::map<std::string, store::FileSeen> &known)
{
    constexpr std::string_view kSkipped = "skipped"; // as a table that no profile fitted yet
    const auto files = filesOf(unit);
    return !files.empty() && std::all_of(files.begin(), files.end(), [&](const store::FileSeen &file) {
        const auto before = known.find(file.path);
        return before != known.end() && before->second.bytes == file.bytes
               && before->second.modifiedNs == file.modifiedNs
               && (unit.mapping == nullptr || before->second.status != kSkipped);
    });
}

void take(ImportPlan &plan, ingest::Discovery found, const std::map<std::string, store::FileSeen> *known)
{
    for (auto &unit : found.units) {
        if (known != nullptr && isUnchanged(unit, *known)) {
            ++plan.unchanged;
            continue;
        }
        const std::uint64_t bytes = bytesOf(unit);
        plan.units.push_back({std::move(unit), bytes, bytes});
        plan.bytes += bytes;
    }
    for (auto &skipped : found.skipped)
        plan.passedOver.push_back(passedOver(std::move(skipped.path),
                                             skipped.damaged ? SourceStatus::Rejected : SourceStatus::Skipped, {},
                                             std::move(skipped.reason)));
}

} // namespace

std::uint64_t bytesOf(const ingest::SourceUnit &unit)
{
    std::uint64_t bytes = 0;
    for (const auto &part : unit.parts) {
        std::error_code unknown;
        const auto size = std::filesystem::file_size(part, unknown);
        bytes += unknown ? 0 : size;
    }
    return bytes;
}

std::vector<store::FileSeen> filesOf(const ingest::SourceUnit &unit)
{
    std::vector<store::FileSeen> files;
    // What was set down or unpacked in a temporary file will not be met under its name again.
    if (unit.keepAlive != nullptr)
        return files;
    for (const auto &part : unit.parts) {
        if (auto file = stateOf(part))
            files.push_back(std::move(*file));
    }
    return files;
}

void orderForImport(std::vector<PlannedUnit> &units)
{
    std::stable_sort(units.begin(), units.end(), [](const PlannedUnit &a, const PlannedUnit &b) {
        return turnOf(a.unit.format) < turnOf(b.unit.format);
    });
}

base::Result<ImportPlan> planImport(std::span<const std::string> paths, const ImportOptions &options,
                                    const ingest::MappingProfiles &profiles,
                                    const std::map<std::string, store::FileSeen> *known, const std::stop_token &stop,
                                    base::Progress &progress)
{
    ImportPlan plan;
    ingest::Discovery all;
    const std::string format(ingest::name(options.format));
    for (const auto &path : paths) {
        progress.begin("Looking through " + path);
        auto found = options.mapping ? ingest::findMappedSources(path, options.mapping)
                                     : ingest::findSources(path, options.format, stop, profiles);
        if (!found) {
            const base::ErrorCode code = found.error().code;
            if (code == base::ErrorCode::Cancelled || code == base::ErrorCode::DiskFull)
                return std::move(found).error().in("path " + path);
            plan.passedOver.push_back(passedOver(path, SourceStatus::Rejected, format, found.error().text()));
            continue;
        }
        if (found->units.empty() && found->skipped.empty())
            plan.passedOver.push_back(passedOver(path, SourceStatus::Rejected, format,
                                                 "Nothing readable was found in this folder; it holds no files"));
        std::move(found->units.begin(), found->units.end(), std::back_inserter(all.units));
        std::move(found->skipped.begin(), found->skipped.end(), std::back_inserter(all.skipped));
    }
    // Parts of one log may have been named one by one.
    all = ingest::withContainersTogether(ingest::withPartsTogether(std::move(all)));
    take(plan, ingest::withRolledLogsTogether(std::move(all)), known);
    orderForImport(plan.units);
    return plan;
}

} // namespace mulligan::pipeline

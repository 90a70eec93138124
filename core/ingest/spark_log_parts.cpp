#include "ingest/spark_log_parts.hpp"

#include "ingest/log_ids.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace mulligan::ingest::spark
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view kPart = "events_";
constexpr std::string_view kRollingFolder = "eventlog_v2_";
constexpr std::string_view kAnyPart = "events_*_"; ///< how a log is shown that shares its folder with another
constexpr std::string_view kOldLog = "EVENT_LOG_";
constexpr std::string_view kCompact = ".compact";
constexpr std::string_view kInProgress = ".inprogress";
constexpr std::size_t kMostGaps = 8;

bool isNumber(std::string_view text)
{
    return !text.empty() && text.size() <= 9
           && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// YARN: application_<start of the cluster>_<number>, and behind it the attempt. Other ids end in numbers of their own.
LogName withoutAttempt(std::string_view id)
{
    const std::size_t last = id.rfind('_');
    const auto underscores = std::count(id.begin(), id.end(), '_');
    if (!id.starts_with("application_") || underscores != 3 || !isNumber(id.substr(last + 1)))
        return {std::string(id), 1};
    return {std::string(id.substr(0, last)), std::max(1, std::stoi(std::string(id.substr(last + 1))))};
}

LogName ofApplication(std::string_view id)
{
    LogName name = withoutAttempt(id);
    name.application = true;
    return name;
}

void addGap(std::string &gaps, std::size_t &count, std::uint64_t from, std::uint64_t to)
{
    if (++count > kMostGaps + 1)
        return;
    gaps += gaps.empty() ? "" : ", ";
    if (count > kMostGaps)
        gaps += "…";
    else
        gaps += std::to_string(from) + (from == to ? "" : " to " + std::to_string(to));
}

/// Numbers missing before and between the parts, which are in order; "" when one of them is no part of a rolling log.
std::string gapsBetween(const std::vector<std::string> &parts)
{
    std::string gaps;
    std::size_t count = 0;
    std::uint64_t expected = 1;
    for (const std::string &path : parts) {
        const auto part = rollingPart(fileNameOf(path));
        if (!part)
            return {};
        // A compacted part stands for all those before it.
        if (part->number > expected && !part->compact)
            addGap(gaps, count, expected, part->number - 1);
        expected = part->number + 1;
    }
    return gaps;
}

bool isThere(const fs::path &path)
{
    std::error_code unknown;
    return fs::exists(path, unknown);
}

bool isInProgress(const std::string &path)
{
    const std::string name(fileNameOf(path));
    if (name.ends_with(kInProgress))
        return true;
    const fs::path folder = fs::path(path).parent_path();
    if (const auto part = rollingPart(name))
        return isThere(folder / ("appstatus_" + part->application + std::string(kInProgress)));
    // The old form had a marker for the end instead.
    return name.starts_with(kOldLog) && !isThere(folder / "APPLICATION_COMPLETE");
}

} // namespace

std::optional<RollingPart> rollingPart(std::string_view fileName)
{
    if (!fileName.starts_with(kPart))
        return std::nullopt;
    RollingPart part;
    part.name = fileName;
    const char *const begin = fileName.data() + kPart.size();
    const char *const end = fileName.data() + fileName.size();
    const auto [behind, code] = std::from_chars(begin, end, part.number);
    if (code != std::errc() || behind == end || *behind != '_')
        return std::nullopt;
    const std::string_view rest(behind + 1, static_cast<std::size_t>(end - behind - 1));
    // Application ids hold no dot, so the first one begins the codec.
    part.application = rest.substr(0, rest.find('.'));
    part.compact = rest.ends_with(kCompact);
    return part.application.empty() ? std::nullopt : std::optional(part);
}

std::string_view fileNameOf(std::string_view path)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

LogName logNameOf(std::string_view path)
{
    std::string_view id = fileNameOf(path);
    if ((id.starts_with(kOldLog) || id == "eventlog") && path.size() > id.size() + 1)
        id = fileNameOf(path.substr(0, path.rfind('/')));
    if (const auto part = rollingPart(id))
        return ofApplication(part->application);
    for (const std::string_view prefix : {kRollingFolder, kAnyPart}) {
        if (id.starts_with(prefix) && id.size() > prefix.size())
            return ofApplication(id.substr(prefix.size()));
    }
    for (const std::string_view suffix :
         {".inprogress", ".compact", ".zstd", ".zst", ".lz4", ".lzf", ".snappy", ".gz"}) {
        if (id.ends_with(suffix))
            id.remove_suffix(suffix.size());
    }
    if (id.empty())
        return {"unnamed", 1};
    LogName name = withoutAttempt(id);
    const auto application = applicationIn(name.id);
    name.application = application && application->id == name.id;
    return name;
}

PartsSaying sayingOf(const std::vector<std::string> &parts)
{
    PartsSaying saying;
    if (parts.empty())
        return saying;
    saying.compacted = static_cast<std::uint64_t>(
        std::count_if(parts.begin(), parts.end(), [](const std::string &part) { return part.ends_with(kCompact); }));
    saying.missing = gapsBetween(parts);
    saying.inProgress = isInProgress(parts.front());
    return saying;
}

} // namespace mulligan::ingest::spark

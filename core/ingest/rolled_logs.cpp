#include "ingest/rolled_logs.hpp"

#include "formats/byte_source.hpp"
#include "ingest/log_ids.hpp"
#include "ingest/log_records.hpp"
#include "ingest/log_speakers.hpp"
#include "ingest/log_start.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kLooked = 64u << 10; ///< of a file's beginning, and of its end
constexpr std::int64_t kMostPauseMs = 3'600'000;

/// What the ends of a file tell of how it goes on from, or to, another one.
struct Ends {
    std::optional<base::Instant> first; ///< time of the first record
    std::optional<base::Instant> last;
    bool beginsInside = false; ///< its first record of Spark's is one of work under way
    bool settled = false;      ///< whether it is so is known
    bool informs = false;      ///< it holds information, so that a start would be said
    bool ended = false;        ///< its last process said that it ended
    std::string begunBy;       ///< the first application that its beginning names
    std::string endedBy;       ///< the last one that it names
};

bool isAtWork(const LogLine &line)
{
    switch (speakerOf(shortLogger(line.logger))) {
    case LogSpeaker::Context:
    case LogSpeaker::Jobs:
    case LogSpeaker::Tasks:
    case LogSpeaker::Known: return true;
    case LogSpeaker::YarnMaster: // which speaks before it names its attempt, too
        return line.level >= LogLevel::Error || line.message.starts_with("Final app status: ");
    default: return false;
    }
}

void takeLine(Ends &ends, const LogLine &line, bool beginning)
{
    if (!line.record)
        return;
    if (line.time) {
        ends.first = ends.first ? ends.first : line.time;
        ends.last = line.time;
    }
    ends.informs = ends.informs || line.level == LogLevel::Info;
    const LogStart start = startOf(line);
    if (!ends.settled && (start != LogStart::None || !mayPrecedeStart(line))) {
        ends.settled = true;
        ends.beginsInside = start == LogStart::None && isAtWork(line);
    }
    if (start != LogStart::None)
        ends.ended = false;
    else if (isOfShutdown(line) || line.message.starts_with("Successfully stopped SparkContext"))
        ends.ended = true;
    if (const auto named = applicationIn(line.message.substr(0, kLooked))) {
        if (beginning && ends.begunBy.empty())
            ends.begunBy = named->id;
        ends.endedBy = named->id;
    }
}

/// Takes the whole lines of a piece of a file.
void takePiece(Ends &ends, LogRecords &records, std::string_view piece, bool beginning)
{
    while (!piece.empty()) {
        const std::size_t end = std::min(piece.find('\n'), piece.size());
        std::string_view line = piece.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        records.read(line, [&](const LogLine &read) { takeLine(ends, read, beginning); });
        piece.remove_prefix(std::min(end + 1, piece.size()));
    }
}

std::string pieceOf(std::ifstream &file, std::streamoff at)
{
    std::string piece(kLooked, '\0');
    file.clear();
    file.seekg(at);
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return piece;
}

/// Nothing for a file that is compressed or cannot be read.
std::optional<Ends> endsOf(const std::string &path)
{
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = file.tellg();
    if (!file || size <= 0)
        return std::nullopt;
    Ends ends;
    LogRecords records;
    const std::string head = pieceOf(file, 0);
    if (formats::codecOf(head) != formats::Codec::Plain)
        return std::nullopt;
    takePiece(ends, records, head, true);
    if (const auto looked = static_cast<std::streamoff>(head.size()); looked < size) {
        const std::string tail = pieceOf(file, std::max(looked, size - static_cast<std::streamoff>(kLooked)));
        takePiece(ends, records, tail, false);
    }
    return ends.first ? std::optional(ends) : std::nullopt;
}

bool goesOn(const Ends &older, const Ends &younger)
{
    if (!younger.beginsInside || !younger.informs || older.ended || *younger.first < *older.last
        || younger.first->ms - older.last->ms > kMostPauseMs)
        return false;
    return older.endedBy.empty() || younger.begunBy.empty() || older.endedBy == younger.begunBy;
}

struct File {
    std::string path;
    Ends ends;
};

/// The path without the number behind its last dot; the path itself where there is none.
std::string rolledName(const std::string &path)
{
    const std::size_t dot = path.rfind('.');
    const bool numbered = dot != std::string::npos && dot + 1 < path.size() && path.size() - dot <= 4
                          && path.find_first_not_of("0123456789", dot + 1) == std::string::npos;
    return numbered ? path.substr(0, dot) : path;
}

bool isPlainLog(const SourceUnit &unit)
{
    return unit.format == Format::SparkLog && unit.keepAlive == nullptr && unit.parts.size() == 1
           && unit.parts.front() == unit.path;
}

/// The logs of more than one part that files of one name make, each by its parts in order.
std::vector<std::vector<std::string>> logsOf(const std::vector<std::string> &paths)
{
    std::vector<File> files;
    for (const std::string &path : paths) {
        if (auto ends = endsOf(path))
            files.push_back({path, std::move(*ends)});
    }
    std::stable_sort(files.begin(), files.end(),
                     [](const File &a, const File &b) { return *a.ends.first < *b.ends.first; });
    std::vector<std::vector<std::string>> logs;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (i == 0 || !goesOn(files[i - 1].ends, files[i].ends))
            logs.emplace_back();
        logs.back().push_back(files[i].path);
    }
    std::erase_if(logs, [](const auto &parts) { return parts.size() < 2; });
    return logs;
}

} // namespace

Discovery withRolledLogsTogether(Discovery found)
{
    std::map<std::string, std::vector<std::string>> byName;
    for (const SourceUnit &unit : found.units) {
        if (!isPlainLog(unit))
            continue;
        auto &paths = byName[rolledName(unit.path)];
        if (std::find(paths.begin(), paths.end(), unit.path) == paths.end()) // named twice it is still one
            paths.push_back(unit.path);
    }
    std::map<std::string, std::vector<std::string>> logs; ///< by each of their parts
    for (const auto &[name, paths] : byName) {
        if (paths.size() < 2)
            continue;
        for (const auto &parts : logsOf(paths)) {
            for (const std::string &part : parts)
                logs[part] = parts;
        }
    }
    std::vector<SourceUnit> units;
    for (SourceUnit &unit : found.units) {
        const auto log = isPlainLog(unit) ? logs.find(unit.path) : logs.end();
        if (log != logs.end() && log->second.back() != unit.path)
            continue; // it goes with the youngest part
        if (log != logs.end())
            unit.parts = log->second;
        units.push_back(std::move(unit));
    }
    found.units = std::move(units);
    return found;
}

} // namespace mulligan::ingest

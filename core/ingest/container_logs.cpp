#include "ingest/container_logs.hpp"

#include "formats/byte_source.hpp"
#include "ingest/log_line.hpp"
#include "ingest/log_records.hpp"
#include "ingest/yarn_log.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kHeadBytes = 1u << 16;

/// What logs of one application attempt have in common: the archive that they lie in, their folder, the attempt.
using Family = std::tuple<const void *, std::string, std::string, int>;

struct Member {
    std::size_t unit = 0;
    LogContainer container;
    int rolled = 0; ///< "syslog.1" is older than "syslog"
};

/// The number behind the last dot of a path; 0 where there is none.
int rolledNumber(std::string_view path)
{
    const std::string_view end = path.substr(path.rfind('.') + 1);
    int number = 0;
    const auto [last, code] = std::from_chars(end.data(), end.data() + end.size(), number);
    return code == std::errc() && last == end.data() + end.size() ? number : 0;
}

/// Where the last container's name begins in a path.
std::size_t nameAt(std::string_view path)
{
    return path.rfind("container_");
}

/// "…/container_1448006111297_0138_01_" of a container's path.
std::string commonPath(std::string_view path, const LogContainer &container)
{
    const std::string_view id = container.id;
    return std::string(path.substr(0, nameAt(path))) + std::string(id.substr(0, id.rfind('_') + 1));
}

/// A container's log that nothing was put together with yet.
std::optional<LogContainer> memberOf(const SourceUnit &unit)
{
    if (unit.format != Format::YarnLog || unit.parts.size() != 1)
        return std::nullopt;
    const auto container = containerOfPath(unit.path);
    return container && holdsMapReduceLog(unit.parts.front()).value_or(false) ? container : std::nullopt;
}

/// Whether one of the records is by a logger of these.
template <typename Of> bool anyLogger(std::string_view head, Of of)
{
    LogRecords records;
    bool found = false;
    while (!head.empty() && !found) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        std::string_view raw = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        if (raw.ends_with('\r'))
            raw.remove_suffix(1);
        records.read(raw, [&](const LogLine &line) { found = found || (line.record && of(line.logger)); });
    }
    return found;
}

bool isMaster(std::string_view logger)
{
    return logger.starts_with("org.apache.hadoop.mapreduce.v2.app.");
}

bool isMapReduce(std::string_view logger)
{
    return isMaster(logger) || logger == "org.apache.hadoop.mapred.YarnChild";
}

} // namespace

bool looksLikeMapReduceLog(std::string_view head)
{
    return anyLogger(head, isMapReduce);
}

bool looksLikeMapReduceMaster(std::string_view head)
{
    return anyLogger(head, isMaster);
}

base::Result<bool> holdsMapReduceLog(const std::string &file)
{
    MULLIGAN_TRY(const auto source, formats::openDecoded(file, {nullptr, true, true}));
    MULLIGAN_TRY(const std::string head, formats::readHead(*source, kHeadBytes));
    return looksLikeMapReduceLog(head) && !looksLikeYarnLog(head);
}

std::optional<LogContainer> containerOfPath(std::string_view path)
{
    const std::size_t at = nameAt(path);
    return at == std::string_view::npos ? std::nullopt : containerAt(path.substr(at));
}

Discovery withContainersTogether(Discovery found)
{
    std::map<Family, std::vector<Member>> families;
    std::vector<bool> merged(found.units.size());
    std::set<std::string> together; // what a run that was found before holds
    for (const SourceUnit &unit : found.units)
        if (unit.format == Format::YarnLog && unit.parts.size() > 1)
            together.insert(unit.parts.begin(), unit.parts.end());
    for (std::size_t i = 0; i < found.units.size(); ++i) {
        const SourceUnit &unit = found.units[i];
        if (unit.parts.size() == 1 && together.contains(unit.parts.front()))
            merged[i] = true; // named by itself as well
        else if (const auto container = memberOf(unit))
            families[{unit.keepAlive.get(), commonPath(unit.path, *container), container->application.id,
                      container->application.attempt}]
                .push_back({i, *container, rolledNumber(unit.path)});
    }
    for (auto &[family, members] : families) {
        std::stable_sort(members.begin(), members.end(), [](const Member &a, const Member &b) {
            return std::pair(a.container.number, -a.rolled) < std::pair(b.container.number, -b.rolled);
        });
        SourceUnit &first = found.units[members.front().unit];
        std::set<std::string> parts(first.parts.begin(), first.parts.end()); // a run may have thousands
        for (auto member = members.begin() + 1; member != members.end(); ++member) {
            const std::string &part = found.units[member->unit].parts.front();
            if (parts.insert(part).second) // named twice it is still one
                first.parts.push_back(part);
            merged[member->unit] = true;
        }
        if (first.parts.size() > 1)
            first.path = std::get<1>(family) + "*";
    }
    std::vector<SourceUnit> units;
    for (std::size_t i = 0; i < found.units.size(); ++i)
        if (!merged[i])
            units.push_back(std::move(found.units[i]));
    found.units = std::move(units);
    return found;
}

} // namespace mulligan::ingest

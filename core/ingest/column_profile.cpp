#include "ingest/column_profile.hpp"

#include "ingest/field_synonyms.hpp"
#include "ingest/mapped_time.hpp"
#include "ingest/mapping_units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kMaxDistinct = 40;
// One dirty cell does not change what a column is. What most rows write as a time is hardly anything else, whereas a
// column of codes may well be numbers but for a few.
constexpr std::size_t kRowsPerOddTime = 5;
constexpr std::size_t kRowsPerOddNumber = 20;

/// Patterns that exports use, tried in this order; of each pair that differs in day and month only, both may fit.
constexpr std::array<std::string_view, 30> kPatterns{"%Y/%m/%d %H:%M:%S",
                                                     "%d.%m.%Y %H:%M:%S",
                                                     "%d/%m/%Y %H:%M:%S",
                                                     "%m/%d/%Y %H:%M:%S",
                                                     "%m/%d/%Y %I:%M:%S %p",
                                                     "%d/%m/%Y %I:%M:%S %p",
                                                     "%m/%d/%Y, %I:%M:%S %p",
                                                     "%d-%m-%Y %H:%M:%S",
                                                     "%m-%d-%Y %H:%M:%S",
                                                     "%d-%b-%Y %H:%M:%S",
                                                     "%d %b %Y %H:%M:%S",
                                                     "%b %d, %Y %I:%M:%S %p",
                                                     "%Y%m%d%H%M%S",
                                                     "%Y%m%d %H:%M:%S",
                                                     "%Y%m%d-%H:%M:%S",
                                                     "%Y-%m-%d %H:%M:%S,%f",
                                                     "%Y-%m-%d %H:%M:%S %Z",
                                                     "%Y-%m-%d %H:%M:%S %z",
                                                     "%a, %d %b %Y %H:%M:%S %Z",
                                                     "%a %b %d %H:%M:%S %z %Y",
                                                     "%a %b %d %H:%M:%S %Z %Y",
                                                     "%Y-%m-%dT%H:%MZ",
                                                     "%Y-%m-%d %H:%M",
                                                     "%Y-%m-%dT%H:%M",
                                                     "%Y/%m/%d %H:%M",
                                                     "%d.%m.%Y %H:%M",
                                                     "%d/%m/%Y %H:%M",
                                                     "%m/%d/%Y %H:%M",
                                                     "%m/%d/%Y %I:%M %p",
                                                     "%Y%m%d%H%M"};

/// Values of a column that are not of the type it is tried as.
struct Misfits {
    std::size_t count = 0;
    std::string first;

    void add(const std::string &value)
    {
        if (count++ == 0)
            first = value;
    }
};

/// Nothing where more than `allowed` values are no such times, or none is one.
std::optional<Misfits> triedAsTimes(const std::vector<std::string> &values, const std::string &time,
                                    const std::string &zone, const NumberStyle &style, std::size_t allowed)
{
    const auto reader = TimeReader::make(time, zone);
    if (!reader)
        return std::nullopt;
    Misfits out;
    std::size_t found = 0;
    for (const auto &value : values) {
        const auto reading = reader->read(value, style);
        if (!reading.problem.empty())
            out.add(value);
        if (out.count > allowed)
            return std::nullopt;
        found += reading.moments ? 1 : 0;
    }
    return found > 0 ? std::optional(out) : std::nullopt;
}

/// The pattern with day and month changed over.
std::string changedOver(std::string pattern)
{
    const std::size_t day = pattern.find("%d");
    const std::size_t month = pattern.find("%m");
    if (day != std::string::npos && month != std::string::npos && std::max(day, month) - std::min(day, month) == 3)
        std::swap(pattern[day + 1], pattern[month + 1]);
    return pattern;
}

/// Epoch times by their size: the units are a thousand apart, and a few decades are less than that.
std::string epochOf(const ColumnProfile &numbers)
{
    constexpr double kFrom = 9.46e8; // 2000-01-01 in seconds
    constexpr double kTo = 4.1e9;    // 2099
    double unit = 1.0;
    // Zeros stand for "not ended yet".
    const double least = numbers.least > 0.0 ? numbers.least : numbers.most;
    for (const char *name : {"epoch_s", "epoch_ms", "epoch_us", "epoch_ns"}) {
        if (least >= kFrom * unit && numbers.most <= kTo * unit)
            return name;
        unit *= 1000.0;
    }
    return {};
}

/// Days as spreadsheets count them. Other numbers lie there as well, so the name must speak of a time, and a time of
/// day be in them.
bool isExcelTime(const ColumnProfile &numbers)
{
    constexpr double kFrom = 36526.0; // 2000-01-01
    constexpr double kTo = 55153.0;   // 2051-01-01
    if (numbers.whole || numbers.least < kFrom || numbers.most > kTo)
        return false;
    const std::string plain = plainName(numbers.name);
    for (const Field field : {Field::StartedAt, Field::EndedAt}) {
        const auto names = synonymsOf(field);
        if (std::find(names.begin(), names.end(), plain) != names.end())
            return true;
    }
    return false;
}

/// Finds the format that the fewest values contradict, of at most `allowed`; of equals the first.
void findTime(const std::vector<std::string> &values, const NumberStyle &style, bool digits, std::size_t allowed,
              ColumnProfile &out)
{
    std::optional<Misfits> best;
    const auto tryAs = [&](const std::string &time, const std::string &zone) {
        if (best && best->count == 0)
            return;
        const auto misfits = triedAsTimes(values, time, zone, style, best ? best->count : allowed);
        if (!misfits || (best && misfits->count == best->count))
            return;
        best = misfits;
        out.time = time;
        out.needsZone = !zone.empty();
    };
    // Digits alone would pass for epoch milliseconds there.
    if (!digits) {
        tryAs("rfc3339", {});
        tryAs("rfc3339", "UTC");
    }
    for (const auto pattern : kPatterns) {
        tryAs(std::string(pattern), {});
        tryAs(std::string(pattern), "UTC");
    }
    if (!best)
        return;
    out.type = ColumnType::Time;
    out.odd = best->count;
    out.oddOne = best->first;
    const std::string other = changedOver(out.time);
    out.ambiguous = other != out.time && triedAsTimes(values, other, "UTC", style, best->count).has_value();
}

/// Least, most and wholeness; false when more than `allowed` values are no numbers.
bool takeNumbers(const std::vector<std::string> &values, const NumberStyle &style, std::size_t allowed,
                 ColumnProfile &out)
{
    Misfits misfits;
    bool whole = true;
    bool first = true;
    for (const auto &value : values) {
        const auto number = readNumber(value, style);
        if (!number) {
            misfits.add(value);
            if (misfits.count > allowed)
                return false;
            continue;
        }
        out.least = first ? *number : std::min(out.least, *number);
        out.most = first ? *number : std::max(out.most, *number);
        whole = whole && std::trunc(*number) == *number;
        first = false;
    }
    out.whole = whole;
    out.odd = misfits.count;
    out.oddOne = misfits.first;
    return !first;
}

} // namespace

std::string plainName(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c + ('a' - 'A'));
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80)
            out += c;
    }
    return out;
}

ColumnProfile profileColumn(std::string name, const std::vector<std::string> &values, const NumberStyle &style)
{
    ColumnProfile out;
    out.name = std::move(name);
    std::vector<std::string> filled;
    std::copy_if(values.begin(), values.end(), std::back_inserter(filled),
                 [](const std::string &value) { return !value.empty(); });
    out.filled = filled.size();
    for (const auto &value : filled) {
        if (out.distinct.size() < kMaxDistinct
            && std::find(out.distinct.begin(), out.distinct.end(), value) == out.distinct.end())
            out.distinct.push_back(value);
    }
    if (filled.empty())
        return out;
    if (takeNumbers(filled, style, filled.size() / kRowsPerOddNumber, out)) {
        out.type = ColumnType::Number;
        out.time = epochOf(out);
        // Digits alone may be a date as well: 20240131235959.
        if (out.time.empty() && out.whole && out.least > 1.9e11)
            findTime(filled, style, true, filled.size() / kRowsPerOddTime, out);
        if (out.time.empty() && isExcelTime(out)) {
            out.time = "excel";
            out.needsZone = true;
        }
        if (!out.time.empty())
            out.type = ColumnType::Time;
        return out;
    }
    // A reader of times takes bare numbers as well.
    const auto numbers = std::count_if(filled.begin(), filled.end(),
                                       [&](const std::string &value) { return readNumber(value, style).has_value(); });
    if (static_cast<std::size_t>(numbers) <= filled.size() / kRowsPerOddTime)
        findTime(filled, style, false, filled.size() / kRowsPerOddTime, out);
    if (out.type == ColumnType::Time)
        return out;
    const std::size_t few = std::max<std::size_t>(2, filled.size() / 2);
    out.type = out.distinct.size() <= std::min<std::size_t>(20, few) ? ColumnType::Category : ColumnType::Text;
    return out;
}

NumberStyle guessNumberStyle(const std::vector<std::vector<std::string>> &columns)
{
    // "1,234" is rather a thousand than a fraction of three digits, so grouping goes before the decimal comma alone.
    const NumberStyle candidates[] = {{".", ""}, {".", ","}, {",", "."}, {",", ""}, {".", " "}, {",", " "}, {".", "'"}};
    std::size_t best = 0;
    std::size_t most = 0;
    for (std::size_t i = 0; i < std::size(candidates); ++i) {
        std::size_t numeric = 0; // columns that are numbers in this style
        for (const auto &values : columns) {
            std::size_t filled = 0;
            std::size_t numbers = 0;
            for (const std::string &value : values) {
                filled += value.empty() ? 0 : 1;
                numbers += !value.empty() && readNumber(value, candidates[i]) ? 1 : 0;
            }
            numeric += filled > 0 && filled - numbers <= filled / kRowsPerOddNumber ? 1 : 0;
        }
        if (numeric > most) {
            most = numeric;
            best = i;
        }
    }
    return candidates[best];
}

std::optional<std::string_view> outcomeOfWord(std::string_view word)
{
    static const std::map<std::string, std::string_view, std::less<>> kWords = [] {
        std::map<std::string, std::string_view, std::less<>> words;
        const auto add = [&](std::string_view outcome, std::initializer_list<const char *> names) {
            for (const char *name : names)
                words.emplace(name, outcome);
        };
        add("succeeded",
            {"succeeded",         "success",         "successful", "ok",         "done",       "completed",
             "complete",          "finished",        "passed",     "endedok",    "jobsuccess", "statesucceeded",
             "jobstatesucceeded", "failedsucceeded", "true",       "pass",       "succeed",    "successwithfailures",
             "endedwithsuccess",  "正常終了",        "成功",       "erfolgreich"});
        add("failed", {"failed",
                       "failure",
                       "fail",
                       "error",
                       "errored",
                       "endednotok",
                       "dead",
                       "crashed",
                       "timeout",
                       "timedout",
                       "internalerror",
                       "failedfinishing",
                       "jobfailure",
                       "upforretry",
                       "oom",
                       "outofmemory",
                       "exception",
                       "jobstateerror",
                       "statefailed",
                       "retry",
                       "awaitingretry",
                       "maximumconcurrentrunsreached",
                       "runexecutionerror",
                       "abended",
                       "abend",
                       "doneanderror",
                       "donewitherror",
                       "異常終了",
                       "失敗",
                       "fehlgeschlagen",
                       "fehler",
                       "false",
                       "notok",
                       "unsuccessful"});
        add("killed", {"killed", "cancelled", "canceled", "aborted", "stopped", "terminated", "revoked", "preempted",
                       "evicted", "interrupted", "usercanceled", "executionstopped", "jobstatecancelled", "abgebrochen",
                       "cancelledbyuser", "中止"});
        add("unknown", {"unknown", "undefined", "lost", "indeterminate"});
        add("skip", {"running",     "pending",     "queued",           "submitted",  "scheduled",
                     "waiting",     "new",         "accepted",         "skipped",    "upstreamfailed",
                     "none",        "deferred",    "upstreamcanceled", "excluded",   "blocked",
                     "disabled",    "ready",       "preparing",        "paused",     "killing",
                     "dispatching", "prep",        "suspended",        "starting",   "stopping",
                     "cancelling",  "canceling",   "cancelpending",    "setupdone",  "notstarted",
                     "started",     "removed",     "newsaving",        "restarting", "upforreschedule",
                     "executing",   "held",        "waitcondition",    "idle",       "busy",
                     "recovering",  "disabledrun", "jobrunning",       "late",       "crashedbeforestart"});
        return words;
    }();
    const auto found = kWords.find(plainName(word));
    return found == kWords.end() ? std::nullopt : std::optional(found->second);
}

double outcomeShare(const ColumnProfile &column)
{
    if (column.distinct.empty())
        return 0.0;
    const auto known = std::count_if(column.distinct.begin(), column.distinct.end(),
                                     [](const std::string &word) { return outcomeOfWord(word).has_value(); });
    return static_cast<double>(known) / static_cast<double>(column.distinct.size());
}

} // namespace mulligan::ingest

#include "ingest/column_profile.hpp"

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

bool allFit(const std::vector<std::string> &values, const std::string &time, const std::string &zone,
            const NumberStyle &style)
{
    const auto reader = TimeReader::make(time, zone);
    if (!reader)
        return false;
    std::size_t found = 0;
    for (const auto &value : values) {
        const auto reading = reader->read(value, style);
        if (!reading.problem.empty())
            return false;
        found += reading.moments ? 1 : 0;
    }
    return found > 0;
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

void findTime(const std::vector<std::string> &values, const NumberStyle &style, bool digits, ColumnProfile &out)
{
    const auto settle = [&](const std::string &time, bool needsZone) {
        out.type = ColumnType::Time;
        out.time = time;
        out.needsZone = needsZone;
    };
    // Digits alone would pass for epoch milliseconds there.
    if (!digits && allFit(values, "rfc3339", {}, style))
        return settle("rfc3339", false);
    if (!digits && allFit(values, "rfc3339", "UTC", style))
        return settle("rfc3339", true);
    for (const auto pattern : kPatterns) {
        const std::string text(pattern);
        if (!allFit(values, text, "UTC", style))
            continue;
        settle(text, !allFit(values, text, {}, style));
        out.ambiguous = changedOver(text) != text && allFit(values, changedOver(text), "UTC", style);
        return;
    }
}

/// Least, most and wholeness; false when one value is no number.
bool takeNumbers(const std::vector<std::string> &values, const NumberStyle &style, ColumnProfile &out)
{
    out.whole = true;
    bool first = true;
    for (const auto &value : values) {
        const auto number = readNumber(value, style);
        if (!number)
            return false;
        out.least = first ? *number : std::min(out.least, *number);
        out.most = first ? *number : std::max(out.most, *number);
        out.whole = out.whole && std::trunc(*number) == *number;
        first = false;
    }
    return true;
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
    if (takeNumbers(filled, style, out)) {
        out.type = ColumnType::Number;
        out.time = epochOf(out);
        // Digits alone may be a date as well: 20240131235959.
        if (out.time.empty() && out.whole && out.least > 1.9e11)
            findTime(filled, style, true, out);
        if (!out.time.empty())
            out.type = ColumnType::Time;
        return out;
    }
    findTime(filled, style, false, out);
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
        std::size_t numeric = 0; // columns that are numbers throughout in this style
        for (const auto &values : columns) {
            std::size_t filled = 0;
            const bool all = std::all_of(values.begin(), values.end(), [&](const std::string &value) {
                filled += value.empty() ? 0 : 1;
                return value.empty() || readNumber(value, candidates[i]).has_value();
            });
            numeric += all && filled > 0 ? 1 : 0;
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

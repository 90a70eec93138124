#include "report/cadence_text.hpp"

#include "base/money.hpp"
#include "base/units.hpp"
#include "report/tables.hpp"

#include <algorithm>

namespace mulligan::report
{

namespace
{

constexpr size_t kTitleWidth = 22;

std::string right(const std::string &text, size_t width)
{
    return text.size() >= width ? " " + text : std::string(width - text.size(), ' ') + text;
}

std::string head(std::string_view title, std::initializer_list<std::pair<std::string_view, size_t>> columns,
                 bool colour)
{
    std::string out(title);
    out.resize(std::max(out.size(), kTitleWidth), ' ');
    for (const auto &[text, width] : columns)
        out += right(std::string(text), width);
    return "\n" + (colour ? "\033[1m" + out + "\033[0m" : out) + "\n";
}

std::string row(const model::CadenceRow &of, std::initializer_list<std::pair<std::string, size_t>> cells)
{
    std::string out = "  " + cadenceTitle(of.figures.cadence);
    out.resize(std::max(out.size(), kTitleWidth), ' ');
    for (const auto &[text, width] : cells)
        out += right(text, width);
    return out + "\n";
}

/// "30" of "30m".
std::string countOf(std::string_view cadence)
{
    return std::string(cadence.substr(0, cadence.size() - 1));
}

} // namespace

std::string cadenceTitle(std::string_view cadence)
{
    if (cadence == "on_failure")
        return "on failure";
    if (cadence == "daily")
        return "daily, 00:00 UTC";
    if (cadence.starts_with("daily@"))
        return "daily, " + std::string(cadence.size() == 7 ? "0" : "") + std::string(cadence.substr(6)) + ":00 UTC";
    const bool minutes = cadence.ends_with('m');
    if (!minutes && !cadence.ends_with('h'))
        return std::string(cadence);
    const std::string count = countOf(cadence);
    const std::string unit = minutes ? "minute" : "hour";
    return count == "1" ? "every " + unit : "every " + count + " " + unit + "s";
}

std::string cadencesToText(std::span<const model::CadenceRow> rows, const std::string &currency, bool colour)
{
    std::string out =
        head("How fresh must they be",
             {{"net, " + currency, 18}, {"remediated", 11}, {"people", 11}, {"recovery", 9}, {"p95", 9}}, colour);
    for (const auto &r : rows)
        out += row(r, {{base::formatMoney(r.net.value), 18},
                       {formatShare(r.policy.remediatedShare.value), 11},
                       {formatCount(r.policy.interventions.value), 11},
                       {base::formatSeconds(r.policy.recoverySecondsMedian.value), 9},
                       {base::formatSeconds(r.policy.recoverySecondsP95.value), 9}});
    out += head("Failures answered by",
                {{"their own", 10}, {"an older", 10}, {"nothing", 10}, {"staleness", 10}, {"p95", 9}, {"waiting", 9}},
                colour);
    for (const auto &r : rows) {
        const model::CadenceFigures &f = r.figures;
        out += row(r, {{formatShare(f.shareOf(f.own)), 10},
                       {formatShare(f.shareOf(f.older)), 10},
                       {formatShare(f.shareOf(f.none)), 10},
                       {base::formatSeconds(f.stalenessMedian), 10},
                       {base::formatSeconds(f.stalenessP95), 9},
                       {base::formatSeconds(f.waitingMean), 9}});
    }
    out += head("What refreshing takes", {{"batches", 12}, {"made a batch", 14}, {"jobs", 10}, {"without one", 14}},
                colour);
    for (const auto &r : rows) {
        const model::CadenceFigures &f = r.figures;
        out += row(
            r,
            {{formatCount(static_cast<double>(f.batches)), 12},
             {formatValue(f.recomputedPerBatch(), "count", currency), 14},
             {formatCount(static_cast<double>(f.jobs)), 10},
             {formatCount(static_cast<double>(f.jobsWithout)) + " (" + formatShare(f.jobsWithoutShare()) + ")", 14}});
    }
    const bool waits = !rows.empty() && rows.front().figures.whenAbsent == "wait";
    out += waits ? "  Without a recommendation in time, a retry waits for its batch.\n"
                 : "  Without a recommendation in time, a retry runs unchanged.\n";
    return out;
}

} // namespace mulligan::report

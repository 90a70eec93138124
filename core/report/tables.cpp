#include "report/tables.hpp"

#include "base/money.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace mulligan::report
{

namespace
{

using model::Figure;

std::string withCommas(std::string digits)
{
    for (auto at = static_cast<std::ptrdiff_t>(std::min(digits.find('.'), digits.size())) - 3; at > 0; at -= 3) {
        if (digits[static_cast<size_t>(at) - 1] != '-')
            digits.insert(static_cast<size_t>(at), ",");
    }
    return digits;
}

std::string fixed(double value, int decimals)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    const std::string text = buffer;
    return text.find_first_not_of("-0.") == std::string::npos && text.front() == '-' ? text.substr(1) : text;
}

/// Away with the binary dust of adding whole cents.
void settle(model::SavingsGroup &group)
{
    for (double *amount : {&group.historyCost, &group.policyCost, &group.net.value})
        *amount = base::roundToCents(*amount);
}

/// `into` becomes both groups together; an interval of a sum is not the sum of intervals, so it has none.
void merge(model::SavingsGroup &into, const model::SavingsGroup &group)
{
    const auto all = static_cast<double>(into.episodes + group.episodes);
    const auto weighted = [&](double a, double b) {
        return all > 0.0 ? (a * static_cast<double>(into.episodes) + b * static_cast<double>(group.episodes)) / all
                         : 0.0;
    };
    into.historyRemediated = weighted(into.historyRemediated, group.historyRemediated);
    into.policyRemediated = weighted(into.policyRemediated, group.policyRemediated);
    into.episodes += group.episodes;
    into.historyCost += group.historyCost;
    into.policyCost += group.policyCost;
    into.net.value += group.net.value;
    into.net.unit = "usd";
}

} // namespace

std::vector<PartRow> partRows(const model::Savings &s)
{
    std::vector<PartRow> rows{
        {"", "Doomed retries not repeated", "failed automatic retries that the policy does not make", 0, {}, {}},
        {"", "Failing retries added", "retries that fail and that history did not make", 0, {}, {}},
        {"", "Dearer configurations", "what a completing run costs more with its new configuration", 0, {}, {}},
        {"", "Fixed by configuration", "people's time saved by a success with another configuration", 0, {}, {}},
        {"", "Interventions avoided", "people's time saved by a plain retry that succeeds", 0, {}, {}},
        {"", "Wrongly stopped", "people's time added where history recovered by itself", 0, {}, {}}};
    const std::array<const Figure *, 6> figures{&s.doomedRetriesAvoided, &s.addedRetries,         &s.dearerConfig,
                                                &s.fixedByConfig,        &s.interventionsAvoided, &s.wronglyStopped};
    const auto keys = s.parts();
    std::vector<double> values;
    values.reserve(figures.size());
    for (const Figure *figure : figures)
        values.push_back(figure->value);
    const std::vector<double> rounded = base::roundPartsToCents(values);
    for (size_t i = 0; i < rows.size(); ++i) {
        rows[i].key = keys[i].first;
        rows[i].amount = rounded[i];
        rows[i].low = figures[i]->low;
        rows[i].high = figures[i]->high;
    }
    return rows;
}

double netAmount(const model::Savings &savings)
{
    std::vector<double> amounts;
    for (const PartRow &row : partRows(savings))
        amounts.push_back(row.amount);
    return base::sumInCents(amounts);
}

std::vector<KpiRow> kpiRows(const model::SavingsReport &r)
{
    const auto row = [&r](std::string_view key, std::string_view title, Figure model::Kpis::*figure, Better better,
                          bool same = false) {
        return KpiRow{key, title, &(r.history.*figure), &(r.policy.*figure), better, same};
    };
    using K = model::Kpis;
    return {
        row("episodes", "Episodes", &K::episodes, Better::Neutral, true),
        row("failures", "Failed attempts", &K::failures, Better::Neutral, true),
        row("remediated_share", "Remediated without a person", &K::remediatedShare, Better::Higher),
        row("remediated_share_memory_config", "  of memory failures", &K::remediatedShareMemoryConfig, Better::Higher),
        row("interventions", "Interventions by people", &K::interventions, Better::Lower),
        row("intervention_hours", "Hours of people's time", &K::interventionHours, Better::Lower),
        row("retry_cost_usd", "Cost of retries (F + X)", &K::retryCost, Better::Lower),
        row("retry_cost_gross_usd", "  gross, completing ones too", &K::retryCostGross, Better::Neutral),
        row("recovery_seconds_median", "Recovery time, median", &K::recoverySecondsMedian, Better::Lower),
        row("recovery_seconds_p95", "Recovery time, 95th perc.", &K::recoverySecondsP95, Better::Lower),
        row("wrongly_stopped", "Successes wrongly stopped", &K::wronglyStopped, Better::Lower),
        row("censored", "Left out: data end too soon", &K::censored, Better::Neutral, true)};
}

std::array<ProvenanceRow, model::kProvenanceCount> provenanceRows(const model::SavingsReport &report)
{
    using P = model::Provenance;
    std::array<ProvenanceRow, model::kProvenanceCount> rows{
        {{P::Observed, "Observed", "history did the same, or less: its own log is the outcome", 0, 0, 0},
         {P::Estimated, "Estimated", "logged outcomes, weighted by how likely they were", 0, 0, 0},
         {P::Modelled, "Modelled", "history did something else: a model says what follows", 0, 0, 0},
         {P::Assumed, "Assumed", "minutes, rates or prices that the data do not hold", 0, 0, 0},
         {P::Unsupported, "Unsupported", "nothing like it in history: kept out of net savings", 0, 0, 0}}};
    constexpr auto kUnsupported = static_cast<size_t>(P::Unsupported);
    double all = -report.provenance[kUnsupported].contribution;
    for (const auto &share : report.provenance)
        all += share.contribution;
    for (size_t i = 0; i < rows.size(); ++i) {
        rows[i].count = report.provenance[i].count;
        rows[i].contribution = report.provenance[i].contribution;
        rows[i].share = all > 0.0 && i != kUnsupported ? rows[i].contribution / all : 0.0;
    }
    return rows;
}

std::array<ShareRow, 3> shareRows(const model::Savings &s)
{
    return {{{"retry_cost_share", "Saved of the cost of retries", &s.retryCostShare},
             {"all_error_cost_share", "Saved of all that failures cost", &s.allErrorCostShare},
             {"memory_config_cost_share", "Saved of what memory failures cost", &s.memoryConfigCostShare}}};
}

GroupTable groupTable(const std::vector<model::SavingsGroup> &groups, size_t most, bool keepOrder)
{
    GroupTable table;
    table.rows = model::inWholeCents(groups);
    if (!keepOrder)
        std::stable_sort(table.rows.begin(), table.rows.end(),
                         [](const auto &a, const auto &b) { return std::abs(a.net.value) > std::abs(b.net.value); });
    if (table.rows.size() > most && most > 0) {
        model::SavingsGroup rest = table.rows[most - 1];
        for (size_t i = most; i < table.rows.size(); ++i)
            merge(rest, table.rows[i]);
        rest.key = std::to_string(table.rows.size() - most + 1) + " others";
        rest.net.low.reset();
        rest.net.high.reset();
        settle(rest);
        table.rows.resize(most - 1);
        table.rows.push_back(std::move(rest));
    }
    table.total.key = "Total";
    for (const auto &row : table.rows)
        merge(table.total, row);
    settle(table.total);
    return table;
}

std::string formatShare(double share)
{
    return fixed(share * 100.0, 1) + " %";
}

std::string formatCount(double value)
{
    const bool whole = std::abs(value - std::round(value)) < 1e-6;
    return withCommas(fixed(value, whole ? 0 : 1));
}

std::string formatValue(double value, std::string_view unit, std::string_view currency)
{
    if (unit == "usd")
        return base::formatMoney(value) + " " + std::string(currency);
    if (unit == "share")
        return formatShare(value);
    if (unit == "seconds")
        return base::formatSeconds(value);
    if (unit == "hours")
        return withCommas(fixed(value, 1)) + " h";
    return formatCount(value);
}

std::string formatInterval(const std::optional<double> &low, const std::optional<double> &high, std::string_view unit,
                           std::string_view currency)
{
    if (!low || !high)
        return {};
    if (unit == "usd")
        return base::formatMoney(*low) + " to " + base::formatMoney(*high);
    if (unit == "share")
        return fixed(*low * 100.0, 1) + " to " + formatShare(*high);
    return formatValue(*low, unit, currency) + " to " + formatValue(*high, unit, currency);
}

std::string headline(const model::SavingsReport &report, std::string_view currency)
{
    const model::Savings &s = report.savings;
    const double net = netAmount(s);
    const std::string money = base::formatMoney(std::abs(net)) + " " + std::string(currency);
    std::string out = "Had this policy run from " + base::formatDate(report.from) + " to " + base::formatDate(report.to)
                      + ", it would have ";
    if (net == 0.0)
        return out + "cost exactly what history cost.";
    out += net > 0.0 ? "saved " : "cost ";
    out += money + (net > 0.0 ? "" : " more than history did");
    if (net > 0.0 && s.allErrorCostShare.value > 0.0)
        out += ", " + formatShare(s.allErrorCostShare.value) + " of what failures cost";
    out += ". ";
    if (!s.net.low || !s.net.high)
        return out + "There is too little data to say how far chance could move that figure.";
    if (*s.net.low > 0.0)
        return out + "Even the low end of the 95 % interval is a saving.";
    if (*s.net.high < 0.0)
        return out + "Even the high end of the 95 % interval is a loss.";
    return out + "The 95 % interval includes zero: on this history the effect cannot be told from none.";
}

std::string trustSentence(const model::SavingsReport &report)
{
    const auto rows = provenanceRows(report);
    const auto of = [&](model::Provenance p) { return rows[static_cast<size_t>(p)].share; };
    std::string out;
    if (std::all_of(rows.begin(), rows.end(), [](const auto &row) { return row.share == 0.0; })) {
        out = "No money moves in net savings, so there is nothing in them to trust or to doubt.";
    } else {
        out = "Of the money that moves in net savings, " + formatShare(of(model::Provenance::Observed))
              + " was observed in history, " + formatShare(of(model::Provenance::Modelled)) + " is modelled";
        if (of(model::Provenance::Estimated) > 0.0)
            out += ", " + formatShare(of(model::Provenance::Estimated)) + " is estimated";
        out += " and " + formatShare(of(model::Provenance::Assumed)) + " rests on assumptions.";
    }
    if (report.unsupportedNet != 0.0)
        out += " Recommendations outside what history supports are not counted.";
    return out;
}

} // namespace mulligan::report

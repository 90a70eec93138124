#include "evaluate/truth_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace mulligan::evaluate
{

namespace
{

using model::Figure;
using Row = std::vector<std::string>;

/// A heading row and the rows below it; the first column is words, the others are numbers.
struct Table {
    std::string title;
    Row heads;
    std::vector<Row> rows;
};

std::string number(const char *format, double value)
{
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

/// Four digits that count, and no powers of ten.
std::string plain(double value)
{
    return number(std::abs(value) >= 1000.0 ? "%.0f" : "%.4g", value);
}

std::string share(double value)
{
    return number("%.1f %%", 100.0 * value);
}

/// Four digits that count, since episodes cost anything from a thousandth of a dollar to thousands.
std::string dollars(double value)
{
    const double size = std::abs(value);
    if (size >= 1000.0 || size == 0.0)
        return number("%.0f", value);
    const int before = size < 1.0 ? static_cast<int>(std::floor(std::log10(size))) : static_cast<int>(std::log10(size));
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, "%.*f", std::clamp(2 - before, 0, 6), value);
    return buffer;
}

template <typename Format> std::string withInterval(const Figure &figure, Format format)
{
    std::string out = format(figure.value);
    if (figure.low && figure.high)
        out += " (" + format(*figure.low) + " … " + format(*figure.high) + ")";
    return out;
}

std::string optionalShare(const std::optional<double> &value)
{
    return value ? share(*value) : std::string("–");
}

Table policyTable(const TruthReport &report, Scope scope)
{
    Table table;
    table.title = scope == Scope::MemoryConfig ? "Memory-configuration failures" : "All failures";
    table.heads = {
        "",        "episodes",        "fixed first", "within two", "remediated",      "F + X $",     "L $",
        "total $", "beside policy $", "regret p50",  "regret p90", "wrongly stopped", "unsupported", "unknown"};
    for (const PolicyFigures &f : report.policies) {
        if (f.scope != scope)
            continue;
        const bool none = f.episodes == 0;
        table.rows.push_back({f.policy, std::to_string(f.episodes), none ? "–" : share(f.fixedFirst.value),
                              none ? "–" : share(f.fixedInTwo.value), none ? "–" : share(f.remediated.value),
                              dollars(f.retryCost.value), dollars(f.labour.value), dollars(f.total.value),
                              f.policy == "policy" ? "" : dollars(f.totalAbovePolicy.value),
                              optionalShare(f.regretMedian), optionalShare(f.regretP90),
                              number("%.1f", f.wronglyStopped), share(f.unsupportedShare), share(f.unknownShare)});
    }
    return table;
}

Table promiseTable(const TruthReport &report)
{
    Table table;
    table.title = "Predicted beside realised (95 % intervals over jobs)";
    table.heads = {"", "predicted", "realised"};
    for (const Promise &p : report.promises) {
        if (p.episodes == 0)
            continue;
        const std::string of = std::string(name(p.scope)) + ": ";
        table.rows.push_back(
            {of + "remediated", withInterval(p.remediatedPredicted, share), withInterval(p.remediated, share)});
        table.rows.push_back({of + "fixed first, of all", withInterval(p.fixedFirstPredicted, share),
                              withInterval(p.fixedFirst, share)});
        table.rows.push_back(
            {of + "F + X, $", withInterval(p.retryCostPredicted, dollars), withInterval(p.retryCost, dollars)});
        table.rows.push_back(
            {of + "all retries, $", withInterval(p.grossPredicted, dollars), withInterval(p.gross, dollars)});
        table.rows.push_back(
            {of + "F + X + L, $", withInterval(p.totalPredicted, dollars), withInterval(p.total, dollars)});
    }
    return table;
}

Table workflowTable(const TruthReport &report)
{
    Table table;
    table.title = "Memory-configuration failures by " + report.leftOut + " left out";
    table.heads = {report.leftOut, "episodes", "fixable",   "fixed first", "within two",  "remediated",
                   "predicted",    "F + X $",  "predicted", "oracle",      "unsupported", "unknown"};
    for (const Promise &p : report.byWorkflow) {
        if (p.scope != Scope::MemoryConfig || (p.episodes == 0 && p.unknownShare == 0.0))
            continue;
        if (p.episodes == 0) {
            std::vector<std::string> row(table.heads.size(), "–");
            row.front() = p.workflow;
            row[1] = "0";
            row.back() = share(p.unknownShare);
            table.rows.push_back(std::move(row));
            continue;
        }
        table.rows.push_back({p.workflow, std::to_string(p.episodes), std::to_string(p.fixable),
                              p.fixable > 0 ? share(p.fixableFixedFirst) : "–",
                              p.fixable > 0 ? share(p.fixableFixedInTwo) : "–", share(p.remediated.value),
                              share(p.remediatedPredicted.value), dollars(p.retryCost.value),
                              dollars(p.retryCostPredicted.value), dollars(p.oracleRetryCost),
                              share(p.unsupportedShare), share(p.unknownShare)});
    }
    return table;
}

Table curveTable(const TruthReport &report)
{
    Table table;
    table.title = "Learning curve: memory-configuration failures";
    table.heads = {"of the other " + report.leftOut + "s", "training rows", "class rates", "fixed first", "remediated"};
    for (const CurvePoint &point : report.curve)
        table.rows.push_back({number("%.0f %%", 100.0 * point.share), std::to_string(point.rows),
                              share(point.fallbackShare), withInterval(point.fixedFirst, share),
                              withInterval(point.remediated, share)});
    return table;
}

Table barTable(const TruthReport &report)
{
    Table table;
    table.title = "Bars (memory-configuration failures)";
    table.heads = {"", "value", "bar", "held"};
    for (const Bar &bar : report.bars)
        table.rows.push_back({bar.meaning, plain(bar.value),
                              (bar.kind == BarKind::AtMost    ? "≤ "
                               : bar.kind == BarKind::AtLeast ? "≥ "
                                                              : "> ")
                                  + plain(bar.bar),
                              bar.held ? "yes" : "no"});
    return table;
}

/// What rows and columns mean; a line each.
constexpr std::array kLegend{
    "keep: unchanged retries. x2: twice the memory. ladder: two, three, four times. ceiling: the most the space "
    "allows.",
    "oracle: the cheapest retry that succeeds by the truth. history: what was logged.",
    "episodes: those whose truth is known for every step the row takes, so rows differ; unknown: the share it is not.",
    "fixed first, within two: of the episodes that some configuration fixes. remediated: of all, without a person.",
    "F: failed retries. X: what a dearer configuration adds to the completing run (below 0: cheaper). L: people's "
    "time.",
    "beside policy: F + X + L of the row less the policy's, over the episodes that both know; above 0 it costs more.",
    "regret: failed retries and completing run beside the cheapest success, over the episodes that were fixed.",
    "wrongly stopped: expected number of runs given up that an unchanged retry would have mended.",
    "unsupported: share of retries that history holds too little like."};

std::vector<Table> tablesOf(const TruthReport &report)
{
    std::vector<Table> tables{policyTable(report, Scope::MemoryConfig),
                              policyTable(report, Scope::All),
                              promiseTable(report),
                              workflowTable(report),
                              curveTable(report),
                              barTable(report)};
    std::erase_if(tables, [](const Table &table) { return table.rows.empty(); });
    return tables;
}

std::string introduction(const TruthReport &r)
{
    std::string out = std::to_string(r.episodes) + " held-out episodes (" + std::to_string(r.memoryConfigEpisodes)
                      + " memory_config), " + std::to_string(r.units) + " " + r.leftOut + "s left out in "
                      + std::to_string(r.folds) + " folds; truth of " + std::to_string(r.truthRows) + " runs, "
                      + std::to_string(r.truthCells) + " cells";
    if (r.withoutTruth > 0)
        out += "; " + std::to_string(r.withoutTruth) + " episodes without a truth are left out";
    if (r.byDominance > 0.0)
        out += "; " + share(r.byDominance) + " of the policy's retries were not run, but follow from runs with less, "
               + "or more, memory";
    if (r.fallbackFolds > 0)
        out += "; class rates stood in for a model in " + std::to_string(r.fallbackFolds) + " folds";
    return out + ".";
}

/// Columns a UTF-8 text takes on a terminal: none of ours are wide.
size_t width(const std::string &text)
{
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string aligned(const Table &table)
{
    std::vector<size_t> widths(table.heads.size(), 0);
    const auto widen = [&](const Row &row) {
        for (size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    };
    widen(table.heads);
    std::for_each(table.rows.begin(), table.rows.end(), widen);
    const auto line = [&](const Row &row) {
        std::string out;
        for (size_t i = 0; i < row.size(); ++i) {
            const std::string gap(widths[i] - width(row[i]), ' ');
            out += i == 0 ? row[i] + gap : "  " + gap + row[i];
        }
        out.erase(out.find_last_not_of(' ') + 1);
        return out + "\n";
    };
    std::string out = table.title + "\n" + line(table.heads);
    for (const Row &row : table.rows)
        out += line(row);
    return out;
}

std::string marked(const Table &table)
{
    const auto line = [](const Row &row) {
        std::string out = "|";
        for (const std::string &cell : row)
            out += " " + cell + " |";
        return out + "\n";
    };
    std::string out = "**" + table.title + "**\n\n" + line(table.heads) + "|---|";
    for (size_t i = 1; i < table.heads.size(); ++i)
        out += "---:|";
    out += "\n";
    for (const Row &row : table.rows)
        out += line(row);
    return out;
}

template <typename Render> std::string together(const TruthReport &report, Render render)
{
    std::string out = introduction(report) + "\n";
    for (const Table &table : tablesOf(report))
        out += "\n" + render(table);
    out += "\nReading the tables\n\n";
    for (const char *line : kLegend)
        out += std::string("- ") + line + "\n";
    return out;
}

} // namespace

std::string truthToText(const TruthReport &report)
{
    return together(report, aligned);
}

std::string truthToMarkdown(const TruthReport &report)
{
    return together(report, marked);
}

} // namespace mulligan::evaluate

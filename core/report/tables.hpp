#pragma once

#include "model/savings.hpp"
#include "report/report.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::report
{

/// Which way a KPI should move.
enum class Better { Neutral, Lower, Higher };

/// One of the six parts of net savings, its amount rounded so that all six add up to `netAmount`.
struct PartRow {
    std::string_view key; ///< JSON key
    std::string_view title;
    std::string_view meaning;
    double amount = 0.0;
    std::optional<double> low;
    std::optional<double> high;
};
[[nodiscard]] std::vector<PartRow> partRows(const model::Savings &savings);
/// Net savings as the parts add up to, in whole cents.
[[nodiscard]] double netAmount(const model::Savings &savings);

struct KpiRow {
    std::string_view key; ///< JSON key
    std::string_view title;
    const model::Figure *history = nullptr;
    const model::Figure *policy = nullptr;
    Better better = Better::Neutral;
    bool sameInBoth = false; ///< describes the data, not a world
};
/// Points into `report`, which must outlive the rows.
[[nodiscard]] std::vector<KpiRow> kpiRows(const model::SavingsReport &report);

/// What the letters in the titles and denominators stand for.
inline constexpr std::string_view kLetters =
    "F: what failed automatic retries cost. X: what dearer configurations add to completing runs. L: people's time.";

struct ProvenanceRow {
    model::Provenance provenance = model::Provenance::Observed;
    std::string_view title;
    std::string_view meaning;
    std::uint64_t count = 0;
    double contribution = 0.0;
    double share = 0.0; ///< of all contributions to net savings; 0 for unsupported, which are no part of it
};
[[nodiscard]] std::array<ProvenanceRow, model::kProvenanceCount> provenanceRows(const model::SavingsReport &report);

struct ShareRow {
    std::string_view key;
    std::string_view title;
    const model::Figure *figure = nullptr;
};
/// Savings as shares, each with its denominator. Points into `savings`.
[[nodiscard]] std::array<ShareRow, 3> shareRows(const model::Savings &savings);

/// Rows of a breakdown in whole cents that add up to the totals of the whole breakdown; at most `most` rows, largest
/// absolute net first unless `keepOrder`, the rest as one row.
struct GroupTable {
    std::vector<model::SavingsGroup> rows;
    model::SavingsGroup total;
};
[[nodiscard]] GroupTable groupTable(const std::vector<model::SavingsGroup> &groups, size_t most, bool keepOrder);

/// "1,234.50 USD", "12.3 %", "1,234", "3.5 h", "12.5 min": a value in its own unit.
[[nodiscard]] std::string formatValue(double value, std::string_view unit, std::string_view currency);
[[nodiscard]] std::string formatShare(double share);
/// A whole number in groups of three, one decimal where it has a fraction (expected counts).
[[nodiscard]] std::string formatCount(double value);
/// "low to high"; empty when there is no interval.
[[nodiscard]] std::string formatInterval(const std::optional<double> &low, const std::optional<double> &high,
                                         std::string_view unit, std::string_view currency);

/// What net savings mean, in one sentence for somebody who reads nothing else.
[[nodiscard]] std::string headline(const model::SavingsReport &report, std::string_view currency);
/// How much of it was observed, how much modelled, how much assumed, in one sentence.
[[nodiscard]] std::string trustSentence(const model::SavingsReport &report);

} // namespace mulligan::report

#pragma once

#include "model/model_card.hpp"
#include "report/tables.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::report
{

/// Text made safe for HTML and SVG, in content and in attributes. Bytes that are no UTF-8 become U+FFFD, control
/// characters spaces.
[[nodiscard]] std::string escaped(std::string_view text);
/// Escaped, with a true minus sign in place of the hyphen before a number.
[[nodiscard]] std::string figureText(std::string_view text);

// Drawings take their colours from the page's style sheet, so they follow light, dark and print. Each has a title and a
// description for those who cannot see it.

/// The six parts as a waterfall that ends in net savings with its interval.
[[nodiscard]] std::string waterfallSvg(const std::vector<PartRow> &parts, const model::Figure &net, double netAmount,
                                       std::string_view currency);
/// Shares of the money that moves, by provenance, as one stacked bar.
[[nodiscard]] std::string provenanceSvg(std::span<const ProvenanceRow> rows);
/// Predicted against observed chance of success, with intervals. Empty without bins.
[[nodiscard]] std::string calibrationSvg(const std::vector<model::CalibrationBin> &bins);
/// A small bar from zero for a table cell, on the scale of a column that reaches from `low` (≤ 0) to `high` (≥ 0).
[[nodiscard]] std::string barSvg(double value, double low, double high);

} // namespace mulligan::report

#pragma once

#include "model/cadence.hpp"

#include <span>
#include <string>
#include <string_view>

namespace mulligan::report
{

/// A cadence for people: "on failure", "every 30 minutes", "daily, 06:00 UTC". What is not known is given as it is.
[[nodiscard]] std::string cadenceTitle(std::string_view cadence);

/// Cadences side by side for a terminal of 80 columns: money, answers and what refreshing takes. `currency` is of the
/// report the rows come from.
[[nodiscard]] std::string cadencesToText(std::span<const model::CadenceRow> rows, const std::string &currency,
                                         bool colour);

} // namespace mulligan::report

#pragma once

#include <span>
#include <string>
#include <vector>

namespace mulligan::base
{

/// Rounds to whole cents, half away from zero. NaN stays NaN.
[[nodiscard]] double roundToCents(double amount);

/// Rounds `parts` so that they add up, in cents, to exactly `roundToCents(sum of parts)`: each is rounded down and the
/// cents left over go to the largest remainders (the method of largest remainder). Same order and length as `parts`.
[[nodiscard]] std::vector<double> roundPartsToCents(std::span<const double> parts);

/// "1,234.50" or "-0.07": two decimals, thousands separated by commas, no currency.
[[nodiscard]] std::string formatMoney(double amount);

} // namespace mulligan::base

#pragma once

#include <span>
#include <string>
#include <vector>

namespace mulligan::base
{

/// Rounds to whole cents, half away from zero. NaN stays NaN, and so does an amount of more than 2^53 cents, which has
/// none.
[[nodiscard]] double roundToCents(double amount);

/// The sum of amounts that are whole cents, without the binary dust of adding them.
[[nodiscard]] double sumInCents(std::span<const double> amounts);

/// Rounds `parts` so that they add up, in cents, to exactly `roundToCents(sum of parts)`: each is rounded down and the
/// cents left over go to the largest remainders (the method of largest remainder). Same order and length as `parts`.
/// Where one or the sum is more than 2^53 cents each is rounded by itself.
[[nodiscard]] std::vector<double> roundPartsToCents(std::span<const double> parts);

/// "1,234.50" or "-0.07": two decimals, thousands separated by commas, no currency.
[[nodiscard]] std::string formatMoney(double amount);

} // namespace mulligan::base

#pragma once

#include "formats/json.hpp"
#include "model/savings.hpp"

namespace mulligan::simulate
{

/// A figure as {value, low, high, unit, denominator?}; dollars rounded to cents, missing bounds are null.
[[nodiscard]] formats::Json figureToJson(const model::Figure &figure);

/// The KPIs of one world with the command line's keys.
[[nodiscard]] formats::Json kpisToJson(const model::Kpis &kpis);

/// The result of `simulate` with the command line's keys. Money is rounded to cents, the six parts by largest remainder
/// so that they add up to `net_usd` as printed.
[[nodiscard]] formats::Json savingsToJson(const model::SavingsReport &report);

} // namespace mulligan::simulate

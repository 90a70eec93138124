#pragma once

#include "model/history.hpp"
#include "policy/economics.hpp"

#include <string>

namespace mulligan::pipeline
{

/// Prices every attempt whose cost was not logged anew at `economics`' price book (design.md, section 4).
void reprice(model::History &history, const policy::Economics &economics);

/// The part of the economics that attempts are priced with, as a key: equal keys, equal costs.
[[nodiscard]] std::string priceKey(const policy::Economics &economics);

} // namespace mulligan::pipeline

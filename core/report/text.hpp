#pragma once

#include "model/savings.hpp"

#include <string>

namespace mulligan::report
{

/// The savings summary for a terminal, 80 columns wide, aligned; colours where `colour` says so.
[[nodiscard]] std::string toText(const model::SavingsReport &report, bool colour);

} // namespace mulligan::report

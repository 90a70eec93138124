#pragma once

#include "synth/chain.hpp"

#include <string>

namespace mulligan::synth
{

/// One line of the native JSON Lines format (design.md, section 4), with its line end.
[[nodiscard]] std::string jsonLine(const model::Attempt &attempt);
/// Header and one record of the native CSV format, with line ends. The config is one column of JSON, metrics have a
/// column each.
[[nodiscard]] std::string csvHeader();
[[nodiscard]] std::string csvRecord(const model::Attempt &attempt);
/// One line of the truth: job, variant ("RUN/ATTEMPT"), config, repeat, outcome, seconds, cost_usd.
[[nodiscard]] std::string truthLine(const Potential &potential);

} // namespace mulligan::synth

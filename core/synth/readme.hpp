#pragma once

#include "synth/synth.hpp"

#include <string>

namespace mulligan::synth
{

/// The README of a synthetic history: that it is synthetic, how it was made and can be made again, and what it holds.
[[nodiscard]] std::string readmeText(const SynthOptions &options, const SynthReport &report);

} // namespace mulligan::synth

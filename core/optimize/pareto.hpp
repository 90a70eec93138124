#pragma once

#include "model/candidate.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace mulligan::optimize
{

/// Indices of the candidates that no other beats in both failure probability (1 − p) and expected cost
/// (1 − p)·C_f + p·C_s, by the scorer; safest last, cheapest first. Of equal candidates the first is kept. O(n log n).
[[nodiscard]] std::vector<size_t> paretoFront(std::span<const model::Candidate> candidates);

/// What a person would do without a model.
enum class Baseline { Keep, OneAndAHalf, Double, Ladder, Ceiling };
[[nodiscard]] std::string_view name(Baseline baseline);

/// Index of the candidate a baseline picks: keep the configuration, the candidate whose memory ratio is nearest to ×1.5
/// or ×2, the ladder's step (×2, ×3, ×4 of the first configuration; `step` retries were made with larger ones already),
/// or the largest. Keep (0) where no candidate grows memory.
[[nodiscard]] size_t pickBaseline(Baseline baseline, std::span<const model::Candidate> candidates, int step = 0);

} // namespace mulligan::optimize

#pragma once

#include "model/attempt.hpp"

#include <string>
#include <vector>

namespace mulligan::model
{

/// What a model expects of one retry.
struct Estimate {
    double success = 0.0;     ///< P(the retry succeeds), in (0, 1)
    double costFail = 0.0;    ///< C_f, dollars, when it fails
    double costSuccess = 0.0; ///< C_s, dollars, when it succeeds

    bool operator==(const Estimate &) const = default;
};

/// One configuration a retry could run with, scored by both models. The first candidate of every list is the old
/// configuration, unchanged (`patch` empty).
struct Candidate {
    Config patch;             ///< properties to change; empty keeps the old configuration
    std::string label;        ///< for people: "unchanged", "executor memory 4g → 8g"
    double memoryRatio = 1.0; ///< largest new/old ratio among memory properties, ≥ 1 when memory grows
    bool supported = false;   ///< enough like it in history (design.md, section 7)
    Estimate chooser;         ///< picks the configuration
    Estimate scorer;          ///< says what it is worth; the only one shown

    bool operator==(const Candidate &) const = default;
};

/// `base` with `patch` laid over it.
[[nodiscard]] Config applied(const Config &base, const Config &patch);

} // namespace mulligan::model

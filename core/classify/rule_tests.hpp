#pragma once

#include "classify/classifier.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mulligan::classify
{

struct SampleFailure {
    std::string rule;
    std::string sample;
    std::string expected;
    std::string got;
};

/// A positive sample that a rule of another class matches as well, where nothing but the ids says which of them wins.
struct SampleOverlap {
    std::string rule; ///< won
    std::string other;
    std::string sample;
};

struct SampleReport {
    std::uint64_t samples = 0;
    std::vector<SampleFailure> failed;
    std::vector<SampleOverlap> overlaps;
};

/// Runs every rule's samples against the whole pack: a positive sample must be won by its rule, on a negative one the
/// rule must not match at all.
[[nodiscard]] SampleReport testPack(const Classifier &classifier);

} // namespace mulligan::classify

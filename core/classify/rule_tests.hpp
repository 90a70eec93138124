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

struct SampleReport {
    std::uint64_t samples = 0;
    std::vector<SampleFailure> failed;
};

/// Runs every rule's samples against the whole pack: a positive sample must be won by its rule, on a negative one the
/// rule must not match at all.
[[nodiscard]] SampleReport testPack(const Classifier &classifier);

} // namespace mulligan::classify

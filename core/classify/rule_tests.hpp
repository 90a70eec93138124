#pragma once

#include "classify/classifier.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// A sample on which its rule does otherwise than it says.
struct SampleFailure {
    std::string rule;
    std::string sample;
    std::string expected;
    std::string got;
    std::string message; ///< what is wrong, with the remedy, in sentences
    std::string winner;  ///< the rule that took a positive sample; "": none did
    int line = 0;        ///< of the sample in the rule's file; 0: not known
    bool draft = false;  ///< the rule is a draft
    std::string file;    ///< of the rule
};

/// A positive sample that a rule of another class matches as well, where nothing but the ids says which of them wins.
struct SampleOverlap {
    std::string rule; ///< won
    std::string other;
    std::string sample;
    int line = 0; ///< of the sample in the rule's file; 0: not known
};

struct SampleReport {
    std::uint64_t samples = 0;
    std::uint64_t ofDrafts = 0; ///< of `samples` those of draft rules
    std::vector<SampleFailure> failed;
    std::vector<SampleOverlap> overlaps;
};

/// Runs every rule's samples against the whole pack: a positive sample must be won by its rule, on a negative one the
/// rule must not match at all. A draft competes with nobody: its samples are tried on its own patterns. Retired rules
/// are left out.
[[nodiscard]] SampleReport testPack(const Classifier &classifier);

/// A rule that wins many positive samples that other rules have for themselves.
struct SampleTaker {
    std::string rule;
    std::string message; ///< how many of how many rules, and the remedy
};

/// A taker of more samples than this is named once instead of a sample at a time.
inline constexpr std::size_t kMostSinglesOfATaker = 3;

/// Failures as they are to be told: one cause, one line.
struct GroupedFailures {
    std::vector<SampleTaker> takers;    ///< by rule
    std::vector<SampleFailure> singles; ///< the rest, in order
};
[[nodiscard]] GroupedFailures groupByTaker(std::vector<SampleFailure> failed);

/// The beginning of a text on one line, for messages.
[[nodiscard]] std::string beginningOf(std::string_view text);

} // namespace mulligan::classify

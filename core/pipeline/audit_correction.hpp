#pragma once

#include "base/result.hpp"
#include "classify/pack_documents.hpp"
#include "classify/rule_tests.hpp"
#include "store/audit_store.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// The part of a failure text that makes a sample of it: its root cause with the first frames and, where a match is
/// named that lies outside, the lines of the match before or after it. What is left out between is left out whole
/// lines. A cause that JSON tells is there once, decoded or, where the match is of the JSON's own words, as JSON.
/// `fromLineBegin`: with what stands before the cause on its line, such as its level.
[[nodiscard]] std::string sampleOf(std::string_view text, size_t matchBegin = 0, size_t matchEnd = 0,
                                   bool fromLineBegin = false);

/// A verdict that was found wrong.
struct Correction {
    std::string text;       ///< whole failure text
    std::string wrongRule;  ///< the winner that should not have been; empty: it was unclassified
    size_t matchBegin = 0;  ///< where that rule matched, byte offsets in `text`
    size_t matchEnd = 0;    ///<
    std::string rightRule;  ///< the rule that should have won; empty: none (the text names no cause), or not clear
    std::string rightClass; ///< the class that the answer gives; empty: the text names no cause
};

/// The pack with the correction as samples: a positive one of the right rule, a negative one of the wrong one. Samples
/// of rules that are not yet mended fail `rules test`, which is what they are for. Where wrong and right rule are the
/// same, or neither is named, nothing changes. Errors: those of RuleDocument's edits.
[[nodiscard]] base::Result<classify::PackDocuments> withCorrection(const classify::PackDocuments &pack,
                                                                   const Correction &correction);

/// A sample that a correction added to a rule.
struct AddedSample {
    std::string rule;
    std::string file;
    classify::SampleKind kind = classify::SampleKind::Positive;
    std::string sample;
    bool tested = true; ///< false: of a retired rule, whose samples are not run

    bool operator==(const AddedSample &) const = default;
};

/// A pack with the samples of corrections.
struct CorrectedPack {
    classify::PackDocuments documents;
    std::vector<AddedSample> added;   ///< in the order of the corrections; samples that were there already are not
    std::vector<std::string> unclear; ///< classes whose right rule was not clear, once each: no positive sample there
};
/// All corrections, one after another (withCorrection). Errors: those of it.
[[nodiscard]] base::Result<CorrectedPack> withCorrections(const classify::PackDocuments &pack,
                                                          const std::vector<Correction> &corrections);

/// A sample that a pack fails.
struct FailingSample {
    classify::SampleFailure failure;
    std::string file;
    int line = 0;       ///< of its rule
    bool added = false; ///< it came with the corrections

    bool operator==(const FailingSample &) const = default;
};
/// The samples that the corrected pack fails, all of the pack's, as `rules test` finds them. Errors: those of
/// Classifier::make.
[[nodiscard]] base::Result<std::vector<FailingSample>> failingSamples(const CorrectedPack &corrected);

/// Rules of a class that a correction may mean, those in use first, then by precedence.
[[nodiscard]] std::vector<std::string> rulesOfClass(const classify::RulePack &pack, std::string_view errorClass);

/// The rule an answer means: the one it names, else the only rule in use of its class; "" where that is not clear or
/// the text names no cause.
[[nodiscard]] std::string ruleMeant(const classify::RulePack &pack, const store::AuditAnswer &answer);

/// The corrections among a sample's answers: items whose verdict now is not what the answer says, each text once.
/// Those whose right rule is not clear have none and give a negative sample only. Errors: Io, Corrupt.
[[nodiscard]] base::Result<std::vector<Correction>>
correctionsOf(store::Workspace &workspace, const store::AuditSample &sample, const classify::RulePack &pack);

} // namespace mulligan::pipeline

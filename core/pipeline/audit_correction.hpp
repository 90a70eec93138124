#pragma once

#include "base/result.hpp"
#include "classify/pack_documents.hpp"
#include "store/audit_store.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// The part of a failure text that makes a sample of it: its root cause with the first frames and, where a match is
/// named that lies outside, the lines of the match before or after it. What is left out between is left out whole
/// lines.
[[nodiscard]] std::string sampleOf(std::string_view text, size_t matchBegin = 0, size_t matchEnd = 0);

/// A verdict that was found wrong.
struct Correction {
    std::string text;      ///< whole failure text
    std::string wrongRule; ///< the winner that should not have been; empty: it was unclassified
    size_t matchBegin = 0; ///< where that rule matched, byte offsets in `text`
    size_t matchEnd = 0;   ///<
    std::string rightRule; ///< the rule that should have won; empty: none (the text names no cause)
};

/// The pack with the correction as samples: a positive one of the right rule, a negative one of the wrong one. Samples
/// of rules that are not yet mended fail `rules test`, which is what they are for. Where wrong and right rule are the
/// same, or neither is named, nothing changes. Errors: those of RuleDocument's edits.
[[nodiscard]] base::Result<classify::PackDocuments> withCorrection(const classify::PackDocuments &pack,
                                                                   const Correction &correction);

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

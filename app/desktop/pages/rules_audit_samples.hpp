#pragma once

#include "base/result.hpp"
#include "classify/pack_documents.hpp"
#include "desktop/pages/rules_audit_columns.hpp"
#include "store/workspace.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// A pack with samples made of what an audit found wrong.
struct CorrectionSamples {
    classify::PackDocuments before;
    classify::PackDocuments after;
    std::string rule;                 ///< one that got a sample; empty: none did
    std::vector<base::Error> refused; ///< corrections that could not be written, and why
};

/// Makes samples of corrections: a positive one of the rule that should have won (where the answer names none, the only
/// one in use of its class), a negative one of the rule that did. Reads the failures' texts. Errors: those of reading;
/// Cancelled.
[[nodiscard]] base::Result<CorrectionSamples> correctionSamples(store::Workspace &workspace,
                                                                const classify::PackDocuments &documents,
                                                                const std::vector<CorrectionLine> &corrections,
                                                                std::stop_token stop);

/// Whether the samples that were made are all in these documents.
[[nodiscard]] bool holdsSamples(const classify::PackDocuments &documents, const CorrectionSamples &made);

} // namespace mulligan::desktop

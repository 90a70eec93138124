#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "formats/json.hpp"
#include "stats/stratified.hpp"
#include "store/audit_store.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

struct AuditOptions {
    std::uint64_t size = 200;  ///< failures to look at
    std::uint64_t minimum = 3; ///< at least so many of each class (all of them where it has fewer)
    std::uint64_t seed = 1;    ///< the same seed, size and minimum draw the same failures
    base::Instant now = base::systemNow();
};

/// The sample of these options: the one that was drawn with them before, else a new one, which is stored. Failures with
/// a text are drawn without replacement, stratified by the class of their verdict, "unclassified" being a class too;
/// `stats::allocate` says how many of each. Items stand in a random order across the classes, of the seed as well, so
/// that the first few tell of all classes. Errors: InsufficientData when no failure has a verdict and a text;
/// PermissionDenied where a new one cannot be kept.
[[nodiscard]] base::Result<store::AuditSample> drawAudit(store::Workspace &workspace, const AuditOptions &options = {},
                                                         const std::stop_token &stop = {});

/// One share of the audit, named by what it is about.
struct AuditFigure {
    std::string name; ///< rule or class
    stats::Estimate estimate;

    bool operator==(const AuditFigure &) const = default;
};

/// What the answers given so far say of the verdicts in force now. A verdict is right when its class is the answer's.
/// All shares are of failures with a text, weighted back to the strata they were drawn from (stats::stratifiedShare).
/// Coverage, recall and cause ask what the unclassified failures are: while none of those drawn is answered they are
/// not known (`sampled` 0), rather than shares of what the rules know already.
struct AuditFigures {
    std::uint64_t items = 0;
    std::uint64_t answered = 0;
    std::uint64_t open = 0;                 ///< still there, and not answered
    std::uint64_t classifiedOpen = 0;       ///< of those, with a class now
    std::uint64_t unclassifiedOpen = 0;     ///< of those, unclassified now
    std::uint64_t unclassifiedThenOpen = 0; ///< of those, drawn as unclassified
    bool unclassifiedUnseen = false;  ///< there are unclassified failures, now or when drawn, and none has an answer
    std::uint64_t gone = 0;           ///< drawn failures that are no longer there, or have no verdict now
    std::uint64_t changed = 0;        ///< items whose verdict is another one than when they were drawn
    double answeredPopulation = 0.0;  ///< share of the population whose stratum has an answer
    stats::Estimate precision;        ///< right among classified
    stats::Estimate coverage;         ///< classified among those with a cause in their text
    stats::Estimate recall;           ///< classified rightly among those with a cause in their text
    stats::Estimate cause;            ///< with a cause in their text among all
    std::vector<AuditFigure> byClass; ///< precision of verdicts of a class; most failures first
    std::vector<AuditFigure> byRule;  ///< precision of a rule's verdicts; likewise

    bool operator==(const AuditFigures &) const = default;
};
[[nodiscard]] AuditFigures auditFigures(const store::AuditSample &sample);

/// Why the precision is not known yet, "3 classified failures still to be answered"; "" where it is known.
[[nodiscard]] std::string whyNoPrecision(const AuditFigures &figures);
/// The same of a share of the failures with a cause: coverage, recall or cause itself.
[[nodiscard]] std::string whyNoShare(const AuditFigures &figures, const stats::Estimate &share);

/// One line of a sheet to fill in: id, job, run, attempt, class, rule, title, line (of the match), text (trimmed to the
/// root cause and what matched), and answer (null, or the one given).
[[nodiscard]] base::Result<std::vector<formats::Json>> auditSheet(store::Workspace &workspace,
                                                                  const store::AuditSample &sample);

/// Keys of the command line's JSON.
[[nodiscard]] formats::Json auditJson(const store::AuditSample &sample, const AuditFigures &figures);

} // namespace mulligan::pipeline

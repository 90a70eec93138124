#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "classify/rule.hpp"
#include "store/audit_store.hpp"
#include "store/workspace.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// What may be said of an item.
enum class AuditSays { Confirmed, Corrected, NoCause };

/// What the row of an answers file says of its failure, which tells whether it is of this workspace and of the verdict
/// in force; nothing, or empty, where the row leaves it out.
struct AuditRow {
    std::size_t line = 0; ///< in the file; 0: the reply comes from no file
    std::optional<std::string> job;
    std::optional<std::string> run;
    std::optional<std::int64_t> attempt;
    std::string errorClass; ///< "class"
    std::string rule;       ///< "rule": the one that won

    bool operator==(const AuditRow &) const = default;
};

struct AuditReply {
    std::int64_t item = 0;
    AuditSays says = AuditSays::Confirmed;
    std::string errorClass; ///< of Corrected
    std::string rule;       ///< of Corrected, optional: the rule that should have won
    std::string who;
    AuditRow row = {};

    bool operator==(const AuditReply &) const = default;
};

/// The sample that the replies' sheet is of: the one given where it has any of their items or they are of none, else
/// the one that has the first of them. Errors: Io, Corrupt.
[[nodiscard]] base::Result<store::AuditSample> sampleOfReplies(store::Workspace &workspace, store::AuditSample given,
                                                               const std::vector<AuditReply> &replies);

/// Stores replies, all or none. Confirmed: the class is that of the verdict now (of an unclassified failure: that its
/// text names no cause). Errors: PermissionDenied; with line and item: NotFound (no such item, or one of another
/// sample, which is named), Parse (a row of another failure than the item's; a row that is confirmed, or says no cause,
/// under a class that is not the verdict's; a rule changed in place of "right_rule"; a class or rule that the pack does
/// not have, with the nearest name; corrected to what it is; the same item twice; equal texts answered differently).
[[nodiscard]] base::Result<void> answerAudit(store::Workspace &workspace, const store::AuditSample &sample,
                                             const classify::RulePack &pack, const std::vector<AuditReply> &replies,
                                             base::Instant now);

/// What an answers file holds.
struct AuditReplies {
    std::vector<AuditReply> replies; ///< rows with an answer
    std::size_t rows = 0;            ///< all, those without an answer too

    bool operator==(const AuditReplies &) const = default;
};

/// Reads an answers file: JSON Lines, UTF-8 with or without a byte order mark, `{"id", "answer": "confirmed" |
/// "corrected" | "no_cause", "class", "right_rule", "who"}` and the other keys of a sheet (auditSheet), so that a
/// filled-in one can be read. Rows whose answer is null, "" or missing are counted only. Errors: Parse
/// with the line: no JSON, no object, a key that a sheet does not have (with the nearest one that it
/// has), a key of the wrong kind, no number as id, an unknown answer, corrected without a class, "right_rule" without
/// corrected, an id answered twice.
[[nodiscard]] base::Result<AuditReplies> readAuditReplies(std::string_view text, std::string_view name,
                                                          const std::string &who);

} // namespace mulligan::pipeline

#pragma once

#include "store/attempt_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mulligan::store
{

/// What one source says of an attempt.
struct Witness {
    std::int64_t source = 0;
    Standing standing = Standing::Scheduler;
    std::string path;       ///< the source's
    Cells cells;            ///< a fact it says nothing of is silent (`isSilent`)
    model::Config config;   ///< behind the cell `config_id`
    bool sawItsEnd = false; ///< though its outcome is not known
};

/// A fact on which a witness says otherwise than the one that is believed.
struct Difference {
    const FactRule *rule = nullptr;
    std::string property; ///< of the configuration; empty for every other fact
    std::size_t kept = 0; ///< index of the witness that is believed
    std::size_t other = 0;
};

/// What holds of an attempt, all its witnesses heard.
struct Reconciled {
    Cells cells;          ///< `config_id` is that of the most believed witness; see `config`
    model::Config config; ///< united
    /// For each of `factRules()` the index of the witness that is believed; nothing: nobody speaks of it.
    std::vector<std::optional<std::size_t>> owners;
    std::vector<Difference> differences; ///< of listed facts, and of the names that schedulers give
};

/// Hears all witnesses of one attempt. Depends on what they say and not on their order: about each fact the one with
/// the better standing is believed (`Believed`; a cost that was logged before one that was computed); of equal standing
/// the one that knows how the attempt ended, then the one that saw it end later, then the one whose path sorts first.
/// Configurations and metrics are united key by key under the same rule. The times of an event log without an end (its
/// outcome is unknown) are believed last where another witness saw the end come later, and seconds of cores and memory
/// and a computed cost that are believed of such a log are lengthened to that end, at the rate they had; those of
/// several attempts of one application add up; ends more than a minute apart are a difference. So are two names that
/// schedulers give the attempt. Of an attempt that is believed to have succeeded no failure's text or exit code is kept
/// from a witness that saw it fail. Of logs of several attempts of one application the latest that
/// failed is believed about the failure, whatever its standing.
[[nodiscard]] Reconciled reconcile(std::span<const Witness> witnesses);

/// Where part of the record is missing in the newer version of a source alone (metric::kHistoryIncomplete), the older
/// one's counts stay, lengthened to the newer end.
void keepCounts(Witness &newer, const Witness &older);

/// A newer version of a source speaks in place of the older one; what it leaves out stays as the older one had it, but
/// for the text and exit code of a failure where the newer one saw a success. Counts are kept as by `keepCounts`.
void standInFor(Witness &newer, const Witness &older);

/// A source speaks of two attempts of an application that are parts of one: of the two the one that ended later goes
/// before, from the earlier start on; what it leaves out is as the other has it.
void goOnWith(Witness &witness, Witness other);

[[nodiscard]] std::int64_t integerOf(const Cell &cell);
[[nodiscard]] double numberOf(const Cell &cell);
[[nodiscard]] std::string_view textOf(const Cell &cell);

} // namespace mulligan::store

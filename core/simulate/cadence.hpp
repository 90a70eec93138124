#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mulligan::simulate
{

enum class CadenceKind {
    OnFailure, ///< the decision is made the moment an attempt fails
    Every,     ///< batches at the multiples of so many minutes since 1970-01-01T00:00:00Z
    Daily      ///< one batch a day, at a stated hour UTC
};

/// What a retry does for which neither its own failure's batch nor an older recommendation is there in time.
enum class WhenAbsent {
    FallBack, ///< it starts after its backoff with its configuration unchanged, as the scheduler runs it by itself
    Wait      ///< it starts, or the job is handed to a person, when the batch that sees its failure is done
};

/// How an attempt's failure got its answer.
enum class Answer {
    Bound, ///< by a retry limit or an override, which the scheduler knows without any recommendation
    Own,   ///< by the recommendation made from this failure
    Older, ///< by one made from an earlier failure of the same job and class
    None   ///< by nothing: the retry ran unchanged
};

/// How often recommendations are made anew (design.md, section 8).
///
/// A batch at time b sees every attempt that ended by b, makes the recommendations of the jobs and classes that failed
/// since the batch before, and these are in force from b on; it is taken to finish at once. A scheduler reads the
/// recommendation when a retry is due: t + backoff for a failure that ends at t.
/// - The failure's own batch, the first b ≥ t, lies no later than that: its recommendation is used. One that says stop
///   hands over to a person at b.
/// - Otherwise the newest finished batch lies before t and can only hold a recommendation from an earlier failure of
///   the same job and class. Unless that has expired (policy.expiryDays, at the time the retry is due) or asks for a
///   configuration that is not among the present candidates, it is used: stale, and since it is in force already, one
///   that says stop hands over at t.
/// - Otherwise there is none, and `whenAbsent` holds.
/// Retry limits and overrides are settings of the scheduler itself and bind at once, whatever the cadence.
struct Cadence {
    CadenceKind kind = CadenceKind::OnFailure;
    double minutes = 30.0; ///< of Every: at least a millisecond, at most a day
    int dailyHour = 0;     ///< of Daily: 0 to 23, UTC
    /// The default is what the published systems do: a recommendation is read when the retry starts, and one that is
    /// not there changes nothing.
    WhenAbsent whenAbsent = WhenAbsent::FallBack;

    bool operator==(const Cadence &) const = default;

    /// Milliseconds between batches; 0 on failure.
    [[nodiscard]] std::int64_t periodMs() const;
    /// The first batch at or after `t`; `t` itself on failure.
    [[nodiscard]] base::Instant batchFrom(base::Instant t) const;
    /// The last batch before that one; the newest finished one for whatever happens between them.
    [[nodiscard]] base::Instant batchBefore(base::Instant t) const;
};

/// Errors: InvalidArgument for minutes or an hour out of range.
[[nodiscard]] base::Result<void> check(const Cadence &cadence);
/// Reads "on_failure", "30m", "2h", "daily" or "daily@6" (the hour, UTC). Errors: InvalidArgument, saying what there
/// is.
[[nodiscard]] base::Result<Cadence> cadenceFromText(std::string_view text);
/// The text that cadenceFromText reads.
[[nodiscard]] std::string toText(const Cadence &cadence);
[[nodiscard]] std::string_view name(WhenAbsent whenAbsent);
/// Errors: InvalidArgument.
[[nodiscard]] base::Result<WhenAbsent> whenAbsentFromText(std::string_view text);
[[nodiscard]] std::string_view name(Answer answer);

} // namespace mulligan::simulate

#pragma once

#include "base/result.hpp"
#include "model/attempt.hpp"
#include "sqlite/connection.hpp"

#include <array>
#include <cstdint>

namespace mulligan::store
{

/// An attempt that is in the workspace already.
struct Existing {
    std::int64_t attempt = 0;
    std::int64_t source = 0;
    bool fromEventLog = false;
};

/// Row ids of a joining record's texts; 0: none.
struct JoinIds {
    std::int64_t job = 0;
    std::array<std::int64_t, 5> names{}; ///< workflow, owner, team, cluster, queue
    std::int64_t text = 0;
    std::int64_t cause = 0;
    std::int64_t config = 0;
};

/// Fills what `existing` lacks from a record of another source and notes which source each filled fact came from. An
/// unknown outcome counts as lacking, and so does a cost that is worse founded. When `existing` came from an event log
/// and the record does not, the record gives the attempt its job, run, number and trigger, and what it used: a
/// scheduler counts from start to end of the attempt, the event log only while Spark's application ran. Which comes
/// first makes no difference.
[[nodiscard]] base::Result<void> joinAttempt(const sqlite::Connection &connection, const Existing &existing,
                                             const model::Attempt &record, const JoinIds &ids, std::int64_t source,
                                             bool recordFromEventLog);

} // namespace mulligan::store

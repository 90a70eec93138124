#pragma once

#include "base/result.hpp"
#include "store/join.hpp"

#include <cstdint>
#include <optional>

namespace mulligan::store
{

/// Finds the attempt that a source's record speaks of: by application id, else by job, run and attempt as any of its
/// sources names them. One thread.
class ExistingAttempts
{
public:
    /// `continued`: an older version whose records are this source's own and do not come again; 0: none.
    [[nodiscard]] base::Result<void> prepare(const sqlite::Connection &connection, std::int64_t source,
                                             std::int64_t continued, Standing standing);
    /// Row id of the attempt. Where the record names two, they are one: `joiner` makes them so. Nothing: the attempt is
    /// new.
    [[nodiscard]] base::Result<std::optional<std::int64_t>> find(const model::Attempt &record, std::int64_t job,
                                                                 Joiner &joiner);
    /// Whether the attempt that has an event log's name is one of another application of the same id: both logs hold
    /// their start, and not the same.
    [[nodiscard]] base::Result<bool> isOfAnother(const model::Attempt &record, std::int64_t job);

    /// Whether attempts may be known under names that their own rows do not show.
    [[nodiscard]] bool hasOtherNames() const { return m_otherNames; }

private:
    [[nodiscard]] base::Result<std::optional<std::int64_t>> byApplication(const model::Attempt &record);
    [[nodiscard]] base::Result<std::optional<std::int64_t>> byIdentity(const model::Attempt &record, std::int64_t job);
    [[nodiscard]] base::Result<bool> spokenOf(std::int64_t attempt);

    std::int64_t m_source = 0;
    std::int64_t m_continued = 0;
    Standing m_standing = Standing::Scheduler;
    bool m_otherNames = false;
    sqlite::Statement m_byApplication;
    sqlite::Statement m_byIdentity;
    sqlite::Statement m_spokenOf;
    sqlite::Statement m_isAnother;
};

} // namespace mulligan::store

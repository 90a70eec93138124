#pragma once

#include "base/result.hpp"
#include "store/join.hpp"

#include <cstdint>
#include <optional>

namespace mulligan::store
{

/// An attempt that is in the workspace already.
struct Existing {
    std::int64_t attempt = 0;
    std::int64_t source = 0;
};

/// Finds the attempt that a source's record speaks of: by application id, else by job, run and attempt. One thread.
class ExistingAttempts
{
public:
    [[nodiscard]] base::Result<void> prepare(const sqlite::Connection &connection, std::int64_t source,
                                             Standing standing);
    /// Where the record names two attempts, they are one: `joiner` makes them so. Nothing: the attempt is new.
    [[nodiscard]] base::Result<std::optional<Existing>> find(const model::Attempt &record, std::int64_t job,
                                                             Joiner &joiner);

private:
    [[nodiscard]] base::Result<std::optional<Existing>> byApplication(const model::Attempt &record);
    [[nodiscard]] base::Result<std::optional<Existing>> byIdentity(const model::Attempt &record, std::int64_t job);

    std::int64_t m_source = 0;
    Standing m_standing = Standing::Scheduler;
    sqlite::Statement m_byApplication;
    sqlite::Statement m_byIdentity;
};

} // namespace mulligan::store

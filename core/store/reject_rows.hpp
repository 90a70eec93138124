#pragma once

#include "store/workspace.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mulligan::store
{

/// Removes rejected rows by their ids, in one transaction; those that are gone already are passed over. What the source
/// noted of its import stays as it was. Returns how many went. Errors: Conflict (another process writes), Io.
[[nodiscard]] base::Result<std::uint64_t> removeRejects(Workspace &workspace, std::span<const std::int64_t> ids);

/// Removes a source of which no row could be used, with its rejected rows. Errors: Conflict when it brought attempts.
[[nodiscard]] base::Result<void> removeUnusableSource(Workspace &workspace, std::string_view sha256);

/// Rejected rows that are kept.
[[nodiscard]] base::Result<std::uint64_t> rejectCount(Workspace &workspace);

/// Row id of the failed or killed attempt of that name; nothing when there is none or it did not fail.
[[nodiscard]] base::Result<std::optional<std::int64_t>> failureOf(Workspace &workspace, std::string_view job,
                                                                  std::string_view run, int attempt);

} // namespace mulligan::store

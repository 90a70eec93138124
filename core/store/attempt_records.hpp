#pragma once

#include "base/result.hpp"
#include "model/attempt.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mulligan::store
{

/// Whole records of attempts by row id, texts included, in the order of `ids`. One indexed look-up an attempt and one
/// decompression a distinct text in a row. Errors: NotFound naming the id, Corrupt, Io.
[[nodiscard]] base::Result<std::vector<model::Attempt>> readAttempts(Workspace &workspace,
                                                                     std::span<const std::int64_t> ids);

} // namespace mulligan::store

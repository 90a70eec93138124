#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mulligan::formats
{

/// One zstd frame holding `bytes`, with its size in the header. `level` 1 (fast) to 19 (small).
[[nodiscard]] base::Result<std::string> zstdCompress(std::string_view bytes, int level = 3);
/// Content of zstd frames, one or several. Errors: Corrupt (not zstd, damaged or cut short), LimitExceeded when it
/// would be larger than `limit` bytes.
[[nodiscard]] base::Result<std::string> zstdDecompress(std::string_view bytes, std::size_t limit = 256u << 20);

} // namespace mulligan::formats

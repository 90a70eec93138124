#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mulligan::formats
{

/// Whole content of a regular file, byte for byte. Errors: NotFound, PermissionDenied, Io, and LimitExceeded when the
/// file is larger than `maxBytes` (then nothing is read).
[[nodiscard]] base::Result<std::string> readTextFile(const std::string &path, std::size_t maxBytes = 64u << 20);

/// Writes `content` to a temporary file beside `path`, flushes it to the disk and renames it over `path`: a reader sees
/// the old content or the new one, never half of it, whatever happens. A file that was there keeps its mode. Errors:
/// NotFound (no such folder), PermissionDenied, DiskFull, Io; the temporary file is removed.
[[nodiscard]] base::Result<void> writeFileAtomically(const std::string &path, std::string_view content);

} // namespace mulligan::formats

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mulligan::formats
{

struct ZipEntry {
    std::string name; ///< relative, "/" between folders
    std::string content;

    bool operator==(const ZipEntry &) const = default;
};

/// Bounds on what an archive may hold: an archive is somebody else's file.
struct ZipLimits {
    std::size_t entries = 10'000;
    std::size_t bytesEach = 256u << 20;
    std::size_t bytesTotal = 1u << 30;
};

/// Bytes of a zip archive with the entries in the order given. Deterministic: equal entries give equal bytes (fixed
/// timestamps and permissions). Errors: InvalidArgument for an unsafe or repeated name.
[[nodiscard]] base::Result<std::string> makeZip(std::span<const ZipEntry> entries);
/// Entries of a zip file, folders left out. Refuses absolute names, "..", repeated names, links, encrypted entries
/// (Corrupt or Unsupported) and anything over the limits (LimitExceeded). Errors name the entry.
[[nodiscard]] base::Result<std::vector<ZipEntry>> readZip(const std::string &path, const ZipLimits &limits = {});
/// The same for an archive in memory.
[[nodiscard]] base::Result<std::vector<ZipEntry>> readZipBytes(std::string_view bytes, const ZipLimits &limits = {});

} // namespace mulligan::formats

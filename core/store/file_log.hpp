#pragma once

#include "base/instant.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace mulligan::store
{

/// What became of one file that an import met, whatever it was.
struct FileSeen {
    std::string path; ///< as it was shown
    std::uint64_t bytes = 0;
    std::int64_t modifiedNs = 0; ///< nanoseconds since 1970
    std::string status;          ///< imported, duplicate, rejected, skipped
    std::string format;          ///< empty where none was recognised
    std::string reason;          ///< why it was not imported
    base::Instant seenAt;

    bool operator==(const FileSeen &) const = default;
};

/// All files ever met, by path.
[[nodiscard]] base::Result<std::map<std::string, FileSeen>> filesSeen(Workspace &workspace);
/// Notes files, in one transaction; what was known of a path before is replaced.
[[nodiscard]] base::Result<void> noteFiles(Workspace &workspace, std::span<const FileSeen> files);

} // namespace mulligan::store

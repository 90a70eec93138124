#pragma once

#include "base/result.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace mulligan::ingest
{

/// What an archive and all archives in it have unpacked to so far: counted together, so that a bomb cannot be built by
/// packing archives into archives.
struct UnpackCount {
    std::uint64_t archiveBytes = 0; ///< size of the outermost archive
    std::atomic<std::uint64_t> unpackedBytes{0};
    std::atomic<std::uint64_t> entries{0};
};

/// A temporary folder that nobody else can look into and that is removed, with all that is in it, when it goes.
class UnpackedFolder
{
public:
    /// Makes it in the system's folder for temporary files (TMPDIR). Errors: NotFound, PermissionDenied, DiskFull, Io.
    [[nodiscard]] static base::Result<std::shared_ptr<UnpackedFolder>> create(std::shared_ptr<UnpackCount> count);

    UnpackedFolder(std::string path, std::shared_ptr<UnpackCount> count)
        : m_path(std::move(path)), m_count(std::move(count))
    {
    }
    UnpackedFolder(const UnpackedFolder &) = delete;
    UnpackedFolder &operator=(const UnpackedFolder &) = delete;
    ~UnpackedFolder();

    [[nodiscard]] const std::string &path() const { return m_path; }
    [[nodiscard]] const std::shared_ptr<UnpackCount> &count() const { return m_count; }

private:
    std::string m_path;
    std::shared_ptr<UnpackCount> m_count;
};

} // namespace mulligan::ingest

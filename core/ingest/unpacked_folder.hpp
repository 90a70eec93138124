#pragma once

#include "base/result.hpp"
#include "ingest/temporary_folder.hpp"

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

/// A temporary folder that an archive is unpacked to, and what all of its kind have unpacked to.
class UnpackedFolder
{
public:
    /// Errors: those of TemporaryFolder::create.
    [[nodiscard]] static base::Result<std::shared_ptr<UnpackedFolder>> create(std::shared_ptr<UnpackCount> count);

    UnpackedFolder(std::shared_ptr<const TemporaryFolder> folder, std::shared_ptr<UnpackCount> count)
        : m_folder(std::move(folder)), m_count(std::move(count))
    {
    }

    [[nodiscard]] const std::string &path() const { return m_folder->path(); }
    [[nodiscard]] const std::shared_ptr<UnpackCount> &count() const { return m_count; }

private:
    std::shared_ptr<const TemporaryFolder> m_folder;
    std::shared_ptr<UnpackCount> m_count;
};

} // namespace mulligan::ingest

#pragma once

#include "formats/archive_reader.hpp"
#include "ingest/archive.hpp"
#include "ingest/unpacked_folder.hpp"

#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::ingest
{

/// Error when an archive of `archiveBytes` has given more than it may. Errors: LimitExceeded.
[[nodiscard]] base::Result<void> checkGrowth(const ArchiveLimits &limits, std::uint64_t archiveBytes,
                                             std::uint64_t unpackedBytes);

/// Sets the entries of one archive down in a folder, under their own names and never outside of it. Neither links nor
/// devices are made, so no later entry can lead out through one.
class Unpacker
{
public:
    /// `shown`: the archive's path as shown. All are kept by reference except `stop`.
    Unpacker(const UnpackedFolder &folder, const std::string &shown, const ArchiveLimits &limits, std::stop_token stop,
             base::Progress &progress);

    /// Takes one entry. Errors end the unpacking: LimitExceeded, DiskFull, PermissionDenied, Io, Cancelled.
    [[nodiscard]] base::Result<void> take(const formats::ArchiveEntry &entry, formats::ByteSource &content);
    /// Writes all of `content` to a new file, within the limits. Errors: as above, and those of `content`.
    [[nodiscard]] base::Result<void> writeFile(const std::string &path, formats::ByteSource &content);

    std::vector<Skipped> skipped; ///< entries that were not set down, and why
    std::uint64_t files = 0;      ///< that were
    /// Decode entries that are refused as well (7z: what follows them needs it), so that this is counted and can stop.
    bool readRefused = false;

private:
    [[nodiscard]] std::string refusal(const formats::ArchiveEntry &entry) const;
    [[nodiscard]] base::Result<void> refuse(const std::string &shown, std::string reason, formats::ByteSource *content);
    [[nodiscard]] base::Result<void> makeFolders(const std::string &name);
    [[nodiscard]] std::string collision(const std::string &name) const;
    [[nodiscard]] base::Result<void> count(std::uint64_t bytes);
    [[nodiscard]] base::Result<void> checkDisk() const;

    const UnpackedFolder &m_folder;
    const std::string &m_shown;
    const ArchiveLimits &m_limits;
    std::stop_token m_stop;
    base::Progress &m_progress;
    std::set<std::string> m_files;
    std::set<std::string> m_folders;
    std::vector<char> m_buffer;
    std::uint64_t m_sinceDiskCheck = 0;
};

} // namespace mulligan::ingest

#pragma once

#include "ingest/reader.hpp"

#include <cstdint>
#include <stop_token>
#include <string_view>

namespace mulligan::ingest
{

/// Whether a file that begins with `head` (decoded by codec, so of a .tar.gz the tar) is an archive: tar, zip, 7z.
[[nodiscard]] bool looksLikeArchive(std::string_view head);

/// Bounds on what an archive may hold: an archive is somebody else's file. Entries and bytes are counted over an
/// archive and all archives in it, and bytes as they come, whatever it states.
struct ArchiveLimits {
    std::uint64_t entries = 200'000;
    std::uint64_t floorBytes = 1u << 30; ///< an archive may always unpack to this much,
    std::uint64_t ratio = 200;           ///< and beyond it to so many times its own size
    std::uint64_t keepFree = 512u << 20; ///< bytes that unpacking leaves free on the disk it uses
    int depth = 4;                       ///< archives within archives
};

/// Unpacks an archive unit (format Archive) into a temporary folder, which lives as long as any unit that comes of it,
/// and finds the sources in it as findSources does, with `format` and `profiles` for what lies in it; an archive unit's
/// own mapping is that of the rows in it; shown paths begin with the
/// archive's. Archives in it are units of format Archive again, one deeper. What is not unpacked (unsafe names, links,
/// devices, encrypted entries, damaged data, all but the last of one name) is in `skipped` with the reason; so is the
/// archive itself when it is damaged behind entries that could be read. Names that are no UTF-8 or hold control
/// characters are mended. Progress counts raw bytes of the archive. Errors: NotFound, PermissionDenied, Io, Corrupt
/// (damaged from the start), Unsupported (encrypted), LimitExceeded, DiskFull, Cancelled.
[[nodiscard]] base::Result<Discovery> openArchive(const SourceUnit &unit, Format format, const ArchiveLimits &limits,
                                                  std::stop_token stop, base::Progress &progress,
                                                  const MappingProfiles &profiles = {});

} // namespace mulligan::ingest

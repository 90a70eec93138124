#pragma once

#include "base/result.hpp"
#include "formats/byte_source.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace mulligan::formats
{

enum class ArchiveKind { Tar, Zip, SevenZip };
/// "tar", "zip", "7z".
[[nodiscard]] std::string_view name(ArchiveKind kind);
/// Kind of archive by the first 512 bytes: zip and 7z by their marks, tar by its header's checksum, which old forms
/// without a mark have as well.
[[nodiscard]] std::optional<ArchiveKind> archiveKindOf(std::string_view head);

/// One entry as the archive describes it: nothing in it is to be trusted.
struct ArchiveEntry {
    enum class Type { File, Folder, SymbolicLink, HardLink, Other };

    std::string name; ///< any bytes but NUL; empty when it cannot be read
    Type type = Type::File;
    std::string target;                ///< of a link
    std::optional<std::uint64_t> size; ///< in bytes, as stated
    bool encrypted = false;
};

/// Called for each entry in the archive's order, with its data, which need not be read. `content.read` tells damage of
/// the entry (Corrupt: checksum wrong, broken off; Unsupported: its compression); `content.rawBytes` is how much of the
/// archive has been taken so far. An error ends the walk and is returned by it.
using EntryVisitor = std::function<base::Result<void>(const ArchiveEntry &entry, ByteSource &content)>;

/// Walks an archive that comes as a stream. Where a header is damaged and others follow, the walk goes on and the
/// damage is the error in the end; so is the want of the mark at a tar's end, or of the directory at that of a zip. A
/// 7z archive must be a file (walkArchiveFile), and a zip is read more surely from one, since its directory stands at
/// the end. Errors: Corrupt (damaged, breaks off), Unsupported (encrypted), Cancelled, and those of `bytes` and
/// `visit`.
[[nodiscard]] base::Result<void> walkArchive(ByteSource &bytes, ArchiveKind kind, const EntryVisitor &visit,
                                             std::stop_token stop);
/// Walks an archive in a file, moving about in it as its format wants. Errors: as above, NotFound, PermissionDenied,
/// Io.
[[nodiscard]] base::Result<void> walkArchiveFile(const std::string &path, ArchiveKind kind, const EntryVisitor &visit,
                                                 std::stop_token stop);

} // namespace mulligan::formats

#pragma once

#include "desktop/models/rows_model.hpp"
#include "pipeline/import_sources.hpp"
#include "store/file_log.hpp"
#include "store/workspace.hpp"

#include <QString>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// What the window says of a file; Grown: imported, in place of an older version of itself.
enum class FileStatus { Imported, Grown, Duplicate, Rejected, PassedOver };
inline constexpr int kFileStatusCount = 5;
[[nodiscard]] QString fileStatusText(FileStatus status);

/// One file (or folder of a rolling log, or member of an archive) that an import ever met.
struct FileEntry {
    std::string path;
    FileStatus status = FileStatus::Imported;
    std::string format;
    std::string sha256;
    std::uint64_t bytes = 0;
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0;
    std::uint64_t joined = 0;
    std::uint64_t rejectedRows = 0;
    std::uint64_t conflicts = 0;
    std::map<std::string, std::uint64_t> redacted; ///< secrets replaced, by kind
    std::vector<std::string> warnings;
    std::string reason;  ///< why it was not imported
    std::string mapping; ///< profile it was read with; empty: none
    bool truncated = false;
    base::Instant from;
    base::Instant to;
    base::Instant seenAt;

    [[nodiscard]] std::uint64_t secrets() const;
};

/// Every file ever met, each once: what was stored of it, else what was noted. Parts of a source that is a folder are
/// not named beside it. `last`: the newest import, which alone knows what had grown. Cost: linear in the files.
[[nodiscard]] std::vector<FileEntry> fileEntries(const std::map<std::string, store::FileSeen> &seen,
                                                 const std::vector<store::SourceRow> &sources,
                                                 const std::optional<pipeline::ImportReport> &last);

/// Whether a file is wanted: all words occur in path, format or reason, letters of any case, and its status is that of
/// `status`, where one is given.
[[nodiscard]] bool fits(const FileEntry &file, const QString &words, std::optional<FileStatus> status);

[[nodiscard]] std::vector<RowsModel<FileEntry>::Column> fileColumns();
/// Everything that is known of a file, line by line.
[[nodiscard]] QString fileDetail(const FileEntry &file);

} // namespace mulligan::desktop

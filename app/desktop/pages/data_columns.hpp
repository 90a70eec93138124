#pragma once

#include "desktop/models/rows_model.hpp"
#include "store/workspace.hpp"

#include <QString>

#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// A rejected row and what is known of its source.
struct RejectEntry {
    store::RejectRow row;
    std::string format;
    bool mapped = false; ///< it was read with a profile
};

/// Rejected rows by source and line, at most `limit` of them; fewer when stopped. Errors: Io, Corrupt.
[[nodiscard]] base::Result<std::vector<RejectEntry>> rejectEntries(const std::string &workspacePath, size_t limit,
                                                                   const std::stop_token &stop);
/// Differences between sources, at most `limit` of them; fewer when stopped. Errors: Io, Corrupt.
[[nodiscard]] base::Result<std::vector<store::ConflictRow>> conflictEntries(const std::string &workspacePath,
                                                                            size_t limit, const std::stop_token &stop);

[[nodiscard]] std::vector<RowsModel<RejectEntry>::Column> rejectColumns();
[[nodiscard]] std::vector<RowsModel<store::ConflictRow>::Column> conflictColumns();
/// Whether all words occur in some column of the row, letters of any case.
[[nodiscard]] bool fits(const store::ConflictRow &row, const QString &words);

/// Writes all rejected rows with the keys of `mulligan rejects`. Returns their number. Errors: Cancelled, Io.
[[nodiscard]] base::Result<std::uint64_t> writeRejects(const std::string &workspacePath, const QString &path,
                                                       const std::stop_token &stop);

} // namespace mulligan::desktop

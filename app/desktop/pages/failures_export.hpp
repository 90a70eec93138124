#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"

#include <QString>

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// Writes failures as CSV with a heading line, every column, in the order of `ids`; replaces the file only once it is
/// whole. Returns the number of rows. Errors: Cancelled, Io, those of the workspace.
[[nodiscard]] base::Result<std::uint64_t> exportFailures(const std::string &workspacePath,
                                                         const std::vector<std::int64_t> &ids, const QString &path,
                                                         const std::stop_token &stop, base::Progress &progress);

} // namespace mulligan::desktop

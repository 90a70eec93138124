#pragma once

#include "classify/lint.hpp"

#include <string>
#include <vector>

namespace mulligan::classify
{

/// A warning `skipped_folder` for each folder within `path` whose rules are not read, since only the files of a folder
/// itself are; none for one that is `given` itself, and for one whose name begins with a dot.
[[nodiscard]] std::vector<Problem> skippedFolders(const std::string &path, const std::vector<std::string> &given);

} // namespace mulligan::classify

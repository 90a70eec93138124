#pragma once

#include "classify/pack_merge.hpp"

#include <QString>

#include <string>
#include <vector>

namespace mulligan::desktop
{

/// A file's name without its folder.
[[nodiscard]] QString fileName(const std::string &path);

/// Whether the conflict is to be decided by whom edits here, not only mended on disk.
[[nodiscard]] bool isChoice(const classify::FileMerge &conflict);

/// What others did to a file that is not taken yet, why it is not, and what each answer would leave.
[[nodiscard]] QString conflictWords(const classify::FileMerge &conflict);
/// The same of several, those that are to be decided first.
[[nodiscard]] QString conflictWords(const std::vector<classify::FileMerge> &conflicts);

/// What others changed and was taken without asking.
[[nodiscard]] QString takenWords(const std::vector<classify::FileMerge> &taken);

/// What "Keep mine" does to the files of the conflicts.
[[nodiscard]] QString keepMineWords(const std::vector<classify::FileMerge> &conflicts);
/// What "Take theirs" does; empty where none of theirs can be taken.
[[nodiscard]] QString takeTheirsWords(const std::vector<classify::FileMerge> &conflicts);

/// Why it cannot where takeTheirsWords() is empty.
[[nodiscard]] QString cannotTakeWords();

} // namespace mulligan::desktop

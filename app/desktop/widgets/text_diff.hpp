#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace mulligan::desktop
{

/// A line of the difference between two texts.
struct DiffLine {
    enum class Kind { Same, Added, Removed, Gap };
    Kind kind = Kind::Same;
    QString text;
    int before = 0; ///< 1-based line in the older text; 0: it is not there
    int after = 0;

    bool operator==(const DiffLine &) const = default;
};

/// The lines in which two texts differ, least of them, with `context` equal lines around; a Gap stands for what is left
/// out. Nothing when they are equal. Where more than a few thousand lines differ the whole stretch counts as removed
/// and added.
[[nodiscard]] std::vector<DiffLine> diffLines(const QString &before, const QString &after, int context = 3);

} // namespace mulligan::desktop

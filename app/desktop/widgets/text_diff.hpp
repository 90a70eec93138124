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

/// How many lines differ. A line that another one takes the place of is one changed line, not one less and one more.
struct DiffCounts {
    int added = 0;
    int removed = 0;
    int changed = 0;

    bool operator==(const DiffCounts &) const = default;
};

[[nodiscard]] DiffCounts countOf(const std::vector<DiffLine> &lines);

/// The part of a line in which it differs from the one whose place it takes, in characters: [begin, end).
struct DiffSpan {
    int begin = 0;
    int end = 0;

    bool operator==(const DiffSpan &) const = default;
};

/// One span a line, empty where nothing stands out: equal lines, lines that take no other's place, and pairs that have
/// less than a third in common, which are other lines rather than changed ones.
[[nodiscard]] std::vector<DiffSpan> changedSpans(const std::vector<DiffLine> &lines);

} // namespace mulligan::desktop

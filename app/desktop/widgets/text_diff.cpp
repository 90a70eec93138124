#include "desktop/widgets/text_diff.hpp"

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

/// Cells of the table of common subsequences; beyond, it would take longer than anybody waits.
constexpr qsizetype kMostCells = 4'000'000;

using Lines = std::vector<DiffLine>;

/// Lines of the stretches that differ, [from, …) in both texts, by the longest common subsequence.
void addChanged(Lines &out, const QStringList &a, const QStringList &b, int from)
{
    const qsizetype rows = a.size();
    const qsizetype columns = b.size();
    const auto removed = [&](qsizetype i) {
        out.push_back({DiffLine::Kind::Removed, a[i], from + static_cast<int>(i) + 1, 0});
    };
    const auto added = [&](qsizetype j) {
        out.push_back({DiffLine::Kind::Added, b[j], 0, from + static_cast<int>(j) + 1});
    };
    qsizetype i = 0;
    qsizetype j = 0;
    if ((rows + 1) * (columns + 1) <= kMostCells) {
        const qsizetype width = columns + 1;
        std::vector<int> common(static_cast<size_t>((rows + 1) * width), 0);
        const auto cell = [&](qsizetype r, qsizetype c) -> int & { return common[static_cast<size_t>(r * width + c)]; };
        for (qsizetype r = rows - 1; r >= 0; --r)
            for (qsizetype c = columns - 1; c >= 0; --c)
                cell(r, c) = a[r] == b[c] ? cell(r + 1, c + 1) + 1 : std::max(cell(r + 1, c), cell(r, c + 1));
        while (i < rows && j < columns) {
            if (a[i] == b[j]) {
                out.push_back(
                    {DiffLine::Kind::Same, a[i], from + static_cast<int>(i) + 1, from + static_cast<int>(j) + 1});
                ++i;
                ++j;
            } else if (cell(i + 1, j) >= cell(i, j + 1)) {
                removed(i++);
            } else {
                added(j++);
            }
        }
    }
    for (; i < rows; ++i)
        removed(i);
    for (; j < columns; ++j)
        added(j);
}

/// Keeps `context` equal lines around what differs.
Lines shortened(const Lines &all, int context)
{
    std::vector<bool> kept(all.size(), false);
    for (size_t i = 0; i < all.size(); ++i) {
        if (all[i].kind == DiffLine::Kind::Same)
            continue;
        const size_t first = i > static_cast<size_t>(context) ? i - static_cast<size_t>(context) : 0;
        const size_t last = std::min(all.size() - 1, i + static_cast<size_t>(context));
        std::fill(kept.begin() + static_cast<std::ptrdiff_t>(first),
                  kept.begin() + static_cast<std::ptrdiff_t>(last) + 1, true);
    }
    Lines out;
    for (size_t i = 0; i < all.size(); ++i) {
        if (kept[i])
            out.push_back(all[i]);
        else if (out.empty() || out.back().kind != DiffLine::Kind::Gap)
            out.push_back({DiffLine::Kind::Gap, {}, 0, 0});
    }
    return out;
}

/// A stretch of removed lines and the added ones that follow it; the first of each are pairs.
struct Stretch {
    size_t removed = 0; ///< index of the first
    size_t added = 0;
    size_t end = 0;
    [[nodiscard]] size_t removedCount() const { return added - removed; }
    [[nodiscard]] size_t addedCount() const { return end - added; }
    [[nodiscard]] size_t pairs() const { return std::min(removedCount(), addedCount()); }
};

/// The lines that differ, stretch by stretch.
std::vector<Stretch> stretchesOf(const Lines &lines)
{
    std::vector<Stretch> stretches;
    const auto pastAll = [&](size_t from, DiffLine::Kind kind) {
        while (from < lines.size() && lines[from].kind == kind)
            ++from;
        return from;
    };
    for (size_t i = 0; i < lines.size();) {
        Stretch stretch;
        stretch.removed = i;
        stretch.added = pastAll(i, DiffLine::Kind::Removed);
        stretch.end = pastAll(stretch.added, DiffLine::Kind::Added);
        if (stretch.end == i) {
            ++i;
            continue;
        }
        stretches.push_back(stretch);
        i = stretch.end;
    }
    return stretches;
}

/// Marks what is between the equal beginning and the equal end of two lines.
void markPair(const QString &before, const QString &after, DiffSpan &inBefore, DiffSpan &inAfter)
{
    const qsizetype shorter = std::min(before.size(), after.size());
    qsizetype head = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    if (head > 0 && before[head - 1].isHighSurrogate())
        --head;
    qsizetype tail = 0;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    if (tail > 0 && before[before.size() - tail].isLowSurrogate())
        --tail;
    if (3 * (head + tail) < shorter)
        return;
    inBefore = {static_cast<int>(head), static_cast<int>(before.size() - tail)};
    inAfter = {static_cast<int>(head), static_cast<int>(after.size() - tail)};
}

} // namespace

DiffCounts countOf(const std::vector<DiffLine> &lines)
{
    DiffCounts counts;
    for (const Stretch &stretch : stretchesOf(lines)) {
        counts.changed += static_cast<int>(stretch.pairs());
        counts.removed += static_cast<int>(stretch.removedCount() - stretch.pairs());
        counts.added += static_cast<int>(stretch.addedCount() - stretch.pairs());
    }
    return counts;
}

std::vector<DiffSpan> changedSpans(const std::vector<DiffLine> &lines)
{
    std::vector<DiffSpan> spans(lines.size());
    for (const Stretch &stretch : stretchesOf(lines))
        for (size_t i = 0; i < stretch.pairs(); ++i)
            markPair(lines[stretch.removed + i].text, lines[stretch.added + i].text, spans[stretch.removed + i],
                     spans[stretch.added + i]);
    return spans;
}

std::vector<DiffLine> diffLines(const QString &before, const QString &after, int context)
{
    if (before == after)
        return {};
    const QStringList a = before.split(QLatin1Char('\n'));
    const QStringList b = after.split(QLatin1Char('\n'));
    const qsizetype shorter = std::min(a.size(), b.size());
    qsizetype head = 0;
    while (head < shorter && a[head] == b[head])
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    Lines all;
    for (qsizetype i = 0; i < head; ++i)
        all.push_back({DiffLine::Kind::Same, a[i], static_cast<int>(i) + 1, static_cast<int>(i) + 1});
    addChanged(all, a.mid(head, a.size() - head - tail), b.mid(head, b.size() - head - tail), static_cast<int>(head));
    for (qsizetype i = tail; i > 0; --i)
        all.push_back({DiffLine::Kind::Same, a[a.size() - i], static_cast<int>(a.size() - i) + 1,
                       static_cast<int>(b.size() - i) + 1});
    return shortened(all, context);
}

} // namespace mulligan::desktop

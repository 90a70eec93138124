#include "desktop/pages/data_files.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <QObject>

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace mulligan::desktop
{

namespace
{

QString statusMark(FileStatus status)
{
    // A mark as well as a colour, so that the colour is not needed.
    switch (status) {
    case FileStatus::Imported: return QStringLiteral("✓ ");
    case FileStatus::Grown: return QStringLiteral("↑ ");
    case FileStatus::Duplicate: return QStringLiteral("= ");
    case FileStatus::Rejected: return QStringLiteral("✕ ");
    case FileStatus::PassedOver: return QStringLiteral("– ");
    }
    return {};
}

QColor statusColour(FileStatus status)
{
    const Theme &theme = Theme::current();
    return status == FileStatus::Imported || status == FileStatus::Grown ? theme.gain
           : status == FileStatus::Rejected                              ? theme.loss
                                                                         : theme.mutedText;
}

FileStatus statusOf(const std::string &noted)
{
    return noted == "imported"    ? FileStatus::Imported
           : noted == "duplicate" ? FileStatus::Duplicate
           : noted == "rejected"  ? FileStatus::Rejected
                                  : FileStatus::PassedOver;
}

FileEntry entryOf(const store::SourceRow &source)
{
    FileEntry entry;
    entry.path = source.path;
    entry.status = source.attempts > 0 || source.rejectedRows == 0 ? FileStatus::Imported : FileStatus::Rejected;
    entry.format = source.format;
    entry.sha256 = source.sha256;
    entry.bytes = source.bytes;
    entry.attempts = source.attempts;
    entry.failures = source.failures;
    entry.joined = source.joined;
    entry.rejectedRows = source.rejectedRows;
    entry.conflicts = source.conflicts;
    entry.redacted = source.redacted;
    entry.warnings = source.warnings;
    entry.mapping = source.mapping;
    entry.truncated = source.truncated;
    entry.from = source.from;
    entry.to = source.to;
    entry.seenAt = source.importedAt;
    return entry;
}

/// Gathers entries by path.
class Entries
{
public:
    std::vector<FileEntry> all;

    FileEntry *find(const std::string &path)
    {
        const auto at = m_places.find(path);
        return at == m_places.end() ? nullptr : &all[at->second];
    }
    void add(FileEntry entry)
    {
        // Two sources of one path are two versions of a file: the newer one is shown under it.
        const auto [at, isNew] = m_places.emplace(entry.path, all.size());
        if (isNew)
            all.push_back(std::move(entry));
        else
            all[at->second] = std::move(entry);
    }
    /// Whether a folder above is a source of its own.
    bool isPart(std::string path)
    {
        for (auto slash = path.rfind('/'); slash != std::string::npos && slash > 0; slash = path.rfind('/')) {
            path.resize(slash);
            if (m_places.count(path) > 0 && all[m_places[path]].attempts > 0)
                return true;
        }
        return false;
    }

private:
    std::unordered_map<std::string, std::size_t> m_places;
};

void addSeen(Entries &entries, const store::FileSeen &file)
{
    if (FileEntry *known = entries.find(file.path)) {
        known->seenAt = std::max(known->seenAt, file.seenAt);
        if (file.status == "rejected") {
            known->status = FileStatus::Rejected;
            known->reason = file.reason;
        }
        return;
    }
    if (entries.isPart(file.path))
        return;
    FileEntry entry;
    entry.path = file.path;
    entry.status = statusOf(file.status);
    entry.format = file.format;
    entry.bytes = file.bytes;
    entry.reason = file.reason;
    entry.seenAt = file.seenAt;
    entries.add(std::move(entry));
}

template <typename Member> RowsModel<FileEntry>::Column countOf(const QString &title, Member member)
{
    return {title,
            [member](const FileEntry &file) {
                const auto count = std::invoke(member, file);
                return count == 0 ? QString() : countText(static_cast<double>(count));
            },
            [member](const FileEntry &file) { return QVariant(static_cast<double>(std::invoke(member, file))); },
            true,
            {},
            {}};
}

} // namespace

QString fileStatusText(FileStatus status)
{
    switch (status) {
    case FileStatus::Imported: return QObject::tr("imported");
    case FileStatus::Grown: return QObject::tr("grown");
    case FileStatus::Duplicate: return QObject::tr("duplicate");
    case FileStatus::Rejected: return QObject::tr("rejected");
    case FileStatus::PassedOver: return QObject::tr("passed over");
    }
    return {};
}

std::uint64_t FileEntry::secrets() const
{
    std::uint64_t sum = 0;
    for (const auto &[kind, count] : redacted)
        sum += count;
    return sum;
}

std::vector<FileEntry> fileEntries(const std::map<std::string, store::FileSeen> &seen,
                                   const std::vector<store::SourceRow> &sources,
                                   const std::optional<pipeline::ImportReport> &last)
{
    Entries entries;
    for (const auto &source : sources)
        entries.add(entryOf(source));
    // After all sources, so that a part finds its folder.
    for (const auto &[path, file] : seen)
        addSeen(entries, file);
    if (last.has_value()) {
        for (const auto &source : last->sources) {
            FileEntry *entry = source.grown ? entries.find(source.path) : nullptr;
            if (entry != nullptr && entry->status == FileStatus::Imported)
                entry->status = FileStatus::Grown;
        }
    }
    return std::move(entries.all);
}

bool fits(const FileEntry &file, const QString &words, std::optional<FileStatus> status)
{
    if (status.has_value() && file.status != *status)
        return false;
    if (words.isEmpty())
        return true;
    const QString all = text(file.path) + QLatin1Char('\n') + text(file.format) + QLatin1Char('\n') + text(file.reason);
    const auto parts = QStringView(words).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(parts.begin(), parts.end(),
                       [&](QStringView word) { return all.contains(word, Qt::CaseInsensitive); });
}

std::vector<RowsModel<FileEntry>::Column> fileColumns()
{
    using Row = FileEntry;
    return {
        {QObject::tr("File"),
         [](const Row &r) { return text(r.path).section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty); },
         {},
         false,
         [](const Row &r) { return text(r.path); },
         {}},
        {QObject::tr("Status"), [](const Row &r) { return statusMark(r.status) + fileStatusText(r.status); },
         [](const Row &r) { return fileStatusText(r.status); }, false,
         [](const Row &r) { return r.reason.empty() ? fileStatusText(r.status) : text(r.reason); },
         [](const Row &r) { return statusColour(r.status); }},
        {QObject::tr("Reason or warning"),
         [](const Row &r) {
             return text(r.reason.empty() && !r.warnings.empty() ? r.warnings.front() : r.reason).simplified();
         },
         {},
         false,
         {},
         {}},
        {QObject::tr("Format"), [](const Row &r) { return text(r.format); }, {}, false, {}, {}},
        {QObject::tr("Size"),
         [](const Row &r) { return r.bytes == 0 ? QString() : bytesText(static_cast<double>(r.bytes)); },
         [](const Row &r) { return QVariant(static_cast<double>(r.bytes)); },
         true,
         {},
         {}},
        countOf(QObject::tr("Attempts"), &Row::attempts),
        countOf(QObject::tr("Failures"), &Row::failures),
        countOf(QObject::tr("Joined"), &Row::joined),
        countOf(QObject::tr("Rejected"), &Row::rejectedRows),
        countOf(QObject::tr("Conflicts"), &Row::conflicts),
        countOf(QObject::tr("Secrets"), &Row::secrets),
        countOf(QObject::tr("Warnings"), [](const Row &r) { return r.warnings.size(); }),
        {QObject::tr("Seen (UTC)"),
         [](const Row &r) { return r.seenAt.ms > 0 ? instantText(r.seenAt) : QString(); },
         [](const Row &r) { return QVariant(static_cast<double>(r.seenAt.ms)); },
         false,
         {},
         {}},
    };
}

QString fileDetail(const FileEntry &file)
{
    const auto count = [](std::uint64_t value) { return countText(static_cast<double>(value)); };
    QStringList lines{text(file.path)};
    QStringList facts{fileStatusText(file.status)};
    if (!file.format.empty())
        facts << text(file.format);
    if (file.bytes > 0)
        facts << bytesText(static_cast<double>(file.bytes));
    if (file.attempts > 0)
        facts << QObject::tr("attempts: %1, failed: %2").arg(count(file.attempts), count(file.failures));
    if (file.seenAt.ms > 0)
        facts << QObject::tr("seen %1 UTC").arg(instantText(file.seenAt));
    lines << facts.join(QStringLiteral(" · "));
    if (!file.reason.empty())
        lines << QObject::tr("Reason: %1").arg(text(file.reason));
    if (file.from.ms > 0)
        lines << QObject::tr("Covers %1 to %2 UTC").arg(instantText(file.from), instantText(file.to));
    if (!file.mapping.empty())
        lines << QObject::tr("Read with the mapping profile %1").arg(text(file.mapping));
    if (file.truncated)
        lines << QObject::tr("It breaks off: what was there is imported.");
    if (file.joined > 0)
        lines << QObject::tr("%1 of its attempts completed one that another source brought.").arg(count(file.joined));
    if (file.conflicts > 0)
        lines << QObject::tr("It differs from other sources in %1 facts; see Conflicts.").arg(count(file.conflicts));
    QStringList kinds;
    for (const auto &[kind, number] : file.redacted)
        kinds << QObject::tr("%1 × %2").arg(count(number), text(kind));
    if (!kinds.isEmpty())
        lines << QObject::tr("Secrets replaced: %1").arg(kinds.join(QStringLiteral(", ")));
    for (const auto &warning : file.warnings)
        lines << QObject::tr("Warning: %1").arg(text(warning));
    if (!file.sha256.empty())
        lines << QObject::tr("SHA-256 %1").arg(text(file.sha256));
    return lines.join(QLatin1Char('\n'));
}

} // namespace mulligan::desktop

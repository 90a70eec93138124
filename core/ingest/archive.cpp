#include "ingest/archive.hpp"

#include "formats/archive_reader.hpp"
#include "ingest/find_sources.hpp"
#include "ingest/unpacker.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <vector>

namespace mulligan::ingest
{

namespace
{

using formats::ArchiveKind;

/// The decoded stream of an archive, which ends when it grows beyond the limits or a stop is asked for: entries that
/// are passed over are decoded as well.
class LimitedSource : public formats::ByteSource
{
public:
    LimitedSource(std::unique_ptr<formats::ByteSource> source, const ArchiveLimits &limits, std::uint64_t archiveBytes,
                  std::stop_token stop)
        : m_source(std::move(source)), m_limits(limits), m_archiveBytes(archiveBytes), m_stop(std::move(stop))
    {
    }
    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        MULLIGAN_TRY(const std::size_t got, m_source->read(buffer));
        m_given += got;
        MULLIGAN_CHECK(checkGrowth(m_limits, m_archiveBytes, m_given));
        return got;
    }
    [[nodiscard]] bool truncated() const override { return m_source->truncated(); }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_source->rawBytes(); }

private:
    std::unique_ptr<formats::ByteSource> m_source;
    const ArchiveLimits &m_limits;
    std::uint64_t m_archiveBytes;
    std::stop_token m_stop;
    std::uint64_t m_given = 0;
};

base::Result<std::optional<ArchiveKind>> kindOf(formats::ByteSource &source)
{
    constexpr std::size_t kHeadBytes = 512;
    MULLIGAN_TRY(const std::string head, formats::readHead(source, kHeadBytes));
    return formats::archiveKindOf(head);
}

/// Reads on to the end, where the checksum stands: a tar ends before its stream does.
base::Result<void> drain(formats::ByteSource &source)
{
    std::vector<char> block(1u << 16);
    for (;;) {
        MULLIGAN_TRY(const std::size_t got, source.read(block));
        if (got == 0)
            return {};
    }
}

/// A compressed zip or 7z archive is decoded into a file first: their directories stand at the end.
base::Result<void> unpackSetDown(formats::ByteSource &decoded, ArchiveKind kind, const UnpackedFolder &folder,
                                 Unpacker &unpacker, const formats::EntryVisitor &visit, const std::stop_token &stop)
{
    MULLIGAN_TRY(const auto aside, UnpackedFolder::create(folder.count()));
    const std::string file = aside->path() + "/archive";
    MULLIGAN_CHECK(unpacker.writeFile(file, decoded));
    return formats::walkArchiveFile(file, kind, visit, stop);
}

base::Result<void> unpack(const std::string &path, const UnpackedFolder &folder, const ArchiveLimits &limits,
                          Unpacker &unpacker, const std::stop_token &stop)
{
    const formats::EntryVisitor visit = [&](const auto &entry, auto &content) { return unpacker.take(entry, content); };
    MULLIGAN_TRY(const auto raw, formats::openRaw(path));
    MULLIGAN_TRY(const auto kindAsItIs, kindOf(*raw));
    unpacker.readRefused = kindAsItIs == ArchiveKind::SevenZip;
    if (kindAsItIs)
        return formats::walkArchiveFile(path, *kindAsItIs, visit, stop);
    MULLIGAN_TRY(const auto looked, formats::openDecoded(path, {nullptr, true}));
    MULLIGAN_TRY(const auto kind, kindOf(*looked));
    if (!kind)
        return base::makeError(base::ErrorCode::Corrupt, "It is neither a tar nor a zip nor a 7z archive");
    unpacker.readRefused = kind == ArchiveKind::SevenZip;
    MULLIGAN_TRY(auto decoded, formats::openDecoded(path, {nullptr, true}));
    LimitedSource limited(std::move(decoded), limits, folder.count()->archiveBytes, stop);
    if (*kind == ArchiveKind::Tar) {
        MULLIGAN_CHECK(formats::walkArchive(limited, *kind, visit, stop));
        return drain(limited);
    }
    return unpackSetDown(limited, *kind, folder, unpacker, visit, stop);
}

/// The count that an archive's content is added to: its own, or that of the archive it lies in.
base::Result<std::shared_ptr<UnpackCount>> countFor(const SourceUnit &unit)
{
    if (unit.depth > 0 && unit.keepAlive != nullptr)
        return std::static_pointer_cast<const UnpackedFolder>(unit.keepAlive)->count();
    std::error_code failed;
    const auto size = std::filesystem::file_size(unit.parts.front(), failed);
    if (failed)
        return base::systemError(failed.value(), "Cannot read", unit.path);
    auto count = std::make_shared<UnpackCount>();
    count->archiveBytes = size;
    return count;
}

bool isDamage(const base::Error &error)
{
    return error.code == base::ErrorCode::Corrupt || error.code == base::ErrorCode::Unsupported;
}

} // namespace

bool looksLikeArchive(std::string_view head)
{
    return formats::archiveKindOf(head).has_value();
}

base::Result<Discovery> openArchive(const SourceUnit &unit, Format format, const ArchiveLimits &limits,
                                    std::stop_token stop, base::Progress &progress, const MappingProfiles &profiles)
{
    if (unit.depth >= limits.depth)
        return base::makeError(base::ErrorCode::LimitExceeded,
                               "It lies in " + std::to_string(unit.depth)
                                   + " archives, one in another, and one so deep is not opened",
                               "Unpack the outer ones and import what is inside.");
    MULLIGAN_TRY(auto count, countFor(unit));
    MULLIGAN_TRY(const auto folder, UnpackedFolder::create(std::move(count)));
    Unpacker unpacker(*folder, unit.path, limits, stop, progress);
    const auto unpacked = unpack(unit.parts.front(), *folder, limits, unpacker, stop);
    if (!unpacked && (!isDamage(unpacked.error()) || unpacker.files == 0))
        return unpacked.error();
    MULLIGAN_TRY(auto found, findInFolder(folder->path(), unit.path, format, stop, profiles));
    for (SourceUnit &inside : found.units) {
        inside.keepAlive = folder;
        inside.depth = unit.depth + 1;
        if (unit.mapping != nullptr)
            inside.mapping = unit.mapping;
    }
    std::move(unpacker.skipped.begin(), unpacker.skipped.end(), std::back_inserter(found.skipped));
    if (!unpacked)
        found.skipped.push_back({unit.path, unpacked.error().message + "; what stands before that was read", true});
    std::stable_sort(found.skipped.begin(), found.skipped.end(),
                     [](const Skipped &a, const Skipped &b) { return a.path < b.path; });
    return found;
}

} // namespace mulligan::ingest

#include "formats/zip.hpp"

#include "formats/entry_name.hpp"
#include "formats/file.hpp"

#include <memory>
#include <set>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

namespace mulligan::formats
{

namespace
{

struct FreeReader {
    void operator()(archive *handle) const { archive_read_free(handle); }
};
struct FreeWriter {
    void operator()(archive *handle) const { archive_write_free(handle); }
};
struct FreeEntry {
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};

base::Result<void> checkName(const std::string &name, std::set<std::string> &seen)
{
    const auto refuse = [&](const char *why) {
        return base::makeError(base::ErrorCode::Corrupt, "Archive entry '" + name + "' " + why,
                               "Take the archive from its source again; do not unpack it by hand.");
    };
    if (const std::string why = unsafeName(name); !why.empty())
        return refuse(why.c_str());
    if (!seen.insert(name).second)
        return refuse("appears twice");
    return {};
}

la_ssize_t appendBytes(archive *, void *out, const void *bytes, size_t size)
{
    static_cast<std::string *>(out)->append(static_cast<const char *>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

base::Error archiveError(archive *handle, const std::string &what)
{
    const char *reason = archive_error_string(handle);
    return base::makeError(base::ErrorCode::Corrupt, what + (reason != nullptr ? std::string(": ") + reason : ""));
}

base::Result<std::string> entryContent(archive *handle, const std::string &name, size_t limit)
{
    std::string content;
    char buffer[1 << 16];
    for (;;) {
        const la_ssize_t got = archive_read_data(handle, buffer, sizeof buffer);
        if (got < 0)
            return archiveError(handle, "Archive entry '" + name + "' is damaged");
        if (got == 0)
            return content;
        content.append(buffer, static_cast<size_t>(got));
        if (content.size() > limit)
            return base::makeError(base::ErrorCode::LimitExceeded,
                                   "Archive entry '" + name + "' grows beyond " + std::to_string(limit) + " bytes");
    }
}

base::Result<std::vector<ZipEntry>> readEntries(archive *handle, const ZipLimits &limits)
{
    std::vector<ZipEntry> entries;
    std::set<std::string> seen;
    size_t total = 0;
    for (;;) {
        archive_entry *header = nullptr;
        const int status = archive_read_next_header(handle, &header);
        if (status == ARCHIVE_EOF)
            return entries;
        if (status != ARCHIVE_OK)
            return archiveError(handle, "Not a sound zip archive");
        const char *rawName = archive_entry_pathname(header);
        const std::string name = rawName != nullptr ? rawName : "";
        if (archive_entry_filetype(header) == AE_IFDIR)
            continue;
        MULLIGAN_CHECK(checkName(name, seen));
        if (archive_entry_is_encrypted(header) != 0)
            return base::makeError(base::ErrorCode::Unsupported, "Archive entry '" + name + "' is encrypted");
        if (archive_entry_filetype(header) != AE_IFREG)
            return base::makeError(base::ErrorCode::Corrupt, "Archive entry '" + name + "' is not a plain file");
        if (entries.size() >= limits.entries)
            return base::makeError(base::ErrorCode::LimitExceeded,
                                   "The archive has more than " + std::to_string(limits.entries) + " entries");
        MULLIGAN_TRY(auto content, entryContent(handle, name, std::min(limits.bytesEach, limits.bytesTotal - total)));
        total += content.size();
        entries.push_back({name, std::move(content)});
    }
}

} // namespace

base::Result<std::string> makeZip(std::span<const ZipEntry> entries)
{
    std::string out;
    const std::unique_ptr<archive, FreeWriter> handle(archive_write_new());
    // Seconds since 1980 in local time is what zip stores; without the extra fields and with a fixed moment the same
    // entries give the same bytes wherever they are written.
    if (archive_write_set_format_zip(handle.get()) != ARCHIVE_OK
        || archive_write_set_bytes_in_last_block(handle.get(), 1) != ARCHIVE_OK
        || archive_write_open(handle.get(), &out, nullptr, appendBytes, nullptr) != ARCHIVE_OK)
        return archiveError(handle.get(), "Cannot begin a zip archive");
    std::set<std::string> seen;
    for (const ZipEntry &entry : entries) {
        if (auto safe = checkName(entry.name, seen); !safe)
            return base::makeError(base::ErrorCode::InvalidArgument, safe.error().message);
        const std::unique_ptr<archive_entry, FreeEntry> header(archive_entry_new());
        archive_entry_set_pathname(header.get(), entry.name.c_str());
        archive_entry_set_size(header.get(), static_cast<la_int64_t>(entry.content.size()));
        archive_entry_set_filetype(header.get(), AE_IFREG);
        archive_entry_set_perm(header.get(), 0644);
        archive_entry_set_mtime(header.get(), 315'619'200, 0);
        if (archive_write_header(handle.get(), header.get()) != ARCHIVE_OK)
            return archiveError(handle.get(), "Cannot add '" + entry.name + "' to the archive");
        if (!entry.content.empty()
            && archive_write_data(handle.get(), entry.content.data(), entry.content.size())
                   != static_cast<la_ssize_t>(entry.content.size()))
            return archiveError(handle.get(), "Cannot add '" + entry.name + "' to the archive");
    }
    if (archive_write_close(handle.get()) != ARCHIVE_OK)
        return archiveError(handle.get(), "Cannot finish the archive");
    return out;
}

base::Result<std::vector<ZipEntry>> readZipBytes(std::string_view bytes, const ZipLimits &limits)
{
    const std::unique_ptr<archive, FreeReader> handle(archive_read_new());
    archive_read_support_format_zip(handle.get());
    if (archive_read_open_memory(handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return archiveError(handle.get(), "Not a zip archive");
    return readEntries(handle.get(), limits);
}

base::Result<std::vector<ZipEntry>> readZip(const std::string &path, const ZipLimits &limits)
{
    MULLIGAN_TRY(const auto bytes, readTextFile(path, limits.bytesTotal));
    auto entries = readZipBytes(bytes, limits);
    if (!entries)
        return std::move(entries).error().in("file " + path);
    return entries;
}

} // namespace mulligan::formats

#include "formats/archive_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

namespace mulligan::formats
{

namespace
{

constexpr std::size_t kBlockBytes = 1u << 16;

/// libarchive turns names into the charset of the thread's locale, and drops what it cannot turn: while this stands, it
/// is UTF-8, whatever the program runs under.
class Utf8Names
{
public:
    Utf8Names() : m_utf8(::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t(nullptr)))
    {
        if (m_utf8 != locale_t(nullptr))
            m_before = ::uselocale(m_utf8);
    }
    Utf8Names(const Utf8Names &) = delete;
    Utf8Names &operator=(const Utf8Names &) = delete;
    ~Utf8Names()
    {
        if (m_utf8 == locale_t(nullptr))
            return;
        ::uselocale(m_before);
        ::freelocale(m_utf8);
    }

private:
    locale_t m_utf8;
    locale_t m_before = locale_t(nullptr);
};

struct FreeReader {
    void operator()(archive *handle) const { archive_read_free(handle); }
};

class OpenFile
{
public:
    explicit OpenFile(const std::string &path) : m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;
    ~OpenFile()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
};

/// What stands at `archive` and does not depend on how its bytes come.
struct Reading {
    archive *handle;
    ArchiveKind kind;
    std::optional<base::Error> sourceError; ///< of the stream that the archive comes as
    ByteSource *stream = nullptr;
    std::vector<char> block;

    [[nodiscard]] std::uint64_t rawBytes() const
    {
        return stream != nullptr
                   ? stream->rawBytes()
                   : static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(handle, -1)));
    }

    /// The last error of the library in words; `whose` is what it befell.
    [[nodiscard]] base::Error error(const std::string &whose) const
    {
        if (sourceError)
            return *sourceError;
        const char *told = archive_error_string(handle);
        const std::string reason = told != nullptr ? told : "no reason is known";
        const auto says = [&](const char *word) { return reason.find(word) != std::string::npos; };
        if (says("ncrypted") || says("assphrase"))
            return base::makeError(base::ErrorCode::Unsupported, whose + " is encrypted",
                                   "Decrypt it and import the files inside.");
        if (says("nsupported") || says("not supported"))
            return base::makeError(base::ErrorCode::Unsupported, whose + " cannot be read here (" + reason + ")",
                                   "Unpack it and import the files inside.");
        if (says("runcated") || says("remature"))
            return base::makeError(base::ErrorCode::Corrupt, whose + " breaks off (" + reason + ")",
                                   "Copy the archive from its source again.");
        return base::makeError(base::ErrorCode::Corrupt, whose + " is damaged (" + reason + ")",
                               "Copy the archive from its source again.");
    }
};

/// The data of the entry at which the archive stands.
class EntryContent : public ByteSource
{
public:
    explicit EntryContent(const Reading &reading) : m_reading(reading) {}

    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (error)
            return *error;
        const la_ssize_t got = archive_read_data(m_reading.handle, buffer.data(), buffer.size());
        if (got >= 0)
            return static_cast<std::size_t>(got);
        fatal = got == ARCHIVE_FATAL;
        error = m_reading.error(fatal ? "The archive" : "The entry");
        return *error;
    }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_reading.rawBytes(); }

    std::optional<base::Error> error;
    bool fatal = false; ///< the archive cannot be read on

private:
    const Reading &m_reading;
};

std::string text(const char *bytes)
{
    return bytes != nullptr ? bytes : "";
}

ArchiveEntry described(archive_entry *header)
{
    ArchiveEntry entry;
    entry.name = text(archive_entry_pathname(header));
    if (entry.name.empty())
        entry.name = text(archive_entry_pathname_utf8(header));
    if (archive_entry_size_is_set(header) != 0 && archive_entry_size(header) >= 0)
        entry.size = static_cast<std::uint64_t>(archive_entry_size(header));
    entry.encrypted = archive_entry_is_encrypted(header) != 0;
    if (archive_entry_hardlink(header) != nullptr) {
        entry.type = ArchiveEntry::Type::HardLink;
        entry.target = text(archive_entry_hardlink(header));
        return entry;
    }
    switch (archive_entry_filetype(header)) {
    case AE_IFREG: entry.type = ArchiveEntry::Type::File; break;
    case AE_IFDIR: entry.type = ArchiveEntry::Type::Folder; break;
    case AE_IFLNK:
        entry.type = ArchiveEntry::Type::SymbolicLink;
        entry.target = text(archive_entry_symlink(header));
        break;
    default: entry.type = ArchiveEntry::Type::Other; break;
    }
    return entry;
}

/// The place in the decoded archive up to which the library has taken it.
std::int64_t place(const Reading &reading)
{
    return archive_filter_bytes(reading.handle, 0);
}

base::Error cutOff(const std::string &lacks)
{
    return base::makeError(base::ErrorCode::Corrupt, "The archive breaks off (" + lacks + ")",
                           "Copy the archive from its source again.");
}

base::Result<void> walk(Reading &reading, const EntryVisitor &visit, const std::stop_token &stop)
{
    // Behind a damaged header the next one is looked for block by block; this many in a row are enough.
    constexpr int kMostDamaged = 10'000;
    std::optional<base::Error> damage;
    for (int damaged = 0;;) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        archive_entry *header = nullptr;
        const std::int64_t before = place(reading);
        const int status = archive_read_next_header(reading.handle, &header);
        if (status == ARCHIVE_EOF && damage)
            return *damage;
        // The library takes the mark of zeros at a tar's end, and is content without one.
        if (status == ARCHIVE_EOF && reading.kind == ArchiveKind::Tar && place(reading) == before)
            return cutOff("the mark at its end is missing");
        if (status == ARCHIVE_EOF)
            return {};
        if (status == ARCHIVE_FATAL)
            return damage ? *damage : reading.error("The archive");
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
            if (!damage)
                damage = reading.error("The archive");
            if (++damaged == kMostDamaged)
                return *damage;
            continue;
        }
        damaged = 0;
        EntryContent content(reading);
        MULLIGAN_CHECK(visit(described(header), content));
        if (content.fatal)
            return *content.error;
        // Otherwise asking for the next header does this, and the place before it cannot be known.
        if (reading.kind == ArchiveKind::Tar && archive_read_data_skip(reading.handle) == ARCHIVE_FATAL)
            return damage ? *damage : reading.error("The archive");
    }
}

la_ssize_t pull(archive *handle, void *self, const void **bytes)
{
    auto *reading = static_cast<Reading *>(self);
    auto got = reading->stream->read(reading->block);
    if (!got) {
        reading->sourceError = got.error();
        archive_set_error(handle, EIO, "reading failed");
        return -1;
    }
    *bytes = reading->block.data();
    return static_cast<la_ssize_t>(got.value());
}

void support(archive *handle, ArchiveKind kind)
{
    switch (kind) {
    case ArchiveKind::Tar: archive_read_support_format_tar(handle); break;
    case ArchiveKind::Zip: archive_read_support_format_zip(handle); break;
    case ArchiveKind::SevenZip: archive_read_support_format_7zip(handle); break;
    }
}

/// Whether a zip has its directory, whose end stands before a comment of at most 65,535 bytes. Without one the library
/// walks the entries as they come, and is content wherever that ends.
bool hasDirectory(int zip)
{
    constexpr std::int64_t kFarthest = 65'535 + 22;
    const std::int64_t size = ::lseek(zip, 0, SEEK_END);
    std::string tail(static_cast<std::size_t>(std::clamp<std::int64_t>(size, 0, kFarthest)), '\0');
    const ssize_t got = ::pread(zip, tail.data(), tail.size(), size - static_cast<std::int64_t>(tail.size()));
    return got > 0 && tail.find("PK\x05\x06") != std::string::npos;
}

/// Whether the block is a tar header: its bytes, with the checksum's own field as spaces, add up to the checksum.
bool isTarHeader(std::string_view block)
{
    constexpr std::size_t kSumAt = 148;
    constexpr std::size_t kSumBytes = 8;
    std::uint64_t stated = 0;
    bool digits = false;
    for (const char c : block.substr(kSumAt, kSumBytes)) {
        if (c >= '0' && c <= '7') {
            stated = stated * 8 + static_cast<std::uint64_t>(c - '0');
            digits = true;
        } else if (digits || c != ' ') {
            break;
        }
    }
    std::uint64_t sum = kSumBytes * ' ';
    for (std::size_t i = 0; i < block.size(); ++i)
        sum += i >= kSumAt && i < kSumAt + kSumBytes ? 0 : static_cast<unsigned char>(block[i]);
    return digits && sum == stated;
}

} // namespace

std::string_view name(ArchiveKind kind)
{
    switch (kind) {
    case ArchiveKind::Tar: return "tar";
    case ArchiveKind::Zip: return "zip";
    case ArchiveKind::SevenZip: return "7z";
    }
    return {};
}

std::optional<ArchiveKind> archiveKindOf(std::string_view head)
{
    constexpr std::size_t kTarBlock = 512;
    // A first entry, or the directory's end of an archive without any.
    if (head.starts_with(std::string_view("PK\x03\x04", 4)) || head.starts_with(std::string_view("PK\x05\x06", 4)))
        return ArchiveKind::Zip;
    if (head.starts_with(std::string_view("7z\xBC\xAF\x27\x1C", 6)))
        return ArchiveKind::SevenZip;
    if (head.size() >= kTarBlock && (head.substr(257, 5) == "ustar" || isTarHeader(head.substr(0, kTarBlock))))
        return ArchiveKind::Tar;
    return std::nullopt;
}

base::Result<void> walkArchive(ByteSource &bytes, ArchiveKind kind, const EntryVisitor &visit, std::stop_token stop)
{
    const Utf8Names names;
    const std::unique_ptr<archive, FreeReader> handle(archive_read_new());
    Reading reading{handle.get(), kind, std::nullopt, &bytes, std::vector<char>(kBlockBytes)};
    support(handle.get(), kind);
    if (archive_read_open(handle.get(), &reading, nullptr, pull, nullptr) != ARCHIVE_OK)
        return reading.error("The archive");
    return walk(reading, visit, stop);
}

base::Result<void> walkArchiveFile(const std::string &path, ArchiveKind kind, const EntryVisitor &visit,
                                   std::stop_token stop)
{
    const Utf8Names names;
    const OpenFile file(path);
    if (file.fd() < 0)
        return base::systemError(errno, "Cannot read", path);
    const std::unique_ptr<archive, FreeReader> handle(archive_read_new());
    Reading reading{handle.get(), kind, std::nullopt, nullptr, {}};
    support(handle.get(), kind);
    const bool whole = kind != ArchiveKind::Zip || hasDirectory(file.fd());
    ::lseek(file.fd(), 0, SEEK_SET);
    if (archive_read_open_fd(handle.get(), file.fd(), kBlockBytes) != ARCHIVE_OK)
        return reading.error("The archive");
    MULLIGAN_CHECK(walk(reading, visit, stop));
    return whole ? base::Result<void>() : cutOff("the directory at its end is missing");
}

} // namespace mulligan::formats

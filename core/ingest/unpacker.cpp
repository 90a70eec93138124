#include "ingest/unpacker.hpp"

#include "formats/entry_name.hpp"
#include "formats/line_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kBufferBytes = 1u << 18;
constexpr std::uint64_t kBytesPerDiskCheck = 8u << 20;

/// A name as it can be shown and written down: control characters and broken UTF-8 replaced.
std::string legible(const std::string &name)
{
    std::string out;
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            out += "\xEF\xBF\xBD";
        else
            out += c;
    }
    return formats::isValidUtf8(out) ? out : formats::repairedUtf8(out);
}

/// A file that is written once.
class NewFile
{
public:
    explicit NewFile(std::string path)
        : m_path(std::move(path)),
          m_fd(::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600))
    {
        m_error = m_fd < 0 ? errno : 0;
    }
    NewFile(const NewFile &) = delete;
    NewFile &operator=(const NewFile &) = delete;
    ~NewFile()
    {
        if (m_fd < 0)
            return;
        ::close(m_fd);
        if (!m_kept)
            ::unlink(m_path.c_str());
    }
    [[nodiscard]] int error() const { return m_error; }
    base::Result<void> write(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_fd, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return base::systemError(errno, "Cannot unpack to", m_path);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    void keep() { m_kept = true; }

private:
    std::string m_path;
    int m_fd;
    int m_error = 0;
    bool m_kept = false;
};

std::string megabytes(std::uint64_t bytes)
{
    return std::to_string(bytes >> 20) + " MiB";
}

bool isDamage(const base::Error &error)
{
    return error.code == base::ErrorCode::Corrupt || error.code == base::ErrorCode::Unsupported;
}

} // namespace

base::Result<void> checkGrowth(const ArchiveLimits &limits, std::uint64_t archiveBytes, std::uint64_t unpackedBytes)
{
    if (unpackedBytes <= limits.floorBytes
        || unpackedBytes / std::max<std::uint64_t>(1, limits.ratio) < std::max<std::uint64_t>(1, archiveBytes))
        return {};
    return base::makeError(base::ErrorCode::LimitExceeded,
                           "The archive unpacks to more than " + std::to_string(limits.ratio) + " times its size ("
                               + megabytes(unpackedBytes) + " so far), as a bomb does",
                           "If it is to be trusted, unpack it and import the files inside.");
}

Unpacker::Unpacker(const UnpackedFolder &folder, const std::string &shown, const ArchiveLimits &limits,
                   std::stop_token stop, base::Progress &progress)
    : m_folder(folder), m_shown(shown), m_limits(limits), m_stop(std::move(stop)), m_progress(progress),
      m_buffer(kBufferBytes)
{
}

std::string Unpacker::refusal(const formats::ArchiveEntry &entry) const
{
    using Type = formats::ArchiveEntry::Type;
    if (entry.name.empty())
        return "it has no name that can be read";
    if (const std::string why = formats::unsafeName(entry.name); !why.empty())
        return "it " + why;
    switch (entry.type) {
    case Type::SymbolicLink: return "links are not unpacked (to '" + legible(entry.target) + "')";
    case Type::HardLink: return "it is a hard link to '" + legible(entry.target) + "', which is read at its own place";
    case Type::Other: return "it is a device, a pipe or another thing that is no file";
    case Type::File:
    case Type::Folder: break;
    }
    return entry.encrypted ? "it is encrypted" : "";
}

base::Result<void> Unpacker::take(const formats::ArchiveEntry &entry, formats::ByteSource &content)
{
    if (++m_folder.count()->entries > m_limits.entries)
        return base::makeError(base::ErrorCode::LimitExceeded,
                               "The archive has more than " + std::to_string(m_limits.entries) + " entries",
                               "Unpack it and import the files inside.");
    m_progress.setDone(content.rawBytes());
    if (entry.type == formats::ArchiveEntry::Type::Folder)
        return {};
    const std::string name = formats::normalName(legible(entry.name));
    const std::string shown = m_shown + '/' + (entry.name.empty() ? "?" : legible(entry.name));
    if (const std::string why = refusal(entry); !why.empty()) {
        MULLIGAN_CHECK(refuse(shown, why, entry.encrypted ? nullptr : &content));
        skipped.back().damaged = entry.encrypted;
        return {};
    }
    // Replacing what cannot be shown makes a name longer.
    const std::string path = m_folder.path() + '/' + name;
    if (!formats::unsafeName(name).empty() || path.size() >= PATH_MAX)
        return refuse(shown, "it has a name that is too long", &content);
    if (const std::string why = collision(name); !why.empty())
        return refuse(shown, why, &content);
    MULLIGAN_CHECK(makeFolders(name));
    // What 'tar -r' and 'tar -u' append is the newer version. It is set down beside the one before, which stays should
    // this one be damaged, under a name that no entry can have.
    const std::string newer = m_folder.path() + "/\x01";
    const bool again = m_files.contains(name);
    if (auto written = writeFile(again ? newer : path, content); !written) {
        if (!isDamage(written.error()))
            return written;
        skipped.push_back({shown, written.error().message, true});
        return {};
    }
    if (!again) {
        m_files.insert(name);
        ++files;
        return {};
    }
    if (::rename(newer.c_str(), path.c_str()) != 0)
        return base::systemError(errno, "Cannot unpack to", path);
    skipped.push_back({shown, "a later entry has the same name, and was read in its place"});
    return {};
}

/// `content`: null where it cannot be read.
base::Result<void> Unpacker::refuse(const std::string &shown, std::string reason, formats::ByteSource *content)
{
    skipped.push_back({shown, std::move(reason)});
    while (readRefused && content != nullptr) {
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        const auto got = content->read(m_buffer);
        if (!got || got.value() == 0)
            break; // what is wrong with it does not matter, or is told by the walk
        MULLIGAN_CHECK(count(got.value()));
    }
    return {};
}

std::string Unpacker::collision(const std::string &name) const
{
    if (m_folders.contains(name))
        return "a folder of the same name came before it";
    for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
        if (m_files.contains(name.substr(0, slash)))
            return "its folder came before it as a file";
    }
    return {};
}

base::Result<void> Unpacker::makeFolders(const std::string &name)
{
    for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
        const std::string folder = name.substr(0, slash);
        if (!m_folders.insert(folder).second)
            continue;
        const std::string path = m_folder.path() + '/' + folder;
        if (::mkdir(path.c_str(), 0700) != 0)
            return base::systemError(errno, "Cannot unpack to", path);
    }
    return {};
}

base::Result<void> Unpacker::writeFile(const std::string &path, formats::ByteSource &content)
{
    NewFile file(path);
    if (file.error() != 0)
        return base::systemError(file.error(), "Cannot unpack to", path);
    MULLIGAN_CHECK(checkDisk());
    for (;;) {
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        MULLIGAN_TRY(const std::size_t got, content.read(m_buffer));
        if (got == 0)
            break;
        MULLIGAN_CHECK(count(got));
        MULLIGAN_CHECK(file.write({m_buffer.data(), got}));
        m_progress.setDone(content.rawBytes());
    }
    file.keep();
    return {};
}

base::Result<void> Unpacker::count(std::uint64_t bytes)
{
    UnpackCount &all = *m_folder.count();
    MULLIGAN_CHECK(checkGrowth(m_limits, all.archiveBytes, all.unpackedBytes += bytes));
    m_sinceDiskCheck += bytes;
    if (m_sinceDiskCheck < kBytesPerDiskCheck)
        return {};
    m_sinceDiskCheck = 0;
    return checkDisk();
}

base::Result<void> Unpacker::checkDisk() const
{
    struct statvfs disk {
    };
    if (::statvfs(m_folder.path().c_str(), &disk) != 0)
        return base::systemError(errno, "Cannot look at the disk of", m_folder.path());
    if (static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize >= m_limits.keepFree)
        return {};
    return base::makeError(base::ErrorCode::DiskFull,
                           "Unpacking would leave less than " + megabytes(m_limits.keepFree)
                               + " on the disk of temporary files",
                           "Free space there or set TMPDIR to a folder on a larger disk");
}

} // namespace mulligan::ingest

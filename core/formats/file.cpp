#include "formats/file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mulligan::formats
{

namespace
{

/// A file descriptor that is closed when it goes.
class Descriptor
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

base::Result<void> writeAll(int fd, std::string_view content, const std::string &path)
{
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return base::systemError(errno, "Cannot write", path);
        content.remove_prefix(static_cast<size_t>(written));
    }
    if (::fsync(fd) != 0)
        return base::systemError(errno, "Cannot flush", path);
    return {};
}

} // namespace

base::Result<std::string> readTextFile(const std::string &path, std::size_t maxBytes)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return base::systemError(errno, "Cannot read", path);
    struct stat status {
    };
    if (::fstat(file.get(), &status) != 0)
        return base::systemError(errno, "Cannot read", path);
    if (S_ISDIR(status.st_mode))
        return base::systemError(EISDIR, "Cannot read", path);
    if (static_cast<std::size_t>(status.st_size) > maxBytes)
        return base::makeError(base::ErrorCode::LimitExceeded,
                               "'" + path + "' is larger than " + std::to_string(maxBytes) + " bytes",
                               "Check that this is the file you meant.");
    std::string text;
    char buffer[1 << 16];
    for (;;) {
        const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base::systemError(errno, "Cannot read", path);
        if (got == 0)
            return text;
        text.append(buffer, static_cast<size_t>(got));
        if (text.size() > maxBytes)
            return base::makeError(base::ErrorCode::LimitExceeded,
                                   "'" + path + "' is larger than " + std::to_string(maxBytes) + " bytes",
                                   "Check that this is the file you meant.");
    }
}

namespace
{

/// Permissions of the file at `path`; those of a new file when there is none.
mode_t modeOf(const std::string &path)
{
    struct stat status {
    };
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) ? status.st_mode & 07777 : 0644;
}

} // namespace

base::Result<void> writeFileAtomically(const std::string &path, std::string_view content)
{
    std::string temporary = path + ".XXXXXX";
    const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (fd < 0)
        return base::systemError(errno, "Cannot write", path);
    base::Result<void> written;
    {
        const Descriptor file(fd);
        written = writeAll(fd, content, path);
        if (written)
            ::fchmod(fd, modeOf(path));
    }
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
        written = base::systemError(errno, "Cannot write", path);
    if (!written)
        ::unlink(temporary.c_str());
    return written;
}

} // namespace mulligan::formats

#include "ingest/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mulligan::ingest
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view kPrefix = "mulligan-";
/// Younger ones may belong to a process that has made its folder but not yet locked it.
constexpr int kSafeAgeSeconds = 60;

/// An open, locked descriptor of a folder; -1 where another process holds it, or where it cannot be opened.
int lockFolder(const std::string &path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0)
        ::close(fd);
    return -1;
}

bool isOldAndOurs(const std::string &path)
{
    struct stat found = {};
    return ::lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == ::geteuid()
           && found.st_mtim.tv_sec + kSafeAgeSeconds < ::time(nullptr);
}

/// Removes folders for the same purpose whose process has ended without doing so.
void removeLeftovers(const fs::path &parent, const std::string &begin)
{
    std::error_code failed;
    for (fs::directory_iterator at(parent, failed), end; !failed && at != end; at.increment(failed)) {
        const std::string path = at->path().string();
        if (!at->path().filename().string().starts_with(begin) || !isOldAndOurs(path))
            continue;
        const int lock = lockFolder(path);
        if (lock < 0)
            continue;
        std::error_code ignored;
        fs::remove_all(path, ignored);
        ::close(lock);
    }
}

} // namespace

base::Result<std::shared_ptr<const TemporaryFolder>> TemporaryFolder::create(std::string_view purpose)
{
    std::error_code failed;
    const fs::path parent = fs::temp_directory_path(failed);
    if (failed)
        return base::makeError(base::ErrorCode::NotFound, "There is no folder for temporary files",
                               "Set TMPDIR to one that can be written to.");
    const std::string begin = std::string(kPrefix) + std::string(purpose) + "-";
    removeLeftovers(parent, begin);
    std::string path = (parent / (begin + "XXXXXX")).string();
    if (::mkdtemp(path.data()) == nullptr)
        return base::systemError(errno, "Cannot make a temporary folder", path);
    return std::make_shared<const TemporaryFolder>(path, lockFolder(path));
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
    if (m_lock >= 0)
        ::close(m_lock);
}

} // namespace mulligan::ingest

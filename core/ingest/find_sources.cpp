#include "ingest/reader.hpp"

#include "formats/byte_source.hpp"
#include "ingest/event_log_folder.hpp"
#include "ingest/recognise.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

namespace mulligan::ingest
{

namespace fs = std::filesystem;

namespace
{

/// A file that is removed when nobody needs it any more.
class TemporaryFile
{
public:
    static base::Result<std::shared_ptr<TemporaryFile>> create()
    {
        std::error_code ignored;
        fs::path folder = fs::temp_directory_path(ignored);
        std::string path = (folder / "mulligan-input-XXXXXX").string();
        const int fd = ::mkstemp(path.data());
        if (fd < 0)
            return base::systemError(errno, "Cannot make a temporary file", path);
        return std::make_shared<TemporaryFile>(fd, path);
    }
    TemporaryFile(int fd, std::string path) : m_fd(fd), m_path(std::move(path)) {}
    TemporaryFile(const TemporaryFile &) = delete;
    TemporaryFile &operator=(const TemporaryFile &) = delete;
    ~TemporaryFile()
    {
        close();
        ::unlink(m_path.c_str());
    }
    base::Result<void> write(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_fd, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return base::systemError(errno, "Cannot set down standard input in", m_path)
                    .withHint("Free space there, or set TMPDIR to a folder on a larger disk, and run it again.");
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    void close()
    {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = -1;
    }
    [[nodiscard]] const std::string &path() const { return m_path; }

private:
    int m_fd;
    std::string m_path;
};

base::Error unsupported(const std::string &path, const std::string &reason)
{
    return base::makeError(base::ErrorCode::Unsupported, "'" + path + "' is not imported: " + reason,
                           "Attempt records (JSON Lines or CSV) and Spark event logs can be read; choose one with "
                           "--format when the file is one of them all the same.");
}

/// Fills in the format of a file that the user named.
base::Result<void> settleFormat(SourceUnit &unit, Format format)
{
    unit.format = format;
    if (format != Format::Auto)
        return {};
    MULLIGAN_TRY(const auto recognised, recogniseFile(unit.parts.front(), unit.path, false));
    if (!recognised.format)
        return unsupported(unit.path, recognised.reason);
    unit.format = *recognised.format;
    return {};
}

base::Result<Discovery> findStandardInput(Format format)
{
    MULLIGAN_TRY(const auto file, TemporaryFile::create());
    MULLIGAN_TRY(const auto input, formats::openRaw("-"));
    std::vector<char> buffer(1u << 16);
    for (;;) {
        MULLIGAN_TRY(const std::size_t got, input->read(buffer));
        if (got == 0)
            break;
        MULLIGAN_CHECK(file->write({buffer.data(), got}));
    }
    file->close();
    Discovery found;
    found.units.push_back({"-", format, {file->path()}, file});
    MULLIGAN_CHECK(settleFormat(found.units.front(), format));
    return found;
}

/// Searches folders downwards in sorted order.
class FolderSearch
{
public:
    explicit FolderSearch(Format format) : m_format(format) {}

    base::Result<void> search(const std::string &folder)
    {
        std::error_code failed;
        std::vector<std::string> files;
        std::vector<std::string> folders;
        auto entry = fs::directory_iterator(folder, failed);
        if (failed)
            return base::systemError(failed.value(), "Cannot list", folder);
        for (const auto end = fs::directory_iterator(); entry != end; entry.increment(failed)) {
            std::error_code unknown;
            if (entry->is_directory(unknown))
                folders.push_back(entry->path().filename().string());
            else
                files.push_back(entry->path().filename().string());
        }
        if (failed)
            return base::systemError(failed.value(), "Cannot list", folder);
        std::sort(files.begin(), files.end());
        std::sort(folders.begin(), folders.end());
        takeFiles(folder, files);
        for (const auto &name : folders)
            descend((fs::path(folder) / name).string(), name);
        return {};
    }

    Discovery found;

private:
    void descend(const std::string &path, const std::string &name)
    {
        std::error_code unknown;
        if (name.starts_with('.'))
            return skip(path, "hidden folders are passed over");
        // A link could lead back up, and what it shows is found at its own place.
        if (fs::is_symlink(path, unknown))
            return skip(path, "links to folders are not followed");
        if (const auto below = search(path); !below)
            skip(path, below.error().message);
    }

    void takeFiles(const std::string &folder, const std::vector<std::string> &files)
    {
        FolderLogs logs;
        if (m_format == Format::Auto || m_format == Format::SparkEventLog)
            logs = logsOfFolder(folder, files);
        std::move(logs.units.begin(), logs.units.end(), std::back_inserter(found.units));
        std::move(logs.skipped.begin(), logs.skipped.end(), std::back_inserter(found.skipped));
        for (const auto &name : files) {
            if (std::find(logs.taken.begin(), logs.taken.end(), name) == logs.taken.end())
                takeFile((fs::path(folder) / name).string(), name);
        }
    }

    void takeFile(const std::string &path, const std::string &name)
    {
        std::error_code unknown;
        if (const std::string why = excludedName(name); !why.empty())
            return skip(path, why);
        if (!fs::is_regular_file(path, unknown))
            return skip(path, fs::exists(path, unknown) ? "it is not a plain file" : "the link leads nowhere");
        const auto recognised = recogniseFile(path, path, true);
        if (!recognised)
            return skip(path, recognised.error().message);
        if (!recognised->format)
            return skip(path, recognised->reason);
        if (m_format != Format::Auto && m_format != *recognised->format)
            return skip(path, "it is of the format " + std::string(ingest::name(*recognised->format)) + ", not "
                                  + std::string(ingest::name(m_format)));
        found.units.push_back({path, *recognised->format, {path}, nullptr});
    }

    void skip(const std::string &path, std::string reason) { found.skipped.push_back({path, std::move(reason)}); }

    Format m_format;
};

} // namespace

base::Result<Discovery> findSources(const std::string &path, Format format)
{
    if (path == "-")
        return findStandardInput(format);
    std::error_code failed;
    const auto status = fs::status(path, failed);
    if (status.type() == fs::file_type::not_found)
        return base::systemError(ENOENT, "Cannot read", path);
    if (failed)
        return base::systemError(failed.value(), "Cannot read", path);
    if (fs::is_directory(status)) {
        FolderSearch search(format);
        MULLIGAN_CHECK(search.search(path));
        std::sort(search.found.units.begin(), search.found.units.end(),
                  [](const SourceUnit &a, const SourceUnit &b) { return a.path < b.path; });
        std::sort(search.found.skipped.begin(), search.found.skipped.end(),
                  [](const Skipped &a, const Skipped &b) { return a.path < b.path; });
        return std::move(search.found);
    }
    if (!fs::is_regular_file(status))
        return unsupported(path, "it is neither a file nor a folder");
    Discovery found;
    found.units.push_back({path, format, {path}, nullptr});
    MULLIGAN_CHECK(settleFormat(found.units.front(), format));
    return found;
}

} // namespace mulligan::ingest

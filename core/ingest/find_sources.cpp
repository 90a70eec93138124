#include "ingest/reader.hpp"

#include "formats/byte_source.hpp"
#include "ingest/airflow.hpp"
#include "ingest/container_logs.hpp"
#include "ingest/event_log_folder.hpp"
#include "ingest/find_sources.hpp"
#include "ingest/known_profile.hpp"
#include "ingest/recognise.hpp"
#include "ingest/temporary_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <fcntl.h>
#include <unistd.h>

namespace mulligan::ingest
{

namespace fs = std::filesystem;

namespace
{

/// A file that is removed, with its folder, when nobody needs it any more.
class TemporaryFile
{
public:
    static base::Result<std::shared_ptr<TemporaryFile>> create()
    {
        MULLIGAN_TRY(auto folder, TemporaryFolder::create("input"));
        const std::string path = folder->path() + "/standard-input";
        const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
            return base::systemError(errno, "Cannot make a temporary file", path);
        return std::make_shared<TemporaryFile>(std::move(folder), fd, path);
    }
    TemporaryFile(std::shared_ptr<const TemporaryFolder> folder, int fd, std::string path)
        : m_folder(std::move(folder)), m_fd(fd), m_path(std::move(path))
    {
    }
    TemporaryFile(const TemporaryFile &) = delete;
    TemporaryFile &operator=(const TemporaryFile &) = delete;
    ~TemporaryFile() { close(); }
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
    std::shared_ptr<const TemporaryFolder> m_folder;
    int m_fd;
    std::string m_path;
};

base::Error unsupported(const std::string &path, const std::string &reason, const std::string &remedy = {})
{
    return base::makeError(
        base::ErrorCode::Unsupported, "'" + path + "' is not imported: " + reason,
        !remedy.empty()
            ? remedy
            : "Attempt records, other tables by a profile (--map), Spark event logs, text logs of Spark, 'yarn "
              "logs' and Airflow's history can be read; choose one with --format when the file is one of "
              "them all the same.");
}

/// A database's newest rows stand in a log beside it: what is read is both, and so is what tells it from another one.
void addWriteAheadLog(SourceUnit &unit)
{
    if (unit.format != Format::Airflow)
        return;
    if (std::string log = writeAheadLogOf(unit.parts.front()); !log.empty())
        unit.parts.push_back(std::move(log));
}

/// Whether one of the profiles fits a table; then it is read by it.
bool readByProfile(SourceUnit &unit, const MappingProfiles &profiles)
{
    unit.mapping = profileFor(unit.parts.front(), profiles);
    if (unit.mapping != nullptr)
        unit.format = rowReader(*unit.mapping);
    return unit.mapping != nullptr;
}

/// Fills in the format of a file that the user named.
base::Result<void> settleFormat(SourceUnit &unit, Format format, const MappingProfiles &profiles)
{
    unit.format = format;
    auto recognised = recogniseFile(unit.parts.front(), unit.path, false);
    // A format that was named is not questioned, but of an archive it is what lies in it that has the format.
    if (format != Format::Auto) {
        if (recognised && recognised->format == Format::Archive)
            unit.format = Format::Archive;
        return {};
    }
    if (!recognised)
        return std::move(recognised).error();
    if (recognised->table && readByProfile(unit, profiles))
        return {};
    if (recognised->format)
        unit.format = *recognised->format;
    else
        return unsupported(unit.path, recognised->reason, recognised->remedy);
    return {};
}

base::Result<Discovery> findStandardInput(Format format, const MappingProfiles &profiles)
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
    MULLIGAN_CHECK(settleFormat(found.units.front(), format, profiles));
    return found;
}

/// A place on the disk and the path it is shown under.
struct Place {
    std::string real;
    std::string shown;

    [[nodiscard]] Place at(const std::string &name) const
    {
        return {(fs::path(real) / name).string(), (fs::path(shown) / name).string()};
    }
};

/// Why what stands in a folder and is neither a plain file nor a folder cannot be read.
std::string notPlain(const std::string &path)
{
    std::error_code failed;
    const auto status = fs::status(path, failed);
    if (failed.value() == ELOOP)
        return "its links lead in a circle";
    switch (status.type()) {
    case fs::file_type::not_found: return "the link leads nowhere";
    case fs::file_type::socket: return "it is a socket";
    case fs::file_type::fifo: return "it is a pipe";
    case fs::file_type::block:
    case fs::file_type::character: return "it is a device";
    default: break;
    }
    return failed ? "it cannot be looked at: " + failed.message() : "it is not a plain file";
}

/// Searches folders downwards in sorted order. Whatever is met ends up in `found`: in a unit or with a reason.
class FolderSearch
{
public:
    FolderSearch(Format format, std::stop_token stop, const MappingProfiles &profiles)
        : m_format(format), m_stop(std::move(stop)), m_profiles(profiles)
    {
    }

    base::Result<void> search(const Place &folder)
    {
        std::error_code failed;
        std::vector<std::string> files;
        std::vector<std::string> folders;
        auto entry = fs::directory_iterator(folder.real, failed);
        if (failed)
            return base::systemError(failed.value(), "Cannot list", folder.shown);
        for (const auto end = fs::directory_iterator(); entry != end; entry.increment(failed)) {
            std::error_code unknown;
            if (entry->is_directory(unknown))
                folders.push_back(entry->path().filename().string());
            else
                files.push_back(entry->path().filename().string());
        }
        if (failed)
            return base::systemError(failed.value(), "Cannot list", folder.shown);
        std::sort(files.begin(), files.end());
        std::sort(folders.begin(), folders.end());
        MULLIGAN_CHECK(takeFiles(folder, files));
        for (const auto &name : folders)
            MULLIGAN_CHECK(descend(folder.at(name), name));
        return {};
    }

    Discovery found;

private:
    base::Result<void> descend(const Place &place, const std::string &name)
    {
        std::error_code unknown;
        if (name.starts_with('.'))
            return skip(place, "hidden folders are passed over");
        // A link could lead back up, and what it shows is found at its own place.
        if (fs::is_symlink(place.real, unknown))
            return skip(place, "links to folders are not followed");
        auto below = search(place);
        if (!below && below.error().code != base::ErrorCode::Cancelled)
            return refuse(place, below.error().text());
        return below;
    }

    base::Result<void> takeFiles(const Place &folder, const std::vector<std::string> &files)
    {
        FolderLogs logs;
        if (m_format == Format::Auto || m_format == Format::SparkEventLog)
            logs = logsOfFolder(folder.real, folder.shown, files);
        std::move(logs.units.begin(), logs.units.end(), std::back_inserter(found.units));
        std::move(logs.skipped.begin(), logs.skipped.end(), std::back_inserter(found.skipped));
        const std::set<std::string> taken(logs.taken.begin(), logs.taken.end());
        for (const auto &name : files) {
            if (m_stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
            if (!taken.contains(name))
                MULLIGAN_CHECK(takeFile(folder.at(name), name));
        }
        return {};
    }

    base::Result<void> takeFile(const Place &place, const std::string &name)
    {
        std::error_code unknown;
        if (const std::string why = excludedName(name); !why.empty())
            return skip(place, why);
        if (!fs::is_regular_file(place.real, unknown))
            return skip(place, notPlain(place.real));
        if (const std::string owner = databaseBehind(fs::path(place.real).parent_path().string(), name); !owner.empty())
            return skip(place, "it belongs to the database " + owner + " beside it");
        const auto recognised = recogniseFile(place.real, place.shown, true);
        if (!recognised)
            return refuse(place, recognised.error().text());
        SourceUnit unit{place.shown, m_format, {place.real}, nullptr};
        if (recognised->table && m_format == Format::Auto && readByProfile(unit, m_profiles)) {
            found.units.push_back(std::move(unit));
            return {};
        }
        if (!recognised->format)
            return recognised->damaged ? refuse(place, recognised->reason) : skip(place, recognised->reason);
        // What an archive holds is judged when it is opened.
        if (m_format != Format::Auto && m_format != *recognised->format && *recognised->format != Format::Archive)
            return skip(place, "it is of the format " + std::string(ingest::name(*recognised->format)) + ", not "
                                   + std::string(ingest::name(m_format)));
        unit.format = *recognised->format;
        addWriteAheadLog(unit);
        found.units.push_back(std::move(unit));
        return {};
    }

    base::Result<void> skip(const Place &place, std::string reason)
    {
        found.skipped.push_back({place.shown, std::move(reason)});
        return {};
    }

    /// What may well be a source, but cannot be read.
    base::Result<void> refuse(const Place &place, std::string reason)
    {
        found.skipped.push_back({place.shown, std::move(reason), true});
        return {};
    }

    Format m_format;
    std::stop_token m_stop;
    const MappingProfiles &m_profiles;
};

} // namespace

base::Result<Discovery> findInFolder(const std::string &folder, const std::string &shown, Format format,
                                     const std::stop_token &stop, const MappingProfiles &profiles)
{
    FolderSearch search(format, stop, profiles);
    MULLIGAN_CHECK(search.search({folder, shown}));
    search.found = withContainersTogether(std::move(search.found));
    std::sort(search.found.units.begin(), search.found.units.end(),
              [](const SourceUnit &a, const SourceUnit &b) { return a.path < b.path; });
    std::sort(search.found.skipped.begin(), search.found.skipped.end(),
              [](const Skipped &a, const Skipped &b) { return a.path < b.path; });
    return std::move(search.found);
}

base::Result<Discovery> findSources(const std::string &path, Format format, const std::stop_token &stop,
                                    const MappingProfiles &profiles)
{
    if (path == "-")
        return findStandardInput(format, profiles);
    std::error_code failed;
    const auto status = fs::status(path, failed);
    std::error_code unknown;
    if (status.type() == fs::file_type::not_found && fs::is_symlink(path, unknown))
        return base::makeError(base::ErrorCode::NotFound,
                               "Cannot read '" + path + "': the link leads nowhere; there is no '"
                                   + fs::read_symlink(path, unknown).string() + "'",
                               "Point the link at a file, or name the file itself.");
    if (status.type() == fs::file_type::not_found)
        return base::systemError(ENOENT, "Cannot read", path);
    if (failed)
        return base::systemError(failed.value(), "Cannot read", path);
    if (fs::is_directory(status))
        return findInFolder(path, path, format, stop, profiles);
    if (!fs::is_regular_file(status))
        return unsupported(path, "it is neither a file nor a folder");
    if (isOfWorkspace(path))
        return unsupported(path, "it is a workspace of Mulligan", "Open it instead of importing it.");
    Discovery found;
    found.units.push_back({path, format, {path}, nullptr});
    MULLIGAN_CHECK(settleFormat(found.units.front(), format, profiles));
    addWriteAheadLog(found.units.front());
    return found;
}

} // namespace mulligan::ingest

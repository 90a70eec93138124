#include "synth/output.hpp"

#include "formats/compress.hpp"
#include "formats/file.hpp"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace mulligan::synth
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t kFrameBytes = 4u << 20;
constexpr std::string_view kPartial = ".partial";
constexpr int kLevel = 12;

base::Result<void> makeFolder(const std::string &path)
{
    std::error_code code;
    fs::create_directories(path, code);
    if (fs::is_directory(path, code))
        return {};
    const fs::file_status status = fs::status(path, code);
    if (fs::exists(status) || code.value() == ENOTDIR)
        return base::makeError(base::ErrorCode::Conflict, "Cannot make the folder '" + path + "': a file is in the way",
                               "Name another folder, or move the file away.");
    fs::create_directories(path, code);
    return base::systemError(code.value() == 0 ? EACCES : code.value(), "Cannot make the folder", path);
}

/// Removes what an earlier synthesis made: only names that synthesis gives.
void removeEarlier(const fs::path &folder)
{
    std::error_code code;
    for (const char *name : {"history.jsonl", "history_2.csv", "truth.jsonl", "economics.yaml"})
        for (const char *codec : {"", ".zst"})
            fs::remove(folder / (std::string(name) + codec), code);
    std::vector<fs::path> logs;
    for (const auto &entry : fs::directory_iterator(folder / "event_logs", code)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("application_17675712000") || name.starts_with("eventlog_v2_application_17675712000"))
            logs.push_back(entry.path());
    }
    for (const fs::path &log : logs)
        fs::remove_all(log, code);
}

} // namespace

OutputFile::OutputFile(std::string path, bool zstd, int descriptor)
    : m_path(std::move(path)), m_zstd(zstd), m_descriptor(descriptor)
{
}

OutputFile::~OutputFile()
{
    if (m_descriptor < 0)
        return;
    ::close(m_descriptor);
    ::unlink((m_path + std::string(kPartial)).c_str());
}

base::Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string &path, bool zstd)
{
    std::error_code code;
    if (fs::is_directory(path, code))
        return base::makeError(base::ErrorCode::Conflict, "Cannot write '" + path + "': a folder has this name",
                               "Name another folder to write to, or move that one away.");
    const std::string partial = path + std::string(kPartial);
    const int descriptor = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return base::systemError(errno, "Cannot write", path);
    return std::unique_ptr<OutputFile>(new OutputFile(path, zstd, descriptor));
}

base::Result<void> OutputFile::write(std::string_view bytes)
{
    m_buffer += bytes;
    if (m_buffer.size() >= kFrameBytes)
        return flush();
    return {};
}

base::Result<void> OutputFile::flush()
{
    std::string bytes = std::move(m_buffer);
    m_buffer.clear();
    if (m_zstd) {
        MULLIGAN_TRY(bytes, formats::zstdCompress(bytes, kLevel));
    }
    for (std::string_view left = bytes; !left.empty();) {
        const ssize_t written = ::write(m_descriptor, left.data(), left.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return base::systemError(errno, "Cannot write", m_path);
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

base::Result<void> OutputFile::keep()
{
    MULLIGAN_CHECK(flush());
    const std::string partial = m_path + std::string(kPartial);
    const int descriptor = m_descriptor;
    m_descriptor = -1;
    if (::close(descriptor) != 0 || ::rename(partial.c_str(), m_path.c_str()) != 0) {
        const int reason = errno;
        ::unlink(partial.c_str());
        return base::systemError(reason, "Cannot write", m_path);
    }
    return {};
}

base::Result<OutputFolder> OutputFolder::open(const std::string &path)
{
    if (path.empty())
        return base::makeError(base::ErrorCode::InvalidArgument, "No folder to write the synthetic history to",
                               "Name one with --out.");
    MULLIGAN_CHECK(makeFolder(path));
    if (::faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        return base::systemError(errno, "Cannot write to the folder", path);
    const auto readme = formats::readTextFile((fs::path(path) / "README.md").string());
    if (readme.has_value() && readme->starts_with(kReadmeTitle))
        removeEarlier(path);
    return OutputFolder(path);
}

base::Result<std::unique_ptr<OutputFile>> OutputFolder::create(const std::string &name, bool zstd)
{
    const fs::path full = fs::path(m_path) / (zstd && name.find(".zstd") == std::string::npos ? name + ".zst" : name);
    MULLIGAN_CHECK(makeFolder(full.parent_path().string()));
    MULLIGAN_TRY(auto file, OutputFile::create(full.string(), zstd));
    m_files.push_back(fs::relative(full, m_path).generic_string());
    return file;
}

base::Result<void> OutputFolder::writeWhole(const std::string &name, std::string_view content, bool zstd)
{
    MULLIGAN_TRY(const auto file, create(name, zstd));
    MULLIGAN_CHECK(file->write(content));
    return file->keep();
}

} // namespace mulligan::synth

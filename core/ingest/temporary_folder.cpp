#include "ingest/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace mulligan::ingest
{

namespace fs = std::filesystem;

base::Result<std::shared_ptr<const TemporaryFolder>> TemporaryFolder::create(std::string_view purpose)
{
    std::error_code failed;
    const fs::path parent = fs::temp_directory_path(failed);
    if (failed)
        return base::makeError(base::ErrorCode::NotFound, "There is no folder for temporary files",
                               "Set TMPDIR to one that can be written to.");
    std::string path = (parent / ("mulligan-" + std::string(purpose) + "-XXXXXX")).string();
    if (::mkdtemp(path.data()) == nullptr)
        return base::systemError(errno, "Cannot make a temporary folder", path);
    return std::make_shared<const TemporaryFolder>(path);
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

} // namespace mulligan::ingest

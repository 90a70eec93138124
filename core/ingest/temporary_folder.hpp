#pragma once

#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// A temporary folder that nobody else can look into and that is removed, with all that is in it, when it goes.
class TemporaryFolder
{
public:
    /// Makes it in the system's folder for temporary files (TMPDIR), named "mulligan-<purpose>-…". Errors: NotFound,
    /// PermissionDenied, DiskFull, Io.
    [[nodiscard]] static base::Result<std::shared_ptr<const TemporaryFolder>> create(std::string_view purpose);

    explicit TemporaryFolder(std::string path) : m_path(std::move(path)) {}
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::string &path() const { return m_path; }

private:
    std::string m_path;
};

} // namespace mulligan::ingest

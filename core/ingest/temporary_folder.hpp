#pragma once

#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// A temporary folder that nobody else can look into and that is removed, with all that is in it, when it goes. It is
/// locked while it is in use: where a program was killed, the next one to make a folder removes what that one left.
class TemporaryFolder
{
public:
    /// Makes it in the system's folder for temporary files (TMPDIR), named "mulligan-<purpose>-…". Errors: NotFound,
    /// PermissionDenied, DiskFull, Io.
    [[nodiscard]] static base::Result<std::shared_ptr<const TemporaryFolder>> create(std::string_view purpose);

    /// Of a folder that was made; `lock` is an open descriptor of it, which the object closes, or -1.
    TemporaryFolder(std::string path, int lock) : m_path(std::move(path)), m_lock(lock) {}
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::string &path() const { return m_path; }

private:
    std::string m_path;
    int m_lock;
};

} // namespace mulligan::ingest

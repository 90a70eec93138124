#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>

namespace mulligan::ingest
{

/// A log, and the SHA-256 of its raw bytes.
struct NamedLog {
    std::string text;
    std::string sha256;
};

/// Reads the logs that rows name in `log_path`: relative to their source, and never outside its folder, since a source
/// is somebody else's file and must not be able to name a private one.
class LogFiles
{
public:
    static constexpr std::size_t kMaxBytes = 4u << 20;

    /// `source`: the file the rows stand in; "-" has no folder, so nothing can be read beside it.
    explicit LogFiles(const std::string &source);

    /// The log's text, decoded (gzip, zstd …), without a terminal's colours and made valid UTF-8; of a longer one the
    /// last kMaxBytes, which hold the failure. Errors, of which none reads what is not the source's: NotFound,
    /// PermissionDenied, Io, Corrupt; InvalidArgument when the path leads out of the folder, is a folder or an address.
    [[nodiscard]] base::Result<NamedLog> read(const std::string &logPath) const;

private:
    std::string m_folder; ///< canonical; empty: there is none
};

} // namespace mulligan::ingest

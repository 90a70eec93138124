#include "ingest/log_files.hpp"

#include "formats/byte_source.hpp"
#include "formats/line_reader.hpp"
#include "ingest/terminal_codes.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

namespace mulligan::ingest
{

namespace fs = std::filesystem;

namespace
{

bool isInside(const fs::path &folder, const fs::path &file)
{
    const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    return end == folder.end();
}

} // namespace

LogFiles::LogFiles(const std::string &source)
{
    std::error_code failed;
    if (source == "-")
        return;
    const fs::path folder =
        fs::canonical(fs::path(source).parent_path().empty() ? fs::path(".") : fs::path(source).parent_path(), failed);
    if (!failed)
        m_folder = folder.string();
}

base::Result<NamedLog> LogFiles::read(const std::string &logPath) const
{
    if (m_folder.empty())
        return base::makeError(base::ErrorCode::NotFound, "There is no folder beside standard input",
                               "Import the file itself, or put the text into error_text.");
    if (logPath.find("://") != std::string::npos)
        return base::makeError(base::ErrorCode::InvalidArgument, "It is an address, and nothing is fetched");
    std::error_code failed;
    const fs::path file = fs::weakly_canonical(fs::path(m_folder) / logPath, failed);
    if (failed || !isInside(m_folder, file))
        return base::makeError(base::ErrorCode::InvalidArgument, "It leads out of the folder of its source");
    if (fs::is_directory(file, failed))
        return base::makeError(base::ErrorCode::InvalidArgument, "It is a folder");
    if (!fs::is_regular_file(file, failed))
        return base::makeError(base::ErrorCode::NotFound, "There is no such file");
    formats::Sha256 hash;
    MULLIGAN_TRY(auto source, formats::openDecoded(file.string(), {&hash, false, true}));
    std::string tail;
    std::vector<char> buffer(1u << 16);
    for (;;) {
        MULLIGAN_TRY(const std::size_t got, source->read(buffer));
        if (got == 0)
            break;
        tail.append(buffer.data(), got);
        if (tail.size() > 2 * kMaxBytes)
            tail.erase(0, tail.size() - kMaxBytes);
    }
    if (tail.size() > kMaxBytes)
        tail.erase(0, tail.size() - kMaxBytes);
    TerminalCodes codes;
    if (const std::string_view plain = codes.without(tail); plain.size() < tail.size())
        tail = plain;
    return NamedLog{formats::isValidUtf8(tail) ? std::move(tail) : formats::repairedUtf8(tail), hash.hexDigest()};
}

} // namespace mulligan::ingest

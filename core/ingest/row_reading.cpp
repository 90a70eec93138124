#include "ingest/row_reading.hpp"

#include "formats/line_reader.hpp"
#include "ingest/watched_source.hpp"

#include <filesystem>

namespace mulligan::ingest
{

base::Result<void> RowReading::open(bool unicode)
{
    const std::string &path = m_unit.parts.empty() ? m_unit.path : m_unit.parts.front();
    MULLIGAN_TRY(auto decoded, formats::openDecoded(path, {&m_hash, false, unicode}));
    m_source = std::make_unique<WatchedSource>(std::move(decoded), 0, m_stop, m_progress);
    return {};
}

base::Result<bool> RowReading::openNext()
{
    if (m_part + 1 >= m_unit.parts.size())
        return false;
    m_report.truncated = m_report.truncated || m_source->truncated();
    m_before += m_source->rawBytes();
    MULLIGAN_TRY(auto decoded, formats::openDecoded(m_unit.parts[++m_part], {&m_hash, false, true}));
    m_source = std::make_unique<WatchedSource>(std::move(decoded), m_before, m_stop, m_progress);
    return true;
}

base::Result<void> RowReading::tick()
{
    if (m_rows++ % kRowsPerTick != 0)
        return {};
    if (m_stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    return {};
}

void RowReading::readLog(const std::string &logPath, std::uint64_t line, model::Attempt &attempt)
{
    auto text = m_logs.read(logPath);
    if (text) {
        attempt.errorText = std::move(text->text);
        m_logHashes.insert(std::move(text->sha256));
        m_logPaths.insert((std::filesystem::path(m_unit.path).parent_path() / logPath).lexically_normal().string());
        return;
    }
    const bool other = m_unread.size() >= kMostReasons && !m_unread.contains(text.error().message);
    Unread &unread = m_unread[other ? "There are other reasons" : text.error().message];
    if (++unread.count > kMostPlaces)
        return;
    constexpr std::size_t kMostBytes = 200;
    const std::string shown =
        logPath.size() <= kMostBytes ? logPath : formats::repairedUtf8(logPath.substr(0, kMostBytes)) + "…";
    unread.places += (unread.places.empty() ? "line " : ", line ") + std::to_string(line) + " '" + shown + "'";
}

void RowReading::warnOfUnread()
{
    for (const auto &[reason, unread] : m_unread) {
        const bool one = unread.count == 1;
        std::string warning = std::to_string(unread.count) + (one ? " attempt has" : " attempts have")
                              + " no text, since the log named in log_path could not be read. " + reason + ": "
                              + unread.places;
        if (unread.count > kMostPlaces)
            warning += " and " + std::to_string(unread.count - kMostPlaces) + " more";
        m_report.warnings.push_back(std::move(warning)
                                    + ". Put the logs below the folder of the file that names them and name them from "
                                      "there, or give their text in error_text");
    }
}

base::Result<SourceReport> RowReading::finish()
{
    if (m_source->truncated()) {
        m_report.truncated = true;
        m_outlet.warn("the compressed data break off; the rows before were read");
    }
    m_outlet.finish();
    warnOfUnread();
    m_report.logPaths.assign(m_logPaths.begin(), m_logPaths.end());
    m_report.logs.assign(m_logHashes.begin(), m_logHashes.end());
    m_report.sha256 = m_hash.hexDigest();
    m_report.bytes = m_before + m_source->rawBytes();
    m_progress.setDone(m_report.bytes);
    return std::move(m_report);
}

} // namespace mulligan::ingest

#include "ingest/row_reading.hpp"

#include "ingest/watched_source.hpp"

namespace mulligan::ingest
{

base::Result<void> RowReading::open(bool unicode)
{
    const std::string &path = m_unit.parts.empty() ? m_unit.path : m_unit.parts.front();
    MULLIGAN_TRY(auto decoded, formats::openDecoded(path, {&m_hash, false, unicode}));
    m_source = std::make_unique<WatchedSource>(std::move(decoded), 0, m_stop, m_progress);
    return {};
}

base::Result<void> RowReading::tick()
{
    if (m_rows++ % kRowsPerTick != 0)
        return {};
    if (m_stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    return {};
}

std::optional<std::string> RowReading::readLog(const std::string &logPath, model::Attempt &attempt)
{
    auto text = m_logs.read(logPath);
    if (text) {
        attempt.errorText = std::move(text->text);
        m_logHashes.insert(std::move(text->sha256));
        return std::nullopt;
    }
    // A row that points outside is not to be trusted; one whose log is merely gone still tells an outcome.
    if (text.error().code == base::ErrorCode::InvalidArgument)
        return "field 'log_path': " + text.error().message;
    m_outlet.warn("a log named in log_path could not be read, and its attempt has no text: " + text.error().message);
    return std::nullopt;
}

base::Result<SourceReport> RowReading::finish()
{
    if (m_source->truncated()) {
        m_report.truncated = true;
        m_outlet.warn("the compressed data break off; the rows before were read");
    }
    m_outlet.finish();
    m_report.logs.assign(m_logHashes.begin(), m_logHashes.end());
    m_report.sha256 = m_hash.hexDigest();
    m_report.bytes = m_source->rawBytes();
    m_progress.setDone(m_report.bytes);
    return std::move(m_report);
}

} // namespace mulligan::ingest

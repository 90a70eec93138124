#include "ingest/row_outlet.hpp"

#include "formats/line_reader.hpp"
#include "ingest/redacting_sink.hpp"

namespace mulligan::ingest
{

namespace
{

// A hostile file could name a new unknown key in every row.
constexpr std::size_t kMaxWarningKinds = 50;

/// The first bytes of a text, not cut inside a character.
std::string_view head(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    std::size_t end = bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

} // namespace

base::Result<void> RowOutlet::accept(model::Attempt attempt, std::uint64_t line, std::string_view raw)
{
    m_report.attempts += 1;
    if (attempt.outcome == model::Outcome::Failed || attempt.outcome == model::Outcome::Killed)
        m_report.failures += 1;
    m_sink.standAt(line, head(raw, 2 * RedactingSink::kMostRejectBytes));
    return m_sink.accept(std::move(attempt));
}

base::Result<void> RowOutlet::reject(std::uint64_t line, std::uint64_t column, std::string reason,
                                     std::string_view text)
{
    Reject reject;
    reject.line = line;
    reject.column = column;
    reject.reason = std::move(reason);
    // Some slack, so that a secret that straddles the limit is still recognised whole.
    reject.text = formats::repairedUtf8(head(text, 2 * RedactingSink::kMostRejectBytes));
    reject.secrets = m_secretColumns.valuesIn(reject.text);
    m_report.rejectedRows += 1;
    return m_sink.reject(std::move(reject));
}

void RowOutlet::warn(std::string_view kind, std::uint64_t times)
{
    if (const auto known = m_warnings.find(kind); known != m_warnings.end())
        known->second += times;
    else if (m_warnings.size() < kMaxWarningKinds)
        m_warnings.emplace(kind, times);
    else
        m_otherWarnings += times;
}

void RowOutlet::finish()
{
    for (const auto &[kind, count] : m_warnings)
        m_report.warnings.push_back(kind + (count == 1 ? " (once)" : " (" + std::to_string(count) + " times)"));
    if (m_otherWarnings > 0)
        m_report.warnings.push_back("further warnings of other kinds (" + std::to_string(m_otherWarnings) + ")");
}

} // namespace mulligan::ingest

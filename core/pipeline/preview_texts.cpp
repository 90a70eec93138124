#include "pipeline/preview_texts.hpp"

#include <algorithm>
#include <tuple>

namespace mulligan::pipeline
{

namespace
{

base::Error cancelled()
{
    return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
}

/// Adds what one query gives.
base::Result<void> addAttempts(const sqlite::Connection &connection, const char *where, bool success,
                               std::vector<PreviewAttempt> &out)
{
    MULLIGAN_TRY(auto rows, connection.prepare(std::string("SELECT id, text_id, cause_id, job_id, config_id, "
                                                           "coalesce(cost_usd, 0) FROM attempt WHERE ")
                                               + where));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        out.push_back({rows.integer(0),
                       {rows.integer(1), rows.integer(2)},
                       rows.integer(3),
                       rows.integer(4),
                       rows.number(5),
                       success});
    }
}

} // namespace

base::Result<std::vector<PreviewAttempt>> previewAttempts(store::Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    std::vector<PreviewAttempt> out;
    MULLIGAN_CHECK(addAttempts(connection, "outcome IN (1, 2)", false, out));
    MULLIGAN_CHECK(addAttempts(connection, "outcome = 0 AND text_id IS NOT NULL", true, out));
    std::sort(out.begin(), out.end(), [](const PreviewAttempt &a, const PreviewAttempt &b) {
        return std::tie(a.subject, a.success, a.id) < std::tie(b.subject, b.success, b.id);
    });
    return out;
}

base::Result<PreviewTexts> PreviewTexts::load(const std::string &workspacePath,
                                              std::span<const PreviewAttempt> attempts, std::size_t textBytes,
                                              const std::stop_token &stop, base::Progress &progress)
{
    PreviewTexts out;
    out.m_path = workspacePath;
    for (const PreviewAttempt &attempt : attempts) {
        if (out.m_textIds.empty() || out.m_textIds.back() != attempt.subject.textId)
            out.m_textIds.push_back(attempt.subject.textId);
        out.m_causeIds.push_back(attempt.subject.causeId);
    }
    std::sort(out.m_causeIds.begin(), out.m_causeIds.end());
    out.m_causeIds.erase(std::unique(out.m_causeIds.begin(), out.m_causeIds.end()), out.m_causeIds.end());
    MULLIGAN_TRY(auto reader, store::TextReader::open(workspacePath));
    progress.begin("Reading texts", out.m_textIds.size() + out.m_causeIds.size());
    for (const std::int64_t id : out.m_causeIds) {
        if (stop.stop_requested())
            return cancelled();
        MULLIGAN_TRY(std::string cause, reader.cause(id));
        out.m_bytes += cause.size() + sizeof cause + sizeof id;
        out.m_causes.push_back(std::move(cause));
        progress.advance();
    }
    std::size_t held = 0;
    for (const std::int64_t id : out.m_textIds) {
        if (stop.stop_requested())
            return cancelled();
        MULLIGAN_TRY(std::string text, reader.text(id));
        held += text.size();
        if (held > textBytes)
            break;
        out.m_bytes += text.size() + sizeof text + sizeof id;
        out.m_texts.push_back(std::move(text));
        progress.advance();
    }
    return out;
}

std::string_view PreviewTexts::cause(std::int64_t causeId) const
{
    const auto at = std::lower_bound(m_causeIds.begin(), m_causeIds.end(), causeId);
    return at == m_causeIds.end() || *at != causeId
               ? std::string_view()
               : std::string_view(m_causes[static_cast<std::size_t>(at - m_causeIds.begin())]);
}

base::Result<std::string_view> PreviewTexts::Reader::text(std::int64_t textId)
{
    const auto &ids = m_texts.m_textIds;
    const auto at = static_cast<std::size_t>(std::lower_bound(ids.begin(), ids.end(), textId) - ids.begin());
    if (at < m_texts.m_texts.size())
        return std::string_view(m_texts.m_texts[at]);
    if (!m_reader) {
        MULLIGAN_TRY(auto reader, store::TextReader::open(m_texts.m_path));
        m_reader = std::move(reader);
    }
    MULLIGAN_TRY(m_text, m_reader->text(textId));
    ++m_fromFile;
    return std::string_view(m_text);
}

} // namespace mulligan::pipeline

#include "ingest/redacting_sink.hpp"

namespace mulligan::ingest
{

namespace
{

/// Cuts a text behind so many bytes, not inside a character.
void shorten(std::string &text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    text.resize(bytes);
}

} // namespace

base::Result<void> RedactingSink::accept(model::Attempt attempt)
{
    if (m_redact)
        m_redactor.redact(attempt);
    return m_sink.accept(std::move(attempt));
}

base::Result<void> RedactingSink::reject(Reject reject)
{
    constexpr std::size_t kLongestCharacter = 4;
    const std::size_t length = reject.text.size();
    if (m_redact) {
        m_redactor.redact(reject.text, reject.secrets);
        m_redactor.redact(reject.text);
        m_redactor.redact(reject.reason);
    }
    reject.secrets.clear();
    // Readers hand over twice as much at most; redaction may have made less of that.
    if (length >= 2 * kMostRejectBytes - kLongestCharacter || reject.text.size() > kMostRejectBytes)
        reject.reason += kCutNote;
    shorten(reject.text, kMostRejectBytes);
    return m_sink.reject(std::move(reject));
}

void RedactingSink::finish(SourceReport &report)
{
    if (!m_redact)
        return;
    for (std::string &warning : report.warnings)
        m_redactor.redact(warning);
    for (std::string &warning : m_redactor.warnings())
        report.warnings.push_back(std::move(warning));
    report.redacted = m_redactor.counts();
    report.redactions = 0;
    for (const auto &[kind, count] : report.redacted)
        report.redactions += count;
}

base::Error RedactingSink::redacted(base::Error error)
{
    if (m_redact)
        m_redactor.redact(error.message);
    return error;
}

} // namespace mulligan::ingest

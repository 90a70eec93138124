#pragma once

#include "ingest/reader.hpp"

#include <cstddef>
#include <string_view>

namespace mulligan::ingest
{

/// What stands between every reader and its sink, so that no reader has a way around redaction. Keeps rejected text
/// short as well: readers hand over somewhat more than is kept, so that a secret at the limit is recognised whole.
/// Such rows say so at the end of their reason.
class RedactingSink : public AttemptSink
{
public:
    static constexpr std::size_t kMostRejectBytes = 4096;
    static constexpr std::string_view kCutNote = " (only the first 4 KiB of the row are kept)";

    RedactingSink(AttemptSink &sink, const ReadOptions &options)
        : m_sink(sink), m_redact(options.redact), m_redactor(options.redaction, options.redactionKey)
    {
    }

    base::Result<void> accept(model::Attempt attempt) override;
    base::Result<void> reject(Reject reject) override;
    void standAt(std::uint64_t line, std::string_view raw) override { m_sink.standAt(line, raw); }

    /// Whether a stored reject has only the beginning of its row. Of those stored before cut ones said so only their
    /// length speaks.
    [[nodiscard]] static bool isCut(std::string_view reason, std::string_view text)
    {
        constexpr std::size_t kCharacter = 4;
        return reason.ends_with(kCutNote) || text.size() > kMostRejectBytes - kCharacter;
    }
    /// Redacts the warnings, adds those of patterns that gave up, and sets down what was replaced.
    void finish(SourceReport &report);
    [[nodiscard]] base::Error redacted(base::Error error);

private:
    AttemptSink &m_sink;
    bool m_redact;
    Redactor m_redactor;
};

} // namespace mulligan::ingest

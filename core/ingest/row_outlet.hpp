#pragma once

#include "ingest/reader.hpp"
#include "ingest/redact.hpp"

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

namespace mulligan::ingest
{

/// What stands between a reader of rows and its sink: redacts, counts, keeps rejected text short and readable, and says
/// each warning once.
class RowOutlet
{
public:
    static constexpr std::size_t kMaxRejectBytes = 4096;

    RowOutlet(AttemptSink &sink, const ReadOptions &options, SourceReport &report)
        : m_sink(sink), m_options(options), m_report(report)
    {
    }

    [[nodiscard]] base::Result<void> accept(model::Attempt attempt, std::uint64_t line);
    /// `text` may be of any length and need not be valid UTF-8.
    [[nodiscard]] base::Result<void> reject(std::uint64_t line, std::uint64_t column, std::string reason,
                                            std::string_view text);
    /// Counts a warning; equal texts are one kind.
    void warn(std::string_view kind, std::uint64_t times = 1);
    /// Writes the warnings into the report, by text.
    void finish();

private:
    void redact(model::Attempt &attempt);

    static constexpr std::size_t kMostCleanBytes = 16u << 20;
    AttemptSink &m_sink;
    const ReadOptions &m_options;
    SourceReport &m_report;
    Redactor m_redactor;
    std::unordered_set<std::string> m_clean; ///< texts that hold no secret: failures repeat few texts many times
    std::size_t m_cleanBytes = 0;
    std::map<std::string, std::uint64_t, std::less<>> m_warnings;
    std::uint64_t m_otherWarnings = 0;
};

} // namespace mulligan::ingest

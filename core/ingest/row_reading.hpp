#pragma once

#include "formats/byte_source.hpp"
#include "ingest/attempt_fields.hpp"
#include "ingest/log_files.hpp"
#include "ingest/row_outlet.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// What both readers of native rows share: the open file, its hash, progress and stopping, and the way a finished row
/// takes.
class RowReading
{
public:
    RowReading(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink, std::stop_token stop,
               base::Progress &progress)
        : m_unit(unit), m_outlet(sink, options, m_report),
          m_logs(unit.path == "-" || unit.parts.empty() ? unit.path : unit.parts.front()), m_stop(std::move(stop)),
          m_progress(progress)
    {
    }

    /// `unicode`: text that is in UTF-16 by its own mark comes as UTF-8; a profile that names the encoding decodes it.
    [[nodiscard]] base::Result<void> open(bool unicode = true);
    /// Opens the next of several parts, of which text in UTF-16 comes as UTF-8; false behind the last one.
    [[nodiscard]] base::Result<bool> openNext();
    [[nodiscard]] formats::ByteSource &source() { return *m_source; }
    [[nodiscard]] RowOutlet &outlet() { return m_outlet; }
    /// Every few rows: Cancelled when a stop was asked for. So does every piece that is read.
    [[nodiscard]] base::Result<void> tick();
    /// A row that filled `builder`: checked, its log read (without it the attempt still tells how it ended), and
    /// delivered or rejected. `column` finds the place of the field that is wrong.
    template <typename ColumnOf>
    [[nodiscard]] base::Result<void> deliver(AttemptBuilder &builder, std::uint64_t line, std::string_view raw,
                                             ColumnOf columnOf)
    {
        auto attempt = builder.finish();
        if (!attempt)
            return m_outlet.reject(line, columnOf(builder.problemField()), attempt.error().message, raw);
        // A row may be of megabytes, and what comes next takes as long again as reading it did.
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        if (!builder.logPath().empty() && attempt->errorText.empty())
            readLog(builder.logPath(), line, *attempt);
        return m_outlet.accept(std::move(*attempt), line, raw);
    }
    void breaksOff() { m_report.truncated = true; }
    [[nodiscard]] base::Result<SourceReport> finish();

private:
    /// Logs that could not be read for one reason.
    struct Unread {
        std::uint64_t count = 0;
        std::string places; ///< lines and paths of the first ones
    };
    void readLog(const std::string &logPath, std::uint64_t line, model::Attempt &attempt);
    void warnOfUnread();

    static constexpr std::size_t kMostReasons = 20;
    static constexpr std::uint64_t kMostPlaces = 3;
    static constexpr std::uint64_t kRowsPerTick = 64;
    const SourceUnit &m_unit;
    SourceReport m_report;
    RowOutlet m_outlet;
    LogFiles m_logs;
    std::stop_token m_stop;
    base::Progress &m_progress;
    formats::Sha256 m_hash;
    std::unique_ptr<formats::ByteSource> m_source;
    std::size_t m_part = 0;     ///< that is open
    std::uint64_t m_before = 0; ///< raw bytes of the parts before it
    std::set<std::string> m_logHashes;
    std::set<std::string> m_logPaths;
    std::map<std::string, Unread> m_unread; ///< by reason
    std::uint64_t m_rows = 0;
};

} // namespace mulligan::ingest

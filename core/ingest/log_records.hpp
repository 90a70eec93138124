#pragma once

#include "formats/json_cursor.hpp"
#include "ingest/log_line.hpp"
#include "ingest/log_prefix.hpp"
#include "ingest/terminal_codes.hpp"

#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Turns the raw lines of a log into lines of records, whatever its layout: takes out a terminal's colours, takes off
/// what collected them put before them (LogPrefix) and a container runtime around them (an RFC 3339 time, and "stdout
/// F" with it; Docker's object), joins what it split ("stderr P"), and lays records that were written as JSON out as
/// text.
class LogRecords
{
public:
    /// Visits the lines that `raw` makes: none while a split line is not whole, several of a record in JSON.
    void read(std::string_view raw, formats::FunctionRef<void(const LogLine &)> visit);

private:
    struct Runtime {
        std::string_view rest;
        std::optional<base::Instant> time;
        bool partial = false;
    };
    [[nodiscard]] Runtime withoutRuntime(std::string_view raw);
    void readWhole(std::string_view text, std::optional<base::Instant> time,
                   formats::FunctionRef<void(const LogLine &)> visit);
    bool readDocker(std::string_view raw, formats::FunctionRef<void(const LogLine &)> visit);
    bool readJson(std::string_view text, std::optional<base::Instant> time,
                  formats::FunctionRef<void(const LogLine &)> visit);

    TerminalCodes m_codes;
    LogPrefix m_prefix;
    bool m_fromRuntime = false; ///< a line was certainly prefixed by a container runtime
    std::string m_split;        ///< what came of a line that the runtime split
};

} // namespace mulligan::ingest

#pragma once

#include "ingest/log_reading.hpp"
#include "ingest/log_start.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// What one application wrote into a log that several may have appended to.
struct LogSection {
    LogReading reading;
    std::uint64_t line = 0; ///< of its first record, 1-based; 0: it has none
    bool process = false;   ///< it holds the sign of a process that begins (LogStart::Process)
};

/// Divides a log into those of the applications that wrote it one after another ("spark-submit … >> nightly.log"). A
/// new one begins with a new context, submission or master, or where lines go on after their process had shut down.
/// Since a process may start its one application's context twice, the log is read both ways, as one and divided, until
/// an application's name or 2,000 lines tell. Memory does not depend on the log's length.
class LogDivision
{
public:
    /// Takes the next line as it stands in the file; `number` is 1-based.
    void take(std::string_view raw, std::uint64_t number);
    /// No more lines come.
    void finish();
    /// The sections that have ended since, in their order.
    [[nodiscard]] std::vector<LogSection> takeEnded();

private:
    /// A line that may belong to the section before or to the next one.
    struct Held {
        std::string text;
        std::string logger;
        LogLine line; ///< its views are made anew by `view`
        std::size_t messageBytes = 0;
        std::uint64_t number = 0;

        [[nodiscard]] LogLine view() const;
    };
    /// While it is open whether a new application has begun.
    struct Open {
        LogSection before; ///< as it ends where the new one begins
        LogSection whole;  ///< both as one
        int lines = 0;     ///< read since
    };

    void offer(const LogLine &line, std::uint64_t number);
    [[nodiscard]] bool beginsAnother(const LogLine &line) const;
    [[nodiscard]] bool goesOnAfterEnd(const LogLine &line) const;
    void hold(const LogLine &line, std::uint64_t number);
    void release(std::size_t count);
    void feed(const LogLine &line, std::uint64_t number);
    void divide(const LogLine &next);
    [[nodiscard]] std::size_t lastProcess() const;
    [[nodiscard]] std::size_t firstOfNext(const LogLine &next) const;
    void decideByName();
    void decide(bool divided);
    [[nodiscard]] bool looksDivided() const;

    LogRecords m_records;
    LogSection m_current;
    std::optional<Open> m_open;
    std::deque<Held> m_held;
    std::size_t m_heldBytes = 0;
    std::vector<LogSection> m_ended;
};

} // namespace mulligan::ingest

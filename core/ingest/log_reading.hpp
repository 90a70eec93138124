#pragma once

#include "ingest/log_finder.hpp"
#include "ingest/log_records.hpp"
#include "ingest/log_text.hpp"

#include <string_view>

namespace mulligan::ingest
{

/// Reads the log of one process: its facts, and of its text what classifies it. Memory does not depend on its length.
class LogReading
{
public:
    /// A line longer than this is not read; its beginning is.
    static constexpr std::size_t kMaxLineBytes = 8u << 20;

    explicit LogReading(std::size_t maxTextBytes = LogText::kMaxBytes) : m_text(maxTextBytes) {}

    /// Takes the next line as it stands in the file.
    void take(std::string_view raw)
    {
        m_records.read(raw, [this](const LogLine &line) { take(line); });
    }
    /// Takes a line that was laid out before; not to be mixed with the other.
    void take(const LogLine &line) { m_text.add(line.text, m_finder.take(line)); }
    [[nodiscard]] LogFacts &facts() { return m_finder.facts(); }
    [[nodiscard]] const LogFacts &facts() const { return m_finder.facts(); }
    [[nodiscard]] LogText &text() { return m_text; }

private:
    LogRecords m_records;
    LogFinder m_finder;
    LogText m_text;
};

} // namespace mulligan::ingest

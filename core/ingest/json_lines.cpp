#include "ingest/row_readers.hpp"

#include "formats/json_check.hpp"
#include "formats/line_reader.hpp"
#include "ingest/mapped_rows.hpp"
#include "ingest/recognise.hpp"
#include "ingest/row_reading.hpp"

namespace mulligan::ingest
{

namespace
{

bool isBlank(std::string_view line)
{
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// 1-based byte of a key within its line; 0 when it is not there.
std::uint64_t columnOfKey(std::string_view line, std::string_view field)
{
    const std::size_t at = line.find('"' + std::string(field) + '"');
    return at == std::string_view::npos ? 0 : at + 1;
}

class JsonLines
{
public:
    JsonLines(RowReading &reading, std::size_t maxLineBytes)
        : m_reading(reading), m_lines(reading.source(), maxLineBytes), m_maxLineBytes(maxLineBytes)
    {
    }

    base::Result<void> readAll()
    {
        formats::Line line;
        for (;;) {
            MULLIGAN_CHECK(m_reading.tick());
            MULLIGAN_TRY(const bool more, m_lines.next(line));
            if (!more)
                return {};
            if (line.number == 1 && line.text.find('\0') != std::string_view::npos && isBinary(line.text))
                return base::makeError(base::ErrorCode::Unsupported, "This is a binary file, not JSON Lines",
                                       "Name a file of attempt records, one JSON object a line.");
            MULLIGAN_CHECK(take(line));
        }
    }

private:
    base::Result<void> take(const formats::Line &line)
    {
        if (line.overLimit)
            return m_reading.outlet().reject(
                line.number, 0, "the line is longer than " + std::to_string(m_maxLineBytes) + " bytes", line.text);
        if (isBlank(line.text))
            return {};
        m_builder.clear();
        m_unknown.clear();
        const auto filled = fillFromJson(m_json, line.text, m_builder, &m_unknown);
        if (!filled)
            return unsound(line, filled.error());
        for (const auto &key : m_unknown)
            m_reading.outlet().warn("field '" + key.substr(0, 100) + "' is not known and was ignored");
        return m_reading.deliver(m_builder, line.number, line.text,
                                 [&](std::string_view field) { return columnOfKey(line.text, field); });
    }

    base::Result<void> unsound(const formats::Line &line, const base::Error &error)
    {
        const auto problem = formats::findJsonProblem(line.text);
        if (!problem)
            return m_reading.outlet().reject(line.number, 0, error.message, line.text);
        if (!line.complete && problem->atEnd) {
            m_reading.breaksOff();
            return m_reading.outlet().reject(line.number, problem->offset + 1, "the file breaks off inside this line",
                                             line.text);
        }
        const std::string what = problem->atEnd ? "the JSON breaks off: " : "not valid JSON: ";
        return m_reading.outlet().reject(line.number, problem->offset + 1, what + problem->message, line.text);
    }

    RowReading &m_reading;
    formats::LineReader m_lines;
    std::size_t m_maxLineBytes;
    formats::JsonReader m_json;
    AttemptBuilder m_builder;
    std::vector<std::string> m_unknown;
};

} // namespace

base::Result<SourceReport> readJsonLines(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                         std::stop_token stop, base::Progress &progress)
{
    if (unit.mapping)
        return readMapped(unit, options, sink, std::move(stop), progress);
    RowReading reading(unit, options, sink, std::move(stop), progress);
    MULLIGAN_CHECK(reading.open());
    JsonLines lines(reading, options.maxLineBytes);
    MULLIGAN_CHECK(lines.readAll());
    return reading.finish();
}

} // namespace mulligan::ingest

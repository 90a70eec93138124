#include "ingest/mapped_rows.hpp"

#include "formats/text_encoding.hpp"
#include "ingest/attempt_numbers.hpp"
#include "ingest/row_feed.hpp"
#include "ingest/row_reading.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

constexpr std::uint64_t kRowsPerTick = 64;
constexpr std::string_view kUtf8 = "UTF-8";

const std::string &fileOf(const SourceUnit &unit)
{
    return unit.parts.empty() ? unit.path : unit.parts.front();
}

/// The first reading: which number each row gets.
base::Result<std::vector<std::uint32_t>> numbersOf(const SourceUnit &unit, const ReadOptions &options,
                                                   const std::stop_token &stop, base::Progress &progress)
{
    const Mapping &mapping = *unit.mapping;
    MULLIGAN_TRY(auto rows, MappedRow::make(unit.mapping));
    MULLIGAN_TRY(const auto file, formats::openDecoded(fileOf(unit)));
    MULLIGAN_TRY(const auto text, formats::decodedText(*file, mapping.encoding));
    MULLIGAN_TRY(const auto feed, openRows(*text, mapping, rows.neededColumns(), options.maxLineBytes));
    MULLIGAN_CHECK(rows.bind(feed->columns()));
    AttemptNumbers numbers;
    RawRow row;
    for (std::uint64_t count = 0;; ++count) {
        if (count % kRowsPerTick == 0) {
            if (stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
            progress.setDone(file->rawBytes());
        }
        MULLIGAN_TRY(const bool more, feed->next(row));
        if (!more)
            return std::move(numbers).finish();
        numbers.add(row.problem.empty() ? rows.keyOf(row.cells) : std::nullopt);
    }
}

/// Whether a file that is to be read in another encoding begins as text in UTF-8 with characters of several bytes,
/// which text in another encoding hardly ever does by chance.
base::Result<bool> looksLikeUtf8(const SourceUnit &unit)
{
    constexpr std::size_t kHeadBytes = 1u << 16;
    MULLIGAN_TRY(const auto file, formats::openDecoded(fileOf(unit)));
    MULLIGAN_TRY(const std::string head, formats::readHead(*file, kHeadBytes));
    const bool several = std::any_of(head.begin(), head.end(), [](char c) { return (c & 0x80) != 0; });
    return several && formats::guessEncoding(head).encoding == kUtf8;
}

class MappedReading
{
public:
    MappedReading(RowReading &reading, MappedRow rows, RowFeed &feed, std::vector<std::uint32_t> numbers)
        : m_reading(reading), m_rows(std::move(rows)), m_feed(feed), m_numbers(std::move(numbers)), m_builder(true)
    {
        m_builder.tellOrigins([this](std::string_view field) { return m_rows.originOf(field); });
    }
    MappedReading(const MappedReading &) = delete;
    MappedReading &operator=(const MappedReading &) = delete;

    base::Result<void> readAll()
    {
        MULLIGAN_CHECK(m_rows.bind(m_feed.columns()));
        RawRow row;
        for (std::size_t number = 0;; ++number) {
            MULLIGAN_CHECK(m_reading.tick());
            MULLIGAN_TRY(const bool more, m_feed.next(row));
            if (!more)
                return {};
            MULLIGAN_CHECK(take(row, number));
        }
    }

private:
    base::Result<void> take(const RawRow &row, std::size_t number)
    {
        RowOutlet &outlet = m_reading.outlet();
        if (row.breaksOff)
            m_reading.breaksOff();
        if (!row.problem.empty())
            return outlet.reject(row.line, row.problemColumn, row.problem, row.raw);
        if (row.looseQuotes)
            outlet.warn(kLooseQuotes);
        m_builder.clear();
        if (!m_rows.fill(row.cells, m_builder)) {
            outlet.warn("a row was passed over because the profile says skip for its outcome");
            return {};
        }
        // A row without a number lacks what orders it and is rejected for that.
        if (number < m_numbers.size() && m_numbers[number] > 0)
            m_builder.set(Field::Attempt, FieldValue::of(std::int64_t{m_numbers[number]}));
        if (!m_rows.remark().empty())
            outlet.warn(m_rows.remark());
        return m_reading.deliver(m_builder, row.line, row.raw,
                                 [&](std::string_view field) { return m_rows.columnOf(field); });
    }

    RowReading &m_reading;
    MappedRow m_rows;
    RowFeed &m_feed;
    std::vector<std::uint32_t> m_numbers;
    AttemptBuilder m_builder;
};

} // namespace

base::Result<SourceReport> readMapped(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                      std::stop_token stop, base::Progress &progress)
{
    const Mapping &mapping = *unit.mapping;
    MULLIGAN_TRY(auto rows, MappedRow::make(unit.mapping));
    std::vector<std::uint32_t> numbers;
    if (rows.needsNumbers()) {
        MULLIGAN_TRY(numbers, numbersOf(unit, options, stop, progress));
    }
    RowReading reading(unit, options, sink, std::move(stop), progress);
    MULLIGAN_CHECK(reading.open(false));
    MULLIGAN_TRY(const auto text, formats::decodedText(reading.source(), mapping.encoding));
    MULLIGAN_TRY(const auto feed, openRows(*text, mapping, rows.neededColumns(), options.maxLineBytes));
    if (mapping.format == RowFormat::Csv)
        reading.outlet().headedBy(feed->columns(), csvOptionsOf(mapping.dialect, options.maxLineBytes));
    MappedReading mapped(reading, std::move(rows), *feed, std::move(numbers));
    MULLIGAN_CHECK(mapped.readAll());
    if (mapping.encoding != kUtf8) {
        MULLIGAN_TRY(const bool utf8, looksLikeUtf8(unit));
        if (utf8)
            reading.outlet().warn(
                "the profile reads the file as " + mapping.encoding
                + ", but its text is sound UTF-8; if letters come out wrong, import it with --map and a "
                  "profile that says encoding: UTF-8");
    }
    if (text->badSequences() > 0)
        reading.outlet().warn("bytes that are no text in " + mapping.encoding + " were replaced by U+FFFD",
                              text->badSequences());
    return reading.finish();
}

} // namespace mulligan::ingest

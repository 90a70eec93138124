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

/// The first reading: which number each row gets, and which belong together.
base::Result<RowOrder> orderOf(const SourceUnit &unit, const ReadOptions &options, const std::stop_token &stop,
                               base::Progress &progress)
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
    MappedReading(RowReading &reading, MappedRow rows, RowFeed &feed, RowOrder order)
        : m_reading(reading), m_rows(std::move(rows)), m_feed(feed), m_order(std::move(order)), m_builder(true)
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
                break;
            MULLIGAN_CHECK(take(row, number));
        }
        if (m_order.unended > 0)
            m_reading.outlet().warn("a row was passed over because its attempt goes on and no row ends it yet; "
                                    "an export that ends it is to hold this row too",
                                    m_order.unended);
        return {};
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
        const auto begin = m_order.begins.find(number);
        const auto fate = m_rows.fill(row.cells, m_builder,
                                      begin == m_order.begins.end() ? std::nullopt : std::optional(begin->second));
        if (fate == MappedRow::Fate::Skipped)
            outlet.warn("a row was passed over because the profile says skip for its outcome");
        // A slice whose time cannot be read would be missing where its attempt begins.
        const bool broken = fate == MappedRow::Fate::Slice && !m_builder.problemField().empty();
        if (fate != MappedRow::Fate::Attempt && !broken)
            return {};
        // A row without a number lacks what orders it and is rejected for that.
        const bool numbered = m_rows.needsNumbers() && number < m_order.numbers.size();
        if (numbered && m_order.numbers[number] > 0)
            m_builder.set(Field::Attempt, FieldValue::of(std::int64_t{m_order.numbers[number]}));
        if (!m_rows.remark().empty())
            outlet.warn(m_rows.remark());
        return m_reading.deliver(m_builder, row.line, row.raw,
                                 [&](std::string_view field) { return m_rows.columnOf(field); });
    }

    RowReading &m_reading;
    MappedRow m_rows;
    RowFeed &m_feed;
    RowOrder m_order;
    AttemptBuilder m_builder;
};

} // namespace

base::Result<SourceReport> readMapped(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                      std::stop_token stop, base::Progress &progress)
{
    const Mapping &mapping = *unit.mapping;
    MULLIGAN_TRY(auto rows, MappedRow::make(unit.mapping));
    RowOrder order;
    if (rows.needsNumbers() || rows.hasSlices()) {
        MULLIGAN_TRY(order, orderOf(unit, options, stop, progress));
    }
    RowReading reading(unit, options, sink, std::move(stop), progress);
    MULLIGAN_CHECK(reading.open(false));
    MULLIGAN_TRY(const auto text, formats::decodedText(reading.source(), mapping.encoding));
    MULLIGAN_TRY(const auto feed, openRows(*text, mapping, rows.neededColumns(), options.maxLineBytes));
    if (mapping.format == RowFormat::Csv)
        reading.outlet().headedBy(feed->columns(), csvOptionsOf(mapping.dialect, options.maxLineBytes));
    MappedReading mapped(reading, std::move(rows), *feed, std::move(order));
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

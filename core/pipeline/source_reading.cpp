#include "pipeline/source_reading.hpp"

#include "formats/byte_source.hpp"
#include "ingest/mapping.hpp"
#include "pipeline/finishing_sink.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>

namespace mulligan::pipeline
{

namespace
{

constexpr std::string_view kInProgress = ".inprogress";
constexpr std::size_t kCauseBytes = 64u << 20; ///< of all readers together

bool holdsRows(ingest::Format format)
{
    return format == ingest::Format::Attempts || format == ingest::Format::Csv;
}

/// Whether the first so many bytes of a file end a line; of compressed ones that cannot be seen.
bool endsLine(const ingest::SourceUnit &unit, std::uint64_t bytes)
{
    std::ifstream file(unit.parts.front(), std::ios::binary);
    std::string head(16, '\0');
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(file.gcount()));
    if (formats::codecOf(head) != formats::Codec::Plain)
        return false;
    file.clear();
    file.seekg(static_cast<std::streamoff>(bytes) - 1);
    return file.get() == '\n';
}

std::string placeKey(const std::string &place, std::string_view format)
{
    return place + '\n' + std::string(format);
}

} // namespace

KnownSources::KnownSources(std::vector<store::KnownSource> sources, std::int64_t earlierRedaction)
    : m_sources(std::move(sources)), m_earlierRedaction(earlierRedaction)
{
    for (std::size_t i = 0; i < m_sources.size(); ++i) {
        const store::KnownSource &source = m_sources[i];
        m_sizes.insert(source.bytes);
        if (source.usable)
            m_contents.emplace(source.sha256, i);
        if (!source.place.empty())
            m_places[placeKey(source.place, source.format)] = i;
    }
}

const store::KnownSource *KnownSources::at(const std::string &place, std::string_view format) const
{
    const auto found = place.empty() ? m_places.end() : m_places.find(placeKey(place, format));
    return found != m_places.end() ? &m_sources[found->second] : nullptr;
}

const store::KnownSource *KnownSources::withContent(const std::string &sha256) const
{
    const auto found = m_contents.find(sha256);
    return found != m_contents.end() ? &m_sources[found->second] : nullptr;
}

std::string placeOf(const ingest::SourceUnit &unit)
{
    // Of an archive that lies on the disk a file inside has its place; of standard input nothing has one.
    const bool setDown = unit.keepAlive != nullptr && (unit.depth == 0 || unit.path.starts_with("-/"));
    if (setDown || unit.path == "-")
        return {};
    std::error_code failed;
    std::string place = std::filesystem::weakly_canonical(unit.path, failed).string();
    if (failed)
        return {};
    // A finished log goes on under its name without the mark.
    if (place.ends_with(kInProgress))
        place.resize(place.size() - kInProgress.size());
    return place;
}

base::Result<SourceBeginning> SourceReading::beginning()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_beginning.has_value(); });
    return *m_beginning;
}

void SourceReading::announce(base::Result<SourceBeginning> beginning)
{
    const std::lock_guard lock(m_mutex);
    m_beginning = std::move(beginning);
    m_changed.notify_all();
}

base::Result<SourceBeginning> SourceReading::begin(const KnownSources &known, bool profileChosen,
                                                   const std::stop_token &stop)
{
    const ingest::SourceUnit &unit = m_planned.unit;
    SourceBeginning out;
    // A file is only hashed beforehand where one of its size is there; otherwise its hash is taken while it is read.
    if (known.hasSize(m_planned.bytes)) {
        m_part.begin("Checking " + unit.path, m_planned.bytes, base::Progress::Unit::Bytes);
        MULLIGAN_TRY(const std::string sha256, ingest::hashUnit(unit, stop, m_part));
        if (const store::KnownSource *same = known.withContent(sha256)) {
            const bool otherwise = profileChosen && unit.mapping && same->mapping != ingest::mappingText(*unit.mapping);
            out.redacted = known.isOfEarlierRedaction(*same);
            if (!otherwise && !out.redacted) {
                out.duplicateOf = sha256;
                return out;
            }
            out.place = placeOf(unit);
            out.supersedes = same->id;
            out.replaces = true;
            return out;
        }
    }
    out.place = placeOf(unit);
    const store::KnownSource *older = known.at(out.place, ingest::name(unit.format));
    if (older == nullptr)
        return out;
    out.supersedes = older->id;
    if (older->bytes == 0 || older->bytes >= m_planned.bytes)
        return out;
    m_part.begin("Checking " + unit.path, m_planned.bytes, base::Progress::Unit::Bytes);
    MULLIGAN_TRY(const std::string front, ingest::hashUnit(unit, stop, m_part, older->bytes));
    out.contains = front == older->sha256;
    out.redacted = out.contains && known.isOfEarlierRedaction(*older);
    // A log is read whole again: what was told of a failure need not be one in the end, and of a log that was read
    // while a run began not even the name of that run need stay.
    out.replaces = out.contains && !holdsRows(unit.format);
    if (!out.contains || out.replaces)
        return out;
    // Rows stay what they were; only a last one that broke off is read again. A profile may number rows by all of them,
    // and a row of separated values may have been taken for whole where it broke off.
    const bool mapped = unit.mapping != nullptr || !older->mapping.empty();
    bool whole = !mapped && !out.redacted;
    if (whole && unit.format == ingest::Format::Csv)
        whole = endsLine(unit, older->bytes) && !older->truncated;
    out.replaces = !whole;
    if (whole)
        out.skip = older->records - (older->truncated ? 1 : 0);
    return out;
}

void SourceReading::read(const ingest::ReadOptions &options, const policy::Economics &economics,
                         const KnownSources &known, std::size_t causeBytes, bool profileChosen,
                         const std::stop_token &stop)
{
    const ingest::SourceUnit &unit = m_planned.unit;
    // An exception that left this thread would end the program; as an error it ends the source.
    try {
        auto beginning = begin(known, profileChosen, stop);
        const bool records = beginning && beginning->duplicateOf.empty();
        announce(std::move(beginning));
        if (!records)
            return;
        m_part.begin("Reading " + unit.path, m_planned.bytes, base::Progress::Unit::Bytes);
        FinishingSink sink(m_queue, economics, causeBytes);
        m_report = ingest::readSource(unit, options, sink, stop, m_part);
    } catch (const std::exception &problem) {
        const base::Error error =
            base::makeError(base::ErrorCode::Internal, std::string("Reading failed: ") + problem.what());
        m_report = error;
        announce(error);
    }
    m_queue.close(m_report.has_value());
}

ReadAhead::ReadAhead(std::span<const PlannedUnit> units, Options options, std::stop_token stop,
                     base::Progress &progress)
    : m_units(units), m_options(std::move(options)), m_outerStop(std::move(stop), [this] { m_stop.request_stop(); })
{
    m_options.threads = std::clamp<std::size_t>(m_options.threads, 1, std::max<std::size_t>(1, units.size()));
    m_readings.reserve(units.size());
    for (const PlannedUnit &unit : units)
        m_readings.push_back(std::make_unique<SourceReading>(unit, progress));
    for (std::size_t i = 0; i < m_options.threads && !units.empty(); ++i)
        m_threads.emplace_back([this] { work(); });
}

ReadAhead::~ReadAhead()
{
    m_stop.request_stop();
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t i = 0; i < m_begun; ++i) {
            if (m_readings[i] != nullptr)
                m_readings[i]->queue().abandon(base::makeError(base::ErrorCode::Cancelled, "Cancelled"));
        }
        m_begun = m_units.size();
    }
    m_changed.notify_all();
    m_threads.clear(); // joins
}

SourceReading &ReadAhead::next()
{
    std::unique_lock lock(m_mutex);
    if (m_taken > 0) {
        // Its thread may still be leaving it.
        m_changed.wait(lock, [this] { return m_readings[m_taken - 1]->m_over; });
        m_readings[m_taken - 1].reset();
    }
    SourceReading &reading = *m_readings[m_taken++];
    m_changed.notify_all();
    return reading;
}

void ReadAhead::work()
{
    for (;;) {
        std::unique_lock lock(m_mutex);
        // One for each thread beyond the one being stored.
        m_changed.wait(lock, [this] { return m_begun >= m_units.size() || m_begun < m_taken + m_options.threads; });
        if (m_begun >= m_units.size())
            return;
        SourceReading &reading = *m_readings[m_begun++];
        lock.unlock();
        reading.read(m_options.reading, *m_options.economics, *m_options.known, kCauseBytes / m_options.threads,
                     m_options.profileChosen, m_stop.get_token());
        lock.lock();
        reading.m_over = true;
        m_changed.notify_all();
    }
}

} // namespace mulligan::pipeline

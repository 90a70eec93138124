#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "ingest/reader.hpp"
#include "pipeline/import_plan.hpp"
#include "pipeline/record_queue.hpp"
#include "policy/economics.hpp"
#include "store/source_writer.hpp"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mulligan::pipeline
{

/// The sources that were there when an import began. Immutable; shared by its threads.
class KnownSources
{
public:
    /// `earlierRedaction`: the last id of those that were read under an earlier redaction; 0: none was.
    explicit KnownSources(std::vector<store::KnownSource> sources, std::int64_t earlierRedaction = 0);
    /// Whether a source of this size is there: without one, a file of this size cannot be.
    [[nodiscard]] bool hasSize(std::uint64_t bytes) const { return m_sizes.contains(bytes); }
    /// The source with attempts that has this content, if there is one.
    [[nodiscard]] const store::KnownSource *withContent(const std::string &sha256) const;
    /// The newest source of this place and format, if there is one.
    [[nodiscard]] const store::KnownSource *at(const std::string &place, std::string_view format) const;

    /// Whether it may hold what is to be redacted by now.
    [[nodiscard]] bool isOfEarlierRedaction(const store::KnownSource &source) const
    {
        return source.id <= m_earlierRedaction;
    }

private:
    std::vector<store::KnownSource> m_sources;
    std::int64_t m_earlierRedaction;
    std::unordered_set<std::uint64_t> m_sizes;
    std::unordered_map<std::string, std::size_t> m_contents; ///< of sources with attempts
    std::unordered_map<std::string, std::size_t> m_places;
};

/// What is known of a source before its records come.
struct SourceBeginning {
    std::string duplicateOf; ///< SHA-256 that is there already; then no record comes
    std::string place;
    std::int64_t supersedes = 0;
    bool contains = false;
    bool replaces = false;  ///< all that the older version delivered comes again
    bool redacted = false;  ///< because more is redacted now than when it was read
    std::uint64_t skip = 0; ///< records at the front that the older version delivered already
};

/// Where a unit lies for good: its absolute path, without the mark of a log that is still written; empty for what has
/// no place of its own (standard input, the inside of an archive).
[[nodiscard]] std::string placeOf(const ingest::SourceUnit &unit);

/// One source on its way: read on one thread, stored on another.
class SourceReading
{
public:
    SourceReading(const PlannedUnit &planned, base::Progress &whole) : m_planned(planned), m_part(whole, planned.share)
    {
    }
    [[nodiscard]] const PlannedUnit &planned() const { return m_planned; }
    /// Storing side: waits until it is known what comes. Errors: why the source cannot be read at all.
    [[nodiscard]] base::Result<SourceBeginning> beginning();
    /// Storing side, once `beginning` said that records come.
    [[nodiscard]] RecordQueue &queue() { return m_queue; }
    /// Storing side, once the queue is drained: what the reader says of the whole.
    [[nodiscard]] base::Result<ingest::SourceReport> &report() { return m_report; }
    [[nodiscard]] base::Progress &part() { return m_part; }

private:
    friend class ReadAhead;
    void read(const ingest::ReadOptions &options, const policy::Economics &economics, const KnownSources &known,
              std::size_t causeBytes, bool profileChosen, const std::stop_token &stop);
    [[nodiscard]] base::Result<SourceBeginning> begin(const KnownSources &known, bool profileChosen,
                                                      const std::stop_token &stop);
    void announce(base::Result<SourceBeginning> beginning);

    const PlannedUnit &m_planned;
    bool m_over = false; ///< its thread has left it; guarded by the lock of its ReadAhead
    base::Progress m_part;
    RecordQueue m_queue;
    base::Result<ingest::SourceReport> m_report = ingest::SourceReport();
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<base::Result<SourceBeginning>> m_beginning;
};

/// Reads units one after another on several threads, never far ahead of the one that is being stored, so that an import
/// uses all cores while its memory stays bounded. The order is the units'. Ends its threads when it goes.
class ReadAhead
{
public:
    struct Options {
        ingest::ReadOptions reading;
        const policy::Economics *economics = nullptr;
        const KnownSources *known = nullptr;
        bool profileChosen = false; ///< for these units: what another profile made of one before is replaced
        std::size_t threads = 1;
    };
    /// `units` and what `options` points to must outlive it.
    ReadAhead(std::span<const PlannedUnit> units, Options options, std::stop_token stop, base::Progress &progress);
    ~ReadAhead();
    /// The next unit's reading, valid until the call after; each unit once.
    [[nodiscard]] SourceReading &next();

private:
    void work();

    std::span<const PlannedUnit> m_units;
    Options m_options;
    std::stop_source m_stop;
    std::stop_callback<std::function<void()>> m_outerStop;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<SourceReading>> m_readings;
    std::size_t m_begun = 0;
    std::size_t m_taken = 0;
    std::vector<std::jthread> m_threads;
};

} // namespace mulligan::pipeline

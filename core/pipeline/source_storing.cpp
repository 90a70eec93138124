#include "pipeline/source_storing.hpp"

#include "base/money.hpp"
#include "formats/line_reader.hpp"
#include "ingest/mapping.hpp"
#include "ingest/redacting_sink.hpp"
#include "pipeline/finishing_sink.hpp"
#include "sqlite/connection.hpp"

#include <algorithm>
#include <functional>

namespace mulligan::pipeline
{

namespace
{

/// Where rejected rows end.
class Rejecting : public ingest::AttemptSink
{
public:
    Rejecting(store::SourceWriter &writer, ImportedSource &source) : m_writer(writer), m_source(source) {}
    base::Result<void> accept(model::Attempt /*attempt*/) override { return {}; }
    base::Result<void> reject(ingest::Reject reject) override
    {
        m_source.rejectedRows += 1;
        return m_writer.reject(reject.line, reject.column, reject.reason, reject.text);
    }

private:
    store::SourceWriter &m_writer;
    ImportedSource &m_source;
};

/// Stores finished records and counts them.
class Storing
{
public:
    /// `skip`: records at the front that are stored already.
    Storing(store::SourceWriter &writer, ImportedSource &source, const ingest::ReadOptions &options, std::uint64_t skip,
            base::Instant now)
        : m_writer(writer), m_source(source), m_options(options), m_rejecting(writer, source), m_skip(skip), m_now(now)
    {
    }
    Storing(const Storing &) = delete;
    Storing &operator=(const Storing &) = delete;

    base::Result<void> operator()(RecordQueue::Record &record)
    {
        if (m_skip > 0) {
            --m_skip;
            return {};
        }
        if (auto *reject = std::get_if<ingest::Reject>(&record))
            return m_rejecting.reject(std::move(*reject));
        const auto &[attempt, exceptionClass, templateHash, textNumber, line, raw] = std::get<FinishedAttempt>(record);
        MULLIGAN_TRY(const auto outcome, m_writer.add(attempt, exceptionClass, templateHash, textNumber));
        if (outcome == store::AddOutcome::Repeated)
            return repeated(attempt, line, raw);
        count(attempt, outcome);
        return {};
    }

    /// What is odd about the attempts as a whole.
    void warn(std::vector<std::string> &warnings) const
    {
        for (auto &&warning : {futureWarning(), durationWarning(), costWarning()}) {
            if (warning)
                warnings.push_back(*warning);
        }
    }

private:
    /// Attempts that end more than a day from now, and the latest of them.
    [[nodiscard]] std::optional<std::string> futureWarning() const
    {
        if (m_future == 0)
            return std::nullopt;
        return std::to_string(m_future) + (m_future == 1 ? " attempt ends" : " attempts end")
               + " in the future (latest " + base::formatDate(m_latestEnd)
               + "); the data's end, and with it which episodes are censored, follows the latest date";
    }

    /// Attempts that last longer than a year, and the longest of them.
    [[nodiscard]] std::optional<std::string> durationWarning() const
    {
        if (m_long == 0)
            return std::nullopt;
        constexpr std::int64_t kMsPerYear = 365 * base::kMsPerDay;
        return std::to_string(m_long) + (m_long == 1 ? " attempt lasts" : " attempts last")
               + " longer than a year (the longest " + std::to_string(m_longest.duration / kMsPerYear) + " years, "
               + m_longest.name + "), and costs go by durations; check their times";
    }

    /// An attempt that outweighs many others together is more likely in another unit than as dear.
    [[nodiscard]] std::optional<std::string> costWarning() const
    {
        constexpr std::uint64_t kMany = 100;
        if (m_priced < kMany || m_dearest.usd <= m_cost / 2.0)
            return std::nullopt;
        return m_dearest.name + " alone is " + std::to_string(static_cast<int>(m_dearest.usd / m_cost * 100.0))
               + " % of the cost of " + std::to_string(m_priced) + " attempts (" + base::formatMoney(m_dearest.usd)
               + " USD) and decides every figure; check the units of its cost, vcore-seconds and GB-seconds";
    }

    static std::string nameOf(const model::Attempt &attempt)
    {
        return "attempt " + std::to_string(attempt.attempt) + " of job '" + attempt.job + "', run '" + attempt.run
               + "'";
    }

    void weigh(const model::Attempt &attempt)
    {
        const std::int64_t duration = attempt.endedAt.ms - attempt.startedAt.ms;
        // Of one that ends in the future that is told already.
        const bool longer = duration > 365 * base::kMsPerDay && attempt.endedAt.ms <= m_now.ms + base::kMsPerDay;
        m_long += longer ? 1 : 0;
        if (longer && duration > m_longest.duration)
            m_longest = {nameOf(attempt), duration, 0.0};
        if (attempt.costSource == model::CostSource::None || !attempt.costUsd)
            return;
        ++m_priced;
        m_cost += *attempt.costUsd;
        if (*attempt.costUsd > m_dearest.usd)
            m_dearest = {nameOf(attempt), duration, *attempt.costUsd};
    }

    void count(const model::Attempt &attempt, store::AddOutcome outcome)
    {
        const bool first = m_source.attempts == 0;
        m_source.attempts += 1;
        m_source.failures += isFailure(attempt) ? 1 : 0;
        m_source.joined += outcome == store::AddOutcome::Joined ? 1 : 0;
        m_source.from = first ? attempt.startedAt : std::min(m_source.from, attempt.startedAt);
        m_source.to = first ? attempt.endedAt : std::max(m_source.to, attempt.endedAt);
        m_future += attempt.endedAt.ms > m_now.ms + base::kMsPerDay ? 1 : 0;
        m_latestEnd = std::max(m_latestEnd, attempt.endedAt);
        weigh(attempt);
    }

    /// The row as it stands in the source, so that it can be mended. It did not come through the reader's redaction,
    /// and what is secret in it was counted with its attempt.
    base::Result<void> repeated(const model::Attempt &attempt, std::uint64_t line, const std::string &raw)
    {
        const std::string number = std::to_string(attempt.attempt);
        ingest::Reject reject;
        reject.line = line;
        reject.reason = "attempt " + number + " of job '" + attempt.job + "', run '" + attempt.run
                        + "' appears a second time in this source";
        reject.text = raw.empty() ? attempt.job + "\t" + attempt.run + "\t" + number : formats::repairedUtf8(raw);
        if (!m_redacting)
            m_redacting.emplace(m_rejecting, m_options);
        return m_redacting->reject(std::move(reject));
    }

    store::SourceWriter &m_writer;
    ImportedSource &m_source;
    const ingest::ReadOptions &m_options;
    Rejecting m_rejecting;
    std::optional<ingest::RedactingSink> m_redacting; ///< few sources need one
    std::uint64_t m_skip;
    base::Instant m_now;
    std::uint64_t m_future = 0;
    base::Instant m_latestEnd;
    struct Weighed {
        std::string name;
        std::int64_t duration = 0; ///< ms
        double usd = 0.0;
    };
    std::uint64_t m_long = 0; ///< attempts of more than a year
    Weighed m_longest;
    std::uint64_t m_priced = 0;
    double m_cost = 0.0; ///< USD, of all that have a cost
    Weighed m_dearest;
};

void forgetCounts(ImportedSource &source)
{
    source.attempts = source.failures = source.joined = source.rejectedRows = source.conflicts = 0;
    source.redactions = 0;
    source.redacted.clear();
}

base::Result<void> beDuplicate(store::Workspace &workspace, const std::string &sha256, ImportedSource &source)
{
    forgetCounts(source);
    source.sha256 = sha256;
    source.status = SourceStatus::Duplicate;
    source.reason = "the same content was imported before";
    MULLIGAN_TRY(const auto known, store::findSource(workspace, sha256));
    if (known && known->path != source.path)
        source.reason += " as " + known->path;
    if (known && known->mapping != source.mapping)
        source.reason += ", by another profile, and its rows stay; to read it by this one, name it with --map";
    return {};
}

/// Whether the content was imported before; a source of which no row could be used counts as new, since it is read
/// again.
base::Result<bool> isKnown(store::Workspace &workspace, const std::string &sha256)
{
    MULLIGAN_TRY(const auto known, store::findSource(workspace, sha256));
    return known.has_value() && known->attempts > 0;
}

/// Only what failed is attempted again, whatever the end of its log says.
void warnOfFollowed(std::uint64_t attempts, ImportedSource &source)
{
    if (attempts > 0)
        source.warnings.push_back(std::to_string(attempts)
                                  + (attempts == 1 ? " attempt's log ends" : " attempts' logs end")
                                  + " without a fault though the application was attempted again: outcome unknown");
}

bool isTextLog(ingest::Format format)
{
    return format == ingest::Format::SparkLog || format == ingest::Format::YarnLog || format == ingest::Format::Airflow;
}

base::Result<void> finish(store::SourceWriter &writer, const ingest::SourceReport &report, ImportedSource &source,
                          const std::stop_token &stop)
{
    for (const auto &log : report.logs)
        MULLIGAN_CHECK(writer.noteLog(log));
    MULLIGAN_CHECK(writer.settle(report.sha256, report.bytes));
    warnOfFollowed(writer.followed(), source);
    store::SourceNotes notes;
    notes.warnings = source.warnings;
    notes.truncated = report.truncated;
    notes.mapping = source.mapping;
    notes.redacted = source.redacted;
    MULLIGAN_CHECK(writer.commit(notes, stop));
    source.conflicts = writer.conflicts();
    source.status = source.attempts > 0 || source.grown ? SourceStatus::Imported : SourceStatus::Rejected;
    if (source.status == SourceStatus::Rejected)
        source.reason = "None of its rows could be used; 'mulligan rejects' lists them with the reasons";
    return {};
}

base::Result<void> storeInto(store::Workspace &workspace, SourceReading &reading, const ingest::ReadOptions &options,
                             base::Instant now, const std::stop_token &stop, ImportedSource &source)
{
    const PlannedUnit &planned = reading.planned();
    MULLIGAN_TRY(const SourceBeginning beginning, reading.beginning());
    if (!beginning.duplicateOf.empty())
        return beDuplicate(workspace, beginning.duplicateOf, source);
    store::SourceMeta meta{source.path, source.format, {}, planned.bytes, now, beginning.place};
    meta.supersedes = beginning.supersedes;
    meta.contains = beginning.contains;
    meta.replaces = beginning.replaces;
    meta.numbersByStart =
        planned.unit.mapping != nullptr && planned.unit.mapping->find(ingest::Field::Attempt) == nullptr;
    meta.continues = beginning.skip > 0;
    source.grown = beginning.contains;
    auto writer = store::SourceWriter::begin(workspace, meta);
    if (!writer) {
        reading.queue().abandon(writer.error());
        return std::move(writer).error();
    }
    Storing storing(*writer, source, options, beginning.skip, now);
    {
        // A statement that takes long (indices are built as soon as a row comes twice) ends with the stop.
        const sqlite::InterruptOnStop interrupt(workspace.connection(), stop);
        MULLIGAN_CHECK(reading.queue().drain(std::ref(storing)));
    }
    if (!reading.report())
        return reading.report().error();
    const ingest::SourceReport &report = *reading.report();
    // One that has grown meanwhile was read as far as it went; the rest comes with the next import.
    if (report.bytes < planned.bytes)
        return base::makeError(base::ErrorCode::Conflict, "The file was cut or replaced while it was being read",
                               "Import it again.");
    source.bytes = report.bytes;
    // Another process may have imported the same content since; from here on none can.
    MULLIGAN_TRY(const bool overtaken, isKnown(workspace, report.sha256));
    if (overtaken)
        return beDuplicate(workspace, report.sha256, source);
    if (isTextLog(planned.unit.format)) {
        MULLIGAN_TRY(const bool noted, store::isNotedLog(workspace, report.sha256));
        if (noted) {
            forgetCounts(source);
            source.status = SourceStatus::Skipped;
            source.reason = kReadWithAttempt;
            return {};
        }
    }
    source.sha256 = report.sha256;
    source.warnings = report.warnings;
    source.redactions = report.redactions;
    source.redacted = report.redacted;
    storing.warn(source.warnings);
    if (beginning.redacted) {
        source.redactedAnew = true;
        source.warnings.push_back(
            "read anew, since more is redacted now than when it was imported before; what it said "
            "then is gone from the workspace, but not from copies of it");
    }
    if (source.attempts == 0 && source.rejectedRows == 0 && !source.grown)
        return base::makeError(base::ErrorCode::Parse, "It holds no attempts",
                               "Check that this is the file you meant.");
    if (beginning.replaces && source.attempts == 0)
        return base::makeError(
            base::ErrorCode::Parse, "Nothing of it can be used as it is read now; what was read of it before stays",
            "Look at the file; of a table, see what the profile makes of it: mulligan map FILE --map PROFILE.");
    // A source of nothing but bad rows is kept as well, so that its rejects can be listed and mended.
    return finish(*writer, report, source, stop);
}

} // namespace

StoredSource storeSource(store::Workspace &workspace, SourceReading &reading, const ingest::ReadOptions &options,
                         base::Instant now, const std::stop_token &stop)
{
    StoredSource out;
    const PlannedUnit &planned = reading.planned();
    out.source.path = planned.unit.path;
    out.source.format = std::string(ingest::name(planned.unit.format));
    out.source.bytes = planned.bytes;
    if (planned.unit.mapping != nullptr)
        out.source.mapping = ingest::mappingText(*planned.unit.mapping);
    auto done = storeInto(workspace, reading, options, now, stop, out.source);
    if (!done) {
        reading.queue().abandon(done.error());
        forgetCounts(out.source);
        out.error = std::move(done).error();
    } else if (out.source.status == SourceStatus::Imported) {
        out.logs = std::move(reading.report()->logPaths);
    }
    return out;
}

} // namespace mulligan::pipeline

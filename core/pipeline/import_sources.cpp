#include "pipeline/import_sources.hpp"

#include "pipeline/record_queue.hpp"
#include "policy/economics.hpp"
#include "store/source_writer.hpp"
#include "text/root_cause.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <thread>
#include <unordered_map>

namespace mulligan::pipeline
{

std::string_view name(SourceStatus status)
{
    switch (status) {
    case SourceStatus::Imported: return "imported";
    case SourceStatus::Duplicate: return "duplicate";
    case SourceStatus::Rejected: return "rejected";
    case SourceStatus::Skipped: return "skipped";
    }
    return {};
}

bool ImportReport::anythingRejected() const
{
    for (const auto &source : sources) {
        if (source.status == SourceStatus::Rejected || source.rejectedRows > 0)
            return true;
    }
    return false;
}

namespace
{

bool isFailure(const model::Attempt &attempt)
{
    return attempt.outcome == model::Outcome::Failed || attempt.outcome == model::Outcome::Killed;
}

/// Adds what the workspace wants to know of a reader's records (cost, root cause) and passes them on to be stored.
class FinishingSink : public ingest::AttemptSink
{
public:
    FinishingSink(RecordQueue &queue, const policy::Economics &economics) : m_queue(queue), m_economics(economics) {}

    base::Result<void> accept(model::Attempt attempt) override
    {
        // A cost that came with its provenance keeps it; costOf takes every cost it finds for a logged one.
        if (!attempt.costUsd.has_value() || attempt.costSource == model::CostSource::None) {
            const auto cost = policy::costOf(attempt, m_economics);
            attempt.costSource = cost.source;
            if (cost.source != model::CostSource::None)
                attempt.costUsd = cost.usd;
        }
        FinishedAttempt finished{std::move(attempt), {}, 0, std::nullopt, m_line};
        if (isFailure(finished.attempt) && !finished.attempt.errorText.empty())
            findCause(finished);
        return m_queue.put(std::move(finished));
    }

    void standAt(std::uint64_t line) override { m_line = line; }
    base::Result<void> reject(ingest::Reject reject) override { return m_queue.put(std::move(reject)); }

private:
    struct Known {
        text::RootCause cause;
        std::optional<std::size_t> number; ///< where the cause was found in the text, and so goes with it
    };

    // Failures repeat few texts many times, so the root cause of each is looked for once.
    void findCause(FinishedAttempt &finished)
    {
        model::Attempt &attempt = finished.attempt;
        const bool told = !attempt.rootCause.empty();
        const std::string &text = told ? attempt.rootCause : attempt.errorText;
        auto known = m_causes.find(text);
        if (known == m_causes.end()) {
            if (m_causeBytes > kMaxCauseBytes) {
                m_causes.clear();
                m_causeBytes = 0;
            }
            m_causeBytes += 2 * text.size();
            known = m_causes.emplace(text, Known{text::findRootCause(text), std::nullopt}).first;
        }
        Known &found = known->second;
        finished.exceptionClass = found.cause.exceptionClass;
        finished.templateHash = found.cause.templateHash;
        if (told)
            return;
        if (!found.number)
            found.number = m_numbers++;
        finished.textNumber = found.number;
        attempt.rootCause = found.cause.text;
    }

    RecordQueue &m_queue;
    const policy::Economics &m_economics;
    static constexpr std::size_t kMaxCauseBytes = 64u << 20;
    std::unordered_map<std::string, Known> m_causes;
    std::size_t m_causeBytes = 0;
    std::size_t m_numbers = 0;
    std::uint64_t m_line = 0;
};

/// A source while it is imported.
struct SourceInWork : ImportedSource {
    base::Instant importedAt;
    std::uint64_t future = 0; ///< attempts that end more than a day after the import
    base::Instant latestEnd;

    void forgetCounts()
    {
        attempts = failures = joined = rejectedRows = redactions = 0;
        redacted.clear();
    }
    [[nodiscard]] std::string futureWarning() const
    {
        return std::to_string(future) + (future == 1 ? " attempt ends" : " attempts end") + " in the future (latest "
               + base::formatDate(latestEnd)
               + "); the data's end, and with it which episodes are censored, follows the latest date";
    }
};

/// Stores finished records and counts them.
class Storing
{
public:
    Storing(store::SourceWriter &writer, SourceInWork &source) : m_writer(writer), m_source(source) {}

    base::Result<void> operator()(RecordQueue::Record &record)
    {
        if (const auto *reject = std::get_if<ingest::Reject>(&record)) {
            m_source.rejectedRows += 1;
            return m_writer.reject(reject->line, reject->column, reject->reason, reject->text);
        }
        const auto &[attempt, exceptionClass, templateHash, textNumber, line] = std::get<FinishedAttempt>(record);
        MULLIGAN_TRY(const auto outcome, m_writer.add(attempt, exceptionClass, templateHash, textNumber));
        if (outcome == store::AddOutcome::Repeated)
            return repeated(attempt, line);
        m_source.attempts += 1;
        m_source.failures += isFailure(attempt) ? 1 : 0;
        m_source.joined += outcome == store::AddOutcome::Joined ? 1 : 0;
        m_source.future += attempt.endedAt.ms > m_source.importedAt.ms + base::kMsPerDay ? 1 : 0;
        m_source.latestEnd = std::max(m_source.latestEnd, attempt.endedAt);
        return {};
    }

private:
    base::Result<void> repeated(const model::Attempt &attempt, std::uint64_t line)
    {
        m_source.rejectedRows += 1;
        return m_writer.reject(line, 0,
                               "attempt " + std::to_string(attempt.attempt) + " of job '" + attempt.job + "', run '"
                                   + attempt.run + "' appears a second time in this source",
                               attempt.job + "\t" + attempt.run + "\t" + std::to_string(attempt.attempt));
    }

    store::SourceWriter &m_writer;
    SourceInWork &m_source;
};

base::Instant clockTime()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

std::uint64_t bytesOf(const ingest::SourceUnit &unit)
{
    std::uint64_t bytes = 0;
    for (const auto &part : unit.parts) {
        std::error_code unknown;
        const auto size = std::filesystem::file_size(part, unknown);
        bytes += unknown ? 0 : size;
    }
    return bytes;
}

/// Whether the content was imported before; a source of which no row could be used counts as new, since it is read
/// again. Settles what is told of a duplicate.
base::Result<bool> isKnown(store::Workspace &workspace, const std::string &sha256, SourceInWork &source)
{
    MULLIGAN_TRY(const auto known, store::findSource(workspace, sha256));
    if (!known.has_value() || known->attempts == 0)
        return false;
    source.forgetCounts();
    source.sha256 = sha256;
    source.status = SourceStatus::Duplicate;
    source.reason = "the same content was imported before";
    if (known->path != source.path)
        source.reason += " as " + known->path;
    return true;
}

/// Whether the content was imported before. A file is only hashed beforehand where one of its size is there; otherwise
/// it cannot be, and its hash is taken while it is read.
base::Result<bool> isDuplicate(store::Workspace &workspace, const ingest::SourceUnit &unit, std::stop_token stop,
                               base::Progress &progress, SourceInWork &source)
{
    MULLIGAN_TRY(const bool possible, store::hasSourceOfSize(workspace, bytesOf(unit)));
    if (!possible)
        return false;
    progress.begin("Checking " + unit.path, bytesOf(unit));
    MULLIGAN_TRY(const std::string sha256, ingest::hashUnit(unit, stop, progress));
    return isKnown(workspace, sha256, source);
}

/// Reads on a thread of its own and stores on this one.
base::Result<ingest::SourceReport> readAndStore(store::SourceWriter &writer, const ingest::SourceUnit &unit,
                                                const ingest::ReadOptions &options, const policy::Economics &economics,
                                                const std::stop_token &stop, base::Progress &progress,
                                                SourceInWork &source)
{
    RecordQueue queue;
    base::Result<ingest::SourceReport> report = ingest::SourceReport();
    base::Result<void> stored;
    {
        const std::jthread reader([&] {
            // An exception that left this thread would end the program; as an error it ends the source.
            try {
                FinishingSink sink(queue, economics);
                report = ingest::readSource(unit, options, sink, stop, progress);
            } catch (const std::exception &problem) {
                report = base::makeError(base::ErrorCode::Internal, std::string("Reading failed: ") + problem.what());
            }
            queue.close(report.has_value());
        });
        stored = queue.drain(Storing(writer, source));
    }
    if (report && !stored)
        return std::move(stored).error().in("file " + unit.path);
    return report;
}

base::Result<void> readInto(store::Workspace &workspace, const ingest::SourceUnit &unit, const ImportOptions &options,
                            std::stop_token stop, base::Progress &progress, SourceInWork &source)
{
    MULLIGAN_TRY(const bool duplicate, isDuplicate(workspace, unit, stop, progress, source));
    if (duplicate)
        return {};
    const std::uint64_t bytes = bytesOf(unit);
    progress.begin("Reading " + unit.path, bytes);
    MULLIGAN_TRY(auto writer,
                 store::SourceWriter::begin(
                     workspace, {unit.path, std::string(ingest::name(unit.format)), {}, bytes, source.importedAt}));
    ingest::ReadOptions readOptions;
    readOptions.redact = options.redact;
    readOptions.redaction = options.redaction;
    MULLIGAN_TRY(auto report, readAndStore(writer, unit, readOptions, options.economics, stop, progress, source));
    if (report.bytes != bytes)
        return base::makeError(base::ErrorCode::Conflict, "The file changed while it was being read",
                               "Import it again when it is finished.");
    // Another process may have imported the same content since; from here on none can.
    MULLIGAN_TRY(const bool overtaken, isKnown(workspace, report.sha256, source));
    if (overtaken)
        return {};
    source.sha256 = report.sha256;
    source.warnings = std::move(report.warnings);
    source.redactions = report.redactions;
    source.redacted = std::move(report.redacted);
    if (source.future > 0)
        source.warnings.push_back(source.futureWarning());
    if (source.attempts == 0 && source.rejectedRows == 0)
        return base::makeError(base::ErrorCode::Parse, "It holds no attempts",
                               "Check that this is the file you meant.");
    // A source of nothing but bad rows is kept as well, so that its rejects can be listed and mended.
    progress.begin("Storing " + unit.path);
    MULLIGAN_CHECK(writer.settle(report.sha256, report.bytes));
    MULLIGAN_CHECK(writer.commit(source.warnings, stop));
    source.status = source.attempts > 0 ? SourceStatus::Imported : SourceStatus::Rejected;
    if (source.attempts == 0)
        source.reason = "None of its rows could be used; 'mulligan rejects' lists them with the reasons";
    return {};
}

ImportedSource rejected(std::string path, std::string format, const base::Error &error)
{
    ImportedSource source;
    source.path = std::move(path);
    source.format = std::move(format);
    source.status = SourceStatus::Rejected;
    source.reason = error.text();
    return source;
}

bool endsImport(const base::Error &error)
{
    return error.code == base::ErrorCode::Cancelled || error.code == base::ErrorCode::DiskFull;
}

std::string counted(std::uint64_t number, const std::string &noun)
{
    return std::to_string(number) + ' ' + noun + (number == 1 ? "" : "s");
}

/// Whether something of the source is in the workspace; bad rows are kept as well.
bool isStored(const ImportedSource &source)
{
    return source.status == SourceStatus::Imported
           || (source.status == SourceStatus::Rejected && source.rejectedRows > 0);
}

/// Each source is a transaction of its own, so an import that ends early keeps those before: the error says how many,
/// and that they need not be imported again.
base::Error endedEarly(base::Error error, std::string where, const ImportReport &before)
{
    const auto stored =
        static_cast<std::uint64_t>(std::count_if(before.sources.begin(), before.sources.end(), isStored));
    error.message += stored == 0 ? "; nothing was stored"
                                 : "; " + counted(stored, "source") + " with " + counted(before.attempts, "new attempt")
                                       + (stored == 1 ? " was" : " were") + " stored before that";
    error.hint = error.code == base::ErrorCode::DiskFull
                     ? "Free space on the disk that holds the workspace, then import the same paths again"
                     : "Import the same paths again";
    error.hint += stored == 0 ? "." : ": what was stored is passed over and the import goes on from there.";
    const bool told = !error.context.empty() && error.context.front() == where;
    return told ? std::move(error) : std::move(error).in(std::move(where));
}

base::Result<void> importUnit(store::Workspace &workspace, const ingest::SourceUnit &unit, const ImportOptions &options,
                              std::stop_token stop, base::Progress &progress, ImportReport &report)
{
    SourceInWork source;
    source.importedAt = options.importedAt.value_or(clockTime());
    source.path = unit.path;
    source.format = std::string(ingest::name(unit.format));
    const auto done = readInto(workspace, unit, options, stop, progress, source);
    if (!done) {
        if (endsImport(done.error()))
            return endedEarly(done.error(), "file " + unit.path, report);
        source.status = SourceStatus::Rejected;
        source.reason = done.error().text();
        source.forgetCounts();
    }
    report.attempts += source.attempts - source.joined;
    report.rejectedRows += source.rejectedRows;
    report.sources.push_back(std::move(source)); // what was only of use meanwhile falls away
    return {};
}

/// Counted in the workspace: a scheduler may know of a failure that an event log does not show.
base::Result<std::int64_t> failuresIn(store::Workspace &workspace)
{
    return workspace.connection().integer("SELECT count(*) FROM attempt WHERE outcome IN (1, 2)");
}

} // namespace

base::Result<ImportReport> importSources(store::Workspace &workspace, std::span<const std::string> paths,
                                         const ImportOptions &options, std::stop_token stop, base::Progress &progress)
{
    const auto begin = std::chrono::steady_clock::now();
    ImportReport report;
    MULLIGAN_TRY(const std::int64_t failuresBefore, failuresIn(workspace));
    for (const auto &path : paths) {
        progress.begin("Looking through " + path);
        auto found = ingest::findSources(path, options.format);
        if (!found) {
            if (endsImport(found.error()))
                return endedEarly(std::move(found).error(), "path " + path, report);
            report.sources.push_back(rejected(path, std::string(ingest::name(options.format)), found.error()));
            continue;
        }
        if (found->units.empty() && found->skipped.empty())
            report.sources.push_back(
                rejected(path, std::string(ingest::name(options.format)),
                         base::makeError(base::ErrorCode::NotFound,
                                         "Nothing readable was found in this folder; it holds no files")));
        for (const auto &unit : found->units)
            MULLIGAN_CHECK(importUnit(workspace, unit, options, stop, progress, report));
        for (const auto &skipped : found->skipped) {
            ImportedSource source;
            source.path = skipped.path;
            source.status = SourceStatus::Skipped;
            source.reason = skipped.reason;
            report.sources.push_back(std::move(source));
        }
    }
    MULLIGAN_TRY(const std::int64_t failures, failuresIn(workspace));
    report.failures = static_cast<std::uint64_t>(std::max<std::int64_t>(0, failures - failuresBefore));
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

} // namespace mulligan::pipeline

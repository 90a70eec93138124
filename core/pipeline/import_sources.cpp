#include "pipeline/import_sources.hpp"

#include "ingest/archive.hpp"
#include "ingest/mapping.hpp"
#include "pipeline/import_plan.hpp"
#include "pipeline/source_reading.hpp"
#include "pipeline/source_storing.hpp"
#include "pipeline/workspace_profiles.hpp"
#include "pipeline/workspace_redaction.hpp"
#include "store/unused_texts.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <thread>

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

constexpr std::size_t kMostThreads = 8;

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
base::Error endedEarly(base::Error error, const std::string &where, const ImportReport &before)
{
    const auto stored =
        static_cast<std::uint64_t>(std::count_if(before.sources.begin(), before.sources.end(), isStored));
    error.message += stored == 0 ? "; nothing was stored"
                                 : "; " + counted(stored, "source") + " with " + counted(before.attempts, "new attempt")
                                       + (stored == 1 ? " was" : " were") + " stored before that";
    // Which disk is full: that of the workspace, unless something was being set down or unpacked beside it.
    const bool elsewhere = error.hint.find("TMPDIR") != std::string::npos;
    const std::string room = elsewhere ? "Free space there or set TMPDIR to a folder on a larger disk"
                                       : "Free space on the disk that holds the workspace";
    error.hint = error.code == base::ErrorCode::DiskFull ? room + ", then import the same paths again"
                                                         : "Import the same paths again";
    error.hint += stored == 0 ? "." : ": what was stored is passed over and the import goes on from there.";
    const bool told = where.empty() || (!error.context.empty() && error.context.front() == where);
    return told ? std::move(error) : std::move(error).in(where);
}

/// One import at work.
class Import
{
public:
    Import(store::Workspace &workspace, const ImportOptions &options, std::stop_token stop, base::Progress &progress)
        : m_workspace(workspace), m_options(options), m_stop(std::move(stop)), m_progress(progress),
          m_now(options.importedAt.value_or(base::systemNow()))
    {
    }

    base::Result<ImportReport> run(std::span<const std::string> paths)
    {
        const auto begin = std::chrono::steady_clock::now();
        m_paths = paths;
        if (m_options.redact) {
            MULLIGAN_TRY(m_redaction, redactionOfImport(m_workspace, m_options.redaction));
        }
        MULLIGAN_TRY(const std::int64_t failuresBefore, failures());
        auto done = importAll(paths);
        // What was looked at is noted however the import ends.
        const auto noted = noteFiles();
        if (!done && done.error().code == base::ErrorCode::Cancelled)
            m_workspace.connection().leaveLogOnClose(); // who cancels waits for the end
        if (!done)
            return endedEarly(std::move(done).error(), {}, m_report);
        MULLIGAN_CHECK(noted);
        MULLIGAN_CHECK(settleRedaction());
        MULLIGAN_TRY(const std::int64_t failuresNow, failures());
        // A later source may settle what two earlier ones differ in, so they are not added up source by source.
        MULLIGAN_TRY(const std::int64_t differing, m_workspace.connection().integer("SELECT count(*) FROM conflict"));
        m_report.conflicts = static_cast<std::uint64_t>(differing);
        m_report.failures = static_cast<std::uint64_t>(std::max<std::int64_t>(0, failuresNow - failuresBefore));
        m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return std::move(m_report);
    }

private:
    /// What was said before it was redacted must not stay behind, and what was not read again is counted.
    base::Result<void> settleRedaction()
    {
        const bool anew = std::any_of(m_report.sources.begin(), m_report.sources.end(),
                                      [](const ImportedSource &source) { return source.redactedAnew; });
        if (anew)
            MULLIGAN_CHECK(store::forgetUnused(m_workspace));
        MULLIGAN_TRY(m_report.earlierRedaction, sourcesOfEarlierRedaction(m_workspace));
        return {};
    }

    /// Counted in the workspace: a scheduler may know of a failure that an event log does not show.
    base::Result<std::int64_t> failures()
    {
        return m_workspace.connection().integer("SELECT count(*) FROM attempt WHERE outcome IN (1, 2)");
    }

    base::Result<void> importAll(std::span<const std::string> paths)
    {
        std::map<std::string, store::FileSeen> seen;
        if (m_options.onlyChanged) {
            MULLIGAN_TRY(seen, store::filesSeen(m_workspace));
        }
        if (m_options.mapping == nullptr) {
            MULLIGAN_TRY(m_profiles, profilesOfSources(m_workspace));
        }
        MULLIGAN_TRY(ImportPlan plan, planImport(paths, m_options, m_profiles, m_options.onlyChanged ? &seen : nullptr,
                                                 m_stop, m_progress));
        m_report.unchanged = plan.unchanged;
        if (m_options.redact && !plan.units.empty()) {
            MULLIGAN_TRY(m_redactionKey, redactionKeyOf(m_workspace));
        }
        m_progress.begin("Importing", plan.bytes, base::Progress::Unit::Bytes);
        for (auto &source : plan.passedOver) {
            if (source.status == SourceStatus::Rejected)
                tell(source, {});
        }
        MULLIGAN_CHECK(importUnits(plan.units));
        for (auto &source : plan.passedOver) {
            if (source.status == SourceStatus::Rejected)
                continue;
            MULLIGAN_CHECK(explainLog(source));
            tell(std::move(source), {});
        }
        return {};
    }

    /// What was passed over as no log that is known may have been read with an attempt, in this import or before.
    base::Result<void> explainLog(ImportedSource &source)
    {
        if (!m_before) {
            MULLIGAN_TRY(m_before, store::filesSeen(m_workspace));
        }
        const auto before = m_before->find(source.path);
        const bool known = before != m_before->end() && before->second.reason == kReadWithAttempt;
        if (known || m_logs.contains(std::filesystem::path(source.path).lexically_normal().string()))
            source.reason = kReadWithAttempt;
        return {};
    }

    base::Result<void> importUnits(std::span<const PlannedUnit> units)
    {
        const auto firstArchive = std::find_if(units.begin(), units.end(), [](const PlannedUnit &unit) {
            return unit.unit.format == ingest::Format::Archive;
        });
        const auto plain = static_cast<std::size_t>(firstArchive - units.begin());
        MULLIGAN_CHECK(importPlain(units.first(plain)));
        for (const PlannedUnit &archive : units.subspan(plain))
            MULLIGAN_CHECK(importArchive(archive));
        return {};
    }

    base::Result<void> importPlain(std::span<const PlannedUnit> units)
    {
        if (units.empty())
            return {};
        MULLIGAN_TRY(auto there, store::knownSources(m_workspace));
        std::int64_t earlierRedaction = 0;
        if (m_options.redact) {
            MULLIGAN_TRY(earlierRedaction, lastSourceOfEarlierRedaction(m_workspace));
        }
        const KnownSources known(std::move(there), earlierRedaction);
        ReadAhead::Options options;
        options.reading.redact = m_options.redact;
        options.reading.redaction = m_redaction;
        options.reading.redactionKey = m_redactionKey;
        options.economics = &m_options.economics;
        options.known = &known;
        options.profileChosen = m_options.mapping != nullptr;
        options.threads = m_options.threads > 0
                              ? m_options.threads
                              : std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostThreads);
        ReadAhead readings(units, options, m_stop, m_progress);
        for (std::size_t i = 0; i < units.size(); ++i)
            MULLIGAN_CHECK(importOne(readings.next(), options.reading));
        return {};
    }

    base::Result<void> importOne(SourceReading &reading, const ingest::ReadOptions &options)
    {
        const ingest::SourceUnit &unit = reading.planned().unit;
        auto stored = storeSource(m_workspace, reading, options, m_now, m_stop);
        reading.part().finishPart();
        if (!stored.error) {
            m_logs.insert(stored.logs.begin(), stored.logs.end());
            const bool read = stored.source.status != SourceStatus::Duplicate;
            if (read && m_options.mapping == nullptr && unit.mapping != nullptr)
                stored.source.warnings.push_back("read by the profile that a table with these columns was imported "
                                                 "with before");
            tell(std::move(stored.source), filesOf(unit));
            return noteFiles();
        }
        if (endsImport(*stored.error)) {
            const std::string where = "file " + unit.path;
            base::Error error = std::move(*stored.error);
            const bool told = !error.context.empty() && error.context.front() == where;
            return told ? std::move(error) : std::move(error).in(where);
        }
        // A file that was being written is looked at again when it has settled.
        const bool settled = stored.error->code != base::ErrorCode::Conflict;
        stored.source.status = SourceStatus::Rejected;
        stored.source.reason = stored.error->text();
        tell(std::move(stored.source), settled ? filesOf(unit) : std::vector<store::FileSeen>());
        return {};
    }

    base::Result<void> importArchive(const PlannedUnit &archive)
    {
        // Unpacking is half of the work, reading what comes out the other.
        base::Progress unpacking(m_progress, archive.share / 2);
        unpacking.begin("Unpacking " + archive.unit.path, archive.bytes, base::Progress::Unit::Bytes);
        ImportedSource source;
        source.path = archive.unit.path;
        source.format = std::string(ingest::name(archive.unit.format));
        source.bytes = archive.bytes;
        auto found =
            ingest::openArchive(archive.unit, m_options.format, m_options.archives, m_stop, unpacking, m_profiles);
        unpacking.finishPart();
        if (!found) {
            if (endsImport(found.error()))
                return std::move(found).error().in("archive " + archive.unit.path);
            source.status = SourceStatus::Rejected;
            source.reason = found.error().text();
            tell(std::move(source), filesOf(archive.unit));
            return {};
        }
        if (found->units.empty()) {
            // One that lies among others in a folder need not hold a source.
            const bool named = std::find(m_paths.begin(), m_paths.end(), archive.unit.path) != m_paths.end();
            source.status = named ? SourceStatus::Rejected : SourceStatus::Skipped;
            source.reason = found->skipped.empty() ? "It holds no files." : "Nothing in it can be imported.";
            tell(std::move(source), filesOf(archive.unit));
        } else {
            source.status = SourceStatus::Imported;
            note(source, filesOf(archive.unit));
        }
        std::vector<PlannedUnit> units;
        std::uint64_t bytes = 0;
        for (auto &unit : found->units) {
            units.push_back({std::move(unit), 0, 0});
            units.back().bytes = bytesOf(units.back().unit);
            bytes += units.back().bytes;
        }
        for (auto &unit : units)
            unit.share =
                bytes == 0 ? 0
                           : static_cast<std::uint64_t>(static_cast<double>(archive.share - archive.share / 2)
                                                        * static_cast<double>(unit.bytes) / static_cast<double>(bytes));
        orderForImport(units);
        MULLIGAN_CHECK(importUnits(units));
        for (auto &skipped : found->skipped) {
            ImportedSource inside;
            inside.path = std::move(skipped.path);
            inside.status = skipped.damaged ? SourceStatus::Rejected : SourceStatus::Skipped;
            inside.reason = std::move(skipped.reason);
            if (!skipped.damaged)
                MULLIGAN_CHECK(explainLog(inside));
            tell(std::move(inside), {});
        }
        return {};
    }

    /// Puts a source into the report, and what became of its files into the workspace's list of them.
    void tell(ImportedSource source, std::vector<store::FileSeen> files)
    {
        m_report.attempts += source.attempts - source.joined;
        m_report.rejectedRows += source.rejectedRows;
        if (files.empty()) {
            store::FileSeen shown;
            shown.path = source.path;
            files.push_back(std::move(shown));
        }
        note(source, std::move(files));
        m_report.sources.push_back(std::move(source));
    }

    /// Writes down what became of the files so far. Source by source: were it left to the end, an import that is
    /// cancelled would have to write then, and so wait until the disk has taken all that was rolled back.
    base::Result<void> noteFiles()
    {
        if (m_files.empty())
            return {};
        auto noted = store::noteFiles(m_workspace, m_files);
        if (noted)
            m_files.clear();
        // While another process writes, the list waits: at worst the files are looked at again next time.
        else if (noted.error().code != base::ErrorCode::Conflict)
            return noted;
        return {};
    }

    void note(const ImportedSource &source, std::vector<store::FileSeen> files)
    {
        for (auto &file : files) {
            file.status = name(source.status);
            file.format = source.format;
            file.reason = source.reason;
            file.seenAt = m_now;
            m_files.push_back(std::move(file));
        }
    }

    store::Workspace &m_workspace;
    const ImportOptions &m_options;
    std::stop_token m_stop;
    base::Progress &m_progress;
    base::Instant m_now;
    ingest::MappingProfiles m_profiles; ///< that earlier sources were read with, when none is named
    std::shared_ptr<const ingest::RedactionRules> m_redaction;
    std::string m_redactionKey;
    std::span<const std::string> m_paths;
    ImportReport m_report;
    std::vector<store::FileSeen> m_files;
    std::set<std::string> m_logs; ///< files that were read with the attempts that name them
    std::optional<std::map<std::string, store::FileSeen>> m_before; ///< what earlier imports met, once it is needed
};

} // namespace

base::Result<ImportReport> importSources(store::Workspace &workspace, std::span<const std::string> paths,
                                         const ImportOptions &options, std::stop_token stop, base::Progress &progress)
{
    return Import(workspace, options, std::move(stop), progress).run(paths);
}

} // namespace mulligan::pipeline

#pragma once

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "ingest/archive.hpp"
#include "ingest/reader.hpp"
#include "policy/economics.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// Skipped: found in a folder, but nothing that holds attempts (a README, a truth file); named with the reason.
enum class SourceStatus { Imported, Duplicate, Rejected, Skipped };
[[nodiscard]] std::string_view name(SourceStatus status);

/// What became of one source; none is ever left out.
struct ImportedSource {
    std::string path;
    std::string format;
    std::string sha256;
    SourceStatus status = SourceStatus::Rejected;
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0;
    std::uint64_t joined = 0; ///< attempts that completed one already there
    std::uint64_t rejectedRows = 0;
    std::uint64_t redactions = 0;     ///< secrets replaced on the way in, the sum of `redacted`
    ingest::RedactionCounts redacted; ///< the same by kind
    std::vector<std::string> warnings;
    std::string reason;          ///< why it was rejected or passed over
    std::uint64_t conflicts = 0; ///< facts in which it differs from another source
    bool grown = false;          ///< it replaces an older version of itself
    bool redactedAnew = false;   ///< it replaces what was read of it under an earlier redaction
    std::uint64_t bytes = 0;
    base::Instant from; ///< what its attempts cover; zero when it has none
    base::Instant to;
    std::string mapping; ///< profile it was read with; empty: none
};

struct ImportReport {
    std::vector<ImportedSource> sources;
    std::uint64_t attempts = 0; ///< new in the workspace: those that completed one already there are not counted again
    std::uint64_t failures = 0; ///< failed or killed attempts more than there were
    std::uint64_t rejectedRows = 0;
    std::uint64_t conflicts = 0;        ///< differences between sources that the workspace lists now
    std::uint64_t earlierRedaction = 0; ///< stored sources that were read when less was redacted than now
    std::uint64_t unchanged = 0;        ///< files that a refresh knew from before and left alone
    double seconds = 0.0;

    [[nodiscard]] bool anythingRejected() const;
};

struct ImportOptions {
    ingest::Format format = ingest::Format::Auto;
    policy::Economics economics; ///< price book for attempts that log no cost
    bool redact = true;
    ingest::ArchiveLimits archives;
    std::size_t threads = 0;  ///< that read; 0: as many as the machine has, up to 8
    bool onlyChanged = false; ///< leave out files whose size and time are those of the last import
    std::shared_ptr<const ingest::Mapping> mapping; ///< set: every file is CSV or JSON, read by it; null: tables that a
                                                    ///< profile of an earlier source fits are read by that
    std::shared_ptr<const ingest::RedactionRules> redaction; ///< chosen for this workspace; nullptr: as chosen before
    std::optional<base::Instant> importedAt; ///< moment noted with each source; by default what the clock says
};

/// Reads files, folders, archives ("-": standard input) into the workspace, one transaction a source: rows of
/// schedulers first, then event logs, text logs and archives. A source that cannot be read is reported with its reason
/// and the others go on; only a cancelled import or a full disk is an error, which says how many sources and attempts
/// were stored before it: they stay, and importing again goes on from there. A file that has grown or was written anew
/// since its last import, or read when less was redacted, replaces what it said then. The redaction is remembered by
/// the workspace. What became of every file is noted in the workspace. Progress counts raw bytes of all sources. Reads
/// on several threads and stores on this one.
[[nodiscard]] base::Result<ImportReport> importSources(store::Workspace &workspace, std::span<const std::string> paths,
                                                       const ImportOptions &options, std::stop_token stop,
                                                       base::Progress &progress);

} // namespace mulligan::pipeline

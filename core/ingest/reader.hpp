#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "ingest/redact.hpp"
#include "model/attempt.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// Archive is none that a user names: what it holds is found when its turn comes.
enum class Format { Auto, Attempts, Csv, SparkEventLog, SparkLog, YarnLog, Airflow, Archive };

/// "auto", "attempts", "csv", "spark-eventlog", "spark-log", "yarn-log", "airflow".
[[nodiscard]] std::optional<Format> formatFromName(std::string_view text);
[[nodiscard]] std::string_view name(Format format);

/// A row that could not be used.
struct Reject {
    std::uint64_t line = 0;   ///< 1-based line of the source
    std::uint64_t column = 0; ///< 1-based byte within the line or, for CSV, number of the field; 0: the whole line
    std::string reason;       ///< what is wrong and which field
    std::string text;         ///< the row itself, at most 4 KiB, redacted when the options say so
    std::vector<SecretSpan> secrets = {}; ///< in `text`, as the table's header tells them; none behind redaction

    bool operator==(const Reject &) const = default;
};

/// Receives what a reader finds, in the order of the source. An error ends the reading and is returned by it.
class AttemptSink
{
public:
    virtual ~AttemptSink() = default;
    [[nodiscard]] virtual base::Result<void> accept(model::Attempt attempt) = 0;
    /// Tells the 1-based line of the attempt that comes next and the row's own text, should it have to be rejected
    /// later on: as it stands in the source, so not to be kept unless by way of `reject`. Readers of rows alone know
    /// it.
    virtual void standAt(std::uint64_t /*line*/, std::string_view /*raw*/) {}
    [[nodiscard]] virtual base::Result<void> reject(Reject reject) = 0;
};

struct Mapping;
/// How tables under names of their own become attempts, the likelier first.
using MappingProfiles = std::vector<std::shared_ptr<const Mapping>>;

/// What is imported whole or not at all: one file, or one rolling event log folder.
struct SourceUnit {
    std::string path;                      ///< as shown: the file, the folder, "-", or "archive.zip/file inside"
    Format format = Format::Auto;          ///< never Auto when it comes from findSources
    std::vector<std::string> parts;        ///< the files to read, in order; just `path` for a single file, and behind a
                                           ///< database its write-ahead log
    std::shared_ptr<const void> keepAlive; ///< holds what standard input was set down in, or an archive unpacked to
    int depth = 0;                         ///< archives it lies in; not 0: `keepAlive` is openArchive's
    std::shared_ptr<const Mapping> mapping = {}; ///< how rows of CSV and JSON become attempts; null: they are native
};

struct Skipped {
    std::string path;
    std::string reason;
    bool damaged = false; ///< it may have been a source, but cannot be read, or its archive does not give it (or all)

    bool operator==(const Skipped &) const = default;
};

struct Discovery {
    std::vector<SourceUnit> units; ///< by path, rolling parts by number
    std::vector<Skipped> skipped;  ///< everything else that was found, and why it is not read
};

/// Finds what can be imported at `path`: a file, a folder (searched downwards in sorted order), or "-" for standard
/// input, which is set down in a temporary file so that it can be hashed before it is read. Hidden files are passed
/// over. `format` Auto recognises each file by its content: a first object with "Event" is a Spark event log, another
/// object an attempt record, a header line with known columns CSV; archives, Airflow's history, `yarn logs` and Spark's
/// text logs by their own signs. Archives are not opened here. A table
/// that nothing else fits is read by the first of `profiles` that fits it (profileFor). In a folder what fits nothing
/// is listed in `skipped`, and so is, marked as damaged, what cannot be read; named explicitly either is an error.
/// Errors: NotFound, PermissionDenied, Io, Unsupported (nothing known in the named file), DiskFull (standard input),
/// Cancelled.
[[nodiscard]] base::Result<Discovery> findSources(const std::string &path, Format format = Format::Auto,
                                                  const std::stop_token &stop = {},
                                                  const MappingProfiles &profiles = {});

struct ReadOptions {
    bool redact = true;                              ///< replace secrets before anything leaves the reader
    std::shared_ptr<const RedactionRules> redaction; ///< nullptr: the built-in kinds alone
    std::string redactionKey = {};                   ///< of marks in names that tell attempts apart (Redactor)
    std::size_t maxLineBytes = 64u << 20;            ///< a longer line is rejected in constant memory
};

struct SourceReport {
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0; ///< failed or killed among them
    std::uint64_t rejectedRows = 0;
    std::vector<std::string> warnings; ///< each kind once, with its count
    bool truncated = false;            ///< the source breaks off (in-progress or damaged); what was there is delivered
    std::uint64_t redactions = 0;      ///< secrets replaced, the sum of `redacted`
    RedactionCounts redacted;          ///< the same by kind
    std::vector<std::string> logs;     ///< SHA-256 of the logs that rows named and that were read with them
    std::vector<std::string> logPaths; ///< where they lie, as `SourceUnit::path` shows its file
    std::string sha256;                ///< of the raw bytes of all parts
    std::uint64_t bytes = 0;           ///< raw bytes read

    bool operator==(const SourceReport &) const = default;
};

/// SHA-256 of the raw bytes of all parts, one after another: of a single file what `sha256sum` prints; with `limit` of
/// its first bytes only. Progress counts bytes. Errors: NotFound, PermissionDenied, Io, Cancelled.
[[nodiscard]] base::Result<std::string> hashUnit(const SourceUnit &unit, std::stop_token stop, base::Progress &progress,
                                                 std::uint64_t limit = UINT64_MAX);

/// Reads one source to its end, streaming: memory does not depend on its size. A row that cannot be used goes to
/// `sink.reject` and reading goes on; a file that cannot be read ends it. Whatever the format's reader, all that it
/// hands over is redacted on the way: attempts, rejects, warnings, the message of an error. Progress counts raw bytes.
/// Errors: NotFound, PermissionDenied, Io, Corrupt, Unsupported, Cancelled, and those of the sink.
[[nodiscard]] base::Result<SourceReport> readSource(const SourceUnit &unit, const ReadOptions &options,
                                                    AttemptSink &sink, std::stop_token stop, base::Progress &progress);

} // namespace mulligan::ingest

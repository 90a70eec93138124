#pragma once

#include "base/instant.hpp"
#include "model/attempt.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::store
{

struct SourceMeta {
    std::string path;
    std::string format;
    std::string sha256; ///< of the raw bytes: what tells one source from another; empty: `settle` gives it
    std::uint64_t bytes = 0;
    base::Instant importedAt;
    std::string place = {}; ///< absolute path, by which a newer version of the source is known; empty: it has none
    /// Row id of an older version of the same source: what it said is replaced by what this one says, without a
    /// conflict. It goes when nothing is left that it alone brought. 0: none.
    std::int64_t supersedes = 0;
    /// The older version is contained in this one whole, byte for byte: everything that it brought is this one's.
    bool contains = false;
    /// Only with `contains`: its records are not delivered again; counts and rejected rows go on from its own, except
    /// for a last row in which it broke off.
    bool continues = false;
    /// Its records' numbers are those of their order by start within job and run, among this source's alone.
    bool numbersByStart = false;
    /// Every record of the older version is read again, as when a row had been written by half, or by another profile:
    /// what it said and this one does not goes with it.
    bool replaces = false;
};

/// What is kept of a source beside its rows.
struct SourceNotes {
    std::vector<std::string> warnings;
    std::map<std::string, std::uint64_t> redacted; ///< secrets replaced, by kind
    bool truncated = false;                        ///< it breaks off
    std::string mapping;                           ///< profile it was read with; empty: none
};

enum class AddOutcome {
    Added,   ///< a new attempt
    Joined,  ///< it completed an attempt that another source brought
    Repeated ///< this source has the attempt already; nothing was stored
};

/// Writes one source in one transaction: all of it or, when `commit` is not reached, nothing. Attempts of other sources
/// are joined by application id (two event logs only when their attempt numbers are equal too, or a scheduler's attempt
/// spans both), else by job, run and attempt, under the rules of `Joiner`; two attempts that a record shows to be one
/// become one. Event logs of one application id that hold different starts are of two applications: the run of the
/// later one to come is that id and its start. Used by one thread at a time.
class SourceWriter
{
public:
    /// Errors: Conflict when the content was imported already or another process writes.
    [[nodiscard]] static base::Result<SourceWriter> begin(Workspace &workspace, const SourceMeta &meta);
    SourceWriter(SourceWriter &&) noexcept;
    ~SourceWriter();

    /// `textNumber`, counted from 0 without gaps, spares looking a repeated text up: attempts with equal numbers have
    /// equal error texts and root causes.
    [[nodiscard]] base::Result<AddOutcome> add(const model::Attempt &attempt, std::string_view exceptionClass,
                                               std::uint64_t templateHash,
                                               std::optional<std::size_t> textNumber = std::nullopt);
    [[nodiscard]] base::Result<void> reject(std::uint64_t line, std::uint64_t column, std::string_view reason,
                                            std::string_view text);
    /// Gives the hash and size of a source that was begun before they were known. A source of the same content of which
    /// no row could be used is replaced. Errors: Conflict when the content was imported already.
    [[nodiscard]] base::Result<void> settle(std::string_view sha256, std::uint64_t bytes);
    /// Builds what indices were put off and ends the transaction. Errors: Cancelled when `stop` asked for it before.
    [[nodiscard]] base::Result<void> commit(const SourceNotes &notes, const std::stop_token &stop = {});
    /// A log was read as part of a row that names it: found again as a file it is no source of its own.
    [[nodiscard]] base::Result<void> noteLog(std::string_view sha256);
    /// Attempts whose outcome is unknown because a later one of the same application is there, so far.
    [[nodiscard]] std::uint64_t followed() const;
    /// Facts in which this source differs from others, so far.
    [[nodiscard]] std::uint64_t conflicts() const;

private:
    struct State;
    explicit SourceWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Within a transaction: refuses content that a source brought, and removes that source when no row of it could be
/// used, so that it can be read again. Errors: Conflict.
[[nodiscard]] base::Result<void> makeRoomFor(sqlite::Connection &connection, std::string_view sha256);
/// What an import must know of the sources that are there.
struct KnownSource {
    std::int64_t id = 0;
    std::string path;
    std::string place;
    std::string format;
    std::string sha256;
    std::uint64_t bytes = 0;
    std::uint64_t records = 0; ///< delivered by its reader: attempts and rejected rows
    bool truncated = false;
    bool usable = false; ///< it has attempts
    std::string mapping; ///< profile that it was read with; empty: none
};
[[nodiscard]] base::Result<std::vector<KnownSource>> knownSources(Workspace &workspace);
/// Whether a log with this content was read as part of a row that names it.
[[nodiscard]] base::Result<bool> isNotedLog(Workspace &workspace, std::string_view sha256);
/// The source with this content, if it was imported.
[[nodiscard]] base::Result<std::optional<SourceRow>> findSource(Workspace &workspace, std::string_view sha256);

} // namespace mulligan::store

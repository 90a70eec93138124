#pragma once

#include "base/instant.hpp"
#include "model/attempt.hpp"
#include "store/workspace.hpp"

#include <cstdint>
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
};

enum class AddOutcome {
    Added,   ///< a new attempt
    Joined,  ///< it completed an attempt that another source brought
    Repeated ///< this source has the attempt already; nothing was stored
};

/// Writes one source in one transaction: all of it or, when `commit` is not reached, nothing. Attempts of other sources
/// are joined by application id (two event logs only when their attempt numbers are equal too), else by job, run and
/// attempt; a joined source fills what is missing and never overwrites, except that a scheduler's row gives an event
/// log's attempt its job, run and number. Used by one thread at a time.
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
    [[nodiscard]] base::Result<void> commit(const std::vector<std::string> &warnings, const std::stop_token &stop = {});

private:
    struct State;
    explicit SourceWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Whether a source of this size was imported: without one, a file of this size cannot be there already.
[[nodiscard]] base::Result<bool> hasSourceOfSize(Workspace &workspace, std::uint64_t bytes);
/// Within a transaction: refuses content that a source brought, and removes that source when no row of it could be
/// used, so that it can be read again. Errors: Conflict.
[[nodiscard]] base::Result<void> makeRoomFor(sqlite::Connection &connection, std::string_view sha256);
/// The source with this content, if it was imported.
[[nodiscard]] base::Result<std::optional<SourceRow>> findSource(Workspace &workspace, std::string_view sha256);

} // namespace mulligan::store

#pragma once

#include "base/result.hpp"
#include "ingest/reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// What a file's first bytes say about it.
struct Recognised {
    std::optional<Format> format; ///< nothing: it is no source
    std::string reason;           ///< then: why not
    bool damaged = false;         ///< then: it may be one, but its data break off too early to tell
    /// It is a table that a profile may fit: under names of its own, or, with a format, one of attempts that lacks some
    /// of what each of them needs.
    bool table = false;
    std::string remedy = {}; ///< without a format: what to do, where naming a format would not help
};

/// Whether the beginning of a file is no text: more than one byte in twenty is a zero or a control byte that texts do
/// not have. A few of them, zeros at the end of lines, as a crash leaves them, and zeros at the front, where a log was
/// emptied while its writer went on behind them, make none of a text.
[[nodiscard]] bool isBinary(std::string_view head);

/// Judges the decoded beginning of the file shown as `path`. `strict` (files met in a folder): a JSON object must look
/// like an attempt, where a file named by the user is taken at its word.
[[nodiscard]] Recognised recogniseHead(std::string_view path, std::string_view head, bool strict);
/// The same from the file, which may be shown under another path. Errors: NotFound, PermissionDenied, Io, Corrupt.
[[nodiscard]] base::Result<Recognised> recogniseFile(const std::string &file, const std::string &path, bool strict);

/// Whether a file has the name of a workspace or of what SQLite keeps beside one. It is not even looked into: where
/// this process has the workspace open, closing the file would drop the locks of its connections.
[[nodiscard]] bool isOfWorkspace(std::string_view fileName);
/// Why a file of this name is never a source, whatever it holds; empty when it may be one.
[[nodiscard]] std::string excludedName(std::string_view fileName);

} // namespace mulligan::ingest

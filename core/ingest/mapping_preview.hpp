#pragma once

#include "ingest/mapping.hpp"
#include "model/attempt.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// The beginning of a file, with compression taken off.
struct FileHead {
    std::string bytes;
    bool cut = false; ///< there is more behind it
};
/// Reads what proposals and previews need: 256 KiB, of a JSON document up to 16 MiB. Errors: those of openDecoded.
[[nodiscard]] base::Result<FileHead> readHead(const std::string &path);

/// What becomes of one row.
struct PreviewRow {
    enum class Fate : std::uint8_t { Attempt, Rejected, Skipped, Raw };

    std::uint64_t line = 0;         ///< 1-based; of a JSON document the number of the record
    std::vector<std::string> cells; ///< as Preview::columns, UTF-8, each at most 300 bytes
    Fate fate = Fate::Raw;          ///< Raw: the mapping is not complete
    model::Attempt attempt;         ///< when it becomes one
    std::string reason;             ///< why it is rejected, or what is to be said of it
    std::string field;              ///< in which field it went wrong
    std::uint64_t column = 0;       ///< 1-based column it went wrong in; 0: none
};

/// What a mapping makes of a file's first rows.
struct Preview {
    std::vector<std::string> columns;
    std::vector<PreviewRow> rows;
    std::uint64_t attempts = 0;
    std::uint64_t rejected = 0;
    std::uint64_t skipped = 0;
    std::uint64_t badSequences = 0;     ///< bytes of the head that are no text in the encoding
    std::optional<base::Error> problem; ///< why no attempts can be made (an open field, a missing column, a bad form)
};

/// Tries a mapping on the first rows of a head, without redaction: it is shown to whoever holds the file. Attempts that
/// are numbered by start are numbered within these rows. Never fails; what is wrong is in the preview. Cost: that of
/// reading the head.
[[nodiscard]] Preview previewMapping(const FileHead &head, const Mapping &mapping, std::size_t rows = 50);

} // namespace mulligan::ingest

#pragma once

#include "formats/byte_source.hpp"
#include "formats/csv.hpp"
#include "formats/json.hpp"
#include "ingest/mapped_row.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// One row as it lies in the file. Views live until the next row.
struct RawRow {
    std::uint64_t line = 0; ///< 1-based
    std::vector<Cell> cells;
    std::string_view raw;            ///< its text, of separated values at most 4 KiB
    std::string problem;             ///< what is wrong with its form; the cells are not to be used then
    std::uint64_t problemColumn = 0; ///< 1-based byte or field
    bool breaksOff = false;          ///< the file ends inside this row
    bool looseQuotes = false;        ///< as CsvRecord's
};

/// Rows of a file whose form a mapping describes, before any field is made of them. Streaming; a document of JSON alone
/// is read as a whole.
class RowFeed
{
public:
    virtual ~RowFeed() = default;
    /// Names of the cells of every row.
    [[nodiscard]] virtual const std::vector<std::string> &columns() const = 0;
    /// False at the end. Errors: those of the source.
    [[nodiscard]] virtual base::Result<bool> next(RawRow &row) = 0;
};

/// How a reader of separated values is to read the dialect that a profile describes.
[[nodiscard]] formats::CsvOptions csvOptionsOf(const Dialect &dialect, std::size_t maxBytes);

/// `source` (UTF-8) and `mapping` must outlive the feed. Of JSON the cells are what stands at `paths`, in their order;
/// separated values have the columns of their header. Errors: Parse (no header, a document that is no JSON),
/// LimitExceeded (a document larger than `maxBytes`), those of the source.
[[nodiscard]] base::Result<std::unique_ptr<RowFeed>> openRows(formats::ByteSource &source, const Mapping &mapping,
                                                              std::vector<std::string> paths, std::size_t maxBytes);

/// The rows inside a document or line: what the mapping's `records` leads to, one object or a list of them.
[[nodiscard]] base::Result<std::vector<const formats::Json *>> recordsIn(const formats::Json &document,
                                                                         const std::string &records);

} // namespace mulligan::ingest

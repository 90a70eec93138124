#pragma once

#include "ingest/mapped_row.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace mulligan::ingest
{

/// What the rows of a table are only together.
struct RowOrder {
    std::vector<std::uint32_t> numbers; ///< of the attempt, for every row; 0: it is none
    /// For rows that end an attempt of several slices, by their place: the start of the first, in ms.
    std::unordered_map<std::uint64_t, std::int64_t> begins;
    std::uint64_t unended = 0; ///< slices of attempts that no row ends
};

/// Numbers attempts from 1 within job and run by their start, and by their place among equal starts. Slices belong to
/// the next row of theirs that is none.
class AttemptNumbers
{
public:
    /// The next row's key; nothing: the row gets no number.
    void add(std::optional<MappedRow::Key> key);
    /// Cost: n log n.
    [[nodiscard]] RowOrder finish() &&;

private:
    struct Row {
        std::uint64_t run;
        std::int64_t startMs;
        std::uint64_t place;
        bool slice;
    };
    std::vector<Row> m_rows;
    std::uint64_t m_places = 0;
};

} // namespace mulligan::ingest

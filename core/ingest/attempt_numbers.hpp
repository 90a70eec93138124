#pragma once

#include "ingest/mapped_row.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mulligan::ingest
{

/// Numbers attempts from 1 within job and run by their start, and by their place among equal starts.
class AttemptNumbers
{
public:
    /// The next row's key; nothing: the row gets no number.
    void add(std::optional<MappedRow::Key> key);
    /// A number for every row that was added, 0 for those without a key. Cost: n log n.
    [[nodiscard]] std::vector<std::uint32_t> finish() &&;

private:
    struct Row {
        std::uint64_t run;
        std::int64_t startMs;
        std::uint64_t place;
    };
    std::vector<Row> m_rows;
    std::uint64_t m_places = 0;
};

} // namespace mulligan::ingest

#pragma once

#include "formats/json_cursor.hpp"
#include "ingest/attempt_fields.hpp"
#include "ingest/mapped_time.hpp"
#include "ingest/mapping.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// One value of a row, as the source writes it.
struct Cell {
    std::string_view text;
    bool literal = false; ///< a number of JSON
};

/// Turns rows into attempts by a mapping: the one path for CSV and JSON. Not for several threads at once.
class MappedRow
{
public:
    /// Errors: those of checkComplete.
    [[nodiscard]] static base::Result<MappedRow> make(std::shared_ptr<const Mapping> mapping);

    /// The columns that the mapping reads, each once.
    [[nodiscard]] const std::vector<std::string> &neededColumns() const { return m_needed; }
    /// Says which columns rows will have. Errors: Parse, when one that the mapping reads is not among them.
    [[nodiscard]] base::Result<void> bind(std::span<const std::string> columns);

    /// What becomes of a row: an attempt, passed over, or a slice of an attempt that a later row ends.
    enum class Fate { Attempt, Skipped, Slice };
    /// Fills a cleared builder from a row of the bound columns. What is wrong the builder keeps. `begin`: the start of
    /// the attempt's first slice, which is taken for its own.
    [[nodiscard]] Fate fill(std::span<const Cell> cells, AttemptBuilder &builder,
                            std::optional<std::int64_t> begin = {});
    /// What the last filled row shall be told of beyond its reject: a time that the clock change made unclear.
    [[nodiscard]] const std::string &remark() const { return m_remark; }
    /// " from column 'Start'" of the field in which the last row went wrong; empty without a column.
    [[nodiscard]] std::string originOf(std::string_view field) const;
    /// 1-based number of that column; 0 when it has none.
    [[nodiscard]] std::uint64_t columnOf(std::string_view field) const;

    /// What orders attempts: a hash of job and run (and attempt, where it is read), and the start in ms; nothing when
    /// one of them cannot be read.
    struct Key {
        std::uint64_t run = 0;
        std::int64_t startMs = 0;
        bool slice = false;
    };
    [[nodiscard]] std::optional<Key> keyOf(std::span<const Cell> cells);
    /// Whether attempts are to be numbered by their start.
    [[nodiscard]] bool needsNumbers() const;
    /// Whether rows may be slices of attempts.
    [[nodiscard]] bool hasSlices() const;

private:
    struct Compiled {
        MappedField source;
        std::vector<TemplatePart> parts;
        std::vector<std::size_t> cells;            ///< of the columns, or of the template's columns in order
        std::map<std::string, std::string> values; ///< lower case → meaning
        std::optional<TimeReader> time;
    };
    struct Text {
        std::string_view text;
        bool literal = false;
    };

    MappedRow() = default;
    base::Result<void> compile(const MappedField &field);
    [[nodiscard]] std::optional<Text> cellOf(std::span<const Cell> cells, std::size_t at) const;
    /// The field's text after template, constant and value map; nothing when the source has none.
    [[nodiscard]] std::optional<Text> textOf(const Compiled &field, std::span<const Cell> cells);
    [[nodiscard]] const Compiled *find(Field field) const;
    void put(const Compiled &field, Text text, AttemptBuilder &builder);
    void putTime(const Compiled &field, Text text, AttemptBuilder &builder);
    void putDuration(const Compiled &field, Text text, AttemptBuilder &builder);
    void putNumber(const Compiled &field, Text text, AttemptBuilder &builder);
    void putMember(const Compiled &field, Text text, AttemptBuilder &builder);
    void putMembers(const Compiled &field, Text text, AttemptBuilder &builder);

    std::shared_ptr<const Mapping> m_mapping;
    std::vector<Compiled> m_fields; ///< a duration behind the start it is counted from
    std::vector<std::string> m_needed;
    std::vector<std::size_t> m_position; ///< of each needed column in the row
    const Compiled *m_problem = nullptr;
    std::string m_scratch;
    std::string m_remark;
    std::optional<std::int64_t> m_startMs;
    std::optional<std::int64_t> m_beginMs; ///< of the attempt whose last slice the row is
    formats::JsonReader m_json;
};

} // namespace mulligan::ingest

#pragma once

#include "ingest/mapping.hpp"
#include "ingest/mapping_preview.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// What the values of a column are, as far as the first rows tell.
enum class ColumnType : std::uint8_t { Empty, Number, Time, Category, Text };
[[nodiscard]] std::string_view name(ColumnType type); ///< "empty", "number", "time", "category", "text"

struct ColumnProfile {
    std::string name;
    ColumnType type = ColumnType::Empty;
    std::string time;       ///< of a time: what a mapping calls its format
    bool needsZone = false; ///< of a time: it does not carry one
    bool ambiguous = false; ///< of a time: day and month could be the other way round
    double least = 0.0;     ///< of numbers
    double most = 0.0;
    bool whole = false;                ///< of numbers: all are whole
    std::size_t filled = 0;            ///< rows that have something there
    std::size_t odd = 0;               ///< of those, rows whose value is not of the type
    std::string oddOne;                ///< the first such value
    std::vector<std::string> distinct; ///< different texts, at most 40, in the order of their coming
};

/// One field of the proposal: how sure it is, from 0 to 1, and why.
struct ProposedField {
    std::string target;
    double certainty = 0.0;
    std::string why;
};

/// What Mulligan would make of a file that it does not know.
struct Proposal {
    Mapping mapping;
    std::vector<ColumnProfile> columns;
    std::vector<ProposedField> fields; ///< as mapping.fields
    std::vector<Field> open;           ///< required fields for which no column was found
    std::vector<std::string> notes;    ///< what was assumed and should be looked at
    std::size_t rows = 0;              ///< looked at
};

/// Finds encoding, form, types of columns and a source for each field: by the names that schedulers and their exports
/// use (Airflow, Azkaban, Control-M, Dagster, Databricks, Dataproc, EMR, Glue, Livy, Luigi, Oozie, Prefect, YARN, and
/// common words) and by the values. `path` helps where the content is not clear (".tsv"). Never fails: what cannot be
/// told is left open.
[[nodiscard]] Proposal proposeMapping(const FileHead &head, std::string_view path);

/// The profile with comments on what is sure, what was assumed and what is still open, for a person to go over.
[[nodiscard]] std::string proposalText(const Proposal &proposal);

} // namespace mulligan::ingest

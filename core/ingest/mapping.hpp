#pragma once

#include "base/result.hpp"
#include "formats/csv.hpp"
#include "ingest/attempt_fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mulligan::ingest
{

/// How rows lie in a file: separated values, a JSON object a line, or one JSON document that holds a list of objects.
enum class RowFormat : std::uint8_t { Csv, JsonLines, Json };
[[nodiscard]] std::string_view name(RowFormat format); ///< "csv", "jsonl", "json"
[[nodiscard]] std::optional<RowFormat> rowFormatFromName(std::string_view text);

/// How a CSV file is written.
struct Dialect {
    std::string delimiter = ","; ///< one character, of any length in UTF-8
    std::string quote = "\"";    ///< one ASCII character; empty: there are no quotes
    formats::CsvEscape escape = formats::CsvEscape::Doubled;
    bool header = true;  ///< the first record names the columns; else they are called "1", "2", …
    int skipLines = 0;   ///< lines before the header that are passed over
    std::string comment; ///< lines that begin so are passed over; empty: there are none

    bool operator==(const Dialect &) const = default;
};

/// How numbers are written: "1.234,56" is decimal ',' with thousands '.'.
struct NumberStyle {
    std::string decimal = ".";
    std::string thousands; ///< empty: digits are not grouped

    bool operator==(const NumberStyle &) const = default;
};

/// Target of a value map that passes a row over instead of importing it ("RUNNING": not an attempt yet).
inline constexpr std::string_view kSkipRow = "skip";
/// Target of a value map for a row that is a slice of an attempt which goes on: the next row of its job and run (and
/// attempt, where one is read) that has an outcome begins where the first of them did.
inline constexpr std::string_view kContinues = "continues";

/// Where one field of an attempt comes from and how it is read. Exactly one of `columns`, `text`, `constant` and
/// `duration` is given.
struct MappedField {
    Field field = Field::Job;
    std::string member;               ///< of config or metrics: the property or metric; empty: a JSON object of them
    std::vector<std::string> columns; ///< the first that holds something is taken
    std::string text;                 ///< a template, "{dag}.{task}"; "{{" and "}}" are braces
    std::optional<std::string> constant;
    std::string duration; ///< ended_at alone: a column of how long it took, counted from started_at
    /// What the source writes → what it means, in any case; "" stands for nothing at all. For `outcome`, "skip" passes
    /// the row over, and "continues" says that the attempt goes on in a later row.
    std::vector<std::pair<std::string, std::string>> values;
    std::optional<std::string> otherwise; ///< what every text that is not in `values` means
    std::string time; ///< of times: "rfc3339" (also when empty), "epoch_s", "epoch_ms", "epoch_us", "epoch_ns",
                      ///< "excel" (days and their fractions, as spreadsheets count them) or a pattern of
                      ///< formats::TimePattern
    std::string zone; ///< of times that do not carry one; empty: the mapping's
    std::string unit; ///< of amounts: what the source counts in (unitsOf); empty: the field's own
    int add = 0;      ///< of whole numbers: added, so that attempts numbered from 0 begin with 1

    bool operator==(const MappedField &) const = default;
};

/// How rows from anywhere become attempts. Without a field `attempt`, attempts are numbered by the order of their start
/// within job and run.
struct Mapping {
    RowFormat format = RowFormat::Csv;
    std::string encoding = "UTF-8"; ///< any that iconv(3) knows
    Dialect dialect;
    std::string records; ///< of JSON: the way to the list of rows ("apps.app"); empty: the document or line itself
    NumberStyle numbers;
    std::vector<std::string> nulls = {"NULL", "null", "\\N"}; ///< texts that mean "nothing", as an empty field does
    std::string zone; ///< IANA name or offset for times that do not carry one; empty: such times are refused
    std::vector<MappedField> fields;

    bool operator==(const Mapping &) const = default;
    /// The source of a field, or null.
    [[nodiscard]] const MappedField *find(Field field, std::string_view member = {}) const;
};

/// "job", "config.spark.executor.memory".
[[nodiscard]] std::string targetName(const MappedField &field);
/// The same backwards into `field` and `member`; false when there is no such target.
[[nodiscard]] bool setTarget(MappedField &field, std::string_view target);
/// Columns that a field reads, in order.
[[nodiscard]] std::vector<std::string> columnsOf(const MappedField &field);

/// A template cut into its parts: texts and names of columns. Errors: InvalidArgument (an open brace, an empty name).
struct TemplatePart {
    bool isColumn = false;
    std::string text;

    bool operator==(const TemplatePart &) const = default;
};
[[nodiscard]] base::Result<std::vector<TemplatePart>> templateParts(std::string_view text);

/// What is wrong with one field by itself (an unknown unit, a bad pattern, a zone that is missing), or nothing.
[[nodiscard]] std::optional<base::Error> problemOf(const Mapping &mapping, const MappedField &field);
/// What is wrong with the dialect, the encoding, numbers and zone.
[[nodiscard]] std::optional<base::Error> problemOf(const Mapping &mapping);
/// Fields that every attempt needs and that have no source: of job, run, outcome, started_at and ended_at.
[[nodiscard]] std::vector<Field> openFields(const Mapping &mapping);
/// Whether an import can begin. Errors: InvalidArgument (something is wrong or a required field is open).
[[nodiscard]] base::Result<void> checkComplete(const Mapping &mapping);

/// Reads a profile: YAML, strict. `path` is named in errors. Required fields may still be open (checkComplete). Errors:
/// Parse and InvalidArgument with line, column and, for names, the nearest known one; NewerVersion.
[[nodiscard]] base::Result<Mapping> parseMapping(std::string_view text, const std::string &path);
/// The profile as parseMapping reads it back, equal.
[[nodiscard]] std::string mappingText(const Mapping &mapping);
/// Reads a profile from a file. Errors: those of parseMapping and readTextFile.
[[nodiscard]] base::Result<Mapping> readMapping(const std::string &path);

} // namespace mulligan::ingest

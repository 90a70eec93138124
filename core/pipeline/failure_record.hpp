#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"
#include "model/attempt.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// A failure as `mulligan decide` reads it: a native attempt record with two more keys, "id" (text or number, given
/// back with the decision) and "history" (the run's earlier attempts as native records).
struct FailureRecord {
    formats::Json id; ///< "job/run/attempt" where none was given
    model::Attempt attempt;
    std::vector<model::Attempt> earlier; ///< by attempt number
    bool historyGiven = false;           ///< false: nothing is known of the run's earlier attempts
};

/// The id a record goes by when it names none.
[[nodiscard]] std::string identity(const model::Attempt &attempt);

/// Reads a record. Errors: Parse, naming the field: those of ingest::attemptFromJson; an outcome that is no failure; an
/// "id" that is neither text nor number; a "history" that is no list, is of another run, or is not earlier.
[[nodiscard]] base::Result<FailureRecord> failureFromJson(const formats::Json &json);
/// The record as one JSON value; failureFromJson gives it back.
[[nodiscard]] formats::Json failureToJson(const FailureRecord &record);

/// One recomputable decision of a bundle's golden.jsonl.
struct GoldenDecision {
    std::string input;    ///< the record's bytes
    std::string decision; ///< the decision's bytes
};
[[nodiscard]] std::string goldenLine(const GoldenDecision &golden);
/// Reads golden.jsonl, keeping the bytes of both sides as they stand. Errors: Parse naming the line.
[[nodiscard]] base::Result<std::vector<GoldenDecision>> readGolden(std::string_view jsonLines);

} // namespace mulligan::pipeline

#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"
#include "model/attempt.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest
{

/// Reads one native attempt record (design.md, section 4): `job`, `run`, `attempt` (whole, ≥ 1), `outcome`,
/// `started_at`, `ended_at` (not before the start; RFC 3339 with a zone, or epoch milliseconds) are required; numbers
/// must be finite and ≥ 0, `action_probability` in (0, 1]. Values of `config` may be strings, numbers or booleans.
/// `unknownKeys`, when given, receives keys that are not part of the record. Errors: Parse, naming the field.
[[nodiscard]] base::Result<model::Attempt> attemptFromJson(const formats::Json &json,
                                                           std::vector<std::string> *unknownKeys = nullptr);
/// The same from text, straight from the parser.
[[nodiscard]] base::Result<model::Attempt> attemptFromJsonText(std::string_view text,
                                                               std::vector<std::string> *unknownKeys = nullptr);
/// The record as we write it: fields in the order of design.md, absent ones left out. attemptFromJson gives the attempt
/// back.
[[nodiscard]] formats::Json attemptToJson(const model::Attempt &attempt);

} // namespace mulligan::ingest

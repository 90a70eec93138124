#pragma once

#include "base/result.hpp"
#include "formats/json.hpp"

#include <cstddef>

namespace mulligan::pipeline
{

/// What stands in for the answer to a record that cannot be read, so that a stream keeps its order and length:
/// {"error":{"code","message","context","hint"},"record":N,"id":…}. `record` counts the non-blank lines from 1, 0 when
/// there is no such count; `id` is left out unless it is a text or a number.
[[nodiscard]] formats::Json errorAnswer(const base::Error &error, size_t record, const formats::Json &id);

} // namespace mulligan::pipeline

#pragma once

#include "ingest/attempt_fields.hpp"

#include <string_view>

namespace mulligan::ingest
{

/// What no attempt exceeds; one that does is in another unit, and alone would be all of a history's cost.
struct AmountLimit {
    Field field;
    double most;           ///< in the field's unit
    std::string_view told; ///< the same in words
};

/// The limit of a field, nullptr where it has none.
[[nodiscard]] const AmountLimit *limitOf(Field field);

} // namespace mulligan::ingest

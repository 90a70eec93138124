#pragma once

#include "text/json_tree.hpp"

#include <optional>
#include <string>

namespace mulligan::text
{

/// A structured traceback as Python prints it, without frames: structlog (and Airflow 3 in "error_detail") writes a
/// list of objects with "exc_type" and "exc_value", the exception that was raised last first, and behind it what it
/// came of ("is_cause") or what was being handled; notes follow what an exception says, and of a group ("is_group") its
/// first exception follows it. Absent where a value is no such list, nor one of its objects. Linear in the list.
[[nodiscard]] std::optional<std::string> exceptionListText(const JsonNode &value);

} // namespace mulligan::text

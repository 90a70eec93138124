#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mulligan::text
{

/// A name of an exception within a line: "java.lang.OutOfMemoryError", "KeyError",
/// "airflow.exceptions.AirflowTaskTimeout".
struct ExceptionName {
    std::size_t begin = 0;
    std::string_view name;
};

/// The first exception named at or after `from`; one that only stands in a frame or a path does not count.
[[nodiscard]] std::optional<ExceptionName> exceptionIn(std::string_view line, std::size_t from);

} // namespace mulligan::text

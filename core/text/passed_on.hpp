#pragma once

#include <string_view>

namespace mulligan::text
{

/// What a line says behind the head of a program that passes another one's output on: Airflow's operators and task
/// runners ("[2024-01-12, 03:20:10 UTC] {spark_submit.py:490} INFO - …", and behind that a container's name, "[base]
/// "). The line itself where it has no such head. A part of `line`.
[[nodiscard]] std::string_view passedOn(std::string_view line);

} // namespace mulligan::text

#pragma once

#include <string_view>

namespace mulligan::text
{

/// What a line says behind the head of a program that passes another one's output on: Airflow's operators and task
/// runners ("[2024-01-12, 03:20:10 UTC] {spark_submit.py:490} INFO - …", and behind that a container's name, "[base]
/// "). Behind the time that a collector of containers' output puts before it, and, where it is a failure, behind a
/// runner's mark of information that names no module (Airflow 3, Prefect). The line itself where it has no such head. A
/// part of `line`.
[[nodiscard]] std::string_view passedOn(std::string_view line);

} // namespace mulligan::text

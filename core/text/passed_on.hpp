#pragma once

#include <string_view>

namespace mulligan::text
{

/// What a line says behind the head of a program that passes another one's output on: Airflow's operators and task
/// runners ("[2024-01-12, 03:20:10 UTC] {spark_submit.py:490} INFO - …", and behind that a container's name, "[base]
/// "). Behind what a collector of containers' or processes' output puts before it: a time, a pod ("[pod/load/base] "),
/// a service ("worker-1  | "), a process ("(EngineCore pid=7) ", "[rank0]: "). Where it is a failure, behind a runner's
/// mark of information that names no module (Airflow 3, Prefect), and where it is part of a trace, behind the record
/// that vLLM makes of each line. The line itself where it has no such head. A part of `line`.
[[nodiscard]] std::string_view passedOn(std::string_view line);

} // namespace mulligan::text

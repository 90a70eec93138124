#pragma once

#include <string_view>

namespace mulligan::text
{

/// What a line says behind the head of a program that passes another one's output on: Airflow's operators and task
/// runners ("[2024-01-12, 03:20:10 UTC] {spark_submit.py:490} INFO - …", and behind that a container's name, "[base]
/// "). Behind what a collector of containers' or processes' output puts before it: a time, a pod ("[pod/load/base] ",
/// "load-x7kqz: "), a service ("worker-1  | "), a process ("(EngineCore pid=7) ", "[rank0]: "). Where it is a failure,
/// behind a runner's mark of information that names no module (Airflow 3, Prefect), and where it is part of a trace,
/// behind the record that vLLM makes of each line. Behind what Python draws before each line of a group of exceptions
/// ("  | ", "    | "). The line itself where it has no such head. A part of `line`.
[[nodiscard]] std::string_view passedOn(std::string_view line);

/// Likewise, with the margin of a group of exceptions.
[[nodiscard]] std::string_view withoutHead(std::string_view line);

/// Without "[base] ", which names a pod's container.
[[nodiscard]] std::string_view withoutContainer(std::string_view text);

/// Whether a line, whose own words are `own`, has the name of a pod's container before them, as Airflow puts it.
[[nodiscard]] bool isOfContainer(std::string_view line, std::string_view own);

/// Whether a line, whose own words are `own`, has Python's margin of a group of exceptions before them.
[[nodiscard]] bool isOfGroup(std::string_view line, std::string_view own);

/// Which member of a group of exceptions a line of Python's begins ("  +-+---------------- 1 ----------------"), where
/// all behind the first are 2; 0 where it ends the group; -1: it is no such line.
[[nodiscard]] int memberOfGroup(std::string_view line);

} // namespace mulligan::text

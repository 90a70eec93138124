#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::text
{

/// Whose words a line is.
enum class Speaker {
    Itself,    ///< of what writes the log
    Child,     ///< of a program that it runs
    Container, ///< likewise, one that is named before the line
};

/// What a line of Airflow 3's says, for which it names a source.
struct AirflowLine {
    std::string_view said; ///< of what a child wrote without the time and level; never with the source
    Speaker speaker = Speaker::Itself;
};

/// Reads a line as Airflow 3's window shows it and hands it out: "[2026-05-01, 10:00:05] INFO - text: chan="stdout":
/// source="task"" of 3.0, "[2026-05-01 10:00:05] INFO - text source=task.stdout loc=…" of 3.1. A child's words are
/// known by the source: its standard streams, and the hooks that run programs. Absent of another line.
[[nodiscard]] std::optional<AirflowLine> airflowLine(std::string_view line);

/// The decoded words of a child in a line of JSON, as Airflow 3 stores it. Absent of another line.
[[nodiscard]] std::optional<std::string> airflowsChildIn(std::string_view json);

} // namespace mulligan::text

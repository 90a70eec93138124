#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mulligan::text
{

/// A name of an exception within a line: "java.lang.OutOfMemoryError", "KeyError",
/// "airflow.exceptions.AirflowTaskTimeout", "org.apache.druid.java.util.common.ISE".
struct ExceptionName {
    std::size_t begin = 0;
    std::string_view name;
};

/// The first exception named at or after `from`; one that only stands in a frame or a path does not count.
[[nodiscard]] std::optional<ExceptionName> exceptionIn(std::string_view line, std::size_t from);

/// The name of an exception that begins at a place of the line; absent where none does.
[[nodiscard]] std::optional<ExceptionName> exceptionAt(std::string_view line, std::size_t at);

/// The exception that another one of the line holds as its message, however deep: "java.io.IOException" of
/// "java.util.concurrent.ExecutionException: java.io.IOException: x", and of what systems put between ("User class
/// threw exception: ", "failed 3 actions: ", "'reason': '"). The given one where it holds none.
[[nodiscard]] ExceptionName innermostException(std::string_view line, ExceptionName found);

/// What the JVM says a thread ended with, whatever its class is called: "org.foo.InvalidRequest" of "Exception in
/// thread "main" org.foo.InvalidRequest: no shelf".
[[nodiscard]] std::optional<ExceptionName> thrownInThread(std::string_view line);

/// A class with its package that a line begins with, and its message follows, or nothing: "org.foo.InvalidRequest: no
/// shelf". Whether it was thrown is for the lines around to tell.
[[nodiscard]] std::optional<ExceptionName> classThrown(std::string_view line);

/// Whether a line is an exception of which nothing but its name is told, and where it was met: its message follows
/// below ("WorkflowError:", "MissingInputException in rule align in file /srv/Snakefile, line 3:"), or an error of R's
/// that gives its call alone ("Error in load(shelves) :").
[[nodiscard]] bool isHeadAlone(std::string_view line);

/// Whether a line begins with an exception, behind "Caused by: " or "Exception in thread …" too: what stands further on
/// is its message.
[[nodiscard]] bool beginsWithException(std::string_view line);

} // namespace mulligan::text

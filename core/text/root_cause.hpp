#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mulligan::text
{

struct PlainLines;

/// The deepest cause a failure text names.
struct RootCause {
    std::string text;           ///< the cause's own lines: the exception line and the first frames, at most 4 KiB; what
                                ///< JSON tells is decoded, and so no part of the text as it stands
    std::string exceptionClass; ///< fully qualified where the text has it ("java.lang.OutOfMemoryError"), else ""
    std::uint64_t templateHash =
        0;                 ///< of the cause's first line with numbers, ids, paths and addresses masked; 0: none
    std::size_t begin = 0; ///< where it begins in the text; of one that JSON tells, where the value does it stands in,
                           ///< of one in a container runtime's form (`plainLinesOf`), where its line does

    bool operator==(const RootCause &) const = default;
};

/// Finds the root cause of a failure text: the last `Caused by:` of the last stack trace of a JVM log, the last line of
/// a Python traceback, what a program in Go, Rust, Node.js, R or .NET ends with, the most telling ERROR line otherwise,
/// what a command said last before its exit code, else the last line that is not marked as harmless (INFO, WARN and
/// below, what belongs to such a line, what a JVM prints as it starts), else the last non-empty line. Of exceptions
/// that are one another's message the innermost counts; those that only pass on that something failed, what is logged
/// beside the work or while everything shuts down, and what only says that a child ended come last. Attempts of tasks
/// that were made up for, and a logger's own troubles, are passed over. Lines that a task runner passes on count as
/// what they were, what JSON says of a failure as the text that it holds would, and a container runtime's logs as the
/// lines they hold; a message that stands below its exception is put beside it. A text that says at its end that
/// all went well (`successAtEnd`) has that line for its cause: no failure. Linear in the text.
[[nodiscard]] RootCause findRootCause(std::string_view text);

/// That of lines that were taken out of another form; begins in `lines.text`.
[[nodiscard]] RootCause findRootCause(const PlainLines &lines);

/// Whether a root cause is no cause: an INFO, DEBUG or TRACE line without an exception or any word of a failure, which
/// findRootCause gives where a text has nothing better. Takes a line of a masked template as well.
[[nodiscard]] bool tellsNoFailure(std::string_view cause);

} // namespace mulligan::text

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mulligan::text
{

/// The deepest cause a failure text names.
struct RootCause {
    std::string text;           ///< the cause's own lines: the exception line and the first frames, at most 4 KiB
    std::string exceptionClass; ///< fully qualified where the text has it ("java.lang.OutOfMemoryError"), else ""
    std::uint64_t templateHash =
        0; ///< of the cause's first line with numbers, ids, paths and addresses masked; 0: none

    bool operator==(const RootCause &) const = default;
};

/// Finds the root cause of a failure text: the last `Caused by:` of the last stack trace of a JVM log, the last line of
/// a Python traceback, the most telling ERROR line otherwise, else the last non-empty line. Linear in the text.
[[nodiscard]] RootCause findRootCause(std::string_view text);

} // namespace mulligan::text

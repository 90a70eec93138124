#pragma once

#include "text/line_mask.hpp"

#include <cstddef>
#include <string_view>

namespace mulligan::text
{

/// What the bytes of a run (letters, digits, "_$.-") are.
struct RunShape {
    std::size_t digits = 0;
    std::size_t letters = 0; ///< bytes beyond ASCII among them
    std::size_t dots = 0;
    std::size_t underscores = 0;
    std::size_t hyphens = 0;
    std::size_t capitals = 0;
    std::size_t dollars = 0;
    bool hexOnly = true;
};

[[nodiscard]] bool startsRun(char byte);
/// Where the run that begins at `at` ends; punctuation at its end does not belong to it.
[[nodiscard]] std::size_t runEnd(std::string_view line, std::size_t at);
[[nodiscard]] RunShape shapeOf(std::string_view run);
/// "org.apache.spark.SparkException", "foo.Bar$Baz": digits of such names say which class it is.
[[nodiscard]] bool isClassName(std::string_view run, const RunShape &shape);
/// Whether ":8020" after the run would make it a host.
[[nodiscard]] bool mayHavePort(std::string_view run, const RunShape &shape);
/// What a run with at least one digit is as a whole; Literal where it has to be looked at in pieces.
[[nodiscard]] MaskKind wholeRunKind(std::string_view run, const RunShape &shape);

} // namespace mulligan::text

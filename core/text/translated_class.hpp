#pragma once

#include "text/portability.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mulligan::text
{

/// What an escape such as `\d` or `\h` stands for, written for an engine.
struct EscapeClass {
    std::string outside; ///< as an atom of its own
    std::string inside;  ///< as a member of a class in brackets
};

/// Nothing for a letter that is no class. `\v` and `\h` are Boost's: any vertical, any horizontal space.
[[nodiscard]] std::optional<EscapeClass> classFor(Engine engine, char letter);

/// A class in brackets written for an engine.
struct ClassText {
    std::string text;
    std::size_t end = 0;    ///< of the class in the pattern
    std::string why;        ///< why it has no counterpart, else ""
    std::size_t whyAt = 0;  ///< 0-based character
    bool shorthand = false; ///< it uses `\w`, `\d` or `\s`, which Python reads as Unicode's
};
/// Reads the class that begins at `pattern[at]`, a '['.
[[nodiscard]] ClassText writeClass(Engine engine, std::string_view pattern, std::size_t at);

/// The byte of an escape that begins at `pattern[at]`, a '\\', and where it ends; nothing for what is no byte.
[[nodiscard]] std::pair<std::optional<char>, std::size_t> escapedByte(std::string_view pattern, std::size_t at);
/// A byte that stands for itself in every engine, with a backslash or as \xNN where it must.
[[nodiscard]] std::string escaped(char byte);
/// Whether all engines read this escape of a byte alike.
[[nodiscard]] bool commonEscape(std::string_view escape);

} // namespace mulligan::text

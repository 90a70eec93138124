#pragma once

#include "text/pattern_syntax.hpp"

#include <optional>
#include <string_view>

namespace mulligan::text
{

/// Bytes from `from` to `to`, both included.
[[nodiscard]] ByteSet byteRange(unsigned from, unsigned to);
[[nodiscard]] ByteSet oneByte(char byte);

/// The class that a letter escape (`\d`, `\W`, …) stands for; nothing for other letters.
[[nodiscard]] std::optional<ByteSet> classEscape(char letter);
/// The byte that a letter escape (`\n`, `\t`, …) stands for; nothing for other letters.
[[nodiscard]] std::optional<char> controlEscape(char letter);
/// The ASCII bytes of `[:name:]`; nothing for a name it does not know.
[[nodiscard]] std::optional<ByteSet> posixClass(std::string_view name);

} // namespace mulligan::text

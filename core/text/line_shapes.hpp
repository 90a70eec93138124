#pragma once

#include <cstddef>
#include <string_view>

namespace mulligan::text
{

[[nodiscard]] constexpr bool isAsciiDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}
[[nodiscard]] constexpr bool isAsciiLetter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
[[nodiscard]] constexpr bool isHexDigit(char byte)
{
    return isAsciiDigit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}
/// A byte of a name: letters, digits, '_' and everything beyond ASCII.
[[nodiscard]] constexpr bool isNameByte(char byte)
{
    return isAsciiLetter(byte) || isAsciiDigit(byte) || byte == '_' || static_cast<unsigned char>(byte) >= 0x80;
}
[[nodiscard]] constexpr bool isBlank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

// What begins at `at` of a line: how many bytes it takes, 0 when it does not begin there. None looks behind `at`.

/// A date with or without a time, a time of day with seconds, or "[Fri ]Jun 9 06:06:20[ UTC][ 2017]".
[[nodiscard]] std::size_t timeAt(std::string_view line, std::size_t at);
/// 8-4-4-4-12 hexadecimal digits, not followed by another.
[[nodiscard]] std::size_t uuidAt(std::string_view line, std::size_t at);
/// " KB", "MiB", "B": what makes the number before it a size. At most one blank, and the unit's name ends there.
[[nodiscard]] std::size_t sizeUnitAt(std::string_view line, std::size_t at);
/// ":8020" that nothing goes on with.
[[nodiscard]] std::size_t portAt(std::string_view line, std::size_t at);
/// The rest of a path or address that began before `at`: up to a blank, quote, bracket, comma or semicolon, without
/// punctuation at its end.
[[nodiscard]] std::size_t pathRestAt(std::string_view line, std::size_t at);
/// Quoted text without its quotes; `at` is the opening one. At most 256 bytes, and no name goes on after it.
[[nodiscard]] std::size_t quotedAt(std::string_view line, std::size_t at);

} // namespace mulligan::text

#include "classify/mining_pattern.hpp"

#include "formats/line_reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>

namespace mulligan::classify
{

namespace
{

using Fits = bool (*)(char);

constexpr std::size_t kMostOfAnyBytes = 256; ///< where no value is longer

bool digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool lowerHex(char byte)
{
    return digit(byte) || (byte >= 'a' && byte <= 'f');
}

bool word(char byte)
{
    return digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

template <Fits base> bool with(char byte, std::string_view more)
{
    return base(byte) || more.find(byte) != std::string_view::npos;
}

/// A class of bytes, and how it is written.
struct ByteClass {
    bool (*fits)(char);
    const char *expression;
};

// Each holds the bytes of fewer texts than those below it.
constexpr std::array<ByteClass, 9> kClasses = {{
    {[](char byte) { return digit(byte); }, "\\d+"},
    {[](char byte) { return lowerHex(byte); }, "[0-9a-f]+"},
    {[](char byte) { return with<digit>(byte, ".,"); }, "[\\d.,]+"},
    {[](char byte) { return with<digit>(byte, ".,:/T+-Z"); }, "[\\dTZ.,:/+-]+"},
    {[](char byte) { return word(byte); }, "\\w+"},
    {[](char byte) { return with<word>(byte, ".-"); }, "[\\w.-]+"},
    {[](char byte) { return with<word>(byte, ".-$:/"); }, "[\\w.$:/-]+"},
    {[](char byte) { return with<word>(byte, ".-$:/@%=+~"); }, "[\\w.$:/@%=+~-]+"},
    {[](char byte) { return byte != ' ' && (byte < '\t' || byte > '\r'); }, "\\S+"},
}};

bool isText(unsigned char byte)
{
    return byte >= 0x20 && byte != 0x7F;
}

} // namespace

std::string narrowestClass(std::span<const std::string_view> values)
{
    const bool some = std::none_of(values.begin(), values.end(), [](auto value) { return value.empty(); });
    for (const ByteClass &each : kClasses) {
        const bool all = std::all_of(values.begin(), values.end(), [&](std::string_view value) {
            return std::all_of(value.begin(), value.end(), each.fits);
        });
        if (all && some)
            return each.expression;
        if (all) {
            std::string perhaps = each.expression;
            perhaps.back() = '*';
            return perhaps;
        }
    }
    std::size_t most = kMostOfAnyBytes;
    bool lineEnds = false; // which `.` does not match
    for (const std::string_view value : values) {
        most = std::max(most, std::bit_ceil(value.size()));
        lineEnds = lineEnds || value.find_first_of("\r\f") != std::string_view::npos;
    }
    return (lineEnds ? "[^\\n]{" : ".{") + std::string(some ? "1," : "0,") + std::to_string(most) + "}";
}

std::string escapedText(std::string_view text)
{
    const bool valid = formats::isValidUtf8(text);
    std::string out;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (byte == '\t') {
            out += "\\t";
            continue;
        }
        if (byte == '\r' || byte == '\f') { // `.` does not match what may end a line
            out += byte == '\r' ? "\\r" : "\\f";
            continue;
        }
        if (!isText(code) || (code >= 0x80 && !valid)) {
            out += '.';
            continue;
        }
        if (std::string_view("\\.+*?()[]{}|^$").find(byte) != std::string_view::npos)
            out += '\\';
        out += byte;
    }
    return out;
}

} // namespace mulligan::classify

#pragma once

#include "formats/block_codecs.hpp"

#include <cstdint>
#include <string>

/// The block streams that Spark writes, by their formats.
namespace stream_test
{

using std::string_literals::operator""s;

inline std::string number(std::uint32_t value, int bytes, bool bigEndian)
{
    std::string out;
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * (bigEndian ? bytes - 1 - i : i)));
    return out;
}

/// One LZ4Block block as lz4-java writes it.
inline std::string lz4Block(const std::string &plain, const std::string &packed, bool raw)
{
    return "LZ4Block"s + static_cast<char>((raw ? 0x10 : 0x20) | 5)
           + number(static_cast<std::uint32_t>(packed.size()), 4, false)
           + number(static_cast<std::uint32_t>(plain.size()), 4, false)
           + number(mulligan::formats::xxHash32(plain, 0x9747b28c) & 0x0FFFFFFF, 4, false) + packed;
}
inline const std::string kLz4End = "LZ4Block"s + '\x15' + std::string(12, '\0');
// One literal, a copy of ten bytes from one byte back, five literals: by the LZ4 block format.
inline const std::string kLz4Packed = "\x16"s + "a" + "\x01\x00"s + "\x50" + "bcdef";
inline const std::string kLz4Plain = std::string(11, 'a') + "bcdef";

inline const std::string kSnappyHeader = "\x82SNAPPY\0"s + number(1, 4, true) + number(1, 4, true);
// Eight bytes: two literals and a copy of six from two bytes back.
inline const std::string kSnappyPacked = "\x08\x04"s + "ab" + "\x09\x02";
inline std::string snappyBlock(const std::string &packed)
{
    return number(static_cast<std::uint32_t>(packed.size()), 4, true) + packed;
}

inline std::string lzfRaw(const std::string &plain)
{
    return "ZV\0"s + number(static_cast<std::uint32_t>(plain.size()), 2, true) + plain;
}
inline std::string lzfPacked(const std::string &packed, std::uint32_t plain)
{
    return "ZV\x01"s + number(static_cast<std::uint32_t>(packed.size()), 2, true) + number(plain, 2, true) + packed;
}
// Two literals and a copy of six from two bytes back.
inline const std::string kLzfPacked = "\x01"s + "ab" + "\x80\x01";

} // namespace stream_test

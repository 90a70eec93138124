#pragma once

#include "formats/block_codecs.hpp"
#include "formats/compress.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

/// The compressed forms of event logs, as Spark's libraries write them. Blocks are stored rather than packed, except
/// where a benchmark needs real ones (lzfCompressed).
namespace ingest_test
{

enum class Packing { Plain, Zstd, Gzip, Lz4, Snappy, Lzf };

inline std::string bytesOf(std::uint32_t value, int count, bool bigEndian)
{
    std::string out;
    for (int i = 0; i < count; ++i)
        out += static_cast<char>((value >> (8 * (bigEndian ? count - 1 - i : i))) & 0xFF);
    return out;
}

/// Calls `add` with pieces of at most `size` bytes.
template <typename Add> void inPieces(std::string_view bytes, std::size_t size, Add add)
{
    for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
        add(bytes.substr(0, size));
}

/// A gzip member that stores its bytes (RFC 1951, 3.2.4; RFC 1952).
inline std::string gzipped(std::string_view bytes)
{
    std::uint32_t crc = 0xFFFFFFFFu;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
    }
    std::string out("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10);
    std::size_t left = bytes.size();
    inPieces(bytes, 60'000, [&](std::string_view piece) {
        left -= piece.size();
        const auto size = static_cast<std::uint32_t>(piece.size());
        out += left == 0 ? '\1' : '\0';
        out += bytesOf(size, 2, false) + bytesOf(~size, 2, false) + std::string(piece);
    });
    return out + bytesOf(~crc, 4, false) + bytesOf(static_cast<std::uint32_t>(bytes.size()), 4, false);
}

/// One LZ4Block block around `body`, which is `plain` itself or packed.
inline std::string lz4Block(std::string_view plain, std::string_view body, bool stored)
{
    constexpr int kLevel = 5; // 32 KiB, as Spark sets it
    std::string out = "LZ4Block";
    out += static_cast<char>((stored ? 0x10 : 0x20) | kLevel);
    out += bytesOf(static_cast<std::uint32_t>(body.size()), 4, false);
    out += bytesOf(static_cast<std::uint32_t>(plain.size()), 4, false);
    out += bytesOf(mulligan::formats::xxHash32(plain, 0x9747b28c) & 0x0FFFFFFF, 4, false);
    return out.append(body);
}
inline std::string lz4End()
{
    return "LZ4Block\x15" + std::string(12, '\0');
}

inline std::string snappyHeader()
{
    return std::string("\x82SNAPPY\0", 8) + bytesOf(1, 4, true) + bytesOf(1, 4, true);
}

/// The raw snappy form of at most 64 KiB: their length as a varint, then one literal.
inline std::string snappyStored(std::string_view plain)
{
    std::string out;
    auto rest = static_cast<std::uint32_t>(plain.size());
    for (; rest >= 0x80; rest >>= 7)
        out += static_cast<char>((rest & 0x7F) | 0x80);
    out += static_cast<char>(rest);
    out += static_cast<char>(61 << 2); // a literal whose length stands in two bytes
    return (out + bytesOf(static_cast<std::uint32_t>(plain.size() - 1), 2, false)).append(plain);
}

/// One LZF chunk that stores at most 65,535 bytes.
inline std::string lzfStored(std::string_view plain)
{
    return (std::string("ZV\0", 3) + bytesOf(static_cast<std::uint32_t>(plain.size()), 2, true)).append(plain);
}

inline std::string packed(Packing packing, std::string_view bytes)
{
    std::string out;
    switch (packing) {
    case Packing::Plain: return std::string(bytes);
    case Packing::Zstd: return mulligan::formats::zstdCompress(bytes).value_or("");
    case Packing::Gzip: return gzipped(bytes);
    case Packing::Lz4:
        inPieces(bytes, 32'768, [&](std::string_view piece) { out += lz4Block(piece, piece, true); });
        return out + lz4End();
    case Packing::Snappy:
        out = snappyHeader();
        inPieces(bytes, 32'768, [&](std::string_view piece) {
            const std::string body = snappyStored(piece);
            out += bytesOf(static_cast<std::uint32_t>(body.size()), 4, true) + body;
        });
        return out;
    case Packing::Lzf: inPieces(bytes, 65'535, [&](std::string_view piece) { out += lzfStored(piece); }); return out;
    }
    return out;
}

} // namespace ingest_test

#pragma once

#include "base/result.hpp"
#include "formats/byte_source.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace mulligan::formats
{

// The block streams that Spark's codecs write besides zstd (formats: lz4-java's LZ4BlockOutputStream, snappy-java's
// SnappyOutputStream, Ning's LZF). Several streams may stand one after another. A stream that ends inside a block gives
// the blocks before it and is `truncated`; a block that fails its check is Corrupt.

[[nodiscard]] std::unique_ptr<ByteSource> lz4BlockSource(std::unique_ptr<ByteSource> raw);
[[nodiscard]] std::unique_ptr<ByteSource> snappySource(std::unique_ptr<ByteSource> raw);
[[nodiscard]] std::unique_ptr<ByteSource> lzfSource(std::unique_ptr<ByteSource> raw);

/// XXH32 of the bytes (Collet's xxHash, 32 bits), with which LZ4 blocks are checked.
[[nodiscard]] std::uint32_t xxHash32(std::string_view bytes, std::uint32_t seed);

} // namespace mulligan::formats

#pragma once

#include "base/result.hpp"
#include "formats/byte_source.hpp"

#include <memory>

namespace mulligan::formats
{

// The codecs of files that people and tools compress whole: frames (gzip: members; xz, bzip2: streams) one after
// another, decoded by each codec's own library, which also holds them to their checksums. A stream that ends inside a
// frame gives what was decoded and is `truncated`; a damaged one gives what stands before the damage, then Corrupt.
// What follows the last frame and is none is damage as well, since it may be rows; zeros behind a gzip, xz or bzip2
// frame alone are passed over.

[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> zstdSource(std::unique_ptr<ByteSource> raw);
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> gzipSource(std::unique_ptr<ByteSource> raw);
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> xzSource(std::unique_ptr<ByteSource> raw);
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> bzip2Source(std::unique_ptr<ByteSource> raw);
/// LZ4's frame format, which the `lz4` tool writes; Spark's own blocks are lz4BlockSource's.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> lz4FrameSource(std::unique_ptr<ByteSource> raw);

} // namespace mulligan::formats

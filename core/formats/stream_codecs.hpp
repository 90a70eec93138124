#pragma once

#include "base/result.hpp"
#include "formats/byte_source.hpp"

#include <memory>

namespace mulligan::formats
{

/// Decodes zstd frames one after another; a stream that ends inside a frame gives what was decoded and is `truncated`.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> zstdSource(std::unique_ptr<ByteSource> raw);
/// Decodes gzip members one after another, likewise.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> gzipSource(std::unique_ptr<ByteSource> raw);

} // namespace mulligan::formats

#pragma once

#include "base/result.hpp"
#include "formats/hash.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace mulligan::formats
{

/// A stream of bytes that is pulled. Not for several threads at once.
class ByteSource
{
public:
    virtual ~ByteSource() = default;
    /// Fills the front of `buffer` and returns how many bytes; 0 only at the end. Errors: Io, Corrupt, Unsupported.
    [[nodiscard]] virtual base::Result<std::size_t> read(std::span<char> buffer) = 0;
    /// The stream broke off inside a compressed frame; what came before was delivered. Known once read() gave 0.
    [[nodiscard]] virtual bool truncated() const { return false; }
    /// Bytes taken so far from the file itself, before decoding: what progress counts.
    [[nodiscard]] virtual std::uint64_t rawBytes() const = 0;
};

enum class Codec { Plain, Zstd, Gzip, Lz4Block, Snappy, Lzf };
[[nodiscard]] std::string_view name(Codec codec);
/// Codec by the first bytes of a file (formats.md, section 2); Plain when none of the others begins so.
[[nodiscard]] Codec codecOf(std::string_view head);

struct OpenOptions {
    /// When set, receives the file's raw bytes as they are read, to the very end of the file.
    Sha256 *hash = nullptr;
};

/// Opens a file ("-": standard input) and decodes it by its first bytes: plain, zstd (several frames), gzip (several
/// members), and the stream forms Spark writes: LZ4Block, snappy-java, LZF. Errors: NotFound, PermissionDenied, Io;
/// Unsupported for archives, with what to do instead. Memory is constant.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> openDecoded(const std::string &path, OpenOptions options = {});
/// The bytes of a file as they are. Errors as above.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> openRaw(const std::string &path, OpenOptions options = {});
/// Reads from memory; `bytes` must live as long as the source.
[[nodiscard]] std::unique_ptr<ByteSource> memorySource(std::string_view bytes);
/// Decodes another source by its first bytes.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> decoded(std::unique_ptr<ByteSource> raw);

} // namespace mulligan::formats

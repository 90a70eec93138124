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

/// The first bytes of a source: `bytes` of them, fewer only where it ends. Errors: those of the source.
[[nodiscard]] base::Result<std::string> readHead(ByteSource &source, std::size_t bytes);

enum class Codec { Plain, Zstd, Gzip, Xz, Bzip2, Lz4Frame, Lz4Block, Snappy, Lzf };
[[nodiscard]] std::string_view name(Codec codec);
/// Codec by the first bytes of a file (formats.md, section 2); Plain when none of the others begins so.
[[nodiscard]] Codec codecOf(std::string_view head);

struct OpenOptions {
    /// When set, receives the file's raw bytes as they are read, to the very end of the file.
    Sha256 *hash = nullptr;
    /// For openDecoded: give an archive's bytes as they are instead of refusing it.
    bool archives = false;
    /// For openDecoded: give text as UTF-8 that says by its byte order mark that it is in UTF-16 or UTF-32, as what
    /// PowerShell and Excel write does. Whoever knows the encoding decodes by himself (text_encoding.hpp).
    bool unicode = false;
};

/// So many codecs may be wrapped around one another.
inline constexpr int kMostLayers = 4;

/// Opens a file ("-": standard input) and decodes it as `decoded` does. Errors: NotFound, PermissionDenied, Io, those
/// of `decoded`, and Unsupported for an archive.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> openDecoded(const std::string &path, OpenOptions options = {});
/// The bytes of a file as they are. Errors as above.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> openRaw(const std::string &path, OpenOptions options = {});
/// Reads from memory; `bytes` must live as long as the source.
[[nodiscard]] std::unique_ptr<ByteSource> memorySource(std::string_view bytes);
/// Decodes another source by its first bytes, and what comes of it again, up to four layers: plain; what people
/// compress with (zstd, gzip, xz, bzip2, LZ4 frames, several frames each); the stream forms Spark writes (LZ4Block,
/// snappy-java, LZF). Archives are plain bytes here (archive_reader.hpp). Memory is constant. Errors: Unsupported when
/// a fifth layer begins; damage is Corrupt, told by `read` behind what stands before it.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> decoded(std::unique_ptr<ByteSource> raw);

} // namespace mulligan::formats

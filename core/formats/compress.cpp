#include "formats/compress.hpp"

#include <memory>
#include <optional>
#include <utility>

#include <zstd.h>

namespace mulligan::formats
{

namespace
{

// A context takes more than a megabyte to set up, and texts of failures are a few kilobytes: each thread keeps one, as
// scratch that no call can see of another.
ZSTD_CCtx *compressor()
{
    struct Free {
        void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
    };
    thread_local const std::unique_ptr<ZSTD_CCtx, Free> kept(ZSTD_createCCtx());
    return kept.get();
}

ZSTD_DCtx *decompressor()
{
    struct Free {
        void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
    };
    thread_local const std::unique_ptr<ZSTD_DCtx, Free> kept(ZSTD_createDCtx());
    return kept.get();
}

/// The text of a single frame that states its size, as zstdCompress writes them; nothing for any other.
std::optional<std::string> inOneGo(std::string_view bytes, std::size_t limit)
{
    // A frame may state any size; what is not small is grown as it comes.
    constexpr unsigned long long kMost = 1u << 20;
    const unsigned long long stated = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (stated == ZSTD_CONTENTSIZE_UNKNOWN || stated == ZSTD_CONTENTSIZE_ERROR || stated > kMost || stated > limit
        || ZSTD_findFrameCompressedSize(bytes.data(), bytes.size()) != bytes.size())
        return std::nullopt;
    std::string out(static_cast<std::size_t>(stated), '\0');
    const size_t size = ZSTD_decompressDCtx(decompressor(), out.data(), out.size(), bytes.data(), bytes.size());
    return ZSTD_isError(size) == 0 && size == out.size() ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace

base::Result<std::string> zstdCompress(std::string_view bytes, int level)
{
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const size_t size = ZSTD_compressCCtx(compressor(), out.data(), out.size(), bytes.data(), bytes.size(), level);
    if (ZSTD_isError(size) != 0)
        return base::makeError(base::ErrorCode::Internal,
                               std::string("zstd cannot compress: ") + ZSTD_getErrorName(size));
    out.resize(size);
    return out;
}

base::Result<std::string> zstdDecompress(std::string_view bytes, std::size_t limit)
{
    if (auto text = inOneGo(bytes, limit))
        return std::move(*text);
    struct Free {
        void operator()(ZSTD_DStream *stream) const { ZSTD_freeDStream(stream); }
    };
    const std::unique_ptr<ZSTD_DStream, Free> stream(ZSTD_createDStream());
    std::string out;
    std::string chunk(ZSTD_DStreamOutSize(), '\0');
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    size_t left = 1;
    while (input.pos < input.size) {
        ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
        left = ZSTD_decompressStream(stream.get(), &output, &input);
        if (ZSTD_isError(left) != 0)
            return base::makeError(base::ErrorCode::Corrupt,
                                   std::string("Damaged zstd data: ") + ZSTD_getErrorName(left));
        if (out.size() + output.pos > limit)
            return base::makeError(base::ErrorCode::LimitExceeded,
                                   "Compressed data grow beyond " + std::to_string(limit) + " bytes");
        out.append(chunk, 0, output.pos);
    }
    // The last frame may have more to give although all input is taken.
    while (left != 0) {
        ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
        left = ZSTD_decompressStream(stream.get(), &output, &input);
        if (ZSTD_isError(left) != 0 || output.pos == 0)
            return base::makeError(base::ErrorCode::Corrupt, "The zstd data are cut short");
        if (out.size() + output.pos > limit)
            return base::makeError(base::ErrorCode::LimitExceeded,
                                   "Compressed data grow beyond " + std::to_string(limit) + " bytes");
        out.append(chunk, 0, output.pos);
    }
    return out;
}

} // namespace mulligan::formats

#include "formats/compress.hpp"

#include <memory>

#include <zstd.h>

namespace mulligan::formats
{

base::Result<std::string> zstdCompress(std::string_view bytes, int level)
{
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), level);
    if (ZSTD_isError(size) != 0)
        return base::makeError(base::ErrorCode::Internal, std::string("zstd cannot compress: ") + ZSTD_getErrorName(size));
    out.resize(size);
    return out;
}

base::Result<std::string> zstdDecompress(std::string_view bytes, std::size_t limit)
{
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
            return base::makeError(base::ErrorCode::Corrupt, std::string("Damaged zstd data: ") + ZSTD_getErrorName(left));
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

#include "formats/stream_codecs.hpp"

#include <optional>
#include <vector>

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

namespace mulligan::formats
{

namespace
{

/// What a decoder made of the bytes it was given.
struct Step {
    std::size_t taken = 0;  ///< of the input
    std::size_t given = 0;  ///< to the output
    std::string error = {}; ///< what is wrong behind what was given; empty: nothing
    std::string hint = "Copy the file from its source again.";
};

std::string worded(const char *reason, const char *otherwise)
{
    return reason != nullptr ? reason : otherwise;
}

class ZstdDecoder
{
public:
    static constexpr std::string_view kName = "zstd";

    ZstdDecoder() : m_stream(ZSTD_createDStream())
    {
        // A frame may ask for a window of gigabytes; 128 MiB is more than any writer we know of uses.
        ZSTD_DCtx_setParameter(m_stream.get(), ZSTD_d_windowLogMax, 27);
    }
    [[nodiscard]] bool ready() const { return m_stream != nullptr; }
    [[nodiscard]] bool insideFrame() const { return m_inside; }

    Step step(std::span<const char> in, std::span<char> out)
    {
        ZSTD_inBuffer input{in.data(), in.size(), 0};
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        const std::size_t left = ZSTD_decompressStream(m_stream.get(), &output, &input);
        if (ZSTD_isError(left) != 0)
            return {input.pos, output.pos, ZSTD_getErrorName(left)};
        // A call that finds nothing to do behind a finished frame asks for the next one's header.
        if (input.pos > 0 || output.pos > 0)
            m_inside = left != 0;
        return {input.pos, output.pos};
    }

private:
    struct Free {
        void operator()(ZSTD_DStream *stream) const { ZSTD_freeDStream(stream); }
    };
    std::unique_ptr<ZSTD_DStream, Free> m_stream;
    bool m_inside = false;
};

class Lz4FrameDecoder
{
public:
    static constexpr std::string_view kName = "LZ4";

    Lz4FrameDecoder()
    {
        LZ4F_dctx *context = nullptr;
        if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) == 0)
            m_context.reset(context);
    }
    [[nodiscard]] bool ready() const { return m_context != nullptr; }
    [[nodiscard]] bool insideFrame() const { return m_inside; }

    Step step(std::span<const char> in, std::span<char> out)
    {
        std::size_t taken = in.size();
        std::size_t given = out.size();
        const std::size_t left = LZ4F_decompress(m_context.get(), out.data(), &given, in.data(), &taken, nullptr);
        if (LZ4F_isError(left) != 0)
            return {0, 0, LZ4F_getErrorName(left)}; // it does not tell what it gave before
        if (taken > 0 || given > 0)
            m_inside = left != 0;
        return {taken, given};
    }

private:
    struct Free {
        void operator()(LZ4F_dctx *context) const { LZ4F_freeDecompressionContext(context); }
    };
    std::unique_ptr<LZ4F_dctx, Free> m_context;
    bool m_inside = false;
};

/// What the libraries have in common that stop at the end of a frame and must be set up again for the next one.
template <typename Library> class FrameByFrame
{
public:
    static constexpr std::string_view kName = Library::kName;

    [[nodiscard]] bool ready() { return m_library.begin(); }
    [[nodiscard]] bool insideFrame() const { return m_inside; }

    Step step(std::span<const char> in, std::span<char> out)
    {
        if (!m_inside && m_frames > 0) {
            if (in.empty())
                return {};
            // Zeros fill up blocks of tapes and, by its format, an xz file. Anything else may be rows that somebody
            // appended, which are not to be lost unseen.
            if (in.front() == '\0')
                return {1, 0};
            if (in.front() != Library::kFirstByte)
                return {0, 0, "other data, which cannot be read, follow behind its end",
                        "Copy the file from its source again; what was appended to it belongs into a file of its own."};
            if (!m_library.begin())
                return {0, 0, "no memory is left to decode it"};
        }
        bool frameEnded = false;
        Step step = m_library.step(in, out, frameEnded);
        m_inside = !frameEnded && (m_inside || step.taken > 0);
        m_frames += frameEnded ? 1 : 0;
        return step;
    }

private:
    Library m_library;
    bool m_inside = false;
    std::size_t m_frames = 0;
};

class GzipLibrary
{
public:
    static constexpr std::string_view kName = "gzip";
    static constexpr char kFirstByte = '\x1F';

    GzipLibrary() = default;
    GzipLibrary(const GzipLibrary &) = delete;
    GzipLibrary &operator=(const GzipLibrary &) = delete;
    ~GzipLibrary() { inflateEnd(&m_stream); }

    bool begin()
    {
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        inflateEnd(&m_stream);
        m_stream = {};
        return inflateInit2(&m_stream, kGzipOnly) == Z_OK;
    }

    Step step(std::span<const char> in, std::span<char> out, bool &frameEnded)
    {
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(in.data()));
        m_stream.avail_in = static_cast<uInt>(in.size());
        m_stream.next_out = reinterpret_cast<Bytef *>(out.data());
        m_stream.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), 1u << 30));
        const uInt room = m_stream.avail_out;
        const int code = inflate(&m_stream, Z_NO_FLUSH);
        frameEnded = code == Z_STREAM_END;
        Step step{in.size() - m_stream.avail_in, room - m_stream.avail_out};
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            step.error = worded(m_stream.msg, "it cannot be decoded");
        return step;
    }

private:
    z_stream m_stream{};
};

class Bzip2Library
{
public:
    static constexpr std::string_view kName = "bzip2";
    static constexpr char kFirstByte = 'B';

    Bzip2Library() = default;
    Bzip2Library(const Bzip2Library &) = delete;
    Bzip2Library &operator=(const Bzip2Library &) = delete;
    ~Bzip2Library() { BZ2_bzDecompressEnd(&m_stream); }

    bool begin()
    {
        BZ2_bzDecompressEnd(&m_stream);
        m_stream = {};
        return BZ2_bzDecompressInit(&m_stream, 0, 0) == BZ_OK;
    }

    Step step(std::span<const char> in, std::span<char> out, bool &frameEnded)
    {
        m_stream.next_in = const_cast<char *>(in.data());
        m_stream.avail_in = static_cast<unsigned>(in.size());
        m_stream.next_out = out.data();
        m_stream.avail_out = static_cast<unsigned>(std::min<std::size_t>(out.size(), 1u << 30));
        const unsigned room = m_stream.avail_out;
        const int code = BZ2_bzDecompress(&m_stream);
        frameEnded = code == BZ_STREAM_END;
        Step step{in.size() - m_stream.avail_in, room - m_stream.avail_out};
        if (code == BZ_DATA_ERROR)
            step.error = "a checksum or a block is wrong";
        else if (code != BZ_OK && code != BZ_STREAM_END)
            step.error = code == BZ_MEM_ERROR ? "no memory is left to decode it" : "it cannot be decoded";
        return step;
    }

private:
    bz_stream m_stream{};
};

class XzLibrary
{
public:
    static constexpr std::string_view kName = "xz";
    static constexpr char kFirstByte = '\xFD';

    XzLibrary() = default;
    XzLibrary(const XzLibrary &) = delete;
    XzLibrary &operator=(const XzLibrary &) = delete;
    ~XzLibrary() { lzma_end(&m_stream); }

    bool begin()
    {
        // Level 9 takes 65 MiB; a stream may ask for a dictionary of gigabytes.
        constexpr std::uint64_t kMostMemory = 160u << 20;
        return lzma_stream_decoder(&m_stream, kMostMemory, 0) == LZMA_OK;
    }

    Step step(std::span<const char> in, std::span<char> out, bool &frameEnded)
    {
        m_stream.next_in = reinterpret_cast<const std::uint8_t *>(in.data());
        m_stream.avail_in = in.size();
        m_stream.next_out = reinterpret_cast<std::uint8_t *>(out.data());
        m_stream.avail_out = out.size();
        const lzma_ret code = lzma_code(&m_stream, LZMA_RUN);
        frameEnded = code == LZMA_STREAM_END;
        Step step{in.size() - m_stream.avail_in, out.size() - m_stream.avail_out};
        if (code == LZMA_MEMLIMIT_ERROR)
            step.error = "it takes more memory to decode than is allowed";
        else if (code == LZMA_OPTIONS_ERROR)
            step.error = "it uses a filter that is not known";
        else if (code == LZMA_DATA_ERROR || code == LZMA_FORMAT_ERROR)
            step.error = "a checksum or a block is wrong";
        else if (code != LZMA_OK && code != LZMA_STREAM_END && code != LZMA_BUF_ERROR)
            step.error = "it cannot be decoded";
        return step;
    }

private:
    lzma_stream m_stream = LZMA_STREAM_INIT;
};

/// Feeds a decoder from another source.
template <typename Decoder> class StreamSource : public ByteSource
{
public:
    explicit StreamSource(std::unique_ptr<ByteSource> raw) : m_raw(std::move(raw)), m_bytes(1u << 17) {}

    [[nodiscard]] bool ready() { return m_decoder.ready(); }

    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        while (!buffer.empty() && !m_error) {
            if (m_input.empty() && !m_more && !m_ended)
                MULLIGAN_CHECK(refill());
            if (m_input.empty() && !m_more)
                return std::size_t(0);
            Step step = m_decoder.step(m_input, buffer);
            m_input = m_input.subspan(step.taken);
            m_more = step.given == buffer.size();
            if (!step.error.empty())
                m_error = damaged(step.error, step.hint);
            else if (step.taken == 0 && step.given == 0 && !m_input.empty())
                m_error = damaged("it cannot be decoded", step.hint);
            if (step.given > 0)
                return step.given;
        }
        if (m_error)
            return *m_error;
        return std::size_t(0);
    }
    [[nodiscard]] bool truncated() const override { return (m_ended && m_decoder.insideFrame()) || m_raw->truncated(); }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_raw->rawBytes(); }

private:
    base::Result<void> refill()
    {
        MULLIGAN_TRY(const std::size_t got, m_raw->read(m_bytes));
        m_input = std::span<const char>(m_bytes).first(got);
        m_ended = got == 0;
        return {};
    }

    static base::Error damaged(const std::string &reason, std::string hint)
    {
        return base::makeError(base::ErrorCode::Corrupt, "Damaged " + std::string(Decoder::kName) + " data: " + reason,
                               std::move(hint));
    }

    std::unique_ptr<ByteSource> m_raw;
    Decoder m_decoder;
    std::vector<char> m_bytes;
    std::span<const char> m_input;
    std::optional<base::Error> m_error;
    bool m_more = false;  ///< the output was full, so the decoder may hold more without further input
    bool m_ended = false; ///< the raw source gives no more
};

template <typename Decoder> base::Result<std::unique_ptr<ByteSource>> opened(std::unique_ptr<ByteSource> raw)
{
    auto source = std::make_unique<StreamSource<Decoder>>(std::move(raw));
    if (!source->ready())
        return base::makeError(base::ErrorCode::Io,
                               "No memory is left to decode " + std::string(Decoder::kName) + " data");
    return std::unique_ptr<ByteSource>(std::move(source));
}

} // namespace

base::Result<std::unique_ptr<ByteSource>> zstdSource(std::unique_ptr<ByteSource> raw)
{
    return opened<ZstdDecoder>(std::move(raw));
}

base::Result<std::unique_ptr<ByteSource>> gzipSource(std::unique_ptr<ByteSource> raw)
{
    return opened<FrameByFrame<GzipLibrary>>(std::move(raw));
}

base::Result<std::unique_ptr<ByteSource>> xzSource(std::unique_ptr<ByteSource> raw)
{
    return opened<FrameByFrame<XzLibrary>>(std::move(raw));
}

base::Result<std::unique_ptr<ByteSource>> bzip2Source(std::unique_ptr<ByteSource> raw)
{
    return opened<FrameByFrame<Bzip2Library>>(std::move(raw));
}

base::Result<std::unique_ptr<ByteSource>> lz4FrameSource(std::unique_ptr<ByteSource> raw)
{
    return opened<Lz4FrameDecoder>(std::move(raw));
}

} // namespace mulligan::formats

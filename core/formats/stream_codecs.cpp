#include "formats/stream_codecs.hpp"

#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <zstd.h>

namespace mulligan::formats
{

namespace
{

class ZstdSource : public ByteSource
{
public:
    explicit ZstdSource(std::unique_ptr<ByteSource> raw)
        : m_raw(std::move(raw)), m_stream(ZSTD_createDStream()), m_bytes(ZSTD_DStreamInSize())
    {
        // A frame may ask for a window of gigabytes; 128 MiB is more than any writer we know of uses.
        ZSTD_DCtx_setParameter(m_stream.get(), ZSTD_d_windowLogMax, 27);
    }

    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
        while (output.pos == 0) {
            if (m_input.pos == m_input.size && !m_more) {
                MULLIGAN_TRY(const std::size_t got, m_raw->read(m_bytes));
                if (got == 0) {
                    m_truncated = m_insideFrame;
                    return std::size_t(0);
                }
                m_input = {m_bytes.data(), got, 0};
            }
            const std::size_t before = m_input.pos;
            const std::size_t left = ZSTD_decompressStream(m_stream.get(), &output, &m_input);
            if (ZSTD_isError(left) != 0)
                return base::makeError(base::ErrorCode::Corrupt,
                                       std::string("Damaged zstd data: ") + ZSTD_getErrorName(left),
                                       "Copy the file from its source again.");
            // A call that finds nothing to do behind a finished frame asks for the next one's header.
            if (m_input.pos != before || output.pos > 0)
                m_insideFrame = left != 0;
            m_more = output.pos == output.size;
        }
        return output.pos;
    }
    [[nodiscard]] bool truncated() const override { return m_truncated; }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_raw->rawBytes(); }

private:
    struct Free {
        void operator()(ZSTD_DStream *stream) const { ZSTD_freeDStream(stream); }
    };
    std::unique_ptr<ByteSource> m_raw;
    std::unique_ptr<ZSTD_DStream, Free> m_stream;
    std::vector<char> m_bytes;
    ZSTD_inBuffer m_input{nullptr, 0, 0};
    bool m_insideFrame = false;
    bool m_more = false; ///< the output was full, so the decoder may hold more without further input
    bool m_truncated = false;
};

class GzipSource : public ByteSource
{
public:
    explicit GzipSource(std::unique_ptr<ByteSource> raw) : m_raw(std::move(raw)), m_bytes(1u << 16) {}

    base::Result<void> open()
    {
        m_archive.reset(archive_read_new());
        archive_read_support_filter_gzip(m_archive.get());
        archive_read_support_format_raw(m_archive.get());
        archive_entry *entry = nullptr;
        if (archive_read_open(m_archive.get(), this, nullptr, &GzipSource::pull, nullptr) != ARCHIVE_OK
            || archive_read_next_header(m_archive.get(), &entry) != ARCHIVE_OK)
            return failure();
        return {};
    }

    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_truncated)
            return std::size_t(0);
        const la_ssize_t got = archive_read_data(m_archive.get(), buffer.data(), buffer.size());
        if (got > 0)
            return static_cast<std::size_t>(got);
        if (got == 0) {
            // Bytes behind the last member are no data, but the file's hash covers them.
            while (!m_ended) {
                MULLIGAN_TRY(const std::size_t rest, m_raw->read(m_bytes));
                m_ended = rest == 0;
            }
            return std::size_t(0);
        }
        if (m_ended && !m_error) {
            // All bytes were given and the member still wants more: it was cut short.
            m_truncated = true;
            return std::size_t(0);
        }
        return failure();
    }
    [[nodiscard]] bool truncated() const override { return m_truncated; }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_raw->rawBytes(); }

private:
    base::Error failure()
    {
        if (m_error)
            return *m_error;
        const char *reason = archive_error_string(m_archive.get());
        return base::makeError(base::ErrorCode::Corrupt,
                               std::string("Damaged gzip data: ") + (reason ? reason : "unknown"),
                               "Copy the file from its source again.");
    }

    static la_ssize_t pull(archive *handle, void *self, const void **bytes)
    {
        auto *source = static_cast<GzipSource *>(self);
        auto got = source->m_raw->read(source->m_bytes);
        if (!got) {
            source->m_error = got.error();
            archive_set_error(handle, EIO, "reading failed");
            return -1;
        }
        source->m_ended = got.value() == 0;
        *bytes = source->m_bytes.data();
        return static_cast<la_ssize_t>(got.value());
    }

    struct Free {
        void operator()(archive *handle) const { archive_read_free(handle); }
    };
    std::unique_ptr<ByteSource> m_raw;
    std::vector<char> m_bytes;
    std::unique_ptr<archive, Free> m_archive;
    std::optional<base::Error> m_error;
    bool m_ended = false;
    bool m_truncated = false;
};

} // namespace

base::Result<std::unique_ptr<ByteSource>> zstdSource(std::unique_ptr<ByteSource> raw)
{
    return std::unique_ptr<ByteSource>(std::make_unique<ZstdSource>(std::move(raw)));
}

base::Result<std::unique_ptr<ByteSource>> gzipSource(std::unique_ptr<ByteSource> raw)
{
    auto source = std::make_unique<GzipSource>(std::move(raw));
    MULLIGAN_CHECK(source->open());
    return std::unique_ptr<ByteSource>(std::move(source));
}

} // namespace mulligan::formats

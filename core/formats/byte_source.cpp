#include "formats/byte_source.hpp"

#include "formats/block_codecs.hpp"
#include "formats/stream_codecs.hpp"

#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mulligan::formats
{

namespace
{

class FileSource : public ByteSource
{
public:
    FileSource(int fd, std::string path, Sha256 *hash) : m_fd(fd), m_path(std::move(path)), m_hash(hash) {}
    ~FileSource() override
    {
        if (m_fd > STDERR_FILENO)
            ::close(m_fd);
    }

    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        for (;;) {
            const ssize_t got = ::read(m_fd, buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return base::systemError(errno, "Cannot read", m_path);
            if (m_hash != nullptr && got > 0)
                m_hash->update({buffer.data(), static_cast<std::size_t>(got)});
            m_read += static_cast<std::uint64_t>(got);
            return static_cast<std::size_t>(got);
        }
    }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_read; }

private:
    int m_fd;
    std::string m_path;
    Sha256 *m_hash;
    std::uint64_t m_read = 0;
};

class MemorySource : public ByteSource
{
public:
    explicit MemorySource(std::string_view bytes) : m_bytes(bytes) {}
    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t size = std::min(buffer.size(), m_bytes.size() - m_at);
        if (size > 0)
            std::memcpy(buffer.data(), m_bytes.data() + m_at, size);
        m_at += size;
        return size;
    }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_at; }

private:
    std::string_view m_bytes;
    std::size_t m_at = 0;
};

/// Gives back the first bytes, which were read to recognise the codec, and then the rest.
class Rewound : public ByteSource
{
public:
    Rewound(std::unique_ptr<ByteSource> rest, std::string head) : m_rest(std::move(rest)), m_head(std::move(head)) {}
    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_at == m_head.size())
            return m_rest->read(buffer);
        const std::size_t size = std::min(buffer.size(), m_head.size() - m_at);
        std::memcpy(buffer.data(), m_head.data() + m_at, size);
        m_at += size;
        return size;
    }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_rest->rawBytes(); }

private:
    std::unique_ptr<ByteSource> m_rest;
    std::string m_head;
    std::size_t m_at = 0;
};

bool isArchive(std::string_view head)
{
    return head.starts_with(std::string_view("PK\x03\x04", 4)) || (head.size() > 262 && head.substr(257, 5) == "ustar")
           || head.starts_with("\xFD"
                               "7zXZ")
           || head.starts_with("BZh");
}

} // namespace

std::string_view name(Codec codec)
{
    switch (codec) {
    case Codec::Plain: return "plain";
    case Codec::Zstd: return "zstd";
    case Codec::Gzip: return "gzip";
    case Codec::Lz4Block: return "lz4";
    case Codec::Snappy: return "snappy";
    case Codec::Lzf: return "lzf";
    }
    return {};
}

Codec codecOf(std::string_view head)
{
    if (head.starts_with("\x28\xB5\x2F\xFD"))
        return Codec::Zstd;
    if (head.starts_with("\x1F\x8B\x08"))
        return Codec::Gzip;
    if (head.starts_with("LZ4Block"))
        return Codec::Lz4Block;
    if (head.starts_with(std::string_view("\x82SNAPPY\0", 8)))
        return Codec::Snappy;
    if (head.size() >= 3 && head.starts_with("ZV") && (head[2] == 0 || head[2] == 1))
        return Codec::Lzf;
    return Codec::Plain;
}

base::Result<std::unique_ptr<ByteSource>> decoded(std::unique_ptr<ByteSource> raw)
{
    std::string head(512, '\0');
    std::size_t size = 0;
    while (size < head.size()) {
        MULLIGAN_TRY(const std::size_t got, raw->read({head.data() + size, head.size() - size}));
        if (got == 0)
            break;
        size += got;
    }
    head.resize(size);
    if (isArchive(head))
        return base::makeError(base::ErrorCode::Unsupported, "This is an archive or a codec that is not read here",
                               "Unpack it and import the files inside.");
    const Codec codec = codecOf(head);
    auto rewound = std::make_unique<Rewound>(std::move(raw), std::move(head));
    switch (codec) {
    case Codec::Plain: return std::unique_ptr<ByteSource>(std::move(rewound));
    case Codec::Zstd: return zstdSource(std::move(rewound));
    case Codec::Gzip: return gzipSource(std::move(rewound));
    case Codec::Lz4Block: return lz4BlockSource(std::move(rewound));
    case Codec::Snappy: return snappySource(std::move(rewound));
    case Codec::Lzf: return lzfSource(std::move(rewound));
    }
    return base::makeError(base::ErrorCode::Internal, "A codec without a reader");
}

base::Result<std::unique_ptr<ByteSource>> openRaw(const std::string &path, OpenOptions options)
{
    const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return base::systemError(errno, "Cannot read", path);
    auto source = std::make_unique<FileSource>(fd, path, options.hash);
    struct stat status {
    };
    if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
        return base::systemError(EISDIR, "Cannot read", path);
    return std::unique_ptr<ByteSource>(std::move(source));
}

base::Result<std::unique_ptr<ByteSource>> openDecoded(const std::string &path, OpenOptions options)
{
    MULLIGAN_TRY(auto raw, openRaw(path, options));
    auto source = decoded(std::move(raw));
    if (!source)
        return std::move(source).error().in("file " + path);
    return source;
}

std::unique_ptr<ByteSource> memorySource(std::string_view bytes)
{
    return std::make_unique<MemorySource>(bytes);
}

} // namespace mulligan::formats

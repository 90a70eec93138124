#include "formats/byte_source.hpp"

#include "formats/archive_reader.hpp"
#include "formats/block_codecs.hpp"
#include "formats/stream_codecs.hpp"
#include "formats/text_encoding.hpp"

#include <cerrno>
#include <cstring>
#include <optional>

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

/// Looks at the first bytes and gives them back before the rest. What goes wrong behind them is told when they have
/// been given.
class Peeked : public ByteSource
{
public:
    explicit Peeked(std::unique_ptr<ByteSource> rest) : m_rest(std::move(rest)), m_head(kHeadBytes, '\0')
    {
        std::size_t size = 0;
        while (size < m_head.size() && !m_failed) {
            const auto got = m_rest->read({m_head.data() + size, m_head.size() - size});
            if (!got)
                m_failed = got.error();
            else if (got.value() == 0)
                break;
            else
                size += got.value();
        }
        m_head.resize(size);
    }
    [[nodiscard]] std::string_view head() const { return m_head; }

    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_at == m_head.size()) {
            if (m_failed)
                return *m_failed;
            return m_rest->read(buffer);
        }
        const std::size_t size = m_head.copy(buffer.data(), buffer.size(), m_at);
        m_at += size;
        return size;
    }
    [[nodiscard]] bool truncated() const override { return m_rest->truncated(); }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_rest->rawBytes(); }

private:
    static constexpr std::size_t kHeadBytes = 512;

    std::unique_ptr<ByteSource> m_rest;
    std::string m_head;
    std::optional<base::Error> m_failed;
    std::size_t m_at = 0;
};

base::Result<std::unique_ptr<ByteSource>> decodedOnce(Codec codec, std::unique_ptr<ByteSource> raw)
{
    switch (codec) {
    case Codec::Plain: return raw;
    case Codec::Zstd: return zstdSource(std::move(raw));
    case Codec::Gzip: return gzipSource(std::move(raw));
    case Codec::Xz: return xzSource(std::move(raw));
    case Codec::Bzip2: return bzip2Source(std::move(raw));
    case Codec::Lz4Frame: return lz4FrameSource(std::move(raw));
    case Codec::Lz4Block: return lz4BlockSource(std::move(raw));
    case Codec::Snappy: return snappySource(std::move(raw));
    case Codec::Lzf: return lzfSource(std::move(raw));
    }
    return base::makeError(base::ErrorCode::Internal, "A codec without a reader");
}

/// "BZh", a level and the mark of a block or of the end: what begins with "BZh" alone may be a text.
bool isBzip2(std::string_view head)
{
    return head.size() >= 10 && head.starts_with("BZh") && head[3] >= '1' && head[3] <= '9'
           && (head.substr(4, 6) == "\x31\x41\x59\x26\x53\x59" || head.substr(4, 6) == "\x17\x72\x45\x38\x50\x90");
}

/// A frame that zstd's decoder skips; pzstd begins a file with one.
bool isSkippable(std::string_view head)
{
    return head.size() >= 4 && (head[0] & 0xF0) == 0x50 && head.substr(1, 3) == "\x2A\x4D\x18";
}

} // namespace

std::string_view name(Codec codec)
{
    switch (codec) {
    case Codec::Plain: return "plain";
    case Codec::Zstd: return "zstd";
    case Codec::Gzip: return "gzip";
    case Codec::Xz: return "xz";
    case Codec::Bzip2: return "bzip2";
    case Codec::Lz4Frame: return "lz4 frame";
    case Codec::Lz4Block: return "lz4";
    case Codec::Snappy: return "snappy";
    case Codec::Lzf: return "lzf";
    }
    return {};
}

base::Result<std::string> readHead(ByteSource &source, std::size_t bytes)
{
    std::string head(bytes, '\0');
    std::size_t size = 0;
    while (size < head.size()) {
        MULLIGAN_TRY(const std::size_t got, source.read({head.data() + size, head.size() - size}));
        if (got == 0)
            break;
        size += got;
    }
    head.resize(size);
    return head;
}

Codec codecOf(std::string_view head)
{
    if (head.starts_with("\x28\xB5\x2F\xFD") || isSkippable(head))
        return Codec::Zstd;
    if (head.starts_with("\x1F\x8B\x08"))
        return Codec::Gzip;
    if (head.starts_with(std::string_view("\xFD\x37\x7A\x58\x5A\x00", 6)))
        return Codec::Xz;
    if (isBzip2(head))
        return Codec::Bzip2;
    if (head.starts_with("\x04\x22\x4D\x18"))
        return Codec::Lz4Frame;
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
    std::string layers;
    for (int layer = 0;; ++layer) {
        auto peeked = std::make_unique<Peeked>(std::move(raw));
        const Codec codec = codecOf(peeked->head());
        if (codec == Codec::Plain)
            return std::unique_ptr<ByteSource>(std::move(peeked));
        layers.insert(0, std::string(name(codec)) + (layer == 0 ? "" : " in "));
        if (layer == kMostLayers)
            return base::makeError(base::ErrorCode::Unsupported,
                                   "It is compressed more than " + std::to_string(kMostLayers) + " times over ("
                                       + layers + ")",
                                   "Decompress it once and import the result.");
        MULLIGAN_TRY(raw, decodedOnce(codec, std::move(peeked)));
    }
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
    auto peeked = std::make_unique<Peeked>(std::move(source).value());
    const auto kind = archiveKindOf(peeked->head());
    if (kind && !options.archives)
        return base::makeError(base::ErrorCode::Unsupported,
                               "This is a " + std::string(name(*kind)) + " archive, where a single file is read",
                               "Unpack it and name the file inside.")
            .in("file " + path);
    if (!options.unicode || kind)
        return std::unique_ptr<ByteSource>(std::move(peeked));
    const std::string_view head = peeked->head();
    return unicodeText(std::move(peeked), head);
}

std::unique_ptr<ByteSource> memorySource(std::string_view bytes)
{
    return std::make_unique<MemorySource>(bytes);
}

} // namespace mulligan::formats

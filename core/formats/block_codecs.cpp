#include "formats/block_codecs.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include <lz4.h>
#include <snappy.h>

namespace mulligan::formats
{

namespace
{

// Spark's largest block is 32 MiB (level 15 of LZ4); a larger one is damage or malice.
constexpr std::uint32_t kMaxBlock = 64u << 20;

std::uint32_t littleEndian(const char *bytes)
{
    const auto *b = reinterpret_cast<const unsigned char *>(bytes);
    return b[0] | std::uint32_t(b[1]) << 8 | std::uint32_t(b[2]) << 16 | std::uint32_t(b[3]) << 24;
}

std::uint32_t bigEndian(const char *bytes)
{
    const auto *b = reinterpret_cast<const unsigned char *>(bytes);
    return std::uint32_t(b[0]) << 24 | std::uint32_t(b[1]) << 16 | std::uint32_t(b[2]) << 8 | b[3];
}

std::uint32_t bigEndian16(const char *bytes)
{
    const auto *b = reinterpret_cast<const unsigned char *>(bytes);
    return std::uint32_t(b[0]) << 8 | b[1];
}

/// A stream of blocks: what the three formats have in common.
class BlockSource : public ByteSource
{
public:
    explicit BlockSource(std::unique_ptr<ByteSource> raw) : m_raw(std::move(raw)) {}

    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        while (m_at == m_block.size()) {
            m_block.clear();
            m_at = 0;
            if (m_ended)
                return std::size_t(0);
            MULLIGAN_TRY(const bool more, nextBlock());
            m_ended = !more;
        }
        const std::size_t size = m_block.copy(buffer.data(), buffer.size(), m_at);
        m_at += size;
        return size;
    }
    [[nodiscard]] bool truncated() const override { return m_truncated || m_raw->truncated(); }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_raw->rawBytes(); }

protected:
    /// Puts the next block's content into `m_block`, or nothing for a block that only marks; false at the end.
    [[nodiscard]] virtual base::Result<bool> nextBlock() = 0;

    /// Takes `size` raw bytes behind those in `into`; false when the stream ends before them, which is a truncation
    /// unless nothing of the block was there yet.
    base::Result<bool> take(std::string &into, std::size_t size)
    {
        const std::size_t before = into.size();
        into.resize(before + size);
        std::size_t have = before;
        while (have < into.size()) {
            MULLIGAN_TRY(const std::size_t got, m_raw->read({into.data() + have, into.size() - have}));
            if (got == 0) {
                m_truncated = have > 0;
                return false;
            }
            have += got;
        }
        return true;
    }

    base::Error damaged(const std::string &what) const
    {
        return base::makeError(base::ErrorCode::Corrupt,
                               what + " before byte " + std::to_string(m_raw->rawBytes()) + " of the file",
                               "Copy the file from its source again.");
    }

    std::string m_block;
    std::string m_packed;

private:
    std::unique_ptr<ByteSource> m_raw;
    std::size_t m_at = 0;
    bool m_ended = false;
    bool m_truncated = false;
};

class Lz4BlockSource : public BlockSource
{
public:
    using BlockSource::BlockSource;

protected:
    base::Result<bool> nextBlock() override
    {
        m_packed.clear();
        MULLIGAN_TRY(const bool header, take(m_packed, kHeader));
        if (!header)
            return false;
        if (!m_packed.starts_with("LZ4Block"))
            return damaged("Damaged LZ4 data: no block begins where one should");
        const auto token = static_cast<unsigned char>(m_packed[8]);
        const std::uint32_t packed = littleEndian(m_packed.data() + 9);
        const std::uint32_t plain = littleEndian(m_packed.data() + 13);
        const std::uint32_t check = littleEndian(m_packed.data() + 17);
        if (packed == 0 && plain == 0)
            return true; // the end of one stream; another may follow
        const std::uint32_t largest = 1u << (10 + (token & 0x0F));
        const bool raw = (token & 0xF0) == 0x10;
        if (plain > largest || packed > kMaxBlock || (raw && packed != plain) || (!raw && (token & 0xF0) != 0x20))
            return damaged("Damaged LZ4 data: a block of impossible size");
        MULLIGAN_TRY(const bool body, take(m_packed, packed));
        if (!body)
            return false;
        return unpack(raw, plain, check);
    }

private:
    base::Result<bool> unpack(bool raw, std::uint32_t plain, std::uint32_t check)
    {
        if (raw) {
            m_block.assign(m_packed, kHeader);
        } else {
            m_block.resize(plain);
            const int size = LZ4_decompress_safe(m_packed.data() + kHeader, m_block.data(),
                                                 static_cast<int>(m_packed.size() - kHeader), static_cast<int>(plain));
            if (size < 0 || static_cast<std::uint32_t>(size) != plain)
                return damaged("Damaged LZ4 data: a block does not unpack");
        }
        // lz4-java keeps 28 bits of the hash.
        if ((xxHash32(m_block, kSeed) & 0x0FFFFFFFu) != check)
            return damaged("Damaged LZ4 data: a block's checksum is wrong");
        return true;
    }

    static constexpr std::size_t kHeader = 21;
    static constexpr std::uint32_t kSeed = 0x9747b28c;
};

class SnappySource : public BlockSource
{
public:
    using BlockSource::BlockSource;

protected:
    base::Result<bool> nextBlock() override
    {
        m_packed.clear();
        MULLIGAN_TRY(const bool length, take(m_packed, 4));
        if (!length)
            return false;
        const std::uint32_t size = bigEndian(m_packed.data());
        if (size == kMagic) {
            MULLIGAN_TRY(const bool header, take(m_packed, kHeader - 4));
            if (header && !m_packed.starts_with(std::string_view("\x82SNAPPY\0", 8)))
                return damaged("Damaged snappy data: no stream begins where one should");
            return header;
        }
        if (size == 0 || size > kMaxBlock)
            return damaged("Damaged snappy data: a block of impossible size");
        MULLIGAN_TRY(const bool body, take(m_packed, size));
        if (!body)
            return false;
        std::size_t plain = 0;
        if (!snappy::GetUncompressedLength(m_packed.data() + 4, size, &plain) || plain > kMaxBlock)
            return damaged("Damaged snappy data: a block of impossible size");
        m_block.resize(plain);
        if (!snappy::RawUncompress(m_packed.data() + 4, size, m_block.data()))
            return damaged("Damaged snappy data: a block does not unpack");
        return true;
    }

private:
    static constexpr std::uint32_t kMagic = 0x82534E41;
    static constexpr std::size_t kHeader = 16;
};

/// Copies what stands `distance` bytes before `to`; it may reach into what it writes. `room` bytes may be written from
/// `to` on, `length` of them are wanted.
void copyBack(char *to, std::size_t distance, std::size_t length, std::size_t room)
{
    constexpr std::size_t kStep = 8;
    const char *from = to - distance;
    if (distance >= kStep && room >= length + kStep) {
        // In steps of one register: most copies are short, and what is written behind their end is overwritten next.
        for (std::size_t n = 0; n < length; n += kStep)
            std::memcpy(to + n, from + n, kStep);
        return;
    }
    for (std::size_t n = 0; n < length; ++n)
        to[n] = from[n];
}

/// Literals (a count below 32, then bytes) and copies of what came before (3 bits of length, 13 of distance), to fill
/// `out` exactly; false when they do not.
bool lzfUnpack(std::string_view in, std::span<char> out)
{
    std::size_t at = 0;
    std::size_t done = 0;
    while (at < in.size()) {
        const auto control = static_cast<unsigned char>(in[at++]);
        if (control < 32) {
            const std::size_t run = control + 1u;
            if (run > in.size() - at || run > out.size() - done)
                return false;
            std::memcpy(out.data() + done, in.data() + at, run);
            at += run;
            done += run;
            continue;
        }
        std::size_t length = (control >> 5) + 2u;
        if (length == 9 && at < in.size())
            length += static_cast<unsigned char>(in[at++]);
        if (at == in.size())
            return false;
        const std::size_t distance = (std::size_t(control & 0x1F) << 8 | static_cast<unsigned char>(in[at++])) + 1;
        if (distance > done || length > out.size() - done)
            return false;
        copyBack(out.data() + done, distance, length, out.size() - done);
        done += length;
    }
    return done == out.size();
}

class LzfSource : public BlockSource
{
public:
    using BlockSource::BlockSource;

protected:
    base::Result<bool> nextBlock() override
    {
        m_packed.clear();
        MULLIGAN_TRY(const bool header, take(m_packed, 5));
        if (!header)
            return false;
        const char type = m_packed[2];
        if (!m_packed.starts_with("ZV") || (type != 0 && type != 1))
            return damaged("Damaged LZF data: no block begins where one should");
        const std::uint32_t size = bigEndian16(m_packed.data() + 3);
        if (type == 0)
            return takeRaw(size);
        MULLIGAN_TRY(const bool whole, take(m_packed, 2 + size));
        if (!whole)
            return false;
        return unpack(std::string_view(m_packed).substr(7), bigEndian16(m_packed.data() + 5));
    }

private:
    base::Result<bool> takeRaw(std::uint32_t size)
    {
        MULLIGAN_TRY(const bool whole, take(m_packed, size));
        if (whole)
            m_block.assign(m_packed, 5);
        return whole;
    }

    base::Result<bool> unpack(std::string_view in, std::uint32_t plain)
    {
        m_block.resize(plain);
        if (!lzfUnpack(in, m_block))
            return damaged("Damaged LZF data: a block does not unpack");
        return true;
    }
};

} // namespace

std::uint32_t xxHash32(std::string_view bytes, std::uint32_t seed)
{
    constexpr std::uint32_t k1 = 2654435761u, k2 = 2246822519u, k3 = 3266489917u, k4 = 668265263u, k5 = 374761393u;
    const char *at = bytes.data();
    const char *end = at + bytes.size();
    std::uint32_t hash = seed + k5;
    if (bytes.size() >= 16) {
        std::uint32_t lanes[4] = {seed + k1 + k2, seed + k2, seed, seed - k1};
        for (; end - at >= 16; at += 16) {
            for (std::size_t lane = 0; lane < 4; ++lane)
                lanes[lane] = std::rotl(lanes[lane] + littleEndian(at + 4 * lane) * k2, 13) * k1;
        }
        hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
    }
    hash += static_cast<std::uint32_t>(bytes.size());
    for (; end - at >= 4; at += 4)
        hash = std::rotl(hash + littleEndian(at) * k3, 17) * k4;
    for (; at < end; ++at)
        hash = std::rotl(hash + static_cast<unsigned char>(*at) * k5, 11) * k1;
    hash = (hash ^ (hash >> 15)) * k2;
    hash = (hash ^ (hash >> 13)) * k3;
    return hash ^ (hash >> 16);
}

std::unique_ptr<ByteSource> lz4BlockSource(std::unique_ptr<ByteSource> raw)
{
    return std::make_unique<Lz4BlockSource>(std::move(raw));
}

std::unique_ptr<ByteSource> snappySource(std::unique_ptr<ByteSource> raw)
{
    return std::make_unique<SnappySource>(std::move(raw));
}

std::unique_ptr<ByteSource> lzfSource(std::unique_ptr<ByteSource> raw)
{
    return std::make_unique<LzfSource>(std::move(raw));
}

} // namespace mulligan::formats

#pragma once

#include "../core/ingest/spark_packing.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <lz4.h>
#include <snappy.h>

#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

/// Event logs compressed as Spark's libraries compress them, written in a stream, for benchmarks.
namespace bench
{

using ingest_test::Packing;

/// The LZF form of at most 64 KiB (liblzf's format: literals, and copies of what came before); greedy, with one
/// candidate for every three bytes. "" when it would not be smaller.
inline std::string lzfCompressed(std::string_view in)
{
    std::vector<std::uint32_t> last(1u << 14, 0); // position + 1 by hash
    std::string out;
    std::size_t literals = 0; // those not written yet end before `at`
    const auto flush = [&](std::size_t end) {
        for (std::size_t from = end - literals; from < end;) {
            const std::size_t run = std::min<std::size_t>(32, end - from);
            out += static_cast<char>(run - 1);
            out.append(in.substr(from, run));
            from += run;
        }
        literals = 0;
    };
    std::size_t at = 0;
    while (at + 3 <= in.size()) {
        std::uint32_t three = 0;
        std::memcpy(&three, in.data() + at, 3);
        std::uint32_t &slot = last[(three * 2654435761u) >> 18];
        const std::size_t from = slot;
        slot = static_cast<std::uint32_t>(at + 1);
        const std::size_t distance = at + 1 - from;
        if (from == 0 || distance > 8192 || std::memcmp(in.data() + from - 1, in.data() + at, 3) != 0) {
            ++literals;
            ++at;
            continue;
        }
        std::size_t length = 3;
        while (length < 264 && at + length < in.size() && in[from - 1 + length] == in[at + length])
            ++length;
        flush(at);
        const std::size_t coded = length - 2;
        const std::size_t back = distance - 1;
        out += static_cast<char>((std::min<std::size_t>(coded, 7) << 5) | (back >> 8));
        if (coded >= 7)
            out += static_cast<char>(coded - 7);
        out += static_cast<char>(back & 0xFF);
        at += length;
    }
    literals += in.size() - at;
    flush(in.size());
    return out.size() < in.size() ? out : std::string();
}

inline std::string lz4Compressed(std::string_view plain)
{
    std::string body(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(plain.size()))), '\0');
    const int size =
        LZ4_compress_default(plain.data(), body.data(), static_cast<int>(plain.size()), static_cast<int>(body.size()));
    body.resize(static_cast<std::size_t>(size));
    const bool smaller = body.size() < plain.size();
    return ingest_test::lz4Block(plain, smaller ? std::string_view(body) : plain, !smaller);
}

inline std::string snappyCompressed(std::string_view plain)
{
    std::string body;
    snappy::Compress(plain.data(), plain.size(), &body);
    return ingest_test::bytesOf(static_cast<std::uint32_t>(body.size()), 4, true) + body;
}

inline std::string lzfChunk(std::string_view plain)
{
    const std::string body = lzfCompressed(plain);
    if (body.empty())
        return ingest_test::lzfStored(plain);
    return "ZV\x01" + ingest_test::bytesOf(static_cast<std::uint32_t>(body.size()), 2, true)
           + ingest_test::bytesOf(static_cast<std::uint32_t>(plain.size()), 2, true) + body;
}

/// Writes `plain`'s content to `path` as one gzip member, by libarchive.
inline bool writeGzip(const std::string &plain, const std::string &path)
{
    archive *out = archive_write_new();
    archive_write_add_filter_gzip(out);
    archive_write_set_format_raw(out);
    archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, "log");
    archive_entry_set_filetype(entry, AE_IFREG);
    bool good =
        archive_write_open_filename(out, path.c_str()) == ARCHIVE_OK && archive_write_header(out, entry) == ARCHIVE_OK;
    std::ifstream in(plain, std::ios::binary);
    std::vector<char> buffer(1u << 20);
    while (good && in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        const auto got = static_cast<std::size_t>(in.gcount());
        good = archive_write_data(out, buffer.data(), got) == static_cast<la_ssize_t>(got);
    }
    good = archive_write_close(out) == ARCHIVE_OK && good;
    archive_entry_free(entry);
    archive_write_free(out);
    return good;
}

/// Compresses a file piece by piece.
inline bool writePacked(Packing packing, const std::string &plain, const std::string &path)
{
    if (packing == Packing::Gzip)
        return writeGzip(plain, path);
    std::ifstream in(plain, std::ios::binary);
    std::ofstream out(path, std::ios::binary);
    if (packing == Packing::Snappy)
        out << ingest_test::snappyHeader();
    const std::size_t pieceBytes = packing == Packing::Zstd ? 32u << 20 : packing == Packing::Lzf ? 65'535 : 32'768;
    std::vector<char> buffer(pieceBytes);
    while (in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        const std::string_view piece(buffer.data(), static_cast<std::size_t>(in.gcount()));
        if (piece.empty())
            break;
        switch (packing) {
        case Packing::Lz4: out << lz4Compressed(piece); break;
        case Packing::Snappy: out << snappyCompressed(piece); break;
        case Packing::Lzf: out << lzfChunk(piece); break;
        case Packing::Plain:
        case Packing::Zstd:
        case Packing::Gzip: out << ingest_test::packed(packing, piece); break;
        }
    }
    if (packing == Packing::Lz4)
        out << ingest_test::lz4End();
    out.flush();
    return out.good();
}

} // namespace bench

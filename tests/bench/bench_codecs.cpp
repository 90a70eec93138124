#include "../core/formats/archive_writer.hpp"
#include "../core/formats/stream_writers.hpp"

#include "base/rng.hpp"
#include "formats/byte_source.hpp"

#include <benchmark/benchmark.h>

#include <lz4.h>
#include <snappy.h>

using namespace mulligan;

namespace
{

/// Lines as long and as repetitive as an event log's task ends.
const std::string &content()
{
    static const std::string text = [] {
        base::Rng rng(7);
        std::string out;
        while (out.size() < (64u << 20))
            out += "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":" + std::to_string(rng.between(0, 99))
                   + ",\"Task Type\":\"ResultTask\",\"Task End Reason\":{\"Reason\":\"Success\"},\"Task Metrics\":{"
                     "\"Executor Run Time\":"
                   + std::to_string(rng.between(0, 90'000))
                   + ",\"Executor CPU Time\":" + std::to_string(rng.between(0, 90'000'000)) + ",\"JVM GC Time\":"
                   + std::to_string(rng.between(0, 900)) + ",\"Memory Bytes Spilled\":0,\"Disk Bytes Spilled\":0}}\n";
        return out;
    }();
    return text;
}

/// The content in blocks of Spark's size, each packed by `pack`.
template <typename Pack> std::string inBlocks(Pack pack)
{
    constexpr std::size_t kBlock = 32u << 10;
    std::string out;
    for (std::size_t at = 0; at < content().size(); at += kBlock)
        out += pack(content().substr(at, kBlock));
    return out;
}

std::string lz4Blocks()
{
    return inBlocks([](const std::string &plain) {
        std::string packed(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(plain.size()))), '\0');
        packed.resize(static_cast<std::size_t>(LZ4_compress_default(
            plain.data(), packed.data(), static_cast<int>(plain.size()), static_cast<int>(packed.size()))));
        return stream_test::lz4Block(plain, packed, false);
    });
}

std::string snappyBlocks()
{
    return stream_test::kSnappyHeader + inBlocks([](const std::string &plain) {
               std::string packed;
               snappy::Compress(plain.data(), plain.size(), &packed);
               return stream_test::snappyBlock(packed);
           });
}

void decode(benchmark::State &state, const std::string &packed)
{
    std::string buffer(1u << 18, '\0');
    for (auto _ : state) {
        auto source = formats::decoded(formats::memorySource(packed));
        std::size_t bytes = 0;
        for (;;) {
            const auto got = source.value()->read(buffer);
            if (!got || got.value() == 0)
                break;
            bytes += got.value();
        }
        if (bytes != content().size())
            state.SkipWithError("the content came out shorter");
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations())
                            * static_cast<std::int64_t>(content().size()));
    state.counters["times_smaller"] = static_cast<double>(content().size()) / static_cast<double>(packed.size());
}

} // namespace

int main(int argc, char **argv)
{
    benchmark::Initialize(&argc, argv);
    const std::pair<const char *, int> filters[] = {{"gzip", ARCHIVE_FILTER_GZIP},
                                                    {"zstd", ARCHIVE_FILTER_ZSTD},
                                                    {"xz", ARCHIVE_FILTER_XZ},
                                                    {"bzip2", ARCHIVE_FILTER_BZIP2},
                                                    {"lz4_frame", ARCHIVE_FILTER_LZ4}};
    const auto add = [](const std::string &name, std::string packed) {
        benchmark::RegisterBenchmark(("decode/" + name).c_str(), [packed = std::move(packed)](benchmark::State &state) {
            decode(state, packed);
        })->Unit(benchmark::kMillisecond);
    };
    add("plain", content());
    for (const auto &[name, filter] : filters)
        add(name, archive_test::compressed(content(), filter));
    add("lz4", lz4Blocks());
    add("snappy", snappyBlocks());
    add("zstd_in_gzip",
        archive_test::compressed(archive_test::compressed(content(), ARCHIVE_FILTER_ZSTD), ARCHIVE_FILTER_GZIP));
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

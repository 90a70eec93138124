#include "formats/byte_source.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

/// Decodes the bytes as they come, whole and in small pieces: both must give the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace mulligan;
    constexpr std::size_t kEnough = 1u << 20; // a few bytes may decode to gigabytes
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    const auto read = [&](std::size_t piece) {
        std::string out;
        auto source = formats::decoded(formats::memorySource(bytes));
        if (!source)
            return out;
        std::vector<char> buffer(piece);
        while (out.size() < kEnough) {
            const auto got = source.value()->read(buffer);
            if (!got) {
                if (got.error().message.empty())
                    std::abort();
                break;
            }
            if (got.value() == 0)
                break;
            if (got.value() > piece)
                std::abort();
            out.append(buffer.data(), got.value());
        }
        if (source.value()->rawBytes() > size)
            std::abort();
        out.resize(std::min(out.size(), kEnough));
        return out;
    };
    const std::string whole = read(1u << 16);
    const std::string pieces = read(61);
    // A decoder may find damage a little earlier or later, but never give other bytes.
    const std::size_t both = std::min(whole.size(), pieces.size());
    if (whole.compare(0, both, pieces, 0, both) != 0)
        std::abort();
    return 0;
}

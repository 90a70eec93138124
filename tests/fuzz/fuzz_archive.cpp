#include "ingest/archive.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

/// Opens the bytes as an archive under tiny limits: whatever comes of it lies below its folder and stays within them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace mulligan;
    static const std::string folder = [] {
        const std::string path = "/dev/shm/mulligan-fuzz-archive-" + std::to_string(::getpid());
        std::filesystem::create_directories(path + "/tmp");
        ::setenv("TMPDIR", (path + "/tmp").c_str(), 1);
        return path;
    }();
    const std::string file = folder + "/archive";
    std::FILE *out = std::fopen(file.c_str(), "wb");
    if (out == nullptr)
        return 0;
    std::fwrite(data, 1, size, out);
    std::fclose(out);
    ingest::ArchiveLimits limits;
    limits.entries = 64;
    limits.floorBytes = 1u << 18;
    limits.ratio = 4;
    limits.keepFree = 0;
    base::Progress progress;
    {
        const ingest::SourceUnit unit{"archive", ingest::Format::Archive, {file}, nullptr};
        const auto found = ingest::openArchive(unit, ingest::Format::Auto, limits, {}, progress);
        if (!found && found.error().message.empty())
            std::abort();
        if (found) {
            for (const auto &inside : found->units) {
                for (const auto &part : inside.parts) {
                    if (!std::filesystem::canonical(part).string().starts_with(folder + "/tmp/")
                        || !inside.path.starts_with("archive"))
                        std::abort();
                }
                if (inside.format == ingest::Format::Archive)
                    (void)ingest::openArchive(inside, ingest::Format::Auto, limits, {}, progress);
            }
        }
    }
    // Nothing is left, and nothing came to lie beside it.
    if (!std::filesystem::is_empty(folder + "/tmp"))
        std::abort();
    return 0;
}

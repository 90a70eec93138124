#include "ingest/redacting_sink.hpp"
#include "ingest/spark_event_log.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

using namespace mulligan;

namespace
{

/// The reader leaves four times what is kept, so that a secret at its end is still known; a bad byte becomes three.
constexpr std::size_t kMostRejectBytes = 3 * 4 * ingest::RedactingSink::kMostRejectBytes;

/// Checks what every delivered attempt promises, and keeps nothing.
struct CheckingSink : ingest::AttemptSink {
    base::Result<void> accept(model::Attempt attempt) override
    {
        if (attempt.job.empty() || attempt.run.empty() || attempt.attempt < 1 || attempt.endedAt < attempt.startedAt)
            std::abort();
        for (const auto &[name, value] : attempt.metrics) {
            if (!(value >= 0.0))
                std::abort();
        }
        if (attempt.vcoreSeconds && !(*attempt.vcoreSeconds >= 0.0 && *attempt.memoryGbSeconds >= 0.0))
            std::abort();
        return {};
    }
    base::Result<void> reject(ingest::Reject reject) override
    {
        if (reject.reason.empty() || reject.text.size() > kMostRejectBytes)
            std::abort();
        return {};
    }
};

/// A file of this process's own that the reader can be pointed at; removed when the process ends.
class Scratch
{
public:
    Scratch() : m_path((std::filesystem::temp_directory_path() / "fuzz-event-log-XXXXXX").string())
    {
        const int fd = ::mkstemp(m_path.data());
        if (fd < 0)
            std::abort();
        ::close(fd);
    }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    ~Scratch() { ::unlink(m_path.c_str()); }
    void write(std::string_view bytes) const
    {
        std::FILE *file = std::fopen(m_path.c_str(), "wb");
        if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size())
            std::abort();
        std::fclose(file);
    }
    [[nodiscard]] const std::string &path() const { return m_path; }

private:
    std::string m_path;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    (void)ingest::looksLikeSparkEventLog(bytes);
    static const Scratch scratch;
    scratch.write(bytes);
    CheckingSink sink;
    base::Progress progress;
    ingest::ReadOptions options;
    options.maxLineBytes = 1u << 16;
    const auto report = ingest::readSparkEventLog({"fuzz", ingest::Format::SparkEventLog, {scratch.path()}, {}},
                                                  options, sink, {}, progress);
    if (!report && report.error().message.empty())
        std::abort();
    return 0;
}

#pragma once

#include "base/result.hpp"
#include "ingest/reader.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace fuzz
{

/// Holds what every delivered row must be, whatever the input was.
struct CheckingSink : mulligan::ingest::AttemptSink {
    mulligan::base::Result<void> accept(mulligan::model::Attempt attempt) override
    {
        if (attempt.job.empty() || attempt.run.empty() || attempt.attempt < 1 || attempt.endedAt < attempt.startedAt)
            std::abort();
        ++rows;
        return {};
    }
    mulligan::base::Result<void> reject(mulligan::ingest::Reject reject) override
    {
        if (reject.line == 0 || reject.reason.empty() || reject.text.size() > 4096)
            std::abort();
        ++rejects;
        return {};
    }
    std::uint64_t rows = 0;
    std::uint64_t rejects = 0;
};

/// Reads the bytes as a file of the format and checks that the report counts what the sink saw.
inline void readBytes(const std::uint8_t *data, std::size_t size, mulligan::ingest::Format format)
{
    static const std::string path = "/dev/shm/mulligan-fuzz-" + std::to_string(::getpid());
    std::FILE *file = std::fopen(path.c_str(), "wb");
    if (file == nullptr)
        return;
    std::fwrite(data, 1, size, file);
    std::fclose(file);
    CheckingSink sink;
    mulligan::base::Progress progress;
    mulligan::ingest::ReadOptions options;
    options.maxLineBytes = 4096;
    const auto report = mulligan::ingest::readSource({path, format, {path}, nullptr}, options, sink, {}, progress);
    if (report.has_value() && (report->attempts != sink.rows || report->rejectedRows != sink.rejects))
        std::abort();
}

} // namespace fuzz

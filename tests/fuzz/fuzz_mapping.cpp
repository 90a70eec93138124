#include "ingest/mapping_proposal.hpp"

#include "collect_rows.hpp"

#include <string_view>

using namespace mulligan;

namespace
{

/// Reads rows by a mapping from a file of this process's own.
void readMapped(std::string_view bytes, const ingest::Mapping &mapping)
{
    static const std::string path = "/dev/shm/mulligan-fuzz-mapping-" + std::to_string(::getpid());
    std::FILE *file = std::fopen(path.c_str(), "wb");
    if (file == nullptr)
        return;
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
    fuzz::CheckingSink sink;
    base::Progress progress;
    ingest::ReadOptions options;
    options.maxLineBytes = 4096;
    const ingest::SourceUnit unit{
        path, ingest::Format::Csv, {path}, nullptr, 0, std::make_shared<const ingest::Mapping>(mapping)};
    const auto report = ingest::readSource(unit, options, sink, {}, progress);
    if (report.has_value() && (report->attempts != sink.rows || report->rejectedRows != sink.rejects))
        std::abort();
    if (!report.has_value() && report.error().message.empty())
        std::abort();
}

} // namespace

/// A profile, a zero byte, and rows: the profile is refused or written and read back equal, and whatever the rows are,
/// they become sound attempts or rejects. The rows alone get a proposal, which must be a profile that can be read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const std::size_t zero = text.find('\0');
    const std::string_view profile = text.substr(0, zero);
    const std::string_view rows = zero == text.npos ? text : text.substr(zero + 1);
    if (const auto mapping = ingest::parseMapping(profile, "fuzz.yaml")) {
        const auto back = ingest::parseMapping(ingest::mappingText(*mapping), "fuzz.yaml");
        if (!back || !(*back == *mapping))
            std::abort();
        (void)ingest::previewMapping({std::string(rows), false}, *mapping);
        readMapped(rows, *mapping);
    } else if (mapping.error().message.empty() || mapping.error().context.empty()) {
        std::abort();
    }
    const auto proposal = ingest::proposeMapping({std::string(rows), true}, "fuzz.csv");
    if (!ingest::parseMapping(ingest::mappingText(proposal.mapping), "fuzz.yaml"))
        std::abort();
    if (proposal.open.empty())
        readMapped(rows, proposal.mapping);
    return 0;
}

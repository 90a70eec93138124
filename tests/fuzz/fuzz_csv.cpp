#include "collect_rows.hpp"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::readBytes(data, size, mulligan::ingest::Format::Csv);
    // Few inputs begin with a header of their own accord, so one is put before them.
    static const std::string header = "job,run,attempt,outcome,started_at,ended_at,config,metrics.tasks,error_text\n";
    std::vector<std::uint8_t> withHeader(header.begin(), header.end());
    withHeader.insert(withHeader.end(), data, data + size);
    fuzz::readBytes(withHeader.data(), withHeader.size(), mulligan::ingest::Format::Csv);
    return 0;
}

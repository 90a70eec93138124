#include "collect_rows.hpp"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::readBytes(data, size, mulligan::ingest::Format::YarnLog);
    // Few inputs begin with headers of their own accord, so some are put before them.
    static const std::string head = "Container: container_1448006111297_0138_01_000001 on h_1\nLogType:stderr\n"
                                    "LogLength:5\nLogContents:\n26/01/02 10:00:00 INFO SparkContext: x\n";
    std::vector<std::uint8_t> withHead(head.begin(), head.end());
    withHead.insert(withHead.end(), data, data + size);
    fuzz::readBytes(withHead.data(), withHead.size(), mulligan::ingest::Format::YarnLog);
    return 0;
}

#include "collect_rows.hpp"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::readBytes(data, size, mulligan::ingest::Format::SparkLog);
    // Below the head of a driver's log every line can be evidence.
    static const std::string head = "26/01/02 10:00:00 INFO SparkContext: Running Spark version 3.5.1\n";
    std::vector<std::uint8_t> withHead(head.begin(), head.end());
    withHead.insert(withHead.end(), data, data + size);
    fuzz::readBytes(withHead.data(), withHead.size(), mulligan::ingest::Format::SparkLog);
    return 0;
}

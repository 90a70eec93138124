#include "collect_rows.hpp"

#include "formats/json.hpp"
#include "formats/json_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::readBytes(data, size, mulligan::ingest::Format::Attempts);
    // The slow checker, which only makes messages, must agree with the fast parser on what is JSON.
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const bool sound = mulligan::formats::parseJson(text).has_value();
    if (sound && mulligan::formats::findJsonProblem(text).has_value())
        std::abort();
    return 0;
}

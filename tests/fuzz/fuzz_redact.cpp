#include "formats/line_reader.hpp"
#include "ingest/redact.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace mulligan;

namespace
{

// The shortest secret has two bytes; the longest marker of a built-in kind and of the rules below stays under 40.
constexpr std::size_t kMostGrowth = 40;

std::shared_ptr<const ingest::RedactionRules> rules()
{
    static const auto made = ingest::RedactionRules::make(
        {true, true, {"changeme"}, {{"ticket", "T(?<n>\\d+)", "n", "T1", "", 0}, {"slow", "(a+)+b", "", "ab", "", 0}}});
    return made.value();
}

void check(const std::string &text, const std::shared_ptr<const ingest::RedactionRules> &use)
{
    ingest::Redactor redactor(use);
    std::string once = text;
    const std::size_t count = redactor.redact(once);
    if ((count == 0) != (once == text) || once.size() > text.size() * kMostGrowth)
        std::abort();
    std::string twice = once;
    // A pattern of the user's that gave up may get further in what is left.
    if (redactor.settled() && redactor.warnings().empty() && (redactor.redact(twice) != 0 || twice != once))
        std::abort();
    const bool valid = formats::repairedUtf8(text) == text;
    if (valid && formats::repairedUtf8(once) != once)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char *>(data), size);
    check(text, nullptr);
    check(text, rules());
    return 0;
}

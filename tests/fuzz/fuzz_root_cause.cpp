#include "text/plain_lines.hpp"
#include "text/records.hpp"
#include "text/root_cause.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace mulligan;

namespace
{

void check(bool holds)
{
    if (!holds)
        std::abort();
}

/// Every run of white space as one blank.
std::string squashed(std::string_view text)
{
    std::string out;
    for (const char byte : text) {
        const bool blank = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
        if (!blank || out.empty() || out.back() != ' ')
            out += blank ? ' ' : byte;
    }
    return out;
}

} // namespace

/// A cause is a part of its text, as it was written, but for a message that stands below its exception, or is read out
/// of quotes in it, found only where there is a word, and with it the same once more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const text::RootCause cause = text::findRootCause(text);
    const bool quoted = text.find('"') != std::string_view::npos || text.find("\\n") != std::string_view::npos;
    const auto plain = text::plainLinesOf(text);
    const std::string whole = quoted ? std::string() : squashed(plain ? plain->text : text);
    const auto holds = [&](const std::string &part) {
        return quoted || whole.find(squashed(part)) != std::string::npos;
    };
    check(holds(cause.text) && cause.text.size() <= 4096 && cause.begin <= text.size());
    check(cause.templateHash != 0 || cause.text.empty() || cause.text.front() == '\n');
    check(holds(cause.exceptionClass) && cause.text.find(cause.exceptionClass) != std::string::npos);
    check(text::findRootCause(text) == cause);
    text::Records records(text);
    const auto evidence = records.evidenceAt(size / 2);
    check(records.evidenceAt(size / 2) == evidence);
    static_cast<void>(records.endWell());
    static_cast<void>(text::tellsNoFailure(cause.text));
    return 0;
}

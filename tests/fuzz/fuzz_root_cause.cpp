#include "text/records.hpp"
#include "text/root_cause.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace mulligan;

namespace
{

void check(bool holds)
{
    if (!holds)
        std::abort();
}

} // namespace

/// A cause is a part of its text, found only where there is a word, and with it the same once more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const text::RootCause cause = text::findRootCause(text);
    check(text.find(cause.text) != std::string_view::npos && cause.text.size() <= 4096);
    check(cause.templateHash != 0 || cause.text.empty() || cause.text.front() == '\n');
    check(text.find(cause.exceptionClass) != std::string_view::npos);
    check(text::findRootCause(text) == cause);
    text::Records records(text);
    const auto evidence = records.evidenceAt(size / 2);
    check(records.evidenceAt(size / 2) == evidence);
    static_cast<void>(records.endWell());
    static_cast<void>(text::tellsNoFailure(cause.text));
    return 0;
}

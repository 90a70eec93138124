#include "ingest/log_recognition.hpp"

#include "ingest/log_records.hpp"
#include "ingest/log_speakers.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

/// Lines that stand below a record: indented ones, the parts of a stack, and what a plan is drawn with.
bool standsBelow(std::string_view text)
{
    if (text.empty())
        return true;
    for (const std::string_view lead :
         {" ", "\t", "+-", "*(", ":-", ")", "}", "Caused by: ", "at ", "... ", "Suppressed: "}) {
        if (text.starts_with(lead))
            return true;
    }
    return false;
}

} // namespace

bool hasSparkRecords(std::string_view head)
{
    LogRecords records;
    std::size_t ours = 0;
    std::size_t written = 0;
    std::size_t others = 0;
    while (!head.empty()) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        std::string_view raw = head.substr(0, end);
        const bool whole = end < head.size() || head.size() < 1024; // a head may break off in the middle of a line
        head.remove_prefix(std::min(end + 1, head.size()));
        if (raw.ends_with('\r'))
            raw.remove_suffix(1);
        if (!whole && raw.starts_with('{'))
            break;
        records.read(raw, [&](const LogLine &line) {
            if (line.record) {
                ++written;
                ours += speaksForSpark(line.logger, line.message) ? 1 : 0;
            } else if (!standsBelow(line.text)) {
                ++others;
            }
        });
    }
    if (ours == 0 || (ours == 1 && written > 3))
        return false;
    return written * 2 >= others || ours >= 20;
}

} // namespace mulligan::ingest

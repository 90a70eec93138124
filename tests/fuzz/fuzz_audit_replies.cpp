#include "pipeline/audit_replies.hpp"

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

using namespace mulligan;

/// Any bytes as an answers file: read, each item once, or refused with a reason and a place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto replies = pipeline::readAuditReplies(text, "fuzz.jsonl", "who");
    if (!replies) {
        if (replies.error().message.empty() || replies.error().context.empty())
            std::abort();
        return 0;
    }
    std::set<std::int64_t> seen;
    for (const pipeline::AuditReply &reply : replies->replies)
        if (reply.item <= 0 || !seen.insert(reply.item).second
            || (reply.says == pipeline::AuditSays::Corrected && reply.errorClass.empty()))
            std::abort();
    return 0;
}

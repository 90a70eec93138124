#pragma once

#include "core/pipeline/judged_workspace.hpp"
#include "pipeline/audit.hpp"
#include "pipeline/audit_replies.hpp"

#include <string>
#include <vector>

namespace mulligan::pipeline
{

inline const std::vector<classify::Rule> kRules{wordRule("disk.full", "storage.disk_full", "disk"),
                                                wordRule("dns.name", "network.dns", "host"),
                                                wordRule("dns.other", "network.dns", "name service", 40)};

inline std::string runName(int number)
{
    return "run " + std::to_string(number);
}

/// 60 synthetic texts of disks, 30 of hosts, 10 that no rule knows, one failure without a text.
inline std::vector<model::Attempt> auditedHistory()
{
    std::vector<model::Attempt> out;
    for (int i = 0; i < 100; ++i) {
        const std::string word = i < 60 ? "disk" : i < 90 ? "host" : "mystery";
        out.push_back(
            wordAttempt("daily", runName(i), i % 40, "java.io.IOException: " + word + " " + std::to_string(i)));
    }
    out.push_back(wordAttempt("daily", "silent", 1, ""));
    return out;
}

inline AuditReply reply(std::int64_t item, AuditSays says, const std::string &errorClass = {},
                        const std::string &rule = {})
{
    return {item, says, errorClass, rule, "Ada"};
}

inline store::AuditSample drawn(JudgedWorkspace &judged, std::uint64_t size = 20, std::uint64_t seed = 1)
{
    AuditOptions options;
    options.size = size;
    options.seed = seed;
    options.now = base::fromCivil(2026, 3, 1);
    auto sample = drawAudit(judged.workspace(), options);
    if (!sample)
        qFatal("%s", sample.error().text().c_str());
    return std::move(sample).value();
}

/// The first of the sample's items that was drawn as a class.
inline const store::AuditItem &itemOf(const store::AuditSample &sample, const std::string &errorClass)
{
    for (const store::AuditItem &item : sample.items)
        if (item.drawnClass == errorClass)
            return item;
    qFatal("the sample has none of %s", errorClass.c_str());
    return sample.items.front();
}

} // namespace mulligan::pipeline

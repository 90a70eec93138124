#include "import_arguments.hpp"

#include "command.hpp"

#include <algorithm>

namespace mulligan::cli
{

std::string notTaken(const pipeline::ImportReport &report)
{
    const auto count = [&](pipeline::SourceStatus status) {
        return static_cast<std::uint64_t>(std::count_if(report.sources.begin(), report.sources.end(),
                                                        [&](const auto &source) { return source.status == status; }));
    };
    std::string out;
    if (const auto rejected = count(pipeline::SourceStatus::Rejected); rejected > 0)
        out += ", " + counted(rejected, "file") + " rejected";
    if (const auto skipped = count(pipeline::SourceStatus::Skipped); skipped > 0)
        out += ", " + counted(skipped, "file") + " skipped";
    return out;
}

} // namespace mulligan::cli

#include "ingest/known_profile.hpp"

#include "ingest/mapping_preview.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

bool fits(const FileHead &head, const Mapping &mapping)
{
    const Preview preview = previewMapping(head, mapping);
    if (preview.problem) // a column that is missing, among others
        return false;
    return mapping.format == RowFormat::Csv || (preview.attempts > 0 && preview.rejected <= preview.attempts);
}

} // namespace

Format rowReader(const Mapping &mapping)
{
    return mapping.format == RowFormat::Csv ? Format::Csv : Format::Attempts;
}

std::shared_ptr<const Mapping> profileFor(const std::string &file, const MappingProfiles &profiles)
{
    if (profiles.empty())
        return nullptr;
    const auto head = readHead(file);
    if (!head)
        return nullptr;
    const auto found =
        std::find_if(profiles.begin(), profiles.end(), [&](const auto &profile) { return fits(*head, *profile); });
    return found == profiles.end() ? nullptr : *found;
}

} // namespace mulligan::ingest

#include "ingest/archive.hpp"

namespace mulligan::ingest
{

bool looksLikeArchive(std::string_view)
{
    return false;
}

base::Result<Discovery> openArchive(const SourceUnit &, Format, const ArchiveLimits &, std::stop_token,
                                    base::Progress &)
{
    return base::makeError(base::ErrorCode::Unsupported, "Not read yet");
}

} // namespace mulligan::ingest

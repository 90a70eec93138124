#include "ingest/yarn_log.hpp"

namespace mulligan::ingest
{

bool looksLikeYarnLog(std::string_view)
{
    return false;
}

base::Result<SourceReport> readYarnLog(const SourceUnit &, const ReadOptions &, AttemptSink &, std::stop_token,
                                       base::Progress &)
{
    return base::makeError(base::ErrorCode::Unsupported, "Not read yet");
}

} // namespace mulligan::ingest

#include "ingest/spark_log.hpp"

namespace mulligan::ingest
{

bool looksLikeSparkLog(std::string_view)
{
    return false;
}

base::Result<SourceReport> readSparkLog(const SourceUnit &, const ReadOptions &, AttemptSink &, std::stop_token,
                                        base::Progress &)
{
    return base::makeError(base::ErrorCode::Unsupported, "Not read yet");
}

} // namespace mulligan::ingest

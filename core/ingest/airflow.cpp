#include "ingest/airflow.hpp"

namespace mulligan::ingest
{

bool looksLikeAirflow(std::string_view, std::string_view)
{
    return false;
}

base::Result<SourceReport> readAirflow(const SourceUnit &, const ReadOptions &, AttemptSink &, std::stop_token,
                                       base::Progress &)
{
    return base::makeError(base::ErrorCode::Unsupported, "Not read yet");
}

} // namespace mulligan::ingest

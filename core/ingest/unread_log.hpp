#pragma once

#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Why a log of a kind that is known is no source all the same, and what is missing: a container's log that wraps no
/// log of Spark, records in JSON without a logger of Spark's, a task's log of Airflow that does not say which try it is
/// of, `yarn logs` without a log in it. Empty for what is none of these.
[[nodiscard]] std::string unreadLog(std::string_view head);

} // namespace mulligan::ingest

#pragma once

#include "ingest/row_reading.hpp"
#include "ingest/yarn_attempts.hpp"

#include <string>

namespace mulligan::ingest
{

/// Hands attempts put together from containers' logs over, with what is to be said of their source.
class YarnDelivery
{
public:
    /// `path`: of the source, as shown.
    YarnDelivery(RowReading &reading, const std::string &path) : m_reading(reading), m_path(path) {}

    [[nodiscard]] base::Result<void> deliver(YarnAttempt &attempt);

private:
    RowReading &m_reading;
    const std::string &m_path;
    bool m_unzoned = false; ///< that times have no zone was said
};

} // namespace mulligan::ingest

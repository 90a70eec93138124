#pragma once

#include "ingest/spark_log_parts.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::ingest::spark
{

/// What is to be said of a log once it is read.
struct LogNotes {
    PartsSaying parts;
    std::uint64_t brokenEnds = 0;     ///< parts that break off inside a line or frame
    std::uint64_t withoutEnd = 0;     ///< applications without an end event
    std::uint64_t withoutStart = 0;   ///< applications without a start event
    std::uint64_t withoutTime = 0;    ///< applications that hold nothing with a time
    std::uint64_t overcome = 0;       ///< applications that succeeded after failed jobs
    std::uint64_t backwards = 0;      ///< applications that end before they start
    std::uint64_t overcomeJobs = 0;   ///< those failed jobs
    std::uint64_t unsure = 0;         ///< applications of incomplete logs that nothing left shows to have succeeded
    std::uint64_t repairedLines = 0;  ///< lines with bytes that are not UTF-8
    std::uint64_t longPassedOver = 0; ///< lines over the limit, of kinds that are passed over anyway
    std::uint64_t unknownEvents = 0;  ///< events of kinds that are not Spark's as we know them

    /// Counts an event of an unknown kind. Bounded: so many names are kept.
    void unknownEvent(std::string_view name);
    /// Sentences, each kind once with its count.
    [[nodiscard]] std::vector<std::string> warnings() const;

private:
    std::map<std::string, std::uint64_t, std::less<>> m_unknown;
};

} // namespace mulligan::ingest::spark

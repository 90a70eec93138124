#include "ingest/spark_log_notes.hpp"

#include "ingest/spark_failures.hpp"

namespace mulligan::ingest::spark
{

namespace
{

constexpr std::size_t kMostUnknownNames = 64;
constexpr std::size_t kMostNameBytes = 200;
constexpr std::size_t kMostShownBytes = 300;

std::string counted(std::uint64_t count, std::string_view one, std::string_view many)
{
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

} // namespace

void LogNotes::unknownEvent(std::string_view name)
{
    ++unknownEvents;
    if (const auto found = m_unknown.find(name); found != m_unknown.end())
        ++found->second;
    else if (m_unknown.size() < kMostUnknownNames)
        m_unknown.emplace(frontOf(name, kMostNameBytes), 1);
}

std::vector<std::string> LogNotes::warnings() const
{
    std::vector<std::string> out;
    const auto warn = [&](bool said, std::string text) {
        if (said)
            out.push_back(std::move(text));
    };
    const std::string running = parts.inProgress ? "marked as in progress" : "still running, or the log breaks off";
    warn(withoutEnd > 0, counted(withoutEnd, "application has", "applications have") + " no end event (" + running
                             + "): outcome unknown");
    warn(brokenEnds > 0, "The log breaks off inside its last line or compressed frame; what came before was read");
    warn(parts.compacted > 0,
         "The log was compacted by Spark: history incomplete, events of finished jobs are missing; "
         "its metrics are left out and it is kept out of rates");
    warn(!parts.missing.empty(), "Parts of the rolling log are missing (" + parts.missing
                                     + "): history incomplete; its metrics are left out and it is kept out of rates");
    warn(unsure > 0, counted(unsure, "application", "applications")
                         + " ended, but nothing in what is left of the log shows a success: outcome unknown");
    warn(backwards > 0,
         counted(backwards, "application ends", "applications end")
             + " before the start, as where a clock was set back: the last event's time counts as the end");
    warn(overcome > 0, counted(overcomeJobs, "job", "jobs") + " failed in "
                           + counted(overcome, "application that", "applications that") + " went on and succeeded");
    warn(withoutStart > 0, counted(withoutStart, "application has", "applications have")
                               + " no start event: named by configuration or file");
    warn(withoutTime > 0,
         counted(withoutTime, "application has", "applications have") + " no event with a time and cannot be used");
    warn(repairedLines > 0, counted(repairedLines, "line holds", "lines hold")
                                + " bytes that are not UTF-8 (Spark before 3.0 wrote its host's charset); they were "
                                  "replaced");
    warn(longPassedOver > 0, counted(longPassedOver, "event", "events")
                                 + " longer than the limit passed over, of kinds that hold nothing "
                                   "that is read");
    std::string names;
    for (const auto &[name, count] : m_unknown) {
        if (names.size() < kMostShownBytes)
            names += (names.empty() ? "" : ", ") + name + " (" + std::to_string(count) + ")";
    }
    warn(unknownEvents > 0, counted(unknownEvents, "event", "events") + " of unknown kinds passed over: " + names);
    return out;
}

} // namespace mulligan::ingest::spark
